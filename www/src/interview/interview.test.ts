import { expect, test } from 'vitest';
import { competencyName } from '../languages/text';
import { fill, find, findAll, mount, rendered, textOf, until } from '../testing/element';
import { data, rubric } from '../testing/fixtures';
import { heard } from '../testing/host';
import './interview';
import { asQuestionSet } from './questions';
import { answerAt } from './transcript';
import { WORDS } from './words';

const sets = ['field-sales', 'inside-sales', 'key-account'].map((id) =>
  asQuestionSet(data(`questions/${id}.json`), rubric, id),
);
const [field] = sets;
const one = field ? [{ ...field, questions: field.questions.slice(0, 3) }] : [];
const words = WORDS.en;

type Subject = HTMLElementTagNameMap['sales-mirror-interview'];

async function setUp(properties: Partial<Subject> = {}): Promise<Subject> {
  return mount('sales-mirror-interview', { rubric, sets: one, ...properties });
}

/** An interview whose notice is confirmed. */
async function begun(properties: Partial<Subject> = {}): Promise<Subject> {
  const subject = await setUp(properties);
  await press(subject, WORDS[subject.language].notice.confirm);
  return subject;
}

async function press(subject: Subject, label: string): Promise<void> {
  const button = findAll<HTMLButtonElement>(subject, 'button').find((one) => textOf(one) === label);
  if (!button) throw new Error(`no button “${label}”`);
  button.click();
  await rendered(subject);
}

async function answer(subject: Subject, text: string): Promise<void> {
  fill(find(subject, 'textarea'), text);
  await rendered(subject);
}

const heading = (subject: Subject) => textOf(find(subject, '#heading'));
const value = (subject: Subject) => find<HTMLTextAreaElement>(subject, 'textarea').value;

test('the notice comes before any text field, and says which competencies are assessed', async () => {
  const subject = await setUp();
  expect(heading(subject)).toBe(words.notice.title);
  expect(findAll(subject, 'textarea')).toEqual([]);
  for (const { id } of rubric.competencies)
    expect(textOf(subject)).toContain(competencyName(rubric, id, 'en'));
  await press(subject, words.notice.confirmForOther);
  find(subject, 'textarea');
  expect(textOf(find(subject, '.print-only'))).toContain('The interviewer read the notice to the candidate');
});

test('a page words the notice itself', async () => {
  const subject = await setUp();
  const own = Object.assign(document.createElement('p'), { slot: 'interview-notice', textContent: 'Ours.' });
  subject.append(own);
  const slot = find<HTMLSlotElement>(subject, 'slot');
  slot.assignedNodes = () => [own];
  slot.dispatchEvent(new Event('slotchange'));
  await rendered(subject);
  expect(find(subject, '.stack').hidden).toBe(true);
  slot.assignedNodes = () => [];
  slot.dispatchEvent(new Event('slotchange'));
  await rendered(subject);
  expect(find(subject, '.stack').hidden).toBe(false);
});

test('of several sets one is chosen, and the answers to another stay', async () => {
  const subject = await begun({ sets });
  expect(heading(subject)).toBe(words.sets.title);
  await press(subject, 'Begin with “Field sales”');
  await answer(subject, 'I lost one.');
  await press(subject, words.back);
  expect(textOf(subject)).toContain('1 of 6 answered');
  await press(subject, 'Begin with “Inside sales”');
  expect(value(subject)).toBe('');
  await press(subject, words.back);
  await press(subject, 'Begin with “Field sales”');
  expect(value(subject)).toBe('I lost one.');
});

test('without a set there is nothing to ask, and this is said', async () => {
  expect(textOf(await begun({ sets: [] }))).toContain(words.none);
});

test('questions are asked one by one, forwards and backwards, and what was typed stays in every language', async () => {
  const subject = await begun();
  expect(heading(subject)).toMatch(/^Question 1 of 3 Tell me about a deal that you lost/);
  await answer(subject, 'First.');
  await press(subject, words.next);
  expect(heading(subject)).toMatch(/^Question 2 of 3/);
  expect(value(subject)).toBe('');
  await answer(subject, 'Second.');
  await press(subject, words.back);
  expect(value(subject)).toBe('First.');
  subject.language = 'zh';
  await rendered(subject);
  expect(heading(subject)).toMatch(/^第 1 题，共 3 题 请讲一次丢单的经历/);
  expect(value(subject)).toBe('First.');
  await press(subject, WORDS.zh.next);
  expect(value(subject)).toBe('Second.');
});

