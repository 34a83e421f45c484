/**
 * What a team's assessments say together. A person's level is the mean over their texts; its interval is the mean of
 * theirs, and so is not narrowed by the number of texts. Texts that were refused have no levels and add nothing.
 */
import type { Interval, Rubric } from '../engine/contract';
import type { HandOver } from '../hand-over/hand-over';
import { accounts, levelOf, levels, mean, type Result } from '../report/report';

export interface Person {
  readonly name: string;
  /** Oldest first. */
  readonly results: readonly Result[];
}

/** A person's level of one competency. */
export interface Cell {
  readonly level: number;
  readonly interval: Interval;
  /** Texts that show it. */
  readonly texts: number;
}

/** People by the name they chose. Several files of one name are one person; a text that is in several counts once. */
export function people(files: readonly HandOver[]): Person[] {
  const byName = new Map<string, Map<string, Result>>();
  for (const { person, results } of files) {
    const known = byName.get(person) ?? new Map<string, Result>();
    for (const result of results) known.set(result.report.id, result);
    byName.set(person, known);
  }
  const sorted = [...byName].map(([name, results]) => ({
    name,
    results: [...results.values()].sort((a, b) => a.report.date.localeCompare(b.report.date)),
  }));
  return sorted.sort((a, b) => a.name.localeCompare(b.name));
}

/** A person's level, or null where no text shows it. */
export function cell({ results }: Person, competency: string): Cell | null {
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
  /** Mean over the people who show it; null where nobody does. */
  readonly mean: number | null;
  /** People whose texts show it. */
  readonly people: number;
  /** People at each level, lowest first; levels are rounded. */
  readonly distribution: readonly number[];
}

export function summaries(team: readonly Person[], { competencies, scale }: Rubric): Summary[] {
  return competencies.map(({ id }) => {
    const found = team.map((person) => cell(person, id)?.level).filter((level) => level !== undefined);
    const distribution = levels(scale).map(
      (level) => found.filter((own) => Math.round(own) === level).length,
    );
    return { competency: id, mean: mean(found), people: found.length, distribution };
  });
}

export interface Pair {
  readonly competency: string;
  readonly coach: string;
  readonly learner: string;
}

/** Who could coach whom: at least one level apart, with intervals that do not overlap, so that it is not by chance. */
export function coaching(team: readonly Person[], { competencies }: Rubric): Pair[] {
  return competencies.flatMap(({ id }) => {
    const known = team.flatMap((person) => {
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
  /** People whose texts show it in both periods; the means are over them alone. */
  readonly people: number;
}

/** Mean levels up to a day and after it, over the people who show a competency in both periods. */
export function compare(team: readonly Person[], { competencies }: Rubric, until: string): Change[] {
  const part = (person: Person, wanted: (date: string) => boolean): Person => ({
    ...person,
    results: person.results.filter(({ report }) => wanted(report.date)),
  });
  return competencies.map(({ id }) => {
    const both = team.flatMap((person) => {
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
