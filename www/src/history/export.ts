/** The file that a person exports their history to. Reading it again is left to import.ts. */
import type { Code } from '../languages/text';
import type { Plan } from '../plan/plan';
import { provenance } from '../report/provenance';
import type { Entry } from './store';

export const FORMAT = 'salesmirror-history';
export const VERSION = 1;

/** @param plan the person's own plan; null if there is none */
export function asExport(entries: readonly Entry[], language: Code, plan: Plan | null = null): string {
  const made = [
    ...entries.map(({ assessment }) => assessment),
    ...(plan?.goals ?? []).map(({ began }) => began),
  ];
  const about = provenance(made, language);
  return JSON.stringify(
    {
      format: FORMAT,
      version: VERSION,
      exported: new Date().toISOString(),
      about,
      entries,
      ...(plan ? { plan } : {}),
    },
    null,
    1,
  );
}
