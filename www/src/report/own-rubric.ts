/** Checks a rubric in a company's own words, which takes the place of the model's, and what it counts. It is loaded only where a page sets one. */
import type { Competency, Rubric } from '../engine/contract';
import { Trouble } from '../failure/trouble';
import { asCounting, type Counting } from './counting';

export interface OwnRubric {
  readonly rubric: Rubric;
  /** What leaves out of assessments what the rubric does not count; undefined where it counts everything alike. */
  readonly counting?: Counting | undefined;
}

/**
 * Checks a rubric against the model's: other words, but the same competencies and levels.
 * @throws Trouble `rubric_invalid`, saying what is wrong
 */
export function asOwnRubric(value: unknown, model: Rubric, about: string): OwnRubric {
  const rubric = value as Partial<Rubric> | null;
  const fail = (problem: string) => new Trouble('rubric_invalid', `${about}: ${problem}`);
  if (!rubric || !Array.isArray(rubric.competencies) || !rubric.scale)
    throw fail('expected a rubric with a scale and competencies');
  const ids = (of: Pick<Rubric, 'competencies'>) => of.competencies.map(({ id }) => id).join(', ');
  const own = rubric as Rubric;
  if (own.id !== model.id) throw fail(`its id is ${own.id}, the model was trained with ${model.id}`);
  if (ids(own) !== ids(model)) throw fail(`its competencies are ${ids(own)}, the model's are ${ids(model)}`);
  if (own.scale.min !== model.scale.min || own.scale.max !== model.scale.max)
    throw fail(
      `its scale is ${own.scale.min} to ${own.scale.max}, the model's is ${model.scale.min} to ${model.scale.max}`,
    );
  for (const competency of own.competencies) {
    const { name, levels } = competency as Partial<Competency>;
    if (!name || !Array.isArray(levels)) throw fail(`competency ${competency.id} lacks a name or levels`);
  }
  return { rubric: own, counting: own.counts || own.weights ? asCounting(own, fail) : undefined };
}
