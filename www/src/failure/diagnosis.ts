/**
 * Finds why loading failed where the failure alone does not tell: a session that has expired, a page that was updated, a
 * policy or a browser that forbids WebAssembly. It asks the page's own server once, and only after a failure.
 */
import type { Failure } from '../engine/contract';
import { Trouble } from './trouble';

/** Failures that another answer than the expected one can cause. */
const DOUBTFUL = new Set(['network', 'not_found', 'incomplete', 'manifest_invalid', 'hash_mismatch']);

/** What a server, or whatever stands before it, answers in the place of the manifest. */
type Answer = 'manifest' | 'sign-in' | 'other';

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
  if (code === 'crashed' && violations.has('worker-src')) return new Trouble('policy_worker', message);
  if (!DOUBTFUL.has(code)) return failure;
  const answer = await ask(manifest);
  if (answer === 'sign-in') return new Trouble('signed_out', message);
  if (answer === 'manifest' && code === 'network') return new Trouble('page_updated', message);
  return failure;
}

/** Asks for the manifest without following redirects, which may lead to another origin. */
async function ask(manifest: string): Promise<Answer> {
  try {
    const response = await fetch(manifest, { cache: 'no-store', redirect: 'manual' });
    if (response.type === 'opaqueredirect' || response.status === 401) return 'sign-in';
    if (!response.ok) return 'other';
    const text = await response.text();
    if (/^\s*</.test(text)) return 'sign-in';
    return /^\s*\{/.test(text) ? 'manifest' : 'other';
  } catch {
    return 'other';
  }
}
