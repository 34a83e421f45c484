/**
 * The one way to name, start and import scripts of our own whose URL is known. Under `require-trusted-types-for 'script'`,
 * the URL of a worker needs a policy: ours is called `salesmirror` and trusts scripts of the page's own origin only, which
 * browsers ask of workers anyway.
 */

import type { Failure } from '../engine/contract';
import { fetchFile } from './fetch-file';
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
  if (new URL(url).origin === location.origin) return url;
  throw new TypeError(`${url} is a script of another origin`);
}

/** The absolute URL of a file that an import names; Vite's own server names files by paths. */
export const absolute = (url: string): string => new URL(url, location.href).href;

/** The absolute URL of a script of the same origin, as workers take it. */
export function ownScript(url: string): string {
  return trust?.createScriptURL(url) ?? url;
}

/** Starts a worker from the absolute URL of its script, which is of the same origin. */
export function startWorker(url: string): Worker {
  return new Worker(ownScript(url), { type: 'module' });
}

/** How long an import may take. It tells nothing of its progress. */
const IMPORT_MILLISECONDS = 60_000;

/** How often the import of each URL has failed. */
const failures = new Map<string, number>();

/**
 * Imports a module of the same origin by its absolute URL. Rejects with a Failure. Many browsers remember an import that
 * failed, and some answers stay in their caches, so the next attempt is made under another query.
 */
export async function importOwn(url: string): Promise<unknown> {
  // Under another query the browser would not check the hash that the page pins it to.
  const failed = isPinned(url) ? 0 : (failures.get(url) ?? 0);
  const address = new URL(ownOrigin(url));
  if (failed > 0) {
    address.searchParams.set('again', String(failed));
    // That one may have failed at an earlier visit.
    await fetchFile(address.href).catch(() => undefined);
  }
  try {
    return await arrived(import(/* @vite-ignore */ address.href), url);
  } catch (failure) {
    failures.set(url, failed + 1);
    throw failure;
  }
}

/** Whether an import map of the page, such as that of pkg-scripts/embed-tags, names a module with its hash. */
const isPinned = (url: string): boolean =>
  document.querySelector('[type=importmap]')?.textContent.includes(new URL(url).pathname) === true;

/**
 * Waits for a module that is being imported. Rejects with a Failure.
 * @param url of the module, if it is known
 */
export async function arrived<T>(module: Promise<T>, url?: string): Promise<T> {
  const detail = url === undefined ? null : { url };
  const late: Failure = { code: 'stalled', message: `${url ?? 'a script'} did not arrive`, detail };
  const work = module.catch((error: unknown) => {
    throw { code: 'network', message: String(error), detail } satisfies Failure;
  });
  return inTime(work, IMPORT_MILLISECONDS, late);
}
