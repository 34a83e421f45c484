/** The widget inside somebody else's page, served from a folder of its own. */
import { POLICY } from '../../pkg-scripts/lib/listener.mjs';
import { assess, EN, expect, test, visit, widget } from './site';

const PAGE = `<!doctype html>
<html lang="zh">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
    <title>Intranet</title>
    <link rel="icon" href="data:," />
    <script type="module" src="../widgets/sales/sales-mirror.js"></script>
  </head>
  <body><sales-mirror self-rating="off"></sales-mirror></body>
</html>`;

test('one script and one element are enough, from any folder', async ({ page, site }) => {
  site.fault = (request, response) => {
    if (request.url === '/team/page.html') {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(PAGE);
      return true;
    }
    if (!request.url?.startsWith('/widgets/sales/')) {
      response.writeHead(404).end();
      return true;
    }
    request.url = request.url.slice('/widgets/sales'.length);
    return false;
  };
  await page.addInitScript(() => {
    const events: string[] = [];
    Object.assign(window, { events });
    for (const name of ['progress', 'ready', 'assessed', 'error']) {
      addEventListener(`sales-mirror-${name}`, () => events.push(name));
    }
  });
  await page.goto(`${site.url}team/page.html`);
  // The language is the page's.
  await expect(widget.ready(page)).toHaveText('就绪');
  await assess(page, EN);
  await expect(widget.result(page)).toBeVisible();
  const events = await page.evaluate(() => (window as unknown as { events: string[] }).events);
  expect([...new Set(events)]).toEqual(['progress', 'ready', 'assessed']);
});

test('a page can score a text by itself', async ({ page, site }) => {
  await page.goto(site.url);
  const level = await page.locator('sales-mirror').evaluate(async (element: HTMLElement, text) => {
    const scorer = element as HTMLElement & {
      assess(text: string): Promise<{ overall: { level: number } | null }>;
    };
    return (await scorer.assess(text)).overall?.level;
  }, EN);
  expect(level).toBeGreaterThan(1);
});

test('an intranet without TLS is enough', async ({ page, site }) => {
  await visit(page, { ...site, url: site.insecureUrl });
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await expect(widget.ready(page)).toBeVisible();
  await assess(page, EN);
  await expect(widget.result(page)).toBeVisible();
});
