/**
 * Answers requests for the files of a folder as an intranet server should: with the right content types, compression, and
 * the Content-Security-Policy that we promise. Listening at a port is left to pkg-scripts/serve and to the tests.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';

/** The content types by the ending of the file. */
export const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.gguf': 'application/octet-stream',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};
/** The Content-Security-Policy that we promise; docs/security.md says what each part is for. */
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'; " +
  "img-src 'self' data:; require-trusted-types-for 'script'; trusted-types salesmirror lit-html";

/** What every answer has. */
export const HEADERS = {
  'Content-Security-Policy': POLICY,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

// The names in assets/ change with their content. The browser checks the service worker on its own, long after the page
// has loaded, when we promise to make no more requests; a cached copy keeps it from making one.
const KEEP_HASHED = 'public, max-age=31536000, immutable';
const KEEP_AN_HOUR = 'max-age=3600';
const KEEP_ASKING = 'no-cache';

/** Returns the file that a URL path names, or null if there is no such file inside `root`. */
async function locate(root, path) {
  let name;
  try {
    name = decodeURIComponent(path);
  } catch {
    return null;
  }
  if (name.includes('\0')) return null;
  const file = resolve(root, `.${name.endsWith('/') ? `${name}index.html` : name}`);
  try {
    const real = await realpath(file);
    const info = await stat(real);
    return real.startsWith(root + sep) && info.isFile() ? { file: real, info } : null;
  } catch {
    return null;
  }
}

/** Returns a request listener that serves the files of `directory`. Every answer has `always`. */
export async function listener(directory, always = HEADERS) {
  const root = await realpath(directory);
  return async (request, response) => {
    const refuse = (status, text, headers = {}) => {
      response.writeHead(status, { ...always, 'Content-Type': TYPES['.txt'], ...headers });
      response.end(`${text}\n`);
    };
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return refuse(405, 'only GET and HEAD are allowed', { Allow: 'GET, HEAD' });
    }
    const { pathname } = new URL(request.url, 'http://localhost');
    const found = await locate(root, pathname);
    if (!found) return refuse(404, `not found: ${pathname}`);

    const { file, info } = found;
    const brotli = /\bbr\b/.test(request.headers['accept-encoding'] ?? '') && (await locate(root, `${pathname.endsWith('/') ? `${pathname}index.html` : pathname}.br`));
    const sent = brotli || found;
    const tag = `"${createHash('sha1').update(`${sent.file} ${sent.info.size} ${sent.info.mtimeMs}`).digest('hex')}"`;
    const keep = pathname.includes('/assets/') ? KEEP_HASHED : pathname.endsWith('/service-worker.js') ? KEEP_AN_HOUR : KEEP_ASKING;
    const headers = {
      ...always,
      'Cache-Control': keep,
      'Content-Length': sent.info.size,
      'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      ETag: tag,
      'Last-Modified': info.mtime.toUTCString(),
      Vary: 'Accept-Encoding',
      ...(brotli ? { 'Content-Encoding': 'br' } : {}),
    };
    if (request.headers['if-none-match'] === tag) {
      delete headers['Content-Length'];
      response.writeHead(304, headers);
      return response.end();
    }
    response.writeHead(200, headers);
    if (request.method === 'HEAD') return response.end();
    return createReadStream(sent.file).on('error', () => response.destroy()).pipe(response);
  };
}
