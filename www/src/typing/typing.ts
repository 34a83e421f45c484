/** Tells from a change of a text what its writer has done: finished a sentence, or begun another text. */
import { edit, SENTENCE_END, withoutLastSpaces } from '../typing/edit';

/** Whether the change inserted something that ends a sentence. Spaces may follow: a whole sentence was pasted, or a keyboard added one. */
export function endsSentence(before: string, after: string): boolean {
  const { start, newEnd } = edit(before, after);
  return SENTENCE_END.test(withoutLastSpaces(after.slice(start, newEnd)));
}

/** Whether less than half of a text is left after the change, as when another one is pasted over it. */
export function isAnother(before: string, after: string): boolean {
  const { start, newEnd } = edit(before, after);
  return start + after.length - newEnd < before.length / 2;
}
