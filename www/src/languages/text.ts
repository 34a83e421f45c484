/** The languages of the interface, its tables of words, and how names, days and levels are written. */
import type { Rubric, Translations } from '../engine/contract';

export type Code = 'en' | 'zh';

/** The words of one component, complete in every language. */
export type Table<T> = Readonly<Record<Code, T>>;

/** Whether a value that was read from a file holds a text in at least one language. */
export function isTranslations(value: unknown): value is Translations {
  if (typeof value !== 'object' || value === null) return false;
  const texts = Object.values(value);
  return texts.length > 0 && texts.every((text) => typeof text === 'string');
}

/** A text of a rubric, a profile or a question in the interface's language, or in whichever language it has. */
export function translated(texts: Translations | undefined, code: Code): string {
  return texts?.[code] ?? Object.values(texts ?? {})[0] ?? '';
}

/** The language of what {@link translated} returns. */
export function languageOf(texts: Translations, code: Code): string {
  return code in texts ? code : (Object.keys(texts)[0] ?? code);
}

/** The name of a competency; empty if the rubric has none with this id. */
export function competencyName(
  { competencies }: Pick<Rubric, 'competencies'>,
  id: string,
  code: Code,
): string {
  return translated(competencies.find((competency) => competency.id === id)?.name, code);
}

/** The name of a level; empty if the scale does not have it. */
export function levelName({ scale }: Pick<Rubric, 'scale'>, level: number | null, code: Code): string {
  return translated(scale.names.find((entry) => entry.level === level)?.name, code);
}

/** Made once: a list has a thousand days. */
const [english, chinese] = ['en-GB', 'zh-CN'].map(
  (locale) => new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric' }),
);

/** A day as people write it, for example "24 Nov 2026". */
export function day(iso: string, code: Code): string {
  const date = new Date(`${iso.slice(0, 10)}T00:00:00`);
  if (Number.isNaN(date.getTime())) return iso;
  return (code === 'zh' ? chinese : english)?.format(date) ?? iso;
}

/** A level with one decimal. */
export const number = (level: number): string => level.toFixed(1);

/** Stands between statements that are listed in one line. */
export const semicolon = (code: Code): string => (code === 'zh' ? '；' : '; ');

/** Stands between names that are listed in one line. */
export const comma = (code: Code): string => (code === 'zh' ? '、' : ', ');

/** Stands between a name and what is said about it. */
export const colon = (code: Code): string => (code === 'zh' ? '：' : ': ');
