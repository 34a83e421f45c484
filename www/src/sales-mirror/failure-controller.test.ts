import { expect, test } from 'vitest';
import { FakeHost, heard } from '../testing/host';
import { FailureController } from './failure-controller';

test('a failure is told once, however often it passes by', () => {
  const host = new FakeHost();
  const errors = heard(host, 'sales-mirror-error');
  const subject = new FailureController(host);
  const failure = subject.show(new Error('x'));
  expect(failure).toMatchObject({ code: 'internal' });
  expect(subject.show(failure)).toBe(failure);
  expect(errors).toEqual([failure]);
  subject.clear();
  expect(subject.shown).toBeUndefined();
  subject.show(failure);
  expect(errors).toHaveLength(2);
});
