/** The tags that pin the scripts of a build, with one script after the other changed. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HEADERS } from '../../pkg-scripts/lib/listener.mjs';
import { DIST, expect, test, widget } from './site';

test('the tags of the build pin the scripts: the page works, and a script that was changed is not run', async ({
  page,
  browser,
  site,
}) => {
  const tags = execFileSync('node', [join(DIST, '../../pkg-scripts/embed-tags'), '/'], { encoding: 'utf8' });
  const policy = /default-src.*/.exec(tags)?.[0] ?? '';
  let changed: string | undefined;
  site.fault = (request, response) => {
    const path = request.url ?? '';
    if (path === '/portal.html') {
      response.writeHead(200, {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': policy,
      });
      response.end(`<!doctype html><title>Intranet</title><link rel="icon" href="data:,">${tags}`);
      return true;
    }
    if (!changed || !path.startsWith(changed)) return false;
    response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/javascript' });
    response.end(`${readFileSync(join(DIST, changed), 'utf8')}\nconsole.log('it ran');`);
    return true;
  };
  await page.goto(`${site.url}portal.html`);
  await expect(widget.ready(page)).toBeVisible();
  const loaded = site.requests.filter((path) => path.endsWith('.js') && !/worker|simd/.test(path));
  expect(loaded.length).toBeGreaterThan(3);
  for (const path of loaded) {
    expect(tags).toContain(`"${path}"`);
    changed = path;
    // Nothing is in its cache.
    const fresh = await browser.newPage();
    const said: string[] = [];
    fresh.on('console', (message) => said.push(message.text()));
    await fresh.goto(`${site.url}portal.html`);
    if (/\/(later|rest|texts)-/.test(path)) {
      await widget.retry(fresh).click();
      await expect(widget.retry(fresh)).toBeVisible();
    }
    await expect.poll(() => said.join()).toMatch(/integrity/);
    expect(said).not.toContain('it ran');
    await fresh.close();
  }
});
