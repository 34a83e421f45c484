/** Every example of www/examples, as it is shipped, and what an embedding page may rely on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { HEADERS, POLICY } from '../../pkg-scripts/lib/listener.mjs';
import type { SalesMirror } from '../src/sales-mirror/sales-mirror';
import { assess, DIST, EN, expect, openRow, type Site, test, violations, widget } from './site';

const example = (page: Page, site: Site, name: string) => page.goto(`${site.url}examples/${name}/`);

test('plain HTML: events, and slots for an own header and notice', async ({ page, site }) => {
  await example(page, site, 'plain');
  await expect(page.getByText('Sales academy')).toBeVisible();
  await expect(page.getByText('Works council agreement')).toBeVisible();
  await expect(page.getByText('Your text stays in this browser.')).toBeHidden();
  await expect(widget.ready(page)).toBeVisible();
  await assess(page, EN);
  await page.getByRole('button', { name: 'Skip to the result' }).click();
  await expect(widget.result(page)).toBeVisible();
  await expect(page.locator('#count')).toHaveText('1');
  expect(await violations(page)).toEqual([]);
});

test('inside a form: required, its value is the assessment, cleared by a reset', async ({ page, site }) => {
  await example(page, site, 'form');
  await expect(widget.ready(page)).toBeVisible();
  await page.locator('#send').click();
  await expect(page.locator('#sent')).toBeEmpty();
  await expect(widget.input(page)).toBeFocused();
  expect(await page.locator('sales-mirror').evaluate((element: SalesMirror) => element.checkValidity())).toBe(
    false,
  );
  await assess(page, EN);
  await expect(widget.result(page)).toBeVisible();
  await page.locator('#send').click();
  await expect(page.locator('#sent')).toHaveText(/^Negotiation, autumn: .*negotiation \d\.\d/);
  await page.locator('#reset').click();
  await expect(widget.result(page)).toBeHidden();
  await expect(widget.input(page)).toHaveValue('');
  await page.locator('#form').evaluate((form) => {
    const set = document.createElement('fieldset');
    set.disabled = true;
    set.append(...form.childNodes);
    form.append(set);
  });
  await expect(widget.input(page)).toBeDisabled();
});

test('React: a ref, a method, an event', async ({ page, site }) => {
  await example(page, site, 'react');
  await page.getByRole('button', { name: 'Assess the note of the day' }).click();
  await expect(page.locator('#level')).toHaveText(/^\d\.\d$/);
  await expect(widget.result(page)).toBeVisible();
});

test('Vue: a bound attribute, an event; the page trusts the policy of Vue, too', async ({ page, site }) => {
  pageOf(site, '/examples/vue/', readFileSync(join(DIST, 'examples/vue/index.html')), `${POLICY} vue`);
  await example(page, site, 'vue');
  await expect(widget.ready(page)).toHaveText('Ready');
  await page.locator('#language').selectOption('zh');
  await expect(widget.ready(page)).toHaveText('就绪');
  await assess(page, EN);
  await expect(page.locator('#shown')).toHaveText(/^[1-7]$/);
});

test('a portal with a strict policy and styles of its own: late, moved, and still working', async ({
  page,
  site,
}) => {
  await example(page, site, 'sharepoint');
  await expect(page.locator('#webpart[data-ready="1"]')).toBeVisible();
  await page.locator('h1').click();
  await assess(page, EN);
  await expect(widget.result(page)).toBeVisible();
  await page.mouse.move(0, 0);
  await expect(widget.assess(page)).toHaveCSS('background-color', 'rgb(3, 120, 124)');
});

/** Has a page come from a portal with a policy of its own, by default one that lets it have frames. */
function pageOf(site: Site, path: string, html: string | Buffer, policy = `${POLICY}; frame-src *`): void {
  const before = site.fault;
  site.fault = (request, response) => {
    if (request.url !== path) return before?.(request, response) ?? false;
    response
      .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy })
      .end(html);
    return true;
  };
}

test('in an iframe: a page of the same origin asks and is answered', async ({ page, site }) => {
  pageOf(site, '/examples/iframe/', readFileSync(join(DIST, 'examples/iframe/index.html')));
  await example(page, site, 'iframe');
  await page.getByRole('button', { name: 'Assess the note of the day' }).click();
  await expect(page.locator('#level')).toHaveText(/^\d\.\d$/);
  const frame = page.frameLocator('#widget');
  await expect(frame.getByRole('heading', { name: 'What this text shows' })).toBeVisible();
});

