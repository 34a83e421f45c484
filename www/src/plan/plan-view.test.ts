import { afterEach, expect, test, vi } from 'vitest';
import * as files from '../files/save';
import { data, refused, result, rubric } from '../testing/fixtures';
import { fill, find, findAll, mount, rendered, textOf } from '../testing/element';
import { heard } from '../testing/host';
import { asDevelopment } from './development';
import './plan-view';

const texts = (language: 'en' | 'zh') =>
  asDevelopment(data(`development/${language}.json`), rubric, language, 'file');
const low = result('I gave 20% at once.', { negotiation: { level: 1.5 }, growth: { level: 2 } });

const mountPlan = () => mount('sales-mirror-plan', { rubric, result: low, development: texts('en') });
const goals = (subject: Element) => findAll(subject, '[data-goal]').map((goal) => goal.dataset.goal);
const button = (subject: Element, text: string) =>
  findAll<HTMLButtonElement>(subject, 'button').find((entry) => textOf(entry) === text);

afterEach(() => {
  vi.restoreAllMocks();
});

test('two goals are proposed, and another competency can take the place of one', async () => {
  const subject = await mountPlan();
  expect(goals(subject)).toEqual(['negotiation', 'growth']);
  button(subject, 'Edit')?.click();
  await rendered(subject);
  fill(find(subject, '[data-goal=growth] select'), 'planning', 'change');
  await rendered(subject);
  expect(goals(subject)).toEqual(['negotiation', 'planning']);
});

test('edits outlive a new language and a new result, until the plan is started over', async () => {
  const subject = await mountPlan();
  button(subject, 'Edit')?.click();
  await rendered(subject);
  fill(find(subject, '[aria-label=Keep]'), 'MY OWN WORDS');
  subject.language = 'zh';
  subject.development = texts('zh');
  subject.result = result('', { planning: { level: 1 } });
  await rendered(subject);
  button(subject, '改好了')?.click();
  await rendered(subject);
  expect(textOf(subject)).toContain('MY OWN WORDS');
  button(subject, '恢复原样')?.click();
  await rendered(subject);
  expect(textOf(subject)).not.toContain('MY OWN WORDS');
  expect(goals(subject)[0]).toBe('planning');
});

test('a text that was refused gives no plan, and takes no edits away', async () => {
  const subject = await mountPlan();
  subject.result = refused('Five ways to close faster.');
  await rendered(subject);
  expect(textOf(subject)).toMatch(/^There is nothing to plan yet/);
  subject.result = low;
  await rendered(subject);
  button(subject, 'Edit')?.click();
  await rendered(subject);
  fill(find(subject, '[aria-label=Keep]'), 'MY OWN WORDS');
  subject.result = refused('Five ways to close faster.');
  await rendered(subject);
  expect(find<HTMLTextAreaElement>(subject, '[aria-label=Keep]').value).toBe('MY OWN WORDS');
});

test('the plan is saved as notes and as a calendar, from the first day that is chosen', async () => {
  const saved: [string, string][] = [];
  vi.spyOn(files, 'save').mockImplementation((name, content) => saved.push([name, content]));
  const subject = await mountPlan();
  const told = heard(subject, 'activity');
  button(subject, 'Edit')?.click();
  await rendered(subject);
  fill(find(subject, '#start'), '2026-12-15', 'change');
  await rendered(subject);
  button(subject, 'Save as Markdown')?.click();
  button(subject, 'Save to calendar (.ics)')?.click();
  expect(saved.map(([name]) => name)).toEqual([
    'development-plan-2026-12-15.md',
    'development-plan-2026-12-15.ics',
  ]);
  const made = [{ model: { id: 'test' } }, { model: { id: 'test' } }];
  expect(told).toMatchObject([
    { what: 'exported', form: 'markdown', results: [low], made },
    { what: 'exported', form: 'ics', results: [low], made },
  ]);
  expect(saved[0]?.[1]).toContain('# My development plan');
  expect(saved[1]?.[1]).toContain('DTSTART;VALUE=DATE:20270114');
});

test('in Chinese, what stands before a colon keeps the Chinese one', async () => {
  const subject = await mount('sales-mirror-plan', {
    rubric,
    result: low,
    development: texts('zh'),
    language: 'zh',
  });
  button(subject, '修改')?.click();
  await rendered(subject);
  expect(find(subject, 'ol textarea').getAttribute('aria-label')).toBe('在工作中练：任务 1');
});

