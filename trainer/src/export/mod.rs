//! Exports a trained model to other programs.
//!
//! | module | what it owns |
//! |---|---|
//! | [`model_file`] | the 4-bit model file that the widget fetches, and its manifest |
//! | [`onnx`] | encoder and heads as one ONNX graph, in f32 |
//! | [`huggingface`] | a directory for `transformers`, in f32 |

pub mod huggingface;
pub mod model_file;
pub mod onnx;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use candle_core::Tensor;
use salesmirror::assessment::LevelDistribution;
use salesmirror::model::{Calibration, Prediction};
use salesmirror::{AssessError, ModelError};
use thiserror::Error;

use crate::finetuning::FinetuningError;
use crate::model_dir::TrainedModelError;
use crate::run::files::{self, FileError};

/// Why a model cannot be exported.
#[derive(Debug, Error)]
pub enum ExportError {
    #[error(
        "the ONNX file would have {bytes} bytes, but protobuf allows only {largest}; export with --format huggingface"
    )]
    TooLarge { bytes: u64, largest: u64 },
    #[error("transformers.BertModel does not support mixtures of experts; export with --format onnx")]
    Experts,
    #[error("{path} cannot be written: {problem}", path = path.display())]
    Safetensors { path: PathBuf, problem: String },
    #[error("a report cannot be compared: {0}")]
    Report(#[from] FinetuningError),
    #[error(transparent)]
    Trained(#[from] TrainedModelError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error(transparent)]
    Assess(#[from] AssessError),
    #[error("tensor computation failed: {0}")]
    Compute(#[from] candle_core::Error),
}

/// Decodes whether each competency is shown, and its expected level.
fn decode_levels(
    prediction: Prediction,
    calibration: &Calibration,
    lowest: i32,
) -> impl Iterator<Item = (bool, f32)> {
    let level = move |((presence, threshold), logits): ((f32, &f32), Vec<f32>)| {
        let temperature = calibration.level_temperature;
        let distribution = LevelDistribution::from_cumulative_logits(&logits, temperature, lowest);
        (presence >= *threshold, distribution.mean())
    };
    let presence = prediction.presence.into_iter().zip(&calibration.presence_threshold);
    presence.zip(prediction.cumulative).map(level)
}

/// Writes tensors with the metadata that `transformers` requires.
fn write_safetensors(path: &Path, tensors: &HashMap<String, Tensor>) -> Result<(), ExportError> {
    let metadata = HashMap::from([("format".to_owned(), "pt".to_owned())]);
    let bytes = safetensors::serialize(tensors, Some(metadata))
        .map_err(|e| ExportError::Safetensors { path: path.to_owned(), problem: e.to_string() })?;
    Ok(files::write_bytes(path, &bytes)?)
}
