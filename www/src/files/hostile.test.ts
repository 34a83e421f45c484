/** Files that would take the time and the memory of the page, or pass for what they are not. Sizes are measured end to end. */
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import {
  archive,
  bigDocument,
  documentOf,
  longTable,
  mailOf,
  nestedMail,
  openDocumentOf,
  repeated,
  understated,
  utf32,
  workbookOf,
} from '../testing/files/hostile';
import { readDocument } from './documents';
import { LIMITS } from './limits';

type Content = Uint8Array | string;

const bytesOf = (content: Content) =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

const read = (content: Content, name: string) => readDocument(bytesOf(content), name, {}, () => undefined);

const texts = async (content: Content, name: string) =>
  (await read(content, name)).texts.map(({ text }) => text);

const DEEP = 100_000;
const nested = (open: string, close: string, inside: string) =>
  open.repeat(DEEP) + inside + close.repeat(DEEP);

let made: Uint8Array | undefined;
const big = () => (made ??= bigDocument(LIMITS.unpacked));

test.each([
  ['a document that unpacks to more than is read', big, 'a.docx', 'unpacked'],
  [
    'a document that says it is smaller than it is',
    () => understated(big(), 'word/document.xml', 100),
    'a.docx',
    'unpacked',
  ],
  [
    'a document with too many elements',
    () => documentOf(repeated('<w:p/>', LIMITS.elements)),
    'a.docx',
    'elements',
  ],
  ['a document that goes deep', () => documentOf(nested('<w:sdt>', '</w:sdt>', '<w:p/>')), 'a.docx', 'depth'],
  [
    'an OpenDocument text that goes deep',
    () => openDocumentOf(nested('<text:section>', '</text:section>', '<text:p>He signed.</text:p>')),
    'a.odt',
    'depth',
  ],
  ['a workbook that goes deep', () => workbookOf(nested('<row>', '</row>', '')), 'a.xlsx', 'depth'],
  ['a workbook with a million empty rows', () => workbookOf(repeated('<row/>', 1_000_000)), 'a.xlsx', 'rows'],
  [
    'a workbook whose last row is far away',
    () => workbookOf('<row r="999999999"><c r="A999999999"><v>1</v></c></row>'),
    'a.xlsx',
    'rows',
  ],
  [
    'a workbook whose last column is far away',
    () => workbookOf('<row r="1"><c r="XFD1"><v>1</v></c></row>'),
    'a.xlsx',
    'columns',
  ],
  [
    'a workbook whose last column has no end',
    () => workbookOf('<row r="1"><c r="AAAAAAAAAA1"><v>1</v></c></row>'),
    'a.xlsx',
    'columns',
  ],
  [
    'a workbook with a cell in every corner',
    () =>
      workbookOf(
        `<row r="1"><c r="A1"><v>1</v></c><c r="SF1"><v>1</v></c></row><row r="20000"><c r="A20000"><v>1</v></c></row>`,
      ),
    'a.xlsx',
    'cells',
  ],
  [
    'an archive with too many entries',
    () =>
      zipSync(
        Object.fromEntries(Array.from({ length: LIMITS.entries + 1 }, (_, i) => [`${i}`, new Uint8Array()])),
      ),
    'a.docx',
    'entries',
  ],
  ['a table with 100,000 rows', () => longTable(100_000), 'a.csv', 'rows'],
  ['a table with more texts than are taken', () => longTable(LIMITS.reports + 1), 'a.csv', 'reports'],
  ['a table with a thousand columns', () => `text${',a'.repeat(1_000)}\n`.repeat(3), 'a.csv', 'columns'],
  ['a long text', () => 'He signed. '.repeat(LIMITS.characters / 10), 'a.txt', 'characters'],
  [
    'a mail in HTML that goes deep',
    () => mailOf('text/html', nested('<div>', '</div>', 'He signed.')),
    'a.eml',
    'depth',
  ],
] as const)('%s is refused with the limit', async (_, content, name, limit) => {
  await expect(read(content(), name)).rejects.toMatchObject({ code: 'file_too_large', limit, about: name });
});

test.each([
  ['a program of Windows', 'MZ\u0090\0\u0003\0\0\0\u0004\0\0\0', 'file_binary'],
  ['a program of Linux', '\u007fELF\u0002\u0001\u0001\0', 'file_binary'],
  ['data with NUL bytes', `He signed.${'\0'.repeat(3)}`, 'file_binary'],
  ['data with control characters', 'QK\u0003\u0004\u0001\u0002\u0008\u000e\u0010 x', 'file_binary'],
  ['a WebP picture', 'RIFF\u0010\0\0\0WEBPVP8 ', 'file_picture'],
  ['an HEIC picture', '\0\0\0\u0018ftypheic\0\0\0\0', 'file_picture'],
  ['a TIFF picture', 'II*\0\u0008\0\0\0', 'file_picture'],
  ['a bitmap', 'BM\u0036\u0030\0\0\0\0\0\0\u0036\0\0\0\u0028\0\0\0', 'file_picture'],
  ['a zip archive in a zip archive', zipSync({ 'a.docx': bigDocument(10) }), 'file_unknown'],
] as const)('%s that is called a text is refused', async (_, content, code) => {
  const bytes = typeof content === 'string' ? Uint8Array.from(Buffer.from(content, 'latin1')) : content;
  for (const name of ['a.txt', 'a.csv']) await expect(read(bytes, name)).rejects.toMatchObject({ code });
});

