/** Extracts the text of a .docx (mammoth) or a .pdf (pdfjs-dist) off the main thread. Each library is loaded only when needed. */
import { paragraphs, withoutRadicals, type Line } from './paragraphs';

/** What read.ts sends. */
export interface Question {
  readonly bytes: ArrayBuffer;
  readonly extension: 'docx' | 'pdf';
}

/** What read.ts gets back. */
export type Answer =
  | { readonly text: string }
  | { readonly code: 'file_unreadable' | 'reader_missing'; readonly message: string };

const loaders = { docx: () => import('mammoth'), pdf: () => import('./pdf') };

async function readDocx(
  bytes: ArrayBuffer,
  { default: mammoth }: Awaited<ReturnType<typeof loaders.docx>>,
): Promise<string> {
  const { value } = await mammoth.extractRawText({ arrayBuffer: bytes });
  return value.replace(/\n{2,}/g, '\n');
}

async function readPdf(
  bytes: ArrayBuffer,
  { open }: Awaited<ReturnType<typeof loaders.pdf>>,
): Promise<string> {
  const pdf = await open(new Uint8Array(bytes));
  const pages: string[] = [];
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    const lines: Line[] = [];
    let line = '';
    let end = 0;
    for (const item of items) {
      if (!('str' in item)) continue;
      line += item.str;
      if (item.str.trim()) end = Number(item.transform[4]) + item.width;
      if (!item.hasEOL) continue;
      lines.push({ text: line.trim(), end });
      line = '';
    }
    if (line.trim()) lines.push({ text: line.trim(), end });
    pages.push(paragraphs(lines));
    page.cleanup();
  }
  return withoutRadicals(pages.join('\n\n'));
}

async function answer({ bytes, extension }: Question): Promise<Answer> {
  let read: () => Promise<string>;
  try {
    if (extension === 'docx') {
      const loaded = await loaders.docx();
      read = () => readDocx(bytes, loaded);
    } else {
      const loaded = await loaders.pdf();
      read = () => readPdf(bytes, loaded);
    }
  } catch (error) {
    return { code: 'reader_missing', message: String(error) };
  }
  try {
    return { text: await read() };
  } catch (error) {
    return { code: 'file_unreadable', message: String(error) };
  }
}

addEventListener('message', ({ data }: MessageEvent<Question>) => {
  void answer(data).then((found) => {
    postMessage(found);
  });
});
