/**
 * Reads a file in a worker, which is ended when it takes too long or when the person cancels. A worker that has
 * answered waits a moment for the next one, so that many small files are read quickly.
 */
import { absolute, startWorker } from '../component/own-script';
import { Trouble } from '../failure/trouble';
import type { Answer, Request } from './document-worker';
import script from './document-worker.ts?worker&url';
import pdfWorker from './pdf-worker.ts?worker&url';
import type { OnPage } from './documents';
import { LimitExceeded, LIMITS } from './limits';
import { asName } from './name';
import type { Choices, Reading } from './reading';

/** How long a worker waits for another file, in milliseconds. */
const IDLE = 2_000;

/** A worker that has read more bytes than this is not used again, so that its memory is freed. */
const LARGE = 1_000_000;

let waiting: { readonly worker: Worker; readonly timer: ReturnType<typeof setTimeout> } | undefined;

/**
 * Reads a file as the person chose. Rejects with a Trouble, or with the reason of the signal once it is aborted.
 * @param onPage is told how many pages have been read, of how many
 */
export async function readFile(
  file: File,
  choices: Choices,
  onPage: OnPage,
  signal: AbortSignal,
): Promise<Reading> {
  signal.throwIfAborted();
  const name = asName(file.name);
  if (file.size > LIMITS.bytes) throw new LimitExceeded('bytes', name);
  let bytes: ArrayBuffer;
  try {
    bytes = await file.arrayBuffer();
  } catch (error) {
    throw new Trouble('file_gone', String(error), name);
  }
  signal.throwIfAborted();
  return ask({ bytes, name: file.name, choices, pdfWorker: absolute(pdfWorker) }, name, onPage, signal);
}

async function ask(request: Request, name: string, onPage: OnPage, signal: AbortSignal): Promise<Reading> {
  const size = request.bytes.byteLength;
  const worker = take();
  const listening = new AbortController();
  const clocks = { silence: 0, seconds: 0 };
  const outcome = { usable: false };
  try {
    return await new Promise<Reading>((resolve, reject) => {
      const start = (limit: 'silence' | 'seconds') => {
        clearTimeout(clocks[limit]);
        clocks[limit] = window.setTimeout(() => {
          reject(new LimitExceeded(limit, name));
        }, 1000 * LIMITS[limit]);
      };
      const options = { signal: listening.signal };
      const aborted = () => {
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', aborted, options);
      const answered = ({ data }: MessageEvent<Answer>) => {
        if ('done' in data) {
          start('silence');
          onPage(data.done, data.total);
          return;
        }
        outcome.usable = size <= LARGE && !('limit' in data && data.limit);
        if ('reading' in data) resolve(data.reading);
        else if (data.limit) reject(new LimitExceeded(data.limit, name));
        else reject(new Trouble(data.code, data.message, name));
      };
      worker.addEventListener('message', answered, options);
      const failed = (event: ErrorEvent) => {
        event.preventDefault();
        reject(new Trouble('reader_missing', event.message || 'the worker did not start', name));
      };
      worker.addEventListener('error', failed, options);
      start('silence');
      start('seconds');
      worker.postMessage(request, [request.bytes]);
    });
  } finally {
    if (outcome.usable) wait(worker);
    else worker.terminate();
    listening.abort();
    clearTimeout(clocks.silence);
    clearTimeout(clocks.seconds);
  }
}

/** The worker that waits, or a new one. */
function take(): Worker {
  if (!waiting) return startWorker(absolute(script));
  const { worker, timer } = waiting;
  clearTimeout(timer);
  waiting = undefined;
  return worker;
}

/** Keeps a worker for the next file. */
function wait(worker: Worker): void {
  if (waiting) {
    worker.terminate();
    return;
  }
  const timer = setTimeout(() => {
    waiting = undefined;
    worker.terminate();
  }, IDLE);
  waiting = { worker, timer };
}
