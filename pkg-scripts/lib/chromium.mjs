// Starts the browser in which the checks look at pages: the one that $CHROMIUM names, driven by Playwright.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Requires what is installed in www. */
export const requireOfPage = createRequire(join(dirname(fileURLToPath(import.meta.url)), '../../www/package.json'));

export function launch() {
  const { chromium } = requireOfPage('@playwright/test');
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    // Root, as which CI runs, cannot use Chromium's sandbox.
    args: ['--disable-gpu', '--disable-quic', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
}
