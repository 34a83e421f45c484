import { expect, test } from 'vitest';
import { edit } from './edit';

test.each([
  ['abc', 'abXc', { start: 2, oldEnd: 2, newEnd: 3 }],
  ['abc', 'ac', { start: 1, oldEnd: 2, newEnd: 1 }],
  ['abc', 'aXYc', { start: 1, oldEnd: 2, newEnd: 3 }],
  ['aaa', 'aa', { start: 2, oldEnd: 3, newEnd: 2 }],
  ['', 'abc', { start: 0, oldEnd: 0, newEnd: 3 }],
  ['abc', 'abc', { start: 3, oldEnd: 3, newEnd: 3 }],
])('from %j to %j', (before, after, expected) => {
  expect(edit(before, after)).toEqual(expected);
});
