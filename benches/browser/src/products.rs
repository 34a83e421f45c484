//! An int8 matrix product of one of the encoder's shapes, by our kernels and by rten-gemm's.

use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, PackedBMatrix};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;
use salesmirror::kernels::tile::InstructionSet;
use salesmirror::kernels::{Linear, QuantizedRows};
use wasm_bindgen::prelude::*;

/// A layer of [outputs, inputs] and rows for it, quantized and packed for both kernels.
#[wasm_bindgen]
pub struct Product {
    layer: Linear,
    rows: QuantizedRows,
    out: Vec<f32>,
    gemm: GemmExecutor<u8, i8, i32>,
    packed: PackedBMatrix<i8>,
    values: NdTensor<u8, 2>,
    sums: Vec<i32>,
}

#[wasm_bindgen]
impl Product {
    /// Makes up a layer and rows.
    #[wasm_bindgen(constructor)]
    pub fn new(rows: usize, inputs: usize, outputs: usize) -> Self {
        let number = |i: usize| ((i * 7919 % 2003) as f32 - 1001.0) / 1001.0;
        let weight: Vec<f32> = (0..outputs * inputs).map(number).collect();
        let mut quantized = QuantizedRows::default();
        quantized.reset(rows, inputs);
        for r in 0..rows {
            let row: Vec<f32> = (0..inputs).map(|i| number(r * 31 + i * 17)).collect();
            quantized.set(r, &row);
        }
        let gemm = GemmExecutor::<u8, i8, i32>::new();
        let b = NdTensor::from_fn([inputs, outputs], |[k, n]| (number(n * inputs + k) * 127.0) as i8);
        Self {
            layer: Linear::pack(&weight, &vec![0.0; outputs], inputs),
            rows: quantized,
            out: vec![0.0; rows * outputs],
            packed: gemm.prepack_b(b.view()),
            values: NdTensor::from_fn([rows, inputs], |[r, k]| ((r * 31 + k * 17) % 128) as u8),
            sums: vec![0; rows * outputs],
            gemm,
        }
    }

    /// Computes the product with our kernels, including scales and bias.
    pub fn ours(&mut self) {
        self.layer.forward(InstructionSet::fastest(), &mut self.rows, &mut self.out);
    }

    /// Computes the product with rten-gemm, up to the i32 sums.
    pub fn rten(&mut self) -> Result<(), JsError> {
        let (a, b) = (GemmInputA::Unpacked(self.values.view()), GemmInputB::Packed(&self.packed));
        self.gemm.gemm(&mut self.sums, a, b, Default::default()).map_err(|e| JsError::new(&format!("{e:?}")))
    }
}
