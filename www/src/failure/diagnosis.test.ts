import { afterEach, expect, test, vi } from 'vitest';
import type { Failure, FailureCode } from '../engine/contract';
import { PACKAGE } from '../package/contents';
import { diagnose, Violations } from './diagnosis';
import { Trouble } from './trouble';

const failure = (code: FailureCode, message = ''): Failure => ({ code, message, detail: null });

/** The code that is shown if the server answers like this. */
async function shown(code: FailureCode, answer: () => Response, message = ''): Promise<string> {
  const fetched = vi.fn(() => Promise.resolve(answer()));
  vi.stubGlobal('fetch', fetched);
  const { code: found } = await diagnose(failure(code, message), '/manifest.json', new Violations());
  return found;
}

const manifest = () => new Response('{"format": 1}');
const page = () => new Response('<!doctype html><title>Please log in</title>');
const redirect = () => ({ type: 'opaqueredirect', ok: false, status: 0 }) as Response;
const offline = () => {
  throw new TypeError('offline');
};

afterEach(() => {
  vi.unstubAllGlobals();
});

test('a page or a redirect in the place of the manifest means that the session has expired', async () => {
  expect(await shown('web_page', page)).toBe('signed_out');
  expect(await shown('manifest_invalid', page)).toBe('signed_out');
  expect(await shown('network', redirect)).toBe('signed_out');
  expect(await shown('hash_mismatch', () => new Response('', { status: 401 }))).toBe('signed_out');
});

test('a part of the page that is missing on a server that answers means that the page was updated', async () => {
  expect(await shown('network', manifest)).toBe('page_updated');
});

test('a page in the place of a script is named; a script that is gone means that the page was updated', async () => {
  const answers = new Map([['/manifest.json', manifest]]);
  vi.stubGlobal('fetch', (url: string) => Promise.resolve((answers.get(url) ?? offline)()));
  const missing: Failure = { ...failure('network'), detail: { url: '/later.js' } };
  const found = async () => (await diagnose(missing, '/manifest.json', new Violations())) as Failure;
  expect(await found()).toEqual(missing);
  const html = { headers: { 'Content-Type': 'text/html' } };
  answers.set('/later.js', () => new Response('<!doctype html>', html));
  expect(await found()).toMatchObject({ code: 'web_page', detail: { url: '/later.js' } });
  answers.set('/later.js', () => new Response('', { status: 404 }));
  expect(await found()).toMatchObject({ code: 'page_updated' });
  answers.set('/later.js', () => new Response('export {}'));
  expect(await found()).toEqual(missing);
});

test('a server that cannot be reached, and files that are damaged, stay what they are', async () => {
  expect(await shown('network', offline)).toBe('network');
  expect(await shown('hash_mismatch', manifest)).toBe('hash_mismatch');
  expect(await shown('not_found', () => new Response('', { status: 404 }))).toBe('not_found');
});

test('the server is asked only where its answer can tell more', async () => {
  const fetched = vi.fn();
  vi.stubGlobal('fetch', fetched);
  for (const code of ['cancelled', 'empty_text', 'model_version'] as const)
    expect(await diagnose(failure(code), '/manifest.json', new Violations())).toEqual(failure(code));
  const trouble = new Trouble('rubric_invalid', '');
  expect(await diagnose(trouble, '/manifest.json', new Violations())).toBe(trouble);
  // The manifest of the npm package is no file on a server.
  const packaged = failure('network');
  expect(await diagnose(packaged, `${PACKAGE}manifest.json`, new Violations())).toBe(packaged);
  expect(fetched).not.toHaveBeenCalled();
});

test('a browser without WebAssembly and policies that forbid it or the worker are named', async () => {
  const refused = 'CompileError: Refused to compile WebAssembly module: violates the Content Security Policy';
  expect(await shown('browser_unsupported', offline, refused)).toBe('policy_wasm');
  const violations = new Violations();
  violations.start();
  document.dispatchEvent(
    Object.assign(new Event('securitypolicyviolation'), { effectiveDirective: 'worker-src' }),
  );
  violations.stop();
  expect((await diagnose(failure('crashed'), '', violations)).code).toBe('policy_worker');
  expect((await diagnose(failure('crashed'), '', new Violations())).code).toBe('crashed');
  const untrusted = "Failed to construct 'Worker': This document requires 'TrustedScriptURL' assignment.";
  expect(await shown('internal', offline, untrusted)).toBe('policy_trusted_types');
  vi.stubGlobal('origin', 'null');
  expect((await diagnose(failure('internal'), '', new Violations())).code).toBe('policy_worker');
  vi.unstubAllGlobals();
  vi.stubGlobal('WebAssembly', undefined);
  expect(await shown('internal', offline)).toBe('wasm_missing');
});
