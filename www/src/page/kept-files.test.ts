import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { KeptFiles } from './kept-files';

const SCOPE = 'https://mirror.example/app/';
const SCRIPT = 'export const right = true;';
const LOGIN = '<!doctype html><title>Please log in</title>';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** What Cache Storage holds, by URL. */
let stored: Map<string, Response>;
/** What the server answers, in order. */
let answers: Response[];
let asked: string[];

const subject = () =>
  new KeptFiles('test', SCOPE, {
    scripts: { 'assets/a.js': sha256(SCRIPT) },
    pages: { './': sha256('<p>page</p>') },
    data: ['profiles/a.json'],
  });

beforeEach(() => {
  stored = new Map();
  answers = [];
  asked = [];
  const cache = {
    match: (url: string) => Promise.resolve(stored.get(url)?.clone()),
    put: (url: string, response: Response) => Promise.resolve(stored.set(url, response)),
    delete: (url: string) => Promise.resolve(stored.delete(url)),
  };
  vi.stubGlobal('caches', { open: () => Promise.resolve(cache) });
  vi.stubGlobal('fetch', (url: string, { cache }: RequestInit) => {
    asked.push(`${url} ${cache ?? ''}`);
    return Promise.resolve(answers.shift() ?? Response.error());
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test('a file is kept as the server has it', async () => {
  answers = [new Response(SCRIPT)];
  await subject().fetch('assets/a.js');
  expect(await (await subject().match('assets/a.js'))?.text()).toBe(SCRIPT);
  expect(asked).toEqual([`${SCOPE}assets/a.js default`]);
});

test('what the browser itself kept in its place is fetched anew', async () => {
  answers = [new Response(LOGIN), new Response(SCRIPT)];
  await subject().fetch('assets/a.js');
  expect(asked[1]).toBe(`${SCOPE}assets/a.js reload`);
  expect(await subject().has('assets/a.js')).toBe(true);
});

test.each([
  ['a page for signing in', 'assets/a.js', () => new Response(LOGIN)],
  ['an error', 'assets/a.js', () => new Response(SCRIPT, { status: 500 })],
  ['a page in the place of data', 'profiles/a.json', () => new Response(LOGIN)],
  ['a page that was edited', './', () => new Response('<p>another</p>')],
  ['a file that does not belong to the page', 'other.js', () => new Response(SCRIPT)],
])('%s is not kept', async (_, name, answer) => {
  answers = [answer(), answer()];
  await expect(subject().fetch(name)).rejects.toThrow(name.replace('./', SCOPE));
  expect(stored.size).toBe(0);
});

test('data may be edited', async () => {
  expect(await subject().keep('profiles/a.json', new Response('{"edited": true}'))).toBe(true);
  expect(await (await subject().match('profiles/a.json'))?.json()).toEqual({ edited: true });
});

test('a copy that another page of the origin put there is deleted, not served', async () => {
  stored.set(`${SCOPE}assets/a.js`, new Response('alert(1)'));
  expect(await subject().match('assets/a.js')).toBeUndefined();
  expect(stored.size).toBe(0);
});
