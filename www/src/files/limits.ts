/**
 * What a file may hold at most. A small file can claim any size, so everything is counted while it is read, never taken
 * from the file; words.ts says for each limit what to do about it.
 */
import { Trouble } from '../failure/trouble';

/** All limits, in the units that their names or comments give. */
export const LIMITS = {
  /** Bytes of a file. */
  bytes: 20_000_000,
  /** Files that are chosen at once. */
  files: 1_000,
  /** Texts that are taken from all files that are chosen at once. */
  reports: 1_000,
  /** Characters of one text; the model reads about 200,000. */
  characters: 500_000,
  /** Characters of all texts that are taken at once. */
  allCharacters: 5_000_000,
  /** Rows of a table, with or without text. */
  rows: 20_000,
  columns: 500,
  cells: 1_000_000,
  /** Pages of a PDF. */
  pages: 1_000,
  /** Bytes of everything that is unpacked from a document. */
  unpacked: 30_000_000,
  /** Entries of an archive. */
  entries: 10_000,
  /** Elements of a document that a tree is made of: a Word document. */
  elements: 100_000,
  /** Elements that stand in each other. */
  depth: 1_000,
  /** Seconds without progress. */
  silence: 30,
  /** Seconds for a whole file. */
  seconds: 120,
} as const;

export type Limit = keyof typeof LIMITS;

/** A file that is too large in some way. */
export class LimitExceeded extends Trouble {
  constructor(
    readonly limit: Limit,
    about?: string,
  ) {
    super('file_too_large', `more than ${LIMITS[limit]} ${limit}`, about);
  }
}

/** Throws if a count is above a limit. */
export function withinLimit(limit: Limit, count: number): void {
  if (count > LIMITS[limit]) throw new LimitExceeded(limit);
}
