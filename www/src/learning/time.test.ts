import { expect, test } from 'vitest';
import { isoDuration, timespan } from './time';

const HOUR = 3_600_000;

test('durations are written as each standard wants them', () => {
  expect(isoDuration(0)).toBe('PT0H0M0.00S');
  expect(isoDuration(HOUR + 62_345)).toBe('PT1H1M2.35S');
  expect(timespan(HOUR + 62_345)).toBe('0001:01:02.35');
  expect(timespan(59_999)).toBe('0000:01:00.00');
  expect(timespan(20_000 * HOUR)).toMatch(/^9999:/);
  expect(isoDuration(-5)).toBe('PT0H0M0.00S');
});
