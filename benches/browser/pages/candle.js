/** candle's own BertModel, in f32: token ids to token vectors. */
import { benchWasm, encoderFiles } from './bench-wasm.js';

export async function load({ build, layers }) {
  const { Candle } = await benchWasm(build);
  const { config, weights } = await encoderFiles(layers);
  const encoder = new Candle(config, weights);
  return { run: (ids) => encoder.forward(ids) };
}
