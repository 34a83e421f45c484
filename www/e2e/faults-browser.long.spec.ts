/**
 * What browsers, clocks, sandboxes and updates do to a page that is at work: no text is lost, no level is wrong, it is clear
 * what goes on, and the page works again without being loaded anew.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CDPSession, Page } from '@playwright/test';
import {
  assess,
  assessDirectly,
  current,
  DIST,
  EN,
  expect,
  kept,
  MODEL,
  open,
  set,
  test,
  unreachable,
  untimed,
  visit,
  widget,
  ZH,
  type Fault,
  type SalesMirrorElement,
  type Site,
} from './site';

/** A text of many windows, which takes seconds. */
const LONG = Array.from({ length: 4_000 }, (_, i) => `I called customer ${i} back the same day. `).join('');

const reading = (page: Page) => page.getByText(/^Reading: part \d+ of \d+$/);
const assessed = (page: Page) => widget.result(page).or(widget.refusal(page));
const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true }).click();

async function turnHistoryOn(page: Page): Promise<void> {
  await tab(page, 'History');
  await page.getByRole('checkbox', { name: /^Keep my assessments/ }).check();
  await page.getByRole('button', { name: 'Turn the history on' }).click();
  await expect(page.getByRole('button', { name: 'Erase all' })).toBeVisible();
}

const lifecycle = (session: CDPSession, state: 'frozen' | 'active') =>
  session.send('Page.setWebLifecycleState', { state });

/** Serves the model file by itself. */
const model =
  (answer: (...args: Parameters<Fault>) => void): Fault =>
  (request, response) => {
    if (!request.url?.endsWith('.gguf')) return false;
    answer(request, response);
    return true;
  };

test.describe('a tab', () => {
  test('that is frozen for longer than a silent worker is waited for goes on afterwards', async ({
    page,
    context,
    site,
  }) => {
    await open(page, site);
    await set(page, 'workers', '1');
    await expect(widget.ready(page)).toBeVisible();
    const session = await context.newCDPSession(page);
    await assess(page, LONG);
    await expect(reading(page)).toBeVisible();
    await lifecycle(session, 'frozen');
    await new Promise((resolve) => setTimeout(resolve, 45_000));
    await lifecycle(session, 'active');
    await expect(assessed(page)).toBeVisible({ timeout: 120_000 });
    await expect(page.locator('.failure')).toHaveCount(0);
    await expect(widget.input(page)).toHaveValue(LONG);
  });

  test('that is frozen while the model is downloaded goes on afterwards', async ({ page, context, site }) => {
    // The rest is sent while the tab is frozen.
    let more: () => void = () => undefined;
    site.fault = model((_, response) => {
      response.writeHead(200, { 'Content-Length': MODEL.length });
      response.write(MODEL.subarray(0, 5_000_000));
      more = () => response.end(MODEL.subarray(5_000_000));
    });
    await visit(page, site);
    await widget.input(page).fill(EN);
    await expect(page.getByText(/^Model: 5\.0 of/)).toBeVisible();
    const session = await context.newCDPSession(page);
    await lifecycle(session, 'frozen');
    more();
    await new Promise((resolve) => setTimeout(resolve, 45_000));
    await lifecycle(session, 'active');
    await expect(widget.ready(page)).toBeVisible();
    await expect(widget.input(page)).toHaveValue(EN);
    await widget.assess(page).click();
    await expect(widget.result(page)).toBeVisible();
  });

  test('that is hidden loads and assesses, and shows the result when it is looked at', async ({
    page,
    context,
    site,
  }) => {
    // Chromium without a window shows all tabs; a hidden one paints no frame and says that it is hidden.
    await context.addInitScript(() => {
      Object.defineProperties(document, {
        hidden: { get: () => true },
        visibilityState: { get: () => 'hidden' },
      });
      window.requestAnimationFrame = () => 0;
      document.startViewTransition = undefined as never;
    });
    await visit(page, site);
    await expect(widget.ready(page)).toBeVisible();
    const assessment = await assessDirectly(page, EN);
    expect(assessment.overall?.shown).toBeGreaterThan(0);
    await expect(widget.result(page)).toBeVisible();
  });

  test('that the browser ends gives back what was typed, if the history is on', async ({
    page,
    context,
    site,
  }) => {
    await open(page, site);
    await turnHistoryOn(page);
    await tab(page, 'Report');
    await set(page, 'live', 'off');
    await widget.input(page).fill(EN);
    // A draft is kept when the person pauses.
    await page.waitForTimeout(3_000);
    const ended = page.waitForEvent('crash');
    await page.goto('chrome://crash').catch(() => undefined);
    await ended;
    const again = await context.newPage();
    await open(again, site);
    await expect(widget.input(again)).toHaveValue(EN);
    await widget.assess(again).click();
    await expect(widget.result(again)).toBeVisible();
  });

  test('that is closed while it downloads the model for others leaves it to the next', async ({
    context,
    site,
  }) => {
    let count = 0;
    site.fault = model((_, response) => {
      count++;
      if (count === 1) {
        response.writeHead(200, { 'Content-Length': MODEL.length });
        response.write(MODEL.subarray(0, 5_000_000));
      } else response.writeHead(200, { 'Content-Length': MODEL.length }).end(MODEL);
    });
    const first = await context.newPage();
    await visit(first, site);
    await expect(first.getByText(/^Model: 5\.0 of/)).toBeVisible();
    const second = await context.newPage();
    await visit(second, site);
    await second.waitForTimeout(2_000);
    expect(count).toBe(1);
    await first.close();
    await expect(widget.ready(second)).toBeVisible();
    expect(count).toBe(2);
  });
});

