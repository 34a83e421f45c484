/** Brings assessments of older schemas, which files and the history still hold, into the present form. */
import type { Assessment } from '../engine/contract';

/** The schemas that can be read. Schema 1 had no `without`, and 2 neither `account`, `left_out` nor `speakers`. */
export const SCHEMAS: ReadonlySet<unknown> = new Set<Stored['schema']>([1, 2, 3]);

type Older = Omit<Assessment, 'schema' | 'account' | 'left_out' | 'speakers'> & { readonly schema: 1 | 2 };

/** An assessment as some version of the widget wrote it. */
export type Stored = Assessment | Older;

/** Before schema 3 every text was accepted and counted as a whole. */
export function present(stored: Stored): Assessment {
  if (stored.schema === 3) return stored;
  return { ...stored, schema: 3, account: { probability: null, accepted: true }, left_out: [], speakers: [] };
}
