/** Role profiles: the levels that a role asks for. They are shown beside levels and intervals, and are never a verdict. */
import type { Interval, Rubric, Translations } from '../engine/contract';
import { Trouble } from '../failure/trouble';
import { isTranslations } from '../languages/text';

export interface Profile {
  readonly id: string;
  readonly version: number;
  /** The rubric's id. */
  readonly rubric: string;
  readonly name: Translations;
  readonly description: Translations;
  /** Levels by the id of the competency; competencies that the role does not ask for are left out. */
  readonly targets: Readonly<Record<string, number>>;
}

/**
 * Checks what was read from a profile against the rubric.
 * @throws Trouble `profile_invalid`, saying what is wrong
 */
export function asProfile(value: unknown, rubric: Rubric, about: string): Profile {
  const fail = (problem: string) => new Trouble('profile_invalid', problem, about);
  if (typeof value !== 'object' || value === null) throw fail('expected an object');
  const {
    id,
    version,
    rubric: rubricId,
    name,
    description,
    targets,
  } = value as Partial<Record<keyof Profile, unknown>>;
  if (typeof id !== 'string' || !id) throw fail('id is missing');
  if (rubricId !== rubric.id)
    throw fail(`it was made for rubric ${JSON.stringify(rubricId)}, not ${rubric.id}`);
  if (!isTranslations(name)) throw fail('name is missing');
  if (!isTranslations(description)) throw fail('description is missing');
  if (typeof targets !== 'object' || targets === null) throw fail('targets are missing');
  const known = new Set(rubric.competencies.map((competency) => competency.id));
  for (const [competency, level] of Object.entries(targets)) {
    if (!known.has(competency)) throw fail(`the rubric has no competency ${competency}`);
    if (typeof level !== 'number' || level < rubric.scale.min || level > rubric.scale.max) {
      throw fail(
        `the target of ${competency} is not a level from ${rubric.scale.min} to ${rubric.scale.max}`,
      );
    }
  }
  // Fields that nobody checked stay out.
  return {
    ...{ id, rubric: rubricId, name, description, targets: targets as Profile['targets'] },
    version: typeof version === 'number' ? version : 0,
  };
}

/** Where a target lies relative to the interval, not to the level alone. */
export type Fit = 'above' | 'within' | 'below' | 'unknown';

/** Compares a target with the interval; unknown if the text does not show the competency. */
export function fit(interval: Interval | null, target: number): Fit {
  if (!interval) return 'unknown';
  if (target > interval[1]) return 'above';
  return target < interval[0] ? 'below' : 'within';
}
