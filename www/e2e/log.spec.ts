/** The log of use: off until a person or their company turns it on, without any text, theirs to export and erase. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import {
  assess,
  EN,
  expect,
  latin,
  open,
  overflow,
  set,
  test,
  upToDate,
  violations,
  visit,
  widget,
} from './site';

const databases = (page: Page) =>
  page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));

const rows = (page: Page) => page.getByRole('region', { name: 'Entries of the log' }).locator('tbody tr');

test('nothing is logged by default; once it is on, entries are there after a reload, and gone when erased', async ({
  page,
  site,
}) => {
  await open(page, site);
  await assess(page, EN);
  await upToDate(page);
  expect(await databases(page)).toEqual([]);
  await expect(page.getByRole('button', { name: 'Show the log' })).toHaveCount(0);

  await page.getByRole('tab', { name: 'History' }).click();
  await page.getByText('Log of use', { exact: true }).click();
  await page.getByRole('checkbox', { name: 'Keep a log of use in this browser' }).check();
  await expect(page.getByText('A log of use is kept in this browser, without your text.')).toBeVisible();
  expect(await databases(page)).toEqual(['salesmirror-log']);
  expect(await violations(page), 'turned on').toEqual([]);

  await page.getByRole('tab', { name: 'Report' }).click();
  await widget.assess(page).click();
  await upToDate(page);
  await page.getByRole('tab', { name: 'Plan' }).click();
  const plan = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as Markdown' }).click();
  await plan;
  await page.evaluate(() => {
    print();
  });

  await page.reload();
  await page.getByRole('button', { name: 'Show the log' }).click();
  await expect(rows(page).locator('th')).toHaveText(['Printed', 'Exported Markdown', 'Assessed']);
  expect(await violations(page), 'shown').toEqual([]);
  await page.setViewportSize({ width: 320, height: 640 });
  // The layer behind the text area takes over its new width a moment later.
  await expect.poll(() => overflow(page)).toBe(0);
  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.getByRole('button', { name: '导出为表格' })).toBeVisible();
  expect(await latin(page)).toEqual([]);
  await page.getByRole('button', { name: 'English' }).click();
  await page.setViewportSize({ width: 1280, height: 800 });

  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export as JSON' }).click();
  const exported = readFileSync(await (await saving).path(), 'utf8');
  const { entries } = JSON.parse(exported) as { entries: { what: string; models: { sha256: string }[] }[] };
  expect(entries.map(({ what }) => what)).toEqual(['assessed', 'exported', 'printed']);
  expect(entries[0]?.models[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
  for (const word of EN.match(/[A-Za-z]{5,}/g) ?? []) expect(exported).not.toContain(word);

  await expect(rows(page)).toHaveCount(4);
  await page.getByRole('button', { name: 'Erase the log' }).click();
  await page.getByRole('group').getByRole('button', { name: 'Erase the log' }).click();
  await expect(page.getByText('The log of use was erased and is off.')).toBeFocused();
  expect(await databases(page)).toEqual([]);
});

test('what the company requires is said before anything is assessed, also where nothing can be stored', async ({
  page,
  site,
}) => {
  await visit(page, site);
  await set(page, 'locked', 'log-on');
  await expect(page.getByText(/^A log of use is kept .* Set by your company\.$/)).toBeVisible();
  await page.addInitScript(() => {
    indexedDB.open = () => {
      throw new DOMException('denied', 'SecurityError');
    };
  });
  await page.reload();
  await set(page, 'locked', 'log-on');
  await expect(page.getByText(/^The log of use could not be kept in this browser\./)).toBeVisible();
});
