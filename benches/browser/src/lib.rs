//! What `pkg-scripts/bench` measures inside the browser, compiled once for each wasm build: the encoder alone, candle's
//! `BertModel` with the same weights, and single matrix products (ours and rten-gemm's). The caller measures the time,
//! in JavaScript.
#![cfg(target_arch = "wasm32")]

mod products;

use std::collections::HashMap;

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config};
use salesmirror::kernels::tile::InstructionSet;
use salesmirror::model::{Encoder, EncoderConfig};
use wasm_bindgen::prelude::*;

fn error(e: impl ToString) -> JsError {
    JsError::new(&e.to_string())
}

/// Returns the name of the instruction set that the encoder uses in this build.
#[wasm_bindgen]
pub fn instruction_set() -> String {
    InstructionSet::fastest().name().to_owned()
}

/// Our encoder, loaded from a Hugging Face BERT directory.
#[wasm_bindgen]
pub struct Ours(Encoder);

#[wasm_bindgen]
impl Ours {
    /// Loads the encoder from the contents of `config.json` and `model.safetensors`.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &str, weights: &[u8]) -> Result<Ours, JsError> {
        let config: EncoderConfig = serde_json::from_str(config).map_err(error)?;
        Ok(Self(Encoder::from_tensors(&config, &tensors(weights)?).map_err(error)?))
    }

    /// Encodes one window to token vectors, [tokens, hidden].
    pub fn forward(&self, ids: &[u32]) -> Result<Vec<f32>, JsError> {
        values(self.0.forward(&[ids]))
    }
}

/// candle's own BERT, in f32.
#[wasm_bindgen]
pub struct Candle(BertModel);

#[wasm_bindgen]
impl Candle {
    /// Loads the encoder as [`Ours::new`] does.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &str, weights: &[u8]) -> Result<Candle, JsError> {
        let config: EncoderConfig = serde_json::from_str(config).map_err(error)?;
        let config = Config {
            vocab_size: config.vocab_size,
            hidden_size: config.hidden_size,
            num_hidden_layers: config.num_hidden_layers,
            num_attention_heads: config.num_attention_heads,
            intermediate_size: config.intermediate_size,
            max_position_embeddings: config.max_position_embeddings,
            type_vocab_size: config.type_vocab_size,
            layer_norm_eps: config.layer_norm_eps,
            ..Config::default()
        };
        let weights = VarBuilder::from_tensors(tensors(weights)?, DType::F32, &Device::Cpu);
        Ok(Self(BertModel::load(weights, &config).map_err(error)?))
    }

    /// Encodes one window as [`Ours::forward`] does.
    pub fn forward(&self, ids: &[u32]) -> Result<Vec<f32>, JsError> {
        let ids = Tensor::new(ids, &Device::Cpu).and_then(|ids| ids.unsqueeze(0)).map_err(error)?;
        let token_types = ids.zeros_like().map_err(error)?;
        values(self.0.forward(&ids, &token_types, None))
    }
}

fn tensors(weights: &[u8]) -> Result<HashMap<String, Tensor>, JsError> {
    candle_core::safetensors::load_buffer(weights, &Device::Cpu).map_err(error)
}

fn values(states: candle_core::Result<Tensor>) -> Result<Vec<f32>, JsError> {
    states.and_then(|states| states.flatten_all()?.to_vec1()).map_err(error)
}
