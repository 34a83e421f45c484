/** Texts to assess: the invented reports of data/reports. */
import { readFileSync } from 'node:fs';

export function readReports(file) {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

const words = new Intl.Segmenter(undefined, { granularity: 'word' });
const sentences = new Intl.Segmenter(undefined, { granularity: 'sentence' });

export const countWords = (text) => [...words.segment(text)].filter(({ isWordLike }) => isWordLike).length;
export const sentencesOf = (text) => [...sentences.segment(text)].map(({ segment }) => segment.trim()).filter(Boolean);

/** Reports of a language joined into one text of about so many words; the reports that are left over. */
export function longReport(reports, language, wanted) {
  const own = reports.filter(({ lang }) => lang === language).map(({ text }) => text);
  const joined = [];
  for (let count = 0; count < wanted; ) {
    const text = own.shift();
    if (text === undefined) throw new Error(`too few reports in ${language}`);
    joined.push(text);
    count += countWords(text);
  }
  return { text: joined.join('\n\n'), rest: own };
}
