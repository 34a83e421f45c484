/** What a helper worker does for worker.ts, which reads and scores texts: it encodes windows, and has the encoder alone. */
import { transfer } from 'comlink';
import type { Encoder } from '../../pkg/simd128.js';
import { bindings } from './build';

let encoder: Encoder | undefined;

export const encoderService = {
  /** Resolves when everything that a helper needs from the network has arrived. */
  async fetched(): Promise<void> {
    await bindings();
  },

  /** Takes the compiled wasm and the bytes of the model file. */
  async load(module: WebAssembly.Module, file: Uint8Array): Promise<void> {
    const { initSync, Encoder } = await bindings();
    initSync({ module });
    encoder = new Encoder(file);
  },

  /** Sums of the token vectors of a window's pieces, [pieces, hidden]. */
  encode(ids: Uint32Array, lengths: Uint32Array): Float32Array {
    if (!encoder) throw new Error('no encoder is loaded');
    const sums = encoder.encode(ids, lengths);
    return transfer(sums, [sums.buffer]);
  },
};

export type EncoderService = typeof encoderService;
