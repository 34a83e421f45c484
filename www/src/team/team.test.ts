import { afterEach, expect, test, vi } from 'vitest';
import * as files from '../files/save';
import { sealed } from '../hand-over/chain';
import { handOver } from '../hand-over/hand-over';
import type { Result } from '../report/report';
import { refused, result, rubric, type Shown } from '../testing/fixtures';
import { find, findAll, mount, rendered, textOf, until } from '../testing/element';
import { heard } from '../testing/host';
import '../result/result';
import './team';

let count = 1;
const dated = (date: string, shown: Record<string, Shown>): Result => {
  const made = result(`Text ${count++}.`, shown);
  return { ...made, report: { ...made.report, date } };
};
const choices = {
  ...{ writer: 'w', purpose: '', audience: '', deleteBy: null as string | null },
  ...{ withText: true, withSelf: false, names: [] },
};
const asFile = (content: unknown, name: string) => new File([JSON.stringify(content)], `${name}.json`);
const file = (person: string, results: readonly Result[], more: Partial<typeof choices> = {}) =>
  asFile(handOver(results, rubric, { ...choices, person, ...more }, 'en'), person);

const ada = file('Ada', [dated('2026-01-01', { growth: { level: 4.5, interval: [4, 5] } })]);
const ben = file('Ben', [
  dated('2026-01-01', { growth: { level: 1.5, interval: [1, 2] }, planning: { level: 2 } }),
  dated('2026-03-01', { growth: { level: 2.5, interval: [2, 3] } }),
]);

