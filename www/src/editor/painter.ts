/**
 * Draws marks on blocks of text: by the CSS Custom Highlight API, which leaves the document as it is, or by spans where
 * the browser does not have it. The looks are defined in editor.styles.ts.
 */
import type { Span } from '../engine/contract';

/** A stretch that is drawn. Offsets are of the text of its block. */
export interface Stroke extends Span {
  /** Names of looks, which add up. */
  readonly looks: readonly string[];
}

export interface Painter {
  /** Draws these strokes, which do not overlap, and no others on a block. */
  paint(block: HTMLElement, strokes: readonly Stroke[]): void;
  /** Lets go of a block that leaves the document. */
  forget(block: HTMLElement): void;
}

/** The name of the highlight with a look. Highlights belong to the document, in which other scripts have some too. */
export const highlightName = (look: string): string => `sales-mirror-${look}`;

export function painter(): Painter {
  const highlights = (CSS as Partial<typeof CSS>).highlights;
  return highlights ? new HighlightPainter(highlights) : new SpanPainter();
}

class HighlightPainter implements Painter {
  private readonly drawn = new Map<HTMLElement, (() => void)[]>();

  constructor(private readonly registry: HighlightRegistry) {}

  paint(block: HTMLElement, strokes: readonly Stroke[]): void {
    this.forget(block);
    if (strokes.length === 0) return;
    const undo = strokes.flatMap(({ start, end, looks }) => {
      const range = document.createRange();
      range.setStart(...pointIn(block, start));
      range.setEnd(...pointIn(block, end));
      return looks.map((look) => {
        const highlight = this.highlight(highlightName(look));
        highlight.add(range);
        return () => highlight.delete(range);
      });
    });
    this.drawn.set(block, undo);
  }

  forget(block: HTMLElement): void {
    for (const undo of this.drawn.get(block) ?? []) undo();
    this.drawn.delete(block);
  }

  /** Several elements of a page share the highlights. */
  private highlight(name: string): Highlight {
    const found = this.registry.get(name) ?? new Highlight();
    this.registry.set(name, found);
    return found;
  }
}

class SpanPainter implements Painter {
  paint(block: HTMLElement, strokes: readonly Stroke[]): void {
    const text = block.textContent;
    const nodes: (string | HTMLElement)[] = [];
    let done = 0;
    for (const { start, end, looks } of strokes) {
      const span = document.createElement('span');
      span.className = looks.join(' ');
      span.textContent = text.slice(start, end);
      nodes.push(text.slice(done, start), span);
      done = end;
    }
    block.replaceChildren(...nodes, text.slice(done));
  }

  forget(): void {
    // The spans go with the block.
  }
}

/** The text node of an element that has the character at an offset into its text, and the offset into that node. */
export function pointIn(element: Node, offset: number): [node: Node, offset: number] {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let left = offset;
  let last: Text | undefined;
  for (let node = walker.nextNode(); node instanceof Text; node = walker.nextNode()) {
    last = node;
    if (left <= node.length) return [node, left];
    left -= node.length;
  }
  return last ? [last, last.length] : [element, 0];
}
