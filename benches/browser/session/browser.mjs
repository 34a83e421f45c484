/** The one browser in which everything is measured. */
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const { chromium } = createRequire(new URL('../../../www/package.json', import.meta.url))('@playwright/test');

/** The arguments of www/playwright.config.ts. */
const ARGUMENTS = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
// Chromium's sandbox cannot be used by root, as whom CI runs.
const SANDBOX = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export async function openBrowser() {
  const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: [...ARGUMENTS, ...SANDBOX] });
}

/**
 * Opens a page, without waiting for it to load; `before` runs in it before its own scripts. `page.broken` rejects when
 * the page throws: what is broken is not measured.
 */
export async function openPage(context, url, { before, argument } = {}) {
  const page = await context.newPage();
  page.broken = new Promise((_, reject) => {
    page.on('pageerror', (error) => reject(new Error(`${url}: ${error.message}`)));
  });
  page.broken.catch(() => undefined);
  if (before) await page.addInitScript(before, argument);
  await page.goto(url, { waitUntil: 'commit' });
  return page;
}

/**
 * The most memory that a tab has taken, watched every few milliseconds until `stop` is called: bytes that are the
 * process's own (anonymous and shared memory), without the program and its libraries, which all tabs share. The tab is
 * the greatest renderer: no other page may be open, and what else there is are empty spares.
 */
export async function watchMemory(browser) {
  const devtools = await browser.newBrowserCDPSession();
  const renderers = async () => {
    const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
    return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  };
  const most = new Map();
  let over = false;
  const watching = (async () => {
    for (let i = 0; !over; i++) {
      // A new process shows soon enough; asking the browser costs it time.
      const ids = i % 10 === 0 ? await renderers() : [...most.keys()];
      for (const id of ids) most.set(id, Math.max(most.get(id) ?? 0, ownMemory(id)));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  return {
    async stop() {
      over = true;
      await watching;
      await devtools.detach();
      return Math.max(...most.values());
    },
  };
}

function ownMemory(id) {
  try {
    const status = readFileSync(`/proc/${id}/status`, 'utf8');
    return ['RssAnon', 'RssShmem'].reduce((sum, name) => sum + 1024 * Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0), 0);
  } catch {
    // The process is gone.
    return 0;
  }
}
