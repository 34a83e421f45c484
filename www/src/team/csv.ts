/**
 * Writes a team as a table for a spreadsheet, with one row per text and competency; a text that was refused has no
 * levels. How a table becomes a file is left to files/csv.ts.
 */
import type { Rubric } from '../engine/contract';
import { asCsv } from '../files/csv';
import type { Code } from '../languages/text';
import type { Profile } from '../profile/profile';
import { TEAM_COLUMNS } from '../report/team-columns';
import { provenance } from '../report/provenance';
import { isoDay, levelOf, openNotes, reviewOf } from '../report/report';
import type { Person } from './people';

export interface TableChoices {
  readonly profile: Profile | null;
  readonly language: Code;
  /** Whether the names of texts are left out, which may tell who wrote them. */
  readonly pseudonyms: boolean;
}

/** The table, in CSV. */
export function csv(
  team: readonly Person[],
  rubric: Rubric,
  { profile, language, pseudonyms }: TableChoices,
): string {
  const decimal = (value: number | null | undefined) =>
    value === null || value === undefined ? '' : String(Math.round(100 * value) / 100);
  const rows = team.flatMap(({ name, results, files }) => {
    const seals = [...new Set(files.map(({ seal }) => seal))].join(' ');
    return results.flatMap((result, i) => {
      const { report, assessment, corrections, self } = result;
      const { account, left_out, competencies, model } = assessment;
      const objections = assessment.objections;
      const about = provenance([assessment], language, intent(files)).join(' ');
      return rubric.competencies.map(({ id }) => {
        const assessed = competencies.find((entry) => entry.id === id);
        const correction = corrections.findLast((entry) => entry.competency === id);
        const first = corrections.find((entry) => entry.competency === id && entry.own !== undefined);
        const row: Record<(typeof TEAM_COLUMNS)[number], string> = {
          person: name,
          date: report.date,
          kind: report.kind,
          text: pseudonyms ? String(i + 1) : report.name,
          competency: id,
          level: decimal(levelOf(result, id)),
          model_level: decimal(assessed?.level),
          interval_low: decimal(assessed?.interval?.[0]),
          interval_high: decimal(assessed?.interval?.[1]),
          self_rating: decimal(self?.[id]),
          target: decimal(profile?.targets[id]),
          decision: correction ? reviewOf(result, id) : '',
          own_mark_first: first ? (first.own === null ? 'not shown' : decimal(first.own)) : '',
          corrected_by: correction?.reviewer ?? '',
          corrected_on: correction?.date ?? '',
          reason: correction?.reason ?? '',
          open_notes: String(openNotes(result, id).length),
          objections: String(objections.filter(({ competency }) => competency === id).length),
          accepted: String(account.accepted),
          parts_left_out: String(left_out.length),
          file: seals,
          model: model.id,
          model_sha256: model.sha256,
          rubric: assessment.rubric.id,
          rubric_version: String(assessment.rubric.version),
          saved_on: isoDay(),
          about,
        };
        return TEAM_COLUMNS.map((column) => row[column]);
      });
    });
  });
  return asCsv([TEAM_COLUMNS, ...rows]);
}

/** What the newest of a person's files says about its purpose and its readers. */
export function intent(files: Person['files']): { readonly purpose: string; readonly audience: string } {
  const newest = [...files].sort((a, b) => a.exported.localeCompare(b.exported)).at(-1);
  return { purpose: newest?.purpose ?? '', audience: newest?.audience ?? '' };
}
