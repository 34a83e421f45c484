/** Every state in both languages and both themes by axe-core, and narrow and enlarged pages without loss. */
import type { Page } from '@playwright/test';
import {
  assess,
  current,
  EN,
  expect,
  latin,
  open,
  overflow,
  selfRating,
  test,
  upToDate,
  violations,
  widget,
  ZH,
} from './site';

// accessibility.long.spec.ts looks at every state in every scheme.
for (const [language, text, scheme] of [
  ['en', EN, 'light'],
  ['zh', ZH, 'dark'],
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
    for (const summary of await page.locator('summary:visible').all()) await summary.click();
    expect(await violations(page), 'result').toEqual([]);
  });
}

test('at 320 px nothing is cut off or needs sideways scrolling', async ({ page, site }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await open(page, site);
  await assess(page, `${EN} ${'unbreakable'.repeat(20)}`);
  await expect(widget.result(page)).toBeVisible();
  for (const summary of await page.locator('summary:visible').all()) await summary.click();
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

/** What a screen reader says of the focus: its role and its name. */
async function focused(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  const node = nodes.findLast(({ properties }) =>
    properties?.some(({ name, value }) => name === 'focused' && value.value === true),
  );
  return `${String(node?.role?.value)} ${String(node?.name?.value)}`;
}

/** Presses a key until the focus is where it should be. */
async function go(page: Page, wanted: RegExp, key = 'Tab'): Promise<void> {
  const passed: string[] = [];
  for (let i = 0; i < 60; i++) {
    const said = await focused(page);
    if (wanted.test(said)) return;
    passed.push(said);
    await page.keyboard.press(key);
  }
  throw new Error(`no way to ${wanted.source}, only to ${passed.join('; ')}`);
}

test('from pasting to handing over, all is done by keyboard and told to a screen reader', async ({
  page,
  site,
}) => {
  await page.addInitScript(() => {
    window.print = () => {
      document.title = 'printed';
      dispatchEvent(new Event('afterprint'));
    };
  });
  await open(page, site);
  await go(page, /^textbox Your report$/);
  await page.keyboard.insertText(EN);
  await go(page, /^button Assess$/);
  await page.keyboard.press('Enter');
  await expect.poll(() => focused(page)).toBe('heading What this text shows');
  await expect(page.getByRole('status').filter({ hasText: /^\s*Done\. / })).toBeVisible();

  // The evidence of a level, from its row and then in the text.
  await go(page, /^button 5 Negotiation and closing [1-5]\.\d [a-z]+ Level [1-5]\.\d of 5, .* for it/);
  await page.keyboard.press('Enter');
  await go(page, /^button .*I offered 5%/);
  await page.keyboard.press('Enter');
  await expect.poll(() => focused(page)).toBe('textbox Your report');
  const told = page.locator('sales-mirror-editor [role=status]');
  await expect(told).toHaveText(/^Negotiation and closing, good example, 1 of 1: I offered 5%/);
  await go(page, /^button This is not evidence of Negotiation/);
  await page.keyboard.press('Enter');
  await expect
    .poll(async () => (await current(page))?.objections)
    .toMatchObject([{ competency: 'negotiation' }]);

  // With the row closed, all evidence is walked through again.
  await go(page, /^button 5 Negotiation/);
  await page.keyboard.press('Enter');
  await go(page, /^textbox Your report$/, 'Shift+Tab');
  await page.keyboard.press('Alt+ArrowDown');
  await go(page, /^button Rewrite and compare$/);
  await page.keyboard.press('Enter');
  await page.keyboard.insertText('I asked him what he needs, and wrote it down.');
  await upToDate(page);

  await go(page, /^button Print$/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveTitle('printed');
  // Paper is narrow and long; nothing of the result and its text is cut off.
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: 794, height: 1123 });
  await expect(page.locator('sales-mirror-marked-text')).toBeVisible();
  expect(await page.locator('.panel').evaluate((panel) => panel.scrollHeight - panel.clientHeight)).toBe(0);
  await page.emulateMedia({ media: null });
  await page.setViewportSize({ width: 1280, height: 800 });
  await go(page, /^DisclosureTriangle Hand over as a file$/);
  await page.keyboard.press('Enter');
  await go(page, /^textbox Name or code for the file$/);
  await page.keyboard.insertText('P-7');
  await go(page, /^button Save file$/);
  const download = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  expect((await download).suggestedFilename()).toMatch(/^assessment.*\.json$/);
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
