/**
 * Starts to download the model's files while the wasm is still being compiled. src/browser decides what to fetch and
 * verifies it; a file that it turns out not to need costs only its download.
 */

/** The cache in which src/browser/store.rs keeps model files. */
const CACHE = 'salesmirror-models';

/** Returns a fetch function whose requests for the model's files are already under way. It never leaves the origin. */
export function fetchAhead(manifest: string, signal: AbortSignal): (url: string) => Promise<Response> {
  const sent = new Map<string, Promise<Response>>();
  // `same-origin` rejects redirects to other origins, too.
  const get = (url: string) => fetch(url, { mode: 'same-origin', signal });
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
      await Promise.all(urls.map(async (url) => (await isKept(url)) || send(url)));
    })
    // src/browser reports an invalid manifest.
    .catch(() => undefined);
  return async (url) => {
    if (url !== manifest) await foreseen;
    const response = sent.get(url) ?? get(url);
    sent.delete(url);
    return response;
  };
}

async function isKept(url: string): Promise<boolean> {
  // Without a secure context there is no Cache Storage.
  if (!('caches' in globalThis)) return false;
  return (await (await caches.open(CACHE)).match(url)) !== undefined;
}