for (const [listed, answered] of [
  [false, false],
  [true, true],
] as const) {
  test(`in an iframe: another origin is ${listed ? 'answered where it is listed' : 'not heard'}`, async ({
    page,
    site,
  }) => {
    const port = new URL(site.url).port;
    const frame = readFileSync(join(DIST, 'frame.html'), 'utf8');
    site.fault = (request, response) => {
      if (!request.url?.startsWith('/frame.html')) return false;
      const html = frame.replace(
        'name="salesmirror-origins" content=""',
        `name="salesmirror-origins" content="http://intranet.test:${port}"`,
      );
      response
        .writeHead(200, { ...HEADERS, 'Content-Type': 'text/html; charset=utf-8' })
        .end(listed ? html : frame);
      return true;
    };
    pageOf(
      site,
      '/portal.html',
      `<!doctype html><title>Portal</title><link rel="icon" href="data:,"><iframe src="${site.url}frame.html?self-rating=off"></iframe>`,
    );
    await page.goto(`${site.insecureUrl}portal.html`);
    await expect(page.frameLocator('iframe').getByText(/^Ready$/)).toBeVisible();
    await page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      addEventListener(
        'message',
        ({ data }: MessageEvent<{ type: string; id?: string; detail: { schema?: number } }>) => {
          heard.push(data.type === 'answer' ? `answer ${data.id} ${data.detail.schema}` : data.type);
        },
      );
    });
    const heard = () => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
    const inside = page.frames()[1];
    await inside?.evaluate(() => {
      const last = new Promise<void>((done) => {
        addEventListener('message', ({ data }) => {
          if (data === 'last') done();
        });
      });
      Object.assign(window, { last });
    });
    await page.evaluate((text) => {
      const frame = document.querySelector('iframe')?.contentWindow;
      frame?.postMessage({ salesmirror: 1, type: 'hello' }, '*');
      frame?.postMessage({ salesmirror: 1, type: 'assess', id: 'a', text }, '*');
      frame?.postMessage('last', '*');
    }, EN);
    await inside?.evaluate(() => (window as unknown as { last: Promise<void> }).last);
    if (answered) {
      await expect.poll(heard).toEqual(expect.arrayContaining(['ready', 'assessed', 'answer a 4']));
    } else {
      // A greeting is answered at once, before the frame takes the next message.
      expect(await heard()).toEqual([]);
    }
  });
}

test('headless: nothing is shown, texts are assessed', async ({ page, site }) => {
  await page.goto(`${site.url}examples/plain/`);
  const found = await page.evaluate(async (text) => {
    document.querySelector('sales-mirror')?.remove();
    const scorer = document.createElement('sales-mirror');
    scorer.mode = 'headless';
    document.body.append(scorer);
    const [first, second] = await scorer.assessAll([text, 'He asked for a discount and I gave 20% at once.']);
    return {
      height: scorer.offsetHeight,
      shown: [first?.overall?.shown, second?.overall?.shown],
      value: (JSON.parse(scorer.value) as { schema: number }).schema,
    };
  }, EN);
  expect(found.height).toBe(0);
  expect(found.shown[0]).toBeGreaterThan(1);
  expect(found.value).toBe(4);
});

test('a rubric and a profile of the company', async ({ page, site }) => {
  const rubric = JSON.parse(readFileSync(join(DIST, '../../data/rubric.json'), 'utf8')) as {
    competencies: { name: { en: string } }[];
  };
  const [first] = rubric.competencies;
  if (first) first.name.en = 'Know-how, as we call it';
  let answer: unknown = rubric;
  site.fault = (request, response) => {
    const found = {
      '/own/rubric.json': answer,
      '/own/role.json': {
        id: 'own',
        version: 1,
        rubric: 'sales-competency',
        name: { en: 'Our seller' },
        description: { en: '-' },
        targets: { expertise: 4 },
      },
    }[request.url ?? ''];
    if (!found) return false;
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(found));
    return true;
  };
  const add = () =>
    page.evaluate(() => {
      document.querySelector('sales-mirror')?.remove();
      const own = document.createElement('sales-mirror');
      for (const [name, value] of Object.entries({
        rubric: '/own/rubric.json',
        profile: '/own/role.json',
        'self-rating': 'off',
      }))
        own.setAttribute(name, value);
      document.body.append(own);
    });
  await example(page, site, 'plain');
  await add();
  await expect(widget.ready(page)).toBeVisible();
  await assess(page, EN);
  await expect(widget.competency(page, 'expertise')).toContainText('Know-how, as we call it');
  await expect(await openRow(page, 'expertise')).toContainText('Our seller asks for level 4:');
  answer = { ...rubric, id: 'another' };
  await add();
  await expect(page.locator('.failure[data-code=rubric_invalid]')).toBeVisible();
});

test('the manifest and the types tell what the element has', () => {
  interface Declaration {
    readonly tagName?: string;
    readonly attributes?: readonly { readonly name: string }[];
    readonly events?: readonly { readonly name: string }[];
    readonly slots?: readonly { readonly name: string }[];
  }
  const manifest = JSON.parse(readFileSync(join(DIST, 'custom-elements.json'), 'utf8')) as {
    modules: { declarations: Declaration[] }[];
  };
  const element = manifest.modules
    .flatMap(({ declarations }) => declarations)
    .find(({ attributes }) => attributes?.length);
  const names = (list: readonly { readonly name: string }[] | undefined) =>
    list?.map(({ name }) => name) ?? [];
  const attributes = [
    'lang',
    'mode',
    'model',
    'model-key',
    'rubric',
    'kind',
    'profile',
    'questions',
    'development',
    'self-rating',
    'live',
    'locked',
    'accept',
    'writing-aids',
    'workers',
    'team-minimum',
    'name',
    'required',
    'disabled',
  ];
  expect(names(element?.attributes)).toEqual(attributes);
  expect(element?.tagName).toBe('sales-mirror');
  expect(names(element?.events)).toEqual([
    'sales-mirror-progress',
    'sales-mirror-ready',
    'sales-mirror-assessed',
    'sales-mirror-levels',
    'sales-mirror-error',
  ]);
  expect(names(element?.slots)).toEqual(['header', 'notice', 'interview-notice']);
  const types = readFileSync(join(DIST, 'types/sales-mirror/sales-mirror.d.ts'), 'utf8');
  for (const method of ['assess(', 'assessAll(', 'cancel(', 'load(']) expect(types).toContain(method);
});
