import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { signedModel } from './signature';

const SCRIPT = join(import.meta.dirname, '../../../pkg-scripts/sign-manifest');
const HOME = 'https://mirror.example/model/';
const manifest = `${HOME}manifest.json`;

/** A model folder that was signed by the script, and the key that it printed. */
function signed() {
  const folder = mkdtempSync(join(tmpdir(), 'model-'));
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(join(folder, 'model.gguf'), 'weights');
  const sha256 = createHash('sha256').update('weights').digest('hex');
  const files = [{ name: 'model.gguf', size: 7, sha256 }];
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ format: 3, files }));
  const run = () =>
    execFileSync('node', [SCRIPT, '--key', join(folder, 'key.pem'), folder], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  const key = run().trim();
  const server = (name: string) => readFileSync(join(folder, name), 'utf8');
  return { folder, key, run, server };
}

function serve(files: (name: string) => string | undefined): void {
  vi.stubGlobal('fetch', (url: string) => {
    const found = files(url.slice(HOME.length));
    return Promise.resolve(found === undefined ? new Response('', { status: 404 }) : new Response(found));
  });
}

afterEach(() => {
  vi.unstubAllGlobals();
});

const { folder, key, run, server } = signed();

test('a manifest that was signed is used as it was fetched', async () => {
  serve(server);
  expect(await signedModel(manifest, key)).toEqual({
    manifest: JSON.parse(server('manifest.json')) as object,
    url: `${HOME}model.gguf`,
  });
});

test.each([
  [
    'is not signed',
    'signature_missing',
    (name: string) => (name === 'signature.json' ? undefined : server(name)),
  ],
  ['was changed', 'signature_wrong', (name: string) => server(name).replace('"format":3', '"format":4')],
  [
    'has another signature',
    'signature_wrong',
    (name: string) => (name === 'signature.json' ? '{}' : server(name)),
  ],
  ['is not there', 'not_found', (name: string) => (name === 'signature.json' ? server(name) : undefined)],
] as const)('a manifest that %s is told as %s', async (_, code, files) => {
  serve(files);
  await expect(signedModel(manifest, key)).rejects.toMatchObject({ code });
});

test('another key, and what is no key, match nothing', async () => {
  serve(server);
  await expect(signedModel(manifest, signed().key)).rejects.toMatchObject({ code: 'signature_wrong' });
  for (const bad of ['%', 'AAAA']) {
    await expect(signedModel(manifest, bad)).rejects.toMatchObject({ code: 'signature_wrong' });
  }
});

test('a browser that cannot tell is told apart: plain http, and no Ed25519', async () => {
  serve(server);
  vi.stubGlobal('crypto', {});
  await expect(signedModel(manifest, key)).rejects.toMatchObject({
    code: 'signature_unsupported',
    message: expect.stringContaining('https') as string,
  });
  const importKey = () => Promise.reject(new DOMException('unrecognised', 'NotSupportedError'));
  vi.stubGlobal('crypto', { subtle: { importKey } });
  await expect(signedModel(manifest, key)).rejects.toMatchObject({
    code: 'signature_unsupported',
    message: expect.stringContaining('Ed25519') as string,
  });
});

test('the script signs no manifest that its files do not match', () => {
  writeFileSync(join(folder, 'model.gguf'), 'altered');
  expect(run).toThrow(/does not match the manifest/);
});
