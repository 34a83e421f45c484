/** The built widget behind a real server that records every request and can be made to misbehave. */
import { test as base, expect, type Browser, type Locator, type Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { listener } from '../../pkg-scripts/lib/listener.mjs';
import type { Assessment } from '../src/engine/contract';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const DIST = join(import.meta.dirname, '../dist');
export const MODEL = readFileSync(join(DIST, 'models/default/model.gguf'));

/** Answers a request itself and returns true, or leaves it to the ordinary server. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

/** No server. Offline emulation would do for the page, but does not always hold for its service worker. */
export const unreachable: Fault = (_, response) => {
  response.destroy();
  return true;
};

export interface Site {
  readonly url: string;
  /** The same over plain http under another name: no secure context, so no Cache Storage and no SubtleCrypto. */
  readonly insecureUrl: string;
  /** Paths asked for, in order. */
  readonly requests: string[];
  fault: Fault | undefined;
  /** Whether pages are cross-origin isolated. */
  isolated: boolean;
}

export const test = base.extend<{ site: Site; console: string[] }>({
  // Playwright wants the pattern, empty or not.
  site: async ({}, use) => {
    const ordinary = await listener(DIST);
    const requests: string[] = [];
    const server = createServer((request, response) => {
      requests.push(request.url ?? '');
      if (site.isolated) {
        response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
        response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
      }
      if (!site.fault?.(request, response)) ordinary(request, response);
    });
    await new Promise<void>((ready) => {
      server.listen(0, '127.0.0.1', ready);
    });
    const { port } = server.address() as AddressInfo;
    const site: Site = {
      url: `http://127.0.0.1:${port}/`,
      insecureUrl: `http://intranet.test:${port}/`,
      requests,
      fault: undefined,
      isolated: false,
    };
    await use(site);
    server.closeAllConnections();
    server.close();
  },

  /** What the browser complains of: errors, violations of the policy, requests to other origins. */
  console: [
    async ({ page, context, site }, use) => {
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
      page.on('console', (message) => {
        // A failed request is the page's to handle; Chromium logs it all the same.
        if (message.type() === 'error' && !/^Failed to load (resource|module script)/.test(message.text()))
          complaints.push(message.text());
      });
      context.on('request', (request) => {
        const own = [site.url, site.insecureUrl, 'data:'];
        if (!own.some((start) => request.url().startsWith(start)))
          complaints.push(`request to ${request.url()}`);
      });
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** The widget's parts, found as a person finds them. */
export const widget = {
  input: (page: Page): Locator => page.getByRole('textbox', { name: /^(Your report|你的报告)$/ }),
  assess: (page: Page): Locator => page.getByRole('button', { name: /^(Assess|开始评估)$/ }),
  cancel: (page: Page): Locator => page.getByRole('button', { name: /^(Cancel|取消)$/ }),
  retry: (page: Page): Locator => page.getByRole('button', { name: /^(Try again|重试)$/ }),
  ready: (page: Page): Locator => page.getByText(/^(Ready|就绪)$/),
  result: (page: Page): Locator =>
    page.getByRole('heading', { name: /^(What this text shows|这段文字体现了什么)$/ }),
  refusal: (page: Page): Locator =>
    page.getByRole('heading', { name: /^(No levels for this text|这段文字不评等级)$/ }),
  failure: (page: Page, code: string): Locator => page.locator(`.failure[data-code="${code}"]`),
  /** The labels of the parts that are greyed in the text area. */
  greyed: (page: Page): Locator => page.locator('sales-mirror-editor .badge.reason'),
  competency: (page: Page, id: string): Locator => page.locator(`[data-competency="${id}"]`),
};

/** Opens the page, which does not ask for a self-rating; the tests that are about it turn it on. */
export async function visit(page: Page, site: Site, query = ''): Promise<void> {
  await page.goto(site.url + query);
  await selfRating(page, 'off');
}

export async function selfRating(page: Page, value: 'on' | 'off'): Promise<void> {
  await set(page, 'self-rating', value);
}

/** Sets an attribute of the element. */
export async function set(page: Page, name: string, value: string): Promise<void> {
  await page.locator('sales-mirror').evaluate(
    (element, [of, to]) => {
      element.setAttribute(of, to);
    },
    [name, value] as const,
  );
}

/** Opens the page and waits for the model. */
export async function open(page: Page, site: Site, query = ''): Promise<void> {
  await visit(page, site, query);
  await expect(widget.ready(page)).toBeVisible();
}

/** The element, as a page's own script sees it. */
export type SalesMirrorElement = HTMLElement & {
  load(): Promise<void>;
  assess(text: string): Promise<Assessment>;
  assessAll(texts: readonly string[]): Promise<readonly Assessment[]>;
};

/** Assesses a text by the element's method. */
export const assessDirectly = (page: Page, text: string): Promise<Assessment> =>
  page.locator('sales-mirror').evaluate((element: SalesMirrorElement, text) => element.assess(text), text);

/**
 * Assesses texts together by the element's method. The page keeps the answer until it is asked for: Chromium sometimes loses the
 * promise of a long evaluation that it was told to wait for.
 */
export async function assessAllDirectly(
  page: Page,
  texts: readonly string[],
): Promise<readonly Assessment[]> {
  const answer = await page.locator('sales-mirror').evaluateHandle((element: SalesMirrorElement, texts) => {
    const kept: {
      settled?: { readonly assessments: readonly Assessment[] } | { readonly failure: unknown };
    } = {};
    element.assessAll(texts).then(
      (assessments) => (kept.settled = { assessments }),
      (failure: unknown) => (kept.settled = { failure }),
    );
    return kept;
  }, texts);
  const settled = await page.waitForFunction(({ settled }) => settled, answer, { timeout: 120_000 });
  const value = await settled.jsonValue();
  if (!value || 'failure' in value) throw new Error(`the texts were not assessed: ${JSON.stringify(value)}`);
  return value.assessments;
}

/** An assessment without what differs from run to run. */
export const untimed = (assessment: Assessment | null) => ({ ...assessment, timings: null });

/** A labelled report of ../data. */
export interface Labelled {
  readonly lang: string;
  readonly text: string;
  readonly scores: Readonly<Record<string, number | null>>;
}

/** The labelled reports of a file in ../data. */
export const labelled = (name: string): Labelled[] =>
  readFileSync(join(import.meta.dirname, '../../data/reports', name), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Labelled);

/** The specified reports. */
export const specified = (): Labelled[] => labelled('specified.jsonl');

/** What axe-core finds wrong with the page as it is. */
export async function violations(page: Page): Promise<string[]> {
  // Evaluated, not inserted as a script: the policy would refuse that.
  await page.evaluate(axe);
  const results = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
}

/** Words of more than two Latin letters outside the text itself and what is quoted of it: in Chinese there should be none. */
export async function latin(page: Page, element = 'sales-mirror'): Promise<string[]> {
  const words = await page.locator(element).evaluate((element) => {
    const own = '.document, .quote, q, .samples, .languages, [lang=en], option[lang], .own, style';
    const text = (root: ParentNode): string => {
      const parts: string[] = [];
      for (const node of root.childNodes) {
        if (node instanceof Text) parts.push(node.data);
        else if (node instanceof Element && !node.matches(own))
          parts.push(text(node), node.shadowRoot ? text(node.shadowRoot) : '');
      }
      return parts.join(' ');
    };
    return element.shadowRoot ? text(element.shadowRoot) : '';
  });
  // A plan quotes the person's own sentence.
  const own = words.replace(/“[^”]*”/g, '');
  return (
    own
      .match(/[A-Za-z]{3,}/g)
      ?.filter(
        (word) =>
          !['Ctrl', 'txt', 'csv', 'xlsx', 'docx', 'eml', 'Word', 'Excel', 'PDF', 'https'].includes(word),
      ) ?? []
  );
}

/** Event of a trace of Chromium. Times are in microseconds; `tdur` is the CPU time of a task. */
export interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: {
    readonly name?: string;
    readonly chrome_mojo_event_info?: { readonly mojo_interface_tag?: string };
  };
}

/** The events of the page's main thread while something is done. */
export async function traced(
  browser: Browser,
  page: Page,
  categories: string[],
  action: () => Promise<void>,
): Promise<readonly TraceEvent[]> {
  await browser.startTracing(page, { categories });
  await action();
  const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as { traceEvents: TraceEvent[] };
  const thread = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;
  const main = traceEvents.filter(
    ({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain',
  );
  const threads = new Set(main.map(thread));
  return traceEvents.filter((event) => threads.has(thread(event)));
}

/**
 * The longest tasks of the page's main thread while something is done, in milliseconds of the thread's own time: on a busy
 * machine a task also waits for its turn, which is not the page's doing.
 */
export async function longestTasks(
  browser: Browser,
  page: Page,
  action: () => Promise<void>,
): Promise<number[]> {
  const categories = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'];
  const own = await traced(browser, page, categories, action);
  // What the test itself asks of the page.
  const asked = own.filter(({ args }) =>
    args.chrome_mojo_event_info?.mojo_interface_tag?.includes('DevToolsSession'),
  );
  return own
    .filter(
      ({ name, ts, dur = 0 }) =>
        name === 'RunTask' && !asked.some((message) => message.ts >= ts && message.ts <= ts + dur),
    )
    .map(({ tdur = 0 }) => tdur / 1_000)
    .sort((a, b) => b - a)
    .slice(0, 5);
}

/** Opens the row of a competency in the panel. */
export async function openRow(page: Page, id: string): Promise<Locator> {
  const competency = widget.competency(page, id);
  await competency.locator('h3 button').click();
  return competency;
}

/** Waits until the panel shows what came of the text in the text area, and not of one before it. */
export async function upToDate(page: Page): Promise<void> {
  await expect(widget.result(page)).toBeVisible();
  await expect(page.locator('.stale')).toHaveText('');
}

/** What is marked in the text area, by default the sentences that are evidence. */
export function marked(page: Page, looks: readonly string[] = ['positive', 'negative']): Promise<string[]> {
  return page.evaluate(
    (names) =>
      names.flatMap((look) =>
        [...(CSS.highlights.get(`sales-mirror-${look}`) ?? [])].map((range) => (range as Range).toString()),
      ),
    looks,
  );
}

/** Pixels of the page that lie beyond the window's width. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

/** Waits until the model is kept for the next visit, which happens after it is ready. */
export async function kept(page: Page): Promise<void> {
  await page.waitForFunction(async () => {
    const cache = await caches.open('salesmirror-models');
    return (await cache.keys()).some(({ url }) => url.endsWith('.gguf'));
  });
}

/** Puts a text in the field, as pasting does, and assesses it. */
export async function assess(page: Page, text: string): Promise<void> {
  await widget.input(page).fill(text);
  await widget.assess(page).click();
}

export const EN =
  'I asked the plant manager what a stopped line costs him and he said 4,000 an hour. ' +
  'I worked out the payback with his own figures: eleven months. ' +
  'He asked for 12% off; I offered 5% against a three-year service contract, and he signed. ' +
  'I told nobody in delivery, so they learned of the date from the customer. ' +
  'When it went wrong I blamed presales in front of everyone and did not answer their calls. ' +
  'Next week: Monday the kick-off with delivery, Wednesday the two open offers, Friday a review of the lost deals.';

export const ZH =
  '我先问了车间主任停线一小时损失多少，他说四千。我按他的数字算了投入产出，十一个月回本。' +
  '他要降价12%，我用三年维保换5%，当场签字。交付那边我没说，他们是从客户那里才知道日期的。' +
  '出了问题我在群里怪售前同事，也没回他们电话。' +
  '下周：周一和交付开启动会，周三跟两份报价，周五复盘丢单。';

/** Pasted into a report, it does not count: it is read alone and refused. */
export const ADVERT = {
  en:
    'We are hiring a service technician for our site in the north. You maintain pumps and compressors and train new colleagues. ' +
    'You have finished a technical apprenticeship and hold a driving licence. We offer 30 days of holiday and a company car. ' +
    'Please send your application by 15 May.',
  zh:
    '招聘售后技术员，工作地点：北区。负责水泵和压缩机的维护，并带教新同事。' +
    '要求：技工学历，持有驾照。提供每年三十天年假和公司配车。请于5月15日前投递简历。',
};

/** The assessment that the element shows; null if it shows none. */
export const current = (page: Page) =>
  page
    .locator('sales-mirror')
    .evaluate((element: HTMLElement & { assessment: Assessment | null }) => element.assessment);