test('Ctrl+Enter goes on, but not while an input method composes', async () => {
  const subject = await begun();
  const enter = async (init: KeyboardEventInit) => {
    find(subject, 'textarea').dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, ...init }),
    );
    await rendered(subject);
  };
  await enter({});
  expect(heading(subject)).toMatch(/^Question 1/);
  find(subject, 'textarea').dispatchEvent(new Event('compositionstart'));
  await answer(subject, 'kehu');
  await enter({ ctrlKey: true });
  expect([heading(subject).slice(0, 10), subject.hasAnswers]).toEqual(['Question 1', false]);
  find<HTMLTextAreaElement>(subject, 'textarea').value = '客户';
  find(subject, 'textarea').dispatchEvent(new Event('compositionend'));
  await enter({ metaKey: true });
  expect([heading(subject).slice(0, 10), subject.hasAnswers]).toEqual(['Question 2', true]);
});

test('the focus goes to the heading of each question', async () => {
  const subject = await begun();
  find(subject, 'textarea').focus();
  await press(subject, words.next);
  await until(() => {
    expect(subject.shadowRoot?.activeElement?.id).toBe('heading');
  });
});

test('writing assistants are kept out of the answers unless the page allows them', async () => {
  const subject = await begun();
  const kept = () =>
    ['spellcheck', 'translate', 'data-gramm'].map((name) => find(subject, 'textarea').getAttribute(name));
  expect(kept()).toEqual(['false', 'no', 'false']);
  subject.aids = true;
  await rendered(subject);
  expect(kept()).toEqual([null, null, null]);
});

test('answers are assessed together, each with its question; what was skipped does not count', async () => {
  const subject = await begun();
  const done = heard(subject, 'interview-done');
  await answer(subject, 'I lost Anneke.');
  await press(subject, words.next);
  await answer(subject, 'A draft.');
  await press(subject, words.skip);
  await answer(subject, 'He asked for 12% off.');
  await press(subject, words.last);
  expect(heading(subject)).toBe(words.overview.title);
  expect(textOf(subject)).toContain('2 of 3 questions are answered.');
  expect(textOf(subject)).toContain(
    'It might have shown: Customer focus, Communication, Professional expertise',
  );
  await press(subject, words.overview.assess);
  expect(done).toHaveLength(1);
  const { answers, whole } = done[0] ?? { answers: [] };
  expect(answers.map(({ name, kind, text }) => [name, kind, text])).toEqual([
    ['1. A deal that you lost', 'interview_answer', 'I lost Anneke.'],
    ['3. A talk about the price', 'interview_answer', 'He asked for 12% off.'],
  ]);
  expect(whole).toMatchObject({
    name: 'Field sales',
    kind: 'interview_answer',
    whose: { speaker: 'Candidate' },
  });
  const text = whole?.text ?? '';
  expect(text).not.toContain('A draft.');
  expect(answerAt(text, text.indexOf('He asked'))).toBe(3);
  // What was skipped counts once it is answered after all.
  await press(subject, words.overview.edit(2));
  expect(value(subject)).toBe('A draft.');
  await press(subject, words.next);
  await press(subject, words.last);
  await press(subject, words.overview.assess);
  expect(done[1]?.answers).toHaveLength(3);
  // So it does as soon as it is edited, even if one stops right then.
  await press(subject, words.overview.edit(1));
  await press(subject, words.skip);
  await press(subject, words.back);
  await answer(subject, 'I lost Anneke, and rang her.');
  await press(subject, words.stop);
  await press(subject, words.overview.assess);
  expect(done[2]?.answers).toHaveLength(3);
});

test('one can stop at any time; without an answer there is nothing to assess', async () => {
  const subject = await begun();
  await press(subject, words.stop);
  expect(textOf(subject)).toContain(words.overview.noAnswers);
  await expect(press(subject, words.overview.assess)).rejects.toThrow('no button');
  await press(subject, words.overview.answerIt(3));
  expect(heading(subject)).toMatch(/^Question 3/);
});

test('deleted answers can be brought back until the next candidate begins', async () => {
  const subject = await begun();
  const cleared = heard(subject, 'interview-cleared');
  await answer(subject, 'First.');
  await press(subject, words.stop);
  await press(subject, words.overview.restart);
  expect([heading(subject), cleared.length, subject.hasAnswers]).toEqual([words.notice.title, 1, false]);
  await press(subject, words.undo);
  expect([heading(subject), subject.hasAnswers]).toEqual([words.overview.title, true]);
  await press(subject, words.overview.restart);
  await press(subject, words.notice.confirm);
  expect(value(subject)).toBe('');
  await press(subject, words.stop);
  await press(subject, words.overview.restart);
  await expect(press(subject, words.undo)).rejects.toThrow('no button');
});

test('while the answers are assessed this can be cancelled, and while it is disabled nothing can be done', async () => {
  const subject = await begun({ busy: true });
  const stops = heard(subject, 'stop');
  await press(subject, words.stop);
  await press(subject, words.overview.cancel);
  expect(stops).toHaveLength(1);
  subject.disabled = true;
  await rendered(subject);
  expect(find<HTMLFieldSetElement>(subject, 'fieldset').disabled).toBe(true);
});
