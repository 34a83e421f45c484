import { expect, test } from 'vitest';
import { carried, objected } from './objections';

const one = { competency: 'growth', start: 4, end: 8 };

test('an objection is made once, and can be taken back', () => {
  const other = { ...one, competency: 'planning' };
  const made = objected(objected(objected([], one), one), other);
  expect(made).toEqual([one, other]);
  expect(objected(made, { ...one, counts: true })).toEqual([other]);
});

test('objections follow their sentence through an edit, and go with it', () => {
  const before = 'One. Two. One.';
  const second = { competency: 'growth', start: 10, end: 14 };
  expect(carried([second], before, `New. ${before}`)).toEqual([{ ...second, start: 15, end: 19 }]);
  expect(carried([second], before, `${before} New.`)).toEqual([second]);
  expect(carried([second], before, 'One. Two. None.')).toEqual([]);
  expect(carried([second], before, 'One. Two.')).toEqual([]);
  expect(carried([second], before, before)).toEqual([second]);
});
