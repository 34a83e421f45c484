/**
 * The URLs of what the engine runs. Only the page's own scripts name them, and they tell the workers: a bundler that builds
 * the npm package into a page gives every file another name, and changes the names in the page's scripts alone.
 */
import relaxedSimd from '../../pkg/relaxed-simd_bg.wasm?url';
import simd128 from '../../pkg/simd128_bg.wasm?url';
import { absolute } from '../component/own-script';
import type { Build } from './build';
import worker from './worker.ts?worker&url';

/** Absolute URLs. */
export interface EngineFiles {
  /** The wasm of both builds; build.ts chooses in the worker. */
  readonly wasm: Readonly<Record<Build, string>>;
}

/** The script of the engine's workers. */
export const workerScript = (): string => absolute(worker);

export const engineFiles = (): EngineFiles => ({
  wasm: { 'relaxed-simd': absolute(relaxedSimd), simd128: absolute(simd128) },
});
