/** What the marks cost while a person types in a text of 200 kB. */
import { assess, EN, expect, longestTasks, open, test, widget } from './site';

// Its snapshots of the page would be counted as the page's work.
test.use({ trace: 'off' });

for (const [kind, separator] of [
  ['paragraphs', '\n\n'],
  ['a single paragraph', ' '],
] as const) {
  test(`typing in 200 kB of ${kind} blocks the page for no longer than 50 ms`, async ({
    page,
    browser,
    site,
  }) => {
    await open(page, site);
    await page.getByRole('button', { name: 'Pause live assessment' }).click();
    const text = Array.from({ length: Math.ceil(200_000 / EN.length) }, (_, i) => `Visit ${i}. ${EN}`).join(
      separator,
    );
    await assess(page, text);
    await expect(widget.result(page)).toBeVisible({ timeout: 600_000 });
    const input = widget.input(page);
    await input.focus();
    await page.waitForTimeout(3_000);
    const tasks = await longestTasks(browser, page, async () => {
      for (const place of [0, 0.5, 1]) {
        await input.evaluate((field: HTMLTextAreaElement, place) => {
          const caret = Math.round(place * field.value.length);
          field.setSelectionRange(caret, caret);
        }, place);
        await page.keyboard.type('He signed.', { delay: 100 });
      }
      await page.waitForTimeout(500);
    });
    console.log(`${kind}: longest tasks ${tasks.map((ms) => ms.toFixed(0)).join(', ')} ms`);
    expect(Math.max(...tasks)).toBeLessThanOrEqual(50);
  });
}
