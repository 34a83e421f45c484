/** Puts a limit on waiting for what may never come, such as an answer of a server that has fallen silent. */

/**
 * Settles as `work` does, or rejects with `late` if that takes longer than so many milliseconds. The work goes on then.
 * @param late what to reject with
 */
export async function inTime<T>(work: Promise<T>, milliseconds: number, late: unknown): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(late);
    }, milliseconds);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
