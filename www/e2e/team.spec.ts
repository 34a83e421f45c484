/** Hand-over by file, the team view, and people who correct a level: real assessments all the way. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import {
  assess,
  EN,
  expect,
  latin,
  open,
  openRow,
  overflow,
  set,
  test,
  upToDate,
  violations,
  widget,
  ZH,
} from './site';

interface File {
  readonly person: string;
  readonly texts: string;
  readonly results: { report: { text: string; date: string }; self: unknown; corrections: unknown[] }[];
}

async function saved(page: Page, button: string | RegExp): Promise<{ name: string; content: string }> {
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).click();
  const download = await waiting;
  return { name: download.suggestedFilename(), content: readFileSync(await download.path(), 'utf8') };
}

/** Assesses a text and saves its hand-over file. */
async function handOver(page: Page, person: string, text: string, withText: boolean): Promise<File> {
  await assess(page, text);
  await upToDate(page);
  const details = page.locator('sales-mirror-hand-over details').first();
  if (!(await details.evaluate((element: HTMLDetailsElement) => element.open)))
    await page.getByText('Hand over as a file').click();
  await page.getByLabel('Name or code for the file').fill(person);
  await page.getByLabel('Include the texts').setChecked(withText);
  return JSON.parse((await saved(page, 'Save file')).content) as File;
}

const upload = (file: unknown, name: string) => ({
  name,
  mimeType: 'application/json',
  buffer: Buffer.from(JSON.stringify(file)),
});

const POOR =
  'He asked for a discount and I gave him 20% at once without asking for anything. I did not dare to ask for the order. ' +
  'I told Mr Whitcombe nothing about the delay, he found out by himself and complained.';

test('a file is handed over, with or without text, names replaced', async ({ page, site }) => {
  await open(page, site);
  const bare = await handOver(page, 'P-1', POOR, false);
  expect([bare.person, bare.texts, bare.results[0]?.report.text]).toEqual(['P-1', 'left_out', '']);
  expect(JSON.stringify(bare)).not.toContain('Whitcombe');
  expect(await violations(page)).toEqual([]);
  const full = await handOver(page, 'P-1', POOR, true);
  expect(full.texts).toBe('names_replaced');
  expect(full.results[0]?.report.text).toContain('I told Mr [A] nothing');
  expect(JSON.stringify(full)).not.toContain('Whitcombe');
});

