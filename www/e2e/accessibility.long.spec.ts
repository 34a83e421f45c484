/** Every state of the workbench by axe-core, in both languages and in light, dark and forced colours; and that nothing moves. */
import type { Page } from '@playwright/test';
import {
  assess,
  EN,
  expect,
  open,
  openRow,
  selfRating,
  test,
  upToDate,
  violations,
  widget,
  ZH,
} from './site';

const SCHEMES = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  forced: { colorScheme: 'dark', forcedColors: 'active' },
} as const;

const TEXTS = { en: EN, zh: ZH } as const;

/** Nothing of anyone's own work with customers. */
const OTHERS = {
  en: 'Our lasagne needs two hours. Chop the onions, fry them in oil, add the tomatoes and let it all simmer until it is thick.',
  zh: '这道红烧肉要两个小时。先把五花肉切块焯水，再下锅煸出油，放冰糖炒出糖色，加水小火慢炖。',
} as const;

/** A text that is long enough to be looked at while it is assessed. */
const REPEATED = 400;

const button = (page: Page, en: string, zh: string) =>
  page.getByRole('button', { name: new RegExp(`^(${en}|${zh})$`) });
/** As `assess` does, where there are several reports and the button counts them. */
const assessAll = async (page: Page, text: string) => {
  await widget.input(page).fill(text);
  await page.locator('[part=assess]').click();
};
const tab = async (page: Page, en: string, zh: string) =>
  page.getByRole('tab', { name: new RegExp(`^(${en}|${zh})$`) }).click();

/** Looks for barriers in one state after the other, and keeps those that it finds. */
function watch(page: Page) {
  const found: Record<string, string[]> = {};
  const look = async (state: string) => {
    const barriers = await violations(page);
    if (barriers.length) found[state] = barriers;
  };
  return { found, look };
}

