import { expect, test } from 'vitest';
import { pageLines, type Piece } from './page-lines';

const HEIGHT = 10;

/** Pieces of text by their left edge and base line; a character is five wide. */
const piece = (x: number, y: number, text: string): Piece => ({
  text,
  x,
  y,
  width: 5 * text.length,
  height: HEIGHT,
});

const read = (...pieces: Piece[]) => pageLines(pieces).map(({ text }) => text);

const left = [
  'I asked the plant manager what a',
  'stopped line costs an hour, and he',
  'said nine thousand for each hour.',
];
const right = [
  'Then I offered a trial of the new',
  'drive against a three-year deal,',
  'and he signed it the next morning.',
];

test('columns that are drawn row by row are read one after the other', () => {
  const rows = left.flatMap((text, i) => [
    piece(50, 100 + 12 * i, text),
    piece(250, 100 + 12 * i, right[i] ?? ''),
  ]);
  expect(read(...rows)).toEqual([...left, ...right]);
});

test('columns whose lines run into the next column, or touch it, are read one after the other', () => {
  // The first line is as wide as the column, the others are wider.
  const rows = left.flatMap((text, i) => [
    piece(50, 100 + 12 * i, text),
    piece(50 + 5 * (left[0]?.length ?? 0), 100 + 12 * i, right[i] ?? ''),
  ]);
  expect(read(...rows)).toEqual([...left, ...right]);
});

test('text that lies over other text is apart from it', () => {
  expect(read(piece(50, 100, 'it goes on'), piece(94, 100, 'RIGHT'))).toEqual(['it goes on RIGHT']);
});

test('titles across the columns divide them', () => {
  const title = piece(60, 80, 'A visit to the plant of Castellan Ceramics in Stoke-on-Trent');
  const rows = left.flatMap((text, i) => [
    piece(50, 100 + 12 * i, text),
    piece(250, 100 + 12 * i, right[i] ?? ''),
  ]);
  expect(read(...rows, title)).toEqual([title.text, ...left, ...right]);
});

test('the rows of a table stay rows', () => {
  const cells = [
    ['Customer', 'Acme'],
    ['Next step', 'Plan by Friday'],
    ['Open since', '2 March'],
    ['Owner', 'Ann'],
  ];
  const pieces = cells.flatMap(([a = '', b = ''], i) => [
    piece(50, 100 + 12 * i, a),
    piece(250, 100 + 12 * i, b),
  ]);
  expect(read(...pieces)).toEqual(cells.map((row) => row.join(' · ')));
});

test('words that are placed one by one are apart, and pieces of a word are not', () => {
  expect(read(piece(50, 100, 'He'), piece(63, 100.5, 'sig'), piece(78, 100, 'ned.'))).toEqual(['He signed.']);
});
