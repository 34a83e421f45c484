/** Texts that are no account of the writer's own work with customers, whole or in part: refused calmly, and nothing is lost. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import {
  ADVERT,
  assess,
  current,
  EN,
  expect,
  latin,
  marked,
  open,
  overflow,
  selfRating,
  type Site,
  test,
  violations,
  widget,
  ZH,
} from './site';

const ARTICLE = {
  en:
    'Five ways to close more deals\n\n' +
    'Great salespeople listen more than they talk. Ask open questions before you mention a price, and write down what the customer says in their own words. ' +
    'Never give a discount without asking for something in return: a longer contract, a bigger order or a reference. ' +
    'Always agree on the next step before you leave the room. ' +
    'Finally, review your lost deals once a month. Teams that do so close up to 20% more, according to a study of 300 companies. ' +
    'Which of these tips will you try first? Subscribe to our newsletter for more.',
  zh:
    '成交高手的五个习惯\n\n' +
    '优秀的销售听得多、说得少。报价之前先问开放式问题，把客户的原话记下来。' +
    '不要白白让价：每让一步，都要换回更长的合同、更大的订单或一次转介绍。' +
    '离开会议室之前，一定要约定下一步。' +
    '最后，每个月复盘一次丢掉的单子。一项对三百家企业的调查显示，坚持这样做的团队成交率提高两成。' +
    '你打算先试哪一条？欢迎关注我们的公众号，获取更多干货。',
};

const ACCOUNT = { en: EN, zh: ZH };

/** Levels by competency, of those that are shown. */
const levels = async (page: Page) =>
  new Map(
    (await current(page))?.competencies.flatMap(({ id, level }) =>
      level === null ? [] : [[id, level] as const],
    ),
  );

async function start(page: Page, site: Site, language: 'en' | 'zh'): Promise<void> {
  await open(page, site);
  if (language === 'zh') await page.getByRole('button', { name: '中文' }).click();
}

