import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import {
  boxedDocument,
  compoundFile,
  openDocument,
  outlookMessage,
  reviewedDocument,
  wordDocument,
  workbook,
} from '../testing/files/documents';
import { readDocument } from './documents';
import type { Choices } from './reading';

const utf8 = (text: string) => new TextEncoder().encode(text);

const read = (content: Uint8Array | string, name: string, choices: Choices = {}) =>
  readDocument(typeof content === 'string' ? utf8(content) : content, name, choices, () => undefined);

const texts = async (content: Uint8Array | string, name: string, choices: Choices = {}) =>
  (await read(content, name, choices)).texts.map(({ text }) => text);

const codes = async (content: Uint8Array | string, name: string) =>
  (await read(content, name)).notes.map(({ code }) => code);

test('a text in UTF-8 is read without a question', async () => {
  expect(await read('He signed.\n', 'a.txt')).toEqual({
    texts: [{ name: 'a.txt', text: 'He signed.' }],
    notes: [],
    questions: [],
  });
});

test('an encoding that was assumed is said, and another one can be chosen', async () => {
  const bytes = iconv.encode('停线一小时损失八万', 'gb18030');
  const { texts, questions } = await read(bytes, 'a.txt');
  expect(texts[0]?.text).toBe('停线一小时损失八万');
  expect(questions).toMatchObject([{ ask: 'encoding', value: 'gb18030', preview: '停线一小时损失八万' }]);
  expect((await read(bytes, 'a.txt', { encoding: 'utf-8' })).notes).toMatchObject([{ code: 'bad_bytes' }]);
});

test('Japanese is not scored unless the person knows better', async () => {
  const bytes = iconv.encode('来週までに見積書を送ります。設備の故障が月二回あります。', 'shift_jis');
  expect(await read(bytes, 'a.txt')).toMatchObject({
    texts: [],
    notes: [{ code: 'foreign_text', about: 'Shift_JIS' }],
    questions: [{ ask: 'encoding', value: undefined }],
  });
  expect((await read(bytes, 'a.txt', { encoding: 'gb18030' })).texts).toHaveLength(1);
});

test('a Word document is read as a person reads it', async () => {
  expect(await texts(await wordDocument(), 'a.docx')).toEqual([
    [
      'He signs',
      'She waits.',
      'Customer: Acme · Next step: plan by Friday',
      'This week',
      'I asked why.',
      'He said cost.',
      '1. First',
      '2. Second',
      '1. Inner',
      '3. Third',
      'He asked for 12%. I gave 5%.',
      'Against a longer contract.',
    ].join('\n'),
  ]);
});

test('tracked changes, comments and headers of a Word document are said', async () => {
  const { texts, notes } = await read(await reviewedDocument(), 'a.docx');
  expect(texts[0]?.text).toBe('The level is high.');
  expect(notes).toEqual([
    { code: 'changes_accepted', count: 2 },
    { code: 'comments_left_out', count: 1 },
    { code: 'margins_left_out' },
  ]);
});

test('text boxes are read', async () => {
  expect(await texts(boxedDocument(), 'a.docx')).toEqual(['Outside.\nIn the box.']);
});

test('an OpenDocument text is read', async () => {
  const body =
    '<text:h>Visit</text:h><text:p>He<text:s/>asked<text:line-break/>why &amp; how.</text:p>' +
    '<table:table><table:table-row><table:table-cell><text:p>Acme</text:p></table:table-cell><table:table-cell><text:p>Friday</text:p></table:table-cell></table:table-row></table:table>' +
    '<text:p>End.<office:annotation><text:p>Really?</text:p></office:annotation></text:p>';
  const { texts, notes } = await read(openDocument(body), 'a.odt');
  expect(texts[0]?.text).toBe('Visit\nHe asked\nwhy & how.\nAcme · Friday\nEnd.');
  expect(notes).toEqual([{ code: 'comments_left_out', count: 1 }]);
});

test('a mail is read with its subject, its day and its text', async () => {
  const mail = [
    'From: ann@example.com',
    'Subject: =?utf-8?B?5ouc6K6/?=',
    'Date: Mon, 05 Jan 2026 23:30:00 -0500',
    'Content-Type: text/plain; charset=gb18030',
    'Content-Transfer-Encoding: base64',
    '',
    iconv.encode('客户签了。', 'gb18030').toString('base64'),
  ].join('\r\n');
  expect((await read(mail, 'a.eml')).texts).toEqual([
    { name: '拜访', text: '客户签了。', kind: 'email', date: '2026-01-05' },
  ]);
});

