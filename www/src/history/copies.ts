/** Finds texts of the history that are copies of earlier ones. */
import { essence } from '../report/essence';
import type { Entry } from './store';

/**
 * Maps each entry that is a copy, by the id of its report, to the earliest entry with that text.
 * @param entries oldest first; those without a text are no copies
 */
export function copies(entries: readonly Entry[]): ReadonlyMap<string, Entry> {
  const first = new Map<string, Entry>();
  const found = new Map<string, Entry>();
  for (const entry of entries) {
    const text = essence(entry.report.text);
    if (!text) continue;
    const original = first.get(text);
    if (original) found.set(entry.report.id, original);
    else first.set(text, entry);
  }
  return found;
}
