/** Every state of the trial page by axe-core, in both languages and all schemes; at 320 pixels; cancelled; and how long its tasks are. */
import type { Page } from '@playwright/test';
import { expect, latin, longestTasks, overflow, specified, test, violations, type Site } from './site';

const SCHEMES = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  forced: { colorScheme: 'dark', forcedColors: 'active' },
} as const;

const quoted = (cell: string | number) => `"${String(cell).replaceAll('"', '""')}"`;

const table = (name: string, rows: readonly (readonly (string | number)[])[]) => ({
  ...{ name, mimeType: 'text/csv' },
  buffer: Buffer.from(rows.map((row) => row.map(quoted).join(',')).join('\r\n')),
});

/** Marks of two raters, a group of each writer, and rows that cannot be used. */
function marks(count: number) {
  const texts = specified().filter(({ scores }) => Object.values(scores).some(Boolean));
  const ids = Object.keys(texts[0]?.scores ?? {});
  const rows = texts
    .slice(0, count)
    .flatMap(({ text, scores }, i) =>
      ['Anna', 'Ben'].map((rater) => [
        ...[i + 1, text, rater, i % 2 ? '甲组' : '乙组'],
        ...ids.map((id) => (rater === 'Ben' && i % 5 === 0 ? 'none' : (scores[id] ?? ''))),
      ]),
    );
  const broken = [[1, 'Something else.', 'Anna', '', ...ids.map(() => 9)]];
  return table('marks.csv', [['id', 'text', 'rater', 'author group', ...ids], ...rows, ...broken]);
}

const button = (page: Page, en: string, zh: string) =>
  page.getByRole('button', { name: new RegExp(`^(${en}|${zh})$`) });

async function begin(page: Page, site: Site, language: 'en' | 'zh'): Promise<void> {
  await page.goto(`${site.url}trial.html`);
  if (language === 'zh') await button(page, '中文', '中文').click();
  await expect(page.locator('sales-mirror-trial .setup').first()).toBeVisible();
}

const files = (page: Page) => page.locator('sales-mirror-trial #files').first();

for (const [scheme, media] of Object.entries(SCHEMES)) {
  for (const language of ['en', 'zh'] as const) {
    test(`no state of a trial has barriers in ${language}, ${scheme}, nor is it too wide`, async ({
      page,
      site,
    }) => {
      const found: Record<string, string[]> = {};
      const look = async (state: string) => {
        const barriers = await violations(page);
        if (barriers.length) found[state] = barriers;
        await page.setViewportSize({ width: 320, height: 640 });
        const beyond = await overflow(page);
        if (beyond > 0) found[`${state}, 320 pixels`] = [`${beyond} pixels beyond the window`];
        await page.setViewportSize({ width: 1280, height: 800 });
      };
      await page.emulateMedia({ ...media, reducedMotion: 'reduce' });
      await begin(page, site, language);
      await look('empty');
      await files(page).setInputFiles(
        table('unknown.csv', [
          ['x', 'y'],
          ['a', 'b'],
        ]),
      );
      await expect(page.locator('.columns').first()).toBeVisible();
      await look('unknown columns');
      await button(page, 'Remove all', '全部移除').click();
      await files(page).setInputFiles(marks(40));
      await expect(page.locator('.problems')).toBeVisible();
      for (const summary of await page.locator('.setup summary').all()) await summary.click();
      await look('columns');
      await page.locator('#rater').fill('R');
      await button(page, 'Mark the texts here', '在这里评分').click();
      await page.locator('sales-mirror-blind-marks [value="3"]').first().check();
      await page.locator('sales-mirror-blind-marks summary').click();
      await look('blind');
      await button(page, '← Back to the trial', '← 返回试评').click();
      await look('unsaved');
      await button(page, 'Compare with the model', '与模型比较').click();
      await expect(page.getByRole('progressbar')).toBeVisible();
      await look('reading');
      await expect(page.locator('#result')).toBeVisible({ timeout: 120_000 });
      await page.locator('.case summary').first().click();
      for (const summary of await page.locator('.as-table summary').all()) await summary.click();
      await look('result');
      if (language === 'zh') expect(await latin(page, 'sales-mirror-trial')).toEqual([]);
      await page.emulateMedia({ media: 'print' });
      await expect(page.locator('.setup').first()).toBeHidden();
      await expect(page.locator('.verdict')).toBeVisible();
      expect(found).toEqual({});
    });
  }
}

test('a comparison is cancelled, and goes on where it stopped', async ({ page, site }) => {
  await begin(page, site, 'en');
  await files(page).setInputFiles(marks(80));
  await button(page, 'Compare with the model', '').click();
  await expect(page.getByText(/^Reading report (1[7-9]|2\d) of 80$/)).toBeVisible();
  await button(page, 'Cancel', '').click();
  const told = page.getByText(/Cancelled\. \d+ of 80 texts were read/);
  await expect(told).toBeVisible();
  const read = Number(/\d+/.exec((await told.textContent()) ?? '')?.[0]);
  expect(read).toBeGreaterThanOrEqual(16);
  await button(page, 'Compare with the model', '').click();
  const first = page.getByText(/^Reading report \d+ of 80$/);
  await expect(first).toBeVisible();
  expect(Number(/\d+/.exec((await first.textContent()) ?? '')?.[0])).toBeGreaterThan(read);
  await expect(page.locator('#result')).toBeVisible({ timeout: 120_000 });
});

test('no task is long while a table of 400 rows is read and its intervals are computed', async ({
  browser,
  page,
  site,
}) => {
  await begin(page, site, 'en');
  const reading = await longestTasks(browser, page, async () => {
    await files(page).setInputFiles(marks(200));
    await expect(page.getByText('200 texts, of which 200 have marks')).toBeVisible();
  });
  const comparing = await longestTasks(browser, page, async () => {
    await button(page, 'Compare with the model', '').click();
    await expect(page.locator('#result')).toBeVisible({ timeout: 600_000 });
  });
  console.log('longest tasks in milliseconds', reading, comparing);
  expect(Math.max(...reading, ...comparing)).toBeLessThan(50);
});
