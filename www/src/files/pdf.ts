/** pdf.js: this half asks, its other half reads in a worker of its own. */
import { getDocument, PDFWorker, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** Character maps of Chinese fonts; the build puts them beside the scripts. */
const CMAPS = new URL(/* @vite-ignore */ '../cmaps/', import.meta.url).href;

/** Opens a document for its text; fonts and pictures are left alone. */
export function open(data: Uint8Array): Promise<PDFDocumentProxy> {
  const port = new Worker(new URL('./pdf-worker.ts', import.meta.url), { type: 'module' });
  // The types say that a worker may only be left out.
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
