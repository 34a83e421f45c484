import { expect, test } from 'vitest';
import { result } from '../testing/fixtures';
import { copies } from './copies';

test('a text with another date is a copy of the earliest one, another text is not', () => {
  const first = result('Report of 5 May 2026\nI called the plant.', {});
  const second = result('Report of 12 May 2026\n\nI called the plant. ', {});
  const third = result('Report of 19 May 2026\nI called the plant.', {});
  const other = result('Report of 12 May 2026\nI visited the plant.', {});
  const figures = result('Report of 12 May 2026\nI called 3 plants.', {});
  const won = [
    result('签单3.5万', {}),
    result('签单4.2万', {}),
    result('5-10 visits', {}),
    result('6-12 visits', {}),
  ];
  const others = result('Report of 19 May 2026\nI called 4 plants.', {});
  const found = copies([first, other, figures, ...won, others, second, third]);
  expect([...found]).toEqual([
    [second.report.id, first],
    [third.report.id, first],
  ]);
});

test('entries without texts are no copies', () => {
  expect(copies([result('', {}), result('', {}), result('5 May', {}), result('6 May', {})]).size).toBe(0);
});

test('dates are known in the ways that people write them', () => {
  for (const [one, two] of [
    ['2026年5月5日 拜访华联', '2026年5月12日 拜访华联'],
    ['5月5日：拜访华联', '5月12日：拜访华联'],
    ['2026-05-05 Visit', '2026-05-12 Visit'],
    ['May 5, 2026: visit', 'May 12th, 2026: visit'],
    ['05.05.2026 visit', '12.05.2026 visit'],
  ] as const) {
    expect(copies([result(one, {}), result(two, {})]).size, one).toBe(1);
  }
});
