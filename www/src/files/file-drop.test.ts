import { expect, test } from 'vitest';
import { find, mount, rendered, textOf } from '../testing/element';
import { heard } from '../testing/host';
import './file-drop';

const files = [new File(['a'], 'a.txt')];

/** A drag or a drop of files, as a browser dispatches it. */
function drag(type: string, types: readonly string[] = ['Files']): Event {
  return Object.assign(new Event(type, { bubbles: true, cancelable: true, composed: true }), {
    dataTransfer: { types, files },
  });
}

test('files are dropped anywhere on the content, which says so while they are dragged', async () => {
  const subject = await mount('sales-mirror-file-drop', { language: 'zh' });
  const chosen = heard(subject, 'files-chosen');
  const zone = find(subject, 'div');
  zone.dispatchEvent(drag('dragover'));
  await rendered(subject);
  expect(textOf(find(subject, '.drop'))).toBe('松开即可添加文件');
  const drop = drag('drop');
  zone.dispatchEvent(drop);
  await rendered(subject);
  expect(drop.defaultPrevented).toBe(true);
  expect([chosen, subject.shadowRoot?.querySelector('.drop')]).toEqual([[files], null]);
});

test('a mail that is dragged without a file is passed on as no files', async () => {
  const subject = await mount('sales-mirror-file-drop', {});
  const chosen = heard(subject, 'files-chosen');
  const drop = Object.assign(drag('drop', ['text/plain', 'multimaillistmessagerows']), {
    dataTransfer: { types: ['text/plain', 'multimaillistmessagerows'], files: [] },
  });
  find(subject, 'div').dispatchEvent(drop);
  expect([chosen, drop.defaultPrevented]).toEqual([[[]], true]);
});

test('text that is dragged is left to the browser', async () => {
  const subject = await mount('sales-mirror-file-drop', {});
  const chosen = heard(subject, 'files-chosen');
  const drop = drag('drop', ['text/plain']);
  find(subject, 'div').dispatchEvent(drop);
  expect([chosen, drop.defaultPrevented]).toEqual([[], false]);
});

test('while it is disabled, files are not taken, and the browser does not open them either', async () => {
  const subject = await mount('sales-mirror-file-drop', { disabled: true });
  const chosen = heard(subject, 'files-chosen');
  const drop = drag('drop');
  find(subject, 'div').dispatchEvent(drop);
  expect([chosen, drop.defaultPrevented]).toEqual([[], true]);
  expect(find<HTMLInputElement>(subject, 'input').disabled).toBe(true);
});

test('the button says what can be chosen', async () => {
  const subject = await mount('sales-mirror-file-drop', { label: 'Open', hint: 'or drop', accept: '.json' });
  expect([find(subject, 'label').textContent, find(subject, '#hint').textContent]).toEqual([
    'Open',
    'or drop',
  ]);
  expect(find<HTMLInputElement>(subject, 'input').accept).toBe('.json');
});
