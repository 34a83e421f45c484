/** pdf.js's half that reads a document; it answers messages by itself. */
import 'pdfjs-dist/legacy/build/pdf.worker.mjs';
