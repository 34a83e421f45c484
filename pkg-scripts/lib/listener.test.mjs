// Tests what the server promises: content types, compression, the security policy, and no way out of its directory.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { listener } from './listener.mjs';

let server;
before(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'serve-test-'));
  const root = join(folder, 'root');
  await mkdir(join(root, 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await symlink(join(folder, 'secret.txt'), join(root, 'link.txt'));
  await writeFile(join(root, 'index.html'), '<!doctype html>');
  await writeFile(join(root, 'assets/x-1a2b.wasm'), 'wasm');
  await writeFile(join(root, 'assets/x-1a2b.wasm.br'), brotliCompressSync('wasm'));
  server = createServer(await listener(root)).listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
});
after(() => server.close());

/** Sends a raw request, because fetch would normalise the path. */
const get = (path, headers = {}, method = 'GET') =>
  new Promise((done, failed) => {
    request({ port: server.address().port, host: '127.0.0.1', path, headers, method }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk)).on('end', () => done({ ...response, body, status: response.statusCode, headers: response.headers }));
    })
      .on('error', failed)
      .end();
  });

test('the page is served with its security policy', async () => {
  const { status, headers, body } = await get('/');
  assert.equal(status, 200);
  assert.equal(body, '<!doctype html>');
  assert.equal(headers['content-type'], 'text/html; charset=utf-8');
  assert.equal(
    headers['content-security-policy'],
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'; " +
      "img-src 'self' data:; require-trusted-types-for 'script'; trusted-types salesmirror lit-html",
  );
  assert.equal(headers['cache-control'], 'no-cache');
});

test('no page or example has inline scripts or styles, or a policy of its own that is weaker', async () => {
  for (const folder of ['www/public', 'www/examples', 'tests/integrations/plain']) {
    const root = new URL(`../../${folder}/`, import.meta.url);
    const pages = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.html'));
    assert.notEqual(pages.length, 0, folder);
    for (const page of pages) {
      const html = await readFile(new URL(page, root), 'utf8');
      assert.doesNotMatch(html, /<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:/i, page);
      const own = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(html)?.[1];
      if (own) assert.match(own, /require-trusted-types-for 'script'; trusted-types/, page);
    }
  }
});

test('wasm has its content type, is compressed and is cached', async () => {
  const plain = await get('/assets/x-1a2b.wasm');
  assert.equal(plain.headers['content-type'], 'application/wasm');
  assert.equal(plain.headers['content-encoding'], undefined);
  const brotli = await get('/assets/x-1a2b.wasm', { 'accept-encoding': 'gzip, br' });
  assert.equal(brotli.headers['content-encoding'], 'br');
  assert.match(brotli.headers['cache-control'], /immutable/);
  const again = await get('/assets/x-1a2b.wasm', { 'if-none-match': plain.headers.etag });
  assert.equal(again.status, 304);
});

test('nothing outside the directory is served', async () => {
  for (const path of ['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/link.txt', '/assets', '/%00', '/%zz']) {
    assert.equal((await get(path)).status, 404, path);
  }
});

test('only GET and HEAD are allowed', async () => {
  assert.equal((await get('/', {}, 'POST')).status, 405);
  assert.equal((await get('/', {}, 'HEAD')).body, '');
});
