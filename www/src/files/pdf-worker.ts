/** The worker of pdf.js; importing it installs its message handler. */
import 'pdfjs-dist/legacy/build/pdf.worker.mjs';
