import { beforeEach, expect, test, vi } from 'vitest';
import { evidence, result, rubric } from '../testing/fixtures';
import { fill, find, findAll, mount, rendered, textOf, until } from '../testing/element';
import { heard } from '../testing/host';
import { strings } from '../languages';
import '../input/input';
import type { SalesMirrorInput } from '../input/input';
import type { SalesMirrorEditor } from './editor';
import './editor';

const TEXT = 'He signed. We met. They pay.';
const RESULT = result(TEXT, {
  negotiation: { level: 3.6, evidence: [{ ...evidence(0, 10), without: 3.1 }] },
  growth: { level: 2, evidence: [evidence(0, 10, 'negative'), evidence(19, 28)] },
});
const PARTS = { ...RESULT.assessment, left_out: [{ start: 11, end: 18, reason: 'repeated' as const }] };

let subject: SalesMirrorInput;
const editor = () => find<SalesMirrorEditor>(subject, 'sales-mirror-editor');
const field = () => find<HTMLTextAreaElement>(subject, 'textarea');
const spans = () => findAll(editor(), '.text span').map((span) => [textOf(span), span.className]);
const press = (key: string, target: Element = field(), init: KeyboardEventInit = { altKey: true }) => {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init });
  target.dispatchEvent(event);
  return event;
};
const cardOf = () => findAll(editor(), '.piece')[0];
const said = () => textOf(find(editor(), '[role=status]'));

beforeEach(async () => {
  vi.useRealTimers();
  subject = await mount('sales-mirror-input', { words: strings('en'), rubric, text: TEXT });
  subject.addEventListener('text-change', ({ detail }) => (subject.text = detail));
  subject.result = { ...RESULT, assessment: PARTS };
  await until(() => {
    expect(spans()).toHaveLength(3);
  });
});

test('sentences are marked with hue and polarity, parts that did not count are greyed', () => {
  expect(spans()).toEqual([
    ['He signed.', expect.stringMatching(/^h\d negative$/)],
    ['We met.', 'left-out'],
    ['They pay.', expect.stringMatching(/^h\d positive$/)],
  ]);
});

test('one competency is marked alone, and nothing without a result', async () => {
  subject.only = 'negotiation';
  await until(() => {
    expect(spans().map(([text]) => text)).toEqual(['He signed.', 'We met.']);
  });
  subject.result = undefined;
  await until(() => {
    expect(spans()).toEqual([]);
  });
  expect(findAll(editor(), '.walk button')).toEqual([]);
});

test('marks follow what is typed, and the text of another report has none', async () => {
  fill(field(), 'He signed. We met. So they pay.');
  await until(() => {
    expect(spans().map(([text]) => text)).toEqual(['He signed.', 'We met.']);
  });
  subject.text = 'Something else.';
  await until(() => {
    expect(spans()).toEqual([]);
  });
});

test('the marks are said to be stale some time after a change, until the text is assessed', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  fill(field(), `${TEXT} Bye.`);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(editor().stale).toBe(false);
  await vi.advanceTimersByTimeAsync(2_000);
  await rendered(editor());
  expect(editor().hasAttribute('stale')).toBe(true);
  expect(textOf(find(editor(), '.walk'))).toContain('before your last change');
  subject.result = { ...RESULT, report: { ...RESULT.report, text: `${TEXT} Bye.` } };
  await rendered(subject);
  await rendered(editor());
  expect(editor().hasAttribute('stale')).toBe(false);
});

test('the keyboard walks from one piece of evidence to the next, and says what each is', async () => {
  field().setSelectionRange(0, 0);
  expect(press('ArrowDown').defaultPrevented).toBe(true);
  await rendered(editor());
  expect(said()).toBe(
    'Negotiation and closing, good example; Learning and resilience, poor example, 1 of 2: He signed.',
  );
  expect(textOf(cardOf() ?? field())).toContain('Without this sentence the level would be 3.1 (now 3.6).');
  press('ArrowDown');
  await rendered(editor());
  expect([said(), field().selectionStart, field().selectionEnd]).toEqual([
    'Learning and resilience, good example, 2 of 2: They pay.',
    19,
    19,
  ]);
  press('ArrowUp');
  await rendered(editor());
  press('Escape', field(), {});
  await rendered(editor());
  expect(cardOf()).toBeUndefined();
});

test('without evidence, and with other keys held, the arrow keys are left to the browser', async () => {
  expect(press('ArrowDown', field(), {}).defaultPrevented).toBe(false);
  expect(press('ArrowDown', field(), { altKey: true, shiftKey: true }).defaultPrevented).toBe(false);
  subject.result = undefined;
  await rendered(subject);
  await rendered(editor());
  expect(press('ArrowDown').defaultPrevented).toBe(false);
});

test('a click opens the card of the sentence, or says why a part did not count', async () => {
  const click = async (caret: number, end = caret) => {
    field().setSelectionRange(caret, end);
    field().dispatchEvent(new MouseEvent('click', { bubbles: true }));
    await rendered(editor());
  };
  await click(3);
  expect(cardOf()).toBeDefined();
  await click(12);
  expect(said()).toBe('This part did not count: repeated.');
  expect(findAll(editor(), '.object, .rewrite')).toEqual([]);
  await click(10);
  expect(cardOf()).toBeUndefined();
  await click(0, 5);
  expect(cardOf()).toBeUndefined();
});

test('what the card offers is passed on, with places in the text that was assessed or is there now', async () => {
  const objected = heard(subject, 'object');
  const rewritten = heard(subject, 'rewrite');
  fill(field(), 'He signed. We met. Ah. They pay.');
  await rendered(editor());
  await subject.reveal({ start: 19 });
  find(editor(), '.object').click();
  find(editor(), '.rewrite').click();
  await rendered(editor());
  expect(objected).toEqual([{ competency: 'growth', start: 19, end: 28 }]);
  expect(rewritten).toEqual([{ start: 23, end: 32 }]);
  expect([field().selectionStart, field().selectionEnd]).toEqual([23, 32]);
  expect(cardOf()).toBeUndefined();
});

test('a card stays open while its sentence is marked', async () => {
  await subject.reveal({ start: 0, competency: 'growth' });
  subject.result = result(TEXT, { growth: { level: 2, evidence: [evidence(0, 10)] } });
  await rendered(subject);
  await rendered(editor());
  expect(findAll(editor(), '.object')).toHaveLength(1);
  subject.result = result(TEXT, { growth: { level: 2, evidence: [evidence(19, 28)] } });
  await rendered(subject);
  await rendered(editor());
  expect(cardOf()).toBeUndefined();
});
