/** The five things that a new user wants to do, in both languages: how many clicks each takes, and how long. */
import type { Locator } from '@playwright/test';
import { current, EN, expect, openRow, selfRating, test, upToDate, visit, widget, ZH } from './site';

/** The clicks that each task may take, and in the words of this file what each of them is. */
const CLICKS = {
  // Assess; Skip to the result, as one's own rating comes first.
  'see a first result': 2,
  // The row.
  'see why a level is what it is': 1,
  // This is not evidence.
  'object to a sentence': 1,
  // Work on this.
  'see what to do next': 1,
  // Report, to go back; Hand over as a file; the field for a name; Save file.
  'hand the result over': 4,
} as const;

type Task = keyof typeof CLICKS;

for (const [language, text] of [
  ['en', EN],
  ['zh', ZH],
] as const) {
  test(`five tasks of a new user take few clicks in ${language}`, async ({ page, site }) => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await visit(page, site);
    await selfRating(page, 'on');
    if (language === 'zh') await page.getByRole('button', { name: '中文' }).click();
    await expect(widget.ready(page)).toBeVisible();
    const figures: Record<string, { clicks: number; seconds: number }> = {};
    let clicks = 0;
    const click = async (target: Locator) => {
      clicks++;
      await target.click();
    };
    const task = async (name: Task, steps: () => Promise<void>) => {
      clicks = 0;
      const begin = Date.now();
      await steps();
      figures[name] = { clicks, seconds: (Date.now() - begin) / 1000 };
      expect(clicks, name).toBe(CLICKS[name]);
    };
    const button = (name: RegExp) => page.getByRole('button', { name });

    await widget.input(page).focus();
    await page.keyboard.insertText(text);
    await task('see a first result', async () => {
      await click(widget.assess(page));
      const skip = button(/^(Skip to the result|跳过，直接看结果)$/);
      await expect(skip, 'without a scroll').toBeInViewport({ ratio: 1 });
      await click(skip);
      await upToDate(page);
      for (const row of await page.locator('[data-competency]').all()) await expect(row).toBeInViewport();
    });
    const row = widget.competency(page, 'negotiation');
    await task('see why a level is what it is', async () => {
      clicks++;
      await openRow(page, 'negotiation');
      await expect(row.locator('.quote').first()).toBeInViewport();
    });
    await task('object to a sentence', async () => {
      await click(row.getByRole('button', { name: /^(This is not evidence|这不算依据)$/ }).first());
      await expect.poll(async () => (await current(page))?.objections.length).toBe(1);
    });
    await task('see what to do next', async () => {
      await click(row.getByRole('button', { name: /^(Work on this|着手改进这一项)$/ }));
      await expect(page.locator('[data-goal=negotiation]')).toBeInViewport();
    });
    await task('hand the result over', async () => {
      await click(page.getByRole('tab', { name: /^(Report|报告)$/ }));
      await click(page.getByText(/^(Hand over as a file|存为文件移交)$/));
      const save = button(/^(Save file|保存文件)$/);
      await expect(save, 'without a scroll').toBeInViewport({ ratio: 1 });
      await click(page.getByLabel(/^(Name or code for the file|文件上的姓名或代号)$/));
      await page.keyboard.insertText('P-7');
      const download = page.waitForEvent('download');
      await click(save);
      await download;
    });
    console.log(language, JSON.stringify(figures));
  });
}
