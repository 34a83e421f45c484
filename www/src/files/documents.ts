/** Reads the content of a file with the reader for its type. Libraries are loaded only when a file needs them. */
import { asTrouble, Trouble } from '../failure/trouble';
import { readCaptions } from './captions';
import { recognise, type FileType } from './file-type';
import { LimitExceeded, withinLimit } from './limits';
import { asName } from './name';
import type { Choices, Note, Reading } from './reading';
import { readDelimited } from './table';
import { readText } from './text-file';

/** Called with the pages that are read, and their number. */
export type OnPage = (done: number, total: number) => void;

type Reader = (
  bytes: Uint8Array,
  name: string,
  choices: Choices,
  onPage: OnPage,
  pdfWorker: string | undefined,
) => Reading | Promise<Reading>;

const READERS: Readonly<Record<FileType, () => Promise<Reader>>> = {
  text: () => Promise.resolve(readText),
  table: () => Promise.resolve(readDelimited),
  captions: () => Promise.resolve(readCaptions),
  mail: async () => (await import('./mail')).readMail,
  outlook: async () => (await import('./mail')).readOutlook,
  docx: async () => (await import('./word')).readWord,
  odt: async () => (await import('./open-document')).readOpenDocument,
  xlsx: async () => (await import('./spreadsheet')).readSpreadsheet,
  pdf: async () => {
    const { readPdf } = await import('./pdf');
    return (bytes, name, _, onPage, pdfWorker) => readPdf(bytes, name, onPage, pdfWorker);
  },
};

/**
 * Reads a file. Rejects with a Trouble.
 * @param fileName whatever characters it has
 * @param pdfWorker URL of the script of pdf-worker.ts; without it pdf.js works in this thread, which needs its code in
 *   `globalThis.pdfjsWorker`
 */
export async function readDocument(
  bytes: Uint8Array,
  fileName: string,
  choices: Choices,
  onPage: OnPage,
  pdfWorker?: string,
): Promise<Reading> {
  const name = asName(fileName);
  const { type, renamed } = recognise(bytes, name);
  let read: Reader;
  try {
    read = await READERS[type]();
  } catch (error) {
    throw new Trouble('reader_missing', String(error), name);
  }
  let reading: Reading;
  try {
    reading = await read(bytes, name, choices, onPage, pdfWorker);
    measure(reading);
  } catch (error) {
    if (error instanceof LimitExceeded) throw new LimitExceeded(error.limit, name);
    throw asTrouble(error, 'file_unreadable', name);
  }
  const waits = reading.questions.some(({ value }) => value === undefined);
  const filled = reading.cells?.flat() ?? reading.texts.map(({ text }) => text);
  if (!waits && !filled.some((text) => text.trim())) throw new Trouble('file_empty', 'no text', name);
  const texts = reading.texts.map((found) => ({ ...found, name: asName(found.name) }));
  const notes: readonly Note[] =
    renamed === undefined ? reading.notes : [{ code: 'renamed', about: type }, ...reading.notes];
  return { ...reading, texts, notes };
}

/** Throws a LimitExceeded if there is more text than the page can show. */
function measure({ texts, cells = [] }: Reading): void {
  let all = 0;
  for (const text of [...texts.map((found) => found.text), ...cells.flat()]) {
    withinLimit('characters', text.length);
    withinLimit('allCharacters', (all += text.length));
  }
}
