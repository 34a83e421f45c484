/**
 * Servers, browsers and networks that fail in every way that was seen: the page says what is wrong, keeps the text, and
 * works again once they do. The short ones are in failure.spec.ts.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import {
  assess,
  EN,
  expect,
  kept,
  MODEL,
  open,
  set,
  test,
  unreachable,
  visit,
  widget,
  type Fault,
} from './site';

/** What a page for signing in looks like, answered in the place of the files that match. */
const login =
  (files: RegExp): Fault =>
  (request, response) => {
    if (!files.test(request.url ?? '')) return false;
    response.writeHead(200, { 'Content-Type': 'text/html', 'Cache-Control': 'max-age=3600' });
    response.end('<!doctype html><title>Please log in</title>');
    return true;
  };

test.describe('what the service worker keeps', () => {
  for (const [name, files] of [
    ['the wasm', /\.wasm$/],
    ['the rest of the page', /\/later-/],
    ['the worker', /\/worker-/],
    ['the profiles', /\/profiles\//],
  ] as const) {
    test(`a page for signing in that was answered for ${name} is gone at the next visit`, async ({
      page,
      context,
      site,
    }) => {
      site.fault = login(files);
      await visit(page, site);
      await expect(page.locator('.alert').first()).toBeVisible();
      site.fault = undefined;
      await page.close();
      const next = await context.newPage();
      await open(next, site);
      await expect(next.locator('.alert')).toHaveCount(0);
      await next.evaluate(() => navigator.serviceWorker.ready);
      await kept(next);
      site.fault = unreachable;
      await next.reload();
      await expect(widget.ready(next)).toBeVisible();
    });
  }

  test('a page for signing in that was answered for every script is told by the page, and gone when it is loaded as that says', async ({
    page,
    context,
    site,
  }) => {
    site.fault = login(/\/assets\//);
    await page.goto(site.url);
    const told = page.getByText(/SalesMirror has not started\.[^]* Ctrl \+ F5/);
    await expect(told).toBeVisible();
    site.fault = undefined;
    const session = await context.newCDPSession(page);
    await session.send('Page.reload', { ignoreCache: true });
    await expect(widget.ready(page)).toBeVisible();
    await expect(told).toBeHidden();
  });

  test('a script that another page put into its cache is not run', async ({ page, site }) => {
    await open(page, site);
    await page.evaluate(() => navigator.serviceWorker.ready);
    const changed = await page.evaluate(async () => {
      let count = 0;
      for (const name of await caches.keys()) {
        if (!name.startsWith('salesmirror-page-')) continue;
        const cache = await caches.open(name);
        for (const { url } of await cache.keys()) {
          if (!url.endsWith('.js')) continue;
          const headers = { 'Content-Type': 'text/javascript' };
          await cache.put(url, new Response('globalThis.foreign = true', { headers }));
          count++;
        }
      }
      // A cache that the page does not know could be searched as well.
      const other = await caches.open('another');
      for (const { name } of performance.getEntriesByType('resource'))
        if (name.endsWith('.js')) await other.put(name, new Response('globalThis.foreign = true'));
      return count;
    });
    expect(changed).toBeGreaterThan(4);
    await open(page, site);
    expect(await page.evaluate(() => 'foreign' in globalThis)).toBe(false);
  });
});

/** Never answers. */
const silent =
  (files: RegExp): Fault =>
  (request) =>
    files.test(request.url ?? '');

const refused =
  (files: RegExp, status: number): Fault =>
  (request, response) => {
    if (!files.test(request.url ?? '')) return false;
    response.writeHead(status).end();
    return true;
  };

/** A text of many windows. */
const LONG = Array.from({ length: 4_000 }, (_, i) => `I called customer ${i} back the same day. `).join('');

const reading = (page: Page) => page.getByText(/^Reading: part \d+ of \d+$/);

test.describe('silence', () => {
  for (const [name, files, code] of [
    ['the wasm', /\.wasm$/, 'stalled'],
    ['the bindings of the wasm', /\/(relaxed-simd|simd128)-.*\.js/, 'stalled'],
    ['the worker', /\/worker-/, 'stalled'],
    ['the rest of the page', /\/later-/, 'stalled'],
    ['the manifest', /manifest\.json$/, 'stalled'],
  ] as const) {
    test(`of the server about ${name} ends, and trying again works`, async ({ page, site }) => {
      site.fault = silent(files);
      await visit(page, site);
      await widget.input(page).fill(EN);
      await expect(widget.failure(page, code)).toBeVisible({ timeout: 90_000 });
      await expect(widget.input(page)).toHaveValue(EN);
      site.fault = undefined;
      await widget.retry(page).click();
      await expect(widget.result(page)).toBeVisible();
    });
  }

  for (const [name, files] of [
    ['the profiles', /\/profiles\//],
    ['the texts of plans', /\/development\//],
  ] as const) {
    test(`of the server about ${name} leaves the rest working`, async ({ page, site }) => {
      site.fault = silent(files);
      await visit(page, site);
      await expect(widget.ready(page)).toBeVisible({ timeout: 60_000 });
      await assess(page, EN);
      await expect(widget.result(page)).toBeVisible();
    });
  }

  test('of a worker that closes itself is told, and the next assessment starts another', async ({
    page,
    site,
  }) => {
    await open(page, site);
    await assess(page, LONG);
    await expect(reading(page)).toBeVisible();
    await page.workers()[0]?.evaluate(() => {
      self.close();
    });
    await expect(widget.failure(page, 'crashed')).toBeVisible({ timeout: 60_000 });
    await expect(widget.input(page)).toHaveValue(LONG);
    await set(page, 'live', 'off');
    await widget.input(page).fill(EN);
    await widget.retry(page).click();
    await expect(widget.result(page)).toBeVisible();
  });

  test('of a worker does not keep anyone from cancelling', async ({ page, site }) => {
    await open(page, site);
    await assess(page, LONG);
    await expect(reading(page)).toBeVisible();
    await page.workers()[0]?.evaluate(() => {
      setTimeout(() => {
        for (;;);
      });
    });
    await widget.cancel(page).click();
    await expect(widget.failure(page, 'cancelled')).toBeVisible({ timeout: 3_000 });
    await set(page, 'live', 'off');
    await assess(page, EN);
    await expect(widget.result(page)).toBeVisible();
  });

  test('of a helper is made up for', async ({ page, site }) => {
    await page.addInitScript(() => {
      document.addEventListener('DOMContentLoaded', () => {
        document.querySelector('sales-mirror')?.setAttribute('workers', '3');
      });
    });
    await open(page, site);
    await set(page, 'live', 'off');
    await assess(page, LONG.slice(0, 40_000));
    await expect(reading(page)).toBeVisible();
    const helper = page.workers().find((worker) => worker.url().endsWith('#encoder'));
    expect(helper).toBeDefined();
    await helper?.evaluate(() => {
      self.close();
    });
    await expect(widget.result(page).or(widget.refusal(page))).toBeVisible({ timeout: 120_000 });
  });
});

test.describe('what the server did', () => {
  for (const [name, code, fault] of [
    ['a page in the place of the model', 'web_page', login(/\.gguf$/)],
    ['a page in the place of the wasm', 'web_page', login(/\.wasm$/)],
    ['a page in the place of the worker', 'web_page', login(/\/worker-/)],
    ['a page in the place of the rest of the page', 'web_page', login(/\/later-/)],
    ['an error for the model', 'server_error', refused(/\.gguf$/, 500)],
    ['an error for the wasm', 'server_error', refused(/\.wasm$/, 503)],
    ['no wasm', 'not_found', refused(/\.wasm$/, 404)],
    ['no rest of the page', 'page_updated', refused(/\/later-/, 404)],
    ['no bindings', 'page_updated', refused(/\/(relaxed-simd|simd128)-.*\.js/, 404)],
    ['no worker', 'page_updated', refused(/\/worker-/, 404)],
  ] as const) {
    test(`${name}: it is told, and trying again works`, async ({ page, site }) => {
      site.fault = fault;
      await visit(page, site);
      await widget.input(page).fill(EN);
      const failure = widget.failure(page, code);
      await expect(failure).toBeVisible();
      if (code === 'web_page') await expect(failure).toContainText(new URL(site.url).host);
      await expect(widget.input(page)).toHaveValue(EN);
      site.fault = undefined;
      await widget.retry(page).click();
      await expect(widget.result(page)).toBeVisible();
    });
  }
});

/** Serves the model with ranges, or what `answer` says. */
function ranged(asked: (string | undefined)[], cut: number): Fault {
  let whole = true;
  return (request: IncomingMessage, response: ServerResponse) => {
    if (!request.url?.endsWith('.gguf')) return false;
    const { range } = request.headers;
    asked.push(range);
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const headers = { ETag: '"model"', 'Content-Length': MODEL.length - from };
    if (range) {
      const part = { 'Content-Range': `bytes ${from}-${MODEL.length - 1}/${MODEL.length}` };
      response.writeHead(206, { ...headers, ...part }).end(MODEL.subarray(from));
    } else if (whole) {
      whole = false;
      response.writeHead(200, headers);
      response.write(MODEL.subarray(0, cut), () => setTimeout(() => response.destroy(), 500));
    } else response.writeHead(200, headers).end(MODEL);
    return true;
  };
}

test.describe('the download', () => {
  test('that breaks off near its end goes on from there', async ({ page, site }) => {
    const asked: (string | undefined)[] = [];
    site.fault = ranged(asked, Math.floor(MODEL.length * 0.999));
    await open(page, site);
    expect(asked).toHaveLength(2);
    const from = Number(/\d+/.exec(asked[1] ?? '')?.[0]);
    expect(from).toBeGreaterThan(MODEL.length * 0.9);
    expect(from).toBeLessThan(MODEL.length);
    await assess(page, EN);
    await expect(widget.result(page)).toBeVisible();
  });

  test('whose parts do not fit together begins again', async ({ page, site }) => {
    const asked: (string | undefined)[] = [];
    const good = ranged(asked, MODEL.length >> 1);
    const other = Buffer.alloc(MODEL.length);
    site.fault = (request, response) => {
      const { range } = request.headers;
      if (!request.url?.endsWith('.gguf') || !range) return good(request, response);
      asked.push(range);
      const from = Number(/\d+/.exec(range)?.[0]);
      const headers = { 'Content-Range': `bytes ${from}-${MODEL.length - 1}/${MODEL.length}` };
      response.writeHead(206, headers).end(other.subarray(from));
      return true;
    };
    await open(page, site);
    expect(asked.map((range) => range !== undefined)).toEqual([false, true, false]);
  });

  test('is shared by tabs', async ({ context, site }) => {
    const pages = await Promise.all([1, 2, 3].map(() => context.newPage()));
    await Promise.all(pages.map((page) => open(page, site)));
    expect(site.requests.filter((path) => path.endsWith('.gguf'))).toHaveLength(1);
    for (const page of pages) {
      await assess(page, EN);
      await expect(widget.result(page)).toBeVisible();
    }
  });

  for (const [name, send] of [
    [
      'compressed without its length',
      (r: ServerResponse) =>
        r.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(MODEL, { level: 1 })),
    ],
    [
      'in small pieces',
      (r: ServerResponse) => {
        r.writeHead(200);
        for (let at = 0; at < MODEL.length; at += 65_537) r.write(MODEL.subarray(at, at + 65_537));
        r.end();
      },
    ],
  ] as const) {
    test(`arrives ${name}`, async ({ page, site }) => {
      site.fault = (request, response) => {
        if (!request.url?.endsWith('.gguf')) return false;
        send(response);
        return true;
      };
      await open(page, site);
    });
  }

  for (const [name, code, content] of [
    ['too short', 'incomplete', MODEL.subarray(0, -1)],
    ['too long', 'hash_mismatch', Buffer.concat([MODEL, Buffer.from('x')])],
    ['empty', 'incomplete', Buffer.alloc(0)],
    ['altered', 'hash_mismatch', Buffer.concat([Buffer.from('X'), MODEL.subarray(1)])],
  ] as const) {
    test(`of a file that is ${name} is told, and trying again works`, async ({ page, site }) => {
      site.fault = (request, response) => {
        if (!request.url?.endsWith('.gguf')) return false;
        // Browsers accept no compression for the rest of a file.
        if (request.headers['accept-encoding']?.includes('gzip'))
          response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(content, { level: 1 }));
        else response.writeHead(200).end(content);
        return true;
      };
      await visit(page, site);
      await widget.input(page).fill(EN);
      await expect(widget.failure(page, code)).toBeVisible();
      site.fault = undefined;
      await widget.retry(page).click();
      await expect(widget.result(page)).toBeVisible();
    });
  }
});

test.describe('storage', () => {
  for (const [name, spoil] of [
    [
      'has no room',
      () => {
        Cache.prototype.put = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
      },
    ],
    [
      'is denied',
      () => {
        CacheStorage.prototype.open = () => Promise.reject(new DOMException('denied', 'SecurityError'));
      },
    ],
    [
      'never answers',
      () => {
        CacheStorage.prototype.open = () => new Promise(() => undefined);
      },
    ],
  ] as const) {
    test(`that ${name} keeps nobody from working`, async ({ page, context, site }) => {
      // Playwright puts no script into workers; the server puts it before theirs.
      const script = `(${String(spoil)})();\n`;
      await context.route(/\/worker-.*\.js/, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: script + (await response.text()) });
      });
      await visit(page, site);
      await expect(widget.ready(page)).toBeVisible({ timeout: 90_000 });
      await assess(page, EN);
      await expect(widget.result(page)).toBeVisible();
      await page.reload();
      await expect(widget.ready(page)).toBeVisible({ timeout: 90_000 });
    });
  }

  test('that was cleared or damaged is filled again', async ({ page, site }) => {
    await open(page, site);
    await kept(page);
    await page.evaluate(async () => {
      const cache = await caches.open('salesmirror-models');
      for (const { url } of await cache.keys())
        if (url.endsWith('.gguf')) await cache.put(url, new Response('damaged'));
    });
    await open(page, site);
    await page.evaluate(async () => {
      for (const name of await caches.keys()) await caches.delete(name);
    });
    await open(page, site);
    await kept(page);
    expect(site.requests.filter((path) => path.endsWith('.gguf'))).toHaveLength(3);
  });
});
