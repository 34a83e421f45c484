import { expect, test } from 'vitest';
import { paragraphs, withoutRadicals } from './paragraphs';

test('full lines go on, short ones end a paragraph', () => {
  const lines = [
    { text: 'I asked the manager what a stopped', end: 500 },
    { text: 'line costs him.', end: 200 },
    { text: 'Next week: the kick-off.', end: 300 },
  ];
  expect(paragraphs(lines)).toBe(
    'I asked the manager what a stopped line costs him.\nNext week: the kick-off.',
  );
});

test('Chinese lines join without a space, hyphens stay', () => {
  expect(
    paragraphs([
      { text: '我先问了车间主任停线', end: 500 },
      { text: '一小时损失多少。', end: 200 },
    ]),
  ).toBe('我先问了车间主任停线一小时损失多少。');
  expect(
    paragraphs([
      { text: 'a three-', end: 500 },
      { text: 'year contract', end: 100 },
    ]),
  ).toBe('a three-year contract');
  expect(paragraphs([])).toBe('');
});

test('radicals become the characters that they look like', () => {
  expect(withoutRadicals('⻋间主任停线⼀⼩时，⽉底')).toBe('车间主任停线一小时，月底');
});