test('a mail in HTML is read as text, and its attachments are said', async () => {
  const mail = [
    'Subject: Visit',
    'Content-Type: multipart/mixed; boundary=x',
    '',
    '--x',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<style>p {}</style><p>He said &ldquo;no&rdquo;.</p><p>I asked<br>why.</p>',
    '--x',
    'Content-Type: application/pdf',
    'Content-Disposition: attachment; filename=a.pdf',
    '',
    'x',
    '--x--',
  ].join('\r\n');
  const { texts, notes } = await read(mail, 'a.eml');
  expect(texts[0]?.text).toBe('He said “no”.\n\nI asked\nwhy.');
  expect(notes).toEqual([{ code: 'attachments_left_out', count: 1 }]);
});

test('what a mail in HTML quotes is marked, and the answers between it are not', async () => {
  const mail = [
    'Subject: Visit',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<p>Agreed.</p><blockquote><p>Can we &lt;meet&gt;?</p><blockquote>On Monday?</blockquote></blockquote><p>Yes.</p>',
    '<blockquote>More</blockquote>',
  ].join('\r\n');
  const { texts } = await read(mail, 'a.eml');
  expect(texts[0]?.text).toBe('Agreed.\n\n> Can we <meet>?\n>\n> > On Monday?\n\nYes.\n\n> More');
});

test('an Outlook message is read, without those that are attached to it', async () => {
  const { texts, notes } = await read(
    outlookMessage('拜访', '客户签了。\r\n下周交货。', new Date(2026, 0, 5, 12)),
    'a.msg',
  );
  expect(texts).toEqual([
    { name: '拜访', text: '客户签了。\n下周交货。', kind: 'email', date: '2026-01-05' },
  ]);
  expect(notes).toEqual([{ code: 'attachments_left_out', count: 1 }]);
});

test('a workbook is read, and sheets that are left out are said', async () => {
  const bytes = workbook({
    Cover: [['Report of the team']],
    Visits: [
      ['日期', '客户', '拜访内容'],
      [46027, 'Acme', 'He signed & paid.'],
      [46028, 'Bolt', ''],
    ],
  });
  const { texts, notes } = await read(bytes, 'a.xlsx');
  expect(texts).toEqual([{ name: 'Acme', text: 'He signed & paid.', kind: undefined, date: '2026-01-05' }]);
  expect(notes.map(({ code, count }) => [code, count])).toEqual([
    ['rows_read', 1],
    ['rows_without_text', 1],
    ['sheets_left_out', 1],
  ]);
});

test('a large workbook needs no worker made of a blob', async () => {
  const rows = Array.from({ length: 900 }, (_, i) => [`Report ${i}: ${'he signed '.repeat(80)}`]);
  const { texts } = await read(workbook({ Visits: [['text'], ...rows] }), 'a.xlsx');
  expect(texts).toHaveLength(900);
});

test.each([
  ['nothing', '', 'a.txt', 'file_empty'],
  ['white space', '   \n', 'a.txt', 'file_empty'],
  ['text', 'no document', 'a.docx', 'file_unreadable'],
  ['text', 'no document', 'a.pdf', 'file_unreadable'],
  ['a broken archive', 'PK\u0003\u0004', 'a.docx', 'file_unreadable'],
  ['anything', 'x', 'a.pages', 'save_as_docx'],
  ['anything', 'x', 'a.exe', 'file_unknown'],
  ['rich text', '{\\rtf1 text}', 'a.rtf', 'save_as_docx'],
  ['rich text', '{\\rtf1 text}', 'a.doc', 'save_as_docx'],
  ['an old document', compoundFile({ WordDocument: utf8('x') }), 'a.doc', 'save_as_docx'],
  ['an old document', compoundFile({ WordDocument: utf8('x') }), 'a.wps', 'save_as_docx'],
  ['an old workbook', compoundFile({ Workbook: utf8('x') }), 'a.xls', 'save_as_xlsx'],
  ['a protected document', compoundFile({ EncryptedPackage: utf8('x') }), 'a.docx', 'file_protected'],
  ['a protected workbook', compoundFile({ EncryptedPackage: utf8('x') }), 'a.xlsx', 'file_protected'],
  ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47), 'a.docx', 'file_picture'],
  ['an empty document', openDocument(''), 'a.odt', 'file_empty'],
] as const)('$0 as $2 is refused with $3', async (...[, content, name, code]) => {
  await expect(read(content, name)).rejects.toMatchObject({ code, about: name });
});

test('a file with the name of another kind is read as what it is, and this is said', async () => {
  expect(await codes(await wordDocument(), 'a.doc')).toEqual(['renamed']);
  expect(await codes(workbook({ a: [['text'], ['He signed.']] }), 'a.csv')).toContain('renamed');
  expect(await codes(await wordDocument(), 'a.docx')).toEqual([]);
});
