// Compresses what the server sends compressed, checks the model against its manifest, prints what a visitor downloads.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
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

const wasms = [...compressed].filter(([file]) => file.endsWith('.wasm'));
const scripts = [...compressed].filter(([file]) => !file.endsWith('.wasm')).reduce((sum, [, size]) => sum + size, 0);
const model = manifest.files.reduce((sum, file) => sum + file.size, 0);
for (const [file, size] of wasms) {
  console.log(`wasm    ${megabytes(size)} brotli, ${megabytes(statSync(file).size)} unpacked (${basename(file)})`);
}
console.log(`page    ${kilobytes(scripts)} brotli in all (scripts, styles, html)`);
console.log(`model   ${megabytes(model)} (${manifest.id})`);
console.log(`in all  ${megabytes(Math.max(...wasms.map(([, size]) => size)) + scripts + model)} with one of the wasm builds`);
for (const [file, size] of wasms) {
  if (size <= LIMIT) continue;
  console.error(`error: ${file} has ${size} bytes after brotli, more than the ${LIMIT} that we promise`);
  process.exit(1);
}
