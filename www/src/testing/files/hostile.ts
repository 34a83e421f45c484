/** For tests: files that do harm by their size or their structure, made here so that none has to be committed. */
import { strToU8, Zip, ZipDeflate, zlibSync } from 'fflate';

/** Characters that are written at once. */
const BLOCK = 1 << 20;

/** A text that is repeated, in blocks. */
export function* repeated(text: string, times: number): Generator<string> {
  const each = Math.ceil(BLOCK / text.length);
  for (let left = times; left > 0; left -= each) yield text.repeat(Math.min(each, left));
}

/** A zip archive of parts, whose content may be larger than the memory: each block is compressed as it comes. */
export function archive(parts: Readonly<Record<string, Iterable<string>>>): Uint8Array {
  const chunks: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    chunks.push(chunk);
  });
  for (const [name, content] of Object.entries(parts)) {
    const entry = new ZipDeflate(name, { level: 1 });
    zip.add(entry);
    for (const block of typeof content === 'string' ? [content] : content) entry.push(strToU8(block));
    entry.push(new Uint8Array(), true);
  }
  zip.end();
  return joined(chunks);
}

/** The same archive, whose central directory says that the part with this name is smaller than it is. */
export function understated(zip: Uint8Array, name: string, size: number): Uint8Array {
  const view = new DataView(zip.slice().buffer);
  const bytes = new Uint8Array(view.buffer);
  const letters = strToU8(name);
  for (let at = 0; at + 46 + letters.length <= bytes.length; at++) {
    const named = letters.every((letter, i) => bytes[at + 46 + i] === letter);
    if (view.getUint32(at, true) === 0x02014b50 && named) view.setUint32(at + 24, size, true);
  }
  return bytes;
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

/** A Word document with this body. */
export function documentOf(body: Iterable<string>): Uint8Array {
  function* main(): Generator<string> {
    yield `<?xml version="1.0"?><w:document xmlns:w="${WORD}"><w:body>`;
    yield* typeof body === 'string' ? [body] : body;
    yield '</w:body></w:document>';
  }
  return archive({
    '[Content_Types].xml': `<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/document.xml': main(),
  });
}

const PARAGRAPH = '<w:p><w:r><w:t>He signed the contract on the very same day.</w:t></w:r></w:p>';

/** A Word document that is so many bytes long when it is unpacked, all of them text. */
export function bigDocument(bytes: number): Uint8Array {
  return documentOf(repeated(PARAGRAPH, Math.ceil(bytes / PARAGRAPH.length)));
}

/** A PDF document with one page, whose text is so many bytes long when it is unpacked. */
export function bigPdf(bytes: number): Uint8Array {
  const line = 'BT /F 10 Tf 50 700 Td (He signed the contract on the very same day.) Tj ET\n';
  const content = zlibSync(strToU8(line.repeat(Math.ceil(bytes / line.length))), { level: 1 });
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 4 0 R >> >> /Contents 5 0 R >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ];
  const head = objects.map((object, i) => `${i + 1} 0 obj\n${object}\nendobj\n`).join('');
  return joined([
    strToU8(`%PDF-1.7\n${head}5 0 obj\n<< /Length ${content.length} /Filter /FlateDecode >>\nstream\n`),
    content,
    strToU8('\nendstream\nendobj\ntrailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n0\n%%EOF\n'),
  ]);
}

/** A table with so many rows of one text each. */
export function longTable(rows: number): string {
  return `title,text\n${Array.from({ length: rows }, (_, i) => `Visit ${i},He signed the contract on the very same day.\n`).join('')}`;
}

/** An Excel workbook with a sheet of this content. */
export function workbookOf(rows: Iterable<string>): Uint8Array {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const relationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  function* sheet(): Generator<string> {
    yield `<worksheet xmlns="${main}"><sheetData>`;
    yield* typeof rows === 'string' ? [rows] : rows;
    yield '</sheetData></worksheet>';
  }
  return archive({
    '[Content_Types].xml': `<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${relationships}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${relationships}"><sheets><sheet name="Visits" sheetId="1" r:id="s1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="s1" Type="${relationships}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': sheet(),
  });
}

/** An OpenDocument text with this content of its body. */
export function openDocumentOf(body: Iterable<string>): Uint8Array {
  function* content(): Generator<string> {
    yield '<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b"><office:body><office:text>';
    yield* typeof body === 'string' ? [body] : body;
    yield '</office:text></office:body></office:document-content>';
  }
  return archive({ mimetype: 'application/vnd.oasis.opendocument.text', 'content.xml': content() });
}

/** A mail of this type with this body. */
export function mailOf(type: string, body: string): string {
  return `Subject: Visit\r\nMIME-Version: 1.0\r\nContent-Type: ${type}\r\n\r\n${body}`;
}

/** Mails that are forwarded in each other. */
export function nestedMail(depth: number): string {
  return (
    mailOf('message/rfc822', '').trimEnd().concat('\r\n\r\n').repeat(depth) +
    mailOf('text/plain', 'He signed.')
  );
}

/** A text in UTF-32, with a byte order mark. */
export function utf32(text: string, little: boolean): Uint8Array {
  const points = [0xfeff, ...Array.from(text, (character) => character.codePointAt(0) ?? 0)];
  const view = new DataView(new ArrayBuffer(4 * points.length));
  for (const [i, point] of points.entries()) view.setUint32(4 * i, point, little);
  return new Uint8Array(view.buffer);
}
