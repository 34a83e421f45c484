//! What `pkg-scripts/bench` measures inside the browser, compiled once for each wasm build: the encoder alone, candle's
//! BertModel on the same weights, and single matrix products (ours and rten-gemm's). Timing is the caller's, in
//! JavaScript.
#![cfg(target_arch = "wasm32")]

mod products;

use std::collections::HashMap;

use candle_core::{Device, Tensor};
use salesmirror::kernels::tile::InstructionSet;
use salesmirror::model::{Encoder, EncoderConfig, ReferenceEncoder};
use wasm_bindgen::prelude::*;

fn error(e: impl ToString) -> JsError {
    JsError::new(&e.to_string())
}

/// The name of the instruction set that the encoder uses in this build.
#[wasm_bindgen]
pub fn instruction_set() -> String {
    InstructionSet::fastest().name().to_owned()
}

/// Our encoder over a Hugging Face BERT directory.
#[wasm_bindgen]
pub struct Ours(Encoder);

#[wasm_bindgen]
impl Ours {
    /// From the contents of `config.json` and `model.safetensors`.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &str, weights: &[u8]) -> Result<Ours, JsError> {
        let (config, tensors) = read(config, weights)?;
        Ok(Self(Encoder::from_tensors(&config, &tensors).map_err(error)?))
    }

    /// Token vectors, `[tokens, hidden]`.
    pub fn forward(&self, ids: &[u32]) -> Result<Vec<f32>, JsError> {
        values(self.0.forward(&[ids]))
    }
}

/// candle's own BERT in f32.
#[wasm_bindgen]
pub struct Candle(ReferenceEncoder);

#[wasm_bindgen]
impl Candle {
    /// See [`Ours::new`].
    #[wasm_bindgen(constructor)]
    pub fn new(config: &str, weights: &[u8]) -> Result<Candle, JsError> {
        let (config, tensors) = read(config, weights)?;
        Ok(Self(ReferenceEncoder::new(&config, tensors).map_err(error)?))
    }

    /// See [`Ours::forward`].
    pub fn forward(&self, ids: &[u32]) -> Result<Vec<f32>, JsError> {
        values(self.0.forward(ids))
    }
}

fn read(config: &str, weights: &[u8]) -> Result<(EncoderConfig, HashMap<String, Tensor>), JsError> {
    let config = serde_json::from_str(config).map_err(error)?;
    Ok((config, candle_core::safetensors::load_buffer(weights, &Device::Cpu).map_err(error)?))
}

fn values(states: candle_core::Result<Tensor>) -> Result<Vec<f32>, JsError> {
    states.and_then(|states| states.flatten_all()?.to_vec1()).map_err(error)
}
