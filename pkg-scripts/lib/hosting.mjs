// Starts nginx and Apache with the configurations of examples/hosting over www/dist, and checks what docs/hosting.md promises
// of them: headers, types, compression, caching, parts of files, and a text that Chromium assesses. pkg-scripts/check-hosting
// calls this.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { launch } from './chromium.mjs';
import { HEADERS, listener, TYPES } from './listener.mjs';
import { freePort, listen } from './ports.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = join(root, 'www/dist');
const examples = join(root, 'examples/hosting');

/** Milliseconds until a server must answer, and until a page must have assessed a text. */
const SERVER_LIMIT = 20_000;
const PAGE_LIMIT = 120_000;
const MODEL = 'models/default/model.gguf';
const TEXT =
  'I asked the plant manager what a stopped line costs him and he said 4,000 an hour. ' +
  'He asked for 12% off; I offered 5% against a three-year service contract, and he signed. ' +
  'I told nobody in delivery, so they learned of the date from the customer.';
const asRoot = process.getuid?.() === 0;

/** Replaces exactly one place of a configuration. */
function replaced(text, place, by) {
  assert.equal(text.split(place).length, 2, `the configuration has ${place} exactly once`);
  return text.replace(place, by);
}

/** The shipped site of nginx inside of the least that nginx needs around it. */
function nginx(folder, port, { brotli, base }) {
  const [module] = ['/usr/lib/nginx/modules', '/usr/share/nginx/modules', '/usr/lib64/nginx/modules'].map((path) => `${path}/ngx_http_brotli_static_module.so`).filter(existsSync);
  if (brotli && !module) throw new Error("nginx's module brotli_static is missing; on Debian: apt-get install libnginx-mod-http-brotli-static");
  let site = readFileSync(join(examples, 'nginx.conf'), 'utf8');
  site = replaced(site, 'listen 80;', `listen 127.0.0.1:${port};`);
  site = replaced(site, 'root /var/www/salesmirror;', `root ${folder}/site;`);
  const place = join(folder, 'site', base).replace(/\/$/, '');
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(dist, place);
  chmodSync(folder, 0o755);
  if (!brotli) site = replaced(replaced(site, '    brotli_static on;\n', ''), '        brotli_static off;\n', '');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ');
  const main = `${brotli ? `load_module ${module};` : ''} ${asRoot ? 'user root;' : ''} daemon off; pid ${folder}/pid; error_log stderr;
    events {} http { access_log off; ${temporary} include ${folder}/site.conf; }`;
  writeFileSync(join(folder, 'site.conf'), site);
  writeFileSync(join(folder, 'nginx.conf'), main);
  return ['nginx', ['-e', 'stderr', '-c', join(folder, 'nginx.conf')]];
}

/** Apache with the shipped .htaccess beside a copy of the files. */
function apache(folder, port, { base }) {
  const site = join(folder, 'site', base);
  cpSync(dist, site, { recursive: true, preserveTimestamps: true });
  cpSync(join(examples, 'apache.htaccess'), join(site, '.htaccess'));
  chmodSync(folder, 0o755);
  const modules = ['mpm_event', 'authz_core', 'mime', 'dir', 'headers', 'rewrite', 'setenvif', 'filter', 'deflate'];
  const main = `ServerRoot ${folder}\nServerName localhost\nListen 127.0.0.1:${port}\nPidFile ${folder}/pid\nErrorLog ${folder}/log
${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
${asRoot ? 'User www-data\nGroup www-data' : ''}
TypesConfig /dev/null\nDocumentRoot ${folder}/site\n<Directory ${folder}/site>\nAllowOverride All\nRequire all granted\n</Directory>\n`;
  writeFileSync(join(folder, 'apache.conf'), main);
  return ['apache2', ['-f', join(folder, 'apache.conf'), '-DFOREGROUND']];
}

