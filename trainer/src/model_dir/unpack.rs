//! Takes the encoder out of a model file, so that training can start from what another model has learnt. It is written as an
//! encoder directory. Its weights are those of the file, which have 4 bits, with the adapters merged; the adapters lie beside
//! them, so that a new model file keeps both as they are.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use salesmirror::ModelError;
use salesmirror::model::{AdapterError, StoredEncoder, adapters, tensor_names};
use thiserror::Error;

use super::{EncoderDirectory, EncoderDirectoryError};
use crate::run::files::FileError;

/// Why an encoder cannot be taken out of a model file.
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
}

/// Writes the encoder of the model file `file` to the directory `out` and returns it.
///
/// # Errors
/// When the file is missing, damaged, or of another version.
pub fn unpack_encoder(file: &Path, out: &Path) -> Result<EncoderDirectory, UnpackError> {
    let reader = BufReader::new(File::open(file).map_err(FileError::io(file))?);
    let StoredEncoder { mut config, tensors, tokenizer_json } = StoredEncoder::read(reader)?;
    let beside = tensors.iter().filter(|(name, _)| tensor_names::is_adapter(name));
    let beside = beside.map(|(name, tensor)| (name.clone(), tensor.clone())).collect();
    config.adapters = None;
    let weights = adapters::merge(tensors)?;
    EncoderDirectory { config, weights, adapters: beside, tokenizer_json }.write(out)?;
    // Read the directory back, so that an unusable one is an error now rather than later.
    let written = EncoderDirectory::read(out)?;
    written.config.check()?;
    Ok(written)
}
