import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const rules: { createScriptURL(url: string): string }[] = [];
const home = new URL('worker.js', location.href).href;

beforeEach(() => {
  vi.resetModules();
  rules.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('scripts of the same origin are trusted, and those of another are not', async () => {
  const createPolicy = vi.fn((_: string, rule: (typeof rules)[number]) => {
    rules.push(rule);
    return { createScriptURL: (url: string) => `trusted ${rule.createScriptURL(url)}` };
  });
  vi.stubGlobal('trustedTypes', { createPolicy });
  const { ownScript } = await import('./own-script');
  expect(createPolicy.mock.calls[0]?.[0]).toBe('salesmirror');
  expect(ownScript(home)).toBe(`trusted ${home}`);
  expect(() => ownScript('https://elsewhere.example/worker.js')).toThrow(/another origin/);
});

test('a script that fails to arrive, or never does, is told as a failure', async () => {
  const { arrived } = await import('./own-script');
  expect(await arrived(Promise.resolve(1))).toBe(1);
  const missing = arrived(Promise.reject(new TypeError('gone')), home);
  await expect(missing).rejects.toMatchObject({ code: 'network', detail: { url: home } });
  vi.useFakeTimers();
  const told = expect(arrived(new Promise(() => undefined))).rejects.toMatchObject({ code: 'stalled' });
  await vi.advanceTimersByTimeAsync(120_000);
  await told;
});

test('a browser without Trusted Types, and a page that does not allow the policy, get the plain URL', async () => {
  vi.stubGlobal('trustedTypes', undefined);
  expect((await import('./own-script')).ownScript(home)).toBe(home);
  vi.resetModules();
  vi.stubGlobal('trustedTypes', {
    createPolicy: () => {
      throw new TypeError('Policy "salesmirror" disallowed.');
    },
  });
  expect((await import('./own-script')).ownScript(home)).toBe(home);
});
