/** Gives up waiting for what will never settle, such as an answer of a worker that has ended, or what nobody asks for any more. */

/**
 * Settles as `work` does, or rejects with the signal's reason if it is, or has been, aborted before. Nothing listens to the signal
 * afterwards: one that lives as long as the model would keep every answer until then, and so would `Promise.race` with one promise.
 */
export async function unless<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let stop: () => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => {
      reject(signal.reason);
    };
  });
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  try {
    return await Promise.race([stopped, work]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
