import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  gridStep,
  quadraticKappa,
  reliabilityOf,
  valuesOf,
  type Grid,
  type LevelPair,
  type Measure,
  type Sample,
} from './measures';

const GRID: Grid = { lowest: 1, highest: 5, step: 1 };

function confusion(pairs: readonly (readonly [number, number])[], classes: number): number[] {
  const counts = new Array<number>(classes * classes).fill(0);
  for (const [a, p] of pairs) counts[a * classes + p] = (counts[a * classes + p] ?? 0) + 1;
  return counts;
}

const pair = (text: number, truth: number, level: number, rest: Partial<LevelPair> = {}): LevelPair => ({
  ...{ text, competency: 0, truth, level, covered: 1, confidence: 0.5, right: 1 },
  ...rest,
});

const ones = (count: number) => new Array<number>(count).fill(1);

const sample = (levels: readonly LevelPair[], rest: Partial<Sample> = {}): Sample => ({
  ...{ levels, presence: [], gate: [] },
  ...rest,
});

test('kappa by hand, as in the trainer’s own test', () => {
  const kappa = (pairs: readonly (readonly [number, number])[], classes: number) =>
    quadraticKappa(confusion(pairs, classes), classes);
  expect(
    kappa(
      [
        [0, 0],
        [1, 1],
        [2, 2],
      ],
      3,
    ),
  ).toBeCloseTo(1, 12);
  expect(
    kappa(
      [
        [2, 2],
        [2, 2],
      ],
      3,
    ),
  ).toBe(0);
  expect(
    kappa(
      [
        [0, 4],
        [4, 0],
      ],
      5,
    ),
  ).toBeCloseTo(-1, 12);
  // The mean squared difference is 1/4 as observed and 32/16 over all pairs.
  expect(
    kappa(
      [
        [0, 0],
        [1, 1],
        [2, 2],
        [3, 2],
      ],
      4,
    ),
  ).toBeCloseTo(0.875, 12);
  expect(kappa([], 3)).toBeNaN();
});

test('with two classes the weights do not matter, and kappa is Cohen’s own', () => {
  // Yes and no of two readers of 50 grant applications, a textbook example: 20, 5, 10, 15; kappa is 0.4.
  expect(quadraticKappa([20, 5, 10, 15], 2)).toBeCloseTo(0.4, 12);
});

test('errors, presence, calibration and refusals by hand', () => {
  const judged = sample(
    [
      pair(0, 2, 2.4, { covered: 1, confidence: 0.92, right: 1 }),
      pair(1, 4, 3.2, { covered: 0, confidence: 0.94, right: 0 }),
      pair(2, 3, 3.1, { covered: 1, confidence: 0.31, right: 0 }),
      pair(2, 5, 4.9, { covered: 1, confidence: 1, right: 1 }),
    ],
    {
      presence: [
        [true, true],
        [false, true],
        [true, false],
        [false, false],
        [true, true],
      ].map(([actual = false, predicted = false], text) => ({ text, actual, predicted, probability: 0.5 })),
      gate: [0, 1, 2, 3].map((text) => ({ text, accepted: text !== 3 })),
    },
  );
  const values = valuesOf(judged, GRID, ones(5));
  expect(values.mae).toBeCloseTo((0.4 + 0.8 + 0.1 + 0.1) / 4, 12);
  expect(values.signed_error).toBeCloseTo((0.4 - 0.8 + 0.1 - 0.1) / 4, 12);
  expect(values.level_accuracy).toBeCloseTo(0.75, 12);
  expect(values.coverage).toBeCloseTo(0.75, 12);
  // The last bin has probabilities of 2.86 in all, and 2 were right; the fourth has 0.31, and none was right.
  expect(values.level_ece).toBeCloseTo((0.86 + 0.31) / 4, 12);
  expect([values.presence_precision, values.presence_recall, values.presence_f1]).toEqual([
    2 / 3,
    2 / 3,
    2 / 3,
  ]);
  expect(values.presence_ece).toBeCloseTo(0.1, 12);
  expect(values.accounts_refused).toBe(0.25);
  // Rounded levels 2, 3, 3, 5 against 2, 4, 3, 5: 1 of 16 squares as observed; all pairs have 4 · 13 + 4 · … by the margins.
  const squares = [2, 4, 3, 5].flatMap((a) => [2, 3, 3, 5].map((p) => (a - p) ** 2));
  expect(values.kappa).toBeCloseTo(1 - (1 * 4) / squares.reduce((sum, square) => sum + square, 0), 12);
  expect(reliabilityOf(judged).level.map(({ count }) => count)).toEqual([1, 3]);
});

