/** Reads PDF documents with pdf.js, which works in a worker of its own (pdf-worker.ts). */
import {
  getDocument,
  PDFWorker,
  Util,
  type PDFDocumentProxy,
  type PageViewport,
  type PDFPageProxy,
} from 'pdfjs-dist/legacy/build/pdf.mjs';
import { startWorker } from '../component/own-script';
import { Trouble } from '../failure/trouble';
import { pageLines, type Line, type Piece } from './page-lines';
import { paragraphs } from './paragraphs';
import { withoutRadicals } from './radicals';
import type { Note, Reading } from './reading';

/** URL of the character maps for Chinese fonts; the build puts them beside the scripts. */
const CMAPS = new URL(/* @vite-ignore */ '../cmaps/', import.meta.url).href;

/** The size at which the text of a form field is laid out. */
const FIELD_SIZE = 10;

/**
 * @param onPage is told how many pages have been read, of how many
 * @param script URL of the script of pdf-worker.ts; see documents.ts
 */
export async function readPdf(
  bytes: Uint8Array,
  name: string,
  onPage: (done: number, total: number) => void,
  script: string | undefined,
): Promise<Reading> {
  const pdf = await open(bytes, name, script);
  const pages: Line[][] = [];
  for (let number = 1; number <= pdf.numPages; number++) {
    onPage(number - 1, pdf.numPages);
    const page = await pdf.getPage(number);
    pages.push(pageLines(await pieces(page)));
    page.cleanup();
  }
  const empty = pages.filter((lines) => lines.length === 0).length;
  if (empty === pages.length) throw new Trouble('file_scan', `${empty} pages without text`, name);
  const { text, margins } = paragraphs(pages);
  const notes: Note[] = [];
  if (empty) notes.push({ code: 'pages_without_text', count: empty });
  if (margins) notes.push({ code: 'margins_left_out' });
  return { texts: [{ name, text: withoutRadicals(text) }], notes, questions: [] };
}

/** Opens a document for its text only: no fonts, no images. */
async function open(data: Uint8Array, name: string, script: string | undefined): Promise<PDFDocumentProxy> {
  // The type of `port` allows only null.
  const port = (script === undefined ? null : startWorker(script)) as null;
  const worker = new PDFWorker({ port });
  const options = {
    data,
    // Node reads files, by their paths.
    cMapUrl: script === undefined ? decodeURI(new URL(CMAPS).pathname) : CMAPS,
    cMapPacked: true,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: script !== undefined,
  };
  try {
    return await getDocument({ ...options, worker, isEvalSupported: false, verbosity: 0 }).promise;
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'PasswordException')
      throw new Trouble('file_protected', thrown.message, name);
    throw thrown;
  }
}

/** The text of a page and of the fields that were filled in; text at an angle, such as a watermark, is left out. */
async function pieces(page: PDFPageProxy): Promise<Piece[]> {
  const viewport = page.getViewport({ scale: 1 });
  const { items } = await page.getTextContent();
  const texts = items.flatMap((item): Piece[] => {
    if (!('str' in item) || !item.str) return [];
    const [a = 0, b = 0, c = 0, d = 0, x = 0, y = 0] = Util.transform(
      viewport.transform,
      item.transform,
    ) as number[];
    if (Math.abs(b) > 0.2 * Math.abs(a)) return [];
    return [{ text: item.str, x, y, width: item.width, height: Math.hypot(c, d) || item.height || 1 }];
  });
  const fields = (await page.getAnnotations()).flatMap((annotation) => field(annotation as Field, viewport));
  return [...texts, ...fields];
}

interface Field {
  readonly subtype?: string;
  readonly fieldType?: string;
  readonly fieldValue?: unknown;
  readonly rect?: readonly number[];
}

/** The lines of a field of text, where they stand. */
function field({ subtype, fieldType, fieldValue, rect }: Field, viewport: PageViewport): Piece[] {
  if (subtype !== 'Widget' || (fieldType !== 'Tx' && fieldType !== 'Ch') || !rect) return [];
  const value = Array.isArray(fieldValue) ? fieldValue.join(', ') : fieldValue;
  if (typeof value !== 'string' || !value.trim()) return [];
  const [left = 0, low = 0, right = 0, high = 0] = rect;
  const one = !/[\r\n]/.test(value.trim());
  const baseline = one ? (low + high) / 2 - FIELD_SIZE / 3 : high - FIELD_SIZE;
  const [x = 0, y = 0] = viewport.convertToViewportPoint(left, baseline) as number[];
  return value
    .trim()
    .split(/\r\n?|\n/)
    .map((text, i) => ({
      text,
      x,
      y: y + i * FIELD_SIZE,
      width: Math.min(right - left, (text.length * FIELD_SIZE) / 2),
      height: FIELD_SIZE,
    }));
}
