// Tests that NOTICE and the bill of materials name all that ships, and what counts as shipping.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { allowedLicences, billOfMaterials, crates, isAllowed, lists, npmPackages, split } from './dependencies.mjs';

test('NOTICE names every crate and package that ships, with its licence', () => {
  const [own, found] = split(readFileSync(new URL('../../NOTICE', import.meta.url), 'utf8'));
  assert.ok(own.includes('The model file'));
  assert.equal(found, lists(), 'run node pkg-scripts/lib/dependencies.mjs notice --write');
});

test('crates are those of the wasm file, without macros and without the trainer', () => {
  const names = crates().map(({ name }) => name);
  assert.ok(names.includes('candle-core') && names.includes('wasm-bindgen'));
  for (const name of ['salesmirror', 'serde_derive', 'clap', 'parquet']) assert.ok(!names.includes(name), name);
});

test('packages for development and optional ones do not ship', () => {
  const lock = {
    packages: {
      '': { name: 'page' },
      'node_modules/@a/b': { version: '1.0.0', license: 'MIT' },
      'node_modules/c/node_modules/d': { version: '2.0.0' },
      'node_modules/tool': { version: '1.0.0', license: 'MIT', dev: true },
      'node_modules/native': { version: '1.0.0', license: 'MIT', optional: true },
    },
  };
  assert.deepEqual(npmPackages(lock), [
    { name: '@a/b', version: '1.0.0', licence: 'MIT', path: 'node_modules/@a/b' },
    { name: 'd', version: '2.0.0', licence: 'unknown', path: 'node_modules/c/node_modules/d' },
  ]);
});

test('all licences are among those that deny.toml allows', () => {
  const allowed = allowedLicences();
  assert.ok(allowed.has('MIT') && !allowed.has('GPL-3.0-or-later'));
  const refused = [...npmPackages(), ...crates()].filter(({ licence }) => !isAllowed(licence, allowed));
  assert.deepEqual(refused, []);
});

test('an expression is allowed if one of its alternatives is, as a whole', () => {
  const allowed = new Set(['MIT', 'Zlib']);
  assert.ok(isAllowed('(MIT OR GPL-3.0-or-later)', allowed) && isAllowed('MIT AND Zlib', allowed));
  assert.ok(!isAllowed('MIT AND GPL-3.0-only', allowed) && !isAllowed('unknown', allowed));
});

test('the bill of materials has all packages, crates and the model, and nothing else', () => {
  const { components, dependencies } = billOfMaterials();
  const named = components.map(({ name, group, version }) => `${group ? `${group}/` : ''}${name}@${version ?? ''}`).sort();
  const { id } = JSON.parse(readFileSync(new URL('../../www/models/default/manifest.json', import.meta.url), 'utf8'));
  const wanted = [...npmPackages(), ...crates(), { name: id, version: '' }].map(({ name, version }) => `${name}@${version}`);
  assert.deepEqual(named, wanted.sort());
  const refs = new Set(components.map((component) => component['bom-ref']));
  for (const { dependsOn } of dependencies) for (const ref of dependsOn) assert.ok(refs.has(ref), ref);
});
