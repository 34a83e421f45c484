/**
 * The URLs of what the engine runs. Only the page's own scripts name them, and they tell the workers: a bundler that builds
 * the npm package into a page gives every file another name, and changes the names in the page's scripts alone.
 */
import relaxedSimdHash from '../../pkg/relaxed-simd_bg.wasm?sha256';
import relaxedSimd from '../../pkg/relaxed-simd_bg.wasm?url';
import simd128Hash from '../../pkg/simd128_bg.wasm?sha256';
import simd128 from '../../pkg/simd128_bg.wasm?url';
import { absolute } from '../component/own-script';
import type { Build } from './build';
import worker from './worker.ts?worker&url';

/** A file that must have the content that it had when the widget was built. */
export interface PinnedFile {
  readonly url: string;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** URLs are absolute. */
export interface EngineFiles {
  /** The wasm of both builds; build.ts chooses in the worker. */
  readonly wasm: Readonly<Record<Build, PinnedFile>>;
}

/** The script of the engine's workers. */
export const workerScript = (): string => absolute(worker);

export const engineFiles = (): EngineFiles => ({
  wasm: {
    'relaxed-simd': { url: absolute(relaxedSimd), sha256: relaxedSimdHash },
    simd128: { url: absolute(simd128), sha256: simd128Hash },
  },
});
