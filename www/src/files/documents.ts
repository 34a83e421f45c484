/** Reads the content of a file with the reader for its type. Libraries are loaded only when a file needs them. */
import { asTrouble, Trouble } from '../failure/trouble';
import { readCaptions } from './captions';
import { recognise, type FileType } from './file-type';
import type { Choices, Reading } from './reading';
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
 * @param pdfWorker URL of the script of pdf-worker.ts; without it pdf.js works in this thread, which needs its code in
 *   `globalThis.pdfjsWorker`
 */
export async function readDocument(
  bytes: Uint8Array,
  name: string,
  choices: Choices,
  onPage: OnPage,
  pdfWorker?: string,
): Promise<Reading> {
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
  } catch (error) {
    throw asTrouble(error, 'file_unreadable', name);
  }
  const waits = reading.questions.some(({ value }) => value === undefined);
  if (!waits && !reading.texts.some(({ text }) => text.trim()))
    throw new Trouble('file_empty', 'no text', name);
  if (renamed === undefined) return reading;
  return { ...reading, notes: [{ code: 'renamed', about: type }, ...reading.notes] };
}
