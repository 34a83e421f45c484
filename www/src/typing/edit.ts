/** What an edit changed in a text, found by comparing the text before and after it. Leaves marks to pieces.ts. */

/** An edit that put `after.slice(start, newEnd)` in the place of `before.slice(start, oldEnd)`. */
export interface Edit {
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

/** The end of a sentence or of a line, with the quotation marks and brackets that may close after it. */
export const SENTENCE_END = /[.!?;。！？；…\n]["'”’」』）)]*$/;

/** A text without the spaces at its end; line breaks stay, for they end sentences. */
export const withoutLastSpaces = (text: string): string => text.replace(/[^\S\n]+$/, '');

/** The smallest single edit that leads from one text to the other; an empty one if they are the same. */
export function edit(before: string, after: string): Edit {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let oldEnd = before.length;
  let newEnd = after.length;
  while (newEnd > start && oldEnd > start && before[oldEnd - 1] === after[newEnd - 1]) {
    oldEnd--;
    newEnd--;
  }
  return { start, oldEnd, newEnd };
}
