/**
 * The one way to name and start scripts of our own. Under `require-trusted-types-for 'script'`, the URL of a worker needs
 * a policy: ours is called `salesmirror` and trusts scripts of the page's own origin only, which browsers ask of workers anyway.
 */

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

/** The absolute URL of a script of the same origin, as workers take it. */
export function ownScript(url: string): string {
  return trust?.createScriptURL(url) ?? url;
}

/** Starts a worker from the absolute URL of its script, which is of the same origin. */
export function startWorker(url: string): Worker {
  return new Worker(ownScript(url), { type: 'module' });
}
