/** A worker that encodes windows for worker.ts, which reads and scores texts. It has the encoder and nothing else. */
import { expose, transfer } from 'comlink';
import type { Encoder } from '../../pkg/simd128.js';
import { bindings } from './build';

const glue = bindings();
let encoder: Encoder | undefined;

const service = {
  /** Resolves when everything that this worker needs from the network has arrived. */
  async fetched(): Promise<void> {
    await glue;
  },

  /** Takes the compiled wasm and the bytes of the model file. */
  async load(module: WebAssembly.Module, file: Uint8Array): Promise<void> {
    const { initSync, Encoder } = await glue;
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

export type EncoderService = typeof service;

expose(service);
