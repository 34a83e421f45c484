import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { beforeEach, expect, test, vi } from 'vitest';
import { result } from '../testing/fixtures';
import { History, ITERATIONS } from './store';

const NAME = 'salesmirror';

beforeEach(async () => {
  await new History().erase();
});

/** A history as another visit of the page finds it. */
async function later(history: History): Promise<History> {
  history.close();
  const next = new History();
  await next.resume();
  return next;
}

/** Makes the database of an older or a newer version of the page. */
async function database(version: number, ...texts: string[]): Promise<void> {
  const older = await openDB(NAME, version, {
    upgrade: (made) => {
      made.createObjectStore('settings');
      made.createObjectStore('entries', { keyPath: 'id' });
    },
  });
  for (const [i, text] of texts.entries())
    await older.put('entries', { id: String(i), at: i, content: result(text) });
  older.close();
}

test('nothing is there before the history is turned on', async () => {
  const history = new History();
  expect(await history.resume()).toBe('off');
  expect((await indexedDB.databases()).map(({ name }) => name)).toEqual([]);
});

test('whether texts are kept is remembered', async () => {
  const history = new History();
  await history.begin('', false);
  const again = await later(history);
  await again.keep(result('He signed.'));
  await again.keepDraft({ text: 'He', kind: 'email' });
  expect((await again.entries()).map(({ report }) => report.text)).toEqual(['']);
  expect(await again.draft()).toBeUndefined();
  again.close();
});

test('what was typed last is there after a reload, until it is emptied', async () => {
  const history = new History();
  await history.begin('', true);
  await history.keepDraft({ text: 'He signed', kind: 'email' });
  const again = await later(history);
  expect(await again.draft()).toEqual({ text: 'He signed', kind: 'email' });
  await again.keepDraft({ text: ' ', kind: 'email' });
  expect(await again.draft()).toBeUndefined();
  again.close();
});

test('a history of version 1 goes on, and keeps texts only if it did', async () => {
  await database(1, '', '');
  const history = new History();
  expect(await history.resume()).toBe('on');
  expect(await history.entries()).toHaveLength(2);
  await history.keep(result('He signed.'));
  expect((await history.entries()).map(({ report }) => report.text)).toEqual(['', '', '']);
  history.close();
});

test('a history of a later version is left alone', async () => {
  await database(9, 'He signed.');
  await expect(new History().resume()).rejects.toMatchObject({ code: 'storage_newer' });
});

test('another tab that erases the history is not kept waiting', async () => {
  const history = new History();
  await history.begin('', true);
  await new History().erase();
  expect(history.state).toBe('off');
  await history.keep(result('He signed.'));
  expect((await indexedDB.databases()).map(({ name }) => name)).toEqual([]);
});

test('another tab hears of what is kept, removed and erased, and forgets the key with the history', async () => {
  const [here, there] = [new History(), new History()];
  let heard = 0;
  here.follow(() => heard++);
  there.follow(() => undefined);
  await there.begin('correct horse', true);
  await vi.waitFor(() => {
    expect(heard).toBe(1);
  });
  expect(await here.resume()).toBe('locked');
  await here.unlock('correct horse');
  const kept = result('He signed.');
  await there.keep(kept);
  await vi.waitFor(() => {
    expect(heard).toBe(2);
  });
  expect((await here.entries()).map(({ report }) => report.text)).toEqual(['He signed.']);
  await there.remove(kept.report.id);
  await there.erase();
  await vi.waitFor(() => {
    expect(heard).toBe(4);
  });
  expect(await here.resume()).toBe('off');
  await here.begin('', true);
  expect([here.locked, here.state]).toEqual([false, 'on']);
  here.close();
  there.close();
});

/** Everything that is in the database, bytes too, as any page of the same origin can read it. */
async function everything(): Promise<string> {
  const found = (await indexedDB.databases()).filter(({ name }) => name === NAME);
  if (found.length === 0) return '';
  const other = await openDB(NAME);
  const parts: unknown[] = [];
  for (const store of other.objectStoreNames) {
    const values: unknown[] = await other.getAll(store);
    for (const [i, key] of (await other.getAllKeys(store)).entries()) parts.push([store, key, values[i]]);
  }
  other.close();
  return JSON.stringify(parts, (_, value: unknown) =>
    value instanceof ArrayBuffer || value instanceof Uint8Array
      ? Array.from(new Uint8Array(value), (byte) => String.fromCharCode(byte)).join('')
      : value,
  );
}

const secret = () => ({
  ...result('He signed in Whitby.', { growth: { level: 3.25 } }, 'Whitby.txt'),
  corrections: [
    { competency: 'growth', level: 4, was: 3.25, reason: 'Whitby', reviewer: 'Zoe', date: '2026-01-01' },
  ],
});
const traces = /Whitby|Zoe|3\.25|growth|correct horse|2026-0/;

