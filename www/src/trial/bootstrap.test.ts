import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawn, figure, percentiles, resample, SEED } from './bootstrap';

test('a resample draws as many texts as there are, and the same ones each time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(2_000), (texts, number) => {
      const once = drawn(texts, number);
      expect(once.reduce((sum, times) => sum + times, 0)).toBe(texts);
      expect(drawn(texts, number, SEED)).toEqual(once);
    }),
  );
  expect(drawn(50, 1)).not.toEqual(drawn(50, 2));
});

test('texts are drawn alike often', () => {
  const all = new Float64Array(20);
  for (let i = 0; i < 2_000; i++)
    for (const [text, times] of drawn(20, i).entries()) all[text] = (all[text] ?? 0) + times;
  // Each count is binomial with mean 2,000 and a standard deviation of 44.
  for (const count of all) expect(Math.abs(count - 2_000)).toBeLessThan(220);
});

test('percentiles by hand, and within the values', () => {
  expect(
    percentiles(
      Array.from({ length: 101 }, (_, i) => 100 - i),
      0.5,
    ),
  ).toEqual([25, 75]);
  expect(percentiles([1], 0.9)).toBeNull();
  fc.assert(
    fc.property(fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 2 }), (values) => {
      const [low = NaN, high = NaN] = percentiles(values, 0.95) ?? [];
      expect(low).toBeLessThanOrEqual(high);
      expect(low).toBeGreaterThanOrEqual(Math.min(...values));
      expect(high).toBeLessThanOrEqual(Math.max(...values));
    }),
  );
});

test('an interval needs half of the resamples', () => {
  const resampled = (defined: number) => Array.from({ length: 10 }, (_, i) => (i < defined ? 1 : NaN));
  expect(figure(NaN, resampled(10))).toBeNull();
  expect(figure(1, resampled(5))).toEqual({ value: 1, low: null, high: null });
  expect(figure(1, resampled(6))).toEqual({ value: 1, low: 1, high: 1 });
});

test('the interval of a mean is as wide as theory has it', async () => {
  // 100 values of 0 and 1, half of them 1: the standard error of their mean is 0.05.
  const values = Array.from({ length: 100 }, (_, i) => i % 2);
  const means: number[] = [];
  await resample(100, 1_000, (weights) => {
    means.push(values.reduce((sum, value, i) => sum + value * (weights[i] ?? 0), 0) / 100);
  });
  const { low, high } = figure(0.5, means) ?? {};
  expect((high ?? 0) - (low ?? 0)).toBeCloseTo(2 * 1.96 * 0.05, 1);
});

test('resampling ends when it is no longer wanted', async () => {
  const stop = new AbortController();
  const endless = resample(
    10,
    Infinity,
    () => {
      stop.abort(new Error('enough'));
    },
    stop.signal,
  );
  await expect(endless).rejects.toThrow('enough');
});
