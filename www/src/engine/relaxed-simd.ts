/** Tells which of the two wasm builds this browser can run: the worker loads it, and the service worker keeps its files. */

/** A module whose only function uses i32x4.relaxed_dot_i8x16_i7x16_add_s: it is valid only with relaxed SIMD. */
const PROBE = new Uint8Array([
  // Header; type () -> (); one function of that type.
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0,
  // Code: i32.const 0, i8x16.splat, three times; the dot product; drop.
  10, 20, 1, 18, 0, 65, 0, 253, 15, 65, 0, 253, 15, 65, 0, 253, 15, 253, 147, 2, 26, 11,
]);

export const hasRelaxedSimd = (): boolean => WebAssembly.validate(PROBE);
