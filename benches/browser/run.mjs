/**
 * Measures everything in one session of one browser and writes what it found. Called by pkg-scripts/bench, which makes
 * what is measured; knows its options.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { table } from './numbers.mjs';
import { Arena } from './session/arena.mjs';
import { openBrowser } from './session/browser.mjs';
import { machine, watched } from './session/machine.mjs';
import { serveFolders } from './session/site.mjs';

const HERE = import.meta.dirname;
const ROOT = resolve(HERE, '../..');

/** In the order in which they run; the sooner the steadier the machine. */
const PARTS = ['roof', 'encoder', 'product', 'typing', 'batch'];

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    out: { type: 'string' },
    dist: { type: 'string', default: join(ROOT, 'www/dist') },
    work: { type: 'string', default: join(ROOT, 'work/bench') },
  },
});
const wanted = options.only ?? PARTS;

const progress = (text) => console.error(`==> ${text}`);

const browser = await openBrowser();
const site = await serveFolders({
  pages: join(HERE, 'pages'),
  node_modules: join(HERE, 'node_modules'),
  pkg: join(options.work, 'pkg'),
  encoders: join(options.work, 'encoders'),
  onnx: join(options.work, 'onnx'),
});
const results = { machine: session(browser.version()), quick: options.quick, parts: {}, claims: [] };
try {
  for (const name of PARTS.filter((part) => wanted.includes(part))) {
    progress(name);
    const part = await import(`./parts/${name}.mjs`);
    const settings = {
      browser,
      openArena: () => Arena.open(browser, site),
      quick: options.quick,
      rounds: options.quick ? 3 : 15,
      work: options.work,
      dist: options.dist,
      reports: join(ROOT, 'data/reports/specified.jsonl'),
      progress,
    };
    const found = await watched(() => part.run(settings), progress);
    results.parts[name] = found;
    results.claims.push(...part.claims(found));
    console.log(`\n# ${name}\n\n${part.show(found)}`);
    write();
  }
} finally {
  await browser.close();
  site.close();
}
console.log(`\n# What we claim\n\n${claims(results.claims)}`);
progress(`written to ${write()}`);

function write() {
  const out = options.out ?? join(options.work, 'results.json');
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, `${JSON.stringify(results, null, 1)}\n`);
  return out;
}

/** What the figures are of. */
function session(chromium) {
  const version = (name) => JSON.parse(readFileSync(join(HERE, 'node_modules', name, 'package.json'))).version;
  const commit = execFileSync('git', ['describe', '--always', '--dirty'], { cwd: ROOT, encoding: 'utf8' }).trim();
  return {
    when: new Date().toISOString(),
    commit,
    ...machine(),
    chromium,
    rivals: Object.fromEntries(['onnxruntime-web', '@huggingface/transformers'].map((name) => [name, version(name)])),
  };
}

function claims(list) {
  const number = (value) => (Math.abs(value) < 10 ? value.toFixed(2) : value.toFixed(0));
  const met = ({ wanted: sign, bound, measured }) => (sign === '>=' ? measured >= bound : measured <= bound);
  return table(
    ['', 'wanted', 'measured', ''],
    list.map((c) => [c.claim, `${c.wanted} ${number(c.bound)}`, number(c.measured), met(c) ? 'yes' : 'falls short']),
  );
}
