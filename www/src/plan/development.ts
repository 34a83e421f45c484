/**
 * The texts of development plans, from data/development: what to keep, change and practise at each level of each
 * competency. This module checks them; plan.ts turns them into a person's plan.
 */
import type { Rubric } from '../engine/contract';
import { Trouble } from '../failure/trouble';
import { record } from '../files/json';
import type { Code } from '../languages/text';

export const STUDY_KINDS = ['book', 'video', 'course', 'document', 'recording'] as const;
export const DAYS = ['30', '60', '90'] as const;

/** The placeholder for the person's own sentence. */
export const QUOTE = '{quote}';

export interface Advice {
  readonly level: number;
  readonly keep: string;
  /** Contains QUOTE exactly once. */
  readonly change: string;
  readonly practice: readonly string[];
  readonly together: string;
  readonly study: { readonly kind: (typeof STUDY_KINDS)[number]; readonly what: string };
  readonly signs: readonly string[];
  readonly schedule: Readonly<Record<(typeof DAYS)[number], string>>;
}

/** A sentence that shows a competency well, and one that shows it poorly. */
export interface Examples {
  readonly strong: string;
  readonly weak: string;
}

/** What there is by the id of the competency: advice for each level, and examples. */
export interface Development {
  readonly advice: ReadonlyMap<string, ReadonlyMap<number, Advice>>;
  readonly examples: ReadonlyMap<string, Examples>;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(isText);

function isExamples(value: unknown): value is Examples {
  const { strong, weak } = (value ?? {}) as Partial<Record<keyof Examples, unknown>>;
  return isText(strong) && isText(weak);
}

/** What is wrong with the advice for one level; null if nothing is. */
function problem(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return 'is not an object';
  const { keep, change, practice, together, study, signs, schedule } = value as Partial<
    Record<keyof Advice, unknown>
  >;
  if (!isText(keep)) return 'lacks keep';
  if (!isText(change)) return 'lacks change';
  if (change.split(QUOTE).length !== 2) return `must contain ${QUOTE} exactly once in change`;
  if (!isTexts(practice)) return 'lacks practice';
  if (!isText(together)) return 'lacks together';
  if (!isTexts(signs)) return 'lacks signs';
  const { kind, what } = (study ?? {}) as Partial<Advice['study']>;
  if (!isText(what) || !STUDY_KINDS.some((known) => known === kind))
    return `needs a study with what and one of the kinds ${STUDY_KINDS.join(', ')}`;
  const days = (schedule ?? {}) as Record<string, unknown>;
  const missing = DAYS.find((day) => !isText(days[day]));
  return missing ? `lacks day ${missing} in schedule` : null;
}

/**
 * Checks what was read from a file against the rubric: every level of every competency must have its texts.
 * @throws Trouble `development_invalid`, saying what is missing and where
 */
export function asDevelopment(value: unknown, rubric: Rubric, language: Code, about: string): Development {
  const fail = (text: string) => new Trouble('development_invalid', `${about}: ${text}`, about);
  const file = record(value) ?? {};
  if (file.rubric !== rubric.id)
    throw fail(`it was made for rubric ${JSON.stringify(file.rubric)}, not ${rubric.id}`);
  if (file.language !== language)
    throw fail(`its language is ${JSON.stringify(file.language)}, not ${language}`);
  if (!Array.isArray(file.competencies)) throw fail('competencies are missing');
  const entries = (file.competencies as unknown[]).map(record);
  const examples = new Map<string, Examples>();
  const advice = new Map(
    rubric.competencies.map(({ id }) => {
      const found = entries.find((entry) => entry?.id === id);
      if (!found || !Array.isArray(found.levels)) throw fail(`competency ${id} is missing`);
      const byLevel = new Map<number, Advice>();
      for (let level = rubric.scale.min; level <= rubric.scale.max; level++) {
        const advice = (found.levels as unknown[]).find((entry) => record(entry)?.level === level);
        const wrong = advice ? problem(advice) : 'is missing';
        if (wrong) throw fail(`level ${level} of ${id} ${wrong}`);
        byLevel.set(level, advice as Advice);
      }
      // Files from before there were examples have none.
      if (found.examples !== undefined) {
        if (!isExamples(found.examples)) throw fail(`examples of ${id} need strong and weak`);
        examples.set(id, found.examples);
      }
      return [id, byLevel] as const;
    }),
  );
  return { advice, examples };
}
