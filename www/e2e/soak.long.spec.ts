/**
 * A page that is used for a day: thousands of texts in one tab, hundreds of reports at once, and the longest texts. Memory stays
 * where it was after the first hundred, and the page's own work never blocks the main thread. Prints what it measured.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Browser, Page } from '@playwright/test';
import {
  assess,
  EN,
  expect,
  longestTasks,
  open,
  set,
  test,
  widget,
  ZH,
  type SalesMirrorElement,
} from './site';

/** How many texts are assessed in one tab; 5,000 take a quarter of an hour on two idle cores. */
const ASSESSMENTS = Number(process.env.SOAK_ASSESSMENTS ?? 5_000);

/** The most that a task of ours may take, in milliseconds of the main thread's own time. */
const LONGEST_TASK = 50;

/** Texts without two alike, in both languages, with levels and without. */
const text = (i: number) =>
  [
    `Visit ${i}. ${EN}`,
    `第${i}次拜访。${ZH}`,
    `I called customer ${i} back the same day, and he ordered ${i * 3} parts.`,
    `Wanted: sales manager for region ${i}, with a driving licence.`,
  ][i % 4] ?? '';

/** Assesses the texts from one number to another, one after the other. */
const assessMany = (page: Page, texts: readonly string[]) =>
  page.locator('sales-mirror').evaluate(async (element: SalesMirrorElement, texts) => {
    for (const text of texts) await element.assess(text);
  }, texts);

/** Bytes in use after a collection of garbage: of the page's JavaScript, and of the process with its workers and the wasm. */
async function memory(browser: Browser, page: Page): Promise<{ heap: number; process: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await page.waitForTimeout(1_000);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  const system = await browser.newBrowserCDPSession();
  const { processInfo } = await system.send('SystemInfo.getProcessInfo');
  await system.detach();
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => {
      const status = readFileSync(`/proc/${id}/status`, 'utf8');
      return Number(/RssAnon:\s*(\d+)/.exec(status)?.[1] ?? 0) * 1024;
    });
  return { heap: usedSize, process: Math.max(...sizes) };
}

// Its snapshots of the page would be counted as the page's work.
test.use({ trace: 'off' });

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

test(`${ASSESSMENTS} assessments in one tab leave its memory as it was after the first hundred`, async ({
  page,
  browser,
  site,
}) => {
  test.setTimeout(0);
  await open(page, site);
  const start = Date.now();
  const texts = Array.from({ length: ASSESSMENTS }, (_, i) => text(i));
  await assessMany(page, texts.slice(0, 100));
  const before = await memory(browser, page);
  let most = before;
  for (let from = 100; from < ASSESSMENTS; from += 100) {
    await assessMany(page, texts.slice(from, from + 100));
    if (from % 500 !== 400 && from + 100 < ASSESSMENTS) continue;
    const now = await memory(browser, page);
    most = { heap: Math.max(most.heap, now.heap), process: Math.max(most.process, now.process) };
    const minutes = ((Date.now() - start) / 60_000).toFixed(1);
    console.log(
      `${from + 100} texts, ${minutes} min: heap ${megabytes(now.heap)}, process ${megabytes(now.process)}`,
    );
  }
  const after = await memory(browser, page);
  console.log(
    `after 100: heap ${megabytes(before.heap)}, process ${megabytes(before.process)}; ` +
      `after ${ASSESSMENTS}: heap ${megabytes(after.heap)}, process ${megabytes(after.process)}`,
  );
  // A result of its own is several kilobytes; thousands that stayed would be tens of megabytes.
  expect(after.heap - before.heap).toBeLessThan(1_000_000);
  // The operating system's figure moves with the collector's; a leak of the wasm or a worker would exceed this.
  expect(after.process - before.process).toBeLessThan(40_000_000);
  await expect(page.locator('.failure')).toHaveCount(0);
});

