import iconv from 'iconv-lite';
import { expect, test, vi } from 'vitest';
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

test('notes are dismissed', async () => {
  const subject = await mount('sales-mirror-file-readings', {});
  await subject.take([new File(['title,text\na,One.\n'], 'a.csv')], 'other');
  await rendered(subject);
  expect(textOf(subject)).toContain('No column has dates');
  find(subject, '[aria-label="Dismiss the notes on a.csv"]').click();
  await rendered(subject);
  expect(findAll(subject, '.reading')).toEqual([]);
});
