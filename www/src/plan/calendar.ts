/** Writes a plan's milestones as an iCalendar file (RFC 5545): all-day events without alarms or attendees. */
import { newId } from '../report/report';
import { dayAfter, milestones, type Plan } from './plan';

const escaped = (text: string) => text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n');

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

/** @param title returns the title of an event for a competency and a number of days */
export function calendar(
  plan: Plan,
  title: (competency: string, days: number) => string,
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
    `DESCRIPTION:${escaped([text, ...goal.practice].join('\n'))}`,
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
