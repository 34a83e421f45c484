/** Chooses between the two wasm builds. Their files are named in files.ts of the page, which tells the workers. */
import { hasRelaxedSimd } from './simd';

export type Build = 'relaxed-simd' | 'simd128';

/** The build that this browser can run. */
export const build: Build = hasRelaxedSimd() ? 'relaxed-simd' : 'simd128';

/** The bindings of that build; both builds have the same interface. */
export const bindings = (): Promise<typeof import('../../pkg/simd128.js')> =>
  build === 'relaxed-simd' ? import('../../pkg/relaxed-simd.js') : import('../../pkg/simd128.js');