test.describe('a clock', () => {
  for (const [name, days] of [
    ['back', -800],
    ['forward', 800],
  ] as const) {
    test(`that is set ${name} while a text is assessed changes no level and stops nothing`, async ({
      page,
      site,
    }) => {
      await open(page, site);
      await set(page, 'live', 'off');
      await assess(page, EN);
      await expect(widget.result(page)).toBeVisible();
      const before = untimed(await current(page));
      await assess(page, LONG);
      await expect(reading(page)).toBeVisible();
      const shift = (milliseconds: number) => {
        const now = Date.now.bind(Date);
        Date.now = () => now() + milliseconds;
      };
      const by = days * 86_400_000;
      await page.evaluate(shift, by);
      await Promise.all(page.workers().map((worker) => worker.evaluate(shift, by)));
      await expect(widget.cancel(page)).toHaveCount(0, { timeout: 120_000 });
      await expect(page.locator('.failure')).toHaveCount(0);
      expect((await current(page))?.length.windows).toBeGreaterThan(20);
      expect(untimed(await assessDirectly(page, EN))).toEqual(before);
      await turnHistoryOn(page);
      await expect(page.getByRole('region', { name: 'All texts' }).getByRole('row')).toHaveCount(2);
    });
  }
});

test.describe('memory', () => {
  test('that is too little for the model is told, and the text is kept', async ({ playwright, site }) => {
    const { launchOptions = {} } = test.info().project.use;
    // 200 pages of 64 KiB for each wasm module; the weights alone take more.
    const args = [...(launchOptions.args ?? []), '--js-flags=--wasm-max-mem-pages=200'];
    const browser = await playwright.chromium.launch({ ...launchOptions, args });
    const page = await browser.newPage({ locale: 'en-GB' });
    await visit(page, site);
    await widget.input(page).fill(EN);
    for (const again of [true, false]) {
      await expect(widget.failure(page, 'crashed')).toBeVisible();
      await expect(widget.input(page)).toHaveValue(EN);
      if (again) await widget.retry(page).click();
    }
    await browser.close();
  });

  test('that runs out while a text is assessed is told, and the next text is assessed', async ({
    page,
    site,
  }) => {
    await open(page, site);
    await set(page, 'live', 'off');
    await assess(page, LONG);
    await expect(reading(page)).toBeVisible();
    // What engines throw when an array cannot be allocated.
    await page.workers()[0]?.evaluate(() => {
      setTimeout(() => {
        throw new RangeError('Array buffer allocation failed');
      });
    });
    await expect(widget.failure(page, 'crashed')).toBeVisible();
    await expect(widget.input(page)).toHaveValue(LONG);
    await widget.input(page).fill(EN);
    await widget.retry(page).click();
    await expect(widget.result(page)).toBeVisible();
  });
});

