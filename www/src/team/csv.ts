/**
 * Writes a team as a table for a spreadsheet, with one row per text and competency; a text that was refused has no
 * levels. It is the one place where CSV is written: every cell passes through it, so that none is run as a formula.
 */
import { csvFormatRows } from 'd3-dsv';
import type { Rubric } from '../engine/contract';
import type { Code } from '../languages/text';
import type { Profile } from '../profile/profile';
import { TEAM_COLUMNS } from '../report/team-columns';
import { provenance } from '../report/provenance';
import { isoDay, levelOf, openNotes, reviewOf } from '../report/report';
import type { Person } from './people';

/**
 * After these a spreadsheet may see the beginning of a cell: line breaks, quotes, and separators other than the comma, by
 * which some spreadsheets divide cells whatever the quotes say.
 */
const BEGINS = /[\p{Cc}\u2028\u2029;；|"]/u;
/** These can stand between the beginning of a cell and what is in it. */
const FILLS = /[\s\p{Cf}'“”‘’,]/u;
const FORMULA = /[=+\-@＝＋－＠]/u;

/** Keeps a spreadsheet from running a text as a formula, by an apostrophe before what begins like one. */
export function harmless(text: string): string {
  // Spreadsheets remove a tab and a line break at the beginning of a cell, and some take them for a formula.
  let out = /^[\t\r\n]/.test(text) ? "'" : '';
  let beginning = true;
  for (const character of text) {
    if (FORMULA.test(character)) {
      if (beginning) out += "'";
      beginning = false;
    } else if (BEGINS.test(character)) {
      beginning = true;
    } else if (!FILLS.test(character)) {
      beginning = false;
    }
    out += character;
  }
  return out;
}

export interface TableChoices {
  readonly profile: Profile | null;
  readonly language: Code;
  /** Whether the names of texts are left out, which may tell who wrote them. */
  readonly pseudonyms: boolean;
}

/** CSV with a byte order mark, by which spreadsheets recognise UTF-8. */
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
        return TEAM_COLUMNS.map((column) => harmless(row[column]));
      });
    });
  });
  return `\ufeff${csvFormatRows([[...TEAM_COLUMNS], ...rows])}\n`;
}

/** What the newest of a person's files says about its purpose and its readers. */
export function intent(files: Person['files']): { readonly purpose: string; readonly audience: string } {
  const newest = [...files].sort((a, b) => a.exported.localeCompare(b.exported)).at(-1);
  return { purpose: newest?.purpose ?? '', audience: newest?.audience ?? '' };
}
