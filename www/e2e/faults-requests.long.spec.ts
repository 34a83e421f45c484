/**
 * The promise: after the model is ready the page asks for nothing, and never for anything of another origin. A proxy sees
 * every request of the browser's page, workers and service worker; what does not pass through a proxy is looked for in the page.
 */
import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import { assess, EN, expect, kept, openRow, selfRating, test, visit, widget } from './site';

test('nothing is requested after the model is ready, and nothing ever of another origin', async ({
  browser,
  site,
}) => {
  const log: string[] = [];
  const proxy = createServer((request, response) => {
    const url = request.url ?? '';
    log.push(`${request.method ?? ''} ${url}`);
    const { method, headers } = request;
    const onward = ask(url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  // Tunnels: https and WebSockets.
  proxy.on('connect', (request, socket) => {
    log.push(`CONNECT ${request.url ?? ''}`);
    socket.destroy();
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
  const server = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const context = await browser.newContext({ proxy: { server, bypass: '<-loopback>' }, locale: 'en-GB' });
  await context.addInitScript(() => {
    const used: string[] = [];
    Object.assign(globalThis, { used });
    const names = ['WebSocket', 'WebTransport', 'EventSource', 'RTCPeerConnection'] as const;
    for (const name of names) {
      const original = (globalThis as unknown as Record<string, (new () => object) | undefined>)[name];
      if (!original) continue;
      const construct = (target: new () => object, args: unknown[]) => {
        used.push(name);
        return Reflect.construct(target, args) as object;
      };
      Object.assign(globalThis, { [name]: new Proxy(original, { construct }) });
    }
    navigator.sendBeacon = () => {
      used.push('sendBeacon');
      return true;
    };
    window.print = () => undefined;
  });
  const page = await context.newPage();
  await visit(page, site);
  await expect(widget.ready(page)).toBeVisible();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await kept(page);
  const before = log.length;
  expect(before).toBeGreaterThan(10);

  await assess(page, '');
  await expect(widget.failure(page, 'empty_text')).toBeVisible();
  await selfRating(page, 'off');
  await assess(page, EN);
  await expect(widget.result(page)).toBeVisible();
  const row = await openRow(page, 'negotiation');
  await row.locator('.quote').first().click();
  await page
    .getByRole('button', { name: /^Print/ })
    .first()
    .click();
  await page.getByText('Hand over as a file').click();
  for (const name of ['Plan', 'History', 'Report'])
    await page.getByRole('tab', { name, exact: true }).click();
  await page.getByRole('button', { name: '中文' }).click();
  for (const name of ['计划', '历史', '报告']) await page.getByRole('tab', { name }).click();
  await page.getByRole('button', { name: 'English' }).click();
  await widget.input(page).fill(`${EN} I called the customer back the same day.`);
  // Long enough for what is sent late.
  await page.waitForTimeout(10_000);

  // Chromium asks its maker's server which kinds of fields a page has, whatever the page says; no page can prevent it.
  const asked = (entries: readonly string[]) =>
    entries.filter((entry) => entry !== 'CONNECT content-autofill.googleapis.com:443');
  const own = (entry: string) => entry.includes(` ${site.url}`);
  expect(asked(log).filter((entry) => !own(entry))).toEqual([]);
  expect(asked(log.slice(before))).toEqual([]);
  expect(await page.evaluate(() => (globalThis as unknown as { used: string[] }).used)).toEqual([]);
  const hints = await page.evaluate(() => {
    const wanted =
      'link[rel~=dns-prefetch], link[rel~=preconnect], link[rel~=prefetch], link[rel~=prerender], script[type=speculationrules], iframe, object, embed';
    const found: string[] = [];
    const look = (root: Document | ShadowRoot) => {
      for (const element of root.querySelectorAll(wanted)) found.push(element.outerHTML);
      for (const element of root.querySelectorAll('*')) if (element.shadowRoot) look(element.shadowRoot);
    };
    look(document);
    return found;
  });
  expect(hints).toEqual([]);
  await context.close();
  proxy.close();
});
