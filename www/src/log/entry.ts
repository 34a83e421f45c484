/**
 * What the log of use keeps of an activity. An entry holds no text, no name of a file and no name of a person: it is made
 * of words of ours, numbers, and ids in which nothing can be written.
 */
import type { Activity, Form, What } from './activity';

export interface LogEntry {
  /** When, as an ISO time in UTC. */
  readonly at: string;
  readonly what: What;
  readonly form: Form | null;
  /** Whether the levels were updated while a person typed. */
  readonly live: boolean;
  /** How many texts it was about, and how many of them were refused. */
  readonly texts: number;
  readonly refused: number;
  /**
   * The random id of the report where it was about one text; null otherwise. By it, the entries about a text and its
   * hand-over file are found. There is no hash of the text: whoever guesses a text could check the guess with it, even
   * with a salt, which would lie beside it.
   */
  readonly assessment: string | null;
  readonly models: readonly { readonly id: string; readonly sha256: string }[];
  readonly rubrics: readonly { readonly id: string; readonly version: number }[];
}

/** The most models, and the most rubrics, that one entry names: a forged hand-over file can name as many as it has texts. */
const MOST = 8;

/** An id of a report, as newId makes it. One from a file can be anything else. */
const REPORT = /^[0-9a-f]{24}$/;
const HASH = /^[0-9a-f]{64}$/;
/** An id of a model or of a rubric. Whoever writes a file could write a sentence in its place. */
const ID = /^[\w.-]{1,64}$/;

const only = (shape: RegExp, text: string): string => (shape.test(text) ? text : '');

/** @param at when it was done */
export function entryOf({ what, results, form, made, live }: Activity, at: Date): LogEntry {
  const sources = made ?? results.map(({ assessment }) => assessment);
  const [first] = results;
  const id = results.length === 1 && first ? only(REPORT, first.report.id) : '';
  return {
    ...{ at: at.toISOString(), what, form: form ?? null, live: live ?? false },
    texts: results.length,
    refused: results.filter(({ assessment }) => !assessment.account.accepted).length,
    assessment: id || null,
    models: distinct(
      sources.map(({ model }) => ({ id: only(ID, model.id), sha256: only(HASH, model.sha256) })),
    ),
    rubrics: distinct(sources.map(({ rubric }) => ({ id: only(ID, rubric.id), version: rubric.version }))),
  };
}

/** Each value once, and no more than an entry names. */
function distinct<T extends object>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()].slice(0, MOST);
}
