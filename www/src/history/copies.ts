/** Finds texts of the history that are copies of earlier ones, such as last week's report with a new date. */
import type { Entry } from './store';

const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?';
const DATES = new RegExp(
  [
    '(?<!\\d)\\d{1,4}[-/.年]\\d{1,2}[-/.月]\\d{1,4}日?(?!\\d)',
    '\\d{1,2}月\\d{1,2}日',
    `\\d{1,2}(?:st|nd|rd|th)?\\s+${MONTH}(?:,?\\s+\\d{4})?`,
    `${MONTH}\\s+\\d{1,2}(?:st|nd|rd|th)?(?:,?\\s+\\d{4})?`,
  ].join('|'),
  'gi',
);

/** What copies have in common: dates, white space and punctuation can differ. */
function essence(text: string): string {
  return text
    .normalize('NFKC')
    .replace(DATES, '')
    .replace(/[\s\p{P}]+/gu, ' ')
    .trim()
    .toLowerCase();
}

/**
 * Maps each entry that is a copy, by the id of its report, to the earliest entry with that text.
 * @param entries oldest first; those without a text are no copies
 */
export function copies(entries: readonly Entry[]): ReadonlyMap<string, Entry> {
  const first = new Map<string, Entry>();
  const found = new Map<string, Entry>();
  for (const entry of entries) {
    const text = essence(entry.report.text);
    if (!text) continue;
    const original = first.get(text);
    if (original) found.set(entry.report.id, original);
    else first.set(text, entry);
  }
  return found;
}
