/** The widget inside somebody else's page, served from a folder of its own. */
import { generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { POLICY } from '../../pkg-scripts/lib/listener.mjs';
import { assess, DIST, EN, expect, open, set, test, violations, visit, widget } from './site';

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

test('wasm that was changed is not run', async ({ page, site }) => {
  site.fault = (request, response) => {
    const path = request.url ?? '';
    if (!path.endsWith('.wasm')) return false;
    // One more section, of a name that no browser knows, leaves the module valid.
    response.writeHead(200, { 'Content-Type': 'application/wasm' });
    response.end(Buffer.concat([readFileSync(join(DIST, path)), Buffer.from([0, 2, 1, 120])]));
    return true;
  };
  await visit(page, site);
  await expect(widget.failure(page, 'hash_mismatch')).toBeVisible();
  site.fault = undefined;
  await widget.retry(page).click();
  await expect(widget.ready(page)).toBeVisible();
});

test('with model-key only a model that was signed is loaded: right key, altered manifest, another key, no signature', async ({
  page,
  site,
}) => {
  const sign = (content: Buffer) => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const signature = signBytes(null, content, privateKey).toString('base64');
    return { key: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'), signature };
  };
  const manifest = readFileSync(join(DIST, 'models/default/manifest.json'));
  const { key, signature } = sign(manifest);
  let answers: Record<string, string> = {};
  site.fault = (request, response) => {
    const answer = answers[request.url?.replace('/models/default/', '') ?? ''];
    if (answer === undefined) return false;
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(answer);
    return true;
  };
  await visit(page, site);
  await expect(widget.ready(page)).toBeVisible();
  await set(page, 'model-key', key);
  await expect(widget.failure(page, 'signature_missing')).toBeVisible();
  answers = { 'signature.json': JSON.stringify({ signature }) };
  await widget.retry(page).click();
  await expect(widget.ready(page)).toBeVisible();
  await assess(page, EN);
  await expect(widget.result(page)).toBeVisible();
  await set(page, 'model-key', sign(manifest).key);
  await expect(widget.failure(page, 'signature_wrong')).toBeVisible();
  answers['manifest.json'] = manifest.toString().replace('e5-small', 'e6-small');
  await set(page, 'model-key', key);
  await expect(widget.failure(page, 'signature_wrong')).toBeVisible();
  await expect(page.getByText('The model does not match your company’s signature.')).toBeVisible();
});

test('what the company has locked is off, says who decided, and has no barriers, in both languages', async ({
  page,
  site,
}) => {
  await open(page, site);
  await set(page, 'locked', 'team live history');
  await set(page, 'accept', '.docx');
  for (const [code, decided] of [
    ['en', 'Set by your company.'],
    ['zh', '由贵公司设定。'],
  ] as const) {
    await set(page, 'lang', code);
    await page.getByRole('tab').first().click();
    await expect(page.locator('sales-mirror-input').getByText(decided)).toHaveCount(2);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('tab').last().click();
    await expect(page.getByRole('tabpanel')).toContainText(decided);
    await expect(page.getByRole('checkbox')).toHaveCount(0);
    expect(await violations(page)).toEqual([]);
  }
  await set(page, 'mode', 'team');
  await expect(page.getByText('团队视图已关闭。由贵公司设定。')).toBeVisible();
  expect(await violations(page)).toEqual([]);
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
