/** Makes the pictures of docs/screenshots: npm run screenshots. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { TEXTS } from '../src/samples/texts';
import {
  assess,
  EN,
  expect,
  MODEL,
  open,
  openRow,
  set,
  selfRating,
  test,
  upToDate,
  visit,
  widget,
  ZH,
  type Site,
} from './site';

const picture = (name: string) => join(import.meta.dirname, `../../docs/screenshots/${name}.png`);
const SAMPLES = { en: 'Visit note', zh: '周报' };
const sample = (language: 'en' | 'zh') => TEXTS[SAMPLES[language]] ?? '';
const tab = (page: Page, name: RegExp) => page.getByRole('tab', { name }).click();

/** The page with a result, in a language, a theme and a width. */
async function result(
  page: Page,
  site: Site,
  language: 'en' | 'zh',
  scheme: 'light' | 'dark',
  width: number,
): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  await page.setViewportSize({ width, height: 900 });
  await open(page, site);
  if (language === 'zh') await page.getByRole('button', { name: '中文' }).click();
  await selfRating(page, 'on');
  await assess(page, sample(language));
  for (const [id, level] of Object.entries({ negotiation: 3, planning: 4, collaboration: 4 })) {
    await page
      .locator(`[data-rate=${id}]`)
      .getByRole('radio', { name: String(level) })
      .check();
  }
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.evaluate(() => {
    scrollTo(0, 0);
  });
  await page.screenshot({ path: picture(name), fullPage: true });
}

for (const [name, language, scheme, width] of [
  ['result-en-light', 'en', 'light', 1280],
  ['result-zh-dark', 'zh', 'dark', 1280],
  ['result-narrow', 'zh', 'light', 320],
] as const) {
  test(name, async ({ page, site }) => {
    await result(page, site, language, scheme, width);
    if (width > 1000) await shoot(page, name.replace('result', 'self-rating'));
    await page.getByRole('button', { name: /^(Show result|查看结果)$/ }).click();
    await expect(widget.result(page)).toBeVisible();
    await openRow(page, 'negotiation');
    await shoot(page, name);
    await tab(page, /^(Plan|计划)$/);
    await expect(page.locator('[data-goal]')).toHaveCount(2);
    await shoot(page, name.replace('result', 'plan'));
  });
}

test('history', async ({ page, site }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await open(page, site);
  await tab(page, /^History$/);
  await page.getByRole('checkbox', { name: /^Keep my/ }).check();
  await shoot(page, 'history-off');
  await page.getByRole('button', { name: 'Turn the history on' }).click();
  await expect(page.getByText('The history is on.')).toBeVisible();
  for (const text of [EN, sample('en'), ZH, sample('zh')]) {
    await tab(page, /^Report$/);
    await assess(page, text);
    await upToDate(page);
  }
  await tab(page, /^History$/);
  await expect(page.getByRole('region', { name: 'All texts' }).getByRole('row')).toHaveCount(5);
  await shoot(page, 'history');
});

for (const [name, language, scheme, width] of [
  ['team-en-light', 'en', 'light', 1280],
  ['team-zh-dark', 'zh', 'dark', 1280],
  ['team-narrow', 'en', 'light', 320],
] as const) {
  test(name, async ({ page, site }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width: 1280, height: 900 });
    await open(page, site);
    const files: { name: string; mimeType: string; buffer: Buffer }[] = [];
    const texts = Object.values(TEXTS);
    for (const [person, text] of [
      ['Ada', EN],
      ['小林', ZH],
      ['Ben', texts[1]],
      ['Chen', texts[2]],
      ['Dora', texts[0]],
      ['老周', texts[3]],
    ] as const) {
      await assess(page, text ?? '');
      await upToDate(page);
      const details = page.locator('sales-mirror-hand-over details').first();
      if (!(await details.evaluate((element: HTMLDetailsElement) => element.open)))
        await details.locator('summary').first().click();
      await page.getByLabel('Name or code for the file').fill(person);
      const waiting = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Save file' }).click();
      files.push({
        name: `${person}.json`,
        mimeType: 'application/json',
        buffer: readFileSync(await (await waiting).path()),
      });
    }
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${site.url}?mode=team`);
    await expect(widget.ready(page)).toBeVisible();
    await set(page, 'team-minimum', '1');
    if (language === 'zh') await page.getByRole('button', { name: '中文' }).click();
    await page.locator('sales-mirror-team #files').setInputFiles(files);
    await page.getByLabel(/^(Compare with a role|对照岗位)$/).selectOption({ index: 2 });
    await expect(page.getByRole('rowheader', { name: 'Ada' })).toBeVisible();
    await shoot(page, name);
  });
}

test('candidate', async ({ page, site }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await open(page, site, '?mode=candidate');
  await assess(page, TEXTS['Interview answer'] ?? '');
  await expect(widget.result(page)).toBeVisible();
  await page.getByLabel('Compare with a role').selectOption({ label: 'Sales team lead' });
  await shoot(page, 'candidate');
});

test('loading', async ({ page, site }) => {
  site.fault = (request, response) => {
    if (!request.url?.endsWith('.gguf')) return false;
    response.writeHead(200, { 'Content-Length': MODEL.length });
    response.write(MODEL.subarray(0, 6_400_000));
    return true;
  };
  await visit(page, site);
  await expect(page.getByText(/^Model: 6\.4 of/)).toBeVisible();
  await shoot(page, 'loading');
});

test('error', async ({ page, site }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  site.fault = (request, response) => {
    if (!request.url?.endsWith('.gguf')) return false;
    response.end(MODEL.subarray(0, 1000));
    return true;
  };
  await visit(page, site);
  await widget.input(page).fill(EN);
  await expect(widget.failure(page, 'incomplete')).toBeVisible();
  await shoot(page, 'error');
});

for (const [name, view] of [
  ['print-result', /^Report$/],
  ['print-plan', /^Plan$/],
] as const) {
  test(name, async ({ page, site }) => {
    await result(page, site, 'en', 'light', 1280);
    await page.getByRole('button', { name: 'Show result' }).click();
    await expect(widget.result(page)).toBeVisible();
    await tab(page, view);
    await page.pdf({
      path: test.info().outputPath(`${name}.pdf`),
      format: 'A4',
      margin: { top: '1.5cm', bottom: '1.5cm', left: '1.5cm', right: '1.5cm' },
    });
  });
}
