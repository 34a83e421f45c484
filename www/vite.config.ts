/// <reference types="vitest/config" />
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin } from 'vite';

/** The folders of ../data that a company can edit on its server. */
const data = ['development', 'profiles'];

/** Copies the models and the editable data beside the scripts, where the element looks for them. */
function beside(): Plugin {
  return {
    name: 'beside',
    apply: 'build',
    closeBundle: () => {
      cpSync('models', 'dist/models', { recursive: true });
      for (const folder of data)
        cpSync(`../data/${folder}`, `dist/${folder}`, {
          recursive: true,
          filter: (path) => !path.endsWith('.md'),
        });
      cpSync('examples', 'dist/examples', { recursive: true, filter: (path) => !/\.(tsx?|vue)$/.test(path) });
      // pdf.js needs these character maps for Chinese fonts that a document does not embed.
      cpSync('node_modules/pdfjs-dist/cmaps', 'dist/cmaps', { recursive: true });
    },
  };
}

/** Tells the service worker which files the page consists of, and a version that changes with them. */
function precache(): Plugin {
  /** Files that are not bundled, and their sources. */
  const fixed = new Map([
    ['index.html', 'public/index.html'],
    ['page.css', 'public/page.css'],
    ...data.flatMap((folder) =>
      readdirSync(`../data/${folder}`)
        .filter((name) => name.endsWith('.json'))
        .map((name) => [`${folder}/${name}`, `../data/${folder}/${name}`] as const),
    ),
  ]);
  return {
    name: 'precache',
    generateBundle(_, bundle) {
      const worker = bundle['service-worker.js'];
      if (worker?.type !== 'chunk') throw new Error('the bundle has no service-worker.js');
      // The readers of documents are fetched only when such a file is read; that of text files is small.
      const kept = (name: string) =>
        name !== 'service-worker.js' &&
        !/^examples\/|^frame|^assets\/(zip|word|open-document|spreadsheet|mail|pdf)-/.test(name);
      const files = Object.keys(bundle).filter(kept).sort();
      const version = createHash('sha256');
      for (const source of fixed.values()) version.update(readFileSync(source));
      for (const name of files) {
        const file = bundle[name];
        version.update(file?.type === 'chunk' ? file.code : (file?.source ?? ''));
      }
      const shell = JSON.stringify({
        version: version.digest('hex').slice(0, 16),
        files: ['./', ...fixed.keys(), ...files],
      });
      worker.code = worker.code.replace(/["'`]@shell@["'`]/, () => JSON.stringify(shell));
    },
  };
}

export default defineConfig({
  // Everything is found relative to the scripts, under any path.
  base: './',
  plugins: [
    vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === 'sales-mirror' } } }),
    beside(),
    precache(),
  ],
  worker: { format: 'es' },
  build: {
    outDir: 'dist',
    target: 'es2022',
    // The policy allows no inline script, and every supported browser has module preload.
    modulePreload: false,
    assetsInlineLimit: 0,
    rollupOptions: {
      input: {
        'sales-mirror': 'src/sales-mirror/sales-mirror.ts',
        page: 'src/page/page.ts',
        frame: 'src/frame/frame.ts',
        'service-worker': 'src/service-worker.ts',
        'examples/react/app': 'examples/react/app.tsx',
        'examples/vue/app': 'examples/vue/app.ts',
      },
      preserveEntrySignatures: 'allow-extension',
      output: { entryFileNames: '[name].js', chunkFileNames: 'assets/[name]-[hash].js' },
    },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    testTimeout: 30_000,
    alias: {
      // The build for Node reads no ArrayBuffer.
      mammoth: 'mammoth/mammoth.browser.js',
      // It is no dependency here: pkg-scripts/pack makes it.
      '@salesmirror/model-default': join(import.meta.dirname, '../packages/model-default/index.js'),
    },
  },
});
