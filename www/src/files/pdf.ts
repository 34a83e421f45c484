/** Reads PDF documents page by page with pdf.js, which works in a worker of its own (pdf-worker.ts). */
import {
  getDocument,
  PDFWorker,
  Util,
  type PDFDocumentProxy,
  type PageViewport,
  type PDFPageProxy,
} from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { TextContent } from 'pdfjs-dist/types/src/display/api';
import { startWorker } from '../component/own-script';
import { Trouble } from '../failure/trouble';
import { LimitExceeded, LIMITS, withinLimit } from './limits';
import { pageLines, type Line, type Piece } from './page-lines';
import { paragraphs } from './paragraphs';
import { measureStreams } from './pdf-streams';
import { withoutRadicals } from './radicals';
import type { Note, Reading } from './reading';

/** URL of the character maps for Chinese fonts that a document does not embed; the build puts them beside the scripts. */
const CMAPS = new URL(/* @vite-ignore */ '../cmaps/', import.meta.url).href;

/** The size at which the text of a form field is laid out. */
const FIELD_SIZE = 10;

/** Pages after which pdf.js forgets what it knows of the document, such as fonts. */
const PAGES_KEPT = 20;

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
  await measureStreams(bytes);
  const port = script === undefined ? undefined : startWorker(script);
  try {
    return await readPages(await open(bytes, name, port), name, onPage);
  } finally {
    port?.terminate();
  }
}

async function readPages(
  pdf: PDFDocumentProxy,
  name: string,
  onPage: (done: number, total: number) => void,
): Promise<Reading> {
  withinLimit('pages', pdf.numPages);
  const pages: Line[][] = [];
  let characters = 0;
  for (let number = 1; number <= pdf.numPages; number++) {
    onPage(number - 1, pdf.numPages);
    const page = await pdf.getPage(number);
    const found = await pieces(page, LIMITS.characters - characters);
    characters += found.reduce((sum, { text }) => sum + text.length, 0);
    pages.push(pageLines(found));
    page.cleanup();
    if (number % PAGES_KEPT === 0) await pdf.cleanup();
  }
  const empty = pages.filter((lines) => lines.length === 0).length;
  if (empty === pages.length) throw new Trouble('file_scan', `${empty} pages without text`, name);
  const { text, margins } = paragraphs(pages);
  const notes: Note[] = [];
  if (empty) notes.push({ code: 'pages_without_text', count: empty });
  if (margins) notes.push({ code: 'margins_left_out' });
  return { texts: [{ name, text: withoutRadicals(text) }], notes, questions: [] };
}

/** Fetches the character maps for pdf.js, and nothing else: fonts and decoders of images are not needed for text. */
class CharacterMaps {
  async fetch({ kind, filename }: { readonly kind: string; readonly filename: string }): Promise<Uint8Array> {
    if (kind !== 'cMapUrl') throw new Error(`${filename} is not needed`);
    const response = await fetch(CMAPS + filename);
    if (!response.ok) throw new Error(`${filename}: status ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  }
}

/** Opens a document for its text only: no fonts, no images. */
async function open(data: Uint8Array, name: string, port: Worker | undefined): Promise<PDFDocumentProxy> {
  // The type of `port` allows only null.
  const worker = new PDFWorker({ port: (port ?? null) as null });
  const options = {
    data,
    cMapPacked: true,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    // Without a worker, pdf.js runs in Node and reads files by their paths.
    ...(port ? { BinaryDataFactory: CharacterMaps } : { cMapUrl: decodeURI(new URL(CMAPS).pathname) }),
  };
  try {
    return await getDocument({ ...options, worker, isEvalSupported: false, verbosity: 0 }).promise;
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'PasswordException')
      throw new Trouble('file_protected', thrown.message, name);
    throw thrown;
  }
}

/**
 * The text of a page and of the fields that were filled in; text at an angle, such as a watermark, is left out. Throws a
 * LimitExceeded as soon as there are more characters than the most.
 */
async function pieces(page: PDFPageProxy, most: number): Promise<Piece[]> {
  const viewport = page.getViewport({ scale: 1 });
  const items: TextContent['items'] = [];
  let characters = 0;
  // The worker goes on only when what came is taken.
  const reader = (page.streamTextContent() as ReadableStream<TextContent>).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    items.push(...part.value.items);
    for (const item of part.value.items) characters += 'str' in item ? item.str.length : 0;
    if (characters > most) throw new LimitExceeded('characters');
  }
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