test('a page of the same origin that was not given the passphrase reads nothing of entries and draft', async () => {
  const history = new History();
  await history.begin('correct horse', true);
  await history.keep(secret());
  await history.keepDraft({ text: 'Whitby again', kind: 'email' });
  const found = await everything();
  expect(found).toContain('entries');
  expect(found).not.toMatch(traces);
  const other = new History();
  expect(await other.resume()).toBe('locked');
  expect([await other.entries(), await other.draft()]).toEqual([[], undefined]);
  history.close();
  other.close();
});

test('without a passphrase the same page finds the text, so the test above can fail', async () => {
  const history = new History();
  await history.begin('', true);
  await history.keep(secret());
  expect(await everything()).toMatch(/Whitby/);
  history.close();
});

test('erasing leaves nothing of the text, in the database or in memory', async () => {
  for (const passphrase of ['', 'correct horse']) {
    const history = new History();
    await history.begin(passphrase, true);
    await history.keep(secret());
    await history.keepDraft({ text: 'Whitby again', kind: 'email' });
    await history.erase();
    expect(await everything()).toBe('');
    expect([history.state, await history.entries(), await history.draft()]).toEqual(['off', [], undefined]);
    expect(JSON.stringify(history)).not.toMatch(traces);
  }
});

test('what is stored is emptied even while another page keeps the database open', async () => {
  const history = new History();
  await history.begin('', true);
  await history.keep(secret());
  // It does not listen to the request to close.
  const other = await openDB(NAME);
  const erased = history.erase();
  await vi.waitFor(async () => {
    expect(await other.getAll('entries')).toEqual([]);
  });
  other.close();
  await erased;
  expect(await everything()).toBe('');
});

/** A history with a passphrase as an earlier version of the page left it, which derived its key faster. */
async function weaker(iterations: number): Promise<void> {
  const real = crypto.subtle.deriveKey.bind(crypto.subtle);
  const spy = vi.spyOn(crypto.subtle, 'deriveKey').mockImplementation((algorithm, ...rest) => {
    return real({ ...(algorithm as Pbkdf2Params), iterations }, ...rest);
  });
  const history = new History();
  await history.begin('correct horse', true);
  await history.keep(secret());
  await history.keepDraft({ text: 'Whitby again', kind: 'email' });
  history.close();
  spy.mockRestore();
  const database = await openDB(NAME);
  const lock = (await database.get('settings', 'lock')) as object;
  await database.put('settings', { ...lock, iterations }, 'lock');
  database.close();
}

test('a key takes at least 600,000 iterations, and an older history is brought to that when it is unlocked', async () => {
  expect(ITERATIONS).toBeGreaterThanOrEqual(600_000);
  await weaker(1000);
  const history = new History();
  await history.resume();
  const derived = vi.spyOn(crypto.subtle, 'deriveKey');
  await history.unlock('correct horse');
  const counts = derived.mock.calls.map(([algorithm]) => (algorithm as Pbkdf2Params).iterations);
  expect(counts).toEqual([1000, ITERATIONS]);
  derived.mockRestore();
  const again = await later(history);
  expect(again.state).toBe('locked');
  await again.unlock('correct horse');
  expect((await again.entries()).map(({ report }) => report.text)).toEqual(['He signed in Whitby.']);
  expect(await again.draft()).toEqual({ text: 'Whitby again', kind: 'email' });
  expect(await everything()).not.toMatch(traces);
  again.close();
});

test('wrong passphrases cost time, also after a reload, and a right one ends that', async () => {
  await weaker(1000);
  const now = vi.spyOn(Date, 'now').mockReturnValue(1_000_000);
  let history = new History();
  await history.resume();
  for (let i = 0; i < 3; i++)
    await expect(history.unlock('wrong')).rejects.toMatchObject({ code: 'passphrase_wrong' });
  history = await later(history);
  await expect(history.unlock('correct horse')).rejects.toMatchObject({ code: 'passphrase_wait' });
  now.mockReturnValue(1_005_001);
  await expect(history.unlock('wrong')).rejects.toMatchObject({ code: 'passphrase_wrong' });
  now.mockReturnValue(1_014_000);
  await expect(history.unlock('correct horse')).rejects.toMatchObject({ code: 'passphrase_wait' });
  now.mockReturnValue(1_015_002);
  await history.unlock('correct horse');
  expect(history.state).toBe('on');
  await expect(history.unlock('wrong')).rejects.toMatchObject({ code: 'passphrase_wrong' });
  await history.unlock('correct horse');
  now.mockRestore();
  history.close();
});
