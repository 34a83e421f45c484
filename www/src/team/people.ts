/**
 * Who the people of a team are, from the files that they handed over. A name alone makes nobody the same person: files
 * belong together if their writer is the same, if they share an assessment, or if the reader says so.
 */
import type { Opened } from '../hand-over/open';
import type { Result } from '../report/report';
import { unite } from '../report/unite';

export interface Person {
  /** Tells namesakes apart; the same whatever the order of opening. */
  readonly key: string;
  /** As shown: namesakes have a number, and pseudonyms stand in the place of names. */
  readonly name: string;
  /** The name or code in the files. */
  readonly own: string;
  /** Oldest first. */
  readonly results: readonly Result[];
  /** How many assessments do not count because they are of texts that count already. */
  readonly repeated: number;
  readonly files: readonly Opened[];
}

export interface Naming {
  /** Names whose files are all of one person, as the reader says. */
  readonly joined?: ReadonlySet<string>;
  /** The name that stands in the place of the n-th person's own; null to show names. */
  readonly pseudonym?: ((n: number) => string) | null;
}

/** The people, by name; with pseudonyms in an order that says nothing about their names. */
export function people(files: readonly Opened[], { joined, pseudonym }: Naming = {}): Person[] {
  const byName = new Map<string, Opened[]>();
  for (const file of files) byName.set(file.person, [...(byName.get(file.person) ?? []), file]);
  const found = [...byName].flatMap(([own, named]) => {
    const persons = joined?.has(own) ? [named] : apart(named);
    const all = persons.map((theirs) => ({ own, key: keyOf(own, theirs), files: theirs }));
    all.sort((a, b) => a.key.localeCompare(b.key));
    return all.map((person, i) => ({ ...person, name: all.length > 1 ? `${own} (${i + 1})` : own }));
  });
  const order = pseudonym ? 'key' : 'name';
  return found
    .sort((a, b) => a[order].localeCompare(b[order]))
    .map((person, i) => ({
      ...person,
      name: pseudonym ? pseudonym(i + 1) : person.name,
      ...unite(
        person.files.flatMap(({ exported, results }) => results.map((result) => ({ result, exported }))),
      ),
    }));
}

/** Names that more than one person has. */
export function namesakes(team: readonly Person[]): string[] {
  const names = team.map(({ own }) => own);
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
}

/** Divides the files of one name among the people who have it. */
function apart(files: readonly Opened[]): Opened[][] {
  const groups: { keys: Set<string>; files: Opened[] }[] = [];
  for (const file of files) {
    const keys = new Set([
      ...(file.writer ? [`writer ${file.writer}`] : []),
      ...file.results.map(({ report }) => `report ${report.id}`),
    ]);
    const linked = groups.filter((group) => [...keys].some((key) => group.keys.has(key)));
    for (const group of linked) {
      for (const key of group.keys) keys.add(key);
      groups.splice(groups.indexOf(group), 1);
    }
    groups.push({ keys, files: [...linked.flatMap((group) => group.files), file] });
  }
  return groups.map((group) => group.files);
}

/** The least of the ids, which are random, so that the order of opening makes no difference. */
function keyOf(own: string, files: readonly Opened[]): string {
  const ids = files.flatMap(({ results }) => results.map(({ report }) => report.id)).sort();
  return `${ids[0] ?? ''} ${own}`;
}