const later = () =>
  result('We lost the tender because nobody had met the buyer.', { negotiation: { level: 3.1 } });
const box = (subject: Element, i = 0) => {
  const found = findAll<HTMLInputElement>(subject, '[data-goal=negotiation] [type=checkbox]')[i];
  if (!found) throw new Error(`no task ${i}`);
  return found;
};

test('a task is ticked with its day, which makes the plan the person’s own, and unticked', async () => {
  vi.setSystemTime(new Date('2026-12-03T10:00:00'));
  const subject = await mountPlan();
  const changes = heard(subject, 'plan-change');
  box(subject).click();
  await rendered(subject);
  expect(textOf(subject)).toContain('done on 3 Dec 2026');
  expect(box(subject).labels?.[0]?.textContent).toContain('done on 3 Dec 2026');
  expect(changes.at(-1)?.goals[0]?.practice[0]?.done).toBe('2026-12-03');
  subject.result = later();
  await rendered(subject);
  expect(box(subject).checked).toBe(true);
  box(subject).click();
  await rendered(subject);
  expect(textOf(subject)).not.toContain('done on');
  expect(changes.at(-1)?.goals[0]?.practice[0]?.done).toBeNull();
  vi.useRealTimers();
});

test('a goal says what a later text shows, with both levels in the bar, or that it does not show it', async () => {
  const subject = await mountPlan();
  const since = () => findAll(subject, '.since').map((entry) => textOf(entry));
  box(subject).click();
  await rendered(subject);
  expect(since()).toEqual([]);
  subject.result = later();
  await rendered(subject);
  const [shown, notShown] = since();
  expect(shown).toMatch(/When you began: 1\.5 \(.*\)\. In your latest text: 3\.1 \(/);
  expect(shown).toContain('One text is a small sample');
  const bar = find(subject, '[data-goal=negotiation] svg[role=img]');
  expect(bar.getAttribute('aria-label')).toBe('Latest text: level 3.1 of 5, 1.5 when you began');
  expect(bar.querySelectorAll('.before, .dot')).toHaveLength(2);
  expect(notShown).toMatch(/When you began: 2\.0 \(.*\)\. Your latest text does not show this/);
});

test('working on a competency keeps the plan, and goals with ticks stay', async () => {
  const subject = await mountPlan();
  await subject.workOn('growth');
  subject.result = later();
  await rendered(subject);
  expect(goals(subject)).toEqual(['negotiation', 'growth']);
  const tick = async () => {
    for (const entry of findAll(subject, '[data-goal]'))
      entry.querySelector<HTMLInputElement>('input:not(:checked)')?.click();
    await rendered(subject);
  };
  await tick();
  await subject.workOn('planning');
  expect(goals(subject)).toEqual(['planning', 'negotiation', 'growth']);
  await subject.workOn('collaboration');
  await rendered(subject);
  expect(goals(subject)).toEqual(['collaboration', 'negotiation', 'growth']);
  await tick();
  await subject.workOn('planning');
  await rendered(subject);
  expect(goals(subject)).toEqual(['collaboration', 'negotiation', 'growth']);
  expect(textOf(find(subject, '[role=status]'))).toContain('You have ticked tasks of every goal');
});

test('a plan of their own is there without a result', async () => {
  const made = await mountPlan();
  const changes = heard(made, 'plan-change');
  box(made).click();
  const subject = await mount('sales-mirror-plan', {
    ...{ rubric, development: texts('en'), own: changes.at(-1) ?? null },
  });
  expect(goals(subject)).toEqual(['negotiation', 'growth']);
  expect(textOf(subject)).toContain('Model: test');
  button(subject, 'Edit')?.click();
  await rendered(subject);
  expect(findAll(subject, 'select')).toEqual([]);
});

test('starting over asks before ticks are lost', async () => {
  const subject = await mountPlan();
  const changes = heard(subject, 'plan-change');
  box(subject).click();
  await rendered(subject);
  button(subject, 'Start over')?.click();
  await rendered(subject);
  expect(box(subject).checked).toBe(true);
  find(subject, '.sure button').click();
  await rendered(subject);
  expect(findAll(subject, '.sure')).toEqual([]);
  button(subject, 'Start over')?.click();
  await rendered(subject);
  findAll(subject, '.sure button')[1]?.click();
  await rendered(subject);
  expect([box(subject).checked, changes.at(-1)]).toEqual([false, null]);
});
