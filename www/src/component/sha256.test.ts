import { expect, test } from 'vitest';
import { sha256 } from './sha256';

test('a hash is in hexadecimal, with its zeros', async () => {
  // The first example of FIPS 180-2; bytes such as 03 keep their zero.
  expect(await sha256(new TextEncoder().encode('abc'))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});
