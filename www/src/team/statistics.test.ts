import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Rubric } from '../engine/contract';
import type { Correction, Result } from '../report/report';
import { csv } from './csv';
import { cell, coaching, compare, days, people, summaries, type Person } from './statistics';

const rubric = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../data/rubric.json'), 'utf8'),
) as Rubric;

let count = 0;
function result(
  date: string,
  levels: Record<string, [number, number]>,
  corrections: Correction[] = [],
  accepted = true,
): Result {
  const competencies = rubric.competencies.map(({ id }) => {
    const [level, half] = levels[id] ?? [null, 0];
    return { id, level, interval: level === null ? null : [level - half, level + half] };
  });
  const report = { id: `r${count++}`, name: '=1+1', kind: 'email' as const, text: '', date };
  const account = { probability: 0.5, accepted };
  const assessment = { competencies, account, left_out: [] } as unknown as Result['assessment'];
  return { report, assessment, self: null, corrections };
}
const person = (name: string, ...results: Result[]): Person => ({ name, results });
const file = (name: string, ...results: Result[]) =>
  ({
    format: 'salesmirror-assessment',
    version: 1,
    exported: '',
    person: name,
    rubric,
    texts: 'kept',
    results,
  }) as const;

test('files of one person come together, a text in both counts once', () => {
  const first = result('2026-02-01', { growth: [2, 1] });
  const team = people([
    file('B', first),
    file('A', result('2026-01-01', {})),
    file('B', result('2026-01-01', { growth: [4, 1] }), first),
  ]);
  expect(team.map(({ name, results }) => [name, results.map(({ report }) => report.date)])).toEqual([
    ['A', ['2026-01-01']],
    ['B', ['2026-01-01', '2026-02-01']],
  ]);
  const [, b] = team;
  expect(b && cell(b, 'growth')).toEqual({ level: 3, interval: [2, 4], texts: 2 });
  expect(b && cell(b, 'planning')).toBeNull();
  expect(days(team)).toEqual(['2026-01-01', '2026-02-01']);
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
  const growth = summaries(team, rubric).find(({ competency }) => competency === 'growth');
  expect(growth).toEqual({ competency: 'growth', mean: 3.2, people: 2, distribution: [0, 1, 0, 1, 0] });
});

test('coaching needs a level apart and intervals that do not meet', () => {
  const at = (name: string, level: number, half: number) =>
    person(name, result('2026-01-01', { growth: [level, half] }));
  expect(coaching([at('A', 4.5, 0.5), at('B', 2, 0.5), at('C', 3.5, 1)], rubric)).toEqual([
    { competency: 'growth', coach: 'A', learner: 'B' },
  ]);
  expect(coaching([at('A', 3, 0.1), at('B', 2.5, 0.1)], rubric)).toEqual([]);
});

test('two times are compared for who is in both', () => {
  const team = [
    person('A', result('2026-01-01', { growth: [2, 1] }), result('2026-06-01', { growth: [3, 1] })),
    person('B', result('2026-06-01', { growth: [5, 0] })),
  ];
  const growth = compare(team, rubric, '2026-03-01').find(({ competency }) => competency === 'growth');
  expect(growth).toEqual({ competency: 'growth', before: 2, after: 3, people: 1 });
});

test('texts that were refused add no levels and no days, and the spreadsheet says so', () => {
  const article = result('2026-01-01', {}, [], false);
  const account = result('2026-02-01', { growth: [2, 1] });
  const left_out = [
    { start: 0, end: 5, reason: 'not_an_account' as const },
    { start: 9, end: 12, reason: 'repeated' as const },
  ];
  const mixed = { ...account, assessment: { ...account.assessment, left_out } };
  const team = [person('A', article, mixed)];
  expect(team.map((member) => cell(member, 'growth'))).toEqual([{ level: 2, interval: [1, 3], texts: 1 }]);
  expect(days(team)).toEqual(['2026-02-01']);
  const [head, ...rows] = csv(team, rubric, null).trim().split('\n');
  expect(head?.endsWith(',accepted,parts_left_out')).toBe(true);
  expect(rows.map((row) => row.split(',').slice(-2).join())).toEqual([
    ...rubric.competencies.map(() => 'false,0'),
    ...rubric.competencies.map(() => 'true,2'),
  ]);
  expect(rows[0]).toMatch(/^A,2026-01-01,email,'=1\+1,[a-z_]+,,,,,,,,false,0$/);
});

test('a spreadsheet gets no formula', () => {
  const rows = csv([person('@A', result('2026-01-01', { growth: [2, 1] }))], rubric, null).split('\n');
  expect(rows).toHaveLength(9);
  expect(rows[7]).toBe("'@A,2026-01-01,email,'=1+1,growth,2,1,3,,,,,true,0");
});
