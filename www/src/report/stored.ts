/** Brings assessments of older schemas, which files and the history still hold, into the present form. */
import type { Assessment } from '../engine/contract';

/**
 * The schemas that can be read. Schema 1 had no `without`, 2 neither `account`, `left_out` nor `speakers`, and 3 no
 * `objections`.
 */
export const SCHEMAS: ReadonlySet<unknown> = new Set<Stored['schema']>([1, 2, 3, 4]);

type Older = Omit<Assessment, 'schema' | 'account' | 'left_out' | 'speakers' | 'objections'> & {
  readonly schema: 1 | 2;
};

type Schema3 = Omit<Assessment, 'schema' | 'objections'> & { readonly schema: 3 };

/** An assessment as some version of the widget wrote it. */
export type Stored = Assessment | Schema3 | Older;

/** Before schema 3 every text was accepted and counted as a whole, and before schema 4 nobody could object to evidence. */
export function present(stored: Stored): Assessment {
  switch (stored.schema) {
    case 4:
      return stored;
    case 3:
      return { ...stored, schema: 4, objections: [] };
    default:
      return {
        ...stored,
        schema: 4,
        account: { probability: null, accepted: true },
        left_out: [],
        speakers: [],
        objections: [],
      };
  }
}