test.each([true, false])(
  'a text in UTF-32 with a byte order mark is read (little-endian: %s)',
  async (little) => {
    const text = 'He signed. 停线 😀 '.repeat(1_000).trim();
    expect(await texts(utf32(text, little), 'a.txt')).toEqual([text]);
  },
);

test.each([
  ['JSON', 'a.json', '['.repeat(DEEP)],
  ['HTML', 'a.html', '<div>'.repeat(DEEP)],
])('%s is not read, so that it cannot go deep', async (_, name, content) => {
  await expect(read(content, name)).rejects.toMatchObject({ code: 'file_unknown' });
  expect(await texts(content, `${name}.txt`)).toEqual([content]);
});

test('entities that consist of entities are not replaced', async () => {
  const entities = Array.from({ length: 20 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`);
  const xml = `<!DOCTYPE o [<!ENTITY e0 "ha">${entities.join('')}]><o xmlns:text="t"><text:p>He &e20; signed.</text:p></o>`;
  const zip = archive({ mimetype: 'application/vnd.oasis.opendocument.text', 'content.xml': xml });
  const [text = ''] = await texts(zip, 'a.odt');
  expect(text.length).toBeLessThan(100);
  expect(text).toContain('signed.');
});

test('control characters that texts do have are read', async () => {
  expect(await texts('One.\fTwo.\tThree.\u000bFour.\u001a', 'a.txt')).toHaveLength(1);
});

test('a mail with ten thousand parts is read', async () => {
  const part = '--x\r\nContent-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nx\r\n';
  const body = `--x\r\nContent-Type: text/plain\r\n\r\nHe signed.\r\n${part.repeat(10_000)}--x--`;
  const { texts, notes } = await read(mailOf('multipart/mixed; boundary=x', body), 'a.eml');
  expect(texts.map(({ text }) => text)).toEqual(['He signed.']);
  expect(notes).toEqual([{ code: 'attachments_left_out', count: 10_000 }]);
});

test('mails that are forwarded a thousand times end as attachments', async () => {
  const { texts, notes } = await read(
    mailOf(
      'multipart/mixed; boundary=x',
      `--x\r\n\r\nHe signed.\r\n--x\r\n${nestedMail(1_000).replace('Subject: Visit\r\n', '')}\r\n--x--`,
    ),
    'a.eml',
  );
  expect(texts[0]?.text).toMatch(/^He signed\./);
  expect(notes).toEqual([{ code: 'attachments_left_out', count: 1 }]);
});

test('a mail in HTML is its text: scripts and pictures of other servers are none', async () => {
  const html =
    '<head><style>p{}</style></head><body><script src="https://evil.test/a.js">alert(1)</script>' +
    '<img src="https://evil.test/a.png" onerror="alert(1)"><p onclick="x()">He said &lt;b&gt;no&lt;/b&gt;.</p>' +
    '<iframe src="https://evil.test"></iframe><svg><script>x</script></svg>';
  expect(await texts(mailOf('text/html', html), 'a.eml')).toEqual(['He said <b>no</b>.']);
});

test.each([
  ['comments', '<!--'],
  ['scripts', '<script '],
  ['quotes', '<blockquote '],
  ['angle brackets', '<'],
])('a mail of %s that never end is read at once', async (_, piece) => {
  const start = performance.now();
  await read(mailOf('text/html', `<p>He signed.</p>${piece.repeat(100_000)}`), 'a.eml');
  expect(performance.now() - start).toBeLessThan(5_000);
});

test('a document of text boxes that never end is read at once', async () => {
  const start = performance.now();
  const body = `<w:p><w:r><w:t>He signed.</w:t></w:r></w:p><!--${'<mc:AlternateContent '.repeat(50_000)}-->`;
  expect(await texts(documentOf(body), 'a.docx')).toEqual(['He signed.']);
  expect(performance.now() - start).toBeLessThan(5_000);
});

test('names of entries and headings that objects have of their own are names like others', async () => {
  expect(await texts('__proto__,constructor,text\na,b,He signed.\n', 'a.csv')).toEqual(['He signed.']);
  await expect(read(archive({ __proto__: 'x', constructor: 'x' }), 'a.docx')).rejects.toMatchObject({
    code: 'file_unknown',
  });
});

test('the name of a file is shown on one line, short, and in its order', async () => {
  const name = `<img src=x onerror=alert(1)>\u202E${'long '.repeat(2_000)}\n.txt`;
  const [found] = (await read('He signed.', name)).texts;
  expect(found?.name).toMatch(/^<img src=x onerror=alert\(1\)> long .*….* \.txt$/);
  expect(found?.name.length).toBeLessThanOrEqual(120);
});