for (const [scheme, media] of Object.entries(SCHEMES)) {
  for (const [language, text] of Object.entries(TEXTS) as [keyof typeof TEXTS, string][]) {
    const begin = async (page: Page) => {
      if (language === 'zh') await page.getByRole('button', { name: '中文' }).click();
    };

    test(`no state of the workbench has barriers in ${language}, ${scheme}`, async ({ page, site }) => {
      const { found, look } = watch(page);
      await page.emulateMedia({ ...media, reducedMotion: 'reduce' });
      await open(page, site);
      await begin(page);
      await look('ready');
      await widget.assess(page).click();
      await expect(widget.failure(page, 'empty_text')).toBeVisible();
      await look('failed');
      await assess(page, text.repeat(REPEATED));
      await expect(page.getByRole('progressbar')).toBeVisible();
      await look('assessing');
      await widget.cancel(page).click();
      await selfRating(page, 'on');
      await assess(page, text);
      await expect(page.locator('#rate')).toBeVisible();
      await look('rating');
      await button(page, 'Skip to the result', '跳过，直接看结果').click();
      await upToDate(page);
      await look('result');
      const row = await openRow(page, 'negotiation');
      await look('row');
      await row.locator('.quote').first().click();
      await expect(page.locator('sales-mirror-editor .piece')).toBeVisible();
      await look('card');
      await page.keyboard.press('Escape');
      await row
        .getByRole('button', { name: /^(This is not evidence|这不算依据)$/ })
        .first()
        .click();
      await expect(row.getByRole('button', { name: /^(Count it again|重新计入)$/ })).toBeVisible();
      await look('objection');
      for (const [en, zh] of [
        ['Chart', '图'],
        ['Table', '表'],
      ] as const) {
        await button(page, en, zh).click();
        await look(en);
      }
      await page.locator('summary').first().waitFor();
      for (const summary of await page.locator('summary:visible').all()) await summary.click();
      await look('unfolded');
      await tab(page, 'Plan', '计划');
      await expect(page.locator('[data-goal]').first()).toBeVisible();
      await look('plan');
      await button(page, 'Edit', '修改').click();
      await look('editing the plan');
      await tab(page, 'History', '历史');
      await look('history, off');
      await page.getByRole('checkbox', { name: /^(Keep my assessments|把我的评估)/ }).check();
      await button(page, 'Turn the history on', '打开历史记录').click();
      await expect(page.getByRole('region', { name: /^(All texts|全部文字)$/ })).toBeVisible();
      await look('history, on');
      await page.locator('summary', { hasText: /^(Log of use|使用日志)$/ }).click();
      await page.getByRole('checkbox', { name: /^(Keep a log of use|在这个浏览器里保存使用日志)/ }).check();
      await button(page, 'Export all', '全部导出').click();
      await button(page, 'Show the log', '查看日志').click();
      await expect(page.getByRole('region', { name: /^(Entries of the log|日志记录)$/ })).toBeVisible();
      await page
        .getByRole('button', { name: /^(Erase the log|清除日志)$/ })
        .first()
        .click();
      await look('log');
      await button(page, 'Hide the log', '收起日志').click();
      await tab(page, 'Report', '报告');
      await button(page, 'Add as another report', '再添加一份报告').click();
      await assessAll(page, `${text}${text}`);
      await expect(page.locator('sales-mirror-report-list')).toBeVisible();
      await look('several reports');
      await page.setViewportSize({ width: 360, height: 740 });
      await look('sheet');
      await page.setViewportSize({ width: 1280, height: 800 });
      await assessAll(page, OTHERS[language]);
      await expect(widget.refusal(page).or(page.locator('sales-mirror-report-list')).first()).toBeVisible();
      await look('refused');
      expect(found).toEqual({});
    });

    test(`no state of an interview or a team has barriers in ${language}, ${scheme}`, async ({
      page,
      site,
    }) => {
      const { found, look } = watch(page);
      await page.emulateMedia({ ...media, reducedMotion: 'reduce' });
      await open(page, site, '?mode=candidate');
      await begin(page);
      await assess(page, text);
      await upToDate(page);
      await openRow(page, 'negotiation');
      for (const summary of await page.locator('summary:visible').all()) await summary.click();
      await look('correction');
      await page.locator('summary', { hasText: /^(Hand over as a file|存为文件移交)$/ }).waitFor();
      await page.getByLabel(/^(Name or code for the file|文件上的姓名或代号)$/).fill('P-1');
      const waiting = page.waitForEvent('download');
      await button(page, 'Save file', '保存文件').click();
      const file = await (await waiting).path();
      await page.getByRole('radio').nth(1).check();
      await look('notice');
      await page.goto(`${site.url}?mode=team`);
      await expect(widget.ready(page)).toBeVisible();
      await begin(page);
      await look('no team');
      await page.locator('sales-mirror').evaluate((element) => {
        element.setAttribute('team-minimum', '1');
      });
      await page.locator('sales-mirror-team #files').setInputFiles(file);
      await expect(page.getByRole('region', { name: /^(People by competency|人员与能力)$/ })).toBeVisible();
      await look('team');
      expect(found).toEqual({});
    });
  }
}

for (const [width, height] of [
  [320, 640],
  [360, 740],
  [768, 1024],
  [1280, 800],
] as const) {
  test(`nothing moves from loading to a result at ${width} x ${height}`, async ({ page, site }) => {
    await page.setViewportSize({ width, height });
    await page.addInitScript(() => {
      const shifts: { value: number; sources: string[] }[] = [];
      Object.assign(window, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & {
          value: number;
          hadRecentInput: boolean;
          sources: { node: Node | null }[];
        })[])
          if (!entry.hadRecentInput)
            shifts.push({
              value: entry.value,
              sources: entry.sources.map(({ node }) =>
                node instanceof Element ? node.outerHTML.slice(0, 80) : String(node?.nodeName),
              ),
            });
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await open(page, site);
    // What moves within half a second of a key is the person's doing, and does not count.
    await widget.input(page).focus();
    await page.keyboard.type('I');
    await page.keyboard.insertText(EN.slice(1));
    await widget.assess(page).click();
    await upToDate(page);
    await page.waitForTimeout(1_000);
    const shifts = await page.evaluate(() => (window as unknown as { shifts: unknown[] }).shifts);
    expect(shifts).toEqual([]);
  });
}
