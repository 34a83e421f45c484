import { expect, test } from 'vitest';
import { assessment, older, refusal } from '../testing/fixtures';
import { present } from './stored';

test.each([1, 2] as const)('an assessment of schema %d is accepted, with nothing left out', (schema) => {
  const now = assessment({ growth: { level: 3 } });
  expect(present(older(now, schema))).toEqual({ ...now, account: { probability: null, accepted: true } });
});

test('an assessment of schema 3 is read without objections', () => {
  const refused = refusal();
  expect(present(older(refused, 3))).toEqual(refused);
});

test('an assessment of today stays as it is', () => {
  const refused = refusal();
  expect(present(refused)).toBe(refused);
});
