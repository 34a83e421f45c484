/** How a file of an exported history is checked when it is read again. */
import type { Rubric } from '../engine/contract';
import { Trouble } from '../failure/trouble';
import { record } from '../files/json';
import { asPlan } from '../plan/checked';
import type { Plan } from '../plan/plan';
import { asResult } from '../report/checked';
import { FORMAT, VERSION } from './export';
import type { Entry } from './store';

/** The most entries in one file. */
const MOST = 10_000;

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

/**
 * The plan of an export that {@link readExport} accepts; null if it has none.
 * @throws Trouble history_invalid if it is no plan, or for another rubric
 */
export function readPlan(value: unknown, rubric: Rubric, about: string): Plan | null {
  const plan = record(value)?.plan ?? null;
  const fail = (problem: string) => new Trouble('history_invalid', problem, about);
  return plan === null ? null : asPlan(plan, rubric, fail);
}
