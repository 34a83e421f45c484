/**
 * Writes a plan's milestones as an iCalendar file (RFC 5545): all-day events without alarms or attendees. It is the one
 * place where iCalendar is written: every text passes through it, so that none can add a line of its own.
 */
import { newId } from '../report/report';
import { dayAfter, milestones, type Plan } from './plan';

/** A text as a value: whatever may end a line becomes an escaped line break, and other control characters go. */
const escaped = (text: string) =>
  text
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/g, '\\n')
    .replace(/(?!\t)\p{Cc}/gu, '');

/** Folds a content line at 75 bytes without splitting a character. */
export function folded(line: string): string {
  const encoder = new TextEncoder();
  let out = '';
  let bytes = 0;
  for (const character of line) {
    const size = encoder.encode(character).length;
    if (bytes + size > 75) {
      out += '\r\n ';
      bytes = 1;
    }
    out += character;
    bytes += size;
  }
  return out;
}

/**
 * @param title returns the title of an event for a competency and a number of days
 * @param about where the plan comes from, as in report/provenance.ts; it stands at the end of each event
 */
export function calendar(
  plan: Plan,
  title: (competency: string, days: number) => string,
  about: readonly string[] = [],
  now: Date = new Date(),
): string {
  const compact = (date: string) => date.replaceAll('-', '');
  const stamp = `${now.toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;
  const events = milestones(plan).flatMap(({ date, days, goal, text }) => [
    'BEGIN:VEVENT',
    `UID:${newId()}@salesmirror`,
    `DTSTAMP:${stamp}`,
    `DTSTART;VALUE=DATE:${compact(date)}`,
    `DTEND;VALUE=DATE:${compact(dayAfter(date, 1))}`,
    `SUMMARY:${escaped(title(goal.competency, days))}`,
    `DESCRIPTION:${escaped([text, ...goal.practice, ...about].join('\n'))}`,
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ]);
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//SalesMirror//Development plan//EN',
    ...events,
    'END:VCALENDAR',
  ];
  return lines.map(folded).join('\r\n') + '\r\n';
}