test.describe('the element', () => {
  test('that is removed while it assesses keeps its text and assesses it when it is back', async ({
    page,
    site,
  }) => {
    await open(page, site);
    await set(page, 'live', 'off');
    await assess(page, LONG);
    await expect(reading(page)).toBeVisible();
    await page.locator('sales-mirror').evaluate(async (element) => {
      const { parentElement } = element;
      element.remove();
      await new Promise((resolve) => setTimeout(resolve, 500));
      parentElement?.append(element);
    });
    await expect(widget.input(page)).toHaveValue(LONG);
    await expect(widget.cancel(page)).toHaveCount(0, { timeout: 60_000 });
    await assess(page, EN);
    await expect(widget.result(page)).toBeVisible();
    await expect(page.locator('.failure')).toHaveCount(0);
  });

  test('whose language changes while it assesses goes on', async ({ page, site }) => {
    await open(page, site);
    await assess(page, LONG);
    await expect(reading(page)).toBeVisible();
    await set(page, 'lang', 'zh');
    await expect(assessed(page)).toBeVisible({ timeout: 120_000 });
    await expect(page.getByRole('button', { name: '开始评估' })).toBeVisible();
    await expect(widget.input(page)).toHaveValue(LONG);
  });

  for (const [name, value] of [
    ['model', 'models/default/?again'],
    ['workers', '3'],
    ['rubric', 'missing.json'],
  ] as const) {
    test(`whose ${name} changes while it assesses keeps the text, and shows no state that is over`, async ({
      page,
      site,
    }) => {
      await open(page, site);
      await set(page, 'live', 'off');
      await assess(page, LONG);
      await expect(reading(page)).toBeVisible();
      await set(page, name, value);
      await set(page, name, name === 'workers' ? '2' : '');
      await expect(widget.cancel(page)).toHaveCount(0, { timeout: 180_000 });
      await expect(widget.input(page)).toHaveValue(LONG);
      await assess(page, EN);
      // The long text may have been assessed before, and its result is there until the next one is.
      await expect.poll(async () => (await current(page))?.length.windows).toBeLessThan(5);
      await expect(widget.result(page)).toBeVisible();
      await expect(page.locator('.failure')).toHaveCount(0);
    });
  }

  test('in which an entry of the history is opened during an assessment shows that entry, and is idle', async ({
    page,
    site,
  }) => {
    await open(page, site);
    await set(page, 'live', 'off');
    await assess(page, EN);
    await expect(widget.result(page)).toBeVisible();
    const first = untimed(await current(page));
    await turnHistoryOn(page);
    await tab(page, 'Report');
    await assess(page, LONG);
    await expect(reading(page)).toBeVisible();
    await tab(page, 'History');
    await page.getByRole('button', { name: /^Show/ }).first().click();
    await expect(widget.result(page)).toBeVisible();
    await expect(widget.cancel(page)).toHaveCount(0, { timeout: 1_000 });
    await expect(reading(page)).toHaveCount(0);
    expect(untimed(await current(page))).toEqual(first);
    await expect(widget.input(page)).toHaveValue(LONG);
    // When the assessment would have ended, nothing changes.
    await page.waitForTimeout(20_000);
    await expect(widget.cancel(page)).toHaveCount(0);
    expect(untimed(await current(page))).toEqual(first);
    await assess(page, ZH);
    await expect.poll(async () => (await current(page))?.language).toBe('zh');
  });

  test('beside another that is at work is not disturbed, and does not disturb', async ({ page, site }) => {
    await open(page, site);
    const alone = untimed(await assessDirectly(page, EN));
    const [long, short] = await page.evaluate(
      async ([long, short]) => {
        const first = document.querySelector('sales-mirror') as SalesMirrorElement;
        const second = document.createElement('sales-mirror') as SalesMirrorElement;
        document.body.append(second);
        await second.load();
        const both = await Promise.allSettled([first.assess(long), second.assess(short)]);
        second.remove();
        return both.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : null));
      },
      [LONG, EN] as const,
    );
    expect(long?.length.windows).toBeGreaterThan(20);
    expect(untimed(short ?? null)).toEqual(alone);
  });
});

