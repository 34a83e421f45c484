import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { archive } from '../testing/files/hostile';
import { stored, unzip } from './zip';

/** Characters without a pattern that could be compressed much, the same at every call. */
function noise(length: number): string {
  let state = length + 1;
  return Array.from({ length }, () => {
    state = (48_271 * state) % 2_147_483_647;
    return String.fromCharCode(32 + (state % 95));
  }).join('');
}

const contentOf = (zip: Uint8Array) =>
  [...unzip(zip, /^(a|b|c)$/)].map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]);

test.each([0, 1, 100, 4_000, 4_090, 4_096, 5_000, 12_345])(
  'parts come out as they went in, wherever the pieces are cut (%i characters)',
  (length) => {
    for (let more = 0; more < 40; more += 3) {
      const parts = { left: noise(10), a: noise(length + more), b: noise(more), out: 'x', c: noise(300) };
      const expected = Object.entries(parts).filter(([name]) => name.length === 1);
      const bytes = Object.entries(parts).map(
        ([name, text]) => [name, new TextEncoder().encode(text)] as const,
      );
      // The sizes before the parts, without compression, and after the parts.
      expect(contentOf(zipSync(Object.fromEntries(bytes)))).toEqual(expected);
      expect(contentOf(new Uint8Array(stored(new Map(bytes))))).toEqual(expected);
      expect(contentOf(archive(parts))).toEqual(expected);
    }
  },
);

test('an archive that ends too early is refused', () => {
  const zip = zipSync({ a: new TextEncoder().encode(noise(10_000)) });
  expect(() => unzip(zip.subarray(0, 3_000), /a/)).toThrow();
});
