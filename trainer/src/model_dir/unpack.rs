//! Takes a model file apart, so that training can go on from what another model has learnt. Its encoder, heads, calibration and
//! figures are written as a trained model directory. The encoder's weights are those of the file, which have 4 bits, with the
//! adapters merged; the adapters lie beside them, so that a new model file keeps both as they are.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use salesmirror::ModelError;
use salesmirror::model::{AdapterError, StoredModel, adapters, tensor_names};
use thiserror::Error;

use super::{
    CALIBRATION_FILE, EncoderDirectory, EncoderDirectoryError, FINETUNE_FILE, HEADS_FILE, METRICS_FILE,
    TrainedModel, TrainedModelError, TrainingFacts,
};
use crate::run::files::{self, FileError};

/// Why a model file cannot be taken apart.
#[derive(Debug, Error)]
pub enum UnpackError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error(transparent)]
    Adapters(#[from] AdapterError),
    #[error(transparent)]
    Encoder(#[from] EncoderDirectoryError),
    #[error(transparent)]
    Trained(#[from] TrainedModelError),
}

/// Writes what is in the model file `file` to the directory `out` and returns it.
///
/// # Errors
/// When the file is missing, damaged, or of another version.
pub fn unpack_model(file: &Path, out: &Path) -> Result<TrainedModel, UnpackError> {
    let reader = BufReader::new(File::open(file).map_err(FileError::io(file))?);
    let StoredModel {
        mut encoder_config,
        encoder,
        heads_config,
        heads,
        tokenizer_json,
        calibration,
        training,
    } = StoredModel::read(reader)?;
    let beside = encoder.iter().filter(|(name, _)| tensor_names::is_adapter(name));
    let beside = beside.map(|(name, tensor)| (name.clone(), tensor.clone())).collect();
    encoder_config.adapters = None;
    let weights = adapters::merge(encoder)?;
    EncoderDirectory { config: encoder_config, weights, adapters: beside, tokenizer_json }.write(out)?;
    files::write_tensors(&out.join(HEADS_FILE), &heads)?;
    let facts = TrainingFacts {
        heads: heads_config,
        reports: training["reports"].as_u64().unwrap_or_default() as usize,
        last_loss: None,
        options: training["recipe"].clone(),
    };
    files::write_json(&out.join(FINETUNE_FILE), &facts)?;
    files::write_json(&out.join(CALIBRATION_FILE), &calibration)?;
    files::write_json(&out.join(METRICS_FILE), &training["crossval"])?;
    // Read the directory back, so that an unusable one is an error now rather than later.
    Ok(TrainedModel::read(out)?)
}
