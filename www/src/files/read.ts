/** Reads a file in a worker of its own, which ends with it. */
import { startWorker } from '../component/own-script';
import { Trouble } from '../failure/trouble';
import type { Answer, Request } from './document-worker';
import script from './document-worker.ts?worker&url';
import pdfWorker from './pdf-worker.ts?worker&url';
import type { OnPage } from './documents';
import type { Choices, Reading } from './reading';

// Vite's own server names files by paths.
const absolute = (url: string) => new URL(url, location.href).href;

/** In bytes. */
const LARGEST = 20_000_000;

/** Reads a file as the person chose. Rejects with a Trouble. */
export async function readFile(file: File, choices: Choices, onPage: OnPage): Promise<Reading> {
  if (file.size > LARGEST) throw new Trouble('file_too_large', `${file.size} bytes`, file.name);
  let bytes: ArrayBuffer;
  try {
    bytes = await file.arrayBuffer();
  } catch (error) {
    throw new Trouble('file_gone', String(error), file.name);
  }
  return ask({ bytes, name: file.name, choices, pdfWorker: absolute(pdfWorker) }, onPage);
}

async function ask(request: Request, onPage: OnPage): Promise<Reading> {
  const worker = startWorker(absolute(script));
  const { name } = request;
  try {
    return await new Promise<Reading>((resolve, reject) => {
      worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
        if ('done' in data) onPage(data.done, data.total);
        else if ('reading' in data) resolve(data.reading);
        else reject(new Trouble(data.code, data.message, name));
      });
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        reject(new Trouble('reader_missing', event.message || 'the worker did not start', name));
      });
      worker.postMessage(request, [request.bytes]);
    });
  } finally {
    worker.terminate();
  }
}
