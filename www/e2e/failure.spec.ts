/** Bad input and bad servers: a clear message, the page alive, the text kept, and a way on. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { assess, EN, expect, marked, MODEL, open, set, test, visit, widget } from './site';

for (const [name, text, code] of [
  ['empty text', '', 'empty_text'],
  ['white space', ' \n\u200b\u3000', 'empty_text'],
  ['1 MB of text', 'I called the customer back the same day. '.repeat(25_000), 'text_too_long'],
  ['binary', 'PK\u0003\u0004\u0001\u0002\u0008\u000e\u0010 x', 'not_text'],
] as const) {
  test(`${name} is told, and the next text is assessed`, async ({ page, site }) => {
    await open(page, site);
    await assess(page, text);
    await expect(widget.failure(page, code)).toBeVisible();
    await expect(widget.input(page)).toHaveValue(text);
    await assess(page, EN);
    await expect(widget.result(page)).toBeVisible();
    await expect(widget.failure(page, code)).toBeHidden();
  });
}

/** A text of many windows. A sentence that stood before would not be read. */
const LONG = Array.from({ length: 4_000 }, (_, i) => `I called customer ${i} back the same day. `).join('');

test('one word is assessed: no levels, and a hint', async ({ page, site }) => {
  await open(page, site);
  await assess(page, 'Hello');
  await expect(page.getByText('The text is short.')).toBeVisible();
  await expect(page.getByRole('img', { name: /^Level / })).toHaveCount(0);
});

test('lone surrogates do no harm', async ({ page, site }) => {
  await open(page, site);
  await page
    .locator('sales-mirror')
    .evaluate(
      (element: HTMLElement & { assess(text: string): Promise<unknown> }, text) =>
        element.assess(`\ud83d ${text} \udc4d`),
      EN,
    );
  await expect(widget.result(page)).toBeVisible();
  await expect.poll(async () => (await marked(page)).join()).toContain('5%');
});

/** Answers requests for the model file by itself. */
const model =
  (answer: (response: ServerResponse) => void) => (request: IncomingMessage, response: ServerResponse) => {
    if (!request.url?.endsWith('.gguf')) return false;
    answer(response);
    return true;
  };

const flipped = Buffer.from(MODEL);
flipped[MODEL.length >> 1] = (MODEL[MODEL.length >> 1] ?? 0) ^ 1;

for (const [name, code, fault] of [
  ['a model file that is missing', 'not_found', model((r) => r.writeHead(404).end())],
  ['a model file cut short', 'incomplete', model((r) => r.end(MODEL.subarray(0, 100_000)))],
  ['a flipped byte', 'hash_mismatch', model((r) => r.end(flipped))],
  [
    'a manifest of another version',
    'model_version',
    (request: IncomingMessage, response: ServerResponse) => {
      if (!request.url?.endsWith('manifest.json')) return false;
      response.end('{"format": 999}');
      return true;
    },
  ],
  [
    'a manifest that is a web page, as where a session has expired,',
    'signed_out',
    (request: IncomingMessage, response: ServerResponse) => {
      if (!request.url?.endsWith('manifest.json')) return false;
      response.end('<!doctype html><title>Please log in</title>');
      return true;
    },
  ],
  [
    'a redirect to a page for signing in',
    'signed_out',
    (request: IncomingMessage, response: ServerResponse) => {
      if (request.url === '/login') response.end('<!doctype html><title>Please log in</title>');
      else if (request.url?.endsWith('manifest.json')) response.writeHead(302, { Location: '/login' }).end();
      else return false;
      return true;
    },
  ],
] as const) {
  test(`${name} is told, the text is kept, and trying again works`, async ({ page, site }) => {
    site.fault = fault;
    await visit(page, site);
    await widget.input(page).fill(EN);
    await expect(widget.failure(page, code)).toBeVisible();
    await expect(widget.input(page)).toHaveValue(EN);
    site.fault = undefined;
    await widget.retry(page).click();
    await expect(widget.result(page)).toBeVisible();
  });
}

test('a part of the page that is gone after an update is told, and the text is kept', async ({
  page,
  site,
}) => {
  site.fault = (request, response) => {
    if (!request.url?.includes('/later-')) return false;
    response.writeHead(404).end();
    return true;
  };
  await visit(page, site);
  await widget.input(page).fill(EN);
  await expect(widget.failure(page, 'page_updated')).toBeVisible();
  await expect(widget.input(page)).toHaveValue(EN);
});

test('a server that stops half-way is told, the text is kept, and trying again works', async ({
  page,
  site,
}) => {
  let response: ServerResponse | undefined;
  site.fault = model((r) => {
    response = r;
    r.writeHead(200, { 'Content-Length': MODEL.length });
    r.write(MODEL.subarray(0, MODEL.length >> 1));
  });
  await visit(page, site);
  await widget.input(page).fill(EN);
  await expect(page.getByText(/^Model: .* \(50%\)$/)).toBeVisible();
  // The page tries to go on where it stopped.
  site.fault = model((r) => r.destroy());
  response?.destroy();
  await expect(widget.failure(page, 'network')).toBeVisible();
  await expect(widget.input(page)).toHaveValue(EN);
  site.fault = undefined;
  await widget.retry(page).click();
  await expect(widget.result(page)).toBeVisible();
});

test('a server that falls silent is given up after half a minute (slow)', async ({ page, site }) => {
  site.fault = model((r) => {
    r.writeHead(200, { 'Content-Length': MODEL.length });
    r.write(MODEL.subarray(0, 1_000_000));
  });
  await visit(page, site);
  await expect(widget.failure(page, 'stalled')).toBeVisible({ timeout: 60_000 });
});

test('a crash of the worker is told, the text is kept, and trying again works', async ({ page, site }) => {
  await open(page, site);
  const text = LONG;
  await assess(page, text);
  await expect(page.getByText(/^Reading: part \d+ of \d+$/)).toBeVisible();
  // What a trap in the wasm looks like from outside: an exception that nobody in the worker catches.
  await page.workers()[0]?.evaluate(() => {
    setTimeout(() => {
      throw new WebAssembly.RuntimeError('unreachable');
    });
  });
  await expect(widget.failure(page, 'crashed')).toBeVisible();
  await expect(widget.input(page)).toHaveValue(text);
  // Else the text would be assessed without the button, which goes away then.
  await set(page, 'live', 'off');
  await widget.input(page).fill(EN);
  await widget.retry(page).click();
  await expect(widget.result(page)).toBeVisible();
});

test('loading can be cancelled and taken up again', async ({ page, site }) => {
  // The manifest says how much is to come; the rest waits until the test is over.
  site.fault = model((r) => {
    r.writeHead(200, { 'Content-Length': MODEL.length });
    r.write(MODEL.subarray(0, 1_000_000));
  });
  await visit(page, site);
  await expect(
    page.getByText(`Model: 1.0 of ${(MODEL.length / 1e6).toFixed(1)} MB (6%)`, { exact: true }),
  ).toBeVisible();
  await widget.cancel(page).click();
  await expect(widget.failure(page, 'cancelled')).toBeVisible();
  site.fault = undefined;
  await assess(page, EN);
  await expect(widget.result(page)).toBeVisible();
});

test('assessing can be cancelled', async ({ page, site }) => {
  await open(page, site);
  await assess(page, LONG);
  await expect(page.getByText(/^Reading: part \d+ of \d+$/)).toBeVisible();
  await widget.cancel(page).click();
  await expect(widget.failure(page, 'cancelled')).toBeVisible();
  await assess(page, EN);
  await expect(widget.result(page)).toBeVisible();
});
