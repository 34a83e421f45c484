/** The files that a log of use is exported to. Both hold the same, with names in English for programs. */
import { asCsv } from '../files/csv';
import type { LogEntry } from './entry';

const FORMAT = 'salesmirror-log';
const VERSION = 1;

/** The columns of the table. */
const COLUMNS = [
  'at',
  'what',
  'form',
  'live',
  'texts',
  'refused',
  'assessment',
  'model',
  'model_sha256',
  'rubric',
  'rubric_version',
] as const;

/** One row for each entry; where it has several models or rubrics, they stand in one cell with spaces between them. */
export function logAsCsv(entries: readonly LogEntry[]): string {
  const rows = entries.map(({ at, what, form, live, texts, refused, assessment, models, rubrics }) => {
    const row: Record<(typeof COLUMNS)[number], string> = {
      ...{ at, what, form: form ?? '', live: String(live), texts: String(texts), refused: String(refused) },
      assessment: assessment ?? '',
      model: models.map(({ id }) => id).join(' '),
      model_sha256: models.map(({ sha256 }) => sha256).join(' '),
      rubric: rubrics.map(({ id }) => id).join(' '),
      rubric_version: rubrics.map(({ version }) => version).join(' '),
    };
    return COLUMNS.map((column) => row[column]);
  });
  return asCsv([COLUMNS, ...rows]);
}

export function logAsJson(entries: readonly LogEntry[]): string {
  return JSON.stringify(
    { format: FORMAT, version: VERSION, exported: new Date().toISOString(), entries },
    null,
    1,
  );
}
