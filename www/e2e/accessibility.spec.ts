/** Every state in both languages and both themes by axe-core, and narrow and enlarged pages without loss. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { assess, EN, expect, open, test, widget, ZH } from './site';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function violations(page: Page): Promise<string[]> {
  // Evaluated, not inserted as a script: the policy would refuse that.
  await page.evaluate(axe);
  const results = await page.evaluate(() => (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
}

for (const scheme of ['light', 'dark'] as const) {
  for (const [language, text] of [
    ['en', EN],
    ['zh', ZH],
  ] as const) {
    test(`no barriers in ${language}, ${scheme}`, async ({ page, site }) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await open(page, site);
      if (language === 'zh') await page.getByRole('button', { name: '中文' }).click();
      expect(await violations(page), 'ready').toEqual([]);
      await widget.assess(page).click();
      await expect(widget.failure(page, 'empty_text')).toBeVisible();
      expect(await violations(page), 'failed').toEqual([]);
      await assess(page, text.repeat(40));
      await expect(page.getByRole('progressbar')).toBeVisible();
      expect(await violations(page), 'assessing').toEqual([]);
      await widget.cancel(page).click();
      await assess(page, text);
      await expect(widget.result(page)).toBeVisible();
      for (const summary of await page.locator('summary').all()) await summary.click();
      expect(await violations(page), 'result').toEqual([]);
    });
  }
}

test('at 320 px nothing is cut off or needs sideways scrolling', async ({ page, site }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await open(page, site);
  await assess(page, `${EN} ${'unbreakable'.repeat(20)}`);
  await expect(widget.result(page)).toBeVisible();
  for (const summary of await page.locator('summary').all()) await summary.click();
  const [inner, scroll] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
  expect(scroll).toBe(inner);
});

test('both languages are complete', async ({ page, site }) => {
  await open(page, site);
  await assess(page, EN);
  await expect(widget.result(page)).toBeVisible();
  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh');
  const words = await page.locator('sales-mirror').evaluate((element) => {
    const copy = document.createElement('div');
    copy.append(...[...(element.shadowRoot?.childNodes ?? [])].map((node) => node.cloneNode(true)));
    for (const own of copy.querySelectorAll('.document, .quote, .samples, .languages, [lang=en]')) own.remove();
    return copy.textContent;
  });
  expect(words.match(/[A-Za-z]{3,}/g)?.filter((word) => word !== 'Ctrl') ?? []).toEqual([]);
});
