/// <reference types="vitest/config" />
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { minifyHTMLLiterals } from 'minify-literals';
import { defineConfig, type Plugin } from 'vite';
import { HEADERS } from '../pkg-scripts/lib/listener.mjs';
import { chunkImports } from './chunk-imports.ts';
import { hashImports } from './hash-imports.ts';
import type { Shell } from './src/page/kept-files';

/** The folders of ../data that a company can edit on its server. */
const data = ['development', 'profiles', 'questions'];

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

/** Takes the white space out of templates and styles, which the bundler takes for text. */
function minifyTemplates(): Plugin {
  return {
    name: 'minify-templates',
    apply: 'build',
    enforce: 'pre',
    transform: async (code, id) => {
      if (!/\/src\/.*\.ts$/.test(id) || !/\b(html|css|svg)`/.test(code)) return null;
      // A parser of HTML would take the slash off SVG's elements, and space between a template's parts.
      return minifyHTMLLiterals(code, { fileName: id, html: (text) => text.replace(/\n\s*/g, '\n') });
    },
  };
}

/** Tells the service worker which files the page consists of, what their contents are, and a version that changes with them. */
function precache(): Plugin {
  const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
  const page = sha256(readFileSync('public/index.html'));
  const pages = { './': page, 'index.html': page, 'page.css': sha256(readFileSync('public/page.css')) };
  const json = data.flatMap((folder) =>
    readdirSync(`../data/${folder}`)
      .filter((name) => name.endsWith('.json'))
      .map((name) => `${folder}/${name}`),
  );
  return {
    name: 'precache',
    // After all plugins: the files are hashed as they are served.
    writeBundle({ dir = 'dist' }, bundle) {
      const script = bundle['service-worker.js'];
      if (script?.type !== 'chunk' || script.imports.length > 0)
        throw new Error(
          'service-worker.js must be one file, as not every browser has service workers that are modules',
        );
      // The readers of documents are fetched only when such a file is read; that of text files is small.
      const kept = (name: string) =>
        name !== 'service-worker.js' &&
        !/^examples\/|^frame|^rubric|^trial|^assets\/(zip|word|open-document|spreadsheet|mail|pdf)-/.test(
          name,
        );
      const scripts: Record<string, string> = {};
      for (const name of Object.keys(bundle).filter(kept).sort())
        scripts[name] = sha256(readFileSync(`${dir}/${name}`));
      const version = sha256(
        JSON.stringify([pages, scripts, json.map((name) => sha256(readFileSync(`../data/${name}`)))]),
      );
      const shell = JSON.stringify({
        version: version.slice(0, 16),
        scripts,
        pages,
        data: json,
      } satisfies Shell);
      const worker = `${dir}/service-worker.js`;
      const code = readFileSync(worker, 'utf8');
      const filled = code.replace(/["'`]@shell@["'`]/, () => JSON.stringify(shell));
      if (filled === code) throw new Error(`${worker} has no place for the list of files`);
      writeFileSync(worker, filled);
    },
  };
}

/** Modules of the first paint that the parts loaded later use too. */
const FIRST =
  /\/src\/(component\/(?!sha256|existing-database|seeded)|failure\/(?!reading)|icons|languages|typing|report\/(report|objections)|engine\/(?!worker|local-worker|encoder-service|ahead|build|simd|signature|refusal)|sales-mirror\/(loading-|data|failure-|header|status|sales-mirror\.styles)|samples\/samples|package\/contents|files\/(file-drop|accept)|profile\/profile|plan\/development|editor\/pieces|result\/(highlight|hues)|charts\/mini-bars)|\/node_modules\/(@lit|lit|lit-element|lit-html|lucide)\//;

/** Modules that are loaded with the model, and that the team view and interviews use too. */
const REST =
  /\/src\/(result|hand-over|history|log)\/.*\?chunk$|\/src\/(result\/(?!correction)|hand-over\/(?!open|answer-view)|history\/(?!import|entries|copies|export|trends)|log\/(log-host|parts|kept)|component\/(sha256|existing-database)|plan|editor|self-rating|review|report\/(?!checked|counting|own-rubric|unite|team-columns)|charts\/(?!trend)|profile|interview\/transcript|files\/(json|save))|\/node_modules\/(d3-shape|d3-path|idb)\//;

export default defineConfig({
  // Everything is found relative to the scripts, under any path.
  base: './',
  plugins: [
    vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === 'sales-mirror' } } }),
    chunkImports({ byUrl: true }),
    hashImports(),
    minifyTemplates(),
    beside(),
    precache(),
  ],
  worker: { format: 'es' },
  preview: { headers: HEADERS },
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
        rubric: 'src/rubric-editor/page.ts',
        trial: 'src/trial/trial.ts',
        'service-worker': 'src/service-worker.ts',
        'examples/react/app': 'examples/react/app.tsx',
        'examples/vue/app': 'examples/vue/app.ts',
      },
      preserveEntrySignatures: 'allow-extension',
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: 'assets/[name]-[hash].js',
        // Two chunks compress a tenth better than the dozen that sharing between the lazy parts would make of them.
        codeSplitting: {
          groups: [
            { name: 'first', test: FIRST, priority: 2 },
            { name: 'rest', test: REST, priority: 1 },
          ],
        },
      },
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
