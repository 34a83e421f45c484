/** The trial page: marks in a table and the real model, the figures computed once more here, and marks given blind. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import type { Assessment } from '../src/engine/contract';
import { expect, specified, test, violations, type Labelled, type Site } from './site';

/** Opens the page and waits for the model. */
async function openTrial(page: Page, site: Site): Promise<void> {
  await page.goto(`${site.url}trial.html`);
  await expect(page.getByRole('heading', { name: '1. Texts and marks' })).toBeVisible();
}

const files = (page: Page) => page.locator('sales-mirror-trial #files').first();

const quoted = (cell: string | number | undefined) => `"${String(cell ?? '').replaceAll('"', '""')}"`;

const table = (name: string, rows: readonly (readonly (string | number | undefined)[])[]) => ({
  ...{ name, mimeType: 'text/csv' },
  buffer: Buffer.from(`\ufeff${rows.map((row) => row.map(quoted).join(',')).join('\r\n')}`),
});

async function saved(page: Page, button: string): Promise<string> {
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).click();
  return readFileSync(await (await waiting).path(), 'utf8');
}

/** The figures of a table that were saved, by what is compared, field, value and measure. */
function figuresOf(csv: string): Map<string, number> {
  const rows = csv
    .replace('\ufeff', '')
    .trim()
    .split('\n')
    .map((row) => row.split(','));
  return new Map(
    rows.map(([compared, other, field, value, , , measure, figure]) => [
      [compared, other, field, value, measure].join(' '),
      Number(figure),
    ]),
  );
}

