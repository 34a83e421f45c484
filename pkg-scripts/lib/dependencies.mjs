// What ships: the crates that are compiled into the wasm file, and the npm packages that the scripts can contain. Writes
// the list in NOTICE and checks it, and writes what goes into a build: a bill of materials (CycloneDX) and the texts of
// all licences. Which licences are allowed is for deny.toml to say.
//
//   node pkg-scripts/lib/dependencies.mjs notice [--write]    checks, or writes, the list in NOTICE
//   node pkg-scripts/lib/dependencies.mjs build DIRECTORY     writes sbom.cdx.json and licences.txt into a build
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const MARK = 'Complete lists, written by pkg-scripts/lib/dependencies.mjs:';
const TARGET = 'wasm32-unknown-unknown';
/** `cargo tree` and `cargo metadata` print more than Node expects of a command. */
const OUTPUT = { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 };
const byName = (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version.localeCompare(b.version));

/**
 * The crates in the wasm file, sorted, each `{name, version, licence}`. Macros and build scripts run at compile time only
 * and are left out. `cargo metadata` would also name what features of the trainer bring along; `cargo tree` does not.
 */
export function crates() {
  const packages = ['salesmirror-simd128', 'salesmirror-relaxed-simd'].flatMap((name) => ['-p', name]);
  const what = ['--locked', '--target', TARGET, '-e', 'normal,no-proc-macro', '--prefix', 'none', '--no-dedupe'];
  const tree = execFileSync('cargo', ['tree', ...packages, ...what, '--format', '{p}\t{l}'], OUTPUT);
  const found = new Map();
  for (const line of tree.split('\n')) {
    const [, name, version, rest, licence] = /^(\S+) v(\S+)(.*?)\t(.*)$/.exec(line) ?? [];
    // Our own packages have a path behind their version.
    if (name && !rest.includes('(/')) found.set(`${name}@${version}`, { name, version, licence: spdx(licence) });
  }
  return [...found.values()].sort(byName);
}

/** The licences that deny.toml allows for crates; npm packages are held to the same. */
export function allowedLicences() {
  const list = readFileSync(join(root, 'deny.toml'), 'utf8').match(/^allow = \[([^\]]*)\]/m)[1];
  return new Set([...list.matchAll(/"(.+?)"/g)].map(([, licence]) => licence));
}

/** Whether an SPDX expression, which may have AND and OR without nesting, can be met by allowed licences. */
export function isAllowed(expression, allowed) {
  const either = expression.replaceAll(/[()]/g, '').split(' OR ');
  return either.some((all) => all.split(' AND ').every((licence) => allowed.has(licence)));
}

/** What packages mean that do not state an SPDX expression, as their licence files say. */
const CLARIFIED = new Map([['duck', 'BSD-2-Clause']]);

/** Cargo's older notation for "or" is a slash. */
const spdx = (licence) => licence.replaceAll(/ ?\/ ?/g, ' OR ');

/**
 * The npm packages that the scripts can contain, sorted, each `{name, version, licence, path}`: those that our packages
 * for production need. Optional ones are left out: they are for Node. `path` is relative to the lock file.
 */
