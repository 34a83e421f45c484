//! The model: tokenizer, BERT encoder, the heads on top of it, and the GGUF file that holds them all.
//!
//! Owns everything between a cleaned sentence and logits; the same code runs natively and in wasm. Leaves splitting a
//! report into sentences to [`crate::text`] and turning logits into levels and evidence to [`crate::assessment`].

mod config;
mod encoder;
mod file;
mod heads;
mod quantize;
mod tokenizer;
mod weights;

pub use config::{AdaptersConfig, EncoderConfig, ExpertsConfig, HeadsConfig, layer_of};
pub use encoder::{Encoder, read_safetensors};
pub use file::{
    Calibration, Contents, FORMAT_VERSION, Manifest, ManifestFile, Model, RubricRef, as_shipped, hex, sha256,
};
pub use heads::{Heads, HeadsOutput};
pub use tokenizer::{Encoding, Tokenizer};
pub use weights::Weights;

use std::path::PathBuf;

use thiserror::Error;

use crate::rubric::RubricError;

/// What is wrong with a model file or a model directory, and what to do about it.
#[derive(Debug, Error)]
pub enum ModelError {
    #[error("cannot read {path}: {source}", path = path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("the model file is damaged or not a GGUF file ({0}); fetch it again")]
    Corrupt(String),
    #[error(
        "the model file has format version {found}, this build reads version {supported}; use a matching pair"
    )]
    Version { found: u32, supported: u32 },
    #[error(
        "the model file has no usable metadata `{key}` ({problem}); export it again with `trainer quantize`"
    )]
    Metadata { key: String, problem: String },
    #[error("the encoder cannot be used: {field} is {found}, needed is {needed}")]
    Unsupported { field: &'static str, found: String, needed: String },
    #[error("the tokenizer cannot be used: {0}")]
    Tokenizer(String),
    #[error("the rubric inside the model file is unsound: {0}")]
    Rubric(#[from] RubricError),
    #[error("tensor computation failed: {0}")]
    Compute(#[from] candle_core::Error),
}

impl ModelError {
    fn metadata(key: &str, problem: impl ToString) -> Self {
        Self::Metadata { key: key.to_owned(), problem: problem.to_string() }
    }
}
