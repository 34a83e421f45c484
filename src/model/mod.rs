//! The model: tokenizer, BERT encoder, the heads on top of it, and the GGUF file that holds them all.
//!
//! This module owns everything between a cleaned sentence and a [`Prediction`]; the same code runs natively and in wasm.
//! Splitting a report into sentences is left to [`crate::text`], and turning predictions into levels and evidence to
//! [`crate::assessment`].
//!
//! | module | what it owns |
//! |---|---|
//! | [`tensor_names`] | the name of every tensor, in one table |
//! | `config` | the shapes of the encoder and of the heads |
//! | `tokenizer` | from a sentence to token ids, and the tokenizer inside the model file |
//! | `weights` | reading tensors by name, with their shapes checked |
//! | `encoder` | from token ids to token vectors |
//! | [`adapters`] | low-rank adapters: merging them into their weights and taking them out again |
//! | `heads` | from sentence vectors to evidence, presence and level |
//! | `quantize` | quantization of weights to 4 bits |
//! | `file` | the model file and the manifest beside it |

pub mod adapters;
mod config;
mod encoder;
mod file;
mod heads;
mod quantize;
pub mod tensor_names;
mod tokenizer;
mod weights;

pub use adapters::{AdapterError, AdaptersConfig};
pub use config::{EncoderConfig, ExpertsConfig, HeadsConfig};
pub use encoder::{Encoder, read_safetensors};
pub use file::{
    Calibration, Contents, FORMAT_VERSION, INTERVAL_SHARE, Manifest, ManifestFile, Model, ModelInfo,
    RubricRef, StoredModel, as_shipped, hex, sha256,
};
pub(crate) use heads::Variant;
pub use heads::{Heads, HeadsOutput, Prediction};
pub use tensor_names::layer_of;
pub use tokenizer::{Encoding, Tokenizer};
pub use weights::Weights;

use std::path::PathBuf;

use thiserror::Error;

use crate::rubric::RubricError;

/// Why a model file or a model directory cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ModelError {
    /// A file cannot be opened or read.
    #[error("cannot read {path}: {source}", path = path.display())]
    Io { path: PathBuf, source: std::io::Error },
    /// The manifest of a model directory is damaged or names no model file.
    #[error(
        "{manifest} is not a valid manifest: {problem}; write it with `trainer quantize`",
        manifest = manifest.display()
    )]
    Manifest { manifest: PathBuf, problem: String },
    /// The file is cut, damaged, or of another kind.
    #[error("the model file is damaged or not a GGUF file ({0}); fetch it again")]
    Corrupt(String),
    /// The file is not the one that the manifest beside it describes.
    #[error(
        "the model file is damaged, or belongs to another manifest than {manifest}: its SHA-256 differs; copy both again from where they were made",
        manifest = manifest.display()
    )]
    Damaged { manifest: PathBuf },
    /// The file was written by another release.
    #[error(
        "the model file has format version {found}, but this build reads version {supported}; deploy a matching pair"
    )]
    Version { found: u32, supported: u32 },
    /// A metadata entry is missing, cannot be parsed, or contradicts another part of the file.
    #[error(
        "the model file's metadata `{key}` cannot be used ({problem}); write the file again with `trainer quantize`"
    )]
    Metadata { key: String, problem: String },
    /// The encoder's configuration asks for something that is not supported.
    #[error("the encoder cannot be used: {field} is {found}, expected {needed}")]
    Unsupported { field: &'static str, found: String, needed: String },
    /// The tokenizer is damaged or of an unsupported kind.
    #[error("the tokenizer cannot be used: {0}")]
    Tokenizer(String),
    /// The rubric inside the model file fails its checks.
    #[error("the rubric inside the model file is invalid: {0}")]
    Rubric(#[from] RubricError),
    /// Adapters do not fit the weights that they belong to.
    #[error(transparent)]
    Adapter(#[from] AdapterError),
    /// A tensor operation failed, which a damaged model or a bug can cause.
    #[error("a tensor computation failed: {0}")]
    Compute(#[from] candle_core::Error),
}

impl ModelError {
    /// Returns the code by which programs tell failures apart, one of `FAILURE_CODES` in `www/src/engine/contract.ts`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "not_found",
            Self::Manifest { .. } => "manifest_invalid",
            Self::Damaged { .. } => "hash_mismatch",
            Self::Version { .. } => "model_version",
            Self::Compute(_) => "internal",
            _ => "model_corrupt",
        }
    }

    fn metadata(key: &str, problem: impl ToString) -> Self {
        Self::Metadata { key: key.to_owned(), problem: problem.to_string() }
    }
}
