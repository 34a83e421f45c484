//! An encoder directory holds config.json, model.safetensors and tokenizer.json in the format of Hugging Face's `BertModel`. An
//! encoder that was trained with low-rank adapters also has adapters.safetensors; they are merged into model.safetensors too.

use std::collections::HashMap;
use std::path::Path;

use candle_core::Tensor;
use salesmirror::ModelError;
use salesmirror::model::{self, EncoderConfig};
use thiserror::Error;

use super::{ADAPTERS_FILE, CONFIG_FILE, MODEL_FILE, TOKENIZER_FILE};
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
    /// The low-rank adapters, which are merged into the weights; empty for an encoder without adapters.
    pub adapters: HashMap<String, Tensor>,
    pub tokenizer_json: Vec<u8>,
}

impl EncoderDirectory {
    /// Reads the files in a directory.
    pub fn read(path: &Path) -> Result<Self, EncoderDirectoryError> {
        let adapters = path.join(ADAPTERS_FILE);
        Ok(Self {
            config: files::read_json(&path.join(CONFIG_FILE))?,
            weights: model::read_safetensors(&path.join(MODEL_FILE))?,
            adapters: if adapters.is_file() { model::read_safetensors(&adapters)? } else { HashMap::new() },
            tokenizer_json: files::read_bytes(&path.join(TOKENIZER_FILE))?,
        })
    }

    /// Writes the files to a directory.
    pub fn write(&self, path: &Path) -> Result<(), FileError> {
        files::write_json(&path.join(CONFIG_FILE), &self.config)?;
        files::write_tensors(&path.join(MODEL_FILE), &self.weights)?;
        if !self.adapters.is_empty() {
            files::write_tensors(&path.join(ADAPTERS_FILE), &self.adapters)?;
        }
        files::write_bytes(&path.join(TOKENIZER_FILE), &self.tokenizer_json)
    }
}
