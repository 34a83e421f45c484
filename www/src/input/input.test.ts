import { expect, test, vi } from 'vitest';
import { strings } from '../languages';
import { newReport } from '../report/report';
import { fill, find, findAll, mount, rendered, textOf, until } from '../testing/element';
import { rubric } from '../testing/fixtures';
import { heard } from '../testing/host';
import '../files/file-readings';
import './input';
import { SAMPLES, type Sample } from '../samples/samples';

vi.mock('../files/read', () => import('../testing/read-here'));

const words = strings('en');
const buttons = (subject: Element) =>
  findAll<HTMLButtonElement>(subject, 'button').map((button) => textOf(button));

const [sample] = SAMPLES as [Sample];

test('what is typed and chosen is passed on', async () => {
  const subject = await mount('sales-mirror-input', { words, asks: true });
  const [text, kind, live, asks] = (
    ['text-change', 'kind-change', 'live-change', 'asks-change'] as const
  ).map((name) => heard(subject, name));
  fill(find(subject, 'textarea'), 'He signed.');
  fill(find(subject, 'select'), 'email', 'change');
  find(subject, '.live').click();
  find(subject, 'input[type=checkbox]').click();
  expect([text, kind, live, asks]).toEqual([['He signed.'], ['email'], [false], [false]]);
});

test('the button and Ctrl+Enter start', async () => {
  const subject = await mount('sales-mirror-input', { words });
  const starts = heard(subject, 'start');
  find(subject, 'button[type=submit]').click();
  const press = (init: KeyboardEventInit) => {
    find(subject, 'textarea').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ...init }));
  };
  press({});
  press({ ctrlKey: true });
  press({ metaKey: true });
  expect(starts).toHaveLength(3);
});

test('a sample fills the text area and says what kind of text it is', async () => {
  const subject = await mount('sales-mirror-input', { words });
  const texts = heard(subject, 'text-change');
  const kinds = heard(subject, 'kind-change');
  find(subject, '.samples button').click();
  await expect.poll(() => texts[0]?.slice(0, 5)).toBe('Visit');
  expect(kinds).toEqual(['visit_note']);
});

test('no samples of sales are offered where the rubric is of another field', async () => {
  const subject = await mount('sales-mirror-input', { words, rubric });
  expect(subject.renderRoot.querySelector('.samples')).not.toBeNull();
  subject.rubric = { ...rubric, id: 'service-desk' };
  await subject.updateComplete;
  expect(subject.renderRoot.querySelector('.samples')).toBeNull();
});

test('a sample and a file can be undone with the button and the keyboard, and what was typed since is kept', async () => {
  const subject = await mount('sales-mirror-input', { words, text: 'Mine.', kind: 'email' });
  subject.addEventListener('text-change', ({ detail }) => (subject.text = detail));
  subject.addEventListener('kind-change', ({ detail }) => (subject.kind = detail));
  const press = () => {
    find(subject, 'textarea').dispatchEvent(
      new KeyboardEvent('keydown', { key: 'z', ctrlKey: true, cancelable: true }),
    );
  };
  press();
  expect(subject.text).toBe('Mine.');
  await subject.sample(sample);
  expect([subject.text.slice(0, 5), subject.kind]).toEqual(['Visit', 'visit_note']);
  press();
  expect([subject.text, subject.kind]).toEqual(['Mine.', 'email']);
  await subject.sample(sample);
  await rendered(subject);
  fill(find(subject, 'textarea'), 'Typed since.');
  press();
  expect(subject.text).toBe('Typed since.');
  const undo = () =>
    findAll<HTMLButtonElement>(subject, 'button').find((button) => textOf(button) === words.undo);
  await rendered(subject);
  undo()?.click();
  expect(subject.text).toBe('Mine.');
  undo()?.click();
  expect(subject.text).toBe('Typed since.');
  subject.text = '';
  await subject.take([new File(['One.'], 'one.txt')]);
  expect(subject.text).toBe('One.');
  press();
  expect(subject.text).toBe('');
});

