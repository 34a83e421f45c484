/**
 * A rubric as the fields of a form: what can be changed of it, each under a name of its own, with what was typed. Two versions
 * are compared field by field, and a version is a rubric again once its fields are right. Competencies and levels are the
 * model's and no fields.
 *
 * | field | |
 * |---|---|
 * | `level/3/en` | the name of level 3 |
 * | `name/0/en`, `definition/0/en` | of the first competency |
 * | `anchor/0/3/en` | what level 3 of it looks like |
 * | `weight/0` | what it weighs in the overall level |
 * | `counts/email` | the numbers of the competencies that count for this kind of text |
 */
import type { Rubric, Translations } from '../engine/contract';
import { countsFor, KINDS, levels } from '../report/report';

export type Field = string;

/** What each field holds, in the order of the form. */
export type Values = ReadonlyMap<Field, string>;

/** What a field is about. */
export type Part = 'level' | 'name' | 'definition' | 'anchor' | 'weight' | 'counts';

/** The parts of a field's name, as far as it has them. */
export interface Place {
  readonly part: Part;
  /** Index of the competency. */
  readonly competency: number | undefined;
  readonly level: number | undefined;
  readonly language: string | undefined;
  /** The kind of text of `counts`. */
  readonly kind: string | undefined;
}

export function placeOf(field: Field): Place {
  const [part, ...rest] = field.split('/');
  const none = { competency: undefined, level: undefined, language: undefined, kind: undefined };
  switch (part) {
    case 'level':
      return { ...none, part, level: Number(rest[0]), language: rest[1] };
    case 'name':
    case 'definition':
      return { ...none, part, competency: Number(rest[0]), language: rest[1] };
    case 'anchor':
      return { ...none, part, competency: Number(rest[0]), level: Number(rest[1]), language: rest[2] };
    case 'weight':
      return { ...none, part, competency: Number(rest[0]) };
    case 'counts':
      return { ...none, part, kind: rest[0] };
    default:
      throw new RangeError(`no field ${field}`);
  }
}

/** The texts of a rubric, each as the beginning of the names of its fields, of which it has one for every language. */
export function textsOf({ scale, competencies }: Rubric): string[] {
  const all = levels(scale);
  return [
    ...all.map((level) => `level/${level}`),
    ...competencies.flatMap((_, i) => [
      `name/${i}`,
      `definition/${i}`,
      ...all.map((level) => `anchor/${i}/${level}`),
    ]),
  ];
}

function translations(rubric: Rubric, text: string): Translations {
  const { part, competency = 0, level } = placeOf(text);
  if (part === 'level') return rubric.scale.names.find((entry) => entry.level === level)?.name ?? {};
  const found = rubric.competencies[competency];
  if (part === 'name') return found?.name ?? {};
  if (part === 'definition') return found?.definition ?? {};
  return found?.levels.find((entry) => entry.level === level)?.anchor ?? {};
}

/** What the fields of a rubric hold. A text that a language lacks is empty. */
export function valuesOf(rubric: Rubric, languages: readonly string[]): Values {
  const values = new Map<Field, string>();
  for (const text of textsOf(rubric)) {
    const texts = translations(rubric, text);
    for (const language of languages)
      values.set(`${text}/${language}`, Object.hasOwn(texts, language) ? (texts[language] ?? '') : '');
  }
  const { competencies, weights } = rubric;
  for (const [i, { id }] of competencies.entries()) values.set(`weight/${i}`, String(weights?.[id] ?? 1));
  for (const kind of KINDS)
    values.set(
      `counts/${kind}`,
      asList(competencies.flatMap(({ id }, i) => (countsFor(rubric, kind, id) ? [i] : []))),
    );
  return values;
}

/** Numbers of competencies as a field holds them. */
export const asList = (competencies: readonly number[]): string =>
  [...competencies].sort((a, b) => a - b).join(' ');

export const fromList = (value: string): number[] => value.split(' ').filter(Boolean).map(Number);

/** The languages in which every text is given. */
export function complete(values: Values, rubric: Rubric, languages: readonly string[]): string[] {
  const texts = textsOf(rubric);
  return languages.filter((language) => texts.every((text) => values.get(`${text}/${language}`)?.trim()));
}

/**
 * The rubric that fields make, which are right.
 * @param base has the competencies, the levels and the names of the model's rubric
 */
export function rubricOf(values: Values, base: Rubric, languages: readonly string[]): Rubric {
  const given = (text: string): Translations =>
    Object.fromEntries(
      languages.flatMap((language) => {
        const value = values.get(`${text}/${language}`)?.trim();
        return value ? [[language, value]] : [];
      }),
    );
  const all = levels(base.scale);
  const ids = base.competencies.map(({ id }) => id);
  const weights = ids.flatMap((id, i) => {
    const weight = Number(values.get(`weight/${i}`));
    return weight === 1 ? [] : [[id, weight] as const];
  });
  const counts = KINDS.flatMap((kind) => {
    const counted = fromList(values.get(`counts/${kind}`) ?? '');
    return counted.length === ids.length ? [] : [[kind, counted.map((i) => ids[i] ?? '')] as const];
  });
  return {
    id: base.id,
    version: base.version,
    languages: complete(values, base, languages),
    scale: {
      min: base.scale.min,
      max: base.scale.max,
      names: all.map((level) => ({ level, name: given(`level/${level}`) })),
    },
    competencies: ids.map((id, i) => ({
      id,
      name: given(`name/${i}`),
      definition: given(`definition/${i}`),
      levels: all.map((level) => ({ level, anchor: given(`anchor/${i}/${level}`) })),
    })),
    ...(counts.length ? { counts: Object.fromEntries(counts) } : {}),
    ...(weights.length ? { weights: Object.fromEntries(weights) } : {}),
  };
}

/** The fields in which two versions differ, in the order of the form. A field that one lacks is empty there. */
export function differences(before: Values, after: Values): Field[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (field) => (before.get(field) ?? '') !== (after.get(field) ?? ''),
  );
}

/** The same with other values in some fields. */
export const withValues = (values: Values, others: Iterable<readonly [Field, string]>): Values =>
  new Map([...values, ...others]);
