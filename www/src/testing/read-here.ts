/** For tests: reads files without a worker, which happy-dom does not have. Use it as a mock of files/read.ts. */
import { readDocument, type OnPage } from '../files/documents';
import type { Choices, Reading } from '../files/reading';

export async function readFile(
  file: File,
  choices: Choices,
  onPage: OnPage,
  signal: AbortSignal,
): Promise<Reading> {
  signal.throwIfAborted();
  const reading = await readDocument(new Uint8Array(await file.arrayBuffer()), file.name, choices, onPage);
  signal.throwIfAborted();
  return reading;
}
