import { expect, test } from 'vitest';
import type { Correction, Result } from '../report/report';
import { opened } from '../testing/files/hand-over';
import { refused, result as made, rubric } from '../testing/fixtures';
import type { Person } from './people';
import { cell, coaching, compare, days, reviews, summaries } from './statistics';

/** A result with these levels and half the width of their intervals. */
function result(
  date: string,
  levels: Record<string, readonly [number, number]>,
  corrections: readonly Correction[] = [],
): Result {
  const shown = Object.entries(levels).map(
    ([id, [level, half]]) => [id, { level, interval: [level - half, level + half] }] as const,
  );
  const { report, ...rest } = made(`Text of ${date}.`, Object.fromEntries(shown));
  return { ...rest, report: { ...report, date }, corrections };
}
const person = (name: string, ...results: Result[]): Person => ({
  ...{ key: name, name, own: name, results, repeated: 0 },
  files: [opened({ person: name, results })],
});

test('a level is the mean of the texts that show it, and so is its interval', () => {
  const b = person('B', result('2026-01-01', { growth: [4, 1] }), result('2026-02-01', { growth: [2, 1] }));
  expect(cell(b, 'growth')).toEqual({ level: 3, interval: [2, 4], texts: 2 });
  expect(cell(b, 'planning')).toBeNull();
  expect(days([b, person('A', result('2026-01-01', {}))])).toEqual(['2026-01-01', '2026-02-01']);
});

test('a correction counts in the place of the model’s level', () => {
  const correction = { competency: 'growth', level: 5, was: 2, reason: '', reviewer: '', date: '' };
  expect(cell(person('A', result('2026-01-01', { growth: [2, 1] }, [correction])), 'growth')).toEqual({
    level: 5,
    interval: [5, 5],
    texts: 1,
  });
});

test('coverage, distribution and mean leave out who does not show it', () => {
  const team = [
    person('A', result('2026-01-01', { growth: [2.4, 0.5] })),
    person('B', result('2026-01-01', { growth: [4, 1] })),
    person('C', result('2026-01-01', {})),
  ];
  const growth = (minimum: number) =>
    summaries(team, rubric, minimum).find(({ competency }) => competency === 'growth');
  expect(growth(1)).toEqual({
    ...{ competency: 'growth', shown: true },
    figures: { mean: 3.2, people: 2, distribution: [0, 1, 0, 1, 0] },
  });
  expect(growth(2)).toEqual({ competency: 'growth', shown: true, figures: null });
});

test('coaching needs a level apart and intervals that do not meet', () => {
  const at = (name: string, level: number, half: number) =>
    person(name, result('2026-01-01', { growth: [level, half] }));
  expect(coaching([at('A', 4.5, 0.5), at('B', 2, 0.5), at('C', 3.5, 1)], rubric, 1)).toEqual([
    { competency: 'growth', coach: 'A', learner: 'B' },
  ]);
  expect(coaching([at('A', 3, 0.1), at('B', 2.5, 0.1)], rubric, 1)).toEqual([]);
});

test('two times are compared for who is in both', () => {
  const team = [
    person('A', result('2026-01-01', { growth: [2, 1] }), result('2026-06-01', { growth: [3, 1] })),
    person('B', result('2026-06-01', { growth: [5, 0] })),
  ];
  const growth = (minimum: number) =>
    compare(team, rubric, '2026-03-01', minimum).find(({ competency }) => competency === 'growth');
  expect(growth(1)).toEqual({ competency: 'growth', before: 2, after: 3, people: 1 });
  expect(growth(2)).toEqual({ competency: 'growth', before: null, after: null, people: null });
});

test('no figure is given of too few people or of people with too few texts', () => {
  const texts = (level: number, count: number) =>
    Array.from({ length: count }, (_, i) => result(`2026-01-0${i + 1}`, { growth: [level + i / 10, 0.1] }));
  const three = [person('A', ...texts(1, 3)), person('B', ...texts(3, 3)), person('C', ...texts(4, 3))];
  const figures = (team: readonly Person[]) =>
    summaries(team, rubric, 3).find(({ competency }) => competency === 'growth')?.figures?.people;
  expect(figures(three)).toBe(3);
  expect(figures(three.slice(1))).toBeUndefined();
  const fewer = [...three.slice(1), person('A', ...texts(1, 2))];
  expect(figures(fewer)).toBeUndefined();
  expect(coaching(three, rubric, 3).map(({ learner }) => learner)).toContain('A');
  expect(coaching(fewer, rubric, 3).map(({ learner }) => learner)).not.toContain('A');
});

test('texts that were refused add no levels and no days', () => {
  const article = refused('Five ways to close faster.');
  const team = [person('A', article, result('2026-02-01', { growth: [2, 1] }))];
  expect(team.map((member) => cell(member, 'growth'))).toEqual([{ level: 2, interval: [1, 3], texts: 1 }]);
  expect(days(team)).toEqual(['2026-02-01']);
});

test('departures from the model are counted, by the newest decision, and so are marks that came first', () => {
  const entry = { was: 2.4, reason: 'r', reviewer: 'R', date: '2026-01-02' };
  const corrections: Correction[] = [
    { ...entry, competency: 'growth', level: 5 },
    { ...entry, competency: 'growth', level: 2.4, confirmed: true, own: 3 },
    { ...entry, competency: 'planning', level: 2, own: 2 },
    { ...entry, competency: 'negotiation', level: 3 },
  ];
  const levels = { growth: [2.4, 1], planning: [2.4, 1] } as const;
  const team = [person('A', result('2026-01-01', levels, corrections), result('2026-01-05', levels))];
  expect(reviews(team)).toEqual({ looked: 3, departed: 1, first: 2, firstDeparted: 1 });
});
