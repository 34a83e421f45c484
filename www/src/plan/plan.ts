/** Makes a person's plan: which two competencies, and what to do for each. A plan is plain data, so every word can be edited and exported. */
import type { Assessment, Rubric } from '../engine/contract';
import type { Profile } from '../profile/profile';
import { isoDay, type Result, type SelfRating } from '../report/report';
import { DAYS, QUOTE, type Advice, type Development } from './development';

/** How many competencies a plan covers: few enough to be realistic. */
export const FOCUS = 2;

export interface Goal {
  readonly competency: string;
  /** The level that the advice is for; null if the text does not show the competency. */
  readonly level: number | null;
  readonly keep: string;
  readonly change: string;
  readonly practice: readonly string[];
  readonly together: string;
  readonly study: string;
  readonly studyKind: Advice['study']['kind'];
  readonly signs: readonly string[];
  readonly schedule: Advice['schedule'];
}

export interface Plan {
  /** First day, as YYYY-MM-DD. */
  readonly start: string;
  readonly goals: readonly Goal[];
}

/**
 * Ids of competencies, the most worthwhile to work on first: those whose level is surely far below the top (or a role's
 * target), with poor examples, or overrated by the person. Those that the text does not show come last.
 */
export function ranked(
  assessment: Assessment,
  self: SelfRating | null,
  rubric: Rubric,
  profile: Profile | null,
): string[] {
  const worth = ({ level, interval, id, evidence }: Assessment['competencies'][number]) => {
    if (level === null || interval === null) return Number.NEGATIVE_INFINITY;
    const goal = profile?.targets[id] ?? rubric.scale.max;
    const sure = 1 / (1 + Math.max(0, interval[1] - interval[0]) / 4);
    const blind = Math.max(0, (self?.[id] ?? level) - level);
    const poor = evidence
      .filter(({ polarity }) => polarity === 'negative')
      .reduce((sum, { weight }) => sum + weight, 0);
    return (goal - level) * sure + 0.5 * blind + 0.5 * poor;
  };
  return [...assessment.competencies].sort((a, b) => worth(b) - worth(a)).map(({ id }) => id);
}

/** The sentence to quote: the poor example with the most weight, or else the evidence with the most. Empty if there is none. */
export function quoted(result: Result, competency: string): string {
  const evidence = result.assessment.competencies.find(({ id }) => id === competency)?.evidence ?? [];
  const poor = evidence.filter(({ polarity }) => polarity === 'negative');
  const [first] = [...(poor.length ? poor : evidence)].sort((a, b) => b.weight - a.weight);
  return first ? result.report.text.slice(first.start, first.end).trim() : '';
}

/** The goal for one competency; null if there is no advice for its level. */
export function goalFor(
  competency: string,
  result: Result,
  development: Development,
  rubric: Rubric,
): Goal | null {
  const likely = result.assessment.competencies.find(({ id }) => id === competency)?.likely ?? null;
  const middle = Math.ceil((rubric.scale.min + rubric.scale.max) / 2);
  const advice = development.advice.get(competency)?.get(likely ?? result.self?.[competency] ?? middle);
  if (!advice) return null;
  const { keep, change, practice, together, study, signs, schedule } = advice;
  return {
    competency,
    level: likely,
    keep,
    change: withQuote(change, quoted(result, competency)),
    practice,
    together,
    study: study.what,
    studyKind: study.kind,
    signs,
    schedule,
  };
}

/** Puts the sentence in place of the placeholder. Without a sentence, drops the quotation at the start of the text. */
export function withQuote(text: string, quote: string): string {
  if (quote) return text.replace(QUOTE, () => quote);
  return text.replace(/^.*?\{quote\}[”"」』]?[\s.。]*/u, '') || text.replace(QUOTE, '…');
}

export function planFor(
  result: Result,
  development: Development,
  rubric: Rubric,
  profile: Profile | null,
): Plan {
  const focus = ranked(result.assessment, result.self, rubric, profile).slice(0, FOCUS);
  return {
    start: isoDay(),
    goals: focus.map((id) => goalFor(id, result, development, rubric)).filter((goal) => goal !== null),
  };
}

/** The day that many days after the start, as YYYY-MM-DD. */
export function dayAfter(start: string, days: number): string {
  const date = new Date(`${start}T12:00:00`);
  date.setDate(date.getDate() + days);
  return isoDay(date);
}

/** The milestones of all goals, in chronological order. */
export function milestones(
  plan: Plan,
): { readonly date: string; readonly days: number; readonly goal: Goal; readonly text: string }[] {
  return DAYS.flatMap((days) =>
    plan.goals.map((goal) => ({
      date: dayAfter(plan.start, Number(days)),
      days: Number(days),
      goal,
      text: goal.schedule[days],
    })),
  );
}
