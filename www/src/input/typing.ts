/** Tells from a change of a text whether its writer has just finished a sentence. */

/** Whether the change inserted something that ends a sentence. */
export function endsSentence(before: string, after: string): boolean {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = after.length;
  for (let old = before.length; end > start && old > start && before[old - 1] === after[end - 1]; end--)
    old--;
  return /[.!?;。！？；…\n]["'”’」』）)]*$/.test(after.slice(start, end));
}
