import { expect, test } from 'vitest';
import { decode, readFile, rows } from './read';

test('text is read as UTF-8, UTF-16 or GB 18030', () => {
  expect(decode(new TextEncoder().encode('\ufeff停线').buffer)).toBe('停线');
  expect(decode(new Uint8Array([0xff, 0xfe, 0x5c, 0x50]).buffer)).toBe('停');
  expect(decode(new Uint8Array([0xcd, 0xa3, 0xcf, 0xdf]).buffer)).toBe('停线');
});

test('a table with a column for the text is a report a row', () => {
  const found = rows(
    'title,date,text\nVisit,2026-03-02,"He said ""no"", then yes."\n,soon,\n',
    'week.csv',
    'email',
  );
  expect(found?.map(({ name, date, text, kind }) => [name, date.length, text, kind])).toEqual([
    ['Visit', 10, 'He said "no", then yes.', 'email'],
    ['week.csv 2', 10, '', 'email'],
  ]);
  expect(found?.[0]?.date).toBe('2026-03-02');
  expect(rows('a,b\n1,2', 'x.csv', 'other')).toBeNull();
});

test('what cannot be read says why', async () => {
  await expect(readFile(new File(['x'], 'a.xlsx'), 'other')).rejects.toMatchObject({
    code: 'file_unknown',
    about: 'a.xlsx',
  });
  await expect(readFile(new File(['  \n'], 'a.txt'), 'other')).rejects.toMatchObject({ code: 'file_empty' });
  await expect(readFile(new File(['text\n""'], 'a.csv'), 'other')).rejects.toMatchObject({
    code: 'file_empty',
  });
});
