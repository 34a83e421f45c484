import { expect, test } from 'vitest';
import { TEXTS } from '../samples/texts';
import { completes, isOwn } from './learning';

const text = Object.values(TEXTS)[0] ?? '';

test('a sample, also with a few changes, is no text of one’s own', () => {
  expect(isOwn(text)).toBe(false);
  expect(isOwn(text.replace('Castellan', 'Brick'))).toBe(false);
  expect(isOwn(`${text} And then I called him.`)).toBe(false);
  expect(isOwn('I called the customer and asked what a day without the machine costs.')).toBe(true);
});

test('the activity is completed by an account of one’s own that was seen, not by a file that came back', () => {
  const own = 'I called the customer.';
  expect(completes({ from: 'text', accepted: true }, own)).toBe(true);
  expect(completes({ from: 'text', accepted: true }, text)).toBe(false);
  expect(completes({ from: 'text', accepted: false }, own)).toBe(false);
  expect(completes({ from: 'file', accepted: true }, own)).toBe(false);
});
