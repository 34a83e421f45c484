/** One matrix product of int8, by our kernels or by rten-gemm's. */
import { benchWasm } from './bench-wasm.js';

export async function load({ build, rows, inputs, outputs }) {
  const { Product } = await benchWasm(build);
  const product = new Product(rows, inputs, outputs);
  return {
    run(by) {
      product[by]();
      return [];
    },
  };
}