for (const [language, scheme] of [
  ['en', 'light'],
  ['zh', 'dark'],
] as const) {
  test(`an article about selling gets an explanation and no levels, and an edit brings levels, in ${language}`, async ({
    page,
    site,
  }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await start(page, site, language);
    const before = site.requests.length;
    await assess(page, ARTICLE[language]);
    await expect(widget.refusal(page)).toBeFocused();
    await expect(
      page.getByRole('status').filter({ hasText: /no levels are given|不给出等级/ }),
    ).toBeVisible();
    await expect(
      page.getByText(
        /^(This does not read as an account of your own work with customers|这段文字看起来不是在讲你自己)/,
      ),
    ).toBeVisible();
    await expect(
      page.getByRole('heading', { name: /^(Texts that can be assessed|可以评估的文字)$/ }),
    ).toBeVisible();
    await expect(widget.result(page)).toBeHidden();
    for (const gone of ['[data-competency]', '.radar', 'sales-mirror-role-select', 'mark'])
      await expect(page.locator(gone)).toHaveCount(0);
    expect(await current(page)).toMatchObject({
      schema: 4,
      account: { accepted: false },
      overall: null,
      left_out: [],
    });
    expect(await levels(page)).toEqual(new Map());
    for (const summary of await page.locator('sales-mirror-refusal summary').all()) await summary.click();
    expect(await violations(page)).toEqual([]);
    if (language === 'zh') expect(await latin(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await overflow(page)).toBe(0);
    await page.setViewportSize({ width: 1280, height: 800 });

    await page.getByRole('tab', { name: /^(Plan|计划)$/ }).click();
    await expect(page.getByText(/^(There is nothing to plan yet|还没有可以计划的内容)/)).toBeVisible();
    await page.getByRole('tab', { name: /^(Report|报告)$/ }).click();

    // The writer knows better than the gate.
    const claim = page.getByRole('checkbox', { name: /^(This is about my own work|这讲的就是我自己)/ });
    await claim.check();
    await expect(widget.refusal(page)).toBeHidden();
    await expect(page.getByText(/because someone said that it is one|因为有人说明它是/)).toBeVisible();
    expect(await current(page)).toMatchObject({ account: { accepted: true } });
    await expect(claim).toBeFocused();
    await claim.uncheck();
    await expect(widget.refusal(page)).toBeVisible();

    await page.getByRole('button', { name: /^(Edit the text|修改文字)$/ }).click();
    await expect(widget.input(page)).toBeFocused();
    await expect(widget.input(page)).toHaveValue(ARTICLE[language]);
    await assess(page, ACCOUNT[language]);
    await expect(widget.result(page)).toBeFocused();
    await expect(widget.refusal(page)).toBeHidden();
    expect((await levels(page)).size).toBeGreaterThan(0);
    expect(site.requests.slice(before)).toEqual([]);
  });

  test(`a job advert that was pasted into a report is greyed and labelled, and is no evidence, in ${language}`, async ({
    page,
    site,
  }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await start(page, site, language);
    await assess(page, ACCOUNT[language]);
    await expect(widget.result(page)).toBeVisible();
    const alone = await levels(page);
    const mixed = `${ACCOUNT[language]}\n\n${ADVERT[language]}`;
    await assess(page, mixed);
    const part = widget.greyed(page);
    await expect(part.first()).toBeVisible();
    await expect(
      page.getByText(/(did not count, because|没有计入，因为)/).and(page.getByRole('listitem')),
    ).toBeVisible();

    // What is greyed is the advert, and nothing of the report.
    const assessment = await current(page);
    const left = (assessment?.left_out ?? []).map(({ start, end }) => mixed.slice(start, end));
    expect(left.length).toBeGreaterThan(0);
    for (const text of left) expect(ADVERT[language]).toContain(text.trim());
    expect(left.join('').length).toBeGreaterThan(ADVERT[language].length / 2);
    await expect(part).toHaveCount(left.length);
    const greyed = await marked(page, ['left-out']);
    expect(greyed.join('').replace(/\s/g, '')).toBe(left.join('').replace(/\s/g, ''));
    // Not by colour alone, and without colours too.
    await expect(part.first()).toHaveText(language === 'zh' ? '非亲身经历' : 'not an account');
    await page.emulateMedia({ forcedColors: 'active' });
    await expect(part.first()).toBeVisible();
    await page.emulateMedia({ forcedColors: 'none' });
    expect(await violations(page)).toEqual([]);
    if (language === 'zh') expect(await latin(page)).toEqual([]);

    // The advert is context for the encoder, so levels move, but nothing in it is evidence.
    const beside = await levels(page);
    for (const [id, level] of alone) expect(Math.abs((beside.get(id) ?? level) - level), id).toBeLessThan(1);
    for (const { evidence } of (await current(page))?.competencies ?? [])
      for (const { start } of evidence) expect(start).toBeLessThan(ACCOUNT[language].length);

    await page.setViewportSize({ width: 320, height: 640 });
    expect(await overflow(page)).toBe(0);
    await assess(page, ACCOUNT[language]);
    await expect(part).toHaveCount(0);
    expect(await levels(page)).toEqual(alone);
  });
}

test('while a person types, a text is refused quietly, and the focus stays', async ({ page, site }) => {
  await open(page, site);
  await widget.input(page).fill(ARTICLE.en);
  await expect(widget.refusal(page)).toBeVisible();
  await expect(widget.input(page)).toBeFocused();
  await expect(page.getByRole('alert').filter({ hasText: /\S/ })).toHaveCount(0);
  await widget.input(page).fill(EN);
  await expect(widget.result(page)).toBeVisible();
  await expect(widget.input(page)).toBeFocused();
});

test('the question for a self-rating waits for a text with levels', async ({ page, site }) => {
  await open(page, site);
  await selfRating(page, 'on');
  await assess(page, ARTICLE.en);
  await expect(widget.refusal(page)).toBeFocused();
  await expect(page.locator('#rate')).toHaveCount(0);
  await assess(page, EN);
  await expect(page.locator('#rate')).toBeFocused();
});

test('of several reports, one that is refused is listed as such, and edited without losing the others', async ({
  page,
  site,
}) => {
  await open(page, site);
  await page.locator('#files').setInputFiles(
    [
      { name: 'article.txt', text: ARTICLE.en },
      { name: 'visit.txt', text: EN },
    ].map(({ name, text }) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })),
  );
  await page.getByRole('button', { name: 'Assess 2 reports' }).click();
  // The one with levels is shown first.
  await expect(widget.result(page)).toBeVisible();
  const article = page
    .getByRole('list', { name: 'All reports' })
    .getByRole('button', { name: /article\.txt/ });
  await expect(article).toContainText('no levels');
  await article.click();
  await expect(widget.refusal(page)).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Edit the text' }).click();
  await expect(widget.input(page)).toHaveValue(ARTICLE.en);
  await expect(page.getByRole('button', { name: 'Remove visit.txt' })).toBeVisible();
});

