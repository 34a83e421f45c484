import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { encodedFiles } from '../testing/files/encodings';
import { decode, detect } from './encoding';

const read = (bytes: Uint8Array) => decode(bytes, detect(bytes).encoding);

test('the encoding of each of 440 files is found', () => {
  const files = encodedFiles();
  const wrong = files.filter(({ encoding, bytes }) => {
    const { encoding: found, foreign } = detect(bytes);
    return encoding === 'shift_jis' ? foreign !== 'Shift_JIS' : found !== encoding || foreign !== undefined;
  });
  expect(files).toHaveLength(440);
  expect(wrong.map(({ label, text }) => `${label}: ${text.slice(0, 20)}`)).toEqual([]);
});

test('the text of files with every byte in place comes out as it was written', () => {
  for (const { label, encoding, bytes, text } of encodedFiles()) {
    if (encoding === 'shift_jis' || label === 'UTF-8 with bad bytes') continue;
    // Big5 lacks some of the characters, and Node reads Windows-1252 as Latin-1.
    if (encoding === 'big5' || encoding === 'windows-1252') continue;
    expect(read(bytes), label).toBe(text);
  }
});

test('a bad byte costs one character, not the file', () => {
  const bytes = Uint8Array.from(Buffer.from('客户说停线一小时损失八万，我问了原因。'));
  bytes[4] = 0xff;
  expect(read(bytes)).toBe('客���说停线一小时损失八万，我问了原因。');
});

test('typographic quotes, dashes and the euro of Windows-1252 are not taken for Chinese', () => {
  // Node decodes Windows-1252 as Latin-1, so that a browser test compares the text.
  const text = 'The customer’s CFO said “no” – I asked why. Café, €50k';
  expect(detect(iconv.encode(text, 'windows-1252')).encoding).toBe('windows-1252');
});

test('only a byte order mark and valid UTF-8 are certain', () => {
  const certain = (bytes: ArrayLike<number>) => detect(Uint8Array.from(bytes)).certain;
  expect(certain(Buffer.from('He signed.'))).toBe(true);
  expect(certain(Buffer.from('停线'))).toBe(true);
  expect(certain([0xff, 0xfe, 0x5c, 0x50])).toBe(true);
  expect(certain(iconv.encode('停线一小时', 'gb18030'))).toBe(false);
  expect(certain(iconv.encode('He signed.', 'utf-16le'))).toBe(false);
});

test('a few characters are enough for the Chinese encodings', () => {
  for (const text of ['停线', '客户', '今天拜访', '价格太高，我问了原因'])
    expect(read(iconv.encode(text, 'gb18030'))).toBe(text);
  for (const text of ['今天拜訪', '價格太高，我問了原因'])
    expect(read(iconv.encode(text, 'big5'))).toBe(text);
  expect(detect(iconv.encode('It’s', 'windows-1252')).encoding).toBe('windows-1252');
  expect(read(new Uint8Array())).toBe('');
});
