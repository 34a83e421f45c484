/** Chooses between the two wasm builds. */
import relaxedSimd from '../../pkg/relaxed-simd_bg.wasm?url';
import simd128 from '../../pkg/simd128_bg.wasm?url';
import { hasRelaxedSimd } from './simd';

/** The bindings and the wasm of the build for this browser. */
export function build() {
  return hasRelaxedSimd()
    ? { glue: () => import('../../pkg/relaxed-simd.js'), wasm: new URL(relaxedSimd, import.meta.url) }
    : { glue: () => import('../../pkg/simd128.js'), wasm: new URL(simd128, import.meta.url) };
}
