import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { emit } from '../component/events';
import type { Code } from '../languages/text';
import type { Lock } from '../sales-mirror/locks';
import { find, findAll, rendered, textOf, until } from '../testing/element';
import { refused, result } from '../testing/fixtures';
import { isKept } from './kept';
import { log } from './later-log';
import './log-host';
import type { SalesMirrorLog } from './log-host';
import { LogStore } from './log-store';

/** An element with its log, inside a shadow root as `<sales-mirror>` has one. */
async function mount(language: Code = 'en', ...locks: Lock[]) {
  const outer = document.createElement('div');
  const root = outer.attachShadow({ mode: 'open' });
  const host = document.createElement('sales-mirror-log');
  Object.assign(host, { language, locks: new Set(locks), choice: true });
  root.append(host);
  document.body.replaceChildren(outer);
  await rendered(host);
  return { outer, root, host };
}

const mark = (host: SalesMirrorLog) => find(host, 'sales-mirror-log-mark');
const settings = (host: SalesMirrorLog) => find(host, 'sales-mirror-log-settings');
const says = (host: SalesMirrorLog, text: string | RegExp) =>
  until(() => {
    expect(textOf(mark(host))).toMatch(text);
  });

/** Opens the entries, and returns what shows them. */
async function view(host: SalesMirrorLog): Promise<HTMLElement> {
  await says(host, 'Show the log');
  find(mark(host), 'button').click();
  return until(() => {
    const found = find(mark(host), 'sales-mirror-log-view');
    expect(textOf(found)).toMatch(/entr/);
    return found;
  });
}

const rows = (element: HTMLElement) => findAll(element, 'tbody tr').map((row) => textOf(row));
const press = (element: Element, label: string) => {
  findAll(element, 'button')
    .find((button) => textOf(button) === label)
    ?.click();
};

beforeEach(async () => {
  document.body.replaceChildren();
  await log.erase();
});
afterEach(() => {
  vi.restoreAllMocks();
});

test('nothing is shown or stored by default, whatever is done', async () => {
  const { root, host } = await mount();
  emit(root, 'activity', { what: 'assessed', results: [result('He signed.')] });
  await log.entries();
  expect(textOf(mark(host))).toBe('');
  expect(await isKept()).toBe(false);
});

test('a person turns it on, sees what is done from then on, and erases it', async () => {
  const { outer, root, host } = await mount();
  const left = vi.fn();
  outer.addEventListener('activity', left);
  const box = find<HTMLInputElement>(settings(host), 'input');
  box.click();
  await says(host, 'A log of use is kept in this browser, without your text.');
  const inner = root.appendChild(document.createElement('p'));
  emit(inner, 'activity', { what: 'assessed', results: [result('He signed.'), refused('Five ways.')] });
  const shown = await view(host);
  await until(() => {
    expect(rows(shown)).toEqual([expect.stringMatching(/Assessed 2 1 without levels test/)]);
  });
  emit(inner, 'activity', { what: 'exported', form: 'ics', results: [] });
  await until(() => {
    expect(rows(shown)[0]).toContain('Exported calendar (.ics)');
  });
  expect(left).not.toHaveBeenCalled();

  box.click();
  await until(() => {
    expect(textOf(settings(host))).toContain('This erases the log of use and turns it off.');
  });
  expect(box.checked).toBe(true);
  press(settings(host), 'Keep it');
  await rendered(settings(host));
  expect(findAll(settings(host), '[role=group]')).toEqual([]);
  press(shown, 'Erase the log');
  await rendered(shown);
  find(shown, '[role=group] button').click();
  await says(host, 'The log of use was erased and is off.');
  expect([await isKept(), box.checked]).toEqual([false, false]);
});

