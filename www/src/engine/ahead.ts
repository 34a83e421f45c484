/**
 * Sends for the model's files while the wasm is still being compiled. What to fetch, and whether it is what it should
 * be, src/browser decides; a file that it does not ask for after all costs nothing but its download.
 */

/** The cache in which src/browser/store.rs keeps model files. */
const CACHE = 'salesmirror-models';

/** A function from a URL to its response, under way already where it was foreseen. Never leaves the origin. */
export function fetchAhead(manifest: string, signal: AbortSignal): (url: string) => Promise<Response> {
  const sent = new Map<string, Promise<Response>>();
  // Not even by a redirect.
  const get = (url: string) => fetch(url, { mode: 'same-origin', signal });
  const send = (url: string) => {
    const response = get(url);
    // Whoever takes it hears of a failure; nobody taking it is no unhandled rejection.
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
    // An unsound manifest is src/browser's to complain of.
    .catch(() => undefined);
  return async (url) => {
    if (url !== manifest) await foreseen;
    const response = sent.get(url) ?? get(url);
    sent.delete(url);
    return response;
  };
}

async function isKept(url: string): Promise<boolean> {
  // Plain http has no Cache Storage.
  if (!('caches' in globalThis)) return false;
  return (await (await caches.open(CACHE)).match(url)) !== undefined;
}
