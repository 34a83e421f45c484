import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asFailure, WASM_FAILURE_CODES } from './contract';

test('the wasm raises exactly the failure codes that the page knows', () => {
  const rust = readFileSync(join(import.meta.dirname, '../../../src/browser/error.rs'), 'utf8');
  const [, body = ''] = rust.split('fn code_and_detail');
  // Every string in lower case is a code, except for the keys of the details.
  const codes = [...(body.split('\n    }\n')[0] ?? '').matchAll(/"([a-z_]+)"(?!\s*:)/g)].map(
    ([, code]) => code,
  );
  expect([...new Set(codes)].sort()).toEqual([...WASM_FAILURE_CODES].sort());
});

test('anything that is thrown becomes a failure', () => {
  expect(asFailure(new Error('x'))).toMatchObject({ code: 'internal', message: 'Error: x' });
  expect(asFailure({ code: 'empty_text', message: 'm', detail: null }).code).toBe('empty_text');
  expect(asFailure({ code: 'nonsense' }).code).toBe('internal');
  expect(asFailure(undefined).code).toBe('internal');
});
