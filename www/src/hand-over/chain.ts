/**
 * The hash chain of a hand-over file: SHA-256 over its head, over each assessment, and over each correction on top of
 * what came before it. It shows accidents and careless edits. It has no secret, so whoever wants to can compute it anew
 * for a changed file: it proves nothing about who wrote the file.
 */
import { sha256 } from '../component/sha256';
import { record } from '../files/json';

/** The hashes of a file, in hexadecimal. */
export interface Chain {
  readonly algorithm: 'SHA-256';
  /** Of everything in the file but its results. */
  readonly head: string;
  /** For each result, the hash of its assessment, then one for each correction. */
  readonly results: readonly (readonly string[])[];
  /** Of the last hash of every result, so that no result and no correction can be dropped unnoticed. */
  readonly seal: string;
}

/**
 * What is known of a file. `unsealed`: it has no chain, as it is from before files had one or from a page without
 * SubtleCrypto, which browsers offer in secure contexts only. `unchecked`: this page cannot compute hashes.
 */
export type Seal = 'intact' | 'altered' | 'unsealed' | 'unchecked';

const canHash = (): boolean => 'subtle' in crypto;

/** The file with its chain; as it is where this page cannot compute hashes. */
export async function sealed<T extends object>(file: T): Promise<T & { readonly chain?: Chain }> {
  if (!canHash()) return file;
  // The chain is over what will be in the file: JSON leaves out what is undefined.
  const written = JSON.parse(JSON.stringify(file)) as T;
  return { ...written, chain: await chainOf(written as Record<string, unknown>) };
}

/** Compares a file with its chain. @param file as it was parsed, before anything in it was corrected or left out */
export async function checkSeal(file: unknown): Promise<Seal> {
  const { chain, ...rest } = record(file) ?? {};
  // Whoever saved it found it altered: the new chain is intact, but not what it is over.
  if (rest.altered === true) return 'altered';
  if (chain === undefined) return 'unsealed';
  if (!canHash()) return 'unchecked';
  return canonical(chain) === canonical(await chainOf(rest)) ? 'intact' : 'altered';
}

async function chainOf({ results, ...head }: Record<string, unknown>): Promise<Chain> {
  const first = await hash(canonical(head));
  const chains: string[][] = [];
  for (const result of Array.isArray(results) ? (results as unknown[]) : []) {
    const { corrections, ...assessed } = record(result) ?? {};
    const links = [await hash(first + canonical(assessed))];
    for (const correction of Array.isArray(corrections) ? (corrections as unknown[]) : [])
      links.push(await hash((links.at(-1) ?? '') + canonical(correction)));
    chains.push(links);
  }
  const seal = await hash(first + chains.map((links) => links.at(-1)).join(''));
  return { algorithm: 'SHA-256', head: first, results: chains, seal };
}

/** JSON that does not depend on the order of keys nor on white space. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const fields = record(value);
  if (!fields) return JSON.stringify(value);
  const pairs = Object.keys(fields)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(fields[key])}`);
  return `{${pairs.join(',')}}`;
}

const hash = (text: string): Promise<string> => sha256(new TextEncoder().encode(text));
