import { afterEach, expect, test, vi } from 'vitest';
import { Trouble } from '../failure/trouble';
import * as files from '../files/save';
import { result, rubric } from '../testing/fixtures';
import { fill, find, findAll, mount, rendered, textOf, until } from '../testing/element';
import { heard } from '../testing/host';
import './history-view';
import { History, type Entry, type State } from './store';

/** Has the store keep its entries here: there is no IndexedDB without a browser. */
function memory(state: State = 'off', passphrase = '') {
  const store = { state, passphrase, entries: [] as Entry[] };
  vi.spyOn(History.prototype, 'state', 'get').mockImplementation(() => store.state);
  vi.spyOn(History.prototype, 'locked', 'get').mockImplementation(() => store.passphrase !== '');
  vi.spyOn(History.prototype, 'resume').mockImplementation(() => Promise.resolve(store.state));
  vi.spyOn(History.prototype, 'begin').mockImplementation((passphrase) => {
    Object.assign(store, { state: 'on', passphrase });
    return Promise.resolve();
  });
  vi.spyOn(History.prototype, 'unlock').mockImplementation((passphrase) => {
    if (passphrase !== store.passphrase) return Promise.reject(new Trouble('passphrase_wrong', ''));
    store.state = 'on';
    return Promise.resolve();
  });
  vi.spyOn(History.prototype, 'keep').mockImplementation((entry) => {
    store.entries.push(entry);
    return Promise.resolve();
  });
  vi.spyOn(History.prototype, 'entries').mockImplementation(() => Promise.resolve([...store.entries]));
  vi.spyOn(History.prototype, 'erase').mockImplementation(() => {
    Object.assign(store, { state: 'off', entries: [] });
    return Promise.resolve();
  });
  return store;
}

const button = (subject: Element, text: string) =>
  findAll<HTMLButtonElement>(subject, 'button').find((entry) => textOf(entry) === text);
const submit = (subject: Element) =>
  find(subject, 'form').dispatchEvent(new Event('submit', { cancelable: true }));
/** Waits until the text of the element matches. */
const says = async (subject: Element, text: string | RegExp) =>
  until(() => {
    expect(textOf(subject)).toMatch(text);
  });

afterEach(() => {
  vi.restoreAllMocks();
});

test('nothing is kept while the history is off', async () => {
  const store = memory();
  const subject = await mount('sales-mirror-history', { rubric });
  await subject.keep([result('a')]);
  expect(store.entries).toEqual([]);
  expect(textOf(subject)).toContain('The history is off.');
});

test('once it is on, results are kept, with or without their texts', async () => {
  const store = memory();
  const subject = await mount('sales-mirror-history', { rubric });
  const on = heard(subject, 'history-on');
  findAll<HTMLInputElement>(subject, '[type=checkbox]')[1]?.click();
  submit(subject);
  await says(subject, 'The history is on.');
  expect(on).toHaveLength(1);
  await subject.keep([result('a', { growth: { level: 3 } })]);
  expect(store.entries.map(({ report }) => report.text)).toEqual(['']);
  await says(subject, '1 text');
  expect(find(subject, '[data-trend=growth] svg').getAttribute('aria-label')).toMatch(/: 3\.0 in one text$/);
});

test('a short passphrase is refused, and a wrong one told, in the language that is chosen then', async () => {
  const store = memory();
  const subject = await mount('sales-mirror-history', { rubric });
  fill(find(subject, '#passphrase'), 'short');
  submit(subject);
  await says(subject, 'The passphrase is too short.');
  subject.language = 'zh';
  await says(subject, '口令太短。');
  Object.assign(store, { state: 'locked', passphrase: 'four words' });
  const locked = await mount('sales-mirror-history', { rubric });
  fill(find(locked, '#unlock'), 'something');
  submit(locked);
  await says(locked, 'That is not the right passphrase.');
  fill(find(locked, '#unlock'), 'four words');
  submit(locked);
  await says(locked, 'The history is on.');
});

test('entries are opened and exported, and everything is erased after a second question', async () => {
  const store = memory('on');
  const saved: string[] = [];
  vi.spyOn(files, 'save').mockImplementation((_, content) => saved.push(content));
  store.entries.push(result('a', {}, 'a.txt'), result('b'));
  const subject = await mount('sales-mirror-history', { rubric });
  await says(subject, '2 texts');
  const opened = heard(subject, 'open-entry');
  findAll<HTMLButtonElement>(subject, 'th[scope=row] button')[0]?.click();
  expect(opened.map(({ report }) => report.text)).toEqual(['b']);
  button(subject, 'Export all')?.click();
  expect(JSON.parse(saved[0] ?? '')).toMatchObject({ format: 'salesmirror-history', entries: { length: 2 } });
  button(subject, 'Erase all and turn off')?.click();
  await rendered(subject);
  button(subject, 'Keep it')?.click();
  await rendered(subject);
  expect(store.entries).toHaveLength(2);
  button(subject, 'Erase all and turn off')?.click();
  await rendered(subject);
  button(subject, 'Erase')?.click();
  await says(subject, 'The history is off.');
  expect(store.entries).toEqual([]);
});

test('a store that is not there is told, and the page lives on', async () => {
  memory();
  vi.spyOn(History.prototype, 'resume').mockRejectedValue(new DOMException('denied'));
  const subject = await mount('sales-mirror-history', { rubric });
  await says(subject, 'This browser does not let the page store anything.');
});
