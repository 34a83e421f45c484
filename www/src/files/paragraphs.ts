/**
 * Joins the lines of pages into paragraphs, so that sentences are not cut where lines, columns and pages end. Headers,
 * footers and page numbers are left out.
 */
import type { Line } from './page-lines';

/** A line that is shorter than this share of its column ends a paragraph. */
const FULL = 0.8;
/** Lines further apart than this, in heights of the font, belong to different paragraphs. */
const APART = 2.2;
/** Fonts of different sizes belong to different paragraphs. */
const LARGER = 1.15;
/** Lines at the top and the bottom of a page that may be a header or a footer. */
const MARGIN_LINES = 2;

const CJK = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]/;
const SENTENCE_END = /[.!?:;。！？：；…]["'”’」』）)]*$/;
const PAGE_NUMBER =
  /^[-–—·\s]*(?:page|p\.|第)?\s*\d{1,4}\s*页?[,，\s]*(?:(?:of|\/|共|-)\s*\d{1,4}\s*页?)?[-–—·\s]*$/i;

export interface Paragraphs {
  readonly text: string;
  /** Whether headers, footers or page numbers were left out. */
  readonly margins: boolean;
}

export function paragraphs(pages: readonly (readonly Line[])[]): Paragraphs {
  const repeated = repeatedLines(pages);
  let margins = false;
  let text = '';
  let last: Line | undefined;
  for (const page of pages) {
    for (const [i, line] of page.entries()) {
      const outer = i < MARGIN_LINES || i >= page.length - MARGIN_LINES;
      const first = i === 0 || i === page.length - 1;
      if ((outer && repeated.has(keyOf(line))) || (first && PAGE_NUMBER.test(line.text))) {
        margins = true;
        continue;
      }
      text = last && continues(last, line) ? joined(text, line.text) : text + (text ? '\n' : '') + line.text;
      last = line;
    }
  }
  return { text, margins };
}

/** Digits in a header may differ from page to page, but those in a sentence make it another one. */
const keyOf = ({ text }: Line) => (SENTENCE_END.test(text) ? text : text.replace(/\d+/g, '#'));

/** The lines that stand at the top or the bottom of at least half of the pages, and of two. */
function repeatedLines(pages: readonly (readonly Line[])[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const page of pages) {
    const outer = [...page.slice(0, MARGIN_LINES), ...page.slice(-MARGIN_LINES)];
    for (const key of new Set(outer.map(keyOf))) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const least = Math.max(2, pages.length / 2);
  return new Set([...counts].filter(([, count]) => count >= least).map(([key]) => key));
}

/** Whether a line goes on with the paragraph of the line before it. */
function continues(before: Line, line: Line): boolean {
  if (Math.max(before.height, line.height) > LARGER * Math.min(before.height, line.height)) return false;
  const full = before.end - before.left >= FULL * (before.right - before.left);
  if (!full) return false;
  const down = line.y - before.y;
  const sameColumn = Math.abs(line.left - before.left) < 1 && down > 0;
  if (sameColumn) return down < APART * line.height;
  // In another column or on another page, only a sentence that is not over goes on.
  return !SENTENCE_END.test(before.text);
}

function joined(text: string, line: string): string {
  if (text.endsWith('\u00ad')) return text.slice(0, -1) + line;
  // A hyphen at the end of a line may belong to the word, so it stays.
  if (/[a-z]-$/.test(text.slice(-2))) return text + line;
  return text + (CJK.test(text.at(-1) ?? '') && CJK.test(line[0] ?? '') ? '' : ' ') + line;
}
