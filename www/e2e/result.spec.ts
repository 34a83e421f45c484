/** What a person sees of a result: charts with their tables, why, what is next, own rating and roles beside it. */
import {
  assess,
  current,
  EN,
  expect,
  latin,
  marked,
  open,
  openRow,
  overflow,
  selfRating,
  test,
  upToDate,
  violations,
  widget,
  ZH,
} from './site';

test('after Assess, all levels and the marked text are seen together at 1280 x 800', async ({
  page,
  site,
}) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await open(page, site);
  await page.getByRole('button', { name: 'Visit note' }).click();
  await widget.assess(page).click();
  await upToDate(page);
  expect(await page.evaluate(() => scrollY)).toBe(0);
  for (const row of await page.locator('[data-competency] .bar').all())
    await expect(row).toBeInViewport({ ratio: 1 });
  await expect(widget.input(page)).toBeInViewport({ ratio: 1 });
  await expect(widget.assess(page)).toBeInViewport({ ratio: 1 });
  await expect.poll(() => marked(page)).not.toEqual([]);
});

test('charts have tables, levels say how sure they are and what is next', async ({ page, site }) => {
  await open(page, site);
  await assess(page, EN);
  await upToDate(page);
  const negotiation = await openRow(page, 'negotiation');
  const level = (await negotiation.locator('.number-of-level').textContent()) ?? '';
  await expect(negotiation.locator('strong').first()).toContainText(`${level} of 5`);
  await expect(negotiation).toContainText(/Fairly sure|Approximate|Unsure/);
  await expect(negotiation).toContainText(/The next level|the highest level/);
  // By how much each sentence counts is the model's word: it was read again without it.
  await expect(negotiation).toContainText(
    /without this sentence (the level would be \d\.\d|the competency would not be shown)/,
  );
  await expect(await openRow(page, 'collaboration')).toContainText(/counts? against it/);
  await expect(negotiation.locator('.details')).toBeHidden();
  await page.getByRole('button', { name: 'Chart' }).click();
  const radar = page.getByRole('img', { name: /^Radar chart of the levels: / });
  await expect(radar).toHaveAttribute('aria-label', new RegExp(`Negotiation and closing ${level}`));
  await page.getByRole('button', { name: 'Table' }).click();
  const table = page.getByRole('region', { name: 'All competencies at a glance' });
  const row = table.getByRole('row', { name: /Negotiation and closing/ });
  await expect(row.getByRole('cell').first()).toHaveText(level);
  expect(await violations(page)).toEqual([]);
});

test('an open row marks its evidence alone', async ({ page, site }) => {
  await open(page, site);
  await assess(page, EN);
  await upToDate(page);
  await expect.poll(async () => (await marked(page)).length).toBeGreaterThan(2);
  const all = await marked(page);
  const negotiation = await openRow(page, 'negotiation');
  const own = await negotiation.locator('.quote').count();
  await expect.poll(async () => (await marked(page)).length).toBe(own);
  expect(own).toBeLessThan(all.length);
  await openRow(page, 'negotiation');
  await expect.poll(() => marked(page)).toEqual(all);

  // Where its evidence is out of sight, the text moves there, and the caret stays.
  const field = widget.input(page);
  await field.fill(`${EN}\n\n${'The weather was fine. '.repeat(200)}`);
  await upToDate(page);
  await field.press('Control+End');
  const caret = await field.evaluate((node: HTMLTextAreaElement) => node.selectionStart);
  await expect.poll(() => field.evaluate((node) => node.scrollTop)).toBeGreaterThan(500);
  await openRow(page, 'negotiation');
  await expect.poll(() => field.evaluate((node) => node.scrollTop)).toBeLessThan(100);
  expect(await field.evaluate((node: HTMLTextAreaElement) => node.selectionStart)).toBe(caret);
});

test('a sentence that the person does not accept is taken out, and the level is computed anew', async ({
  page,
  site,
}) => {
  await open(page, site);
  await assess(page, EN);
  await upToDate(page);
  const negotiation = await openRow(page, 'negotiation');
  const level = negotiation.locator('.number-of-level');
  const before = await level.textContent();
  const told = (await negotiation.locator('.evidence li').first().textContent()) ?? '';
  const without = /would be (\d\.\d)/.exec(told)?.[1];
  await negotiation.getByRole('button', { name: 'This is not evidence' }).first().click();
  await expect(negotiation).toContainText('You took one sentence out');
  if (without) await expect(level).toHaveText(without);
  else await expect(negotiation).toContainText('Not shown in this text');
  expect((await current(page))?.objections).toMatchObject([{ competency: 'negotiation' }]);
  await negotiation.getByRole('button', { name: 'Count it again' }).click();
  await expect(level).toHaveText(before ?? '');
});

test('levels before a rewriting stay beside those after it', async ({ page, site }) => {
  await open(page, site);
  await assess(page, EN);
  await upToDate(page);
  await widget.input(page).press('ControlOrMeta+End');
  await widget
    .input(page)
    .pressSequentially(' On Friday I apologised to presales and we wrote a hand-over list together.');
  await expect(page.getByText('A hollow dot is the level before you rewrote the text.')).toBeVisible();
  await expect(page.locator('.bar .before').first()).toBeVisible();
  await page.getByRole('button', { name: 'Compare from here on' }).click();
  await expect(page.locator('.bar .before')).toHaveCount(0);
});

test('a sample shows a finished result at once, and the plan opens from a competency', async ({
  page,
  site,
}) => {
  await page.goto(site.url);
  await page.getByRole('button', { name: 'Show me an example' }).click();
  await upToDate(page);
  const growth = await openRow(page, 'growth');
  await growth.getByRole('button', { name: 'Work on this' }).click();
  await expect(page.locator('[data-goal=growth]')).toBeVisible();
  await expect(page.locator('[data-goal=growth] h3')).toBeFocused();
});

test('where there is little room, the levels are in a sheet from below', async ({ page, site }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await open(page, site);
  await assess(page, EN);
  await upToDate(page);
  const sheet = page.getByRole('button', { name: 'What it shows' });
  await expect(sheet).toHaveAttribute('aria-expanded', 'true');
  await sheet.click();
  await expect(widget.result(page)).toBeHidden();
  await expect(sheet).toBeInViewport({ ratio: 1 });
  expect(await overflow(page)).toBe(0);
  expect(await violations(page)).toEqual([]);
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
    await expect(await openRow(page, 'negotiation')).toContainText(same);
    expect(await violations(page), 'beside').toEqual([]);
    if (language === 'zh') expect(await latin(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await overflow(page)).toBe(0);
    // Once is enough: the next text is shown at once.
    await assess(page, `${text}${text}`);
    await upToDate(page);
    await expect(heading).toBeHidden();
  });
}

test('a role is compared with intervals, and nothing is passed or failed', async ({ page, site }) => {
  await open(page, site);
  await assess(page, EN);
  await expect(widget.result(page)).toBeVisible();
  await page.getByLabel('Compare with a role').selectOption({ label: 'Key account manager' });
  const negotiation = await openRow(page, 'negotiation');
  await expect(negotiation).toContainText('Key account manager asks for level 4:');
  await expect(negotiation.locator('[data-fit]')).toHaveAttribute('data-fit', /above|within|below/);
  await expect(page.locator('.bar .target')).toHaveCount(7);
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
  await expect.poll(() => marked(page)).not.toEqual([]);
  const after = await shifted();
  console.log(
    `layout shift: ${before.toFixed(4)} while loading, ${(after - before).toFixed(4)} by the result`,
  );
  expect(after - before).toBeLessThan(0.01);
  expect(before).toBeLessThan(0.1);
});