test('what is not defined is not given', () => {
  const values = valuesOf(sample([]), GRID, []);
  expect(Object.values(values).every(Number.isNaN)).toBe(true);
});

test('the grid follows the levels', () => {
  expect(gridStep([1, 5])).toBe(1);
  expect(gridStep([1, 2.5])).toBe(0.5);
  expect(gridStep([1, 7 / 3])).toBeCloseTo(1 / 3, 12);
  expect(gridStep([1.017])).toBe(0.01);
});

const level = fc.double({ min: 1, max: 5, noNaN: true });
const mark = fc.integer({ min: 1, max: 5 });
const levels = fc
  .array(fc.tuple(mark, level), { minLength: 1, maxLength: 30 })
  .map((made) => made.map(([truth, own], i) => pair(i, truth, own)));

test('a weight of two is the text twice, and a weight of nothing is its absence', () => {
  fc.assert(
    fc.property(levels, fc.infiniteStream(fc.integer({ min: 0, max: 3 })), (own, stream) => {
      const weights = own.map(() => stream.next().value as number);
      const repeated = own.flatMap((one, i) => new Array<LevelPair>(weights[i] ?? 0).fill(one));
      const weighted = valuesOf(sample(own), GRID, weights);
      const plain = valuesOf(sample(repeated), GRID, ones(own.length));
      for (const [measure, value] of Object.entries(weighted))
        if (Number.isNaN(value)) expect(plain[measure as Measure]).toBeNaN();
        else expect(plain[measure as Measure]).toBeCloseTo(value, 9);
    }),
  );
});

test('kappa is at most 1, does not care who marked first, and turns with the scale', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(mark, mark), { minLength: 1, maxLength: 40 }), (marks) => {
      const kappa = (made: readonly (readonly [number, number])[]) =>
        valuesOf(sample(made.map(([a, b], i) => pair(i, a, b))), GRID, ones(made.length)).kappa;
      const found = kappa(marks);
      expect(found).toBeLessThanOrEqual(1);
      expect(found).toBeGreaterThanOrEqual(-1);
      expect(kappa(marks.map(([a, b]) => [b, a]))).toBeCloseTo(found, 9);
      expect(kappa(marks.map(([a, b]) => [6 - a, 6 - b]))).toBeCloseTo(found, 9);
      const varied = new Set(marks.map(([a]) => a)).size > 1;
      expect(kappa(marks.map(([a]) => [a, a]))).toBeCloseTo(varied ? 1 : 0, 9);
    }),
  );
});

test('F1 lies between precision and recall, and the bias is no larger than the error', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1 }), levels, (shown, own) => {
      const presence = shown.map(([actual, predicted], text) => ({
        text,
        actual,
        predicted,
        probability: 0.5,
      }));
      const values = valuesOf(sample(own, { presence }), GRID, ones(Math.max(shown.length, own.length)));
      const [precision, recall] = [values.presence_precision, values.presence_recall];
      if (!Number.isNaN(precision) && !Number.isNaN(recall)) {
        expect(values.presence_f1).toBeGreaterThanOrEqual(Math.min(precision, recall) - 1e-12);
        expect(values.presence_f1).toBeLessThanOrEqual(Math.max(precision, recall) + 1e-12);
      }
      expect(Math.abs(values.signed_error)).toBeLessThanOrEqual(values.mae + 1e-12);
    }),
  );
});
