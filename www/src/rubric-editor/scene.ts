/** What the parts of the rubric editor show, and what they can do: one scene for each rendering. Fields have their names here. */
import type { Rubric } from '../engine/contract';
import { strings } from '../languages';
import { competencyName, type Code } from '../languages/text';
import { asKind } from '../report/report';
import { placeOf, type Field, type Values } from './fields';
import { LONGEST, type Problem } from './problems';
import { WORDS } from './words';

export interface Scene {
  readonly language: Code;
  /** The model's rubric. */
  readonly base: Rubric;
  readonly languages: readonly string[];
  readonly values: Values;
  /** What was opened or saved last. */
  readonly saved: Values;
  readonly problems: ReadonlyMap<Field, Problem>;
  /** Changes fields. @param typed the field that is being typed in, if it is one */
  readonly change: (fields: readonly (readonly [Field, string])[], typed?: Field) => void;
  /** Goes to a field. */
  readonly show: (field: Field) => void;
}

/** The id of the element of a field. */
export const idOf = (field: Field): string => `field-${field.replaceAll('/', '-')}`;

/** The name of a language in the language of the interface. */
export function languageName(code: string, language: Code): string {
  return new Intl.DisplayNames([language], { type: 'language' }).of(code) ?? code;
}

/** The name of a competency as it is being edited, or the model's while it has none. */
export function nameOf({ values, base, language }: Scene, competency: number): string {
  const typed = [language, 'en', 'zh'].map((code) => values.get(`name/${competency}/${code}`)?.trim());
  const { id = '' } = base.competencies[competency] ?? {};
  return typed.find(Boolean) ?? competencyName(base, id, language);
}

/** What a text is, within its competency. */
export function textLabel({ language, values }: Scene, text: string): string {
  const words = WORDS[language];
  const { part, level = 0 } = placeOf(text);
  if (part === 'name') return words.name;
  if (part === 'definition') return words.definition;
  if (part === 'level') return words.levelName(level);
  return words.level(level, values.get(`level/${level}/${language}`)?.trim() ?? '');
}

/** A field as a list names it. */
export function labelOf(scene: Scene, field: Field): string {
  const words = WORDS[scene.language];
  const { part, competency, language, kind } = placeOf(field);
  const names = competency === undefined ? [] : [nameOf(scene, competency)];
  if (part === 'weight') names.push(words.weight);
  else if (part === 'counts') names.push(words.tabs.counts, strings(scene.language).kinds[asKind(kind)]);
  else {
    names.push(textLabel(scene, field));
    if (language) names.push(languageName(language, scene.language));
  }
  return names.join(' · ');
}

/** What is wrong with a field; empty if nothing is. */
export function told({ language, problems, values }: Scene, field: Field): string {
  const words = WORDS[language];
  const problem = problems.get(field);
  if (problem === undefined) return '';
  if (problem !== 'long') return words.problems[problem];
  const { part } = placeOf(field);
  const most = part === 'weight' || part === 'counts' ? 0 : LONGEST[part];
  return words.long((values.get(field) ?? '').length, most);
}

/** What a field holds, for people. */
export function shown(scene: Scene, field: Field, value: string): string {
  const words = WORDS[scene.language];
  if (!value) return words.nothing;
  if (placeOf(field).part !== 'counts') return value;
  const counted = value.split(' ').map((competency) => nameOf(scene, Number(competency)));
  return counted.length === scene.base.competencies.length
    ? words.all
    : counted.join(scene.language === 'zh' ? '、' : ', ');
}
