/**
 * The end of a worker. What it was asked for never settles then, so whoever waits for it is told.
 */
export class Ending {
  private readonly waiting = new Set<(why: unknown) => void>();
  private come: { readonly why: unknown } | undefined;

  /**
   * Settles as `work` does, or rejects when the end comes, or has come, before. `Promise.race` with one promise for the end would
   * keep every answer until then.
   */
  async before<T>(work: Promise<T>): Promise<T> {
    let stop: (why: unknown) => void = () => undefined;
    const ended = new Promise<never>((_, reject) => {
      stop = reject;
    });
    if (this.come) stop(this.come.why);
    this.waiting.add(stop);
    try {
      return await Promise.race([ended, work]);
    } finally {
      this.waiting.delete(stop);
    }
  }

  /** Tells all who wait why the worker has ended; later ends change nothing. */
  now(why: unknown): void {
    this.come ??= { why };
    for (const stop of this.waiting) stop(this.come.why);
  }
}