test('reports that were removed can be brought back', async () => {
  const reports = [newReport('One.', 'email', 'one.txt')];
  const subject = await mount('sales-mirror-input', { words, reports });
  const lists = heard(subject, 'reports-change');
  find(subject, '[aria-label="Remove one.txt"]').click();
  subject.reports = [];
  await rendered(subject);
  findAll<HTMLButtonElement>(subject, 'button')
    .find((button) => textOf(button) === words.undo)
    ?.click();
  expect(lists).toEqual([[], reports]);
});

test('while an input method composes, nothing is passed on and Ctrl+Enter does nothing', async () => {
  const subject = await mount('sales-mirror-input', { words });
  const texts = heard(subject, 'text-change');
  const starts = heard(subject, 'start');
  const field = find<HTMLTextAreaElement>(subject, 'textarea');
  field.dispatchEvent(new Event('compositionstart'));
  fill(field, 'kehu');
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true }));
  expect([texts, starts]).toEqual([[], []]);
  field.value = '客户';
  field.dispatchEvent(new Event('compositionend'));
  fill(field, '客户');
  subject.text = '客户';
  fill(field, '客户签');
  expect(texts.at(0)).toBe('客户');
  expect(texts.at(-1)).toBe('客户签');
  expect(starts).toEqual([]);
});

test('writing assistants are kept out of the text area unless the page allows them', async () => {
  const subject = await mount('sales-mirror-input', { words });
  const attributes = () => {
    const names = [
      ...['spellcheck', 'autocorrect', 'writingsuggestions', 'translate', 'data-gramm'],
      ...['data-gramm_editor', 'data-enable-grammarly', 'data-lt-active'],
    ];
    return names.map((name) => find(subject, 'textarea').getAttribute(name));
  };
  expect(attributes()).toEqual(['false', 'off', 'false', 'no', 'false', 'false', 'false', 'false']);
  subject.aids = true;
  await rendered(subject);
  expect(attributes().filter((value) => value !== null)).toEqual([]);
});

test('only what is busy can be cancelled, and only a writer can be asked to rate themselves', async () => {
  const subject = await mount('sales-mirror-input', { words, busy: true });
  const stops = heard(subject, 'stop');
  findAll<HTMLButtonElement>(subject, 'button')
    .find((button) => textOf(button) === 'Cancel')
    ?.click();
  expect(stops).toHaveLength(1);
  subject.busy = false;
  await rendered(subject);
  expect(buttons(subject)).not.toContain('Cancel');
  expect(findAll(subject, 'input[type=checkbox]')).toEqual([]);
});

test('a single file fills an empty text area; more files join the list', async () => {
  const subject = await mount('sales-mirror-input', { words });
  const texts = heard(subject, 'text-change');
  const lists = heard(subject, 'reports-change');
  await subject.take([new File(['One.'], 'one.txt')]);
  expect([texts, lists]).toEqual([['One.'], []]);
  subject.text = 'One.';
  await subject.take([new File(['Two.'], 'two.txt'), new File(['Three.'], 'three.txt')]);
  expect(lists[0]?.map(({ name, text }) => [name, text])).toEqual([
    ['two.txt', 'Two.'],
    ['three.txt', 'Three.'],
  ]);
});

test('a text from a file keeps its name and day, which are said', async () => {
  const subject = await mount('sales-mirror-input', { words });
  const origins = heard(subject, 'origin-change');
  const lists = heard(subject, 'reports-change');
  const kinds = heard(subject, 'kind-change');
  await subject.take([new File(['Subject: Visit\nDate: 5 Jan 2026 10:00:00 +0000\n\nHe signed.'], 'a.eml')]);
  const origin = { name: 'Visit', date: '2026-01-05' };
  expect([origins, kinds]).toEqual([[origin], ['email']]);
  Object.assign(subject, { origin, text: 'He signed.' });
  await rendered(subject);
  expect(textOf(subject)).toContain('Visit · 5 Jan 2026: 10 characters');
  findAll<HTMLButtonElement>(subject, 'button')
    .find((button) => textOf(button) === words.addReport)
    ?.click();
  expect(lists[0]).toMatchObject([origin]);
});

