import iconv from 'iconv-lite';
import { expect, test, vi } from 'vitest';
import { workbook } from '../testing/files/documents';
import { fill, find, findAll, mount, rendered, textOf, until } from '../testing/element';
import { heard } from '../testing/host';
import './file-readings';

vi.mock('./read', () => import('../testing/read-here'));

test('files are read one after the other, and their reports are passed on at once', async () => {
  const subject = await mount('sales-mirror-file-readings', {});
  const read = heard(subject, 'files-read');
  await subject.take([new File(['One.'], 'one.txt'), new File(['Two.'], 'two.txt')], 'email');
  expect(read).toMatchObject([
    {
      reports: [
        { name: 'one.txt', text: 'One.', kind: 'email' },
        { name: 'two.txt', text: 'Two.', kind: 'email' },
      ],
      replaces: [],
    },
  ]);
  await rendered(subject);
  expect(textOf(subject)).toBe('');
});

test('what cannot be read is told in the language that is chosen then, and the rest is read', async () => {
  const subject = await mount('sales-mirror-file-readings', {});
  const read = heard(subject, 'files-read');
  await subject.take([new File(['x'], 'a.exe'), new File(['One.'], 'one.txt')], 'other');
  await rendered(subject);
  expect(textOf(find(subject, '.trouble'))).toContain('a.exe: This kind of file cannot be read.');
  expect(read[0]?.reports).toHaveLength(1);
  subject.language = 'zh';
  await rendered(subject);
  expect(textOf(find(subject, '.trouble'))).toContain('a.exe：无法读取这种文件。');
});

test('the encoding that was assumed is said with the beginning of the text, and another replaces the report', async () => {
  const subject = await mount('sales-mirror-file-readings', {});
  const read = heard(subject, 'files-read');
  await subject.take([new File([Uint8Array.from(iconv.encode('今天拜訪客戶', 'big5'))], 'a.txt')], 'other');
  await rendered(subject);
  expect(textOf(find(subject, '.preview'))).toBe('今天拜訪客戶');
  expect(textOf(find(subject, 'option[selected]'))).toBe('Traditional Chinese (Big5)');
  fill(find(subject, 'select'), 'gb18030', 'change');
  await until(() => {
    expect(read).toHaveLength(2);
  });
  expect(read[1]?.replaces).toEqual(read[0]?.reports);
  expect(read[1]?.reports[0]?.text).not.toBe('今天拜訪客戶');
});

test('a table waits for the column and the order of its dates', async () => {
  const subject = await mount('sales-mirror-file-readings', {});
  const read = heard(subject, 'files-read');
  await subject.take([new File(['date,b\n3/4/2026,He signed.\n'], 'a.csv')], 'other');
  await rendered(subject);
  expect(textOf(subject)).toContain('Nothing was taken from this file yet');
  const select = (name: string) => find<HTMLSelectElement>(subject, `select[id^=${name}]`);
  fill(select('column'), '1', 'change');
  await until(() => select('dates'));
  expect(read.flatMap(({ reports }) => reports)).toEqual([]);
  fill(select('dates'), 'month-first', 'change');
  await until(() => {
    expect(read.at(-1)?.reports).toMatchObject([{ text: 'He signed.', date: '2026-03-04' }]);
  });
  await rendered(subject);
  expect(textOf(subject)).toContain('1 row was read as a text each.');
});

test('what is too large is told with the limit and what to do, in both languages', async () => {
  const subject = await mount('sales-mirror-file-readings', {});
  await subject.take([new File(['He signed. '.repeat(50_001)], 'a.txt')], 'other');
  await rendered(subject);
  expect(textOf(find(subject, '.trouble'))).toBe(
    'a.txt: The file has a text of more than 500,000 characters, which is the limit. Split it into single reports, or paste the text that matters.',
  );
  subject.language = 'zh';
  await rendered(subject);
  expect(textOf(find(subject, '.trouble'))).toBe(
    'a.txt：文件里有一份文字超过了 500,000 字的上限。请拆成单份报告，或只粘贴需要的文字。',
  );
});

const many = (count: number) =>
  Array.from({ length: count }, (_, i) => new File([`Visit ${i}.`], `visit-${i}.txt`));

