/** What the log of use has entries about, as the parts of the page tell it. What becomes of it is left to entry.ts. */
import type { MadeWith } from '../report/made-with';
import type { Result } from '../report/report';

export type What =
  | 'assessed'
  /** A reviewer replaced a level, or found it right and kept it. */
  | 'corrected'
  | 'confirmed'
  /** The person who is assessed said that a sentence is no evidence, or took that back, or wrote a note on a level. */
  | 'objected'
  | 'objection_withdrawn'
  | 'noted'
  | 'exported'
  | 'printed'
  /** A hand-over file was saved, or opened. */
  | 'handed_over'
  | 'opened'
  /** A text was removed from the history. */
  | 'erased'
  | 'log_erased';

/** The kind of file that something was exported to. */
export type Form = 'csv' | 'json' | 'jsonl' | 'markdown' | 'ics';

export interface Activity {
  readonly what: What;
  /** The texts that it is about. */
  readonly results: readonly Pick<Result, 'report' | 'assessment'>[];
  readonly form?: Form;
  /** What was made with which model, where there need not be a text: a plan outlives its text. By default that of the texts. */
  readonly made?: readonly MadeWith[];
  /** Whether the levels were updated while a person typed. */
  readonly live?: boolean;
}
