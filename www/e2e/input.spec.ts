/** Texts come in as files: real ones, of every kind that the page offers, one and several. */
import { Document, Packer, Paragraph } from 'docx';
import iconv from 'iconv-lite';
import type { Browser, Page } from '@playwright/test';
import { outlookMessage, workbook } from '../src/testing/files/documents';
import { pdfDocument, type Placed } from '../src/testing/files/pdf';
import { current, EN, expect, open, overflow, test, upToDate, violations, widget, ZH } from './site';

interface Upload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const file = (name: string, content: string | Uint8Array): Upload => ({
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
  await expect(page.getByLabel('Encoding')).toHaveValue('gb18030');
  await widget.input(page).fill('');
  const western = 'The customer’s CFO said “no” – I asked why. Café, €50k';
  await choose(page, [file('western.txt', iconv.encode(western, 'windows-1252'))]);
  await expect(widget.input(page)).toHaveValue(western);
  await expect(page.getByText('western.txt').first()).toBeVisible();
  await page.getByLabel('Encoding').selectOption('utf-8');
  await expect(widget.input(page)).toHaveValue(/^The customer\ufffds CFO/);
  expect(await violations(page)).toEqual([]);
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
    expect(site.requests.filter((path) => /word-|pdf-/.test(path))).toEqual([]);
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

test('workbooks and mails are read with their dates, by readers that load only then', async ({
  page,
  site,
}) => {
  await open(page, site);
  const sheet = workbook({
    Visits: [
      ['日期', '客户', '拜访内容'],
      [46027, 'Acme', EN],
      [46028, 'Bolt', ''],
    ],
  });
  const mail = outlookMessage('About the trial', EN, new Date(2026, 0, 7, 12));
  await choose(page, [file('visits.xlsx', sheet), file('mail.msg', mail)]);
  await expect(page.getByText('2 reports to assess')).toBeVisible();
  await expect(page.getByText('Any text · 5 Jan 2026')).toBeVisible();
  await expect(page.getByText('Email · 7 Jan 2026')).toBeVisible();
  await expect(page.getByText('1 row was left out because the text column is empty there.')).toBeVisible();
});

test('a table whose column is not known waits for an answer', async ({ page, site }) => {
  await open(page, site);
  await choose(page, [file('week.csv', `when;what\n3/4/2026;${EN}\n5/6/2026;He signed.\n`)]);
  await expect(page.getByText('Nothing was taken from this file yet')).toBeVisible();
  await page.getByLabel('Column that holds the text').selectOption('what');
  await expect(page.getByText('2 reports to assess')).toBeVisible();
  await expect(page.getByText('No column has dates')).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test.describe('PDF', () => {
  const read = async (page: Page, content: Uint8Array) => {
    await choose(page, [file('report.pdf', content)]);
    return widget.input(page);
  };

  test('columns, page numbers, headers and sentences over a page', async ({ page, site }) => {
    await open(page, site);
    const left = [
      'I asked the plant manager what a line',
      'that stands still costs him, and he told',
      'me that it is nine thousand an hour.',
    ];
    const right = [
      'Then I offered a trial of the new drive',
      'against a contract for three years, and',
      'he signed it on the very next morning',
    ];
    const rows = left.flatMap((text, i): Placed[] => [
      { text, x: 50, y: 700 - 12 * i },
      { text: right[i] ?? '', x: 300, y: 700 - 12 * i },
    ]);
    const header = { text: 'Visit report - Confidential', x: 50, y: 800 };
    const input = await read(
      page,
      pdfDocument([
        [header, ...rows, { text: 'Page 1 of 2', x: 280, y: 30 }],
        [header, { text: 'in front of his team.', x: 50, y: 700 }, { text: 'Page 2 of 2', x: 280, y: 30 }],
      ]),
    );
    await expect(input).toHaveValue(`${left.join(' ')}\n${right.join(' ')} in front of his team.`);
    await expect(page.getByText('Headers, footers and page numbers were left out.')).toBeVisible();
    // pdf.js would ask for fonts that text does not need.
    expect(site.requests.filter((path) => /\.(ttf|pfb|bcmap)$/.test(path))).toEqual([]);
  });

  test('the fields of a form', async ({ page, site }) => {
    await open(page, site);
    const input = await read(
      page,
      pdfDocument([[{ text: 'Next step:', x: 50, y: 700 }]], {
        field: { text: 'Trial on 6 May', x: 110, y: 700 },
      }),
    );
    await expect(input).toHaveValue('Next step: Trial on 6 May');
  });

  test('scans and protected documents are told', async ({ page, site }) => {
    await open(page, site);
    await choose(page, [
      file('scan.pdf', pdfDocument([[], []])),
      file('locked.pdf', pdfDocument([[{ text: 'x', x: 50, y: 700 }]], { encrypted: true })),
    ]);
    await expect(page.getByText('scan.pdf: This PDF has pictures of pages but no text')).toBeVisible();
    await expect(page.getByText('locked.pdf: The file is protected by a password.')).toBeVisible();
    await expect(widget.input(page)).toHaveValue('');
  });

  test('two hundred pages are read with progress, while a person goes on typing', async ({ page, site }) => {
    await open(page, site);
    const pages = Array.from({ length: 200 }, (_, i): Placed[] => [
      { text: `Visit ${i}: he signed.`, x: 50, y: 700 },
    ]);
    await widget.input(page).fill('Typed.');
    await page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      // The element is loaded with the first file.
      void customElements.whenDefined('sales-mirror-file-readings').then(async () => {
        const readings = document
          .querySelector('sales-mirror')
          ?.shadowRoot?.querySelector('sales-mirror-input')
          ?.shadowRoot?.querySelector('sales-mirror-file-readings');
        await readings?.updateComplete;
        const status = readings?.shadowRoot?.querySelector('[role=status]');
        if (!status) throw new Error('no status');
        new MutationObserver(() => seen.push(status.textContent)).observe(status, {
          childList: true,
          characterData: true,
          subtree: true,
        });
      });
    });
    await choose(page, [file('long.pdf', pdfDocument(pages))]);
    await expect(page.getByText('2 reports to assess')).toBeVisible({ timeout: 80_000 });
    const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen.join(' '));
    expect(seen).toMatch(/Reading long\.pdf: page \d+ of 200/);
    await expect(widget.input(page)).toHaveValue('Typed.');
  });
});

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
  const reports = page.getByRole('list', { name: 'All reports' });
  await expect(reports.getByRole('button')).toHaveCount(3);
  expect(await violations(page)).toEqual([]);
  await reports.getByRole('button', { name: 'zh.txt' }).click();
  await expect(page.locator('.document')).toContainText('停线');
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await overflow(page)).toBe(0);
});

