/** The history: off until a person turns it on, theirs to lock, export and erase. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import {
  assess,
  EN,
  expect,
  latin,
  marked,
  open,
  overflow,
  selfRating,
  test,
  upToDate,
  violations,
  visit,
  widget,
  ZH,
} from './site';

const tab = (page: Page, name: RegExp) => page.getByRole('tab', { name }).click();
const databases = (page: Page) =>
  page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));

/** Everything that is stored, as text. */
const stored = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<string>((done) => {
        const request = indexedDB.open('salesmirror');
        request.onsuccess = () => {
          const all = request.result.transaction('entries').objectStore('entries').getAll();
          all.onsuccess = () => {
            request.result.close();
            done(JSON.stringify(all.result));
          };
        };
      }),
  );

/** URLs of what is in Cache Storage and holds a text; the model is a file of weights, which can hold none. */
const cached = (page: Page, text: string) =>
  page.evaluate(async (wanted) => {
    const found: string[] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        if (request.url.endsWith('.gguf')) continue;
        const answer = await cache.match(request);
        if ((await answer?.text())?.includes(wanted)) found.push(request.url);
      }
    }
    return found;
  }, text);

async function score(page: Page, text: string): Promise<void> {
  await tab(page, /^(Report|报告)$/);
  await assess(page, text);
  await upToDate(page);
}

for (const [language, text, scheme] of [
  ['en', EN, 'dark'],
  ['zh', ZH, 'light'],
] as const) {
  test(`nothing is stored until it is turned on, and nothing is left when it is erased, in ${language}`, async ({
    page,
    site,
  }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await open(page, site);
    if (language === 'zh') await page.getByRole('button', { name: '中文' }).click();
    await score(page, text);
    await tab(page, /^(History|历史)$/);
    expect(await databases(page)).toEqual([]);
    expect(await violations(page), 'off').toEqual([]);
    if (language === 'zh') expect(await latin(page)).toEqual([]);

    await page.getByRole('checkbox', { name: /^(Keep my assessments|把我的评估)/ }).check();
    await page.getByRole('button', { name: /^(Turn the history on|打开历史记录)$/ }).click();
    // What is shown already is the first entry.
    const rows = page.getByRole('region', { name: /^(All texts|全部文字)$/ }).getByRole('row');
    await expect(rows).toHaveCount(2);
    await score(page, `${text}${text}`);
    await tab(page, /^(History|历史)$/);
    await expect(rows).toHaveCount(3);
    await expect(page.locator('[data-trend=negotiation]').getByRole('img')).toHaveAttribute(
      'aria-label',
      /\d\.\d.*\d\.\d/,
    );
    expect(await violations(page), 'on').toEqual([]);
    if (language === 'zh') expect(await latin(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await overflow(page)).toBe(0);
    await page.setViewportSize({ width: 1280, height: 800 });

    await page.reload();
    await selfRating(page, 'off');
    await tab(page, language === 'zh' ? /^History|历史$/ : /^History$/);
    await expect(rows).toHaveCount(3);
    await page
      .getByRole('button', { name: /^(Show|查看)/ })
      .first()
      .click();
    await expect(widget.result(page)).toBeVisible();
    // In the text area if the draft that was restored is the same text, and below it otherwise.
    await expect
      .poll(async () => (await marked(page)).length + (await page.locator('mark').count()))
      .toBeGreaterThan(0);

    await tab(page, /^(History|历史)$/);
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: /^(Export all|全部导出)$/ }).click();
    const exported = JSON.parse(readFileSync(await (await waiting).path(), 'utf8')) as {
      entries: { report: { text: string } }[];
    };
    expect(exported.entries.map((entry) => entry.report.text)).toEqual([text, `${text}${text}`]);
    await page.getByRole('button', { name: /^(Erase all|全部清除)/ }).click();
    await page.getByRole('button', { name: /^(Erase|清除)$/ }).click();
    await expect(page.getByRole('button', { name: /^(Turn the history on|打开历史记录)$/ })).toBeVisible();
    expect(await databases(page)).toEqual([]);
    expect(await cached(page, text)).toEqual([]);
  });
}

