//! Reads and writes whole files. Everything that the trainer writes appears under its name only when it is complete.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use candle_core::Tensor;
use salesmirror::Rubric;
use salesmirror::rubric::RubricError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

/// Why a file could not be read or written.
#[derive(Debug, Error)]
pub enum FileError {
    #[error("{path}: {source}", path = path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{path}: {source}", path = path.display())]
    Json { path: PathBuf, source: serde_json::Error },
    #[error("{path}: {source}", path = path.display())]
    Rubric { path: PathBuf, source: RubricError },
    #[error("{path}: {source}", path = path.display())]
    Tensors { path: PathBuf, source: candle_core::Error },
}

impl FileError {
    /// Adds the path to an I/O error, for use with `map_err`.
    pub fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { path: path.to_owned(), source }
    }

    /// Adds the path to a JSON error, for use with `map_err`.
    pub fn json(path: &Path) -> impl FnOnce(serde_json::Error) -> Self {
        move |source| Self::Json { path: path.to_owned(), source }
    }
}

pub fn read_bytes(path: &Path) -> Result<Vec<u8>, FileError> {
    std::fs::read(path).map_err(FileError::io(path))
}

/// Reads a text file; bytes that are not UTF-8 become U+FFFD.
pub fn read_text(path: &Path) -> Result<String, FileError> {
    Ok(String::from_utf8_lossy(&read_bytes(path)?).into_owned())
}

pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, FileError> {
    serde_json::from_slice(&read_bytes(path)?).map_err(FileError::json(path))
}

pub fn read_rubric(path: &Path) -> Result<Rubric, FileError> {
    let rubric = Rubric::from_json(&read_text(path)?);
    rubric.map_err(|source| FileError::Rubric { path: path.to_owned(), source })
}

pub fn create_folder(path: &Path) -> Result<(), FileError> {
    std::fs::create_dir_all(path).map_err(FileError::io(path))
}

/// Lets `write` fill a file beside `path` and renames it, so that `path` is never half written. Creates the folder.
pub fn write_atomically(
    path: &Path,
    write: impl FnOnce(&Path) -> Result<(), FileError>,
) -> Result<(), FileError> {
    if let Some(folder) = path.parent() {
        create_folder(folder)?;
    }
    let partial = partial_path(path);
    write(&partial)?;
    std::fs::rename(&partial, path).map_err(FileError::io(path))
}

/// Where a file is written before it is complete.
pub fn partial_path(path: &Path) -> PathBuf {
    path.with_added_extension("partial")
}

pub fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    write_atomically(path, |partial| std::fs::write(partial, bytes).map_err(FileError::io(path)))
}

pub fn write_json(path: &Path, value: &impl Serialize) -> Result<(), FileError> {
    write_bytes(path, &serde_json::to_vec_pretty(value).map_err(FileError::json(path))?)
}

/// Writes tensors by name as a safetensors file.
pub fn write_tensors(path: &Path, tensors: &HashMap<String, Tensor>) -> Result<(), FileError> {
    write_atomically(path, |partial| {
        candle_core::safetensors::save(tensors, partial)
            .map_err(|source| FileError::Tensors { path: path.to_owned(), source })
    })
}