/** Runs a server while `use` has the URL of the page. */
async function serving(configure, options, use) {
  const folder = mkdtempSync(join(tmpdir(), 'salesmirror-hosting-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}${options.base}`;
  let output = '';
  try {
    const server = spawn(...configure(folder, port, options));
    for (const stream of [server.stdout, server.stderr]) stream.on('data', (data) => (output += data));
    const exit = new Promise((ended) => server.once('exit', ended));
    try {
      const until = Date.now() + SERVER_LIMIT;
      while (!(await ask(url, '').catch(() => undefined))) {
        if (server.exitCode !== null || Date.now() > until) throw new Error('the server does not answer');
        await sleep(100);
      }
      return await use(url);
    } finally {
      server.kill('SIGTERM');
      await exit;
    }
  } catch (error) {
    const log = join(folder, 'log');
    error.message += `\n${(existsSync(log) ? readFileSync(log, 'utf8') : output).slice(-2000)}`;
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the server answers, as it stands: neither decoded nor with its path normalised. */
function ask(url, path, headers = {}, method = 'GET') {
  const { hostname, port, pathname } = new URL(url);
  return new Promise((done, failed) => {
    request({ hostname, port, path: pathname + path, headers, method }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part)).on('end', () => done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
    })
      .on('error', failed)
      .end();
  });
}

function checkPolicy({ headers }, what) {
  for (const [name, value] of Object.entries(HEADERS)) assert.equal(headers[name.toLowerCase()], value, `${name} of ${what}`);
}

const cacheOf = (name) => (name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : name === 'service-worker.js' ? 'max-age=3600' : 'no-cache');

/** Every file of the build: type, policy, caching, compression, content, and 304 if it is unchanged. */
async function checkFiles(url, { brotli }) {
  const names = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.br'))
    .map((entry) => join(entry.parentPath, entry.name).slice(dist.length + 1));
  for (const name of names) {
    const path = encodeURI(name);
    const content = readFileSync(join(dist, name));
    const small = name !== MODEL && brotli && existsSync(join(dist, `${name}.br`));
    const first = await ask(url, path, { 'Accept-Encoding': 'gzip, deflate, br' });
    assert.equal(first.status, 200, name);
    checkPolicy(first, name);
    const extension = extname(name);
    const text = ['.md', '.ts'].includes(extension) ? TYPES['.txt'] : undefined;
    const type = TYPES[extension] ?? text ?? 'application/octet-stream';
    if (extension) assert.equal(first.headers['content-type'], type, `the type of ${name}`);
    assert.equal(first.headers['cache-control'], cacheOf(name), `caching of ${name}`);
    if (small) {
      assert.equal(first.headers['content-encoding'], 'br', name);
      assert.match(first.headers.vary ?? '', /accept-encoding/i, name);
      assert.deepEqual(first.body, readFileSync(join(dist, `${name}.br`)), name);
    } else if (first.headers['content-encoding']) {
      assert.equal(first.headers['content-encoding'], 'gzip', name);
      assert.notEqual(name, MODEL);
      assert.deepEqual(gunzipSync(first.body), content, name);
    } else assert.deepEqual(first.body, content, name);
    const again = await ask(url, path, { 'Accept-Encoding': 'gzip, deflate, br', 'If-None-Match': first.headers.etag });
    assert.equal(again.status, 304, `${name} is not sent again`);
    checkPolicy(again, `${name}, unchanged`);
    const plain = await ask(url, path);
    assert.equal(plain.headers['content-encoding'], undefined, name);
    assert.deepEqual(plain.body, content, name);
  }
  return names.length;
}

async function checkRequests(url) {
  const page = await ask(url, '');
  assert.deepEqual(page.body, readFileSync(join(dist, 'index.html')));
  checkPolicy(page, 'the page');
  for (const kind of ['.js', '.wasm']) {
    const name = readdirSync(join(dist, 'assets')).find((file) => file.endsWith(kind));
    const { headers, body } = await ask(url, `assets/${name}`, { 'Accept-Encoding': 'gzip' });
    assert.equal(headers['content-encoding'], 'gzip', `${name} without brotli`);
    assert.match(headers.vary ?? '', /accept-encoding/i, name);
    assert.deepEqual(gunzipSync(body), readFileSync(join(dist, 'assets', name)));
  }
  const missing = await ask(url, 'nothing.js');
  assert.equal(missing.status, 404);
  checkPolicy(missing, 'a file that is missing');
  assert.notEqual(missing.headers['cache-control'], cacheOf('assets/'), 'that a file is missing is not kept');
  for (const method of ['POST', 'PUT', 'DELETE']) assert.equal((await ask(url, 'index.html', {}, method)).status, 405, method);
  for (const path of ['models/', 'assets/', '../../../package.json', '%2e%2e/package.json', '.htaccess'])
    assert.ok((await ask(url, path)).status >= 400, `${path} is refused`);
  await checkParts(url);
}

/** A download of the model that broke off goes on where it stopped, if the file is still the same. */
async function checkParts(url) {
  const size = statSync(join(dist, MODEL)).size;
  const whole = await ask(url, MODEL, { 'Accept-Encoding': 'gzip, deflate, br' }, 'HEAD');
  assert.match(whole.headers.etag, /^"/, 'a strong ETag');
  const rest = { Range: `bytes=${size - 100}-`, 'If-Range': whole.headers.etag };
  const part = await ask(url, MODEL, rest);
  assert.equal(part.status, 206);
  assert.equal(part.headers['content-range'], `bytes ${size - 100}-${size - 1}/${size}`);
  assert.deepEqual(part.body, readFileSync(join(dist, MODEL)).subarray(-100));
  const other = await ask(url, MODEL, { ...rest, 'If-Range': '"another"' });
  assert.equal(other.status, 200, 'another file is sent from its beginning');
}

/** The levels of the text that Chromium gives, without complaints. */
async function levels(browser, url) {
  const context = await browser.newContext({ locale: 'en-GB' });
  const complaints = [];
  try {
    const page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('response', (response) => response.status() >= 400 && complaints.push(`${response.url()}: status ${response.status()}`));
    await page.goto(url);
    await page.getByText('Ready', { exact: true }).waitFor({ timeout: PAGE_LIMIT });
    const { competencies } = await page.evaluate((text) => document.querySelector('sales-mirror').assess(text), TEXT);
    assert.deepEqual(complaints, []);
    assert.ok(competencies.some(({ level }) => level !== null));
    return competencies.map(({ id, level }) => [id, level]);
  } catch (error) {
    throw new Error([error.message, ...complaints].join('\n'));
  } finally {
    await context.close();
  }
}

/** The levels under the server of the other tests. */
async function expectedLevels(browser) {
  const { url, stop } = await listen(await listener(dist));
  try {
    return await levels(browser, `${url}/`);
  } finally {
    stop();
  }
}

const CHECKS = {
  nginx: [
    ['nginx', nginx, { brotli: true, base: '/' }],
    ['nginx without brotli, in a folder', nginx, { brotli: false, base: '/tools/mirror/' }],
  ],
  apache: [
    ['apache', apache, { brotli: true, base: '/' }],
    ['apache, in a folder', apache, { brotli: true, base: '/tools/mirror/' }],
  ],
};
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(CHECKS);
const unknown = names.filter((name) => !(name in CHECKS));
if (unknown.length > 0) {
  console.error(`error: no server is named ${unknown.join(', ')}; there are ${Object.keys(CHECKS).join(', ')}`);
  process.exit(2);
}
if (!existsSync(join(dist, `${MODEL}.br`))) {
  console.error('error: www/dist is missing or not compressed; run pkg-scripts/build first');
  process.exit(1);
}
const browser = await launch();
const failed = [];
try {
  const expected = await expectedLevels(browser);
  for (const [name, configure, options] of names.flatMap((name) => CHECKS[name])) {
    try {
      const files = await serving(configure, options, async (url) => {
        const files = await checkFiles(url, options);
        await checkRequests(url);
        assert.deepEqual(await levels(browser, url), expected);
        return files;
      });
      console.log(`${name}: passed (${files} files, requests, levels in Chromium)`);
    } catch (error) {
      failed.push(name);
      console.error(`${name}: FAILED\n${error.message}`);
    }
  }
} finally {
  await browser.close();
}
process.exitCode = failed.length > 0 ? 1 : 0;