test('another reading of a file replaces the first in the text area, but never what was typed', async () => {
  const subject = await mount('sales-mirror-input', { words });
  const texts = heard(subject, 'text-change');
  const lists = heard(subject, 'reports-change');
  const old = newReport('old', 'other', 'a.txt');
  const reports = [newReport('new', 'other', 'a.txt')];
  const again = () => {
    find(subject, 'sales-mirror-file-readings').dispatchEvent(
      new CustomEvent('files-read', { detail: { reports, replaces: [old] } }),
    );
  };
  subject.text = 'old';
  again();
  expect([texts, lists]).toEqual([['new'], []]);
  subject.text = 'old, and what I typed';
  again();
  expect([texts, lists]).toEqual([['new'], [reports]]);
  Object.assign(subject, { text: '', reports: [newReport('typed', 'other'), old] });
  again();
  expect(lists[1]?.map(({ text }) => text)).toEqual(['typed', 'new']);
});

test('a mail without a file is told what to do', async () => {
  const subject = await mount('sales-mirror-input', { words });
  await subject.take([]);
  const readings = find(subject, 'sales-mirror-file-readings');
  await rendered(readings);
  expect(textOf(readings)).toContain('Save the mail first');
});

test('files that are pasted are read; pasted text is left to the browser', async () => {
  const subject = await mount('sales-mirror-input', { words });
  const texts = heard(subject, 'text-change');
  const paste = (text: string) =>
    Object.assign(new Event('paste', { cancelable: true }), {
      clipboardData: { files: [new File(['One.'], 'one.txt')], getData: () => text },
    });
  const withText = paste('some text');
  find(subject, 'textarea').dispatchEvent(withText);
  expect(withText.defaultPrevented).toBe(false);
  find(subject, 'textarea').dispatchEvent(paste(''));
  await until(() => {
    expect(texts).toEqual(['One.']);
  });
});

test('reports are listed, added and removed', async () => {
  const reports = [newReport('One.', 'email', 'one.txt'), newReport('Two.', 'other', 'two.txt')];
  const subject = await mount('sales-mirror-input', { words, reports, text: 'Three.', kind: 'email' });
  const lists = heard(subject, 'reports-change');
  const texts = heard(subject, 'text-change');
  expect(textOf(find(subject, '.reports h2'))).toBe('3 reports to assess');
  expect(buttons(subject)).toContain('Assess 3 reports');
  find(subject, '[aria-label="Remove one.txt"]').click();
  findAll<HTMLButtonElement>(subject, 'button')
    .find((button) => textOf(button) === words.addReport)
    ?.click();
  expect(lists.map((list) => list.map(({ text }) => text))).toEqual([['Two.'], ['One.', 'Two.', 'Three.']]);
  expect(texts).toEqual(['']);
});

test('while it is disabled, nothing can be typed, started or taken', async () => {
  const subject = await mount('sales-mirror-input', { words, disabled: true });
  const texts = heard(subject, 'text-change');
  await subject.take([new File(['One.'], 'one.txt')]);
  expect(texts).toEqual([]);
  expect(find<HTMLTextAreaElement>(subject, 'textarea').disabled).toBe(true);
  expect(find<HTMLButtonElement>(subject, '.primary').disabled).toBe(true);
});

test('where the company has turned live levels off and limited files, the page says so', async () => {
  const subject = await mount('sales-mirror-input', { words, live: undefined, accept: '.docx' });
  expect(findAll(subject, '.live')).toHaveLength(0);
  expect(textOf(subject)).toContain('Levels are not updated as you type. Set by your company.');
  expect(find(subject, 'sales-mirror-file-drop')).toMatchObject({
    accept: '.docx',
    hint: 'or drop them here: .docx. Set by your company.',
  });
  const read = heard(subject, 'text-change');
  await subject.take([new File(['He signed.'], 'a.txt')]);
  await until(() => {
    expect(textOf(find(subject, 'sales-mirror-file-readings'))).toContain(
      'does not allow files of this kind',
    );
  });
  expect(read).toEqual([]);
});
