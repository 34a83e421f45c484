/** The servers: one for the pages of the benchmark, and for products the one that serves the widget. */
import { createServer } from 'node:http';
import { createReadStream, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { listener } from '../../../pkg-scripts/lib/listener.mjs';

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.json': 'application/json', '.wasm': 'application/wasm' };
const ISOLATED = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

async function listen(handle) {
  const server = createServer(handle);
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { port: server.address().port, url: `http://127.0.0.1:${server.address().port}/`, close };
}

/** Serves folders by the first part of the path; everything once more under /isolated/, cross-origin isolated. */
export function serveFolders(folders) {
  return listen((request, response) => {
    let [, first, ...rest] = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname)).split('/');
    const isolated = first === 'isolated';
    if (isolated) [first, ...rest] = rest;
    const file = first in folders ? join(folders[first], ...rest) : '';
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', ...(isolated ? ISOLATED : {}) });
    createReadStream(file).pipe(response);
  });
}

/** An empty page, for what is to be measured without the page that we ship around it. */
export const EMPTY = 'empty.html';

/**
 * Serves a product as pkg-scripts/serve does: compressed where a server would compress, hashed files kept for ever.
 * `strict: false` leaves out the widget's Content-Security-Policy, under which a rival may not run.
 */
export async function serveProduct(directory, { strict = true } = {}) {
  const ordinary = await listener(directory);
  return listen((request, response) => {
    if (request.url === `/${EMPTY}`) {
      response.writeHead(200, { 'Content-Type': TYPES['.html'] }).end('<!doctype html><title>empty</title>');
      return;
    }
    if (!strict) {
      const writeHead = response.writeHead.bind(response);
      response.writeHead = (status, { 'Content-Security-Policy': _, ...headers }) => writeHead(status, headers);
    }
    ordinary(request, response);
  });
}
