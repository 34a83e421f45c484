/** Every state in both languages and both themes by axe-core, and narrow and enlarged pages without loss. */
import { assess, EN, expect, latin, open, overflow, test, violations, widget, ZH } from './site';

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
  expect(await overflow(page)).toBe(0);
});

test('both languages are complete', async ({ page, site }) => {
  await open(page, site);
  await assess(page, EN);
  await expect(widget.result(page)).toBeVisible();
  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh');
  expect(await latin(page)).toEqual([]);
});
