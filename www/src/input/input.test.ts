import { expect, test } from 'vitest';
import { strings } from '../languages';
import { newReport } from '../report/report';
import { fill, find, findAll, mount, rendered, textOf, until } from '../testing/element';
import { heard } from '../testing/host';
import './input';

const words = strings('en');
const buttons = (subject: Element) =>
  findAll<HTMLButtonElement>(subject, 'button').map((button) => textOf(button));

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
  find(subject, 'form').dispatchEvent(new Event('submit', { cancelable: true }));
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
  expect([texts[0]?.slice(0, 5), kinds]).toEqual(['Visit', ['visit_note']]);
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

test('a file that cannot be read is told, in the language that is chosen then', async () => {
  const subject = await mount('sales-mirror-input', { words });
  await subject.take([new File(['PK'], 'a.xlsx')]);
  await rendered(subject);
  expect(textOf(find(subject, '.trouble'))).toContain('a.xlsx: This kind of file cannot be read.');
  subject.words = strings('zh');
  await rendered(subject);
  expect(textOf(find(subject, '.trouble'))).toContain('a.xlsx：无法读取这种文件。');
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
