/**
 * Files that would take the page's time and memory, as a person chooses them: each is answered soon, the page goes on
 * working, and nothing is requested. Prints the seconds until the answer, the longest that the main thread was blocked, and
 * the most memory that the page's process took.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Browser, Page } from '@playwright/test';
import {
  bigDocument,
  bigPdf,
  documentOf,
  longTable,
  repeated,
  understated,
  workbookOf,
} from '../src/testing/files/hostile';
import { pdfDocument } from '../src/testing/files/pdf';
import { EN, expect, open, test, widget } from './site';

interface Upload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

interface Case {
  readonly what: string;
  readonly files: () => Upload[];
  /** What the page says of it; undefined if it is read. */
  readonly refusal: RegExp | undefined;
}

const upload = (name: string, content: Uint8Array | string): Upload => ({
  name,
  mimeType: '',
  buffer: Buffer.from(content),
});

const MB = 1_000_000;

const many = (count: number): Upload[] =>
  Array.from({ length: count }, (_, i) => upload(`visit-${i}.txt`, `Visit ${i}. ${EN}`));

/** 500 pages of little text, so that all of them are read. */
const longPdf = (): Upload =>
  upload(
    'long.pdf',
    pdfDocument(
      Array.from({ length: 500 }, (_, i) =>
        Array.from({ length: 12 }, (_, line) => ({
          text: `Visit ${i}, line ${line}: he signed the contract on the very same day.`,
          x: 50,
          y: 800 - 15 * line,
        })),
      ),
    ),
  );

const CASES: readonly Case[] = [
  {
    what: '.docx of 50 MB unpacked',
    files: () => [upload('a.docx', bigDocument(50 * MB))],
    refusal: /unpacks to more than 30 MB/,
  },
  {
    what: '.docx of 300 MB unpacked',
    files: () => [upload('a.docx', bigDocument(300 * MB))],
    refusal: /unpacks to more than 30 MB/,
  },
  {
    what: '.docx of 300 MB unpacked that says it is small',
    files: () => [upload('a.docx', understated(bigDocument(300 * MB), 'word/document.xml', 1000))],
    refusal: /unpacks to more than 30 MB/,
  },
  {
    what: '.docx of nearly as many elements as are read',
    files: () => [upload('a.docx', documentOf(repeated('<w:p><w:r><w:t>Yes.</w:t></w:r></w:p>', 33_000)))],
    refusal: undefined,
  },
  {
    what: '.pdf of 50 MB unpacked',
    files: () => [upload('a.pdf', bigPdf(50 * MB))],
    refusal: /unpacks to more than 30 MB/,
  },
  {
    what: '.pdf of 300 MB unpacked',
    files: () => [upload('a.pdf', bigPdf(300 * MB))],
    refusal: /unpacks to more than 30 MB/,
  },
  {
    what: '.pdf of 25 MB unpacked',
    files: () => [upload('a.pdf', bigPdf(25 * MB))],
    refusal: /more than 500,000 characters/,
  },
  {
    what: '.csv of 100,000 rows',
    files: () => [upload('a.csv', longTable(100_000))],
    refusal: /more than 20,000 rows/,
  },
  {
    what: '.csv of 1,000 rows',
    files: () => [upload('a.csv', longTable(1_000))],
    refusal: undefined,
  },
  {
    what: '.txt of 19 MB',
    files: () => [upload('a.txt', `${EN}\n`.repeat(Math.floor((19 * MB) / EN.length)))],
    refusal: /more than 500,000 characters/,
  },
  {
    what: '.xlsx with a million empty rows',
    files: () => [upload('a.xlsx', workbookOf(repeated('<row/>', 1_000_000)))],
    refusal: /more than 20,000 rows/,
  },
  { what: '.pdf of 500 pages', files: () => [longPdf()], refusal: undefined },
  { what: '500 text files', files: () => many(500), refusal: undefined },
];

for (const { what, files, refusal } of CASES)
  test(what, async ({ page, site, browser }, info) => {
    await open(page, site);
    // Given by their paths: the test would otherwise write their content into the page.
    const paths = files().map(({ name, buffer }) => {
      const path = info.outputPath(name);
      writeFileSync(path, buffer);
      return path;
    });
    const requests = site.requests.length;
    const processes = await renderers(browser);
    for (const id of processes) writeFileSync(`/proc/${id}/clear_refs`, '5');
    const before = Math.max(...processes.map(peak));
    await page.evaluate(() => {
      const seen = { longest: 0 };
      Object.assign(window, { seen });
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
      }).observe({ type: 'longtask' });
    });
    const start = Date.now();
    await page.locator('#files').setInputFiles(paths);
    await answered(page);
    // What is shown then is laid out and painted in the next frames.
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))),
    );
    const seconds = (Date.now() - start) / 1000;
    const longest = await page.evaluate(
      () => (window as unknown as { seen: { longest: number } }).seen.longest,
    );
    const memory = Math.max(...(await renderers(browser)).map(peak));
    const asked = site.requests.slice(requests).filter((path) => !/^\/assets\/[\w-]+\.js$/.test(path));
    console.log(
      `${what}: ${seconds.toFixed(1)} s, longest task ${longest.toFixed(0)} ms, ${before} to ${memory} MB, requests: ${asked.join(' ') || 'none'}`,
    );
    expect(asked).toEqual([]);
    if (refusal) await expect(page.locator('.trouble')).toContainText(refusal);
    else expect(await page.locator('.trouble').count()).toBe(0);
    expect(seconds).toBeLessThan(30);
    expect(memory - before).toBeLessThan(400);
  });

test('a file that takes long is given up when the person cancels', async ({ page, site }) => {
  await open(page, site);
  await page.locator('#files').setInputFiles([longPdf(), ...many(3)]);
  await expect(page.getByText(/Reading long\.pdf: page \d+ of 500 \(file 1 of 4\)/)).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('Cancelled. 4 files were not read')).toBeVisible({ timeout: 1_000 });
  await page.locator('#files').setInputFiles(many(1));
  await expect(widget.input(page)).toHaveValue(/^Visit 0\./);
});

/** Waits until a reading has ended: something is said of a file, or there is a text. */
async function answered(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const input = document
        .querySelector('sales-mirror')
        ?.shadowRoot?.querySelector('sales-mirror-input')?.shadowRoot;
      const readings = input?.querySelector('sales-mirror-file-readings')?.shadowRoot;
      return (
        readings?.querySelector('.trouble, .reading') ??
        input?.querySelector('.reports') ??
        (input?.querySelector('textarea')?.value || null)
      );
    },
    undefined,
    { polling: 100, timeout: 300_000 },
  );
}

/** The ids of the processes that pages run in. */
async function renderers(browser: Browser): Promise<number[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const alive = new Set(readdirSync('/proc'));
  return processInfo
    .filter(({ type, id }) => type === 'renderer' && alive.has(String(id)))
    .map(({ id }) => id);
}

/** The most memory that a process has taken, in MB. */
function peak(id: number): number {
  const kilobytes = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1024);
}