/** Quadratic weighted kappa from its definition: squared differences as observed, over those of all pairs. */
function kappa(pairs: readonly (readonly [number, number])[]): number {
  const square = (a: number, b: number) => (a - b) ** 2;
  const observed = pairs.reduce((sum, [a, b]) => sum + square(a, b), 0) / pairs.length;
  const chance = pairs.flatMap(([a]) => pairs.map(([, b]) => square(a, b)));
  return 1 - observed / (chance.reduce((sum, other) => sum + other, 0) / chance.length);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Short reports with whole levels. */
const reports = (): Labelled[] =>
  specified()
    .filter(({ scores, text }) => text.length < 500 && Object.values(scores).some(Boolean))
    .slice(0, 12);

test('a table of two raters is judged by the real model, with the figures that its assessments give', async ({
  page,
  site,
}) => {
  const texts = reports();
  const ids = Object.keys(texts[0]?.scores ?? {});
  // The second rater marks a level higher where that is possible, and sees no planning.
  const second = (id: string, mark: number | null) =>
    mark === null || id === 'planning' ? null : Math.min(5, mark + 1);
  const rows = texts.flatMap(({ text, scores }, i) => [
    [`T${i + 1}`, text, 'Anna', ...ids.map((id) => scores[id] ?? '')],
    [`T${i + 1}`, text, 'Ben', ...ids.map((id) => second(id, scores[id] ?? null) ?? 'none')],
  ]);
  await openTrial(page, site);
  const before = site.requests.length;
  await files(page).setInputFiles(table('marks.csv', [['id', 'text', 'rater', ...ids], ...rows]));
  await expect(page.getByText('12 texts, of which 12 have marks')).toBeVisible();
  await page.getByRole('button', { name: 'Compare with the model' }).click();
  await expect(page.getByRole('heading', { name: 'Result of the trial' })).toBeVisible();
  const [marks, figures] = [
    await saved(page, 'Save all marks and levels (.csv)'),
    await saved(page, 'Save all figures (.csv)'),
  ];
  // The reader of files is asked for, and nothing else; above all, nothing is sent.
  expect(site.requests.slice(before).filter((path) => !path.includes('document-worker'))).toEqual([]);
  expect(marks).not.toContain((texts[0]?.text ?? '').slice(0, 20));

  // The same texts by the widget itself, and the figures by their definitions.
  const model = await page.evaluate(
    async (all) => {
      await import(new URL('sales-mirror.js', location.href).href);
      const element = Object.assign(document.createElement('sales-mirror'), { mode: 'headless' });
      document.body.append(element);
      return (element as unknown as { assessAll(all: string[]): Promise<Assessment[]> }).assessAll(all);
    },
    texts.map(({ text }) => text),
  );
  const levels: { anna: number; ben: number; own: number; low: number; high: number }[] = [];
  const shown: { text: number; id: string; raters: boolean; model: boolean }[] = [];
  const raters: [number, number][] = [];
  for (const [i, { scores }] of texts.entries()) {
    for (const id of ids) {
      const anna = scores[id] ?? null;
      const ben = second(id, anna);
      const found = model[i]?.competencies.find((other) => other.id === id);
      const own = found?.level ?? null;
      if (anna !== null && ben !== null) raters.push([anna, ben]);
      shown.push({ text: i, id, raters: anna !== null, model: own !== null });
      const [low = NaN, high = NaN] = found?.interval ?? [];
      if (anna !== null && own !== null) levels.push({ anna, ben: ben ?? anna, own, low, high });
    }
  }
  const truths = levels.map(({ anna, ben, own, low, high }) => ({ mark: (anna + ben) / 2, own, low, high }));
  const halves = (level: number) => Math.round(2 * level) / 2;
  const found = figuresOf(figures);
  const figure = (measure: string) => found.get(`model raters together all  ${measure}`);
  expect(figure('kappa')).toBeCloseTo(kappa(truths.map(({ mark, own }) => [mark, halves(own)])), 2);
  expect(figure('mae')).toBeCloseTo(mean(truths.map(({ mark, own }) => Math.abs(own - mark))), 2);
  expect(figure('signed_error')).toBeCloseTo(mean(truths.map(({ mark, own }) => own - mark)), 2);
  expect(figure('coverage')).toBeCloseTo(
    mean(truths.map(({ mark, low, high }) => Number(low <= mark && mark <= high))),
    2,
  );
  // Presence counts where some texts show a competency and others do not.
  const varied = shown.filter(
    ({ id }) => new Set(shown.filter((other) => other.id === id).map((other) => other.raters)).size > 1,
  );
  const both = varied.filter((one) => one.raters && one.model).length;
  expect(figure('presence_recall')).toBeCloseTo(both / varied.filter((one) => one.raters).length, 2);
  expect(figure('presence_precision')).toBeCloseTo(both / varied.filter((one) => one.model).length, 2);
  expect(found.get('Ben Anna all  kappa')).toBeCloseTo(kappa(raters), 2);
  // A trial of twelve texts must not read like a decision.
  await expect(page.locator('.verdict')).toContainText('Mark at least');
});

test('texts are marked blind, and the marks come back as a table', async ({ page, site }) => {
  const [first, second] = reports();
  await openTrial(page, site);
  await files(page).setInputFiles(
    table('texts.csv', [
      ['id', 'text', 'growth'],
      ['A', first?.text, '7'],
      ['B', `- ${second?.text ?? ''}`, '4'],
    ]),
  );
  await expect(page.getByText('texts.csv, row 2')).toBeVisible();
  const begin = page.getByRole('button', { name: 'Mark the texts here' });
  await begin.click();
  await expect(page.getByRole('alert').getByText('Enter your name or a code first.')).toBeVisible();
  await page.getByLabel('Your name or code').fill('Cora');
  await begin.click();
  await expect(page.getByRole('heading', { name: 'Text 1 of 2' })).toBeFocused();
  for (const level of ['3', '4']) {
    await page
      .getByRole('group', { name: 'Planning and execution' })
      .getByLabel(level, { exact: true })
      .check();
    await page.getByRole('button', { name: 'The rest is not shown' }).click();
    const next = page.getByRole('button', { name: 'Next text' });
    if (await next.isEnabled()) await next.click();
  }
  await expect(page.getByText('2 of 2 marked.')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  const own = await saved(page, 'Save my marks (.csv)');
  // Whoever compares opens it beside the others’ tables, and no text is there twice.
  await openTrial(page, site);
  await files(page).setInputFiles([
    { name: 'cora.csv', mimeType: 'text/csv', buffer: Buffer.from(own) },
    table('anna.csv', [
      ['id', 'planning'],
      ['a', '2'],
      ['b', ''],
    ]),
  ]);
  await expect(page.getByText('2 texts, of which 2 have marks')).toBeVisible();
  await expect(page.getByText('Cora: 2 texts')).toBeVisible();
  await expect(page.getByText('anna: 1 text', { exact: true })).toBeVisible();
});