/** The view of a team whose files were chosen. */
async function open(chosen: readonly File[], language: 'en' | 'zh' = 'en', minimum = 1) {
  const subject = await mount('sales-mirror-team', { rubric, language, minimum });
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
  const told = heard(subject, 'activity');
  expect(subject.results).toHaveLength(3);
  findAll<HTMLButtonElement>(subject, 'button')
    .find((button) => textOf(button) === 'Save as a table (.csv)')
    ?.click();
  saved.length = 0;
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
  await until(() => {
    expect(saved).toHaveLength(1);
  });
  expect(JSON.parse(saved[0] ?? '')).toMatchObject({
    person: 'Ada',
    results: [{ corrections: [correction] }],
  });
  find(subject, '.row button:last-child').click();
  expect(told.map(({ what, form, results }) => [what, form, results.length])).toEqual([
    ['exported', 'csv', 3],
    ['corrected', undefined, 1],
    ['handed_over', 'json', 1],
    ['exported', 'jsonl', 1],
  ]);
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

test('the log of use is told which files were opened, and not of those that were refused', async () => {
  const subject = await mount('sales-mirror-team', { rubric, language: 'en' });
  const told = heard(subject, 'activity');
  const detail = [ben, new File(['{}'], 'none.json'), ada];
  find(subject, 'sales-mirror-file-drop').dispatchEvent(new CustomEvent('files-chosen', { detail }));
  await until(() => {
    expect(told.map(({ what, results }) => [what, results.length])).toEqual([
      ['opened', 2],
      ['opened', 1],
    ]);
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

const seals = (subject: Element) => findAll(subject, '[data-seal]').map((entry) => entry.dataset.seal);
const check = (subject: Element, label: string) =>
  findAll(subject, 'label')
    .find((entry) => textOf(entry).startsWith(label))
    ?.querySelector('input')
    ?.click();

test('a correction is not lost when the original is opened after it, and the model’s level stays visible', async () => {
  const original = dated('2026-01-01', { growth: { level: 4.5 } });
  const corrections = [
    { competency: 'growth', level: 2, was: 4.5, reason: 'r', reviewer: 'Zoe', date: '2026-02-01' },
  ];
  const files = [file('Ada', [{ ...original, corrections }]), file('Ada', [original])];
  for (const order of [files, files.toReversed()]) {
    const subject = await open(order);
    await until(() => {
      expect(textOf(find(subject, '.heat tbody'))).toMatch(/Ada .*2\.0.*model: 4\.5/);
    });
    expect(textOf(subject)).toContain('Reviewers decided on 1 level and departed from the model in 1.');
  }
});

test('namesakes are shown apart until the reader says that they are one', async () => {
  const texts = ['2026-01-01', '2026-01-02'].map((date) => [dated(date, { growth: { level: 2 } })]);
  const subject = await open(texts.map((results, i) => file('Ben', results, { writer: `w${i}` })));
  const names = () => findAll(subject, '.heat tbody th').map((entry) => textOf(entry));
  expect(names()).toEqual(['Ben (1)', 'Ben (2)']);
  find(subject, '[data-namesakes] button').click();
  await rendered(subject);
  expect(names()).toEqual(['Ben']);
});

test('doubts about files are told: altered, without a chain, of several models, too late', async () => {
  const made = dated('2026-01-01', { growth: { level: 2 } });
  const other = dated('2026-01-02', {});
  const newer = {
    ...other,
    assessment: { ...other.assessment, model: { id: 'newer', sha256: 'f00' } },
  };
  const content = JSON.parse(
    JSON.stringify(await sealed(handOver([made, newer], rubric, { ...choices, person: 'Ada' }, 'en'))),
  ) as { person: string };
  const intact = await open([asFile(content, 'ada')]);
  expect(seals(intact)).toEqual([]);
  expect(textOf(find(intact, '[data-mixed]'))).toContain('test (SHA-256 ); newer (SHA-256 f00)');
  expect(seals(await open([asFile({ ...content, person: 'Bea' }, 'bea')]))).toEqual(['altered']);
  expect(seals(await open([ada]))).toEqual(['unsealed']);
  const late = await open([file('Cem', [made], { deleteBy: '2026-02-01' })]);
  expect(textOf(find(late, '.alert'))).toMatch(/^Cem\.json, 2026-02-01: This file was to be deleted/);
});

test('no figure is given of too few people and texts', async () => {
  const subject = await open([ada, ben], 'en', 3);
  expect(textOf(find(subject, '.heat'))).not.toMatch(/\d\.\d/);
  expect(textOf(subject)).not.toContain('could coach Ben');
  expect(textOf(subject)).toContain('No figure is given of fewer than 3 people');
});

test('numbers stand in the place of names when the reader wants that', async () => {
  const subject = await open([ada, ben]);
  check(subject, 'Show numbers');
  await rendered(subject);
  expect(textOf(subject)).not.toMatch(/Ada|Ben/);
  expect(textOf(find(subject, '.heat'))).toMatch(/Person 1.*Person 2/);
});

test('a reader who marks first sees no level before, and the mark goes into the decision', async () => {
  const saved: string[] = [];
  vi.spyOn(files, 'save').mockImplementation((_, content) => saved.push(content));
  const subject = await open([ada]);
  check(subject, 'I mark each text');
  await rendered(subject);
  expect(textOf(find(subject, '.heat tbody'))).toBe('Ada Give your own marks first');
  expect(textOf(subject)).not.toMatch(/\d\.\d/);
  find(subject, '.heat tbody button').click();
  await rendered(subject);
  expect(findAll(subject, 'sales-mirror-result')).toEqual([]);
  find(subject, 'sales-mirror-self-rating').dispatchEvent(
    new CustomEvent('rated', { detail: { rating: { growth: 3 }, ask: true } }),
  );
  await rendered(subject);
  const detail = { competency: 'growth', level: 4, was: 4.5, reason: 'r', reviewer: 'Z', date: '2026-05-01' };
  find(subject, 'sales-mirror-result').dispatchEvent(new CustomEvent('correct', { detail }));
  await rendered(subject);
  findAll<HTMLButtonElement>(subject, 'button')
    .find((button) => textOf(button) === 'Save with corrections')
    ?.click();
  await until(() => {
    expect(JSON.parse(saved[0] ?? '')).toMatchObject({ results: [{ corrections: [{ ...detail, own: 3 }] }] });
  });
});
