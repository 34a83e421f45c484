/**
 * Finds why loading failed where the failure alone does not tell: a session that has expired, a page that was updated, a
 * policy or a browser that forbids WebAssembly. It asks the page's own server, and only after a failure.
 */
import { isPage } from '../component/fetch-file';
import type { Failure } from '../engine/contract';
import { PACKAGE } from '../package/contents';
import { Trouble } from './trouble';

/** Failures that another answer than the expected one can cause. */
const DOUBTFUL = new Set([
  'network',
  'not_found',
  'server_error',
  'web_page',
  'incomplete',
  'manifest_invalid',
  'hash_mismatch',
]);

/** What a server, or whatever stands before it, answers in the place of a file. */
type Answer = 'sign-in' | 'page' | 'error' | 'file' | 'none';

/** How long the server may take to answer, in milliseconds. */
const ASK_MILLISECONDS = 10_000;

/** Collects the directives of the Content-Security-Policy that were violated, for as long as the page lives. */
export class Violations {
  private readonly directives = new Set<string>();

  start(): void {
    document.addEventListener('securitypolicyviolation', this.note);
  }

  stop(): void {
    document.removeEventListener('securitypolicyviolation', this.note);
  }

  has(directive: string): boolean {
    return this.directives.has(directive);
  }

  private readonly note = ({ effectiveDirective }: SecurityPolicyViolationEvent): void => {
    this.directives.add(effectiveDirective);
  };
}

/**
 * Returns the failure, or a Trouble that tells more.
 * @param manifest URL of the model's manifest
 */
export async function diagnose(
  failure: Failure | Trouble,
  manifest: string,
  violations: Pick<Violations, 'has'>,
): Promise<Failure | Trouble> {
  if (failure instanceof Trouble || failure.code === 'cancelled') return failure;
  const { code, message } = failure;
  if (typeof WebAssembly === 'undefined') return new Trouble('wasm_missing', message);
  if (/content.security.policy|unsafe-eval/i.test(message)) return new Trouble('policy_wasm', message);
  if (/Trusted ?(Type|ScriptURL)/i.test(message)) return new Trouble('policy_trusted_types', message);
  // A frame in a sandbox without an origin may start no worker either.
  const forbidden = globalThis.origin === 'null' || violations.has('worker-src');
  if (forbidden && ['crashed', 'network', 'internal'].includes(code))
    return new Trouble('policy_worker', message);
  // The manifest of the npm package is no file on the server.
  if (!DOUBTFUL.has(code) || manifest.startsWith(PACKAGE)) return failure;
  const answer = await ask(manifest);
  if (answer === 'sign-in' || answer === 'page') return new Trouble('signed_out', message, manifest);
  if (answer !== 'file' || code !== 'network') return failure;
  // The server works, but a script could not be had from it.
  const script = String(failure.detail?.url ?? '');
  const found = script ? await ask(script) : 'none';
  if (found === 'sign-in' || found === 'page')
    return { code: 'web_page', message, detail: { url: script } } satisfies Failure;
  // It is there now, or the connection broke.
  if (script && found !== 'error') return failure;
  return new Trouble('page_updated', message);
}

/** Asks for a file without following redirects, which may lead to another origin. */
async function ask(url: string): Promise<Answer> {
  try {
    const signal = AbortSignal.timeout(ASK_MILLISECONDS);
    const response = await fetch(url, { cache: 'no-store', redirect: 'manual', signal });
    if (response.type === 'opaqueredirect' || response.status === 401) return 'sign-in';
    if (!response.ok) return 'error';
    if (isPage(response)) return 'page';
    // A file may be large; only what is to be JSON is looked into.
    if (!url.endsWith('.json')) {
      await response.body?.cancel();
      return 'file';
    }
    return /^\s*</.test(await response.text()) ? 'page' : 'file';
  } catch {
    return 'none';
  }
}
