/**
 * Starts to download the model's files while the wasm is still being compiled. src/browser decides what to fetch and
 * verifies it; a file that it turns out not to need costs only its download. Of several tabs, one downloads, and the others
 * wait until the file is kept.
 */
import { fetchFile } from '../component/fetch-file';
import { inTime } from '../component/in-time';

/** The cache in which src/browser/store.rs keeps model files. */
const CACHE = 'salesmirror-models';

/** How long the browser's storage may take to say whether it has a file; without an answer, it is fetched. */
const STORAGE_MILLISECONDS = 5_000;

/** How long a tab waits for another one, which may be asleep in the background. */
const CLAIM_MILLISECONDS = 120_000;

/** A model from an npm package: its manifest is part of the scripts, and a bundler has given its file another name. */
export interface PackagedModel {
  /** The content of manifest.json. */
  readonly manifest: object;
  /** Absolute URL of the model file. */
  readonly url: string;
}

/** A model: the absolute URL of its manifest, or what a package says of it. */
export type ModelSource = string | PackagedModel;

/** How src/browser gets the model's files. */
export interface Ahead {
  /** URL of the manifest; the model's file is kept under the URL that this one and its name give. */
  readonly manifest: string;
  /**
   * Fetches a file by such a URL; the request may be under way already.
   * @param from how many bytes to leave out
   * @param tag the ETag that the file must have for that; otherwise all of it is sent
   */
  readonly open: (url: string, from?: number, tag?: string) => Promise<Response>;
  /** Resolves when no other tab downloads the files. */
  readonly claim: () => Promise<void>;
  /** Lets other tabs go on: the files are kept, or will not be. */
  readonly release: () => void;
}

/** Requests the manifest, unless it is part of the scripts, and the files that it names and that are not kept. */
export function fetchAhead(model: ModelSource, signal: AbortSignal): Ahead {
  const packaged = typeof model === 'string' ? undefined : model;
  const manifest = typeof model === 'string' ? model : new URL('manifest.json', model.url).href;
  const sent = new Map<string, Promise<Response>>();
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const get = (url: string, headers?: HeadersInit) => {
    if (packaged && url === manifest) return Promise.resolve(new Response(JSON.stringify(packaged.manifest)));
    // The manifest and its file go together, and the browser's cache may have kept one of them from before an update: where the
    // server lets it, it asks whether they have changed.
    return fetchFile(packaged?.url ?? url, { signal, ...(headers ? { headers } : { cache: 'no-cache' }) });
  };
  const send = (url: string) => {
    const response = get(url);
    // Suppresses `unhandledrejection`; whoever takes the response still sees the error.
    response.catch(() => undefined);
    sent.set(url, response);
    return response;
  };
  const first = send(manifest);
  const foreseen = first
    .then(async (response) => {
      const { files } = (await response.clone().json()) as { files: readonly { name: string }[] };
      const urls = files.map(({ name }) => new URL(name, manifest).href);
      await Promise.all(
        urls.map(async (url) => {
          if (await isKept(url)) return;
          await claim(url, signal, released);
          if (!(await isKept(url))) void send(url);
        }),
      );
    })
    // src/browser reports an invalid manifest.
    .catch(() => undefined);
  const open: Ahead['open'] = (url, from, tag) => {
    const whole = sent.get(url);
    sent.delete(url);
    if (from === undefined) return whole ?? get(url);
    // A part is here from an attempt before; all of it would only take the connection from the rest.
    whole?.then(({ body }) => body?.cancel()).catch(() => undefined);
    return get(url, { Range: `bytes=${from}-`, ...(tag && { 'If-Range': tag }) });
  };
  return { manifest, open, claim: () => foreseen, release };
}

/** Waits until no other tab has claimed a file, and has others wait until `released`. */
async function claim(url: string, signal: AbortSignal, released: Promise<void>): Promise<void> {
  // Without a secure context there are no locks, and nothing is kept that another tab could use.
  if (!('locks' in navigator)) return;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(CLAIM_MILLISECONDS)]);
  await new Promise<void>((resolve) => {
    const hold = () => {
      resolve();
      return released;
    };
    // Where the browser grants no lock, the file is at worst fetched twice.
    navigator.locks.request(`salesmirror ${url}`, { signal: limit }, hold).catch(() => {
      resolve();
    });
  });
}

async function isKept(url: string): Promise<boolean> {
  // Without a secure context there is no Cache Storage.
  if (!('caches' in globalThis)) return false;
  const found = caches.open(CACHE).then((cache) => cache.match(url));
  return inTime(
    found.then((response) => response !== undefined),
    STORAGE_MILLISECONDS,
    new Error('Cache Storage did not answer'),
  ).catch(() => false);
}
