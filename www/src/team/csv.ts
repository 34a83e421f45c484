/** Writes a team as a table for a spreadsheet, with one row per text and competency; a text that was refused has no levels. */
import { csvFormatRows } from 'd3-dsv';
import type { Rubric } from '../engine/contract';
import type { Profile } from '../profile/profile';
import { levelOf } from '../report/report';
import type { Person } from './statistics';

/** Keeps a spreadsheet from running a cell that begins like a formula. */
const harmless = (text: string) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** The columns of the table, named in English, for programs. */
export const TEAM_COLUMNS = [
  'person',
  'date',
  'kind',
  'text',
  'competency',
  'level',
  'interval_low',
  'interval_high',
  'self_rating',
  'target',
  'corrected_by',
  'reason',
  'accepted',
  'parts_left_out',
] as const;

/** CSV with a byte order mark, by which spreadsheets recognise UTF-8. */
export function csv(team: readonly Person[], rubric: Rubric, profile: Profile | null): string {
  const decimal = (value: number | null | undefined) =>
    value === null || value === undefined ? '' : String(Math.round(100 * value) / 100);
  const rows = team.flatMap(({ name, results }) =>
    results.flatMap((result) => {
      const { account, left_out, competencies } = result.assessment;
      return rubric.competencies.map(({ id }) => {
        const interval = competencies.find((entry) => entry.id === id)?.interval;
        const correction = result.corrections.findLast((entry) => entry.competency === id);
        return [
          harmless(name),
          result.report.date,
          result.report.kind,
          harmless(result.report.name),
          id,
          decimal(levelOf(result, id)),
          decimal(interval?.[0]),
          decimal(interval?.[1]),
          decimal(result.self?.[id]),
          decimal(profile?.targets[id]),
          harmless(correction?.reviewer ?? ''),
          harmless(correction?.reason ?? ''),
          String(account.accepted),
          String(left_out.length),
        ];
      });
    }),
  );
  return `\ufeff${csvFormatRows([[...TEAM_COLUMNS], ...rows])}\n`;
}
