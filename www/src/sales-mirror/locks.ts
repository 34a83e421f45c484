/** What a company decides for everybody who uses its page, by the attribute `locked`: what is turned off, and `log-on`. */

const LOCKS = ['team', 'live', 'history', 'log', 'log-on'] as const;

export type Lock = (typeof LOCKS)[number];

/** The locks that an attribute lists, separated by spaces. It ignores what it does not know. */
export function locksOf(attribute: string): ReadonlySet<Lock> {
  const listed = attribute.split(/\s+/);
  return new Set(LOCKS.filter((lock) => listed.includes(lock)));
}
