/** Texts with other people's words: conversations and mail threads. What others said is shown and is no evidence. */
import type { Page } from '@playwright/test';
import type { Reason } from '../src/engine/contract';
import { assess, current, EN, expect, latin, open, overflow, test, violations, widget, ZH } from './site';

const CALL = {
  en: `Rep: What does a stopped line cost you?
Customer: Four thousand an hour. I called you twice last week and nobody answered.
Rep: I worked out the payback with your own figures: eleven months. I will send you the sheet by noon.
Customer: We want twelve per cent off.
Rep: I can give five per cent against a three-year service contract.
Customer: Fine, I will sign that.`,
  zh: `销售：停线一小时，您这边损失多少？
客户：四千。上周我给你们打了两次电话都没人接。
销售：我按您的数字算了投入产出，十一个月回本，中午前把表发给您。
客户：我们要降价百分之十二。
销售：可以用三年维保换百分之五。
客户：行，那就签。`,
};

const THREAD = `${EN}

Best regards,
Jane

On Mon, 3 Mar 2025 at 10:00, Tom Li wrote:
> I planned the whole week with my team and we reviewed every lost deal.
> I will bring the new figures on Friday.`;

/** What did not count for a reason, quoted from the text. */
const leftOut = async (page: Page, text: string, reason: Reason) =>
  (await current(page))?.left_out
    .filter((part) => part.reason === reason)
    .map(({ start, end }) => text.slice(start, end)) ?? [];

for (const language of ['en', 'zh'] as const) {
  test(`what the customer says in a call is no evidence, and the person says who they are, in ${language}`, async ({
    page,
    site,
  }) => {
    await open(page, site);
    if (language === 'zh') await page.getByRole('button', { name: '中文' }).click();
    const before = site.requests.length;
    const text = CALL[language];
    const [rep, customer] = language === 'en' ? ['Rep', 'Customer'] : ['销售', '客户'];
    await assess(page, text);
    const choice = page.getByRole('group', { name: /speakers are you|哪一位是你/ });
    await expect(choice.getByRole('radio', { name: rep })).toBeChecked();
    const others = await leftOut(page, text, 'other_speaker');
    expect(others).toHaveLength(3);
    for (const words of others) expect(words.startsWith(customer)).toBe(true);
    for (const { evidence } of (await current(page))?.competencies ?? [])
      for (const { start } of evidence) expect(text.slice(start).startsWith(customer)).toBe(false);
    expect(await violations(page)).toEqual([]);
    if (language === 'zh') expect(await latin(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await overflow(page)).toBe(0);

    await choice.getByRole('radio', { name: customer }).check();
    await expect
      .poll(async () => (await leftOut(page, text, 'other_speaker')).every((words) => words.startsWith(rep)))
      .toBe(true);
    await expect(choice.getByRole('radio', { name: customer })).toBeChecked();
    // The next assessment of the text remembers it.
    await widget.assess(page).click();
    await expect(choice.getByRole('radio', { name: customer })).toBeChecked();
    expect(site.requests.slice(before)).toEqual([]);
  });
}

test('quoted mails and the signature do not count until the person wants them to', async ({ page, site }) => {
  await open(page, site);
  await assess(page, EN);
  await expect(widget.result(page)).toBeVisible();
  const alone = (await current(page))?.competencies.map(({ level }) => level);
  await assess(page, THREAD);
  const quoted = page.getByRole('checkbox', { name: 'Count quoted emails, headers and signatures too' });
  await expect(quoted).not.toBeChecked();
  expect((await leftOut(page, THREAD, 'quoted_mail')).join('\n')).toContain('> I planned the whole week');
  expect((await leftOut(page, THREAD, 'mail_frame')).join('\n')).toContain('Jane');
  expect(await violations(page)).toEqual([]);
  expect((await current(page))?.competencies.map(({ level }) => level)).toEqual(alone);
  await quoted.check();
  await expect.poll(() => leftOut(page, THREAD, 'quoted_mail')).toEqual([]);
  await expect(widget.greyed(page)).toHaveCount(0);
  await quoted.uncheck();
  await expect(widget.greyed(page).first()).toBeVisible();
});

test('a sentence that was pasted twice counts once', async ({ page, site }) => {
  await open(page, site);
  await assess(page, ZH);
  await expect(widget.result(page)).toBeVisible();
  const once = (await current(page))?.competencies.map(({ level }) => level);
  await assess(page, `${ZH}\n${ZH}`);
  await expect(page.getByText(/counted once/)).toBeVisible();
  expect((await leftOut(page, `${ZH}\n${ZH}`, 'repeated')).join('')).toContain('他要降价12%');
  expect((await current(page))?.competencies.map(({ level }) => level)).toEqual(once);
});
