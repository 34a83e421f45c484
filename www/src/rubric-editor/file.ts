/**
 * The file that the rubric editor reads and writes: a rubric as the element takes it, with its versions in `editions`. The last
 * edition is the file itself, so a file that was changed by hand since is taken as it is. Every earlier one has its rubric
 * complete. Nothing in a file is trusted.
 */
import type { Rubric, Translations } from '../engine/contract';
import { Trouble } from '../failure/trouble';
import { record } from '../files/json';
import { asCounting } from '../report/counting';
import { levels } from '../report/report';
import { differences, rubricOf, valuesOf, type Values } from './fields';

/** What a file may hold at most; a real one has two languages, a few dozen editions, and texts of a few hundred characters. */
export const MOST = { editions: 500, languages: 12, characters: 20_000, note: 2_000 } as const;

/** Why a file is refused. */
export type Reason =
  | 'no_rubric'
  | 'other_id'
  | 'other_competencies'
  | 'other_scale'
  | 'texts'
  | 'languages'
  | 'counts'
  | 'editions';

/** A file that is no rubric, or none of this model. */
export class RubricRefused extends Trouble {
  constructor(
    readonly reason: Reason,
    problem: string,
    about: string,
  ) {
    super('rubric_invalid', problem, about);
  }
}

/** A version that was saved. */
export interface Edition {
  /** Counts from 1. */
  readonly number: number;
  /** The day, as YYYY-MM-DD. */
  readonly date: string;
  /** What changed. */
  readonly note: string;
  readonly values: Values;
}

/** What a file holds. */
export interface Opened {
  /** Those that the widget has, and those of the file. */
  readonly languages: readonly string[];
  readonly values: Values;
  /** Oldest first; none if the file was made otherwise. */
  readonly editions: readonly Edition[];
}

/** The languages of the interface, which every file can have. */
const OWN = ['en', 'zh'];

const LANGUAGE = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Reads what a file holds.
 * @param base the model's rubric, whose competencies and levels it must have
 * @throws RubricRefused with the reason
 */
export function asOpened(value: unknown, base: Rubric, about: string): Opened {
  const fail = (reason: Reason, problem: string) => new RubricRefused(reason, problem, about);
  const file = record(value);
  if (!file) throw fail('no_rubric', 'it is no object');
  const current = asRubric(file, base, fail);
  const listed = asEditions(file.editions, base, fail);
  const rubrics = [current, ...listed.flatMap(({ rubric }) => (rubric ? [rubric] : []))];
  const languages = [...new Set([...OWN, ...rubrics.flatMap(languagesOf)])];
  if (languages.length > MOST.languages) throw fail('languages', `it has ${languages.length} languages`);
  const values = valuesOf(current, languages);
  const editions = listed.map(({ rubric, ...edition }) => ({
    ...edition,
    values: rubric ? valuesOf(rubric, languages) : values,
  }));
  return { languages, values, editions };
}

type Fail = (reason: Reason, problem: string) => RubricRefused;

/** Every language that some text is in. */
function languagesOf({ scale, competencies }: Rubric): string[] {
  const texts = [
    ...scale.names.map(({ name }) => name),
    ...competencies.flatMap(({ name, definition, levels }) => [
      ...[name, definition],
      ...levels.map(({ anchor }) => anchor),
    ]),
  ];
  return texts.flatMap((text) => Object.keys(text));
}

