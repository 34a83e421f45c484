/** The development plan: from the result, in the person's words, edited, taken along as text, calendar and print. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { assess, EN, expect, latin, open, overflow, test, violations, widget, ZH } from './site';

async function saved(page: Page, button: RegExp): Promise<{ name: string; content: string }> {
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).click();
  const download = await waiting;
  return { name: download.suggestedFilename(), content: readFileSync(await download.path(), 'utf8') };
}

for (const [language, text, tab, quote, scheme] of [
  ['en', EN, 'Plan', 'I blamed presales', 'light'],
  ['zh', ZH, '计划', '怪售前同事', 'dark'],
] as const) {
  test(`a plan is proposed, edited and taken along in ${language}`, async ({ page, site }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await open(page, site);
    if (language === 'zh') await page.getByRole('button', { name: '中文' }).click();
    await page.getByRole('tab', { name: tab }).click();
    await expect(page.getByText(/^(Your plan is based on an assessment|计划以评估结果为基础)/)).toBeVisible();
    await page.getByRole('tab', { name: /^(Report|报告)$/ }).click();
    await assess(page, text);
    await expect(widget.result(page)).toBeVisible();
    const before = site.requests.length;
    // By keyboard: arrows go from tab to tab.
    await page.getByRole('tab', { name: /^(Report|报告)$/ }).focus();
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('tab', { name: tab })).toBeFocused();

    const goals = page.locator('[data-goal]');
    await expect(goals).toHaveCount(2);
    // Which competency the sentence speaks against is the model's word.
    const quoting = page.locator('[data-goal]').filter({ hasText: quote }).first();
    const goal = page.locator(`[data-goal=${await quoting.getAttribute('data-goal')}]`);
    await expect(goal).toContainText(quote);
    expect(await violations(page), 'plan').toEqual([]);
    if (language === 'zh') expect(await latin(page)).toEqual([]);

    await page.getByRole('button', { name: /^(Edit|修改)$/ }).click();
    expect(await violations(page), 'editing').toEqual([]);
    await goal.getByRole('textbox', { name: /^(Keep|继续保持)$/ }).fill('MY OWN WORDS');
    await page.getByLabel(/^(First day|开始日期)$/).fill('2026-12-15');
    const other = goals.nth(1);
    const index = (await goal.getAttribute('data-goal')) === (await other.getAttribute('data-goal')) ? 0 : 1;
    await goals.nth(index).getByRole('combobox').selectOption({ value: 'growth' });
    await expect(page.locator('[data-goal=growth]')).toBeVisible();
    await page.getByRole('button', { name: /^(Done editing|改好了)$/ }).click();
    await expect(goal).toContainText('MY OWN WORDS');

    const notes = await saved(page, /Markdown|标记文本/);
    expect(notes.name).toMatch(/2026-12-15\.md$/);
    expect(notes.content).toContain('MY OWN WORDS');
    expect(notes.content).toContain(quote);
    const file = await saved(page, /\.ics|存入日历/);
    expect(file.name).toMatch(/\.ics$/);
    expect(file.content).toContain('DTSTART;VALUE=DATE:20270114');
    expect(file.content.match(/BEGIN:VEVENT/g)).toHaveLength(6);

    // Edits outlive another tab and another language.
    await page.getByRole('button', { name: language === 'zh' ? 'English' : '中文' }).click();
    await expect(goal).toContainText('MY OWN WORDS');
    expect(site.requests.slice(before)).toEqual([]);
    await page.getByRole('button', { name: /^(Start over|恢复原样)$/ }).click();
    await expect(page.getByText('MY OWN WORDS')).toBeHidden();
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await overflow(page)).toBe(0);
  });
}

test('the plan prints without the form, on whole pages', async ({ page, site }) => {
  await open(page, site);
  await assess(page, EN);
  await expect(widget.result(page)).toBeVisible();
  await page.getByRole('tab', { name: 'Plan' }).click();
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('heading', { name: 'My development plan' })).toBeVisible();
  for (const button of await page.getByRole('button').all()) await expect(button).toBeHidden();
  await expect(widget.input(page)).toBeHidden();
  const pdf = await page.pdf({ format: 'A4' });
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
});

test('texts of a plan that lack a level are told, and the rest works', async ({ page, site }) => {
  site.fault = (request, response) => {
    if (!request.url?.endsWith('development/en.json')) return false;
    response.setHeader('Content-Type', 'application/json');
    response.end('{"rubric": "sales-competency", "language": "en", "competencies": []}');
    return true;
  };
  await open(page, site);
  await assess(page, EN);
  await expect(widget.result(page)).toBeVisible();
  await page.getByRole('tab', { name: 'Plan' }).click();
  await expect(page.getByText('en.json: The texts for the development plan cannot be read.')).toBeVisible();
  expect(await violations(page)).toEqual([]);
});
