/** Opens hand-over files that people chose: reads them, checks them, and compares them with their hash chains. */
import type { Rubric } from '../engine/contract';
import { Trouble } from '../failure/trouble';
import { readJson, record } from '../files/json';
import { asResult } from '../report/checked';
import { isoDay } from '../report/report';
import { checkSeal, type Seal } from './chain';
import { FORMAT, VERSION, type HandOver } from './hand-over';

/** The most results in one file. */
const MOST = 1000;

/** The longest name or intent, in UTF-16 code units. */
const LONGEST = 200;

/** A file that was opened, and what its hash chain says. */
export interface Opened extends HandOver {
  readonly seal: Seal;
}

/** @throws Trouble what {@link readJson} and {@link asHandOver} throw */
export async function openHandOver(file: File, rubric: Rubric): Promise<Opened> {
  const value = await readJson(file, 'handover_invalid');
  const content = asHandOver(value, rubric, file.name);
  return { ...content, seal: await checkSeal(value) };
}

/** What is saved of files of one person that were opened and corrected: the newest one with other results. */
export function corrected(files: readonly Opened[], results: HandOver['results']): HandOver {
  const [newest] = [...files].sort((a, b) => b.exported.localeCompare(a.exported));
  if (!newest) throw new RangeError('no file was opened');
  const days = files.map(({ deleteBy }) => deleteBy).filter((date) => date !== null);
  return {
    ...newest,
    seal: undefined,
    exported: new Date().toISOString(),
    texts: files.find(({ texts }) => texts !== 'left_out')?.texts ?? 'left_out',
    deleteBy: days.sort()[0] ?? null,
    // A new chain must not hide that a file was changed before.
    altered: files.some(({ seal }) => seal === 'altered') || undefined,
    results,
  } as HandOver;
}

/**
 * Checks what was read from a file that somebody handed over. Nothing in it is trusted.
 * @param today as YYYY-MM-DD
 * @throws Trouble handover_invalid, handover_newer, handover_other_rubric or handover_expired
 */
export function asHandOver(value: unknown, rubric: Rubric, about: string, today = isoDay()): HandOver {
  const fail = (problem: string) => new Trouble('handover_invalid', problem, about);
  const file = record(value);
  if (file?.format !== FORMAT) throw fail(`expected format ${FORMAT}`);
  if (typeof file.version !== 'number' || file.version < 1) throw fail('the version is missing');
  if (file.version > VERSION)
    throw new Trouble('handover_newer', `version ${file.version}, this page reads ${VERSION}`, about);
  const deleteBy = asDay(file.deleteBy);
  if (deleteBy === undefined) throw fail('deleteBy is no day as YYYY-MM-DD');
  if (isExpired({ deleteBy }, today))
    throw new Trouble('handover_expired', `to be deleted by ${deleteBy}`, `${about}, ${deleteBy}`);
  const own = record(file.rubric);
  if (own?.id !== rubric.id)
    throw new Trouble('handover_other_rubric', `rubric ${JSON.stringify(own?.id)}`, about);
  if (typeof file.person !== 'string' || !Array.isArray(file.results) || file.results.length === 0)
    throw fail('person or results are missing');
  if (file.results.length > MOST) throw fail(`${file.results.length} results, the limit is ${MOST}`);
  const texts = file.texts === 'kept' || file.texts === 'names_replaced' ? file.texts : 'left_out';
  const results = file.results.map((entry: unknown, i) =>
    asResult(entry, rubric, (problem) => fail(`result ${i + 1}: ${problem}`)),
  );
  const line = (text: unknown) => (typeof text === 'string' ? text.trim().slice(0, LONGEST) : '');
  return {
    format: FORMAT,
    version: VERSION,
    exported: line(file.exported),
    person: line(file.person) || about,
    writer: line(file.writer),
    purpose: line(file.purpose),
    audience: line(file.audience),
    deleteBy,
    rubric: { id: rubric.id, version: typeof own.version === 'number' ? own.version : 0 },
    texts,
    about: Array.isArray(file.about)
      ? file.about.slice(0, MOST).filter((text) => typeof text === 'string')
      : [],
    results,
  };
}

/** Whether the day by which a file was to be deleted is over. */
export const isExpired = ({ deleteBy }: Pick<HandOver, 'deleteBy'>, today = isoDay()): boolean =>
  deleteBy !== null && deleteBy < today;

/** A day, or null if there is none; undefined if it is something else. */
function asDay(value: unknown): string | null | undefined {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;
}
