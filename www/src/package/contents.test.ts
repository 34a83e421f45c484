import { afterEach, expect, test, vi } from 'vitest';
import { rubric } from '../testing/fixtures';
import { modelSource, PACKAGE } from './contents';

const manifest = { files: [{ name: 'model.gguf' }] };

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

test('on the site a model is where its manifest is', async () => {
  const url = 'https://mirror.example/models/default/manifest.json';
  expect(await modelSource(url)).toBe(url);
});

test('in the package the default model is another package, and any other is where its manifest is', async () => {
  vi.stubEnv('MODE', 'npm');
  vi.doMock('@salesmirror/model-default', () => ({ manifest, url: 'https://app.example/model-1.gguf' }));
  expect(await modelSource(`${PACKAGE}models/default/manifest.json`)).toEqual({
    manifest,
    url: 'https://app.example/model-1.gguf',
  });
  const own = 'https://app.example/own/manifest.json';
  expect(await modelSource(own)).toBe(own);
});

test('a bundler may give the path of the model alone', async () => {
  vi.stubEnv('MODE', 'npm');
  vi.doMock('@salesmirror/model-default', () => ({ manifest, url: '/media/model-1.gguf' }));
  expect(await modelSource(`${PACKAGE}models/default/manifest.json`)).toEqual({
    manifest,
    url: new URL('/media/model-1.gguf', location.href).href,
  });
});

test('without that package, the failure says what to do', async () => {
  vi.stubEnv('MODE', 'npm');
  vi.doMock('@salesmirror/model-default', () => {
    throw new Error('not found');
  });
  await expect(modelSource(`${PACKAGE}models/default/manifest.json`)).rejects.toMatchObject({
    code: 'not_found',
    message: expect.stringContaining('install it, or set the attribute `model`') as string,
  });
});

test('the package contains the data that lies beside the script of the site', async () => {
  vi.stubEnv('MODE', 'npm');
  vi.stubGlobal('fetch', () => {
    throw new Error('nothing is fetched');
  });
  const data = await import('../sales-mirror/data');
  expect((await data.fetchProfile(`${PACKAGE}profiles/inside-sales.json`, rubric)).id).toBe('inside-sales');
  expect((await data.fetchQuestions(`${PACKAGE}questions/field-sales.json`, rubric)).id).toBe('field-sales');
  await expect(data.fetchProfile(`${PACKAGE}profiles/none.json`, rubric)).rejects.toMatchObject({
    code: 'profile_invalid',
  });
  vi.unstubAllGlobals();
});