test('many files are read with progress, and what is read before the person cancels is kept', async () => {
  const subject = await mount('sales-mirror-file-readings', {});
  const read = heard(subject, 'files-read');
  const taken = subject.take(many(500), 'other');
  await until(() => find(subject, '.cancel'));
  expect(textOf(subject)).toMatch(/Reading visit-\d+\.txt \(file \d+ of 500\) Cancel/);
  find(subject, '.cancel').click();
  await taken;
  await rendered(subject);
  const count = read[0]?.reports.length ?? 0;
  expect(count).toBeLessThan(500);
  expect(textOf(subject)).toBe(
    `Cancelled. ${500 - count} files were not read; what was read before is in the list.`,
  );
  expect(findAll(subject, '.cancel')).toEqual([]);
  expect(subject.shadowRoot?.activeElement).toBe(find(subject, '.cancelled'));
});

test('files that are chosen while others are read come after them', async () => {
  const subject = await mount('sales-mirror-file-readings', {});
  const read = heard(subject, 'files-read');
  await Promise.all([
    subject.take(many(3), 'other'),
    subject.take([new File(['Last.'], 'last.txt')], 'other'),
  ]);
  expect(read.map(({ reports }) => reports.map(({ name }) => name))).toEqual([
    ['visit-0.txt', 'visit-1.txt', 'visit-2.txt'],
    ['last.txt'],
  ]);
});

test('of very many troubles only the first are listed, and the others are counted', async () => {
  const subject = await mount('sales-mirror-file-readings', {});
  await subject.take(
    Array.from({ length: 30 }, (_, i) => new File(['x'], `${i}.exe`)),
    'other',
  );
  await rendered(subject);
  expect(findAll(subject, '.trouble')).toHaveLength(21);
  expect(textOf(subject)).toContain('10 more files could not be read either.');
});

test('more texts than are taken at once are refused, file by file', async () => {
  const subject = await mount('sales-mirror-file-readings', {});
  const read = heard(subject, 'files-read');
  const table = `title,date,text\n${'Visit,2026-01-05,He signed.\n'.repeat(600)}`;
  await subject.take(
    [new File([table], 'a.csv'), new File([table], 'b.csv'), new File(['x'], 'c.txt')],
    'other',
  );
  await rendered(subject);
  expect(read[0]?.reports).toHaveLength(600);
  expect(findAll(subject, '.trouble').map((trouble) => textOf(trouble).slice(0, 30))).toEqual([
    'b.csv: The limit is 1,000 text',
    'c.txt: The limit is 1,000 text',
  ]);
});

test('the name of a file is text, whatever it says', async () => {
  const subject = await mount('sales-mirror-file-readings', {});
  const name = '<img src=x onerror=alert(1)>.csv';
  await subject.take([new File(['title,text\na,One.\n'], name), new File(['x'], `${name}.exe`)], 'other');
  await rendered(subject);
  expect(textOf(find(subject, 'h2'))).toBe(name);
  expect(textOf(find(subject, '.trouble'))).toContain(`${name}.exe: `);
  expect(findAll(subject, 'img')).toEqual([]);
});

test('notes are dismissed', async () => {
  const subject = await mount('sales-mirror-file-readings', {});
  await subject.take([new File(['title,text\na,One.\n'], 'a.csv')], 'other');
  await rendered(subject);
  expect(textOf(subject)).toContain('No column has dates');
  find(subject, '[aria-label="Dismiss the notes on a.csv"]').click();
  await rendered(subject);
  expect(findAll(subject, '.reading')).toEqual([]);
});

test('where cells are wanted, tables are passed on as they are, and texts as texts', async () => {
  const subject = await mount('sales-mirror-file-readings', { cells: true });
  const read = heard(subject, 'files-read');
  const bytes = iconv.encode('编号,备注\r\n甲,"谈了价格\n没让步"\r\n\r\n乙,未谈', 'gb18030');
  const table = new File([new Uint8Array(bytes)], 'marks.csv');
  const book = workbook({
    Sheet1: [
      ['id', 'growth'],
      ['A', 3],
    ],
  });
  const sheet = new File([new Uint8Array(book)], 'marks.xlsx');
  const text = new File(['One.'], 'one.txt');
  await subject.take([table, sheet, text], 'other');
  expect(read[0]?.files.map(({ file, cells, reports }) => [file.name, cells, reports.length])).toEqual([
    ['marks.csv', [['编号', '备注'], ['甲', '谈了价格\n没让步'], [''], ['乙', '未谈']], 0],
    [
      'marks.xlsx',
      [
        ['id', 'growth'],
        ['A', '3'],
      ],
      0,
    ],
    ['one.txt', undefined, 1],
  ]);
  // The encoding was a guess; another one gives the cells anew.
  await rendered(subject);
  fill(find(subject, 'select'), 'big5', 'change');
  await until(() => {
    expect(read).toHaveLength(2);
  });
  expect(read[1]?.files[0]?.file).toBe(table);
  expect(read[1]?.files[0]?.cells).toHaveLength(4);
});
