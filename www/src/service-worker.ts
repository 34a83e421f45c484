/**
 * Keeps the files of the page (HTML, styles, scripts, wasm), so that a reload works offline. The wasm keeps the model
 * itself. Nothing that a person types passes through here.
 */
/// <reference lib="webworker" />
import { hasRelaxedSimd } from './engine/simd';
import { KeptFiles, type Shell } from './page/kept-files';

declare const self: ServiceWorkerGlobalScope;

/** The build puts it here. */
const shell = JSON.parse('@shell@') as Shell;
const CACHE = `salesmirror-page-${shell.version}`;
const scope = new URL(self.registration.scope);
const kept = new KeptFiles(CACHE, scope.href, shell);

/** The wasm build that this browser does not use. */
const otherBuild = hasRelaxedSimd() ? 'assets/simd128' : 'assets/relaxed-simd';

self.addEventListener('install', (event) => {
  const keep = async () => {
    const scripts = Object.keys(shell.scripts).filter((name) => !name.startsWith(otherBuild));
    const editable = [...Object.keys(shell.pages), ...shell.data];
    // If a script cannot be kept, the browser installs this worker at another visit, and until then the server answers.
    await Promise.all([
      ...scripts.map((name) => kept.fetch(name)),
      ...editable.map((name) => kept.fetch(name).catch(() => undefined)),
    ]);
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
  const inside = url.origin === scope.origin && url.pathname.startsWith(scope.pathname);
  const name = url.pathname.slice(scope.pathname.length) || './';
  if (request.method !== 'GET' || !inside || name.startsWith('models/')) return;
  event.respondWith(name.startsWith('assets/') ? keptFirst(event, name) : serverFirst(event, name));
});

/** For files whose names contain a hash of their content. */
async function keptFirst(event: FetchEvent, name: string): Promise<Response> {
  const copy = await match(name);
  return copy ?? ask(event, name);
}

async function serverFirst(event: FetchEvent, name: string): Promise<Response> {
  try {
    const response = await ask(event, name);
    if (!(name in shell.scripts)) return response;
    // An error or a page for signing in is of no use where a script was asked for.
    const usable = response.ok && response.headers.get('Content-Type')?.includes('javascript');
    return usable ? response : ((await match(name)) ?? response);
  } catch (error) {
    const copy = await match(name);
    if (!copy) throw error;
    return copy;
  }
}

/** Asks the server, and keeps its answer if it is a file of the page that is not kept, or that may have been edited. */
async function ask(event: FetchEvent, name: string): Promise<Response> {
  const response = await fetch(event.request);
  if (response.status === 200 && (kept.isFixed(name) || shell.data.includes(name))) {
    const copy = response.clone();
    const keep = async () => {
      if (!kept.isFixed(name) || !(await kept.has(name))) await kept.keep(name, copy);
    };
    // Without room or permission to keep it, the server is asked again next time.
    event.waitUntil(keep().catch(() => undefined));
  }
  return response;
}

/** A browser that denies its storage keeps nothing. */
const match = (name: string): Promise<Response | undefined> => kept.match(name).catch(() => undefined);
