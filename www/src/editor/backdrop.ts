/**
 * A second setting of the text area's text, in one block per paragraph, on which marks are drawn. It owns the blocks: an
 * edit touches only the paragraphs that it changed, and a long text is built in slices. So is a paragraph that is longer
 * than a slice: it is divided where the browser wraps it, because laying out all of it for each key would block the page.
 * What is drawn is left to painter.ts, the metrics and scrolling to editor.ts.
 */
import type { Span } from '../engine/contract';
import type { Edit } from '../typing/edit';
import { pointIn, type Painter, type Stroke } from './painter';

/** Characters that are laid out in one task. */
const SLICE = 8_000;

/** How many blocks a slice of a long paragraph has. */
const PARTS = 4;

/** A paragraph without its line break, or whole lines of a long one. */
interface Block {
  readonly element: HTMLElement;
  length: number;
  /** Whether the paragraph goes on in the next block. */
  continued: boolean;
  /** What is drawn on it, so that nothing is drawn twice; null if that is not known. */
  painted: string | null;
}

export class Backdrop {
  private text = '';
  private blocks: Block[] = [];
  /** Where each block begins. */
  private starts: number[] = [];
  /** Where the first block begins that is still to be built; beyond the text if none is. */
  private built = 0;

  /**
   * @param slice characters that are laid out in one task
   * @param lastLine where the last line of a block begins; 0 if there is no other line, or no layout
   */
  constructor(
    private readonly root: HTMLElement,
    private readonly painter: Painter,
    private readonly slice = SLICE,
    private readonly lastLine = lastLineOf,
  ) {}

  /** Whether every paragraph has its block. */
  get whole(): boolean {
    return this.built > this.text.length;
  }

  /** Whether there are blocks down to a height, in pixels from the top of the first one, or for the whole text. */
  fills(height: number): boolean {
    return this.whole || this.root.offsetHeight > height;
  }

  /** Whether the paragraphs up to this offset have their blocks. */
  reaches(offset: number): boolean {
    return offset < this.built;
  }

  /** Takes over an edit, except for blocks that are still to be built. */
  edit({ start, oldEnd, newEnd }: Edit, after: string): void {
    const shift = newEnd - oldEnd;
    this.text = after;
    const first = this.indexAt(start);
    const last = this.indexAt(oldEnd);
    const block = this.blocks[first];
    if (!block) return;
    const within = start < this.built;
    // The line before an edit may have room now for what begins the next one.
    const from = within && this.blocks[first - 1]?.continued ? first - 1 : first;
    if (this.blocks.slice(from, last + 1).some(({ continued }) => continued)) {
      this.rebuild(from);
      return;
    }
    if (!within) return;
    if (oldEnd >= this.built || Math.max(newEnd - start, block.length + shift) > this.slice) {
      this.rebuild(first);
    } else if (first === last && !after.slice(start, newEnd).includes('\n')) {
      const from = this.start(first);
      const content = block.element.firstChild;
      block.length += shift;
      block.painted = null;
      this.built += shift;
      this.count(first);
      // A single text node is edited in place, so that the browser lays out anew only what it must.
      if (content instanceof Text && !content.nextSibling)
        content.replaceData(start - from, oldEnd - start, after.slice(start, newEnd));
      else block.element.textContent = after.slice(from, from + block.length);
    } else {
      const end = this.start(last) + (this.blocks[last]?.length ?? 0) + shift;
      const paragraphs = after.slice(this.start(first), end).split('\n');
      this.built += shift;
      this.replace(first, last + 1, paragraphs);
    }
  }

  /** Builds the blocks of the next slice. */
  build(): void {
    const from = this.built;
    while (!this.whole && this.built - from < this.slice) {
      const end = this.text.indexOf('\n', this.built);
      const paragraph = this.text.slice(this.built, end < 0 ? undefined : end);
      if (paragraph.length > this.slice && this.buildLines(paragraph)) continue;
      this.replace(this.blocks.length, this.blocks.length, [paragraph]);
      this.built += paragraph.length + 1;
    }
  }

  /** Lays out long paragraphs anew, whose lines wrap elsewhere after a change of metrics. */
  reflow(): void {
    const first = this.blocks.findIndex(({ continued }) => continued);
    if (first >= 0) this.rebuild(first);
  }

  clear(): void {
    this.replace(0, this.blocks.length, []);
    this.text = '';
    this.built = 0;
  }

