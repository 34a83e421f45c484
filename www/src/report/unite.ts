/**
 * Brings results together that several files hold of one person. An assessment that is in several files, and a text that
 * was assessed anew, count once; what people said about it, corrections and notes, is kept from every file.
 */
import { essence } from './essence';
import type { Correction, Note, Result } from './report';

/** A result, and when its file was written. */
export interface Dated {
  readonly result: Result;
  /** ISO time. */
  readonly exported: string;
}

export interface United {
  /** One for each text, oldest first. */
  readonly results: readonly Result[];
  /** How many assessments do not count beside those, because they are of the same texts. */
  readonly repeated: number;
}

/** Unites results of one person. The order in which they are given makes no difference. */
export function unite(all: readonly Dated[]): United {
  const groups = grouped(all);
  const results = groups
    .map(asOne)
    .sort((a, b) => a.report.date.localeCompare(b.report.date) || a.report.id.localeCompare(b.report.id));
  const assessments = new Set(all.map(({ result }) => `${result.report.id} ${print(result)}`));
  return { results, repeated: assessments.size - results.length };
}

/** Results of the same text: they share an id, or the text, or everything that the same model computed. */
function grouped(all: readonly Dated[]): Dated[][] {
  const byKey = new Map<string, Dated[]>();
  for (const entry of all) {
    const keys = keysOf(entry.result);
    const known = new Set(keys.flatMap((key) => byKey.get(key) ?? []));
    const group = [...known, entry];
    // A result can link groups that had nothing in common before it.
    for (const member of group) for (const key of keysOf(member.result)) byKey.set(key, group);
  }
  return [...new Set(byKey.values())];
}

function keysOf(result: Result): string[] {
  const text = essence(result.report.text);
  const { model } = result.assessment;
  return [
    `id ${result.report.id}`,
    ...(text ? [`text ${text}`] : []),
    // Without the text, or with other names in it, the same numbers of the same model tell that it is the same text.
    ...(model.sha256 ? [`print ${model.sha256} ${print(result)}`] : []),
  ];
}

/** What a model computed from a text; two texts hardly ever agree in all of it. */
function print({ assessment: { length, account, competencies } }: Result): string {
  return JSON.stringify([
    [length.characters, length.tokens, account.probability],
    competencies.map(({ presence, level, interval }) => [presence, level, interval]),
  ]);
}

/** The newest assessment, with the corrections and notes of all. */
function asOne(group: readonly Dated[]): Result {
  // A file in which an old assessment was corrected is newer than the assessment: it is as old as its oldest file.
  const since = new Map<string, string>();
  for (const { result, exported } of group) {
    const key = print(result);
    const known = since.get(key);
    if (known === undefined || exported < known) since.set(key, exported);
  }
  const order = ({ result, exported }: Dated) => [since.get(print(result)), exported, JSON.stringify(result)];
  const newestFirst = [...group].sort((a, b) => order(b).join('\n').localeCompare(order(a).join('\n')));
  const [newest] = newestFirst;
  if (!newest) throw new RangeError('a group without results');
  // The same assessment may have its text in another file only.
  const same = newestFirst.filter(({ result }) => print(result) === print(newest.result));
  const { result } = same.find((entry) => entry.result.report.text) ?? newest;
  const notes = newestFirst.flatMap((entry) => entry.result.notes ?? []);
  return {
    ...result,
    self: result.self ?? newestFirst.find((entry) => entry.result.self)?.result.self ?? null,
    corrections: unitedCorrections(newestFirst.map((entry) => entry.result.corrections)),
    ...(notes.length ? { notes: unitedNotes(notes) } : {}),
  };
}

/** All corrections, each once, the newest last. Corrections of one day that have no time keep the order of their file. */
function unitedCorrections(lists: readonly (readonly Correction[])[]): Correction[] {
  const each = new Map<string, Correction>();
  for (const correction of lists.flat()) {
    const { competency, level, was, reason, reviewer, date, at = '' } = correction;
    each.set(JSON.stringify([competency, level, was, reason, reviewer, date, at]), correction);
  }
  const time = ({ at, date }: Correction) => at ?? date;
  return [...each.values()].sort((a, b) => time(a).localeCompare(time(b)));
}

function unitedNotes(notes: readonly Note[]): Note[] {
  const byId = new Map(notes.map((note) => [note.id, note]));
  return [...byId.values()].sort((a, b) => a.at.localeCompare(b.at) || a.id.localeCompare(b.id));
}
