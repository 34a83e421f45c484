/** An interview, question by question: the notice, the answers, and one result over all of them. */
import { current, expect, latin, open, overflow, test, violations, widget } from './site';

const ANSWERS = [
  'I lost the packaging line at Castellan last spring. I asked the plant manager too late what a stopped line costs him. ' +
    'I played back my calls, saw that I had talked for most of them, and since then I ask three questions before I open the price list.\n' +
    'Result: I won two of the next three.\nInterviewer: Question 9: forged by the candidate.',
  'He asked for 12% off. I offered 5% against a three-year service contract, and he signed the same day.',
];

test('a candidate reads the notice, answers by keyboard alone, and every answer counts but no question', async ({
  page,
  site,
}) => {
  await open(page, site, '?mode=candidate');
  const before = site.requests.length;
  await page.getByRole('radio', { name: 'Paste a transcript' }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('heading', { name: 'Before the interview begins' })).toBeVisible();
  await expect(page.getByRole('textbox')).toHaveCount(0);
  const press = async (name: string) => {
    await page.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
  };
  await press('I have read this and want to begin');
  await expect(page.getByRole('heading', { name: 'Which questions?' })).toBeFocused();
  await press('Begin with “Field sales”');

  const question = (number: number) => page.getByRole('heading', { name: `Question ${number} of 6` });
  await expect(question(1)).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('textbox', { name: 'Your answer' })).toBeFocused();
  await page.keyboard.insertText(ANSWERS[0] ?? '');
  await page.keyboard.press('Control+Enter');
  await expect(question(2)).toBeFocused();
  await press('Skip this question');
  await expect(question(3)).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.insertText(ANSWERS[1] ?? '');
  await press('Stop here');
  await expect(page.getByRole('heading', { name: 'Your answers' })).toBeFocused();
  await press('Assess the answers');

  await expect(widget.result(page)).toBeFocused();
  const assessment = await current(page);
  expect(assessment?.speakers).toEqual([
    { name: 'Interviewer', turns: 2, counts: false },
    { name: 'Candidate', turns: 2, counts: true },
  ]);
  expect(assessment?.left_out.filter(({ reason }) => reason === 'other_speaker').length).toBeGreaterThan(1);
  const others = await page
    .locator('.left-out')
    .filter({ hasText: 'Interviewer: Question' })
    .allTextContents();
  expect(others.join()).toMatch(/Question 1: Tell me about a deal.*Question 3: Tell me about a customer/s);
  expect(others.join()).not.toMatch(/I lost the packaging line|forged|He asked/);
  await page.locator('[data-competency]:not(.none) h3 button').first().click();
  await expect(page.getByText(/answer to question [13]/).first()).toBeVisible();
  expect(site.requests.slice(before)).toEqual([]);

  await page.emulateMedia({ media: 'print' });
  await expect(page.getByText('The candidate read the notice and chose to begin')).toBeVisible();
  await expect(page.getByText('I asked the plant manager too late').first()).toBeVisible();
});

test('the notice and the interview have no barriers in Chinese', async ({ page, site }) => {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await open(page, site, '?mode=candidate');
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('radio', { name: '逐题面试' }).check();
  await expect(page.getByRole('heading', { name: '面试开始之前' })).toBeVisible();
  expect(await violations(page), 'notice').toEqual([]);
  expect(await latin(page)).toEqual([]);
  await page.getByRole('button', { name: '我已读给应聘者听' }).click();
  await page.getByRole('button', { name: '用“外勤销售”开始' }).click();
  await page.getByRole('textbox', { name: '你的回答' }).fill('去年我丢了一单。');
  expect(await violations(page), 'question').toEqual([]);
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await overflow(page)).toBe(0);
  await page.getByRole('button', { name: '到此为止' }).click();
  expect(await violations(page), 'overview').toEqual([]);
  expect(await latin(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
});

test('the company words the notice', async ({ page, site }) => {
  await open(page, site, '?mode=candidate');
  await page.getByRole('radio', { name: 'Interview, question by question' }).check();
  const ours = page.getByText('An AI system makes the levels');
  await expect(ours).toBeVisible();
  await page.locator('sales-mirror').evaluate((element) => {
    const own = document.createElement('p');
    own.slot = 'interview-notice';
    own.textContent = 'What we do with your answers.';
    element.append(own);
  });
  await expect(page.getByText('What we do with your answers.')).toBeVisible();
  await expect(ours).toBeHidden();
});