  /** The part of the text whose blocks are between two heights, in pixels from the top of the first block; empty if there are none. */
  between(top: number, bottom: number): Span {
    const below = (y: number) => (i: number) => {
      const { offsetTop = 0, offsetHeight = 0 } = this.blocks[i]?.element ?? {};
      return offsetTop + offsetHeight >= y;
    };
    const first = lowest(this.blocks.length, below(top));
    // What is scrolled to may still have to be built.
    if (first === this.blocks.length) return { start: this.built, end: this.built };
    const last = Math.min(lowest(this.blocks.length, below(bottom)), this.blocks.length - 1);
    return { start: this.start(first), end: this.start(last) + (this.blocks[last]?.length ?? 0) };
  }

  /** The range of a part of the text that is built. */
  range({ start, end }: Span): Range {
    const range = document.createRange();
    range.setStart(...this.point(start, this.indexAt(start)));
    // What ends with a block is not to reach into the next one.
    range.setEnd(...this.point(end, this.indexAt(Math.max(start, end - 1))));
    return range;
  }

  /** Draws these strokes and no others, in the blocks of a part of the text. */
  paint(strokes: readonly Stroke[], within: Span): void {
    const first = this.indexAt(within.start);
    const last = this.indexAt(within.end);
    this.blocks.forEach((block, i) => {
      const start = this.start(i);
      const end = start + block.length;
      const own =
        i < first || i > last
          ? []
          : strokes.flatMap((stroke) => {
              const from = Math.max(stroke.start, start) - start;
              const to = Math.min(stroke.end, end) - start;
              return from < to ? [{ ...stroke, start: from, end: to }] : [];
            });
      const painted = own.map((stroke) => `${stroke.start}-${stroke.end} ${stroke.looks.join(' ')}`).join();
      if (block.painted === painted) return;
      block.painted = painted;
      this.painter.paint(block.element, own);
    });
  }

  /** Builds the next lines of a long paragraph; false if they cannot be told. */
  private buildLines(paragraph: string): boolean {
    const i = this.blocks.length;
    this.replace(i, i, [paragraph.slice(0, Math.ceil(this.slice / PARTS))]);
    const block = this.blocks[i];
    if (!block) return false;
    const length = this.lastLine(block.element);
    if (length === 0) {
      this.replace(i, i + 1, []);
      return false;
    }
    block.element.textContent = paragraph.slice(0, length);
    block.length = length;
    block.continued = true;
    this.built += length;
    return true;
  }

  /** Has this block and all behind it built again. */
  private rebuild(i: number): void {
    this.built = this.start(i);
    this.replace(i, this.blocks.length, []);
  }

  private replace(from: number, to: number, paragraphs: readonly string[]): void {
    const added = paragraphs.map((paragraph): Block => {
      const element = document.createElement('div');
      element.append(paragraph);
      return { element, length: paragraph.length, continued: false, painted: '' };
    });
    const next = this.blocks[to]?.element ?? null;
    const fragment = document.createDocumentFragment();
    fragment.append(...added.map(({ element }) => element));
    for (const { element } of this.blocks.splice(from, to - from, ...added)) {
      this.painter.forget(element);
      element.remove();
    }
    this.root.insertBefore(fragment, next);
    this.count(from);
  }

  /** Counts anew where the blocks behind this one begin. */
  private count(from: number): void {
    this.starts.length = this.blocks.length;
    for (let i = from; i < this.blocks.length; i++) {
      const before = this.blocks[i - 1];
      this.starts[i] = before ? this.start(i - 1) + before.length + (before.continued ? 0 : 1) : 0;
    }
  }

  private start(i: number): number {
    return this.starts[i] ?? 0;
  }

  /** The block that an offset is in, the last one for offsets beyond it. */
  private indexAt(offset: number): number {
    return Math.max(0, lowest(this.starts.length, (i) => this.start(i) > offset) - 1);
  }

  private point(offset: number, i: number): [node: Node, offset: number] {
    const { element } = this.blocks[i] ?? { element: this.root };
    const inside = offset - this.start(i);
    return pointIn(element, inside);
  }
}

/** Where the last line of a block begins in its text, by its layout; 0 if there is no other line, or no layout. */
function lastLineOf({ firstChild }: HTMLElement): number {
  if (!(firstChild instanceof Text)) return 0;
  const range = document.createRange();
  const top = (offset: number) => {
    range.setStart(firstChild, offset);
    range.setEnd(firstChild, offset + 1);
    return range.getBoundingClientRect().top;
  };
  const last = top(firstChild.length - 1);
  // Positions are not whole pixels, and lines are more than one apart.
  return lowest(firstChild.length, (offset) => top(offset) > last - 1);
}

/** The lowest number from 0 that meets a condition which all numbers above it meet too; `end` if none below it does. */
function lowest(end: number, meets: (number: number) => boolean): number {
  let low = 0;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (meets(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
