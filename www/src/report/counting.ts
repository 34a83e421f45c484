/**
 * What a company's rubric counts: which competencies for which kind of text, and how much each weighs in the overall level.
 * Both are applied to what the engine found, which is the same in every program that runs the model; a competency that does
 * not count leaves the assessment as if the text did not show it, so that it is neither shown nor handed over.
 */
import type { Assessment, CompetencyAssessment, Overall, Rubric, Scale } from '../engine/contract';
import type { Trouble } from '../failure/trouble';
import { record } from '../files/json';
import { countsFor, KINDS, type Kind } from './report';

/** What a weight can be: none is so small that leaving the competency out would be meant. */
export const WEIGHTS = { min: 0.1, max: 10 } as const;

/** The standard normal quantile at the upper end of an 80 % interval, as in src/assessment/schema.rs. */
const INTERVAL_Z = 1.2816;

/** Leaves out of an assessment of a kind of text what does not count for it. */
export type Counting = (assessment: Assessment, kind: Kind) => Assessment;

export const isWeight = (value: unknown): value is number =>
  typeof value === 'number' && value >= WEIGHTS.min && value <= WEIGHTS.max;

/** Checks what a rubric counts. @param fail makes what is thrown of what is wrong */
export function asCounting(rubric: Rubric, fail: (problem: string) => Trouble): Counting {
  const { counts = {}, weights = {} } = rubric as { counts?: unknown; weights?: unknown };
  const known = new Set(rubric.competencies.map(({ id }) => id));
  const lists = record(counts);
  const numbers = record(weights);
  if (!lists || !numbers) throw fail('counts and weights are to be objects');
  for (const [kind, list] of Object.entries(lists)) {
    if (!KINDS.some((other) => other === kind)) throw fail(`counts names ${kind}, which is no kind of text`);
    if (!Array.isArray(list) || list.length === 0) throw fail(`counts.${kind} is to list competencies`);
    if (list.some((id: unknown) => !known.has(id as string)) || new Set(list).size < list.length)
      throw fail(`counts.${kind} is to name competencies of the rubric, each once`);
  }
  for (const [id, weight] of Object.entries(numbers)) {
    if (!known.has(id)) throw fail(`weights names ${id}, which is no competency of the rubric`);
    if (!isWeight(weight))
      throw fail(`the weight of ${id} is not a number from ${WEIGHTS.min} to ${WEIGHTS.max}`);
  }
  return (assessment, kind) => counted(assessment, kind, rubric);
}

function counted(assessment: Assessment, kind: Kind, rubric: Rubric): Assessment {
  const counts = ({ id }: CompetencyAssessment) => countsFor(rubric, kind, id);
  const weight = (id: string) => rubric.weights?.[id] ?? 1;
  const { competencies } = assessment;
  const alike = new Set(competencies.map(({ id }) => weight(id))).size === 1;
  // What the engine computed itself stays as it is, to the last bit.
  if (alike && competencies.every(counts)) return assessment;
  const left = competencies.map((competency) => (counts(competency) ? competency : without(competency)));
  const overall = mean(left, weight, rubric.scale);
  const nothing = assessment.account.accepted && !overall;
  const warnings = assessment.warnings.filter(({ code }) => code !== 'nothing_shown');
  return {
    ...assessment,
    objections: assessment.objections.filter(({ competency }) => countsFor(rubric, kind, competency)),
    competencies: left,
    overall,
    warnings: nothing ? [...warnings, { code: 'nothing_shown' }] : warnings,
  };
}

function without({ id, presence }: CompetencyAssessment): CompetencyAssessment {
  return { id, presence, level: null, likely: null, interval: null, distribution: null, evidence: [] };
}

/**
 * The weighted mean of the levels that are shown, with its interval as src/assessment/schema.rs computes it: as if it
 * were normally distributed and the errors of the competencies independent. Null if none is shown.
 */
export function mean(
  competencies: readonly CompetencyAssessment[],
  weight: (id: string) => number,
  { min, max }: Scale,
): Overall | null {
  let [sum, total, variance, shown] = [0, 0, 0, 0];
  for (const { id, level, distribution } of competencies) {
    if (level === null) continue;
    const w = weight(id);
    shown++;
    total += w;
    sum += w * level;
    for (const [i, p] of (distribution ?? []).entries()) variance += w * w * p * (min + i - level) ** 2;
  }
  if (shown === 0) return null;
  const level = sum / total;
  const reach = (INTERVAL_Z * Math.sqrt(variance)) / total;
  return { level, interval: [Math.max(level - reach, min), Math.min(level + reach, max)], shown };
}
