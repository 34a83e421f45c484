/** Texts come in as files: real ones, of every kind that the page offers, one and several. */
import { Document, Packer, Paragraph } from 'docx';
import type { Browser, Page } from '@playwright/test';
import { EN, expect, open, overflow, test, violations, widget, ZH } from './site';

interface Upload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const file = (name: string, content: string | Buffer): Upload => ({
  name,
  mimeType: '',
  buffer: Buffer.from(content),
});

async function docx(name: string, text: string): Promise<Upload> {
  const children = text.split(/(?<=[.。]) ?/).map((sentence) => new Paragraph(sentence));
  return file(name, await Packer.toBuffer(new Document({ sections: [{ children }] })));
}

/** A document as a browser prints it, with the fonts of this machine. */
async function pdf(browser: Browser, name: string, text: string): Promise<Upload> {
  const page = await browser.newPage();
  await page.setContent(`<p>${text}</p>`);
  const content = await page.pdf({ format: 'A5' });
  await page.close();
  return file(name, content);
}

const choose = (page: Page, files: readonly Upload[]) => page.locator('#files').setInputFiles([...files]);

/** Drops files on the form, as from a folder. */
async function drop(page: Page, files: readonly Upload[]): Promise<void> {
  const contents = files.map(({ name, buffer }) => ({ name, bytes: [...buffer] }));
  const transfer = await page.evaluateHandle((list) => {
    const transfer = new DataTransfer();
    for (const { name, bytes } of list) transfer.items.add(new File([new Uint8Array(bytes)], name));
    return transfer;
  }, contents);
  const form = page.locator('sales-mirror-input sales-mirror-file-drop textarea');
  await form.dispatchEvent('dragover', { dataTransfer: transfer });
  await expect(page.getByText('Drop the files here')).toBeVisible();
  await form.dispatchEvent('drop', { dataTransfer: transfer });
}

test('text files are dropped and chosen, in the encodings that offices write', async ({ page, site }) => {
  await open(page, site);
  await drop(page, [file('note.txt', EN)]);
  await expect(widget.input(page)).toHaveValue(EN);
  await widget.input(page).fill('');
  // 停线 in GB 18030.
  await choose(page, [file('old.md', Buffer.from([0xcd, 0xa3, 0xcf, 0xdf]))]);
  await expect(widget.input(page)).toHaveValue('停线');
});

for (const [language, text] of [
  ['English', EN],
  ['Chinese', ZH],
] as const) {
  test(`Word and PDF files are read in ${language}, by readers that load only then`, async ({
    page,
    site,
    browser,
  }) => {
    await open(page, site);
    const loaded = site.requests.length;
    expect(site.requests.filter((path) => /document-worker|lib-|pdf-/.test(path))).toEqual([]);
    await choose(page, [await docx('report.docx', text)]);
    const start = text.slice(0, 14);
    await expect(widget.input(page)).toHaveValue(new RegExp(`^${start}`));
    expect((await widget.input(page).inputValue()).replaceAll('\n', language === 'English' ? ' ' : '')).toBe(
      text,
    );
    const afterDocx = site.requests.slice(loaded);
    expect(afterDocx.filter((path) => /pdf/.test(path))).toEqual([]);

    await widget.input(page).fill('');
    await choose(page, [await pdf(browser, 'report.pdf', text)]);
    await expect(widget.input(page)).toHaveValue(new RegExp(`^${start}`));
    expect((await widget.input(page).inputValue()).replace(/\s+/g, ' ')).toBe(text);
    await widget.assess(page).click();
    await expect(widget.result(page)).toBeVisible();
  });
}

test('several reports are assessed at once and shown one by one', async ({ page, site }) => {
  await open(page, site);
  const table = `title,kind,text\nVisit,visit_note,"${EN}"\nLoss,loss_review,"He asked for a discount and I gave 20% at once."\n`;
  await choose(page, [file('week.csv', table), file('zh.txt', ZH)]);
  await expect(page.getByText('3 reports to assess')).toBeVisible();
  await expect(page.getByText('Loss review ·')).toBeVisible();
  await page.getByRole('button', { name: 'Remove Visit' }).click();
  await expect(page.getByText('2 reports to assess')).toBeVisible();
  await widget.input(page).fill(EN);
  await page.getByRole('button', { name: 'Assess 3 reports' }).click();
  await expect(widget.result(page)).toBeVisible();
  const reports = page.getByRole('region', { name: 'All reports' });
  await expect(reports.getByRole('row')).toHaveCount(5);
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Show zh.txt' }).click();
  await expect(page.locator('.document')).toContainText('停线');
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await overflow(page)).toBe(0);
});

test('a report of several that cannot be assessed is told, and the others are shown', async ({
  page,
  site,
}) => {
  await open(page, site);
  await choose(page, [
    file('good.txt', EN),
    file('zip.txt', 'PK\u0003\u0004\u0001\u0002\u0008\u000e\u0010 x'),
  ]);
  await page.getByRole('button', { name: 'Assess 2 reports' }).click();
  await expect(widget.result(page)).toBeVisible();
  await expect(page.getByText('zip.txt: This does not look like text.')).toBeVisible();
});

test('what cannot be read is told, and the rest is read', async ({ page, site }) => {
  await open(page, site);
  await choose(page, [
    file('sheet.xlsx', 'PK'),
    file('empty.txt', ' '),
    file('broken.docx', 'no document'),
    file('broken.pdf', 'no document'),
    file('good.txt', EN),
  ]);
  await expect(page.getByText('sheet.xlsx: This kind of file cannot be read.')).toBeVisible();
  await expect(page.getByText('empty.txt: There is no text')).toBeVisible();
  await expect(page.getByText('broken.docx: The file cannot be read.')).toBeVisible();
  await expect(page.getByText('broken.pdf: The file cannot be read.')).toBeVisible();
  await expect(widget.input(page)).toHaveValue(EN);
  expect(await violations(page)).toEqual([]);
});

test('levels follow while a person types, until they pause it', async ({ page, site }) => {
  await page.clock.install();
  // Counts what is asked of the workers.
  await page.addInitScript(() => {
    const counts = { messages: 0 };
    Object.assign(window, { counts });
    window.Worker = class extends Worker {
      override postMessage(...args: [message: unknown]): void {
        counts.messages++;
        super.postMessage(...args);
      }
    };
  });
  const messages = () =>
    page.evaluate(() => (window as unknown as { counts: { messages: number } }).counts.messages);
  await open(page, site);
  await widget
    .input(page)
    .pressSequentially('He asked for 12% off; I offered 5% against a three-year contract, and he signed.', {
      delay: 5,
    });
  await expect(widget.result(page)).toBeVisible();
  const level = widget.competency(page, 'negotiation').locator('strong').first();
  const before = await level.textContent();
  const asked = await messages();
  await expect(widget.input(page)).toBeFocused();
  await page.getByRole('button', { name: 'Pause live assessment' }).click();
  await widget.input(page).fill(`${EN} I gave the second discount without asking for anything.`);
  // Any pause in typing is over now.
  await page.clock.fastForward(5_000);
  expect(await messages()).toBe(asked);
  expect(await level.textContent()).toBe(before);
  await page.getByRole('button', { name: 'Resume live assessment' }).click();
  await widget.input(page).press('End');
  await widget.input(page).pressSequentially(' It was a mistake.');
  await expect(page.locator('.document')).toContainText('It was a mistake.');
});
