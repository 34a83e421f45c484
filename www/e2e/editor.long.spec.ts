/** What the marks cost while a person types in a text of 200 kB. */
import type { Browser, Locator, Page } from '@playwright/test';
import { assess, EN, expect, longestTasks, open, test, widget } from './site';

// Its snapshots of the page would be counted as the page's work.
test.use({ trace: 'off' });

/** The longest tasks while a sentence is typed at the beginning, in the middle and at the end, in milliseconds. */
async function typing(browser: Browser, page: Page, input: Locator): Promise<number[]> {
  await input.focus();
  await page.waitForTimeout(3_000);
  return longestTasks(browser, page, async () => {
    for (const place of [0, 0.5, 1]) {
      await input.evaluate((field: HTMLTextAreaElement, place) => {
        const caret = Math.round(place * field.value.length);
        field.setSelectionRange(caret, caret);
      }, place);
      await page.keyboard.type('He signed.', { delay: 100 });
    }
    await page.waitForTimeout(500);
  });
}

/** Puts a text area without marks in the place of the page. It has the same size and font, so that its lines wrap alike. */
async function bare(page: Page, input: Locator): Promise<Locator> {
  await input.evaluate((field: HTMLTextAreaElement) => {
    const { width, height, font, lineHeight, padding, border, boxSizing } = getComputedStyle(field);
    const plain = document.createElement('textarea');
    Object.assign(plain.style, { width, height, font, lineHeight, padding, border, boxSizing });
    plain.value = field.value;
    document.body.replaceChildren(plain);
  });
  return page.getByRole('textbox');
}

const rounded = (tasks: readonly number[]) => tasks.map((ms) => ms.toFixed(0)).join(', ');

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
    const text = Array.from({ length: Math.ceil(200_000 / EN.length) }, (_, i) => `Visit ${i}. ${EN}`)
      .join(separator)
      .slice(0, 200_000);
    await assess(page, text);
    await expect(widget.result(page)).toBeVisible({ timeout: 600_000 });
    const tasks = await typing(browser, page, widget.input(page));
    const plain = await typing(browser, page, await bare(page, widget.input(page)));
    console.log(`${kind}: longest tasks ${rounded(tasks)} ms; without marks ${rounded(plain)} ms`);
    // The browser alone takes some 50 ms to lay out so long a paragraph anew. There, what the marks add is held to that.
    const own = kind === 'paragraphs' ? 0 : Math.max(...plain);
    expect(Math.max(...tasks) - own).toBeLessThanOrEqual(50);
  });
}
