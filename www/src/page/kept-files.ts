/**
 * The copies of the page's files that the service worker keeps in Cache Storage. Every page of the origin can write there,
 * and a server can answer with something else than the file, such as a page for signing in. So a copy is checked
 * when it is kept, and again whenever it is served. When to keep and to serve is left to service-worker.ts.
 */

/** Names are relative to the folder of the page. */
export interface Shell {
  /** A hash of all files of the build. */
  readonly version: string;
  /** The files of the build by name, with their SHA-256 in hexadecimal. */
  readonly scripts: Readonly<Record<string, string>>;
  /** The page itself in the same way. A company may have edited it on its server; then it is not kept. */
  readonly pages: Readonly<Record<string, string>>;
  /** JSON files that a company may edit. They hold no code, and the page checks what is in them. */
  readonly data: readonly string[];
}

export class KeptFiles {
  private readonly hashes: ReadonlyMap<string, string>;
  private readonly data: ReadonlySet<string>;

  /**
   * @param cache name of the cache
   * @param scope URL of the folder of the page
   */
  constructor(
    private readonly cache: string,
    private readonly scope: string,
    shell: Pick<Shell, 'scripts' | 'pages' | 'data'>,
  ) {
    this.hashes = new Map([...Object.entries(shell.scripts), ...Object.entries(shell.pages)]);
    this.data = new Set(shell.data);
  }

  /** Whether only one content of this file is right. */
  isFixed(name: string): boolean {
    return this.hashes.has(name);
  }

  /** Fetches a file and keeps it. Rejects if the server answers with something else. */
  async fetch(name: string): Promise<void> {
    // The browser's own cache may hold what was answered instead of the file.
    for (const cache of ['default', 'reload'] as const) {
      if (await this.keep(name, await fetch(this.url(name), { cache }))) return;
    }
    throw new Error(`${this.url(name)} is not the file that belongs to this version of the page`);
  }

  /** Keeps a copy of an answer if it is the file itself, and tells whether it is. The answer's body is left unread. */
  async keep(name: string, response: Response): Promise<boolean> {
    if (response.status !== 200 || !(await this.isRight(name, response.clone()))) return false;
    const cache = await caches.open(this.cache);
    await cache.put(this.url(name), response.clone());
    return true;
  }

  /** The copy of a file, if there is one and it is right; any other is deleted. */
  async match(name: string): Promise<Response | undefined> {
    const cache = await caches.open(this.cache);
    const kept = await cache.match(this.url(name), { ignoreVary: true });
    if (!kept || (await this.isRight(name, kept.clone()))) return kept;
    await cache.delete(this.url(name), { ignoreVary: true });
    return undefined;
  }

  /** Whether there is a copy of a file; it may have been changed. */
  async has(name: string): Promise<boolean> {
    const cache = await caches.open(this.cache);
    return (await cache.match(this.url(name), { ignoreVary: true })) !== undefined;
  }

  private url(name: string): string {
    return new URL(name, this.scope).href;
  }

  private async isRight(name: string, response: Response): Promise<boolean> {
    if (this.data.has(name)) {
      return response.json().then(
        () => true,
        () => false,
      );
    }
    const hash = this.hashes.get(name);
    return hash !== undefined && hash === (await sha256(await response.arrayBuffer()));
  }
}

/** In hexadecimal. The same as in component/sha256.ts: the service worker is one file, and cannot share a chunk with the page. */
async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
