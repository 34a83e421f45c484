/** The file that a person exports their history to. Reading it again is left to import.ts. */
import type { Code } from '../languages/text';
import { provenance } from '../report/provenance';
import type { Entry } from './store';

export const FORMAT = 'salesmirror-history';
export const VERSION = 1;

export function asExport(entries: readonly Entry[], language: Code): string {
  const about = provenance(
    entries.map(({ assessment }) => assessment),
    language,
  );
  return JSON.stringify(
    { format: FORMAT, version: VERSION, exported: new Date().toISOString(), about, entries },
    null,
    1,
  );
}
