import { afterEach, expect, test, vi } from 'vitest';
import { fetchAhead } from './ahead';

const manifest = { files: [{ name: 'model.gguf' }] };

function server(): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url);
    return Promise.resolve(new Response(url.endsWith('manifest.json') ? JSON.stringify(manifest) : url));
  });
  return asked;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

test('the model is requested as soon as its manifest is there, and once', async () => {
  const asked = server();
  const opening = fetchAhead('https://app.example/m/manifest.json', new AbortController().signal);
  expect(await (await opening.open(opening.manifest)).json()).toEqual(manifest);
  await opening.claim();
  const model = 'https://app.example/m/model.gguf';
  expect(await (await opening.open(model)).text()).toBe(model);
  expect(asked).toEqual(['https://app.example/m/manifest.json', model]);
});

test('the model of a package has the name that a bundler gave it, and its manifest is not fetched', async () => {
  const asked = server();
  const url = 'https://app.example/assets/model-abc.gguf';
  const { manifest: about, open, claim } = fetchAhead({ manifest, url }, new AbortController().signal);
  expect(await (await open(about)).json()).toEqual(manifest);
  await claim();
  // By the name in the manifest, under which the file is kept.
  expect(await (await open(new URL('model.gguf', about).href)).text()).toBe(url);
  expect(asked).toEqual([url]);
});

test('storage that never answers does not keep the model from being fetched', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('caches', { open: () => new Promise(() => undefined) });
  vi.stubGlobal('navigator', {});
  const asked = server();
  const { claim } = fetchAhead('https://app.example/m/manifest.json', new AbortController().signal);
  const claimed = claim();
  await vi.advanceTimersByTimeAsync(15_000);
  vi.useRealTimers();
  await claimed;
  await expect.poll(() => asked).toContain('https://app.example/m/model.gguf');
});

test('the browser asks the server whether what it kept of the manifest and the model has changed', async () => {
  const modes: (RequestCache | undefined)[] = [];
  vi.stubGlobal('fetch', (_: string, { cache }: RequestInit) => {
    modes.push(cache);
    return Promise.resolve(new Response(JSON.stringify(manifest)));
  });
  const opening = fetchAhead('https://app.example/m/manifest.json', new AbortController().signal);
  await (await opening.open(opening.manifest)).json();
  await opening.claim();
  await opening.open('https://app.example/m/model.gguf');
  expect(modes).toEqual(['no-cache', 'no-cache']);
});

test('the rest of a model of a package is asked for under that name, too', async () => {
  const sent: [string, RequestInit | undefined][] = [];
  vi.stubGlobal('fetch', (...request: (typeof sent)[number]) => {
    sent.push(request);
    return Promise.resolve(new Response('rest', { status: 206 }));
  });
  const url = 'https://app.example/assets/model-abc.gguf';
  const { manifest: about, open, claim } = fetchAhead({ manifest, url }, new AbortController().signal);
  await claim();
  await open(new URL('model.gguf', about).href, 5, '"tag"');
  expect(sent.at(-1)).toMatchObject([url, { headers: { Range: 'bytes=5-', 'If-Range': '"tag"' } }]);
});
