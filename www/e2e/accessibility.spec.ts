/** Every state in both languages and both themes by axe-core, and narrow and enlarged pages without loss. */
import { assess, EN, expect, latin, open, overflow, selfRating, test, violations, widget, ZH } from './site';

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
      // Long enough to be looked at while it is read.
      await assess(page, text.repeat(400));
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

test('enlarged to 200 % every view fits, in both languages', async ({ page, site }) => {
  // A window of 1280 by 800 pixels has half as many CSS pixels then.
  await page.setViewportSize({ width: 640, height: 400 });
  await open(page, site);
  await assess(page, EN);
  await expect(widget.result(page)).toBeVisible();
  for (const language of ['English', '中文']) {
    await page.getByRole('button', { name: language }).click();
    for (const tab of [/^(Report|报告)$/, /^(Plan|计划)$/, /^(History|历史)$/]) {
      await page.getByRole('tab', { name: tab }).click();
      expect(await overflow(page), `${language} ${tab.source}`).toBe(0);
    }
  }
});

test('rating oneself, the result and the plan are reached by keyboard alone', async ({ page, site }) => {
  await open(page, site);
  await selfRating(page, 'on');
  await widget.input(page).focus();
  await page.keyboard.insertText(EN);
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('#rate')).toBeFocused();
  await page.keyboard.press('Tab');
  // From what is chosen at first, “cannot say”, round to the lowest level.
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('[data-rate]').first().getByRole('radio').first()).toBeChecked();
  await page.keyboard.press('Enter');
  await expect(widget.result(page)).toBeFocused();
  for (
    let i = 0;
    i < 40 && !(await page.getByRole('tab', { name: 'Report' }).evaluate((tab) => tab.matches(':focus')));
    i++
  ) {
    await page.keyboard.press('Shift+Tab');
  }
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('heading', { name: 'My development plan' })).toBeVisible();
});

test('both languages are complete', async ({ page, site }) => {
  await open(page, site);
  await assess(page, EN);
  await expect(widget.result(page)).toBeVisible();
  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh');
  expect(await latin(page)).toEqual([]);
});
