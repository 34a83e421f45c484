/** The file that a person exports their history to, and how it is checked when it is read again. */
import type { Rubric } from '../engine/contract';
import { Trouble } from '../failure/trouble';
import type { Code } from '../languages/text';
import { asResult, record } from '../report/checked';
import { provenance } from '../report/provenance';
import type { Entry } from './store';

const FORMAT = 'salesmirror-history';
const VERSION = 1;

/** The most entries in one file. */
const MOST = 10_000;

export function asExport(entries: readonly Entry[], language: Code): string {
  const about = provenance(
    entries.map(({ assessment }) => assessment),
    language,
  );
  return JSON.stringify(
    { format: FORMAT, version: VERSION, exported: new Date().toISOString(), about, entries },
    null,
    1,
  );
}

/**
 * The entries of an export.
 * @param value what was read from the file; nothing in it is trusted
 * @throws Trouble history_invalid if it is none, was made by a later version, or with another rubric
 */
export function readExport(value: unknown, rubric: Rubric, about: string): Entry[] {
  const fail = (problem: string) => new Trouble('history_invalid', problem, about);
  const { format, version, entries } = record(value) ?? {};
  if (format !== FORMAT || version !== VERSION || !Array.isArray(entries))
    throw fail(`expected format ${FORMAT}, version ${VERSION}`);
  if (entries.length > MOST) throw fail(`${entries.length} entries, the limit is ${MOST}`);
  return entries.map((entry: unknown, i) =>
    asResult(entry, rubric, (problem) => fail(`entry ${i + 1}: ${problem}`)),
  );
}
