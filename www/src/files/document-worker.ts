/** Reads files off the main thread, one after the other. Messages are the types below; documents.ts does the work. */
import { asTrouble, type TroubleCode } from '../failure/trouble';
import { readDocument, type OnPage } from './documents';
import { LimitExceeded, type Limit } from './limits';
import type { Choices, Reading } from './reading';

/** What the page sends. */
export interface Request {
  readonly bytes: ArrayBuffer;
  readonly name: string;
  readonly choices: Choices;
  /** The script of the worker of pdf.js, which only the page's scripts name, as engine/files.ts explains. */
  readonly pdfWorker: string;
}

/** What it gets back: progress any number of times, then a reading or a trouble. */
export type Answer =
  | { readonly done: number; readonly total: number }
  | { readonly reading: Reading }
  | { readonly code: TroubleCode; readonly message: string; readonly limit: Limit | undefined };

const answer = (message: Answer) => {
  postMessage(message);
};

addEventListener('message', ({ data: { bytes, name, choices, pdfWorker } }: MessageEvent<Request>) => {
  const onPage: OnPage = (done, total) => {
    answer({ done, total });
  };
  readDocument(new Uint8Array(bytes), name, choices, onPage, pdfWorker).then(
    (reading) => {
      answer({ reading });
    },
    (thrown: unknown) => {
      const { code, message } = asTrouble(thrown, 'file_unreadable', name);
      answer({ code, message, limit: thrown instanceof LimitExceeded ? thrown.limit : undefined });
    },
  );
});
