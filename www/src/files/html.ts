/** Writes the text of an HTML mail as a reader sees it, quoted mails with `>`; there is no document model in a worker. */
import { decodeHTML } from 'entities';

const HIDDEN = /<!--[\s\S]*?-->|<(script|style|head|title)\b[\s\S]*?<\/\1\s*>/gi;
const BREAK = /<br\s*\/?>|<\/?(p|div|tr|table|li|ul|ol|h[1-6]|blockquote|hr)\b[^>]*>/gi;

/** A quoted mail that quotes no other. */
const QUOTE = /<blockquote\b[^>]*>((?:(?!<blockquote\b)[\s\S])*?)<\/blockquote\s*>/gi;

/** Mails that are quoted more deeply are read as if they were not quoted again. */
const DEEPEST = 10;

export function htmlText(html: string): string {
  let marked = html.replace(HIDDEN, '');
  for (let depth = 0; depth < DEEPEST && QUOTE.test(marked); depth++) marked = marked.replace(QUOTE, quote);
  return plainText(marked);
}

function plainText(html: string): string {
  const text = html
    .replace(/\s+/g, ' ')
    .replace(BREAK, '\n')
    .replace(/<\/t[dh]>\s*(?=<t[dh]\b)/gi, ' · ')
    .replace(/<[^>]*>/g, '');
  return decodeHTML(text)
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{2,}/g, '\n\n')
    .trim();
}

/** Marks every line of a quoted mail, as HTML again. */
function quote(_: string, html: string): string {
  const text = plainText(html).replace(/&/g, '&amp;').replace(/</g, '&lt;');
  const lines = text.split('\n').map((line) => `&gt; ${line}`.trim());
  return `<br>${lines.join('<br>')}<br>`;
}
