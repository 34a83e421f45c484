import { afterEach, expect, test, vi } from 'vitest';
import * as files from '../files/save';
import { handOver } from '../hand-over/hand-over';
import type { Result } from '../report/report';
import { refused, result, rubric, type Shown } from '../testing/fixtures';
import { find, findAll, mount, rendered, textOf, until } from '../testing/element';
import '../result/result';
import './team';

const dated = (date: string, shown: Record<string, Shown>): Result => {
  const made = result(`Text of ${date}.`, shown);
  return { ...made, report: { ...made.report, date } };
};
const file = (person: string, results: readonly Result[]) => {
  const choices = { person, withText: true, withSelf: false, names: [] };
  return new File([JSON.stringify(handOver(results, rubric, choices))], `${person}.json`);
};

const ada = file('Ada', [dated('2026-01-01', { growth: { level: 4.5, interval: [4, 5] } })]);
const ben = file('Ben', [
  dated('2026-01-01', { growth: { level: 1.5, interval: [1, 2] }, planning: { level: 2 } }),
  dated('2026-03-01', { growth: { level: 2.5, interval: [2, 3] } }),
]);

/** The view of a team whose files were chosen. */
async function open(chosen: readonly File[], language: 'en' | 'zh' = 'en') {
  const subject = await mount('sales-mirror-team', { rubric, language });
  find(subject, 'sales-mirror-file-drop').dispatchEvent(new CustomEvent('files-chosen', { detail: chosen }));
  await until(() => {
    expect(findAll(subject, '.heat tbody tr').length + findAll(subject, '.alert').length).toBeGreaterThan(0);
  });
  return subject;
}

afterEach(() => {
  vi.restoreAllMocks();
});

test('people are shown by competency, with coverage, coaching and change', async () => {
  const subject = await open([ada, ben]);
  expect(textOf(find(subject, '[role=status]'))).toBe('2 people, 3 texts');
  const heat = textOf(find(subject, '.heat'));
  expect(heat).toMatch(/Ada.*4\.5.*Ben.*2\.0/);
  expect(heat).toMatch(/Shown by.*2 of 2/);
  expect(textOf(subject)).toContain('Ada could coach Ben');
  const growth = findAll(subject, 'tr').find((row) => textOf(row).endsWith('1.5 2.5 +1.0 1'));
  expect(growth).toBeDefined();
});

test.each([
  ['en', /^none\.json: This is not a SalesMirror hand-over file/],
  ['zh', /^none\.json：这不是销售镜的移交文件/],
] as const)('a file that is none is told, and the others are read, in %s', async (language, told) => {
  const subject = await open([ada, new File(['{}'], 'none.json')], language);
  expect(textOf(find(subject, '.alert'))).toMatch(told);
  expect(findAll(subject, '.heat tbody tr')).toHaveLength(1);
});

test('a person is looked at, corrected, and saved with the corrections', async () => {
  const saved: string[] = [];
  vi.spyOn(files, 'save').mockImplementation((_, content) => saved.push(content));
  const subject = await open([ada, ben]);
  find(subject, '.heat tbody button').click();
  await rendered(subject);
  expect(textOf(find(subject, 'h2'))).toBe('Texts of Ada');
  const correction = {
    competency: 'growth',
    level: 3,
    was: 4.5,
    reason: 'r',
    reviewer: 'Zoe',
    date: '2026-05-01',
  };
  find(subject, 'sales-mirror-result').dispatchEvent(new CustomEvent('correct', { detail: correction }));
  await rendered(subject);
  const [back, save] = findAll<HTMLButtonElement>(subject, 'button');
  save?.click();
  expect(JSON.parse(saved[0] ?? '')).toMatchObject({
    person: 'Ada',
    results: [{ corrections: [correction] }],
  });
  back?.click();
  await rendered(subject);
  expect(textOf(find(subject, '.heat'))).toMatch(/Ada.*3\.0/);
});

test('whoever handed over no account is listed without levels and left out of the coverage', async () => {
  const cem = file('Cem', [refused('Five ways to close faster.')]);
  const subject = await open([ada, ben, cem]);
  expect(textOf(subject)).toContain('One of the texts is no account of the writer’s own work with customers');
  const row = findAll(subject, '.heat tbody tr').find((entry) => textOf(entry).startsWith('Cem'));
  expect(row && textOf(row)).toBe('Cem No account of own work, so no levels');
  expect(textOf(find(subject, '.heat'))).toMatch(/Shown by.*2 of 2/);
  row?.querySelector('button')?.click();
  await until(() => {
    expect(textOf(find(find(subject, 'sales-mirror-result'), '#result'))).toBe('No levels for this text');
  });
});

test('closing forgets everybody', async () => {
  const subject = await open([ada]);
  findAll<HTMLButtonElement>(subject, 'button')
    .find((button) => textOf(button) === 'Close all')
    ?.click();
  await rendered(subject);
  expect(textOf(find(subject, '[role=status]'))).toBe('No file is open yet.');
});
