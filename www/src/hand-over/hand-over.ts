/** The file with which a person hands over their assessments: what it contains. Opening it is left to open.ts. */
import type { Rubric, Span } from '../engine/contract';
import type { Code } from '../languages/text';
import { provenance, type Intent } from '../report/provenance';
import { newId, withoutWords, type Result } from '../report/report';
import { replaceNames } from './names';

export const FORMAT = 'salesmirror-assessment';
/** Version 2 added the writer, the intent, the day of deletion, and the chain. */
export const VERSION = 2;

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
