/** Makes the pictures of docs/screenshots: npm run screenshots. */
import { join } from 'node:path';
import { assess, EN, expect, MODEL, open, test, visit, widget } from './site';
import { SAMPLES } from '../src/samples/samples';

const picture = (name: string) => join(import.meta.dirname, `../../docs/screenshots/${name}.png`);
const sample = (language: string) => SAMPLES.find((entry) => entry.language === language)?.text ?? '';

for (const [name, language, scheme, width] of [
  ['result-en-light', 'en', 'light', 1280],
  ['result-zh-dark', 'zh', 'dark', 1280],
  ['result-narrow', 'zh', 'light', 320],
] as const) {
  test(name, async ({ page, site }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 1600 });
    await open(page, site);
    if (language === 'zh') await page.getByRole('button', { name: '中文' }).click();
    await assess(page, sample(language));
    await expect(widget.result(page)).toBeVisible();
    await page.locator('summary').first().click();
    await page.evaluate(() => {
      scrollTo(0, 0);
    });
    await page.screenshot({ path: picture(name) });
  });
}

test('loading', async ({ page, site }) => {
  site.fault = (request, response) => {
    if (!request.url?.endsWith('.gguf')) return false;
    response.writeHead(200, { 'Content-Length': MODEL.length });
    response.write(MODEL.subarray(0, 6_400_000));
    return true;
  };
  await visit(page, site);
  await expect(page.getByText(/^Model: 6\.4 of/)).toBeVisible();
  await page.screenshot({ path: picture('loading') });
});

test('error', async ({ page, site }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  site.fault = (request, response) => {
    if (!request.url?.endsWith('.gguf')) return false;
    response.end(MODEL.subarray(0, 1000));
    return true;
  };
  await visit(page, site);
  await widget.input(page).fill(EN);
  await expect(widget.failure(page, 'incomplete')).toBeVisible();
  await page.screenshot({ path: picture('error') });
});
