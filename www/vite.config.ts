/// <reference types="vitest/config" />
import { createHash } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';

/** Puts the models beside the scripts, where the element looks for them. */
function models(): Plugin {
  return {
    name: 'models',
    closeBundle: () => {
      cpSync('models', 'dist/models', { recursive: true });
    },
  };
}

/** Tells the service worker which files the page is made of, and a version that changes with them. */
function precache(): Plugin {
  const fixed = ['index.html', 'page.css'];
  return {
    name: 'precache',
    generateBundle(_, bundle) {
      const worker = bundle['service-worker.js'];
      if (worker?.type !== 'chunk') throw new Error('the service worker is not in the bundle');
      const files = Object.keys(bundle).filter((name) => name !== 'service-worker.js').sort();
      const version = createHash('sha256');
      for (const name of fixed) version.update(readFileSync(`public/${name}`));
      for (const name of files) {
        const file = bundle[name];
        version.update(file?.type === 'chunk' ? file.code : (file?.source ?? ''));
      }
      const shell = JSON.stringify({ version: version.digest('hex').slice(0, 16), files: ['./', ...fixed, ...files] });
      worker.code = worker.code.replace(/["'`]@shell@["'`]/, () => JSON.stringify(shell));
    },
  };
}

export default defineConfig({
  // Everything is found relative to where the scripts lie, under any path.
  base: './',
  plugins: [models(), precache()],
  worker: { format: 'es' },
  build: {
    outDir: 'dist',
    target: 'es2022',
    // The policy allows no inline script, and every browser that runs this has module preload.
    modulePreload: false,
    assetsInlineLimit: 0,
    rollupOptions: {
      input: {
        'sales-mirror': 'src/sales-mirror/sales-mirror.ts',
        page: 'src/page/page.ts',
        'service-worker': 'src/service-worker.ts',
      },
      preserveEntrySignatures: 'allow-extension',
      output: { entryFileNames: '[name].js', chunkFileNames: 'assets/[name]-[hash].js' },
    },
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
});
