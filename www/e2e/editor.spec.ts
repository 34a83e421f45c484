/** The text area that marks its evidence in place. */
import type { Page } from '@playwright/test';
import {
  assess,
  current,
  EN,
  expect,
  marked,
  open,
  overflow,
  test,
  upToDate,
  violations,
  widget,
} from './site';

/** The sentences that are evidence with a polarity, in text order. */
async function sentences(page: Page, text: string, polarity: string): Promise<string[]> {
  const assessment = await current(page);
  const evidence = assessment?.competencies.flatMap((competency) => competency.evidence) ?? [];
  const negative = new Set(evidence.filter((each) => each.polarity === 'negative').map(({ start }) => start));
  const wanted = evidence.filter(({ start }) => negative.has(start) === (polarity === 'negative'));
  const spans = new Map(wanted.map(({ start, end }) => [start, text.slice(start, end)]));
  return [...spans].sort(([a], [b]) => a - b).map(([, sentence]) => sentence);
}

const card = (page: Page) => page.locator('sales-mirror-editor .piece');
const selection = (page: Page) =>
  widget
    .input(page)
    .evaluate((field: HTMLTextAreaElement) => field.value.slice(field.selectionStart, field.selectionEnd));

test('evidence is marked where it stands, is walked through by keyboard, and can be rewritten', async ({
  page,
  site,
}) => {
  await page.setViewportSize({ width: 320, height: 700 });
  await open(page, site);
  await assess(page, EN);
  await expect(widget.result(page)).toBeVisible();
  const input = widget.input(page);
  await input.focus();
  await expect.poll(() => marked(page, ['negative'])).toEqual(await sentences(page, EN, 'negative'));
  const positive = await sentences(page, EN, 'positive');
  expect(await marked(page, ['positive'])).toEqual(positive);
  expect(positive).not.toEqual([]);

  // The backdrop breaks its lines where the text area does: a sentence begins where the caret would be.
  const heights = await page.locator('sales-mirror-editor').evaluate((editor) => {
    const field = editor.querySelector('textarea');
    const layer = editor.shadowRoot?.querySelector('.backdrop');
    return [layer?.scrollHeight, layer?.clientWidth, field?.scrollHeight, field?.clientWidth];
  });
  expect(heights.slice(0, 2)).toEqual(heights.slice(2));

  // The number stands above the end of its sentence.
  const gaps = await page.locator('sales-mirror-editor').evaluate((editor) =>
    [...(CSS.highlights.get('sales-mirror-positive') ?? [])].map((range) => {
      const end = [...(range as Range).getClientRects()].at(-1);
      const badges = [...(editor.shadowRoot?.querySelectorAll('.badge') ?? [])];
      return Math.min(
        ...badges.map((badge) => {
          const { right, bottom } = badge.getBoundingClientRect();
          return Math.hypot(right - (end?.right ?? 0), bottom - (end?.top ?? 0));
        }),
      );
    }),
  );
  expect(Math.max(...gaps)).toBeLessThan(8);

  await input.press('ControlOrMeta+Home');
  await input.press('Alt+ArrowDown');
  await expect(card(page)).toBeVisible();
  await expect(page.locator('sales-mirror-editor [role=status]')).toHaveText(/example.*, 1 of \d+: /);
  expect(await selection(page)).toBe('');
  expect(await overflow(page)).toBe(0);
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Tab');
  await expect(card(page).getByRole('button', { name: 'Close' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(card(page)).toBeHidden();
  await expect(input).toBeFocused();

  await page.getByRole('button', { name: 'Next evidence' }).click();
  await card(page).getByRole('button', { name: 'Rewrite and compare' }).click();
  await expect(card(page)).toBeHidden();
  expect([...positive, ...(await sentences(page, EN, 'negative'))]).toContain(await selection(page));
});

test('an input method and undo work in the text area while marks change', async ({ page, site }) => {
  await open(page, site);
  await assess(page, EN);
  await expect(widget.result(page)).toBeVisible();
  const input = widget.input(page);
  const last = (await sentences(page, EN, 'positive')).at(-1) ?? '';
  await input.press('ControlOrMeta+Home');
  const client = await page.context().newCDPSession(page);
  await client.send('Input.imeSetComposition', { text: 'kehu', selectionStart: 4, selectionEnd: 4 });
  await expect(input).toHaveValue(`kehu${EN}`);
  await client.send('Input.insertText', { text: '客户。' });
  await expect(input).toHaveValue(`客户。${EN}`);
  expect(await input.evaluate((field: HTMLTextAreaElement) => field.selectionStart)).toBe(3);
  await expect.poll(() => marked(page, ['positive'])).toContain(last);
  // The live assessment of the new text has moved the marks by now.
  await expect
    .poll(async () => (await current(page))?.length.characters)
    .toBe(`客户。${EN}`.replace(/\s/g, '').length);
  await upToDate(page);
  await input.press('ControlOrMeta+z');
  await expect(input).toHaveValue(EN);
  await expect.poll(() => marked(page, ['positive'])).toContain(last);
});

test('without highlights, spans mark the same', async ({ page, site }) => {
  await page.addInitScript(() => {
    Object.defineProperty(CSS, 'highlights', { value: undefined });
  });
  await open(page, site);
  await assess(page, EN);
  await expect(widget.result(page)).toBeVisible();
  const spans = page.locator('sales-mirror-editor .text span.positive');
  const positive = await sentences(page, EN, 'positive');
  expect((await spans.allTextContents()).join('|')).toBe(positive.join('|'));
});
