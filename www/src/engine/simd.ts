/** Tells which of the two wasm builds this browser can run, if any: the worker loads it, and the service worker keeps its files. */

/** A module whose only function uses i32x4.relaxed_dot_i8x16_i7x16_add_s: it is valid only with relaxed SIMD. */
const PROBE = new Uint8Array([
  // Header; type () -> (); one function of that type.
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0,
  // Code: i32.const 0, i8x16.splat, three times; the dot product; drop.
  10, 20, 1, 18, 0, 65, 0, 253, 15, 65, 0, 253, 15, 65, 0, 253, 15, 253, 147, 2, 26, 11,
]);

/** A module whose only function uses i8x16.splat and i8x16.popcnt: it is valid only with SIMD. */
const PLAIN_PROBE = new Uint8Array([
  // Header; type () -> (v128); one function of that type.
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0,
  // Code: i32.const 0, i8x16.splat, i8x16.popcnt.
  10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

/** Whether this browser can run either build. */
export const hasSimd = (): boolean => WebAssembly.validate(PLAIN_PROBE);

export const hasRelaxedSimd = (): boolean => WebAssembly.validate(PROBE);
