/** The engine behind the element: work that is shared among workers or remembered changes nothing in the result. */
import type { Page } from '@playwright/test';
import type { Failure } from '../src/engine/contract';
import {
  assessAllDirectly,
  assessDirectly,
  expect,
  specified,
  test,
  untimed,
  widget,
  type SalesMirrorElement,
  type Site,
} from './site';

const reports = specified();
/** English, of several windows. */
const LONG = reports
  .filter(({ lang }) => lang === 'en')
  .slice(0, 14)
  .map(({ text }) => text)
  .join('\n\n');

/** Opens the page with an element that has so many workers. */
async function open(page: Page, site: Site, workers: number): Promise<void> {
  await page.addInitScript((count) => {
    document.addEventListener('DOMContentLoaded', () => {
      document.querySelector('sales-mirror')?.setAttribute('workers', String(count));
    });
  }, workers);
  await page.goto(site.url);
  await expect(widget.ready(page)).toBeVisible();
}

test('three workers give what one gives, in a report of several windows and in a batch', async ({
  page,
  context,
  site,
}) => {
  const batch = ['', ...reports.slice(100, 112).map(({ text }) => text), '\u0001\u0002\u0003'];
  const results: unknown[] = [];
  for (const workers of [1, 3]) {
    await open(page, site, workers);
    const before = site.requests.length;
    const one = await assessDirectly(page, LONG);
    expect(one.length.windows).toBeGreaterThan(4);
    const all = await assessAllDirectly(page, batch);
    // What cannot be read is left out.
    expect(all.length).toBe(batch.length - 2);
    results.push([untimed(one), all.map(untimed)]);
    // The helpers were fetched with everything else.
    expect(site.requests.slice(before)).toEqual([]);
    await page.close();
    page = await context.newPage();
  }
  expect(results[1]).toEqual(results[0]);
});

test('an edit gives what a full run gives', async ({ page, site }) => {
  await open(page, site, 1);
  await assessDirectly(page, LONG);
  const middle = LONG.indexOf('. ', LONG.length / 2) + 2;
  const edited = `${LONG.slice(0, middle)}I offered 5% against a three-year contract. ${LONG.slice(middle)}`;
  const quick = await assessDirectly(page, edited);
  await page.reload();
  await expect(widget.ready(page)).toBeVisible();
  const full = await assessDirectly(page, edited);
  expect(untimed(quick)).toEqual(untimed(full));
});

test('a newer text wins, and what came before is cancelled', async ({ page, site }) => {
  await open(page, site, 2);
  const outcome = (text: string) =>
    page.locator('sales-mirror').evaluate(
      (element: SalesMirrorElement, text) =>
        element.assess(text).then(
          () => 'assessed',
          (failure: unknown) => (failure as Failure).code,
        ),
      text,
    );
  // Long enough that it is under way when the second one begins.
  const first = outcome(LONG.repeat(4));
  await expect(page.getByText(/^Reading: part \d+ of \d+$/)).toBeVisible();
  const second = outcome('I offered 5% against a three-year contract.');
  expect(await first).toBe('cancelled');
  expect(await second).toBe('assessed');
});

test('in an isolated page the workers share the model, and it works the same', async ({ page, site }) => {
  site.isolated = true;
  await open(page, site, 3);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const assessment = await assessDirectly(page, LONG);
  expect(assessment.length.windows).toBeGreaterThan(4);
  expect(assessment.overall?.shown).toBeGreaterThan(0);
});
