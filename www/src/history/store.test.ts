import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { beforeEach, expect, test, vi } from 'vitest';
import { result } from '../testing/fixtures';
import { History } from './store';

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