for (const [language, scheme] of [
  ['en', 'light'],
  ['zh', 'dark'],
] as const) {
  test(`a team is seen from files, corrected and exported, in ${language}`, async ({ page, site }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await open(page, site);
    const files = [
      await handOver(page, 'Ada', EN, true),
      await handOver(page, '小林', ZH, true),
      await handOver(page, 'Ben', POOR, true),
    ];
    // A second text of the same person, later.
    const again = await handOver(page, 'Ben', EN, false);
    for (const result of files[2]?.results ?? []) result.report.date = '2026-01-15';

    await page.goto(`${site.url}?mode=team`);
    await expect(widget.ready(page)).toBeVisible();
    await set(page, 'team-minimum', '1');
    if (language === 'zh') await page.getByRole('button', { name: '中文' }).click();
    const before = site.requests.length;
    expect(await violations(page), 'empty').toEqual([]);
    await page
      .locator('sales-mirror-team #files')
      .setInputFiles([
        ...files.map((file, i) => upload(file, `${i}.json`)),
        upload(again, 'again.json'),
        upload({ some: 'thing' }, 'none.json'),
      ]);
    await expect(
      page.getByRole('status').filter({ hasText: /^\s*(3 people, 4 texts|3 人，4 份文字)\s*$/ }),
    ).toBeVisible();
    await expect(page.getByText(language === 'zh' ? /^none\.json：/ : /^none\.json: /)).toBeVisible();
    const heat = page.getByRole('region', { name: /^(People by competency|人员与能力)$/ });
    await expect(heat.getByRole('row')).toHaveCount(6);
    await expect(
      page.getByText(/Ada (could coach|可以带) Ben|小林 (could coach|可以带) Ben/).first(),
    ).toBeVisible();
    await page.getByLabel(/^(Compare with a role|对照岗位)$/).selectOption({ index: 2 });
    await expect(heat.getByRole('row')).toHaveCount(7);
    const compared = page
      .getByRole('region', { name: /^(Before and after|两个时段对比)$/ })
      .getByRole('row', { name: /^(Negotiation and closing|谈判成交)/ });
    await expect(compared).toContainText(/\+\d\.\d/);
    expect(await violations(page), 'team').toEqual([]);
    if (language === 'zh') expect(await latin(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await overflow(page)).toBe(0);
    await page.setViewportSize({ width: 1280, height: 800 });

    const table = (await saved(page, /\.csv|存为表格/)).content;
    expect(table.trim().split('\n')).toHaveLength(1 + 4 * 7);
    expect(table).toContain('小林,');

    // A reviewer corrects a level, says why, and it counts.
    await heat.getByRole('button', { name: 'Ada' }).click();
    const negotiation = await openRow(page, 'negotiation');
    await negotiation.getByText(/^(Correct this level|更正这个等级)$/).click();
    await negotiation.getByRole('combobox').selectOption('2');
    await negotiation.getByRole('textbox').first().fill('The discount was not his to give.');
    await negotiation.getByRole('textbox').last().fill('Zoe');
    await negotiation.getByRole('button', { name: /^(Save correction|保存更正)$/ }).click();
    await expect(negotiation.locator('.corrected')).toContainText('The discount was not his to give.');
    expect(await violations(page), 'corrected').toEqual([]);
    const corrected = JSON.parse(
      (await saved(page, /^(Save with corrections|连同更正一起保存)$/)).content,
    ) as File;
    expect(corrected.results[0]?.corrections).toMatchObject([
      { competency: 'negotiation', level: 2, reviewer: 'Zoe' },
    ]);
    const labelled = JSON.parse((await saved(page, /^(Save as labelled reports|存为标注报告)$/)).content) as {
      text: string;
      scores: Record<string, number | null>;
      evidence: { start: number; end: number }[];
    };
    expect([labelled.text, labelled.scores.negotiation]).toEqual([EN, 2]);
    expect(labelled.evidence.length).toBeGreaterThan(2);
    await page.getByRole('button', { name: /Back to the team|返回团队/ }).click();
    const row = heat.getByRole('row', { name: /Ada/ });
    await expect(row).toContainText(/2\.0.*(model: |模型：)\d\.\d/s);

    // The original of a file that was corrected does not undo the correction, and a change by hand is seen.
    const forged = { ...corrected, person: 'Cem' };
    await page.getByRole('button', { name: /^(Close all|全部关闭)$/ }).click();
    await page
      .locator('sales-mirror-team #files')
      .setInputFiles([upload(corrected, 'c.json'), upload(files[0], '0.json'), upload(forged, 'f.json')]);
    await expect(row).toContainText('2.0');
    await expect(page.locator('[data-seal]')).toHaveText([/^\s*Cem/]);
    expect(await violations(page), 'doubts').toEqual([]);
    if (language === 'zh') expect(await latin(page)).toEqual([]);
    expect(site.requests.slice(before)).toEqual([]);

    await page.emulateMedia({ media: 'print' });
    await expect(heat).toBeVisible();
    await expect(page.locator('sales-mirror-team #files')).toBeHidden();
  });
}

test('an interview answer is read beside a role, and a person corrects it', async ({ page, site }) => {
  await open(page, site, '?mode=candidate');
  await expect(page.getByRole('tab')).toHaveCount(0);
  await expect(page.getByText('Tell the candidate that you are using this tool.')).toBeVisible();
  await assess(page, EN);
  await expect(widget.result(page)).toBeVisible();
  await page.getByLabel('Compare with a role').selectOption({ label: 'Sales team lead' });
  const growth = await openRow(page, 'growth');
  await expect(growth).toContainText('this text does not show it, so ask.');
  await growth.getByText('Correct this level').click();
  await growth.getByLabel('The level you see').selectOption('3');
  await growth.getByLabel(/^Reason/).fill('She told of it in the talk.');
  await growth.getByLabel('Your name').fill('Zoe');
  await growth.getByRole('button', { name: 'Save correction' }).click();
  await expect(growth).toContainText('Corrected by Zoe');
  await expect(page.getByRole('button', { name: 'Save as labelled reports' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
});
