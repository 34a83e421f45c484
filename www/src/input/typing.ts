/** Tells from a change of a text what its writer has done: finished a sentence, or begun another text. */

/** What a change put into a text in the place of something else, as offsets into the text after it. */
function change(before: string, after: string): { readonly start: number; readonly end: number } {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = after.length;
  for (let old = before.length; end > start && old > start && before[old - 1] === after[end - 1]; end--)
    old--;
  return { start, end };
}

/** Whether the change inserted something that ends a sentence. */
export function endsSentence(before: string, after: string): boolean {
  const { start, end } = change(before, after);
  return /[.!?;。！？；…\n]["'”’」』）)]*$/.test(after.slice(start, end));
}

/** Whether less than half of a text is left after the change, as when another one is pasted over it. */
export function isAnother(before: string, after: string): boolean {
  const { start, end } = change(before, after);
  return start + after.length - end < before.length / 2;
}
