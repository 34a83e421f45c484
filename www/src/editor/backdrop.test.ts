import { expect, test } from 'vitest';
import { seeded } from '../component/seeded';
import { Backdrop } from './backdrop';
import { edit } from '../typing/edit';
import { painter, type Painter, type Stroke } from './painter';

/** A backdrop with everything built, and a way to edit its text. */
function backdropOf(text: string, by: Painter = painter()) {
  const root = document.createElement('div');
  document.body.replaceChildren(root);
  const backdrop = new Backdrop(root, by);
  let now = '';
  const put = (next: string) => {
    backdrop.edit(edit(now, next), next);
    now = next;
    while (!backdrop.whole) backdrop.build();
  };
  put(text);
  const paragraphs = () => [...root.children].map(({ textContent }) => textContent);
  return { root, backdrop, put, paragraphs };
}

test('every paragraph has a block, and an edit leaves the others as they are', () => {
  const { root, put, paragraphs } = backdropOf('one\n\nthree');
  const [first, , third] = root.children;
  put('one\ntwo\nthree');
  expect(paragraphs()).toEqual(['one', 'two', 'three']);
  put('one\ntwo\nand\na half\nthree');
  expect(paragraphs()).toEqual(['one', 'two', 'and', 'a half', 'three']);
  put('one\nthree');
  expect([root.firstChild, root.lastChild]).toEqual([first, third]);
  expect(paragraphs()).toEqual(['one', 'three']);
  put('');
  expect(paragraphs()).toEqual(['']);
});

test('after any edits, also before all is built, the blocks are the paragraphs', () => {
  const draw = seeded(3);
  const random = (below: number) => Math.floor(draw() * below);
  const root = document.createElement('div');
  const backdrop = new Backdrop(root, painter(), 20);
  let text = '';
  const inserts = ['', 'a', '\n', 'b\nc', 'line\n'.repeat(9), 'x'.repeat(30)];
  for (let step = 0; step < 400; step++) {
    const start = random(text.length + 1);
    const removed = random(3) ? random(4) : random(Math.min(60, text.length - start) + 1);
    const next = text.slice(0, start) + (inserts[random(inserts.length)] ?? '') + text.slice(start + removed);
    backdrop.edit(edit(text, next), next);
    text = next;
    if (random(2)) backdrop.build();
    if (step % 20) continue;
    while (!backdrop.whole) backdrop.build();
    expect([...root.children].map(({ textContent }) => textContent)).toEqual(text.split('\n'));
    const from = random(text.length + 1);
    const to = Math.min(text.length, from + random(30));
    expect(backdrop.range({ start: from, end: to }).toString()).toBe(
      text.slice(from, to).replaceAll('\n', ''),
    );
  }
});

test('a paragraph that is longer than a slice is divided where it wraps, and so it is after any edits', () => {
  const draw = seeded(5);
  const random = (below: number) => Math.floor(draw() * below);
  const root = document.createElement('div');
  // Lines of five characters.
  const lastLine = ({ textContent }: HTMLElement) => Math.floor((textContent.length - 1) / 5) * 5;
  const backdrop = new Backdrop(root, painter(), 40, lastLine);
  let text = '';
  const inserts = ['', 'a', '\n', 'words '.repeat(9), 'word', `${'x'.repeat(70)}\nyes`];
  for (let step = 0; step < 2_000; step++) {
    const start = random(text.length + 1);
    const next =
      text.slice(0, start) +
      (inserts[random(inserts.length)] ?? '') +
      text.slice(start + random(text.length > 600 ? 200 : 9));
    backdrop.edit(edit(text, next), next);
    text = next;
    if (random(2)) backdrop.build();
    if (random(20) === 0) backdrop.reflow();
    if (step % 10) continue;
    while (!backdrop.whole) backdrop.build();
    const blocks = [...root.children].map(({ textContent }) => textContent);
    for (const paragraph of text.split('\n')) {
      let built = '';
      do {
        expect(built.length % 5).toBe(0);
        built += blocks.shift() ?? '';
      } while (built.length < paragraph.length);
      expect(built).toBe(paragraph);
    }
    expect(blocks).toEqual([]);
    const from = random(text.length + 1);
    const to = Math.min(text.length, from + random(90));
    expect(backdrop.range({ start: from, end: to }).toString()).toBe(
      text.slice(from, to).replaceAll('\n', ''),
    );
  }
});

test('strokes are drawn in their blocks, again only where they changed, and taken back', () => {
  const drawn: [string, readonly Stroke[]][] = [];
  const spy: Painter = {
    paint: (block, strokes) => drawn.push([block.textContent, strokes]),
    forget: () => undefined,
  };
  const { backdrop, put } = backdropOf('one\ntwo\nthree', spy);
  const stroke = { start: 1, end: 6, looks: ['positive'] };
  const all = { start: 0, end: 13 };
  backdrop.paint([stroke], all);
  expect(drawn.splice(0)).toEqual([
    ['one', [{ ...stroke, start: 1, end: 3 }]],
    ['two', [{ ...stroke, start: 0, end: 2 }]],
  ]);
  backdrop.paint([stroke], all);
  expect(drawn).toEqual([]);
  put('one\ntwo\nthree!');
  backdrop.paint([stroke], { start: 0, end: 14 });
  expect(drawn.splice(0)).toEqual([['three!', []]]);
  backdrop.paint([], { start: 0, end: 14 });
  expect(drawn.map(([text, strokes]) => [text, strokes.length])).toEqual([
    ['one', 0],
    ['two', 0],
  ]);
});

test('without highlights, spans are drawn, which an edit of the paragraph replaces', () => {
  const { root, backdrop, put, paragraphs } = backdropOf('He signed. We met.');
  const spans = () => [...root.querySelectorAll('span')].map((span) => [span.textContent, span.className]);
  const looks = ['h3', 'positive'];
  backdrop.paint([{ start: 11, end: 18, looks }], { start: 0, end: 18 });
  expect(spans()).toEqual([['We met.', 'h3 positive']]);
  put('So he signed. We met.');
  expect([spans(), paragraphs()]).toEqual([[], ['So he signed. We met.']]);
  backdrop.paint([{ start: 14, end: 21, looks }], { start: 0, end: 21 });
  expect(spans()).toEqual([['We met.', 'h3 positive']]);
  expect(backdrop.range({ start: 13, end: 17 }).toString()).toBe(' We ');
});
