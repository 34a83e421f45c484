/** Elements that come, go, change and share a page: nothing stays behind, and nothing is mixed up. */
import type { CDPSession, Page } from '@playwright/test';
import { assessDirectly, EN, expect, open, set, test, widget, ZH, type SalesMirrorElement } from './site';

/** Bytes of the page's JavaScript heap after a collection of garbage. */
async function heap(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize;
}

/** Adds an element, waits until it is ready, and removes it, so many times. */
const comeAndGo = (page: Page, times: number) =>
  page.evaluate(async (times) => {
    for (let i = 0; i < times; i++) {
      const element = document.createElement('sales-mirror') as SalesMirrorElement;
      document.body.append(element);
      await element.load();
      element.remove();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }, times);

test('elements that are added and removed leave no worker and no memory behind', async ({
  page,
  context,
  site,
}) => {
  await open(page, site);
  await page.locator('sales-mirror').evaluate((element) => {
    element.remove();
  });
  await comeAndGo(page, 5);
  const session = await context.newCDPSession(page);
  const before = await heap(session);
  await comeAndGo(page, 50);
  await expect.poll(() => page.workers().length).toBe(0);
  const grown = (await heap(session)) - before;
  // An element that stayed would be hundreds of kilobytes, a model megabytes.
  expect(grown).toBeLessThan(2_000_000);
});

test('two elements with one model share a worker, and each gets its own result', async ({ page, site }) => {
  await open(page, site);
  const workers = page.workers().length;
  const [own, other, alone] = await page.evaluate(
    async ([en, zh]) => {
      const first = document.querySelector('sales-mirror') as SalesMirrorElement;
      const second = document.createElement('sales-mirror') as SalesMirrorElement;
      document.body.append(second);
      await second.load();
      const both = await Promise.all([first.assess(en), second.assess(zh)]);
      return [...both, await second.assess(zh)];
    },
    [EN, ZH] as const,
  );
  expect(page.workers().length).toBe(workers);
  expect([own.language, other.language]).toEqual(['en', 'zh']);
  expect({ ...other, timings: null }).toEqual({ ...alone, timings: null });
  expect(site.requests.filter((path) => path.endsWith('.gguf'))).toHaveLength(1);
});

test('an element that is moved keeps its result and its worker', async ({ page, site }) => {
  await open(page, site);
  await assessDirectly(page, EN);
  await expect(widget.result(page)).toBeVisible();
  const before = site.requests.length;
  await page.locator('sales-mirror').evaluate((element) => {
    const place = document.createElement('div');
    document.body.append(place);
    place.append(element);
  });
  await expect(widget.result(page)).toBeVisible();
  await expect(widget.ready(page)).toHaveCount(0);
  expect(site.requests.slice(before)).toEqual([]);
});

test('an element that is removed while it loads and added again loads', async ({ page, site }) => {
  await page.goto(site.url);
  await page.locator('sales-mirror').evaluate(async (element) => {
    const { parentElement } = element;
    element.remove();
    await new Promise((resolve) => setTimeout(resolve, 200));
    parentElement?.append(element);
  });
  await expect(widget.ready(page)).toBeVisible();
  await expect(page.locator('.failure')).toHaveCount(0);
});

test('attributes that change while the page loads or later take effect', async ({ page, site }) => {
  await page.goto(site.url);
  await set(page, 'mode', 'team');
  await expect(page.locator('sales-mirror-team')).toBeVisible();
  await set(page, 'mode', 'self');
  await expect(widget.ready(page)).toBeVisible();
  await set(page, 'lang', 'zh');
  await expect(page.getByText('就绪', { exact: true })).toBeVisible();
  await set(page, 'lang', 'en');
  await set(page, 'rubric', 'missing.json');
  await expect(widget.failure(page, 'rubric_invalid')).toBeVisible();
  await set(page, 'rubric', '');
  await expect(widget.ready(page)).toBeVisible();
  await set(page, 'profile', 'missing.json');
  await expect(page.locator('.alert[data-code="profile_invalid"]')).toBeVisible();
  await set(page, 'profile', '');
  await expect(page.locator('.alert')).toHaveCount(0);
  await set(page, 'model', 'http://');
  await expect(widget.failure(page, 'model_invalid')).toBeVisible();
  await set(page, 'model', 'nowhere/');
  await expect(widget.failure(page, 'not_found')).toBeVisible();
  await set(page, 'model', 'models/default');
  await expect(widget.ready(page)).toBeVisible();
});

test('a second copy of the script is told, and changes nothing', async ({ page, site }) => {
  const warnings: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'warning') warnings.push(message.text());
  });
  await open(page, site);
  await page.evaluate(() => import(new URL('sales-mirror.js?copy', location.href).href));
  expect(warnings.filter((text) => text.includes('loads SalesMirror twice'))).toHaveLength(1);
  await assessDirectly(page, EN);
  await expect(widget.result(page)).toBeVisible();
});
