// Compresses the files that the server sends compressed, checks the model against its manifest, and prints how much a
// visitor downloads. Fails if that exceeds what we promise.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { mismatch } from './manifest.mjs';

const WASM_LIMIT = 1_000_000;
/** Limits for the page: what loads before the first paint, and all scripts. */
const FIRST_PAINT_LIMIT = 40_000;
const FIRST_LOAD_LIMIT = 90_000;
/**
 * Loaded only when someone opens a file: the worker that reads text files and tables, readers of documents, of hand-over
 * files and of histories. Or once the history is on: what shows and exports it. Or once a log of use is on: what writes it,
 * shows it and exports it. Or where the page sets a key: what checks the model's signature. Or where the page sets
 * a rubric in the company's own words: what checks it and counts by it.
 */
const ON_DEMAND = /assets\/(document-worker|name|zip|word|open-document|spreadsheet|mail|pdf|file-readings|answer-view|open|import|checked|stored|correction|own-rubric|counting|entries-view|export|csv|later-log|signature)-/;
/** Not part of the page itself: examples, the page for an iframe, the rubric editor, the trial, the team view, the interview, the model's evaluation. */
const OTHER_PAGES = /^examples\/|^models\/.*\.html$|frame|rubric|^trial|team|later-interview|assets\/questions|^questions\/|service-worker/;
const dist = 'www/dist';
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
const kilobytes = (bytes) => `${(bytes / 1e3).toFixed(1)} kB`;

const files = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));
const brotli = promisify(brotliCompress);
const COMPRESSED = new Set(['.wasm', '.js', '.css', '.html', '.json', '.gguf']);
const NOT_COMPRESSED = new Set(['manifest.json', 'custom-elements.json', 'sbom.cdx.json']);
// On all cores: brotli's highest quality takes ten seconds for a wasm build.
const compressed = new Map(
  await Promise.all(
    files
      .filter((file) => COMPRESSED.has(extname(file)) && !NOT_COMPRESSED.has(basename(file)))
      .map(async (file) => {
        const content = readFileSync(file);
        // The highest quality would take a minute for the weights and hardly make them smaller.
        const quality = extname(file) === '.gguf' ? 9 : 11;
        const params = { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
        const small = await brotli(content, { params });
        writeFileSync(`${file}.br`, small);
        return [file, small.length];
      }),
  ),
);

const manifest = JSON.parse(readFileSync(`${dist}/models/default/manifest.json`, 'utf8'));
const wrong = mismatch(`${dist}/models/default`, manifest.files);
if (wrong) {
  console.error(`error: models/default/${wrong} does not match its manifest; run trainer quantize again`);
  process.exit(1);
}

const wasms = [...compressed].filter(([file]) => file.endsWith('.wasm'));
const total = (wanted) => [...compressed].filter(([file]) => wanted(file)).reduce((sum, [, size]) => sum + size, 0);
const name = (file) => file.slice(dist.length + 1);
const FIRST_PAINT = /^(index\.html|page\.css|page\.js|sales-mirror\.js|assets\/first-.*\.js)$/;
const firstPaint = total((file) => FIRST_PAINT.test(name(file)));
const onDemand = total((file) => ON_DEMAND.test(file));
// A browser loads the bindings of only one of the two builds.
const twin = Math.min(...[...compressed].filter(([file]) => /(relaxed-simd|simd128)-.*\.js$/.test(file)).map(([, size]) => size));
const texts = total((file) => /development\/.*\.json$/.test(file));
const first = (file) => !/\.(wasm|gguf)$/.test(file) && !ON_DEMAND.test(file) && !OTHER_PAGES.test(name(file));
const scripts = total((file) => file.endsWith('.js') && first(file)) - twin;
const others = total(first) - twin - texts;
const model = total((file) => file.endsWith('.gguf'));
for (const [file, size] of wasms) {
  console.log(`wasm         ${megabytes(size)} brotli, ${megabytes(statSync(file).size)} unpacked (${basename(file)})`);
}
console.log(`first paint  ${kilobytes(firstPaint)} brotli (HTML, styles, scripts)`);
console.log(`first load   ${kilobytes(scripts)} brotli of scripts, ${kilobytes(others)} with HTML, styles and profiles (without wasm and model)`);
console.log(`plans        ${kilobytes(texts)} brotli (texts of development plans, both languages)`);
console.log(`on demand    ${kilobytes(onDemand)} brotli (readers of files)`);
console.log(`model        ${megabytes(model)} brotli, ${megabytes(manifest.files.reduce((sum, file) => sum + file.size, 0))} unpacked (${manifest.id})`);
console.log(`total        ${megabytes(Math.max(...wasms.map(([, size]) => size)) + others + texts + model)} with one of the two wasm builds`);
const limits = [...wasms.map(([file, size]) => [file, size, WASM_LIMIT]), ['the first paint', firstPaint, FIRST_PAINT_LIMIT], ['the first load', scripts, FIRST_LOAD_LIMIT]];
for (const [what, size, limit] of limits) {
  if (size <= limit) continue;
  console.error(`error: ${what} takes ${size} bytes after brotli; we promise at most ${limit}`);
  process.exitCode = 1;
}
