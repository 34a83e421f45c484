/** The file with which a person hands over their assessments: what it contains, and how it is checked when it is opened. */
import type { Rubric, Span } from '../engine/contract';
import { Trouble } from '../failure/trouble';
import type { Code } from '../languages/text';
import { asResult, record } from '../report/checked';
import { provenance, type Intent } from '../report/provenance';
import { isoDay, newId, withoutWords, type Result } from '../report/report';
import { replaceNames } from './names';

const FORMAT = 'salesmirror-assessment';
/** Version 2 added the writer, the intent, the day of deletion, and the chain. */
const VERSION = 2;

/** The most results in one file. */
const MOST = 1000;

/** The longest name or intent, in UTF-16 code units. */
const LONGEST = 200;

export interface HandOver extends Intent {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  /** ISO time. */
  readonly exported: string;
  /** A name or a code, as the person chose. */
  readonly person: string;
  /**
   * A random id by which files that one person saved during one visit are told from those of a namesake; empty in files
   * of version 1.
   */
  readonly writer: string;
  readonly rubric: { readonly id: string; readonly version: number };
  /** Whether the texts are included, and whether names were replaced in them. */
  readonly texts: 'kept' | 'names_replaced' | 'left_out';
  /** The last day on which the file may be opened, as YYYY-MM-DD; null if the person set none. */
  readonly deleteBy: string | null;
  /** Whether a file that this one was made from had been altered by hand. */
  readonly altered?: boolean | undefined;
  /** For people who open the file without this page: what it is, and where it comes from. */
  readonly about: readonly string[];
  readonly results: readonly Result[];
}

export interface Choices extends Intent {
  readonly person: string;
  readonly writer: string;
  readonly withText: boolean;
  readonly withSelf: boolean;
  readonly deleteBy: string | null;
  /** Names to replace in the texts. */
  readonly names: readonly string[];
}

/** The random id of whoever uses this page, until it is closed. */
export const WRITER = newId();

export function handOver(
  results: readonly Result[],
  rubric: Rubric,
  { person, writer, withText, withSelf, deleteBy, names, purpose, audience }: Choices,
  language: Code,
): HandOver {
  return {
    format: FORMAT,
    version: VERSION,
    exported: new Date().toISOString(),
    ...{ person, writer, purpose, audience, deleteBy },
    rubric: { id: rubric.id, version: rubric.version },
    texts: withText ? (names.length ? 'names_replaced' : 'kept') : 'left_out',
    about: provenance(
      results.map(({ assessment }) => assessment),
      language,
      { purpose, audience },
    ),
    results: results.map((result) => {
      const self = withSelf ? result.self : null;
      // Whose words count names a speaker, and is of no use to the reader. The assessment has the objections.
      const report = { ...result.report, whose: undefined, objections: undefined };
      const own = { ...result, self, report };
      if (!withText) {
        return {
          ...own,
          report: { ...report, text: '', name: '' },
          assessment: withoutWords(result.assessment),
        };
      }
      return names.length ? withoutNames(own, names) : own;
    }),
  };
}

/** Replaces names in a result; the offsets in its assessment follow the text. */
function withoutNames(result: Result, names: readonly string[]): Result {
  const { text, moved } = replaceNames(result.report.text, names);
  const follow = <S extends Span>(span: S): S => ({
    ...span,
    start: moved(span.start),
    end: moved(span.end),
  });
  const competencies = result.assessment.competencies.map((competency) => ({
    ...competency,
    evidence: competency.evidence.map(follow),
  }));
  const left_out = result.assessment.left_out.map(follow);
  const objections = result.assessment.objections.map(follow);
  const notes = result.notes?.map((note) => ({
    ...note,
    sentence: note.sentence && follow(note.sentence),
    text: replaceNames(note.text, names).text,
  }));
  const speakers = result.assessment.speakers.map((speaker) => ({
    ...speaker,
    name: replaceNames(speaker.name, names).text,
  }));
  const { text: name } = replaceNames(result.report.name, names);
  return {
    ...result,
    report: { ...result.report, text, name, objections: result.report.objections?.map(follow) },
    assessment: {
      ...result.assessment,
      ...{ competencies, left_out, objections, speakers },
    },
    notes,
  };
}

/**
 * Checks what was read from a file that somebody handed over. Nothing in it is trusted.
 * @param today as YYYY-MM-DD
 * @throws Trouble handover_invalid, handover_newer, handover_other_rubric or handover_expired
 */
export function asHandOver(value: unknown, rubric: Rubric, about: string, today = isoDay()): HandOver {
  const fail = (problem: string) => new Trouble('handover_invalid', problem, about);
  const file = record(value);
  if (file?.format !== FORMAT) throw fail(`expected format ${FORMAT}`);
  if (typeof file.version !== 'number' || file.version < 1) throw fail('the version is missing');
  if (file.version > VERSION)
    throw new Trouble('handover_newer', `version ${file.version}, this page reads ${VERSION}`, about);
  const deleteBy = asDay(file.deleteBy);
  if (deleteBy === undefined) throw fail('deleteBy is no day as YYYY-MM-DD');
  if (isExpired({ deleteBy }, today))
    throw new Trouble('handover_expired', `to be deleted by ${deleteBy}`, `${about}, ${deleteBy}`);
  const own = record(file.rubric);
  if (own?.id !== rubric.id)
    throw new Trouble('handover_other_rubric', `rubric ${JSON.stringify(own?.id)}`, about);
  if (typeof file.person !== 'string' || !Array.isArray(file.results) || file.results.length === 0)
    throw fail('person or results are missing');
  if (file.results.length > MOST) throw fail(`${file.results.length} results, the limit is ${MOST}`);
  const texts = file.texts === 'kept' || file.texts === 'names_replaced' ? file.texts : 'left_out';
  const results = file.results.map((entry: unknown, i) =>
    asResult(entry, rubric, (problem) => fail(`result ${i + 1}: ${problem}`)),
  );
  const line = (text: unknown) => (typeof text === 'string' ? text.trim().slice(0, LONGEST) : '');
  return {
    format: FORMAT,
    version: VERSION,
    exported: line(file.exported),
    person: line(file.person) || about,
    writer: line(file.writer),
    purpose: line(file.purpose),
    audience: line(file.audience),
    deleteBy,
    rubric: { id: rubric.id, version: typeof own.version === 'number' ? own.version : 0 },
    texts,
    about: Array.isArray(file.about)
      ? file.about.slice(0, MOST).filter((text) => typeof text === 'string')
      : [],
    results,
  };
}

/** Whether the day by which a file was to be deleted is over. */
export const isExpired = ({ deleteBy }: Pick<HandOver, 'deleteBy'>, today = isoDay()): boolean =>
  deleteBy !== null && deleteBy < today;

/** A day, or null if there is none; undefined if it is something else. */
function asDay(value: unknown): string | null | undefined {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;
}
