/** Opens PDF documents with pdf.js, which reads them in a worker of its own (pdf-worker.ts). */
import { getDocument, PDFWorker, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** URL of the character maps for Chinese fonts; the build puts them beside the scripts. */
const CMAPS = new URL(/* @vite-ignore */ '../cmaps/', import.meta.url).href;

/** Opens a document for its text only: no fonts, no images. */
export function open(data: Uint8Array): Promise<PDFDocumentProxy> {
  const port = new Worker(new URL('./pdf-worker.ts', import.meta.url), { type: 'module' });
  // The type of `port` allows only null.
  const worker = new PDFWorker({ port: port as unknown as null });
  const options = {
    data,
    cMapUrl: CMAPS,
    cMapPacked: true,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: true,
  };
  return getDocument({ ...options, worker, isEvalSupported: false, verbosity: 0 }).promise;
}
