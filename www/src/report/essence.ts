/** What tells that two texts are the same one, such as last week's report with a new date. */

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

/** What copies of a text have in common: dates, white space and punctuation can differ. */
export function essence(text: string): string {
  return text
    .normalize('NFKC')
    .replace(DATES, '')
    .replace(/[\s\p{P}]+/gu, ' ')
    .trim()
    .toLowerCase();
}