test('a report of several that cannot be assessed is told, and the others are shown', async ({
  page,
  site,
}) => {
  await open(page, site);
  await choose(page, [file('good.txt', EN), file('long.txt', 'He signed. '.repeat(30_000))]);
  await page.getByRole('button', { name: 'Assess 2 reports' }).click();
  await expect(widget.result(page)).toBeVisible();
  await expect(page.getByText('long.txt: The text is too long.')).toBeVisible();
});

test('what cannot be read is told, and the rest is read', async ({ page, site }) => {
  await open(page, site);
  await choose(page, [
    file('sheet.xlsx', 'PK'),
    file('old.rtf', '{\\rtf1 text}'),
    file('empty.txt', ' '),
    file('broken.docx', 'no document'),
    file('broken.pdf', 'no document'),
    file('program.txt', 'MZ\u0000\u0003\u0004\u0001\u0002\u0008\u000e\u0010 x'),
    file('long.txt', 'He signed. '.repeat(50_001)),
    file('good.txt', EN),
  ]);
  await expect(page.getByText('sheet.xlsx: The file cannot be read.')).toBeVisible();
  await expect(page.getByText('old.rtf: Documents of this kind cannot be read here.')).toBeVisible();
  await expect(page.getByText('empty.txt: There is no text')).toBeVisible();
  await expect(page.getByText('broken.docx: The file cannot be read.')).toBeVisible();
  await expect(page.getByText('broken.pdf: The file cannot be read.')).toBeVisible();
  await expect(page.getByText('program.txt: This is not a text file')).toBeVisible();
  await expect(page.getByText('long.txt: The file has a text of more than 500,000 characters')).toBeVisible();
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
  const level = widget.competency(page, 'negotiation').locator('.number-of-level');
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
  await expect
    .poll(async () => (await current(page))?.length.characters)
    .toBe((await widget.input(page).inputValue()).replace(/\s/g, '').length);
  await upToDate(page);
});