/** Makes entries of the history look as schema 2 wrote them. */
const age = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<void>((done) => {
        const request = indexedDB.open('salesmirror');
        request.onsuccess = () => {
          const database = request.result;
          const store = database.transaction('entries', 'readwrite').objectStore('entries');
          const all = store.getAll() as IDBRequest<{ content: { assessment: Record<string, unknown> } }[]>;
          all.onsuccess = () => {
            for (const row of all.result) {
              const { account, left_out, ...rest } = row.content.assessment;
              if ((account as { accepted: boolean }).accepted && Array.isArray(left_out))
                store.put({ ...row, content: { ...row.content, assessment: { ...rest, schema: 2 } } });
            }
          };
          store.transaction.oncomplete = () => {
            database.close();
            done();
          };
        };
      }),
  );

test('the history keeps a text that was refused, and reads entries from before texts could be refused', async ({
  page,
  site,
}) => {
  await open(page, site);
  const tab = (name: string) => page.getByRole('tab', { name }).click();
  await tab('History');
  await page.getByRole('checkbox', { name: /^Keep my assessments/ }).check();
  await page.getByRole('button', { name: 'Turn the history on' }).click();
  await expect(page.getByText('The history is on.')).toBeVisible();
  await tab('Report');
  await assess(page, EN);
  await expect(widget.result(page)).toBeFocused();
  await assess(page, ARTICLE.en);
  await expect(widget.refusal(page)).toBeFocused();
  await tab('History');
  const rows = page.getByRole('region', { name: 'All texts' }).getByRole('row');
  await expect(rows).toHaveCount(3);
  await age(page);
  await page.reload();
  await expect(widget.ready(page)).toBeVisible();
  await tab('History');
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(1)).toContainText('Not an account of own work, so no levels');
  await expect(page.locator('[data-trend=negotiation]').getByRole('img')).toHaveAttribute(
    'aria-label',
    /in one text$/,
  );
  expect(await violations(page)).toEqual([]);
  await rows.nth(2).getByRole('button', { name: /^Show/ }).click();
  await expect(widget.result(page)).toBeVisible();
  await tab('History');
  await rows.nth(1).getByRole('button', { name: /^Show/ }).click();
  await expect(widget.refusal(page)).toBeVisible();
  await page.getByRole('button', { name: 'Edit the text' }).click();
  await expect(widget.input(page)).toHaveValue(ARTICLE.en);
});

test('a text that was refused is handed over as such, and counts nowhere in the team', async ({
  page,
  site,
}) => {
  await open(page, site);
  await assess(page, ARTICLE.en);
  await expect(widget.refusal(page)).toBeVisible();
  await page.getByText('Hand over as a file').click();
  await page.getByLabel('Name or code for the file').fill('Ada');
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save file' }).click();
  const content = readFileSync(await (await waiting).path());
  expect(JSON.parse(content.toString())).toMatchObject({
    results: [{ assessment: { account: { accepted: false }, left_out: [] } }],
  });

  await page.goto(`${site.url}?mode=team`);
  await expect(widget.ready(page)).toBeVisible();
  await page
    .locator('sales-mirror-team #files')
    .setInputFiles({ name: 'ada.json', mimeType: 'application/json', buffer: content });
  await expect(page.getByText('One of the texts is no account')).toBeVisible();
  const heat = page.getByRole('region', { name: 'People by competency' });
  await expect(heat.getByRole('row', { name: /Ada/ })).toContainText('no levels');
  expect(await violations(page)).toEqual([]);
  await heat.getByRole('button', { name: 'Ada' }).click();
  await expect(widget.refusal(page)).toBeVisible();
  await expect(page.getByText('an account of the writer’s own work')).toBeVisible();
});

test('an interviewer is told of the writer, and the page prints without the form', async ({ page, site }) => {
  await open(page, site, '?mode=candidate');
  await assess(page, ARTICLE.en);
  await expect(widget.refusal(page)).toBeFocused();
  await expect(page.getByText('an account of the writer’s own work')).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(widget.input(page)).toBeHidden();
  await expect(widget.refusal(page)).toBeVisible();
  await expect(page.locator('.document')).toContainText('Great salespeople listen');
});
