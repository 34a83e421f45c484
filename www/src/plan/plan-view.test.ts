import { afterEach, expect, test, vi } from 'vitest';
import * as files from '../files/save';
import { data, refused, result, rubric } from '../testing/fixtures';
import { fill, find, findAll, mount, rendered, textOf } from '../testing/element';
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
