import { expect, test } from 'vitest';
import { seeded } from '../component/seeded';
import type { Part } from '../engine/contract';
import { rubric } from '../testing/fixtures';
import { look } from '../result/highlight';
import { edit } from '../typing/edit';
import { follow, neighbour, normalized, only, pieceAt, pieces, type EditorMark, type Piece } from './pieces';

const mark = (start: number, end: number, more: Partial<EditorMark> = {}): EditorMark => ({
  ...{ start, end, competency: 'negotiation', polarity: 'positive', weight: 0.5, level: 3.6, without: 3.1 },
  ...more,
});

/** The marks of sentences of a text. */
const marksIn = (text: string, ...sentences: string[]) =>
  sentences.map((sentence) => mark(text.indexOf(sentence), text.indexOf(sentence) + sentence.length));

const slices = (list: readonly Piece[], text: string) => list.map(({ start, end }) => text.slice(start, end));

/** What is still marked once one text has become the other. */
function after(before: string, sentences: readonly string[], text: string): string[] {
  const found = pieces(before, marksIn(before, ...sentences), []);
  return slices(follow(found, edit(before, text), text), text);
}

test('a sentence is one piece with all that it is evidence of, and other text is none', () => {
  const text = 'He signed. We met. Bye.';
  const found = pieces(
    text,
    [mark(0, 10), mark(0, 10, { competency: 'growth' }), mark(11, 18)],
    [{ start: 19, end: 23, reason: 'repeated' }],
  );
  expect(slices(found, text)).toEqual(['He signed.', 'We met.', 'Bye.']);
  expect(found.map(({ marks, reason }) => [marks.length, reason])).toEqual([
    [2, null],
    [1, null],
    [0, 'repeated'],
  ]);
});

test('pieces are where a text area has them, which has no carriage returns', () => {
  const text = 'Hello.\r\n\r\nHe signed.\r\nWe met.\rBye.';
  const found = pieces(text, marksIn(text, 'Hello.', 'He signed.', 'We met.'), []);
  expect(slices(found, normalized(text))).toEqual(['Hello.', 'He signed.', 'We met.']);
  expect(found[1]?.marks[0]?.start).toBe(10);
});

test('an edit shifts the marks behind it, and takes away those of sentences that it changed', () => {
  const before = 'We met. He signed. They pay.';
  const marked = ['We met.', 'He signed.', 'They pay.'];
  expect(after(before, marked, 'So: We met. He signed. They pay.')).toEqual(['He signed.', 'They pay.']);
  expect(after(before, marked, 'We met. He just signed. They pay.')).toEqual(['We met.', 'They pay.']);
  expect(after(before, marked, 'We met. They pay.')).toEqual(['We met.', 'They pay.']);
  expect(after(before, marked, 'We met. Then I asked. He signed. They pay.')).toEqual(marked);
  expect(after(before, marked, 'We met. He signed. They pay. Bye.')).toEqual(marked);
});

test('words that are added to the end of a sentence change it', () => {
  expect(after('He signed', ['He signed'], 'He signed today')).toEqual([]);
  expect(after('He signed', ['He signed'], 'He signed\nToday')).toEqual(['He signed']);
  expect(after('他签了。', ['他签了。'], '他签了。好')).toEqual(['他签了。']);
});

test('a part that did not count grows with what is typed in it', () => {
  const before = 'Mine. > quoted mail\nMine.';
  const part: Part = { start: 6, end: 20, reason: 'quoted_mail' };
  const text = 'Mine. > quoted long mail\nMine.';
  const found = follow(pieces(before, [], [part]), edit(before, text), text);
  expect(slices(found, text)).toEqual(['> quoted long mail\n']);
});

test('after any edits, what is marked is what was marked', () => {
  const draw = seeded(7);
  const random = (below: number) => Math.floor(draw() * below);
  const inserts = ['', 'a', ' ', '. ', '。', '\n', 'He signed. ', '客户'];
  for (let round = 0; round < 300; round++) {
    let text = '';
    const marks: EditorMark[] = [];
    for (let i = 0; i < 12; i++) {
      const sentence = `${'客户签了字 he signed it'.slice(random(8), 10 + random(8))}${i}.`;
      if (random(2)) marks.push(mark(text.length, text.length + sentence.length));
      text += sentence + (random(4) ? ' ' : '\n');
    }
    let list = pieces(text, marks, []);
    const original = new Map(marks.map((each) => [each, text.slice(each.start, each.end)]));
    for (let step = 0; step < 8; step++) {
      const start = random(text.length + 1);
      const removed = random(3) ? random(3) : random(text.length - start + 1);
      const next =
        text.slice(0, start) + (inserts[random(inserts.length)] ?? '') + text.slice(start + removed);
      const change = edit(text, next);
      const untouched = list.filter((piece) => piece.end < change.start || piece.start > change.oldEnd);
      list = follow(list, change, next);
      text = next;
      expect(list.length).toBeGreaterThanOrEqual(untouched.length);
      for (const { start, end, marks } of list)
        expect(marks.map((each) => original.get(each))).toEqual([text.slice(start, end)]);
    }
  }
});

test('the evidence of one competency is shown alone, with the parts that did not count', () => {
  const list = pieces(
    'He signed. We met. Bye.',
    [mark(0, 10), mark(11, 18, { competency: 'growth' })],
    [{ start: 19, end: 23, reason: 'repeated' }],
  );
  expect(only(list, null)).toBe(list);
  expect(only(list, 'growth').map(({ start }) => start)).toEqual([11, 19]);
});

test('the caret is in a piece from its first character to before its end', () => {
  const list = pieces('He signed. We met.', [mark(0, 10), mark(11, 18)], []);
  expect([0, 9, 10, 11, 18].map((caret) => pieceAt(list, caret)?.start)).toEqual([
    0,
    0,
    undefined,
    11,
    undefined,
  ]);
});

test('a walk goes from the caret or the open card to its neighbours, and round', () => {
  const list = pieces('He signed. We met. They pay.', [mark(0, 10), mark(11, 18), mark(19, 28)], []);
  const [first, second, third] = list;
  expect(neighbour(list, 1, 0)).toBe(first);
  expect(neighbour(list, 1, 5)).toBe(second);
  expect(neighbour(list, -1, 11)).toBe(first);
  expect(neighbour(list, 1, 28)).toBe(first);
  expect(neighbour(list, -1, 0)).toBe(third);
  expect(first && neighbour(list, 1, first)).toBe(second);
  expect(first && neighbour(list, -1, first)).toBe(third);
  expect(third && neighbour(list, 1, third)).toBe(first);
  expect(neighbour([], 1, 0)).toBeUndefined();
});

test('the strongest competency gives the hue, and one poor example makes a sentence poor', () => {
  const [first, second] = rubric.competencies.map(({ id }) => id);
  const marks = [
    mark(0, 1, { competency: first, weight: 0.2, polarity: 'negative' }),
    mark(0, 1, { competency: second, weight: 0.8 }),
  ];
  expect(look(marks, rubric)).toEqual({ hue: 'h1', polarity: 'negative', badge: '1－ 2＋' });
});
