//! An encoder directory: config.json, model.safetensors and tokenizer.json, as Hugging Face's BertModel has them.

use std::collections::HashMap;
use std::path::Path;

use candle_core::Tensor;
use salesmirror::model::{self, EncoderConfig};

use crate::Result;
use crate::run::files;

/// An encoder and its tokenizer, read into memory.
pub struct EncoderDirectory {
    pub config: EncoderConfig,
    /// f32, named as in Hugging Face's BertModel.
    pub weights: HashMap<String, Tensor>,
    pub tokenizer_json: Vec<u8>,
}

impl EncoderDirectory {
    pub fn read(path: &Path) -> Result<Self> {
        Ok(Self {
            config: files::read_json(&path.join("config.json"))?,
            weights: model::read_safetensors(&path.join("model.safetensors"))?,
            tokenizer_json: files::read_bytes(&path.join("tokenizer.json"))?,
        })
    }
}
