/**
 * The URLs of what the engine runs. Only the page's own scripts name them, and they tell the workers: a bundler that builds
 * the npm package into a page gives every file another name, and changes the names in the page's scripts alone.
 */
import relaxedSimd from '../../pkg/relaxed-simd_bg.wasm?url';
import simd128 from '../../pkg/simd128_bg.wasm?url';
import { absolute } from '../component/own-script';
import encoder from './encoder-worker.ts?worker&url';
import { hasRelaxedSimd } from './simd';
import worker from './worker.ts?worker&url';

/** Absolute URLs. */
export interface EngineFiles {
  /** The wasm of the build that this browser can run. */
  readonly wasm: string;
  /** The script of the workers that help with encoding. */
  readonly encoder: string;
}

/** The script of the worker that reads and scores texts. */
export const workerScript = (): string => absolute(worker);

export const engineFiles = (): EngineFiles => ({
  wasm: absolute(hasRelaxedSimd() ? relaxedSimd : simd128),
  encoder: absolute(encoder),
});
