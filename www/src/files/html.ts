/** Writes the text of an HTML mail as a reader sees it; there is no document model in a worker. */
import { decodeHTML } from 'entities';

const HIDDEN = /<!--[\s\S]*?-->|<(script|style|head|title)\b[\s\S]*?<\/\1\s*>/gi;
const BREAK = /<br\s*\/?>|<\/?(p|div|tr|table|li|ul|ol|h[1-6]|blockquote|hr)\b[^>]*>/gi;

export function htmlText(html: string): string {
  const text = html
    .replace(HIDDEN, '')
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
