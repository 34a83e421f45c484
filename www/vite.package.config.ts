/**
 * Builds what the npm package `salesmirror` contains: in the mode `npm` the element, in the mode `node` what runs in Node.
 * pkg-scripts/pack puts the packages together.
 */
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { chunkImports } from './chunk-imports.ts';
import { hashImports } from './hash-imports.ts';

const OUT = '../work/packages/salesmirror';

/** Without hashes: the build for Node reads the same wasm, and bundlers add their own. */
const assetFileNames = 'assets/[name][extname]';

/** Leaves `import()` as it is: the function that Vite puts around it has URLs that webpack cannot follow, and warns of. */
function plainImports(): Plugin {
  return {
    name: 'plain-imports',
    enforce: 'pre',
    load: (id) =>
      id.includes('vite/preload-helper') ? 'export const __vitePreload = (load) => load();' : undefined,
    generateBundle: {
      order: 'post',
      // webpack would write the path of the developer's folder there.
      handler: (_, bundle) => {
        for (const file of Object.values(bundle))
          if (file.type === 'chunk') file.code = file.code.replaceAll(',[],import.meta.url)', ')');
      },
    },
  };
}

/**
 * Files of which every one works alone, under any name: bundlers copy what `new URL('…', import.meta.url)` names and give
 * it another one. So the workers are not divided into chunks, and have nothing beside them.
 */
const element: UserConfig = {
  plugins: [chunkImports({ byUrl: false }), hashImports(), plainImports()],
  base: './',
  publicDir: false,
  worker: {
    format: 'es',
    rolldownOptions: { output: { codeSplitting: false, entryFileNames: 'assets/[name].js', assetFileNames } },
  },
  build: {
    outDir: OUT,
    emptyOutDir: false,
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { 'sales-mirror': 'src/sales-mirror/sales-mirror.ts' },
      preserveEntrySignatures: 'allow-extension',
      external: ['@salesmirror/model-default'],
      output: {
        entryFileNames: '[name].js',
        // Beside each other, so that `assets/` is the same folder for all of them where a bundler leaves URLs as they are.
        chunkFileNames: '[name].js',
        assetFileNames,
      },
    },
  },
};

/** Everything that it needs is in its files, except the wasm and the model, which it reads from the packages. */
const node: UserConfig = {
  publicDir: false,
  // The build for Node reads no ArrayBuffer.
  resolve: { alias: { mammoth: 'mammoth/mammoth.browser.js' } },
  ssr: { noExternal: true },
  build: {
    ssr: true,
    outDir: `${OUT}/node`,
    emptyOutDir: false,
    target: 'node20',
    minify: true,
    rolldownOptions: {
      input: { index: 'src/node/index.ts', worker: 'src/node/worker.ts', command: 'src/node/command.ts' },
      external: ['@salesmirror/model-default'],
      // Beside each other, so that every script finds the character maps of PDF in the folder of the package.
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
    },
  },
};

export default defineConfig(({ mode }) => (mode === 'node' ? node : element));
