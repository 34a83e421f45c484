import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { result } from '../testing/fixtures';
import type { Activity } from './activity';
import { isKept, NAME } from './kept';
import { Log } from './log';
import { KEPT_DAYS, LogStore, MOST_ENTRIES } from './log-store';
import { WORDS } from './words';

const names = async () => (await indexedDB.databases()).map(({ name }) => name);
const activity = (what: Activity['what'] = 'assessed'): Activity => ({
  what,
  results: [result('He signed.')],
});

let open: Log[] = [];

/** A log as a page finds it. */
async function started(...locks: ('log' | 'log-on')[]): Promise<Log> {
  const log = new Log();
  open.push(log);
  log.obey(log, new Set(locks));
  await log.entries().catch(() => undefined);
  return log;
}

const whats = async (log: Log) => (await log.entries()).map(({ what }) => what);

beforeEach(async () => {
  await new LogStore().erase(false);
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const log of open) log.close();
  open = [];
});

test('nothing is stored before it is turned on', async () => {
  const log = await started();
  await log.write(activity());
  expect([log.state, await names(), await isKept()]).toEqual(['off', [], false]);
});

test('once it is on, entries are there at the next visit, in order, until it is erased', async () => {
  const log = await started();
  const changes = vi.fn();
  log.follow(changes);
  await log.begin();
  void log.write(activity());
  void log.write(activity('exported'));
  await log.write(activity('printed'));
  expect(changes).toHaveBeenCalledTimes(4);
  log.close();
  const later = await started();
  expect([later.state, await whats(later)]).toEqual(['on', ['assessed', 'exported', 'printed']]);
  await later.erase();
  expect([later.state, await names(), await whats(later)]).toEqual(['off', [], []]);
  await later.write(activity());
  expect(await names()).toEqual([]);
});

test('what is erased is gone even while another page keeps the database open', async () => {
  const log = await started();
  await log.begin();
  await log.write(activity());
  const other = await openDB(NAME);
  const erased = log.erase();
  await vi.waitFor(async () => {
    expect(await other.getAll('entries')).toEqual([]);
  });
  other.close();
  await erased;
  expect(await names()).toEqual([]);
});

test('a log that another tab erased is not begun anew', async () => {
  const log = await started();
  await log.begin();
  await new LogStore().erase(false);
  await log.write(activity());
  expect([log.state, await names()]).toEqual(['off', []]);
});

test('one that the company requires is there from the start, goes on when it is erased, and says so', async () => {
  const log = await started('log-on');
  expect([log.state, await names()]).toEqual(['on', [NAME]]);
  await log.write(activity());
  await log.erase();
  expect([log.state, await whats(log)]).toEqual(['on', ['log_erased']]);
  // As by the browser's own settings.
  await new LogStore().erase(false);
  await log.write(activity());
  expect(await whats(log)).toEqual(['assessed']);
});

test('to one that the company forbids nothing is added, but it can be read and erased', async () => {
  const before = await started();
  await before.begin();
  await before.write(activity());
  const log = await started('log', 'log-on');
  await log.write(activity('exported'));
  expect([log.state, await whats(log)]).toEqual(['on', ['assessed']]);
  await log.erase();
  expect(await names()).toEqual([]);
});

test('where elements of a page differ, one that forbids it comes first, then one that requires it', async () => {
  const log = await started();
  const [one, other] = [{}, {}];
  log.obey(one, new Set(['log-on']));
  expect(log.rule).toBe('required');
  log.obey(other, new Set(['log']));
  expect(log.rule).toBe('forbidden');
  log.forget(other);
  expect(log.rule).toBe('required');
  log.forget(one);
  expect(log.rule).toBe('free');
});

test('the newest entries are kept, each for a year at most, as is said', async () => {
  const now = vi.spyOn(Date, 'now');
  const log = await started();
  await log.begin();
  const day = 24 * 60 * 60 * 1000;
  const today = new Date('2026-11-28T12:00:00Z').getTime();
  now.mockReturnValue(today);
  await log.write(activity('opened'), new Date(today - (KEPT_DAYS + 1) * day));
  await log.write(activity('exported'), new Date(today - (KEPT_DAYS - 1) * day));
  expect(await whats(log)).toEqual(['exported']);
  // What gets too old while nothing is written is gone when the page is next opened.
  now.mockReturnValue(today + 2 * day);
  await started();
  const database = await openDB(NAME);
  expect(await database.count('entries')).toBe(0);
  const change = database.transaction('entries', 'readwrite');
  const entry = { at: new Date(today).toISOString(), what: 'assessed' };
  for (let i = 0; i < MOST_ENTRIES; i++) void change.store.add({ ...entry, texts: i });
  await change.done;
  database.close();
  await log.write(activity('printed'), new Date(today));
  const entries = await log.entries();
  expect(entries).toHaveLength(MOST_ENTRIES);
  expect([entries[0]?.texts, entries.at(-1)?.what]).toEqual([1, 'printed']);

  expect(KEPT_DAYS).toBe(365);
  for (const { about, lead } of [WORDS.en])
    for (const text of [about, lead]) {
      expect(text).toContain(MOST_ENTRIES.toLocaleString('en'));
      expect(text).toContain('one year');
    }
});

test('levels that change while a person types have one entry a minute', async () => {
  const log = await started();
  await log.begin();
  const at = (seconds: number) => new Date(Date.now() + 1000 * seconds);
  const live = { ...activity(), live: true };
  await log.write(live, at(0));
  await log.write(live, at(59));
  await log.write(activity(), at(59));
  await log.write(live, at(61));
  expect((await log.entries()).map(({ live }) => live)).toEqual([true, false, true]);
});

test('where nothing can be stored, that is said, and whoever writes hears of no failure', async () => {
  vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  const log = await started('log-on');
  expect(log.state).toBe('failed');
  await expect(log.write(activity())).resolves.toBeUndefined();
  await expect(log.entries()).rejects.toThrow('denied');
  vi.restoreAllMocks();
  // It is tried again each time.
  await log.write(activity());
  expect([log.state, await whats(log)]).toEqual(['on', ['assessed']]);
});

test('an origin without storage has no log', async () => {
  vi.spyOn(indexedDB, 'databases').mockRejectedValue(new DOMException('denied', 'SecurityError'));
  expect(await isKept()).toBe(false);
});

test('other tabs hear of it', async () => {
  const [here, there] = [await started(), await started()];
  await there.begin();
  await vi.waitFor(() => {
    expect(here.state).toBe('on');
  });
  await there.erase();
  await vi.waitFor(() => {
    expect(here.state).toBe('off');
  });
});
