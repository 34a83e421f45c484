/** The sentences that a person does not accept as evidence: taking one out or in again, and keeping them through edits. */
import { edit } from '../editor/edit';
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

/** The objections to those sentences that an edit left as they were, each at its new place. */
export function carried(
  objections: readonly Objection[],
  before: string,
  after: string,
): readonly Objection[] {
  const { start, oldEnd, newEnd } = edit(before, after);
  return objections.flatMap((objection) => {
    if (objection.end <= start) return [objection];
    if (objection.start < oldEnd) return [];
    const by = newEnd - oldEnd;
    return [{ ...objection, start: objection.start + by, end: objection.end + by }];
  });
}
