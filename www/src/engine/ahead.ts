/**
 * Starts to download the model's files while the wasm is still being compiled. src/browser decides what to fetch and
 * verifies it; a file that it turns out not to need costs only its download.
 */

/** The cache in which src/browser/store.rs keeps model files. */
const CACHE = 'salesmirror-models';

/** A model from an npm package: its manifest is part of the scripts, and a bundler has given its file another name. */
export interface PackagedModel {
  /** The content of manifest.json. */
  readonly manifest: object;
  /** Absolute URL of the model file. */
  readonly url: string;
}

/** A model: the absolute URL of its manifest, or what a package says of it. */
export type ModelSource = string | PackagedModel;

/** What src/browser loads a model by. */
export interface Opening {
  /** URL of the manifest; the model's file is kept under the URL that this one and its name give. */
  readonly manifest: string;
  /** Requests a file by such a URL. It never leaves the origin. */
  readonly open: (url: string) => Promise<Response>;
}

/** Returns a fetch function whose requests for the model's files are already under way. */
export function fetchAhead(model: ModelSource, signal: AbortSignal): Opening {
  const packaged = typeof model === 'string' ? undefined : model;
  const manifest = typeof model === 'string' ? model : new URL('manifest.json', model.url).href;
  const sent = new Map<string, Promise<Response>>();
  const get = (url: string) => {
    if (packaged && url === manifest) return Promise.resolve(new Response(JSON.stringify(packaged.manifest)));
    // `same-origin` rejects redirects to other origins, too.
    return fetch(packaged?.url ?? url, { mode: 'same-origin', signal });
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
      await Promise.all(urls.map(async (url) => (await isKept(url)) || send(url)));
    })
    // src/browser reports an invalid manifest.
    .catch(() => undefined);
  const open = async (url: string) => {
    if (url !== manifest) await foreseen;
    const response = sent.get(url) ?? get(url);
    sent.delete(url);
    return response;
  };
  return { manifest, open };
}

async function isKept(url: string): Promise<boolean> {
  // Without a secure context there is no Cache Storage.
  if (!('caches' in globalThis)) return false;
  return (await (await caches.open(CACHE)).match(url)) !== undefined;
}
