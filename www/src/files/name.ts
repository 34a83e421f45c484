/** Names of files and subjects of mails as they can be shown: on one line, short, and in the order in which they are written. */

/** In characters. */
const LONGEST = 120;

/** In characters from either end. */
const FAR = 1_000;

/** Control characters, and marks that turn the direction of what follows: "report\u202Efdp.exe" looks like a PDF. */
const UNSEEN = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** A name without what cannot be seen; the end of a long one stays, as it says what kind of file it is. */
export function asName(name: string): string {
  // What lies between is never shown.
  const ends = name.length > 2 * FAR ? name.slice(0, FAR) + name.slice(-FAR) : name;
  const whole = ends.replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim();
  if (whole.length <= LONGEST) return whole;
  const characters = Array.from(whole);
  const end = characters.slice(-20).join('');
  return `${characters.slice(0, LONGEST - 21).join('')}…${end}`;
}

/** Whether a text has something that cannot be seen, other than tabs and line breaks. */
export const hasUnseen = (text: string): boolean => text.replace(/[\t\n]/g, '').search(UNSEEN) >= 0;
