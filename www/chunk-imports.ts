/**
 * The plugin of both builds that makes `?chunk`: `import load from './a?chunk'` is a function that imports a module in a
 * chunk of its own (src/chunk.d.ts).
 */
import { join } from 'node:path';
import type { Plugin } from 'vite';

const QUERY = '?chunk';
const OWN_SCRIPT = JSON.stringify(join(import.meta.dirname, 'src/component/own-script.ts'));

/**
 * @param byUrl whether the built scripts import a chunk by its URL, so that it can be asked for again after a failure.
 *   Bundlers that take in the npm package can follow only a plain `import()`.
 */
export function chunkImports({ byUrl }: { readonly byUrl: boolean }): Plugin {
  let build = false;
  return {
    name: 'chunk-imports',
    configResolved: ({ command }) => {
      build = command === 'build';
    },
    async resolveId(source, importer) {
      if (!source.endsWith(QUERY)) return null;
      const module = await this.resolve(source.slice(0, -QUERY.length), importer);
      return module && `${module.id}${QUERY}`;
    },
    load(id) {
      if (!id.endsWith(QUERY)) return null;
      const path = id.slice(0, -QUERY.length);
      if (!byUrl || !build)
        return `import { arrived } from ${OWN_SCRIPT};
          export default () => arrived(import(${JSON.stringify(path)}));`;
      const url = `import.meta.ROLLUP_FILE_URL_${this.emitFile({ type: 'chunk', id: path })}`;
      return `import { importOwn } from ${OWN_SCRIPT}; export default () => importOwn(${url});`;
    },
  };
}
