/** What is wrong in the fields of a rubric. A text that only some language lacks is no fault while another language has every text. */
import type { Rubric } from '../engine/contract';
import { hasUnseen } from '../files/name';
import { isWeight } from '../report/counting';
import { complete, placeOf, textsOf, type Field, type Part, type Values } from './fields';

/** The longest texts, in characters: what the rows and cards of a result have room for. */
export const LONGEST: Readonly<Record<Exclude<Part, 'weight' | 'counts'>, number>> = {
  level: 30,
  name: 60,
  definition: 600,
  anchor: 400,
};

export type Problem =
  /** No language has the text. */
  | 'empty'
  /** Another language has the text, but none has all texts. */
  | 'incomplete'
  /** Another language has the text, and is shown in its place. */
  | 'missing'
  | 'long'
  | 'unseen'
  /** Another competency, or another level, has the same name. */
  | 'twice'
  | 'weight'
  | 'none_counts';

/** Whether a rubric can be saved in spite of a problem. */
export const isFault = (problem: Problem): boolean => problem !== 'missing';

export function problemsOf(
  values: Values,
  base: Rubric,
  languages: readonly string[],
): ReadonlyMap<Field, Problem> {
  const found = new Map<Field, Problem>();
  const lacking = complete(values, base, languages).length > 0 ? 'missing' : 'incomplete';
  const names = new Map<string, Field>();
  for (const text of textsOf(base)) {
    const { part } = placeOf(text);
    if (part === 'weight' || part === 'counts') continue;
    const fields = languages.map((language) => `${text}/${language}`);
    const anywhere = fields.some((field) => values.get(field)?.trim());
    for (const field of fields) {
      const value = values.get(field)?.trim() ?? '';
      if (!value) found.set(field, anywhere ? lacking : 'empty');
      else if (hasUnseen(value)) found.set(field, 'unseen');
      else if (value.length > LONGEST[part]) found.set(field, 'long');
      if (!value || (part !== 'name' && part !== 'level')) continue;
      const name = `${part} ${String(placeOf(field).language)} ${value.toLowerCase()}`;
      if (names.has(name)) found.set(field, 'twice');
      else names.set(name, field);
    }
  }
  for (const [field, value] of values) {
    const { part } = placeOf(field);
    if (part === 'weight' && (!value.trim() || !isWeight(Number(value)))) found.set(field, 'weight');
    if (part === 'counts' && !value) found.set(field, 'none_counts');
  }
  return found;
}

/** The fields that keep a rubric from being saved. */
export const faults = (problems: ReadonlyMap<Field, Problem>): Field[] =>
  [...problems].flatMap(([field, problem]) => (isFault(problem) ? [field] : []));
