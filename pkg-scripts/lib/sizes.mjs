// Compresses what the server sends compressed, checks the model against its manifest, prints what a visitor downloads.
// usage: sizes.mjs COMPILED_WASM
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const LIMIT = 1_000_000;
const dist = 'www/dist';
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
const kilobytes = (bytes) => `${(bytes / 1e3).toFixed(1)} kB`;

const files = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));
const compressed = new Map();
for (const file of files.filter((f) => ['.wasm', '.js', '.css', '.html'].includes(extname(f)))) {
  const content = readFileSync(file);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  const small = brotliCompressSync(content, { params });
  writeFileSync(`${file}.br`, small);
  compressed.set(file, small.length);
}

const manifest = JSON.parse(readFileSync(`${dist}/models/default/manifest.json`, 'utf8'));
for (const { name, size, sha256 } of manifest.files) {
  const content = readFileSync(`${dist}/models/default/${name}`);
  if (content.length !== size || createHash('sha256').update(content).digest('hex') !== sha256) {
    console.error(`error: models/default/${name} is not what its manifest says; run trainer export again`);
    process.exit(1);
  }
}

const wasm = [...compressed.keys()].find((file) => file.endsWith('.wasm'));
const brotli = compressed.get(wasm);
const scripts = [...compressed].filter(([file]) => !file.endsWith('.wasm')).reduce((sum, [, size]) => sum + size, 0);
const model = manifest.files.reduce((sum, file) => sum + file.size, 0);
console.log(`wasm    ${megabytes(statSync(process.argv[2]).size)} compiled, ${megabytes(statSync(wasm).size)} after wasm-opt, ${megabytes(brotli)} brotli`);
console.log(`page    ${kilobytes(scripts)} brotli in all (scripts, styles, html)`);
console.log(`model   ${megabytes(model)} (${manifest.id})`);
console.log(`in all  ${megabytes(brotli + scripts + model)}`);
if (brotli > LIMIT) {
  console.error(`error: the wasm has ${brotli} bytes after brotli, more than the ${LIMIT} that we promise`);
  process.exit(1);
}
