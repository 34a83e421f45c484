// Holds the configurations of examples/hosting to the policy and the types of listener.mjs. pkg-scripts/check-hosting runs them.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { test } from 'node:test';
import { HEADERS, TYPES } from './listener.mjs';

const read = (name) => readFileSync(new URL(`../../examples/hosting/${name}`, import.meta.url), 'utf8');
const FILES = ['nginx.conf', 'apache.htaccess', 'web.config'];

test('every configuration sends the headers that we promise', () => {
  for (const file of FILES)
    for (const [name, value] of Object.entries(HEADERS)) {
      const text = read(file);
      assert.ok(text.includes(`"${value}"`), `${name} in ${file}`);
      assert.ok(text.includes(name), `${name} in ${file}`);
    }
});

test('every configuration knows the types of all files of the build', () => {
  const dist = new URL('../../www/dist/', import.meta.url);
  const endings = new Set(readdirSync(dist, { recursive: true }).map((name) => extname(name)));
  for (const ending of [...endings].filter((ending) => ending && ending !== '.br')) {
    const type = (TYPES[ending] ?? (ending === '.bcmap' ? 'application/octet-stream' : TYPES['.txt'])).split(';')[0];
    const plain = type.replaceAll('/', '\\/');
    const name = ending.slice(1);
    assert.match(read('nginx.conf'), new RegExp(`^ +${plain} .*\\b${name}\\b`, 'm'), `${ending} for nginx`);
    assert.match(read('apache.htaccess'), new RegExp(`^AddType ${plain} .*\\.${name}\\b`, 'm'), `${ending} for Apache`);
    assert.match(read('web.config'), new RegExp(`fileExtension="\\.${name}" mimeType="${plain}[";]`), `${ending} for IIS`);
  }
});

test('the configuration of IIS is well-formed', () => {
  const { Parser } = createRequire(new URL('../../www/package.json', import.meta.url))('saxen');
  const problems = [];
  const open = [];
  const parser = new Parser();
  parser.on('error', (error) => problems.push(error.message));
  parser.on('warn', (warning) => problems.push(warning.message));
  parser.on('openTag', (name) => open.push(name));
  parser.parse(read('web.config').replace(/^<\?xml.*\?>\n/, ''));
  assert.deepEqual(problems, []);
  assert.equal(open[0], 'configuration');
  // A type that is declared twice stops the site.
  const types = [...read('web.config').matchAll(/<mimeMap fileExtension="([^"]+)"/g)].map(([, ending]) => ending);
  assert.deepEqual(types, [...new Set(types)]);
});