test.describe('a download', () => {
  /** Serves the model so that each connection breaks at the next tenth; with ranges, or without. */
  function breaking(ranges: boolean, log: number[]): Fault {
    let tenth = 1;
    return model((request, response) => {
      const from = ranges ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0;
      log.push(from);
      const total = MODEL.length;
      const headers = { ETag: '"model"', 'Content-Length': total - from };
      if (from) {
        const part = { 'Content-Range': `bytes ${from}-${total - 1}/${total}` };
        response.writeHead(206, { ...headers, ...part });
      } else response.writeHead(200, headers);
      const next = ranges ? Math.floor((10 * from) / total + 0.01) + 1 : tenth++;
      const to = Math.floor((total * next) / 10);
      if (to >= total) response.end(MODEL.subarray(from));
      else response.write(MODEL.subarray(from, to), () => setTimeout(() => response.destroy(), 700));
    });
  }

  /** Opens the page and tries until there is a result. The page goes on by itself twice; then the person does. */
  async function insist(page: Page, site: Site): Promise<void> {
    await visit(page, site);
    await widget.input(page).fill(EN);
    const ended = widget.ready(page).or(widget.result(page)).or(widget.failure(page, 'incomplete'));
    await expect(ended).toBeVisible({ timeout: 60_000 });
    while ((await widget.failure(page, 'incomplete').count()) > 0) {
      await expect(widget.input(page)).toHaveValue(EN);
      await widget.retry(page).click();
      await expect(ended).toBeVisible({ timeout: 60_000 });
    }
    await expect(widget.result(page)).toBeVisible();
  }

  test('whose connection breaks at every tenth goes on from there each time', async ({ page, site }) => {
    const log: number[] = [];
    site.fault = breaking(true, log);
    await insist(page, site);
    // The first request of each attempt is made before it is known how much is here, and given up.
    const parts = log.filter((from) => from > 0);
    expect(parts.map((from) => Math.round((10 * from) / MODEL.length))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('whose connection breaks at every tenth begins again where the server has no ranges', async ({
    page,
    site,
  }) => {
    const log: number[] = [];
    site.fault = breaking(false, log);
    await insist(page, site);
    expect(log.length).toBe(10);
  });
});

interface Manifest {
  readonly id: string;
  readonly files: readonly { readonly name: string; readonly size: number; readonly sha256: string }[];
}

const MANIFEST = JSON.parse(readFileSync(join(DIST, 'models/default/manifest.json'), 'utf8')) as Manifest;

/** The same weights under another name of the same length, as the next release could have. */
const NEXT_ID = MANIFEST.id.replace(/.$/, 'X');
const NEXT_MODEL = Buffer.from(MODEL);
NEXT_MODEL.write(NEXT_ID, NEXT_MODEL.indexOf(MANIFEST.id));
const NEXT_MANIFEST: Manifest = {
  ...MANIFEST,
  id: NEXT_ID,
  files: [
    {
      name: 'model.gguf',
      size: NEXT_MODEL.length,
      sha256: createHash('sha256').update(NEXT_MODEL).digest('hex'),
    },
  ],
};

/** Serves that model, with the headers that are given. */
const next =
  (headers: Record<string, string> = {}): Fault =>
  (request, response) => {
    if (request.url?.endsWith('models/default/manifest.json'))
      response.writeHead(200, headers).end(JSON.stringify(NEXT_MANIFEST));
    else if (request.url?.endsWith('.gguf')) response.writeHead(200, headers).end(NEXT_MODEL);
    else return false;
    return true;
  };

test.describe('an update', () => {
  /** Id of the model that the element has loaded. */
  const loaded = (page: Page) =>
    page
      .locator('sales-mirror')
      .evaluate(
        (element: SalesMirrorElement, text) => element.assess(text).then(({ model }) => model.id),
        EN,
      );

  test('to another model, and back, is taken over at the next visit', async ({ page, site }) => {
    await open(page, site);
    await kept(page);
    expect(await loaded(page)).toBe(MANIFEST.id);
    site.fault = next();
    await open(page, site);
    expect(await loaded(page)).toBe(NEXT_ID);
    await expect.poll(() => keptHash(page)).toBe(NEXT_MANIFEST.files[0]?.sha256);
    site.fault = undefined;
    await open(page, site);
    expect(await loaded(page)).toBe(MANIFEST.id);
  });

  test('is taken over where the browser has kept the old file for a year', async ({ page, site }) => {
    const year = { 'Cache-Control': 'max-age=31536000' };
    site.fault = next(year);
    await open(page, site);
    // The Cache Storage was cleared, as browsers do when the disk is full; their own cache was not.
    await kept(page);
    await page.evaluate(async () => {
      for (const name of await caches.keys()) await caches.delete(name);
    });
    site.fault = undefined;
    await open(page, site);
    expect(await loaded(page)).toBe(MANIFEST.id);
  });

  test('that the page has not had yet is told, and a reload without a network works with what was kept', async ({
    page,
    site,
  }) => {
    await open(page, site);
    await kept(page);
    await page.evaluate(() => navigator.serviceWorker.ready);
    // The manifest of a later format, with the page of today.
    site.fault = (request, response) => {
      if (!request.url?.endsWith('manifest.json')) return false;
      response.end(JSON.stringify({ ...MANIFEST, format: 999 }));
      return true;
    };
    await visit(page, site);
    await widget.input(page).fill(EN);
    await expect(widget.failure(page, 'model_version')).toBeVisible();
    await expect(widget.input(page)).toHaveValue(EN);
    site.fault = undefined;
    await widget.retry(page).click();
    await expect(widget.result(page)).toBeVisible();
    site.fault = unreachable;
    await page.reload();
    await expect(widget.ready(page)).toBeVisible();
  });

  test('of the page leaves a manifest and a model that were kept by an older one unused', async ({
    page,
    site,
  }) => {
    await open(page, site);
    await kept(page);
    await page.evaluate(async () => {
      const cache = await caches.open('salesmirror-models');
      for (const { url } of await cache.keys()) {
        const old = url.endsWith('.json') ? new Response('{"format": 1}') : new Response('GGUF of old');
        await cache.put(url, old);
      }
    });
    await open(page, site);
    expect(await loaded(page)).toBe(MANIFEST.id);
  });

  test('is not needed for what was evicted while a text is written', async ({ page, site }) => {
    await open(page, site);
    await kept(page);
    await page.evaluate(async () => {
      for (const name of await caches.keys()) await caches.delete(name);
    });
    site.fault = unreachable;
    await assess(page, EN);
    await expect(widget.result(page)).toBeVisible();
    // An element that is added now shares the model that is loaded.
    await page.evaluate(() => {
      document.body.append(document.createElement('sales-mirror'));
    });
    await expect(page.getByText('Ready', { exact: true })).toBeVisible();
  });

  const keptHash = (page: Page) =>
    page.evaluate(async () => {
      const cache = await caches.open('salesmirror-models');
      const [key] = (await cache.keys()).filter(({ url }) => url.endsWith('.gguf'));
      const bytes = key && (await (await cache.match(key))?.arrayBuffer());
      if (!bytes) return '';
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    });
});

test.describe('a sandboxed frame', () => {
  /** A page whose frame has these permissions; with `shared`, every file may be read by pages of any origin. */
  function host(site: Site, sandbox: string, shared = false): void {
    site.fault = (request, response) => {
      if (shared) response.setHeader('Access-Control-Allow-Origin', '*');
      if (request.url !== '/host.html') return false;
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end(
        `<!doctype html><title>Host</title><iframe sandbox="${sandbox}" src="frame.html?self-rating=off&live=off" width="1200" height="900"></iframe>`,
      );
      return true;
    };
  }

  test('of its own origin works without forms, downloads, modals and storage', async ({
    page,
    site,
    console: complaints,
  }) => {
    const downloads: string[] = [];
    page.on('download', (download) => downloads.push(download.suggestedFilename()));
    host(site, 'allow-scripts allow-same-origin');
    await page.goto(`${site.url}host.html`);
    const frame = page.frameLocator('iframe');
    await expect(frame.getByText('Ready', { exact: true })).toBeVisible();
    await frame.getByRole('textbox', { name: 'Your report' }).fill(EN);
    await frame.getByRole('button', { name: 'Assess', exact: true }).click();
    const result = frame.getByRole('heading', { name: 'What this text shows' });
    await expect(result).toBeVisible();
    await frame
      .getByRole('button', { name: /^Print/ })
      .first()
      .click();
    await frame.getByText('Hand over as a file').click();
    await frame.getByLabel('Name or code for the file').fill('P-1');
    await frame.getByRole('button', { name: 'Save file' }).click();
    await frame.getByRole('tab', { name: 'History' }).click();
    await frame.getByRole('tab', { name: 'Report' }).click();
    await expect(result).toBeVisible();
    await expect(frame.getByRole('textbox', { name: 'Your report' })).toHaveValue(EN);
    // The browser itself says what the sandbox keeps from happening; nothing else went wrong.
    expect(downloads).toEqual([]);
    expect(
      complaints.filter((text) => !/Ignored call to 'print\(\)'|Blocked form submission/.test(text)),
    ).toEqual([]);
    complaints.length = 0;
  });

  test('without an origin says that the widget has not started', async ({
    page,
    site,
    console: complaints,
  }) => {
    host(site, 'allow-scripts');
    await page.goto(`${site.url}host.html`);
    await expect(page.frameLocator('iframe').getByText(/SalesMirror has not started\./)).toBeVisible();
    expect(
      complaints.filter((text) => !/from origin 'null' has been blocked by CORS policy/.test(text)),
    ).toEqual([]);
    complaints.length = 0;
  });

  test('without an origin, to which the server gives its files, says why it cannot work', async ({
    page,
    site,
  }) => {
    host(site, 'allow-scripts', true);
    await page.goto(`${site.url}host.html`);
    const frame = page.frameLocator('iframe');
    await frame.getByRole('textbox', { name: 'Your report' }).fill(EN);
    const failure = frame.locator('.failure[data-code="policy_worker"]');
    await expect(failure).toContainText('a sandbox, allow-same-origin');
    await expect(frame.getByRole('textbox', { name: 'Your report' })).toHaveValue(EN);
  });
});
