import { afterEach, expect, test, vi } from 'vitest';
import { Trouble } from '../failure/trouble';
import * as files from '../files/save';
import * as kept from '../log/kept';
import { log } from '../log/later-log';
import type { Plan } from '../plan/plan';
import { refused, result, rubric, tickedPlan } from '../testing/fixtures';
import { fill, find, findAll, mount, rendered, textOf, until } from '../testing/element';
import { heard } from '../testing/host';
import { asExport } from './export';
import './history-view';
import { History, type Draft, type Entry, type State } from './store';

/** Has the store keep its entries here: there is no IndexedDB without a browser. */
function memory(state: State = 'off', passphrase = '') {
  const store = {
    state,
    passphrase,
    texts: true,
    entries: [] as Entry[],
    draft: undefined as Draft | undefined,
    plan: undefined as Plan | undefined,
  };
  vi.spyOn(History.prototype, 'state', 'get').mockImplementation(() => store.state);
  vi.spyOn(History.prototype, 'locked', 'get').mockImplementation(() => store.passphrase !== '');
  vi.spyOn(History.prototype, 'resume').mockImplementation(() => Promise.resolve(store.state));
  vi.spyOn(History.prototype, 'begin').mockImplementation((passphrase, texts) => {
    Object.assign(store, { state: 'on', passphrase, texts });
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
  vi.spyOn(History.prototype, 'keepDraft').mockImplementation((draft) => {
    store.draft = draft;
    return Promise.resolve();
  });
  vi.spyOn(History.prototype, 'draft').mockImplementation(() => Promise.resolve(store.draft));
  vi.spyOn(History.prototype, 'keepPlan').mockImplementation((plan) => {
    store.plan = plan ?? undefined;
    return Promise.resolve();
  });
  vi.spyOn(History.prototype, 'plan').mockImplementation(() =>
    Promise.resolve(store.state === 'on' ? store.plan : undefined),
  );
  vi.spyOn(History.prototype, 'entries').mockImplementation(() => Promise.resolve([...store.entries]));
  vi.spyOn(History.prototype, 'erase').mockImplementation(() => {
    Object.assign(store, { state: 'off', entries: [], plan: undefined });
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

test('once it is on, results are kept, and the store is told whether with their texts', async () => {
  const store = memory();
  const subject = await mount('sales-mirror-history', { rubric });
  const on = heard(subject, 'history-on');
  findAll<HTMLInputElement>(subject, '[type=checkbox]')[1]?.click();
  submit(subject);
  await says(subject, 'The history is on.');
  expect([on.length, store.texts]).toEqual([1, false]);
  await subject.keep([result('a', { growth: { level: 3 } })]);
  expect(store.entries).toHaveLength(1);
  await says(subject, '1 text');
  expect(find(subject, '[data-trend=growth] svg').getAttribute('aria-label')).toMatch(/: 3\.0 in one text$/);
});

test('a text that was refused is kept, and stays out of the trends', async () => {
  const store = memory('on');
  const subject = await mount('sales-mirror-history', { rubric });
  await subject.keep([result('a', { growth: { level: 3 } }), refused('b')]);
  expect(store.entries.map(({ assessment }) => assessment.account.accepted)).toEqual([true, false]);
  await says(subject, '2 texts');
  expect(find(subject, '[data-trend=growth] svg').getAttribute('aria-label')).toMatch(/: 3\.0 in one text$/);
  const [row] = findAll(subject, 'tbody tr');
  expect(row && textOf(row)).toContain('Not an account of own work, so no levels');
});

test('a copy of an earlier text is told, and stays out of the trends', async () => {
  memory('on');
  const subject = await mount('sales-mirror-history', { rubric });
  const text = 'I called the plant.';
  await subject.keep([result(text, { growth: { level: 3 } }), result(text, { growth: { level: 2 } })]);
  await says(subject, '2 texts');
  const [latest, first] = findAll(subject, 'tbody tr').map((row) => textOf(row));
  expect(latest).toContain('Same text as');
  expect(first).not.toContain('Same text as');
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
  const told = heard(subject, 'activity');
  button(subject, 'Export all')?.click();
  expect(JSON.parse(saved[0] ?? '')).toMatchObject({ format: 'salesmirror-history', entries: { length: 2 } });
  vi.spyOn(History.prototype, 'remove').mockResolvedValue();
  findAll(subject, 'td button')[0]?.click();
  await rendered(subject);
  expect(
    told.map(({ what, form, results }) => [what, form, results.map(({ report }) => report.text)]),
  ).toEqual([
    ['exported', 'json', ['a', 'b']],
    ['erased', undefined, ['b']],
  ]);
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

test('whoever erases the history erases the log of use too, if one is kept', async () => {
  for (const isKept of [false, true]) {
    const store = memory('on');
    vi.spyOn(kept, 'isKept').mockResolvedValue(isKept);
    const erase = vi.spyOn(log, 'erase').mockResolvedValue();
    store.entries.push(result('a'));
    const subject = await mount('sales-mirror-history', { rubric });
    await says(subject, '1 text');
    button(subject, 'Erase all and turn off')?.click();
    await rendered(subject);
    expect(textOf(subject)).toContain('and the log of use if one is kept');
    button(subject, 'Erase')?.click();
    await says(subject, 'The history is off.');
    expect(erase).toHaveBeenCalledTimes(isKept ? 1 : 0);
    vi.restoreAllMocks();
  }
});

test('an export is added without what is there already; a file of another kind changes nothing', async () => {
  const store = memory('on');
  const here = result('a');
  const elsewhere = result('b');
  store.entries.push(here);
  const subject = await mount('sales-mirror-history', { rubric });
  await says(subject, '1 text');
  const choose = (content: string) => {
    const files = [new File([content], 'export.json')];
    find(subject, 'sales-mirror-file-drop').dispatchEvent(new CustomEvent('files-chosen', { detail: files }));
  };
  choose(asExport([here, elsewhere], 'en'));
  await says(subject, '1 text was added.');
  expect(store.entries).toEqual([here, elsewhere]);
  choose('{}');
  await says(subject, 'export.json: This is not an exported history');
  expect(store.entries).toHaveLength(2);
});

test('what was typed before the page was left is passed on once it can be read', async () => {
  const store = memory('locked', 'four words');
  const found: unknown[] = [];
  store.draft = { text: 'He signed', kind: 'email' };
  vi.spyOn(History.prototype, 'draft').mockImplementation(() =>
    Promise.resolve(store.state === 'on' ? store.draft : undefined),
  );
  const subject = await mount('sales-mirror-history', { rubric });
  subject.addEventListener('draft-found', ({ detail }) => found.push(detail));
  await says(subject, 'The history is locked.');
  expect(found).toEqual([]);
  fill(find(subject, '#unlock'), 'four words');
  submit(subject);
  await until(() => {
    expect(found).toEqual([store.draft]);
  });
});

test('what is typed is stored when the person pauses', async () => {
  const store = memory('on');
  const subject = await mount('sales-mirror-history', { rubric });
  subject.keepDraft({ text: 'H', kind: 'other' });
  subject.keepDraft({ text: 'He', kind: 'other' });
  await until(() => {
    expect(store.draft).toEqual({ text: 'He', kind: 'other' });
  });
});

const planned = (competency: string, done = '2026-12-03') =>
  tickedPlan(result('', { [competency]: { level: 1 }, growth: { level: 2 } }), done);

test('a plan is kept once the history is on, and passed on at the next visit', async () => {
  const store = memory();
  const plan = planned('negotiation');
  const subject = await mount('sales-mirror-history', { rubric });
  await says(subject, 'The history is off.');
  subject.keepPlan(plan);
  expect(store.plan).toBeUndefined();
  submit(subject);
  await until(() => {
    expect(store.plan).toEqual(plan);
  });
  const other = planned('planning');
  subject.keepPlan(other);
  await until(() => {
    expect(store.plan).toEqual(other);
  });
  const next = document.createElement('sales-mirror-history');
  const found = heard(next, 'plan-found');
  document.body.replaceChildren(Object.assign(next, { rubric }));
  await until(() => {
    expect(found).toEqual([other]);
  });
});

test('a plan made while the history was locked is joined with the one that was kept', async () => {
  const store = memory('locked', 'four words');
  store.plan = planned('negotiation');
  const subject = await mount('sales-mirror-history', { rubric });
  await says(subject, 'The history is locked.');
  const found = heard(subject, 'plan-found');
  subject.keepPlan(planned('planning', '2026-12-04'));
  fill(find(subject, '#unlock'), 'four words');
  submit(subject);
  await until(() => {
    expect(found).toHaveLength(1);
  });
  expect(found[0]?.goals.map(({ competency }) => competency)).toEqual(['negotiation', 'growth', 'planning']);
  expect(store.plan).toEqual(found[0]);
});

test('forgetting the plan of the page leaves the one that is stored', async () => {
  const store = memory('on');
  const subject = await mount('sales-mirror-history', { rubric });
  await says(subject, 'The history is on.');
  const found = heard(subject, 'plan-found');
  const plan = planned('negotiation');
  subject.keepPlan(plan);
  await subject.forgetPlan();
  await new Promise((done) => setTimeout(done, 300));
  expect([store.plan, found.at(-1)]).toEqual([plan, plan]);
});

test('a stored plan that does not fit the rubric is not passed on', async () => {
  const store = memory('on');
  store.plan = { ...planned('negotiation'), start: 'soon' };
  const next = document.createElement('sales-mirror-history');
  const found = heard(next, 'plan-found');
  document.body.replaceChildren(Object.assign(next, { rubric }));
  await says(next, 'The history is on.');
  await new Promise((done) => setTimeout(done, 20));
  expect(found).toEqual([]);
});

test('the plan is exported, comes back with an export, and is erased', async () => {
  const store = memory('on');
  store.plan = planned('negotiation');
  const saved: string[] = [];
  vi.spyOn(files, 'save').mockImplementation((_, content) => saved.push(content));
  const subject = await mount('sales-mirror-history', { rubric });
  await until(() => {
    expect(button(subject, 'Export all')?.disabled).toBe(false);
  });
  button(subject, 'Export all')?.click();
  expect(JSON.parse(saved[0] ?? '')).toMatchObject({ entries: [], plan: { goals: { length: 2 } } });
  button(subject, 'Erase all and turn off')?.click();
  await rendered(subject);
  button(subject, 'Erase')?.click();
  await says(subject, 'The history is off.');
  expect(store.plan).toBeUndefined();
  const empty = memory('on');
  const next = await mount('sales-mirror-history', { rubric });
  await says(next, 'The history is on.');
  const found = heard(next, 'plan-found');
  const detail = [new File([saved[0] ?? ''], 'export.json')];
  find(next, 'sales-mirror-file-drop').dispatchEvent(new CustomEvent('files-chosen', { detail }));
  await until(() => {
    expect(found).toHaveLength(1);
  });
  expect(empty.plan).toEqual(found[0]);
});

test('a store that is not there is told, and the page lives on', async () => {
  memory();
  vi.spyOn(History.prototype, 'resume').mockRejectedValue(new DOMException('denied'));
  const subject = await mount('sales-mirror-history', { rubric });
  await says(subject, 'This browser does not let the page store anything.');
});

test('a history that the company has turned off says so, and cannot be turned on', async () => {
  memory();
  const subject = await mount('sales-mirror-history', { rubric, off: true });
  expect(textOf(subject)).toContain('Set by your company.');
  expect(findAll(subject, 'form, button')).toHaveLength(0);
});

test('nothing is added to a history that the company turned off later; it can be read, exported and erased', async () => {
  const store = memory('on');
  store.entries.push(result('a', { growth: { level: 3 } }));
  store.draft = { text: 'Not finished', kind: 'other' };
  const subject = await mount('sales-mirror-history', { rubric, off: true });
  const drafts = heard(subject, 'draft-found');
  await says(subject, /Nothing is added .* Set by your company\. 1 text/);
  await subject.keep([result('b')]);
  subject.keepPlan(tickedPlan(result('b', { growth: { level: 2 } }), '2026-01-02'));
  await new Promise((done) => setTimeout(done, 400));
  expect([store.entries.length, store.plan, drafts.length]).toEqual([1, undefined, 0]);
  button(subject, 'Erase all and turn off')?.click();
  await rendered(subject);
  button(subject, 'Erase')?.click();
  await until(() => {
    expect(store.entries).toEqual([]);
  });
});
