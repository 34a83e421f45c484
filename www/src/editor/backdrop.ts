/**
 * A second setting of the text area's text, in one block per paragraph, on which marks are drawn. It owns the blocks: an
 * edit touches only the paragraphs that it changed, and a long text is built in slices. What is drawn is left to
 * painter.ts, the metrics and scrolling to editor.ts.
 */
import type { Span } from '../engine/contract';
import type { Edit } from './edit';
import { pointIn, type Painter, type Stroke } from './painter';

/** Characters that are laid out in one task. */
const SLICE = 8_000;

/** A paragraph, without its line break. */
interface Block {
  readonly element: HTMLElement;
  length: number;
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

  /** @param slice characters that are laid out in one task */
  constructor(
    private readonly root: HTMLElement,
    private readonly painter: Painter,
    private readonly slice = SLICE,
  ) {}

  /** Whether every paragraph has its block. */
  get whole(): boolean {
    return this.built > this.text.length;
  }

  /** Whether the paragraphs up to this offset have their blocks. */
  reaches(offset: number): boolean {
    return offset < this.built;
  }

  /** Takes over an edit, except for blocks that are still to be built. */
  edit({ start, oldEnd, newEnd }: Edit, after: string): void {
    const shift = newEnd - oldEnd;
    this.text = after;
    if (start >= this.built) return;
    const first = this.indexAt(start);
    const last = this.indexAt(oldEnd);
    const block = this.blocks[first];
    if (!block) return;
    if (oldEnd >= this.built || newEnd - start > this.slice) {
      this.built = this.start(first);
      this.replace(first, this.blocks.length, []);
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
    const paragraphs: string[] = [];
    const from = this.built;
    while (!this.whole && this.built - from < this.slice) {
      const end = this.text.indexOf('\n', this.built);
      const paragraph = this.text.slice(this.built, end < 0 ? undefined : end);
      paragraphs.push(paragraph);
      this.built += paragraph.length + 1;
    }
    this.replace(this.blocks.length, this.blocks.length, paragraphs);
  }

  clear(): void {
    this.replace(0, this.blocks.length, []);
    this.text = '';
    this.built = 0;
  }

  /** The part of the text whose blocks are between two heights, in pixels from the top of the first block. */
  between(top: number, bottom: number): Span {
    const below = (y: number) => (block: Block) => block.element.offsetTop + block.element.offsetHeight >= y;
    const first = partition(this.blocks, below(top));
    const last = Math.min(partition(this.blocks, below(bottom)), this.blocks.length - 1);
    return { start: this.start(first), end: this.start(last) + (this.blocks[last]?.length ?? 0) };
  }

  /** The range of a part of the text that is built. */
  range({ start, end }: Span): Range {
    const range = document.createRange();
    range.setStart(...this.point(start));
    range.setEnd(...this.point(end));
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

  private replace(from: number, to: number, paragraphs: readonly string[]): void {
    const added = paragraphs.map((paragraph): Block => {
      const element = document.createElement('div');
      element.append(paragraph);
      return { element, length: paragraph.length, painted: '' };
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
      this.starts[i] = i === 0 ? 0 : this.start(i - 1) + (this.blocks[i - 1]?.length ?? 0) + 1;
    }
  }

  private start(i: number): number {
    return this.starts[i] ?? 0;
  }

  /** The block that an offset is in, the last one for offsets beyond it. */
  private indexAt(offset: number): number {
    return Math.max(0, partition(this.starts, (start) => start > offset) - 1);
  }

  private point(offset: number): [node: Node, offset: number] {
    const i = this.indexAt(offset);
    const { element } = this.blocks[i] ?? { element: this.root };
    const inside = offset - this.start(i);
    return pointIn(element, inside);
  }
}

/** The index of the first item that meets a condition which all items behind it meet too; the length if none does. */
function partition<T>(items: readonly T[], meets: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && meets(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}