for (const count of [500, 1_000])
  test(`${count} reports dropped at once are listed, assessed and compared without a long task`, async ({
    page,
    browser,
    site,
  }, info) => {
    await open(page, site);
    const paths = Array.from({ length: count }, (_, i) => {
      const path = info.outputPath(`visit-${i}.txt`);
      writeFileSync(path, `Visit ${i}: I asked him what a stopped line costs.`);
      return path;
    });
    const listed = page.locator('sales-mirror-input .reports li');
    const told = (what: string, tasks: readonly number[]) => {
      console.log(
        `${count} reports, ${what}: longest tasks ${tasks.map((ms) => ms.toFixed(0)).join(', ')} ms`,
      );
    };
    const read = await longestTasks(browser, page, async () => {
      await page.locator('#files').setInputFiles(paths);
      await expect(listed).toHaveCount(count, { timeout: 120_000 });
      await page.waitForTimeout(1_000);
    });
    told('read', read);
    const results = page.locator('sales-mirror-report-list li');
    const start = Date.now();
    const shown = await longestTasks(browser, page, async () => {
      await page.getByRole('button', { name: /^Assess/ }).click();
      await expect(results).toHaveCount(count, { timeout: 300_000 });
      await page.waitForTimeout(1_000);
    });
    console.log(`${count} reports took ${((Date.now() - start) / 1_000).toFixed(0)} s`);
    told('shown', shown);
    const compared = await longestTasks(browser, page, async () => {
      await page.locator('sales-mirror-report-list summary').click();
      await expect(page.locator('sales-mirror-comparison tbody tr')).toHaveCount(count, { timeout: 60_000 });
      await page.waitForTimeout(1_000);
    });
    told('compared', compared);
    const chosen = await longestTasks(browser, page, async () => {
      await results
        .nth(count - 3)
        .getByRole('button')
        .click();
      await expect(results.nth(count - 3).getByRole('button')).toHaveAttribute('aria-current', 'true');
      await page.waitForTimeout(500);
    });
    told('chosen', chosen);
    expect(Math.max(...read, ...shown, ...compared, ...chosen)).toBeLessThan(LONGEST_TASK);
  });

test('200,000 words are refused soon, in the text area and as a file, and the longest text is assessed', async ({
  page,
  browser,
  site,
}, info) => {
  await open(page, site);
  const before = await memory(browser, page);
  const words = Array.from({ length: 200_000 }, (_, i) => (i % 12 === 11 ? 'day.' : `word${i}`)).join(' ');
  const refused = async (action: () => Promise<void>, answer: () => Promise<void>) => {
    const start = Date.now();
    await action();
    await answer();
    return (Date.now() - start) / 1_000;
  };
  const pasted = await refused(
    () => assess(page, words),
    () => expect(widget.failure(page, 'text_too_long')).toBeVisible(),
  );
  await expect(widget.input(page)).toHaveValue(words);
  await widget.input(page).fill('');
  const path = info.outputPath('long.txt');
  writeFileSync(path, words);
  const chosen = await refused(
    () => page.locator('#files').setInputFiles(path),
    () => expect(page.getByText(/more than 500,000 characters/)).toBeVisible(),
  );
  // Just below the limit of 200 KiB.
  const longest = `${EN} `.repeat(Math.floor(204_000 / (EN.length + 1)));
  await set(page, 'live', 'off');
  const start = Date.now();
  await assess(page, longest);
  await expect(widget.result(page).or(widget.refusal(page))).toBeVisible({ timeout: 600_000 });
  const seconds = (Date.now() - start) / 1_000;
  const after = await memory(browser, page);
  console.log(
    `200,000 words: refused after ${pasted.toFixed(1)} s, as a file after ${chosen.toFixed(1)} s; ` +
      `${longest.length} characters assessed in ${seconds.toFixed(0)} s; process ${megabytes(before.process)} to ${megabytes(after.process)}`,
  );
  expect(Math.max(pasted, chosen)).toBeLessThan(15);
  expect(seconds).toBeLessThan(300);
  expect(after.process - before.process).toBeLessThan(200_000_000);
});
