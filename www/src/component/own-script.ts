/**
 * The one way to name, start and import scripts of our own whose URL is known. Under `require-trusted-types-for 'script'`, the URL of a worker needs
 * a policy: ours is called `salesmirror` and trusts scripts of this script's own origin only.
 */

import type { Failure } from '../engine/contract';
import { inTime } from './in-time';

interface Policy {
  createScriptURL(url: string): string;
}

/** The part of the Trusted Types API that is used; TypeScript does not know it yet. */
interface TrustedTypes {
  createPolicy(name: string, rules: Policy): Policy;
}

const trust = policy();

function policy(): Policy | undefined {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  try {
    return trustedTypes?.createPolicy('salesmirror', { createScriptURL: ownOrigin });
  } catch {
    // The page does not allow the policy. Starting a worker then fails, which failure/diagnosis.ts explains.
    return undefined;
  }
}

function ownOrigin(url: string): string {
  if (new URL(url).origin === new URL(import.meta.url).origin) return url;
  throw new TypeError(`${url} is a script of another origin`);
}

/** The URL of a script of the same origin, as workers take it. */
export function ownScript(url: URL): string {
  return trust?.createScriptURL(url.href) ?? url.href;
}

/** Starts a worker from the URL of its script, which is of the same origin. */
export function startWorker(url: URL): Worker {
  return new Worker(ownScript(url), { type: 'module' });
}

/** How long an import may take. It tells nothing of its progress. */
const IMPORT_MILLISECONDS = 60_000;

/** How often the import of each URL has failed. */
const failures = new Map<string, number>();

/**
 * Imports a module of the same origin. Rejects with a Failure. Many browsers remember an import that failed, and some answers
 * stay in their caches, so the next attempt is made under another query.
 */
export async function importOwn(url: URL): Promise<unknown> {
  const failed = failures.get(url.href) ?? 0;
  const address = new URL(ownOrigin(url.href));
  if (failed > 0) address.searchParams.set('again', String(failed));
  const detail = { url: url.href };
  const late: Failure = { code: 'stalled', message: `${url.href} did not arrive`, detail };
  const module: Promise<unknown> = import(/* @vite-ignore */ address.href);
  const work = module.catch((error: unknown) => {
    throw { code: 'network', message: String(error), detail } satisfies Failure;
  });
  try {
    return await inTime(work, IMPORT_MILLISECONDS, late);
  } catch (failure) {
    failures.set(url.href, failed + 1);
    throw failure;
  }
}