export function npmPackages(lock = JSON.parse(readFileSync(join(root, 'www/package-lock.json'), 'utf8'))) {
  return Object.entries(lock.packages)
    .filter(([path, { dev, optional, devOptional }]) => path && !dev && !optional && !devOptional)
    .map(([path, { version, license }]) => ({ name: path.replace(/^.*node_modules\//, ''), version, path, license }))
    .map(({ license, path, ...found }) => ({ ...found, licence: CLARIFIED.get(found.name) ?? license ?? 'unknown', path }))
    .sort(byName);
}

/** The lists as NOTICE has them: a package a line, without versions, so that an update changes nothing. */
export function lists() {
  const table = (packages) => [...new Set(packages.map(({ name, licence }) => `  ${name.padEnd(38)} ${licence}`))].join('\n');
  return `${MARK}

Crates in the wasm file, beside the standard library of Rust (MIT OR Apache-2.0)
${table(crates())}

npm packages that the scripts need; a bundle has only the parts of them that it uses
${table(npmPackages())}
`;
}

/** Splits a NOTICE into what people wrote and the lists, which are at its end. */
export function split(notice) {
  const at = notice.indexOf(MARK);
  return at < 0 ? [`${notice.trimEnd()}\n\n`, ''] : [notice.slice(0, at), notice.slice(at)];
}

/**
 * A bill of materials in CycloneDX 1.5: npm writes that of the scripts, to which the crates and the model are added.
 * What does not ship is taken out here: `npm sbom --omit dev` also takes out what production needs and a tool needs too.
 */
export function billOfMaterials() {
  const npm = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
  const bill = JSON.parse(execFileSync('npm', npm, { ...OUTPUT, cwd: join(root, 'www') }));
  const shipped = new Set(npmPackages().map(({ name, version }) => `pkg:npm/${name.replace('@', '%40')}@${version}`));
  const kept = ({ purl }) => shipped.has(purl);
  const refs = new Set([bill.metadata.component, ...bill.components.filter(kept)].map((component) => component['bom-ref']));
  bill.components = bill.components.filter(kept);
  bill.dependencies = bill.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((needed) => refs.has(needed)) }));
  bill.metadata.component.name = 'salesmirror';
  const checksums = cargoChecksums();
  const rust = crates().map(({ name, version, licence }) => {
    const purl = `pkg:cargo/${name}@${version}`;
    const sha256 = checksums.get(`${name}@${version}`);
    return {
      type: 'library',
      'bom-ref': purl,
      name,
      version,
      purl,
      licenses: [{ expression: licence }],
      ...(sha256 ? { hashes: [{ alg: 'SHA-256', content: sha256 }] } : {}),
    };
  });
  const manifest = JSON.parse(readFileSync(join(root, 'www/models/default/manifest.json'), 'utf8'));
  const model = {
    type: 'machine-learning-model',
    'bom-ref': `model:${manifest.id}`,
    name: manifest.id,
    hashes: manifest.files.map(({ sha256 }) => ({ alg: 'SHA-256', content: sha256 })),
    licenses: [{ expression: 'MIT OR Apache-2.0' }],
  };
  // Flat: whoever looks for a component does not need to know which crate brought it along.
  const own = bill.dependencies.find(({ ref }) => ref === bill.metadata.component['bom-ref']);
  own.dependsOn = [...own.dependsOn, ...[...rust, model].map((component) => component['bom-ref'])];
  bill.components = [...bill.components, ...rust, model];
  return bill;
}

/** SHA-256 of the archive of each crate, by `name@version`. */
function cargoChecksums() {
  const lock = readFileSync(join(root, 'Cargo.lock'), 'utf8');
  const entries = lock.matchAll(/name = "(.+)"\nversion = "(.+)"\nsource = ".+"\nchecksum = "(.+)"/g);
  return new Map([...entries].map(([, name, version, checksum]) => [`${name}@${version}`, checksum]));
}

/** The texts of all licences, each once, with the packages that have it. */
export function licenceTexts() {
  const metadata = ['metadata', '--format-version', '1', '--locked', '--filter-platform', TARGET];
  const folders = new Map(
    JSON.parse(execFileSync('cargo', metadata, OUTPUT)).packages.map(({ name, version, manifest_path }) => [`${name}@${version}`, dirname(manifest_path)]),
  );
  const packages = [
    ...crates().map((crate) => ({ ...crate, folder: folders.get(`${crate.name}@${crate.version}`) })),
    ...npmPackages().map((found) => ({ ...found, folder: join(root, 'www', found.path) })),
  ];
  const texts = new Map();
  const without = [];
  for (const { name, version, licence, folder } of packages) {
    const files = folder && existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
    const found = files.filter((file) => file.isFile() && /^(licen[cs]e|copying|copyright|notice|unlicense)/i.test(file.name));
    if (found.length === 0) without.push(`${name} ${version} (${licence})`);
    for (const file of found) {
      const text = readFileSync(join(folder, file.name), 'utf8').replaceAll('\r\n', '\n').trim();
      texts.set(text, [...(texts.get(text) ?? []), `${name} ${version}`]);
    }
  }
  const line = '='.repeat(80);
  const parts = [...texts].map(([text, names]) => `${[...new Set(names)].join(', ')}\n\n${text}`);
  if (without.length > 0) parts.push(`These packages come without a licence file; their licence is in brackets:\n\n${without.join('\n')}`);
  return `The licences of what SalesMirror contains. NOTICE in the repository has a summary.\n\n${line}\n${parts.join(`\n\n${line}\n`)}\n`;
}

function main([command, argument]) {
  const file = join(root, 'NOTICE');
  if (command === 'notice') {
    const [own, found] = split(readFileSync(file, 'utf8'));
    const wanted = lists();
    if (argument === '--write') writeFileSync(file, own + wanted);
    else if (found !== wanted) {
      console.error('error: NOTICE does not name what ships; run node pkg-scripts/lib/dependencies.mjs notice --write');
      process.exit(1);
    }
  } else if (command === 'build' && argument) {
    writeFileSync(join(argument, 'sbom.cdx.json'), `${JSON.stringify(billOfMaterials(), null, 1)}\n`);
    writeFileSync(join(argument, 'licences.txt'), licenceTexts());
  } else {
    console.error('usage: dependencies.mjs notice [--write] | build DIRECTORY');
    process.exit(2);
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
