import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asFailure, WASM_FAILURE_CODES } from './contract';

test('the wasm raises exactly the failure codes that the page knows', () => {
  // Every string in lower case is a code, except for the keys of the details.
  const codes = [
    ['browser/error.rs', 'fn code_and_detail'],
    ['model/mod.rs', 'fn code('],
    ['text/mod.rs', 'fn code('],
  ].flatMap(([file = '', begin = '']) => {
    const rust = readFileSync(join(import.meta.dirname, '../../../src', file), 'utf8');
    const [, body = ''] = rust.split(begin);
    return [...(body.split('\n    }\n')[0] ?? '').matchAll(/"([a-z_]+)"(?!\s*:)/g)].map(([, code]) => code);
  });
  expect([...new Set(codes)].sort()).toEqual([...WASM_FAILURE_CODES].sort());
});

test('anything that is thrown becomes a failure', () => {
  expect(asFailure(new Error('x'))).toMatchObject({ code: 'internal', message: 'Error: x' });
  expect(asFailure({ code: 'empty_text', message: 'm', detail: null }).code).toBe('empty_text');
  expect(asFailure({ code: 'nonsense' }).code).toBe('internal');
  expect(asFailure(undefined).code).toBe('internal');
});
