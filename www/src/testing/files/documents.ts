/** For tests: office documents, made here so that none has to be committed. */
import { utils, write } from 'cfb';
import {
  CommentRangeEnd,
  CommentRangeStart,
  CommentReference,
  DeletedTextRun,
  Document,
  FootnoteReferenceRun,
  Header,
  InsertedTextRun,
  LevelFormat,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  type ISectionOptions,
} from 'docx';
import { strToU8, zipSync } from 'fflate';

const cell = (...paragraphs: string[]) =>
  new TableCell({ children: paragraphs.map((text) => new Paragraph(text)) });
const row = (...cells: TableCell[]) => new TableRow({ children: cells });

async function packed(
  children: ISectionOptions['children'],
  more: Partial<ConstructorParameters<typeof Document>[0]> = {},
  headers: ISectionOptions['headers'] = {},
): Promise<Uint8Array> {
  return new Uint8Array(await Packer.toBuffer(new Document({ sections: [{ children, headers }], ...more })));
}

const item = (text: string, level = 0) => new Paragraph({ text, numbering: { reference: 'steps', level } });

/** A Word document with everything that has gone wrong before. */
export function wordDocument(): Promise<Uint8Array> {
  const levels = [0, 1].map((level) => ({
    level,
    format: LevelFormat.DECIMAL,
    text: `%${level + 1}.`,
  }));
  return packed(
    [
      new Paragraph({ children: [new TextRun('He signs'), new TextRun({ text: 'She waits.', break: 1 })] }),
      new Table({ rows: [row(cell('Customer: Acme'), cell('Next step: plan by Friday'))] }),
      new Table({ rows: [row(cell('This week'), cell('I asked why.', 'He said cost.'))] }),
      item('First'),
      item('Second'),
      item('Inner', 1),
      item('Third'),
      new Paragraph({
        children: [new TextRun('He asked for 12%.'), new FootnoteReferenceRun(1), new TextRun(' I gave 5%.')],
      }),
    ],
    {
      numbering: { config: [{ reference: 'steps', levels }] },
      footnotes: { 1: { children: [new Paragraph('Against a longer contract.')] } },
    },
  );
}

/** A Word document with tracked changes, a comment and a header. */
export function reviewedDocument(): Promise<Uint8Array> {
  const change = { author: 'Ann', date: '2026-01-05T00:00:00Z' };
  return packed(
    [
      new Paragraph({
        children: [
          new TextRun('The level is '),
          new DeletedTextRun({ text: 'low', id: 1, ...change }),
          new InsertedTextRun({ text: 'high', id: 2, ...change }),
          new CommentRangeStart(0),
          new TextRun('.'),
          new CommentRangeEnd(0),
          new TextRun({ children: [new CommentReference(0)] }),
        ],
      }),
    ],
    { comments: { children: [{ id: 0, author: 'Bo', children: [new Paragraph('Really?')] }] } },
    { default: new Header({ children: [new Paragraph('Confidential')] }) },
  );
}

const zip = (parts: Readonly<Record<string, string>>) =>
  zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])));

/** A Word document with a text box in the form of current versions only. */
export function boxedDocument(): Uint8Array {
  const box = `<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><wps:txbx><w:txbxContent><w:p><w:r><w:t>In the box.</w:t></w:r></w:p></w:txbxContent></wps:txbx></wp:inline></w:drawing></mc:Choice></mc:AlternateContent>`;
  const xml = `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><w:body><w:p><w:r><w:t>Outside.</w:t></w:r><w:r>${box}</w:r></w:p></w:body></w:document>`;
  return zip({
    '[Content_Types].xml': `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/document.xml': xml,
  });
}

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** An Excel workbook; numbers in the column "date" are formatted as dates. */
export function workbook(
  sheets: Readonly<Record<string, readonly (readonly (string | number)[])[]>>,
): Uint8Array {
  const names = Object.keys(sheets);
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const relationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const parts: Record<string, string> = {
    '[Content_Types].xml': `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${relationships}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${relationships}"><sheets>${names
      .map((name, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="s${i + 1}"/>`)
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${names
      .map(
        (_, i) =>
          `<Relationship Id="s${i + 1}" Type="${relationships}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`,
      )
      .join('')}<Relationship Id="st" Type="${relationships}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': `<styleSheet xmlns="${main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
  };
  for (const [i, name] of names.entries()) {
    const rows = (sheets[name] ?? []).map((cells, r) => {
      const written = cells.map((value, c) => {
        const at = `${String.fromCharCode(65 + c)}${r + 1}`;
        const date = /date|日期/i.test(String(sheets[name]?.[0]?.[c]));
        return typeof value === 'number'
          ? `<c r="${at}"${date ? ' s="1"' : ''}><v>${value}</v></c>`
          : `<c r="${at}" t="inlineStr"><is><t>${escape(value)}</t></is></c>`;
      });
      return `<row r="${r + 1}">${written.join('')}</row>`;
    });
    parts[`xl/worksheets/sheet${i + 1}.xml`] =
      `<worksheet xmlns="${main}"><sheetData>${rows.join('')}</sheetData></worksheet>`;
  }
  return zip(parts);
}

/** An OpenDocument text. */
export function openDocument(body: string): Uint8Array {
  return zip({
    mimetype: 'application/vnd.oasis.opendocument.text',
    'content.xml': `<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b"><office:body><office:text>${body}</office:text></office:body></office:document-content>`,
  });
}

/** An older Office document, or a container of another kind, by the names of its streams. */
export function compoundFile(streams: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const file = utils.cfb_new();
  for (const [name, content] of Object.entries(streams)) utils.cfb_add(file, `/${name}`, content);
  return Uint8Array.from(write(file, { type: 'array' }) as ArrayLike<number>);
}

const utf16 = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le'));

/** A message as Outlook saves it. */
export function outlookMessage(subject: string, body: string, sent: Date): Uint8Array {
  const properties = new DataView(new ArrayBuffer(48));
  properties.setUint32(32, 0x00390040, true);
  properties.setBigUint64(40, BigInt(sent.getTime() + 11_644_473_600_000) * 10_000n, true);
  return compoundFile({
    '__properties_version1.0': new Uint8Array(properties.buffer),
    '__substg1.0_0037001F': utf16(subject),
    '__substg1.0_1000001F': utf16(body),
    '__attach_version1.0_#00000000/__substg1.0_1000001F': utf16('of the attachment'),
  });
}
