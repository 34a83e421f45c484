/** The file that a person exports their history to, and how it is checked when it is read again. */
import type { Rubric } from '../engine/contract';
import { Trouble } from '../failure/trouble';
import { asResult } from '../report/checked';
import type { Entry } from './store';

const FORMAT = 'salesmirror-history';
const VERSION = 1;

export function asExport(entries: readonly Entry[]): string {
  return JSON.stringify(
    { format: FORMAT, version: VERSION, exported: new Date().toISOString(), entries },
    null,
    1,
  );
}

/** The entries of an export. Throws a Trouble if it is none, or was made with another rubric. */
export function readExport(json: string, rubric: Rubric, about: string): Entry[] {
  const fail = (problem: string) => new Trouble('history_invalid', problem, about);
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch (error) {
    throw fail(String(error));
  }
  const { format, version, entries } = (content ?? {}) as Record<string, unknown>;
  if (format !== FORMAT || version !== VERSION || !Array.isArray(entries))
    throw fail(`expected format ${FORMAT}, version ${VERSION}`);
  return entries.map((entry: unknown, i) =>
    asResult(entry, rubric, (problem) => fail(`entry ${i + 1}: ${problem}`)),
  );
}
