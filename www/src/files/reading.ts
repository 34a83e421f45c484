/**
 * What a file says: its texts, what was assumed or left out, and what only the person can decide. Everything here can
 * cross to a worker.
 */
import type { Kind } from '../report/report';
import type { Encoding } from './encoding';

export interface FoundText {
  readonly name: string;
  readonly text: string;
  /** Undefined if the file does not say. */
  readonly kind?: Kind | undefined;
  /** YYYY-MM-DD; undefined if the file does not say or it cannot be read. */
  readonly date?: string | undefined;
}

/** What was assumed about a file, or left out of it; words.ts has a sentence for each. */
export const NOTE_CODES = [
  'renamed',
  'foreign_text',
  'bad_bytes',
  'media_left_out',
  'rows_read',
  'rows_without_text',
  'dates_missing',
  'dates_unread',
  'rows_without_date',
  'sheets_left_out',
  'changes_accepted',
  'comments_left_out',
  'margins_left_out',
  'attachments_left_out',
  'pages_without_text',
] as const;

export type NoteCode = (typeof NOTE_CODES)[number];

export interface Note {
  readonly code: NoteCode;
  readonly count?: number;
  /** What it concerns, quoted from the file. */
  readonly about?: string;
}

/** The cells of a table, row by row. */
export type Cells = readonly (readonly string[])[];

/** The choices of a person about a file; what they leave out is found in the file itself. */
export interface Choices {
  readonly encoding?: Encoding;
  /** Index of the column that holds the text of a table, or -1 if all of it is one text. */
  readonly column?: number;
  /** How dates such as 3/4/2026 are meant. */
  readonly dates?: DateOrder;
  /** Whether the cells of a table are wanted as they are, and not the texts in it. */
  readonly cells?: boolean;
}

export type DateOrder = 'day-first' | 'month-first';

/** What a person can be asked about a file. */
export type Asked = Exclude<keyof Choices, 'cells'>;

/** A decision that a person can make. Without a value the file waits for it. */
export interface Question {
  readonly ask: Asked;
  /** The value in use; undefined if the person has to decide. */
  readonly value: string | number | undefined;
  readonly options: readonly Option[];
  /** An example of what is in question, quoted from the file. */
  readonly preview?: string;
}

export interface Option {
  readonly value: string | number;
  /** What it stands for, quoted from the file; values that mean something by themselves have none. */
  readonly label?: string;
}

export interface Reading {
  /** Empty while a question has no value. */
  readonly texts: readonly FoundText[];
  readonly notes: readonly Note[];
  readonly questions: readonly Question[];
  /** Where the cells of a table were wanted. */
  readonly cells?: Cells;
}

/** Whether a question waits for the person. */
export function isOpen(questions: readonly Question[]): boolean {
  return questions.some(({ value }) => value === undefined);
}

/** The beginning of a text, for a person to see whether it was read well. */
export function preview(text: string): string {
  const start = text.trim().slice(0, 120);
  return start.length < text.trim().length ? `${start}…` : start;
}
