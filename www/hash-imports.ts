/**
 * The plugin of both builds that makes `?sha256`: `import hash from './a.wasm?sha256'` is the SHA-256 of a file in
 * hexadecimal, as it was when the widget was built (src/chunk.d.ts).
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Plugin } from 'vite';

const QUERY = '?sha256';

export function hashImports(): Plugin {
  return {
    name: 'hash-imports',
    enforce: 'pre',
    resolveId: (source, importer) =>
      source.endsWith(QUERY) && importer ? resolve(dirname(importer.split('?', 1)[0] ?? ''), source) : null,
    load(id) {
      if (!id.endsWith(QUERY)) return null;
      const path = id.slice(0, -QUERY.length);
      this.addWatchFile(path);
      return `export default ${JSON.stringify(createHash('sha256').update(readFileSync(path)).digest('hex'))};`;
    },
  };
}
