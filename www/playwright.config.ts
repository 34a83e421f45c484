import { defineConfig } from '@playwright/test';

const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
// A host name that is not local, as on an intranet without TLS: its pages are not a secure context.
const insecure = '--host-resolver-rules=MAP intranet.test 127.0.0.1';
const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
// Root, as which CI runs, cannot use Chromium's sandbox.
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  // Loading a model keeps a core busy for a second; more workers would only wait for each other.
  workers: 2,
  // A shared machine can stall a browser for longer than any timeout; a test that fails twice is broken.
  retries: process.env.CI ? 1 : 0,
  timeout: 90_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  use: {
    launchOptions: {
      executablePath: chromium,
      args: [...quiet, '--disable-component-update', '--disable-sync', insecure, ...sandbox],
    },
    locale: 'en-GB',
    // A trace of every test would take a third of the time; `--trace on` records one.
    trace: 'on-first-retry',
  },
  projects: [
    { name: 'e2e', testMatch: '*.spec.ts', testIgnore: '*.long.spec.ts' },
    // Faults and soaks that take minutes each: `pkg-scripts/test --long` runs them.
    { name: 'long', testMatch: '*.long.spec.ts', timeout: 1_800_000, workers: 1 },
    { name: 'screenshots', testMatch: 'screenshots.ts' },
  ],
});
