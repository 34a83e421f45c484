import { expect, test } from 'vitest';
import type { Line } from './page-lines';
import { paragraphs } from './paragraphs';
import { withoutRadicals } from './radicals';

/** Lines of a column from 50 to 550, each as long as it says. */
const lines = (...of: readonly (readonly [text: string, end: number])[]): Line[] =>
  of.map(([text, end], i) => ({ text, start: 50, end, y: 100 + 12 * i, height: 10, left: 50, right: 550 }));

const join = (...pages: Line[][]) => paragraphs(pages).text;

test('full lines go on, short ones end a paragraph', () => {
  expect(
    join(
      lines(
        ['I asked the manager what a stopped', 500],
        ['line costs him.', 200],
        ['Next week: the kick-off.', 300],
      ),
    ),
  ).toBe('I asked the manager what a stopped line costs him.\nNext week: the kick-off.');
});

test('Chinese lines join without a space, hyphens stay, soft hyphens go', () => {
  expect(join(lines(['我先问了车间主任停线', 500], ['一小时损失多少。', 200]))).toBe(
    '我先问了车间主任停线一小时损失多少。',
  );
  expect(join(lines(['a three-', 500], ['year contract', 100]))).toBe('a three-year contract');
  expect(join(lines(['a con\u00ad', 500], ['tract', 100]))).toBe('a contract');
  expect(join([])).toBe('');
});

test('a heading in a larger font and a line after a gap are paragraphs of their own', () => {
  const [heading, text, far] = lines(
    ['A heading as wide as the page is', 540],
    ['text that fills its line', 540],
    ['far below', 200],
  );
  if (!heading || !text || !far) throw new Error('three lines were made');
  expect(join([{ ...heading, height: 16 }, text, { ...far, y: 200 }])).toBe(
    'A heading as wide as the page is\ntext that fills its line\nfar below',
  );
});

test('a sentence goes on over a page, without the header and the number between its parts', () => {
  const page = (number: number, ...body: readonly (readonly [string, number])[]) =>
    lines(['Visit report · Confidential', 300], ...body, [`Page ${number} of 2`, 120]);
  const { text, margins } = paragraphs([
    page(1, ['He asked for a discount and I', 500]),
    page(2, ['asked him for a longer contract.', 300]),
  ]);
  expect(text).toBe('He asked for a discount and I asked him for a longer contract.');
  expect(margins).toBe(true);
});

test('sentences that differ in their numbers are no headers, but one that is the same on every page is', () => {
  const page = (visit: number) => lines([`Visit ${visit}: he signed.`, 200], ['Do not share.', 150]);
  expect(join(page(1), page(2), page(3))).toBe(
    'Visit 1: he signed.\nVisit 2: he signed.\nVisit 3: he signed.',
  );
});

test('a sentence that ends with the page is not joined to the next', () => {
  expect(join(lines(['He signed the contract.', 540]), lines(['Then we left.', 300]))).toBe(
    'He signed the contract.\nThen we left.',
  );
});

test.each(['3', '- 3 -', 'Page 3', '3 / 12', '第 3 页', '第3页 共12页', 'Page 3 of 12'])(
  '%s is a page number',
  (number) => {
    expect(join(lines(['He signed.', 200], [number, 60]))).toBe('He signed.');
  },
);

test('what only looks like a page number within the text stays', () => {
  expect(join(lines(['We sold', 200], ['12', 60], ['drives.', 200]))).toBe('We sold\n12\ndrives.');
});

test('radicals become the characters that they look like', () => {
  expect(withoutRadicals('⻋间主任停线⼀⼩时，⽉底')).toBe('车间主任停线一小时，月底');
});