test('what is exported holds every entry, and is an entry itself', async () => {
  const saved: Blob[] = [];
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    saved.push(blob as Blob);
    return 'blob:';
  });
  await log.begin();
  const one = result('He signed.');
  await log.write({ what: 'corrected', results: [one] });
  const { host } = await mount();
  const shown = await view(host);
  press(shown, 'Export as CSV');
  await until(() => {
    expect(rows(shown)).toHaveLength(2);
  });
  press(shown, 'Export as JSON');
  await until(() => {
    expect(rows(shown)).toHaveLength(3);
  });
  const [csv, json] = await Promise.all(saved.map((blob) => blob.text()));
  expect(csv?.split(/\r?\n/)).toEqual([
    expect.stringMatching(
      /^.?at,what,form,live,texts,refused,assessment,model,model_sha256,rubric,rubric_version$/,
    ),
    expect.stringMatching(new RegExp(`,corrected,,false,1,0,${one.report.id},test,,`)),
    '',
  ]);
  expect(JSON.parse(json ?? '')).toMatchObject({
    ...{ format: 'salesmirror-log', version: 1 },
    entries: [{ what: 'corrected' }, { what: 'exported', form: 'csv' }],
  });
});

test('of many entries a hundred are shown at a time', async () => {
  await log.begin();
  for (let i = 0; i < 105; i++) await log.write({ what: 'assessed', results: [result('He signed.')] });
  const { host } = await mount();
  const shown = await view(host);
  expect(rows(shown)).toHaveLength(100);
  press(shown, 'Show 5 older');
  await rendered(shown);
  expect(rows(shown)).toHaveLength(105);
  expect(textOf(shown)).not.toContain('older');
});

test('one that the company requires says so before anything is assessed, and goes on when it is erased', async () => {
  const { host } = await mount('en', 'log-on');
  await says(host, /^A log of use is kept in this browser, without your text\. Set by your company\./);
  expect(findAll(host, 'details')).toEqual([]);
  const shown = await view(host);
  press(shown, 'Erase the log');
  await rendered(shown);
  expect(textOf(shown)).toContain('The log goes on, as your company has set');
  find(shown, '[role=group] button').click();
  await until(() => {
    expect(rows(shown)).toEqual([expect.stringContaining('Log erased')]);
  });
});

test.each(['log', 'log-on'] as const)(
  'with the lock %s, the settings say so, in Chinese too',
  async (lock) => {
    const { root, host } = await mount('zh', lock);
    // Beside the history they are always there.
    const beside = document.createElement('sales-mirror-log-settings');
    root.append(Object.assign(beside, { language: 'zh' }));
    const text = lock === 'log' ? '不保存使用日志。' : '这个浏览器里正在保存使用日志，其中没有你的文字。';
    await until(() => {
      expect(textOf(beside)).toBe(`${text}由贵公司设定。`);
    });
    expect(findAll(host, 'details')).toEqual([]);
    emit(root, 'activity', { what: 'assessed', results: [] });
    await log.entries();
    expect(await isKept()).toBe(lock === 'log-on');
  },
);

test('where it could not be kept, that is said', async () => {
  vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  const { root, host } = await mount('en', 'log-on');
  await says(host, 'The log of use could not be kept in this browser.');
  emit(root, 'activity', { what: 'assessed', results: [] });
  await says(host, 'The log of use could not be kept in this browser.');
});

test('what is printed is an entry, however printing begins', async () => {
  await log.begin();
  const { root, host } = await mount();
  await says(host, 'Show the log');
  dispatchEvent(new Event('beforeprint'));
  const printed = document.createElement('sales-mirror-result');
  root.append(Object.assign(printed, { results: [result('He signed.')] }));
  dispatchEvent(new Event('beforeprint'));
  expect(await log.entries()).toMatchObject([{ what: 'printed', texts: 1 }]);
});

test('an element without its log tells nobody', () => {
  const outer = document.createElement('div');
  const root = outer.attachShadow({ mode: 'open' });
  const left = vi.fn();
  outer.addEventListener('activity', left);
  emit(root, 'activity', { what: 'assessed', results: [] });
  expect(left).not.toHaveBeenCalled();
});

test('erasing while nothing can be stored is told', async () => {
  await log.begin();
  const { host } = await mount();
  const shown = await view(host);
  vi.spyOn(LogStore.prototype, 'erase').mockRejectedValue(new DOMException('denied', 'SecurityError'));
  press(shown, 'Erase the log');
  await rendered(shown);
  find(shown, '[role=group] button').click();
  await until(() => {
    expect(textOf(find(shown, '[role=alert]'))).toContain(
      'This browser does not let the page store anything.',
    );
  });
});
