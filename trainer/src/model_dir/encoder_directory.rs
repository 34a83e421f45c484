//! An encoder directory holds config.json, model.safetensors and tokenizer.json in the format of Hugging Face's `BertModel`.

use std::collections::HashMap;
use std::path::Path;

use candle_core::Tensor;
use salesmirror::ModelError;
use salesmirror::model::{self, EncoderConfig};
use thiserror::Error;

use super::{CONFIG_FILE, MODEL_FILE, TOKENIZER_FILE};
use crate::run::files::{self, FileError};

/// Why an encoder directory cannot be read.
#[derive(Debug, Error)]
pub enum EncoderDirectoryError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Model(#[from] ModelError),
}

/// An encoder and its tokenizer, read into memory.
pub struct EncoderDirectory {
    pub config: EncoderConfig,
    /// The tensors in f32, named as in Hugging Face's `BertModel`.
    pub weights: HashMap<String, Tensor>,
    pub tokenizer_json: Vec<u8>,
}

impl EncoderDirectory {
    /// Reads the three files in a directory.
    pub fn read(path: &Path) -> Result<Self, EncoderDirectoryError> {
        Ok(Self {
            config: files::read_json(&path.join(CONFIG_FILE))?,
            weights: model::read_safetensors(&path.join(MODEL_FILE))?,
            tokenizer_json: files::read_bytes(&path.join(TOKENIZER_FILE))?,
        })
    }
}
