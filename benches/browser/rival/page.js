/**
 * What someone would write with transformers.js: the vector of a text, and from it a level for each competency. Ours
 * assesses in full, with evidence and intervals; here the heads are stood in for by one linear layer of numbers that
 * mean nothing, which costs the rival next to nothing.
 */
import { env, pipeline } from './transformers.js';

const HIDDEN = 384;
const COMPETENCIES = 7;

const here = (name) => new URL(name, import.meta.url).href;
// The runtime that it takes in Chromium, or with ?lean the half as large one that it takes in old Safaris.
const runtime = new URLSearchParams(location.search).has('lean') ? 'ort-wasm-simd-threaded' : 'ort-wasm-simd-threaded.asyncify';
env.allowRemoteModels = false;
env.allowLocalModels = true;
// A path: a whole URL it takes for another server's.
env.localModelPath = '/assets/models/';
env.backends.onnx.wasm.wasmPaths = { mjs: here(`${runtime}.js`), wasm: here(`${runtime}.wasm`) };

const head = Float32Array.from({ length: COMPETENCIES * HIDDEN }, (_, i) => Math.sin(i) / HIDDEN);

const extract = await pipeline('feature-extraction', 'encoder', { dtype: 'q8', device: 'wasm' });

globalThis.score = async (text) => {
  const { data } = await extract(text, { pooling: 'mean', normalize: true });
  if (data.length !== HIDDEN) throw new Error(`a vector of ${data.length}`);
  return Array.from({ length: COMPETENCIES }, (_, c) => {
    const dot = data.reduce((sum, value, i) => sum + value * head[c * HIDDEN + i], 0);
    return 1 / (1 + Math.exp(-dot));
  });
};

dispatchEvent(new Event('rival-ready'));
