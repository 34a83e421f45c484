/**
 * Keeps the files of the page (HTML, styles, scripts, wasm), so that a reload works offline. The wasm keeps the model
 * itself. Nothing that a person types passes through here.
 */
/// <reference lib="webworker" />
import { hasRelaxedSimd } from './engine/relaxed-simd';

declare const self: ServiceWorkerGlobalScope;

/** The version and the files of the page; the build puts them here. */
const shell = JSON.parse('@shell@') as { readonly version: string; readonly files: readonly string[] };
const CACHE = `salesmirror-page-${shell.version}`;

/** The wasm build that this browser does not use. */
const otherBuild = hasRelaxedSimd() ? 'assets/simd128' : 'assets/relaxed-simd';

self.addEventListener('install', (event) => {
  const keep = async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(shell.files.filter((name) => !name.startsWith(otherBuild)));
    await self.skipWaiting();
  };
  event.waitUntil(keep());
});

self.addEventListener('activate', (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith('salesmirror-page-') && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const scope = new URL(self.registration.scope);
  const inside = url.origin === scope.origin && url.pathname.startsWith(scope.pathname);
  const path = url.pathname.slice(scope.pathname.length);
  if (request.method !== 'GET' || !inside || path.startsWith('models/')) return;
  event.respondWith(path.startsWith('assets/') ? cacheFirst(request) : networkFirst(request));
});

/** For files whose names contain a hash of their content. */
async function cacheFirst(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

async function networkFirst(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(request, { ignoreSearch: true, ignoreVary: true });
    if (!kept) throw error;
    return kept;
  }
}
