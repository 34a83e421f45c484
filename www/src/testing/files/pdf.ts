/** For tests: PDF documents with text at given places, made here so that none has to be committed. */

/** Text at a distance from the left and the lower edge of the page. */
export interface Placed {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  /** Of the font; 10 by default. */
  readonly size?: number;
}

export interface PdfOptions {
  /** A field of a form on the first page, filled in. */
  readonly field?: Placed;
  /** Needs a password. */
  readonly encrypted?: boolean;
}

const PAGE = '[0 0 595 842]';
const escaped = (text: string) => text.replace(/[\\()]/g, '\\$&');

/** A document with one page for each list of texts, in the order in which they are drawn. */
export function pdfDocument(
  pages: readonly (readonly Placed[])[],
  { field, encrypted = false }: PdfOptions = {},
): Uint8Array {
  const objects: string[] = [];
  const add = (object: string) => objects.push(object);
  const first = 5;
  const kids = pages.map((_, i) => `${first + 2 * i} 0 R`).join(' ');
  const form = field ? ' /AcroForm << /Fields [4 0 R] /DR << /Font << /F 3 0 R >> >> >>' : '';
  add(`<< /Type /Catalog /Pages 2 0 R${form} >>`);
  add(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`);
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>');
  const rect = field ? `${field.x} ${field.y - 4} ${field.x + 200} ${field.y + 12}` : '0 0 0 0';
  add(
    `<< /Type /Annot /Subtype /Widget /FT /Tx /T (field) /V (${escaped(field?.text ?? '')}) /DA (/F 10 Tf) /Rect [${rect}] >>`,
  );
  for (const [i, texts] of pages.entries()) {
    const annotations = field && i === 0 ? ' /Annots [4 0 R]' : '';
    add(
      `<< /Type /Page /Parent 2 0 R /MediaBox ${PAGE} /Resources << /Font << /F 3 0 R >> >> /Contents ${first + 2 * i + 1} 0 R${annotations} >>`,
    );
    const content = texts
      .map(({ text, x, y, size = 10 }) => `BT /F ${size} Tf ${x} ${y} Td (${escaped(text)}) Tj ET`)
      .join('\n');
    add(`<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
  }
  if (encrypted) {
    const key = `<${'ab'.repeat(32)}>`;
    add(`<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O ${key} /U ${key} >>`);
  }
  let file = '%PDF-1.7\n';
  const offsets = objects.map((object, i) => {
    const offset = file.length;
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const encryption = encrypted ? ` /Encrypt ${objects.length} 0 R` : '';
  const start = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`;
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /ID [<00> <00>]${encryption} >>\nstartxref\n${start}\n%%EOF\n`;
  return new Uint8Array(Buffer.from(file, 'latin1'));
}
