/**
 * Makes a person's plan: which two competencies, and what to do for each; and keeps what they have done. A plan is plain
 * data, so every word can be edited, stored and exported.
 */
import type { Assessment, Rubric } from '../engine/contract';
import type { Profile } from '../profile/profile';
import { countsFor, isoDay, type Result, type SelfRating } from '../report/report';
import { DAYS, QUOTE, type Advice, type Development } from './development';

/** How many competencies a plan covers: few enough to be realistic. */
export const FOCUS = 2;

/** How many goals a plan may come to have when the person chooses more. */
export const MOST = 3;

/** Something to practise. */
export interface Task {
  readonly text: string;
  /** The day on which the person ticked it, as YYYY-MM-DD; null if they have not. */
  readonly done: string | null;
}

/** The text from which a goal was made, and what it showed. */
export interface Beginning extends Pick<Assessment, 'model' | 'rubric'> {
  /** Id of the report. */
  readonly report: string;
  /** Day of the report, as YYYY-MM-DD. */
  readonly date: string;
  /** The exact level; null if the text did not show the competency. */
  readonly level: number | null;
}

export interface Goal {
  readonly competency: string;
  /** The level that the advice is for; null if the text does not show the competency. */
  readonly level: number | null;
  readonly keep: string;
  readonly change: string;
  /** The person's own sentence, as `change` quotes it; empty if it quotes none. */
  readonly quote: string;
  readonly practice: readonly Task[];
  readonly together: string;
  readonly study: string;
  readonly studyKind: Advice['study']['kind'];
  readonly signs: readonly string[];
  readonly schedule: Advice['schedule'];
  readonly began: Beginning;
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
  const { report, assessment } = result;
  const assessed = assessment.competencies.find(({ id }) => id === competency);
  const likely = assessed?.likely ?? null;
  const middle = Math.ceil((rubric.scale.min + rubric.scale.max) / 2);
  const advice = development.advice.get(competency)?.get(likely ?? result.self?.[competency] ?? middle);
  if (!advice) return null;
  const { keep, change, practice, together, study, signs, schedule } = advice;
  const quote = quoted(result, competency);
  return {
    competency,
    level: likely,
    keep,
    change: withQuote(change, quote),
    quote,
    practice: practice.map((text) => ({ text, done: null })),
    together,
    study: study.what,
    studyKind: study.kind,
    signs,
    schedule,
    began: {
      ...{ report: report.id, date: report.date, level: assessed?.level ?? null },
      ...{ model: assessment.model, rubric: assessment.rubric },
    },
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
  const focus = ranked(result.assessment, result.self, rubric, profile)
    .filter((id) => countsFor(rubric, result.report.kind, id))
    .slice(0, FOCUS);
  return {
    start: isoDay(),
    goals: focus.map((id) => goalFor(id, result, development, rubric)).filter((goal) => goal !== null),
  };
}

/** How many of a goal's tasks are ticked. */
export const ticks = ({ practice }: Goal): number => practice.filter(({ done }) => done !== null).length;

/**
 * Puts a goal first. If there are more than `most` then, the last one without a tick goes; null if all have ticks.
 */
export function withFirst(plan: Plan, goal: Goal, most: number): Plan | null {
  if (plan.goals.length < most) return { ...plan, goals: [goal, ...plan.goals] };
  const last = plan.goals.findLastIndex((other) => ticks(other) === 0);
  if (last === -1) return null;
  return { ...plan, goals: [goal, ...plan.goals.filter((_, i) => i !== last)] };
}

/**
 * Joins a plan that was kept with one that was made before it could be read. Of two goals for the same competency the
 * one with more ticks stays. Goals beyond the most that a plan may have are left out unless they have ticks.
 */
export function joined(kept: Plan, made: Plan): Plan {
  const goals = kept.goals.map((goal) => {
    const other = made.goals.find(({ competency }) => competency === goal.competency);
    return other && ticks(other) > ticks(goal) ? other : goal;
  });
  const more = made.goals.filter(
    ({ competency }) => !kept.goals.some((goal) => goal.competency === competency),
  );
  return {
    ...kept,
    goals: [...goals, ...more.filter((goal, i) => goals.length + i < MOST || ticks(goal) > 0)],
  };
}

/** A plan without sentences of the text that it was made from. What the person wrote into it themselves stays. */
export function withoutQuotes(plan: Plan): Plan {
  const goals = plan.goals.map((goal) =>
    goal.quote ? { ...goal, change: goal.change.replaceAll(goal.quote, '…'), quote: '' } : goal,
  );
  return { ...plan, goals };
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