test('a passphrase keeps others out', async ({ page, site }) => {
  await open(page, site);
  await tab(page, /^History$/);
  await page.getByRole('checkbox', { name: /^Keep my assessments/ }).check();
  await page.getByLabel('Passphrase (optional)').fill('short');
  await page.getByRole('button', { name: 'Turn the history on' }).click();
  await expect(page.getByText('The passphrase is too short.')).toBeVisible();
  await page.getByLabel('Passphrase (optional)').fill('four words 你好');
  await page.getByRole('button', { name: 'Turn the history on' }).click();
  await expect(page.getByText('The history is on.')).toBeVisible();
  await score(page, EN);
  await expect.poll(() => stored(page)).toContain('iv');
  expect(await stored(page)).not.toContain('plant manager');

  await page.reload();
  await tab(page, /^History$/);
  await expect(page.getByText('The history is locked.')).toBeVisible();
  expect(await violations(page), 'locked').toEqual([]);
  await page.getByLabel('Your passphrase').fill('something else');
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByText('That is not the right passphrase.')).toBeVisible();
  await page.getByLabel('Your passphrase').fill('four words 你好');
  await page.getByRole('button', { name: 'Unlock' }).click();
  const rows = page.getByRole('region', { name: 'All texts' }).getByRole('row');
  await expect(rows).toHaveCount(2);
  await page.getByRole('button', { name: 'Lock', exact: true }).click();
  await expect(page.getByText('The history is locked.')).toBeVisible();
  await expect(rows).toHaveCount(0);
});

test('a level that drops in three texts in a row is mentioned kindly, on real levels', async ({
  page,
  site,
}) => {
  await open(page, site);
  await tab(page, /^History$/);
  await page.getByRole('checkbox', { name: /^Keep my assessments/ }).check();
  await page.getByRole('button', { name: 'Turn the history on' }).click();
  await expect(page.getByText('The history is on.')).toBeVisible();
  // Negotiation from good to poor, one trait after the other.
  const texts = [
    'He asked for 12% off; I offered 5% against a three-year service contract, he signed. I knew his fallback and who decides, and we initialled a timetable to the contract.',
    'He asked for 12% off; I offered 5% against a three-year service contract, and he signed.',
    'He asked for a discount and I gave him 5%. We agreed to talk again.',
    'He asked for a discount and I gave him 20% at once without asking for anything. I did not dare to ask for the order.',
  ];
  const levels: number[] = [];
  for (const text of texts) {
    await score(page, text);
    const value = await page
      .locator('sales-mirror')
      .evaluate(
        (element: HTMLElement & { assessment: { competencies: { id: string; level: number | null }[] } }) =>
          element.assessment.competencies.find(({ id }) => id === 'negotiation')?.level,
      );
    levels.push(value ?? 0);
  }
  console.log(`levels of negotiation: ${levels.map((level) => level.toFixed(2)).join(', ')}`);
  await tab(page, /^History$/);
  await expect(page.getByText(/Negotiation and closing has gone down three texts in a row\./)).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test('without TLS the history works, and says why it has no passphrase', async ({ page, site }) => {
  await visit(page, { ...site, url: site.insecureUrl });
  await expect(widget.ready(page)).toBeVisible();
  await tab(page, /^History$/);
  await expect(page.getByText('A passphrase can only be used on a page served over https.')).toBeVisible();
  await page.getByRole('checkbox', { name: /^Keep my assessments/ }).check();
  await page.getByRole('button', { name: 'Turn the history on' }).click();
  await expect(page.getByText('The history is on.')).toBeVisible();
});

test('with the history on, what was typed is there after a reload, and an export is added on another device', async ({
  page,
  site,
}, info) => {
  await open(page, site);
  await score(page, EN);
  await tab(page, /^History$/);
  await page.getByRole('checkbox', { name: /^Keep my assessments/ }).check();
  await page.getByRole('button', { name: 'Turn the history on' }).click();
  const rows = page.getByRole('region', { name: 'All texts' }).getByRole('row');
  await expect(rows).toHaveCount(2);
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export all' }).click();
  const path = info.outputPath('export.json');
  await (await saving).saveAs(path);

  await tab(page, /^Report$/);
  await widget.input(page).fill('I asked why');
  await expect
    .poll(() =>
      page.evaluate(
        () =>
          new Promise((done) => {
            const request = indexedDB.open('salesmirror');
            request.onsuccess = () => {
              const draft = request.result.transaction('draft').objectStore('draft').get('draft');
              draft.onsuccess = () => {
                request.result.close();
                done((draft.result as { text: string } | undefined)?.text);
              };
            };
          }),
      ),
    )
    .toBe('I asked why');
  await page.reload();
  await expect(widget.input(page)).toHaveValue('I asked why');
  await expect(page.getByText('This is what you had typed when the page was last left.')).toBeVisible();

  await tab(page, /^History$/);
  await page
    .getByRole('button', { name: /^Remove/ })
    .first()
    .click();
  await expect(rows).toHaveCount(0);
  await page.locator('sales-mirror-history #files').setInputFiles(path);
  await expect(page.getByText('1 text was added.')).toBeVisible();
  await expect(rows).toHaveCount(2);
  expect(await violations(page)).toEqual([]);
});
