/**
 * The same text gives the same result, to the last bit: with any number of workers, in any order, in any tab, at any time, with
 * either wasm build, and after the history was used. parity.spec.ts compares the browser with native code.
 */
import type { BrowserContext, Page } from '@playwright/test';
import {
  ADVERT,
  assess as assessTyped,
  assessAllDirectly,
  assessDirectly,
  EN,
  expect,
  specified,
  test,
  untimed,
  upToDate,
  widget,
  ZH,
  type Site,
} from './site';

const reports = specified().map(({ text }) => text);

/** Of one window and of many, in both languages, with and without levels. */
const TEXTS = [
  EN,
  ZH,
  `${EN}\n\n${ZH}`,
  Array.from({ length: 40 }, (_, i) => `${i + 1}. ${EN}`).join('\n\n'),
  // A part of them is read a second time, alone.
  `${EN}\n\n${ADVERT.en}`,
  `${ADVERT.zh}\n\n${ZH}`,
  'Wanted: sales manager for the north, with a driving licence.',
  ...reports.filter((_, i) => i % Math.floor(reports.length / 10) === 0),
];

async function open(page: Page, site: Site, workers = 0): Promise<void> {
  await page.addInitScript((count) => {
    document.addEventListener('DOMContentLoaded', () => {
      const element = document.querySelector('sales-mirror');
      element?.setAttribute('self-rating', 'off');
      if (count) element?.setAttribute('workers', String(count));
    });
  }, workers);
  await page.goto(site.url);
  await expect(widget.ready(page)).toBeVisible();
}

/** The results of all texts, assessed in this order and then once more, as what is remembered is used then. */
async function results(page: Page, order = [...TEXTS.keys()]): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const i of [...order, ...order]) {
    const result = untimed(await assessDirectly(page, TEXTS[i] ?? ''));
    if (found[i]) expect(result).toEqual(found[i]);
    found[i] = result;
  }
  return found;
}

const reversed = [...TEXTS.keys()].reverse();
const mixed = [...TEXTS.keys()].sort((a, b) => ((a * 7) % 5) - ((b * 7) % 5));

test('with 1, 2 and 4 workers, in any order, one by one and together', async ({ page, site }) => {
  let expected: unknown[] | undefined;
  for (const [workers, order] of [
    [1, undefined],
    [2, reversed],
    [4, mixed],
  ] as const) {
    await open(page, site, workers);
    const found = await results(page, order && [...order]);
    expected ??= found;
    expect(found).toEqual(expected);
    const together = await assessAllDirectly(page, TEXTS);
    expect(together.map(untimed)).toEqual(expected);
  }
});

test('in several tabs at the same time, at the next visit, and after the history was used', async ({
  page,
  context,
  site,
}) => {
  await open(page, site);
  const expected = await results(page);
  const tabs = await Promise.all([1, 2].map(() => context.newPage()));
  await Promise.all(tabs.map((tab) => open(tab, site)));
  for (const found of await Promise.all([results(tabs[0] as Page), results(tabs[1] as Page, reversed)]))
    expect(found).toEqual(expected);

  await page.reload();
  await expect(widget.ready(page)).toBeVisible();
  await page.getByRole('tab', { name: 'History', exact: true }).click();
  await page.getByRole('checkbox', { name: /^Keep my assessments/ }).check();
  await page.getByRole('button', { name: 'Turn the history on' }).click();
  await expect(page.getByRole('button', { name: 'Erase all' })).toBeVisible();
  await page.getByRole('tab', { name: 'Report', exact: true }).click();
  for (const text of [EN, ZH]) {
    await assessTyped(page, text);
    await upToDate(page);
  }
  await page.getByRole('tab', { name: 'History', exact: true }).click();
  await page.getByRole('button', { name: /^Show/ }).last().click();
  await expect(widget.result(page)).toBeVisible();
  expect(await results(page)).toEqual(expected);
});

/** Has the workers of a context take the build without relaxed SIMD, as Safari does. Playwright puts no script into workers. */
async function withoutRelaxedSimd(context: BrowserContext): Promise<void> {
  const script = `{
    const validate = WebAssembly.validate;
    // 253, 147, 2 is the relaxed dot product.
    WebAssembly.validate = (bytes) => !new Uint8Array(bytes).join().includes('253,147,2') && validate(bytes);
  }\n`;
  await context.route(/\/(encoder-)?worker-.*\.js/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: script + (await response.text()) });
  });
}

test('with both wasm builds', async ({ page, browser, site }) => {
  await open(page, site);
  const expected = await results(page);
  const build = (name: string) => site.requests.some((path) => path.includes(`${name}_bg`));
  expect([build('relaxed-simd'), build('simd128')]).toEqual([true, false]);
  const context = await browser.newContext({ locale: 'en-GB', serviceWorkers: 'block' });
  await withoutRelaxedSimd(context);
  const other = await context.newPage();
  await open(other, site);
  expect(build('simd128')).toBe(true);
  expect(await results(other)).toEqual(expected);
  await context.close();
});