/** The rubric in a file, with the fields that we know. */
function asRubric(file: Record<string, unknown>, base: Rubric, fail: Fail): Rubric {
  const scale = record(file.scale);
  if (!Array.isArray(file.competencies) || !scale)
    throw fail('no_rubric', 'expected a scale and competencies');
  if (file.id !== base.id) throw fail('other_id', `its id is ${JSON.stringify(file.id)}, not ${base.id}`);
  if (scale.min !== base.scale.min || scale.max !== base.scale.max)
    throw fail('other_scale', `its scale is not ${base.scale.min} to ${base.scale.max}`);
  const entries = (file.competencies as unknown[]).map(record);
  const expected = base.competencies.map(({ id }) => id);
  if (entries.length !== expected.length || expected.some((id, i) => entries[i]?.id !== id))
    throw fail('other_competencies', `its competencies are not ${expected.join(', ')}`);
  const names = perLevel(scale.names, 'name', base, fail);
  const competencies = expected.map((id, i) => {
    const { name, definition, levels } = entries[i] ?? {};
    const anchors = perLevel(levels, 'anchor', base, fail);
    return {
      ...{ id, name: asTexts(name, fail), definition: asTexts(definition, fail) },
      levels: anchors.map(([level, anchor]) => ({ level, anchor })),
    };
  });
  const rubric = {
    ...{ id: base.id, version: base.version, languages: [], competencies },
    scale: { ...base.scale, names: names.map(([level, name]) => ({ level, name })) },
    ...(file.counts === undefined ? {} : { counts: file.counts as Rubric['counts'] }),
    ...(file.weights === undefined ? {} : { weights: file.weights as Rubric['weights'] }),
  };
  // Checks both, and throws what is wrong.
  asCounting(rubric, (problem) => fail('counts', problem));
  return rubric;
}

/** The texts of every level, of which a list has each once. */
function perLevel(
  value: unknown,
  key: 'name' | 'anchor',
  base: Rubric,
  fail: Fail,
): [number, Translations][] {
  const entries = Array.isArray(value) ? (value as unknown[]).map(record) : [];
  const all = levels(base.scale);
  if (entries.length !== all.length) throw fail('other_scale', 'a list does not have every level once');
  return all.map((level) => {
    const found = entries.find((entry) => entry?.level === level);
    if (!found) throw fail('other_scale', `a list lacks level ${level}`);
    return [level, asTexts(found[key], fail)];
  });
}

/** A text by language; one that is absent is in none. */
function asTexts(value: unknown, fail: Fail): Translations {
  const texts = record(value ?? {});
  if (!texts) throw fail('texts', 'a text is not given by language');
  const entries = Object.entries(texts);
  for (const [language, text] of entries) {
    if (!LANGUAGE.test(language)) throw fail('languages', `${JSON.stringify(language)} is no language`);
    if (typeof text !== 'string' || text.length > MOST.characters)
      throw fail('texts', 'a text is none, or too long');
  }
  return Object.fromEntries(entries) as Translations;
}

type Listed = Omit<Edition, 'values'> & { readonly rubric: Rubric | undefined };

/** The editions of a file. The last one has no rubric of its own. */
function asEditions(value: unknown, base: Rubric, fail: Fail): Listed[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > MOST.editions)
    throw fail('editions', `editions is no list of at most ${MOST.editions}`);
  let before = 0;
  return (value as unknown[]).map((entry, i) => {
    const { number, date, note, rubric } = record(entry) ?? {};
    if (!Number.isSafeInteger(number) || typeof number !== 'number' || number <= before)
      throw fail('editions', `edition ${i + 1} has no number after ${before}`);
    before = number;
    if (typeof date !== 'string' || !DAY.test(date) || typeof note !== 'string' || note.length > MOST.note)
      throw fail('editions', `edition ${number} lacks a day or a note`);
    if (i + 1 === value.length) return { number, date, note, rubric: undefined };
    const content = record(rubric);
    if (!content) throw fail('editions', `edition ${number} lacks its rubric`);
    return { number, date, note, rubric: asRubric(content, base, fail) };
  });
}

/**
 * The JSON of a file.
 * @param editions of which the last one is what the file is to hold
 */
export function asFile(base: Rubric, languages: readonly string[], editions: readonly Edition[]): string {
  const current = editions.at(-1);
  if (!current) throw new RangeError('a file without an edition');
  const listed = editions.map(({ number, date, note, values }) => ({
    ...{ number, date, note },
    ...(values === current.values && number === current.number
      ? {}
      : { rubric: rubricOf(values, base, languages) }),
  }));
  return `${JSON.stringify({ ...rubricOf(current.values, base, languages), editions: listed }, null, 1)}\n`;
}

/** The number of the next edition. */
export const nextNumber = (editions: readonly Edition[]): number => (editions.at(-1)?.number ?? 0) + 1;

/** The name that a file is saved under: another one each time, so that no browser shows an older one from its cache. */
export const fileName = (number: number): string => `rubric-${number}.json`;

/** Whether what is typed is what was saved or opened. */
export const isSame = (a: Values, b: Values): boolean => a === b || differences(a, b).length === 0;
