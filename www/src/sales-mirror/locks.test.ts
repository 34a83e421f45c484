import { expect, test } from 'vitest';
import { locksOf } from './locks';

test('an attribute lists what is locked, and what is not known locks nothing', () => {
  expect([...locksOf(' history\n team plan')]).toEqual(['team', 'history']);
  expect([...locksOf('log-on')]).toEqual(['log-on']);
  expect(locksOf('').size).toBe(0);
});
