/**
 * What a team's assessments say together. A person's level is the mean over their texts; its interval is the mean of
 * theirs, and so is not narrowed by the number of texts. Texts that were refused have no levels and add nothing.
 */
import type { Interval, Rubric } from '../engine/contract';
import { accounts, levelOf, levels, mean, reviewOf } from '../report/report';
import type { Person } from './people';

/** The fewest people, and the fewest texts of a person, of which a figure is given if the page does not say otherwise. */
export const MINIMUM = 3;

/** A person's level of one competency. */
export interface Cell {
  readonly level: number;
  readonly interval: Interval;
  /** Texts that show it. */
  readonly texts: number;
}

/** Whether a person handed over enough texts for means of them. */
export function hasEnough({ results }: Pick<Person, 'results'>, minimum: number): boolean {
  return accounts(results).length >= minimum;
}

/** A person's level, or null where no text shows it. */
export function cell({ results }: Pick<Person, 'results'>, competency: string): Cell | null {
  const shown = results.flatMap((result) => {
    const level = levelOf(result, competency);
    if (level === null) return [];
    const corrected = result.corrections.some((entry) => entry.competency === competency);
    const interval = result.assessment.competencies.find(({ id }) => id === competency)?.interval;
    // A reviewer's level has no interval.
    return [{ level, interval: corrected || !interval ? ([level, level] as const) : interval }];
  });
  const level = mean(shown.map(({ level }) => level));
  const low = mean(shown.map(({ interval }) => interval[0]));
  const high = mean(shown.map(({ interval }) => interval[1]));
  return level === null || low === null || high === null
    ? null
    : { level, interval: [low, high], texts: shown.length };
}

export interface Summary {
  readonly competency: string;
  /** Whether anybody's texts show it. */
  readonly shown: boolean;
  /** Null if fewer people show it than figures are given of. */
  readonly figures: {
    /** Mean over the people who show it. */
    readonly mean: number;
    /** People whose texts show it. */
    readonly people: number;
    /** People at each level, lowest first; levels are rounded. */
    readonly distribution: readonly number[];
  } | null;
}

/** @param minimum the fewest people of whom figures are given, and the fewest texts with which a person counts */
export function summaries(
  team: readonly Person[],
  { competencies, scale }: Rubric,
  minimum: number,
): Summary[] {
  const counted = team.filter((person) => hasEnough(person, minimum));
  return competencies.map(({ id: competency }) => {
    const shown = team.some((person) => cell(person, competency));
    const found = counted
      .map((person) => cell(person, competency)?.level)
      .filter((level) => level !== undefined);
    const average = mean(found);
    if (average === null || found.length < minimum) return { competency, shown, figures: null };
    const distribution = levels(scale).map(
      (level) => found.filter((own) => Math.round(own) === level).length,
    );
    return { competency, shown, figures: { mean: average, people: found.length, distribution } };
  });
}

export interface Pair {
  readonly competency: string;
  readonly coach: string;
  readonly learner: string;
}

/** Who could coach whom: at least one level apart, with intervals that do not overlap, so that it is not by chance. */
export function coaching(team: readonly Person[], { competencies }: Rubric, minimum: number): Pair[] {
  const counted = team.filter((person) => hasEnough(person, minimum));
  return competencies.flatMap(({ id }) => {
    const known = counted.flatMap((person) => {
      const found = cell(person, id);
      return found ? [{ name: person.name, ...found }] : [];
    });
    return known.flatMap((learner) => {
      const able = known.filter(
        (coach) => coach.level - learner.level >= 1 && coach.interval[0] > learner.interval[1],
      );
      const [best] = able.sort((a, b) => b.level - a.level);
      return best ? [{ competency: id, coach: best.name, learner: learner.name }] : [];
    });
  });
}

export interface Change {
  readonly competency: string;
  readonly before: number | null;
  readonly after: number | null;
  /** People whose texts show it in both periods; the means are over them alone. Null if they are too few. */
  readonly people: number | null;
}

/** Mean levels up to a day and after it, over the people who show a competency in both periods. */
export function compare(
  team: readonly Person[],
  { competencies }: Rubric,
  until: string,
  minimum: number,
): Change[] {
  const counted = team.filter((person) => hasEnough(person, minimum));
  const part = (person: Person, wanted: (date: string) => boolean): Person => ({
    ...person,
    results: person.results.filter(({ report }) => wanted(report.date)),
  });
  return competencies.map(({ id }) => {
    const both = counted.flatMap((person) => {
      const before = cell(
        part(person, (date) => date <= until),
        id,
      );
      const after = cell(
        part(person, (date) => date > until),
        id,
      );
      return before && after ? [{ before: before.level, after: after.level }] : [];
    });
    if (both.length < minimum) return { competency: id, before: null, after: null, people: null };
    return {
      competency: id,
      before: mean(both.map(({ before }) => before)),
      after: mean(both.map(({ after }) => after)),
      people: both.length,
    };
  });
}

/** The days of all texts that were not refused, each once, in order. */
export function days(team: readonly Person[]): string[] {
  return [
    ...new Set(team.flatMap(({ results }) => accounts(results).map(({ report }) => report.date))),
  ].sort();
}

export interface Reviews {
  /** Levels that reviewers decided on. */
  readonly looked: number;
  /** Levels for which they chose another one than the model. */
  readonly departed: number;
  /** Levels that they marked before they saw the model's. */
  readonly first: number;
  /** Of those, how many marks were another level than the model's likeliest. */
  readonly firstDeparted: number;
}

/** How often reviewers departed from the model. */
export function reviews(team: readonly Pick<Person, 'results'>[]): Reviews {
  const counts = { looked: 0, departed: 0, first: 0, firstDeparted: 0 };
  for (const result of team.flatMap(({ results }) => results)) {
    for (const { id, likely } of result.assessment.competencies) {
      const review = reviewOf(result, id);
      if (review === 'none') continue;
      counts.looked++;
      if (review === 'departed') counts.departed++;
      const own = result.corrections.find((entry) => entry.competency === id && entry.own !== undefined)?.own;
      if (own === undefined) continue;
      counts.first++;
      if (own !== likely) counts.firstDeparted++;
    }
  }
  return counts;
}
