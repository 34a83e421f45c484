/** Every state of the rubric editor by axe-core, in both languages and all schemes; at 320 px; hostile files; and leaving with changes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, latin, overflow, test, violations, widget } from './site';

const SHIPPED = readFileSync(join(import.meta.dirname, '../../data/rubric.json'), 'utf8');

const tab = (page: Page, en: string, zh: string) =>
  page
    .locator('sales-mirror-rubric-editor [role=tab]', { hasText: new RegExp(`^\\s*(${en}|${zh})\\s*$`) })
    .click();

const choose = (page: Page, name: string, content: string) =>
  page
    .locator('sales-mirror-rubric-editor input[type=file]')
    .first()
    .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(content) });

const SCHEMES = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  forced: { colorScheme: 'dark', forcedColors: 'active' },
} as const;

for (const [scheme, media] of Object.entries(SCHEMES)) {
  for (const language of ['en', 'zh'] as const) {
    test(`no state of the rubric editor has barriers or overflows in ${language}, ${scheme}`, async ({
      page,
      site,
    }) => {
      const found: Record<string, unknown> = {};
      const look = async (state: string) => {
        for (const width of [1280, 320]) {
          await page.setViewportSize({ width, height: 900 });
          const [barriers, beyond] = [await violations(page), await overflow(page)];
          if (barriers.length || beyond > 0) found[`${state}, ${width}`] = [barriers, beyond];
        }
        await page.setViewportSize({ width: 1280, height: 900 });
      };
      await page.emulateMedia({ ...media, reducedMotion: 'reduce' });
      await page.goto(`${site.url}rubric.html`);
      if (language === 'zh') await page.getByRole('button', { name: '中文' }).click();
      await look('words');
      await page.locator('#field-name-0-en').fill('');
      await page.locator('#field-name-0-zh').fill('');
      await page.locator('#field-definition-0-zh').fill('');
      await look('faults');
      await choose(page, 'rubric.json', '{"id": 1}');
      await expect(page.getByRole('alert').first()).not.toBeEmpty();
      await look('refused');
      await tab(page, 'What counts', '计入范围');
      await page.locator('#field-counts-email').uncheck();
      await page.locator('#field-weight-2').fill('11');
      await look('counts');
      await tab(page, 'Versions and saving', '版本与保存');
      await look('faults before saving');
      await tab(page, 'Preview', '预览');
      await expect(widget.result(page)).toBeVisible();
      await look('preview');
      await choose(page, 'rubric.json', SHIPPED.replace('Communication', 'Talking and writing'));
      await tab(page, 'Versions and saving', '版本与保存');
      await look('opened');
      await page.getByRole('button', { name: /^(Compare version 1|将第 1 版)/ }).click();
      await page.keyboard.press('Control+z');
      await page.keyboard.press('Control+y');
      await tab(page, 'Words', '措辞');
      await page.locator('#field-anchor-0-3-en').fill('Something else.');
      await tab(page, 'Versions and saving', '版本与保存');
      await page.locator('#note').fill('1');
      await page.getByRole('button', { name: /^(Save as version 2|保存为第 2 版)$/ }).click();
      await expect(page.locator('#snippet')).toHaveValue(/rubric-2\.json/);
      await look('saved');
      expect(found).toEqual({});
      if (language === 'zh') {
        const widgetWords = await latin(page);
        expect(widgetWords).toEqual([]);
      }
    });
  }
}

test('files that are none are refused with a reason, and what was typed stays', async ({ page, site }) => {
  await page.goto(`${site.url}rubric.html`);
  const name = page.locator('#field-name-0-en');
  await name.fill('Knows the machines');
  const changed = (change: (rubric: Record<string, unknown>) => void) => {
    const rubric = JSON.parse(SHIPPED) as Record<string, unknown>;
    change(rubric);
    return JSON.stringify(rubric);
  };
  for (const [content, reason] of [
    ['no JSON', 'It is no JSON file'],
    ['['.repeat(100_000), 'It is no JSON file'],
    [`${'['.repeat(100)}${']'.repeat(100)}`, 'It is no JSON file'],
    ['[]', 'no rubric'],
    [changed((rubric) => (rubric.id = '<img src=x onerror=alert(1)>')), 'another model'],
    [changed((rubric) => (rubric.competencies as unknown[]).pop()), 'not those of the model'],
    [changed((rubric) => (rubric.scale = { min: 1, max: 4, names: [] })), 'levels are not those'],
    [changed((rubric) => (rubric.counts = { email: [] })), 'What it counts'],
    [changed((rubric) => (rubric.editions = [{}])), 'earlier versions are damaged'],
    ['x'.repeat(20_000_001), 'too large'],
  ] as const) {
    await choose(page, 'hostile.json', content);
    await expect(page.getByRole('alert').first()).toContainText('hostile.json was not opened.');
    await expect(page.getByRole('alert').first()).toContainText(reason);
    await expect(name).toHaveValue('Knows the machines');
  }
});

test('the browser asks before changes are lost, and nothing is stored', async ({ page, site }) => {
  await page.goto(`${site.url}rubric.html`);
  await page.locator('#field-name-0-en').fill('Knows the machines');
  const asked = page.waitForEvent('dialog');
  void page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  const stored = await page.evaluate(async () => [
    localStorage.length,
    sessionStorage.length,
    document.cookie,
    (await indexedDB.databases()).length,
  ]);
  expect(stored).toEqual([0, 0, '', 0]);
});
