/**
 * The pieces of a text that the editor marks: the sentences that are evidence, and the parts that did not count. Finds
 * them, lets them follow edits, and finds the one at the caret. Leaves drawing them to painter.ts.
 */
import type { Assessment, Evidence, Part, Reason, Span } from '../engine/contract';
import { cut } from '../result/highlight';
import { SENTENCE_END, withoutLastSpaces, type Edit } from '../typing/edit';

/** What a sentence is evidence of. Offsets are of the text that was assessed. */
export interface EditorMark extends Span, Pick<Evidence, 'polarity' | 'weight'> {
  readonly competency: string;
  /** The competency's level, and what it would be without this sentence; undefined if that was not computed. */
  readonly level: number | null;
  readonly without: number | null | undefined;
}

/** A stretch of the text in the text area, where it is now: evidence, or else a part that did not count. */
export interface Piece extends Span {
  /** Empty for a part that did not count. */
  readonly marks: readonly EditorMark[];
  /** Why it did not count; null for evidence. */
  readonly reason: Reason | null;
}

/** The evidence of all competencies. */
export function marksOf({ competencies }: Pick<Assessment, 'competencies'>): EditorMark[] {
  return competencies.flatMap(({ id, level, evidence }) =>
    evidence.map(({ start, end, polarity, weight, without }) => ({
      ...{ start, end, polarity, weight, without, level },
      competency: id,
    })),
  );
}

/**
 * The pieces of a text that was assessed, in text order. A text area turns every line break into a single character,
 * so the pieces are where they are in the text area's text.
 */
export function pieces(assessed: string, marks: readonly EditorMark[], greyed: readonly Part[]): Piece[] {
  const offset = offsets(assessed);
  return cut(assessed, marks, greyed).flatMap(({ start, text, marks, leftOut: reason }) =>
    marks.length || reason ? [{ start: offset(start), end: offset(start + text.length), marks, reason }] : [],
  );
}

/** The text as a text area has it. */
export const normalized = (text: string): string => text.replace(/\r\n?/g, '\n');

/** Turns offsets into a text, in ascending order, into offsets into the normalized text. */
function offsets(text: string): (offset: number) => number {
  const pairs = [...text.matchAll(/\r\n/g)].map(({ index }) => index);
  let passed = 0;
  return (offset) => {
    while ((pairs[passed] ?? Infinity) < offset) passed++;
    return offset - passed;
  };
}

/**
 * The pieces that are left after an edit, where they are then. A sentence that was edited is evidence no longer; a part
 * that did not count grows and shrinks with what is edited inside it.
 */
export function follow(list: readonly Piece[], { start, oldEnd, newEnd }: Edit, after: string): Piece[] {
  const shift = newEnd - oldEnd;
  return list.flatMap((piece) => {
    if (piece.end < start) return [piece];
    if (piece.start > oldEnd) return [{ ...piece, start: piece.start + shift, end: piece.end + shift }];
    if (piece.end === start) return piece.reason || endsAt(after, start) ? [piece] : [];
    if (piece.start === oldEnd) {
      const moved = { ...piece, start: newEnd, end: piece.end + shift };
      return piece.reason || beginsAt(after, newEnd) ? [moved] : [];
    }
    const inside = piece.start < start && oldEnd < piece.end;
    return piece.reason && inside ? [{ ...piece, end: piece.end + shift }] : [];
  });
}

/** Whether a sentence that ended here still does, judging by its last characters and by what now follows. */
function endsAt(text: string, end: number): boolean {
  const last = text.slice(Math.max(0, end - 8), end);
  return end === text.length || text[end] === '\n' || SENTENCE_END.test(last);
}

/** Whether a sentence that began here still does, judging by what now stands before it. */
function beginsAt(text: string, start: number): boolean {
  const before = withoutLastSpaces(text.slice(Math.max(0, start - 16), start));
  return before === '' || SENTENCE_END.test(before);
}

/** The pieces of evidence for one competency, or for all of them if it is null, and all parts that did not count. */
export function only(list: readonly Piece[], competency: string | null): readonly Piece[] {
  if (competency === null) return list;
  return list.flatMap((piece) => {
    const marks = piece.marks.filter((mark) => mark.competency === competency);
    return piece.reason || marks.length ? [{ ...piece, marks }] : [];
  });
}

/** The piece that the caret stands in. */
export function pieceAt(list: readonly Piece[], caret: number): Piece | undefined {
  return list.find(({ start, end }) => start <= caret && caret < end);
}

/**
 * The next or the previous piece of a list, as seen from one of them or from the caret. After the last comes the first.
 */
export function neighbour(list: readonly Piece[], step: 1 | -1, from: number | Piece): Piece | undefined {
  const start = typeof from === 'number' ? from : from.start;
  const on = typeof from === 'number' ? 0 : 1;
  return step === 1
    ? (list.find((piece) => piece.start >= start + on) ?? list[0])
    : (list.findLast((piece) => piece.start < start) ?? list.at(-1));
}
