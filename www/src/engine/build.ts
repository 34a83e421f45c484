/** Chooses between the two wasm builds. Their files are named in files.ts of the page, which tells the workers. */
import { hasRelaxedSimd } from './simd';

/** The bindings of the build that this browser can run; both builds have the same interface. */
export const bindings = (): Promise<typeof import('../../pkg/simd128.js')> =>
  hasRelaxedSimd() ? import('../../pkg/relaxed-simd.js') : import('../../pkg/simd128.js');
