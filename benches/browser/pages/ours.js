/** Our encoder: token ids to token vectors. */
import { benchWasm, encoderFiles } from './bench-wasm.js';

export async function load({ build, layers }) {
  const { Ours } = await benchWasm(build);
  const { config, weights } = await encoderFiles(layers);
  const encoder = new Ours(config, weights);
  return { run: (ids) => encoder.forward(ids) };
}
