/** The sentences that a person does not accept as evidence: taking one out or in again, and keeping them through edits. */
import type { Objection } from '../engine/contract';

/** Adds an objection, or with `counts` takes it back. */
export function objected(
  objections: readonly Objection[],
  { counts = false, ...objection }: Objection & { readonly counts?: boolean },
): readonly Objection[] {
  const others = objections.filter(
    ({ competency, start }) => competency !== objection.competency || start !== objection.start,
  );
  return counts ? others : [...others, objection];
}

/** The objections to those sentences that an edited text still has, each at its new place. */
export function carried(
  objections: readonly Objection[],
  before: string,
  after: string,
): readonly Objection[] {
  return objections.flatMap((objection) => {
    const sentence = before.slice(objection.start, objection.end);
    const start = nearest(after, sentence, objection.start);
    return start === -1 ? [] : [{ ...objection, start, end: start + sentence.length }];
  });
}

/** Where a sentence is found nearest to a place; -1 if nowhere. */
function nearest(text: string, sentence: string, place: number): number {
  if (!sentence) return -1;
  const after = text.indexOf(sentence, place);
  const before = text.lastIndexOf(sentence, place);
  if (before === -1 || after === -1) return Math.max(before, after);
  return place - before <= after - place ? before : after;
}
