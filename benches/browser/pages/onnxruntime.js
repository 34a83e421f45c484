/** ONNX Runtime Web with its wasm backend: token ids to token vectors. */
import * as ort from '../node_modules/onnxruntime-web/dist/ort.wasm.min.mjs';

export async function load({ layers, precision, threads }) {
  if (threads > 1 && !self.crossOriginIsolated) throw new Error('threads need a cross-origin isolated page');
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = new URL('../node_modules/onnxruntime-web/dist/', import.meta.url).href;
  const model = new URL(`../onnx/${layers}/${precision}.onnx`, import.meta.url).href;
  const session = await ort.InferenceSession.create(model, { executionProviders: ['wasm'], graphOptimizationLevel: 'all' });
  const tensor = (values) => new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
  return {
    async run(ids) {
      const input = { input_ids: tensor(ids), attention_mask: tensor(ids.map(() => 1)) };
      const { last_hidden_state } = await session.run(input);
      return last_hidden_state.data;
    },
  };
}
