/** Reads the dates that people and programs write in tables and mails. */
import type { DateOrder } from './reading';

/** Years 2000 to 2099 as Excel numbers days. */
const FIRST_SERIAL = 36_526;
const LAST_SERIAL = 73_050;
/** Excel's day 25569 is 1 January 1970. */
const EPOCH_SERIAL = 25_569;
const DAY_MS = 86_400_000;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const YEAR_FIRST = /^(\d{4})[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})日?(?!\d)/;
const COMPACT = /^(20\d\d)(\d\d)(\d\d)$/;
const DAY_NAME_YEAR = /^(\d{1,2})(?:st|nd|rd|th)?[\s.-]+([a-z]{3,9})\.?[\s,-]+(\d{4}|\d\d)(?!\d)/;
const NAME_DAY_YEAR = /^([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)/;
/** With dots, the day always comes first. */
const DOTTED = /^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d\d)(?!\d)/;
const SLASHED = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d\d)(?!\d)/;
const WEEKDAY = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]?\s+|^(?:星期|周|礼拜)[一二三四五六日天][,，\s]*/;

/** Reads a date as YYYY-MM-DD; a time or a weekday beside it is left out. Undefined if it is none. */
export function readDate(written: string, order: DateOrder = 'day-first'): string | undefined {
  const text = written.trim().toLowerCase().replace(WEEKDAY, '');
  if (/^\d{5}(\.\d+)?$/.test(text)) {
    const serial = Math.floor(Number(text));
    if (serial < FIRST_SERIAL || serial > LAST_SERIAL) return undefined;
    return new Date((serial - EPOCH_SERIAL) * DAY_MS).toISOString().slice(0, 10);
  }
  let found = YEAR_FIRST.exec(text) ?? COMPACT.exec(text);
  if (found) return asDay(found[1], found[2], found[3]);
  found = DAY_NAME_YEAR.exec(text);
  if (found) return asDay(found[3], monthOf(found[2]), found[1]);
  found = NAME_DAY_YEAR.exec(text);
  if (found) return asDay(found[3], monthOf(found[1]), found[2]);
  found = DOTTED.exec(text);
  if (found) return asDay(found[3], found[2], found[1]);
  found = SLASHED.exec(text);
  if (!found) return undefined;
  const [, first, second, year] = found;
  return order === 'day-first' ? asDay(year, second, first) : asDay(year, first, second);
}

/**
 * The order of day and month in a column of dates: 'open' if every one can be read both ways, undefined if none needs an
 * order.
 */
export function orderOf(column: readonly string[]): DateOrder | 'open' | undefined {
  const pairs = column
    .map((cell) => SLASHED.exec(cell.trim().toLowerCase().replace(WEEKDAY, '')))
    .filter((found) => found !== null)
    .map((found) => [Number(found[1]), Number(found[2])] as const)
    .filter(([first, second]) => first !== second);
  if (pairs.length === 0) return undefined;
  const dayFirst = pairs.some(([first]) => first > 12);
  const monthFirst = pairs.some(([, second]) => second > 12);
  if (dayFirst === monthFirst) return 'open';
  return dayFirst ? 'day-first' : 'month-first';
}

function monthOf(name = ''): string {
  return String(MONTHS.indexOf(name.slice(0, 3)) + 1);
}

/** Undefined if the calendar has no such day. */
function asDay(year = '', month = '', day = ''): string | undefined {
  const full = year.length === 2 ? `20${year}` : year;
  const iso = `${full}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : undefined;
}
