import { expect, test } from 'vitest';
import { isDropping } from './trends';

const points = (...levels: number[]) => levels.map((level, i) => ({ date: `2026-01-0${i + 1}`, level }));

test('three drops in a row are mentioned, two or a rise between are not', () => {
  expect(isDropping(points(4, 3.5, 3, 2.5))).toBe(true);
  expect(isDropping(points(2, 4, 3.5, 3, 2.5))).toBe(true);
  expect(isDropping(points(4, 3.5, 3))).toBe(false);
  expect(isDropping(points(4, 3, 3.5, 3))).toBe(false);
  expect(isDropping(points(4, 3.5, 3.5, 3))).toBe(false);
  expect(isDropping([])).toBe(false);
});
