/** What a person sees of a result: charts with their tables, why, what is next, own rating and roles beside it. */
import { assess, EN, expect, latin, open, overflow, selfRating, test, violations, widget, ZH } from './site';

test('charts have tables, levels say how sure they are and what is next', async ({ page, site }) => {
  await open(page, site);
  await assess(page, EN);
  await expect(widget.result(page)).toBeVisible();
  const radar = page.getByRole('img', { name: /^Radar chart of the levels: / });
  await expect(radar).toHaveAttribute('aria-label', /Negotiation and closing \d\.\d/);
  // Open from the start where there is room.
  const table = page.getByRole('region', { name: 'All competencies at a glance' });
  const row = table.getByRole('row', { name: /Negotiation and closing/ });
  const level = (await row.getByRole('cell').first().textContent()) ?? '';
  const negotiation = widget.competency(page, 'negotiation');
  await expect(negotiation.locator('strong').first()).toContainText(`${level} of 5`);
  await expect(negotiation).toContainText(/Fairly sure|Approximate|Unsure/);
  await expect(negotiation).toContainText(/The next level|the highest level/);
  await expect(widget.competency(page, 'collaboration')).toContainText(/counts? against it/);
  // By how much each sentence counts is the model's word: it was read again without it.
  await negotiation.locator('summary').click();
  await expect(negotiation).toContainText(
    /without this sentence (the level would be \d\.\d|the competency would not be shown)/,
  );
});

test('evidence can be marked for one competency alone, and is told by number and sign', async ({
  page,
  site,
}) => {
  await open(page, site);
  await assess(page, EN);
  await expect(widget.result(page)).toBeVisible();
  const marks = page.locator('mark');
  const all = await marks.count();
  const badges = await marks.evaluateAll((list) => list.map((mark) => mark.getAttribute('data-badge') ?? ''));
  for (const badge of badges) expect(badge).toMatch(/^\d[＋－]( \d[＋－])*$/);
  expect(new Set(badges.map((badge) => badge.slice(-1))).size).toBe(2);
  const filter = page.getByRole('group', { name: 'Highlight evidence for' });
  await filter.getByRole('button', { name: 'Negotiation and closing' }).click();
  expect(await marks.count()).toBeLessThan(all);
  await filter.getByRole('button', { name: 'All' }).click();
  await expect(marks).toHaveCount(all);
});

for (const [language, text, show, same] of [
  ['en', EN, 'Show result', /within the range that this text shows|away from what this text shows/],
  ['zh', ZH, '查看结果', /在这段文字体现的范围之内|与这段文字相差/],
] as const) {
  test(`one's own rating comes first and is set beside the result, in ${language}`, async ({
    page,
    site,
  }) => {
    await open(page, site);
    if (language === 'zh') await page.getByRole('button', { name: '中文' }).click();
    await selfRating(page, 'on');
    await assess(page, text);
    const heading = page.locator('#rate');
    await expect(heading).toBeFocused();
    await expect(widget.result(page)).toBeHidden();
    expect(await violations(page), 'rating').toEqual([]);
    // By keyboard: an arrow chooses in a group of radio buttons.
    const negotiation = page.locator('[data-rate=negotiation]');
    await negotiation.getByRole('radio', { name: '4' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect(negotiation.getByRole('radio', { name: '5' })).toBeChecked();
    await page.getByRole('button', { name: show }).click();
    await expect(widget.result(page)).toBeFocused();
    await expect(widget.competency(page, 'negotiation')).toContainText(same);
    expect(await violations(page), 'beside').toEqual([]);
    if (language === 'zh') expect(await latin(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await overflow(page)).toBe(0);
    // Once is enough: the next text is shown at once.
    await assess(page, `${text}${text}`);
    await expect(page.locator('.document')).toContainText(/(stopped|停线).*(stopped|停线)/s);
    await expect(heading).toBeHidden();
  });
}

test('a role is compared with intervals, and nothing is passed or failed', async ({ page, site }) => {
  await open(page, site);
  await assess(page, EN);
  await expect(widget.result(page)).toBeVisible();
  await page.getByLabel('Compare with a role').selectOption({ label: 'Key account manager' });
  await expect(widget.competency(page, 'negotiation')).toContainText('Key account manager asks for level 4:');
  const fits = await page
    .locator('[data-fit]')
    .evaluateAll((list) => list.map((entry) => entry.getAttribute('data-fit')));
  expect(fits).toHaveLength(7);
  for (const fit of fits) expect(['above', 'within', 'below', 'unknown']).toContain(fit);
  await expect(page.getByText('not a pass mark')).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test('nothing moves when a result arrives', async ({ page, site }) => {
  await page.addInitScript(() => {
    let shifts = 0;
    const add = (entries: PerformanceEntryList) => {
      for (const entry of entries) shifts += (entry as PerformanceEntry & { value: number }).value;
    };
    const observer = new PerformanceObserver((list) => {
      add(list.getEntries());
    });
    observer.observe({ type: 'layout-shift', buffered: true });
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    // Sums up the shifts of everything that is laid out by now.
    const shifted = async () => {
      await frame();
      await frame();
      add(observer.takeRecords());
      return shifts;
    };
    Object.assign(window, { shifted });
  });
  const shifted = () => page.evaluate(() => (window as unknown as { shifted(): Promise<number> }).shifted());
  await open(page, site);
  await page.getByRole('button', { name: 'Visit note' }).click();
  const before = await shifted();
  await widget.assess(page).click();
  await expect(widget.result(page)).toBeVisible();
  // The text comes last, a frame after the overview.
  await expect(page.locator('.document')).toBeVisible();
  const after = await shifted();
  console.log(
    `layout shift: ${before.toFixed(4)} while loading, ${(after - before).toFixed(4)} by the result`,
  );
  expect(after - before).toBeLessThan(0.01);
  expect(before).toBeLessThan(0.1);
});
