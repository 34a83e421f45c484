//! Checkpoints: the state of a run on disk. A checkpoint is a folder that is either complete or absent, because it is written
//! under a temporary name, synced and then renamed.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

const PREFIX: &str = "step-";
const STATE: &str = "state.json";

/// Why a checkpoint could not be written or read.
#[derive(Debug, Error)]
pub enum CheckpointError {
    #[error("{path}: {source}", path = path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{path}: {source}; delete this checkpoint, and the run resumes from the one before", path = path.display())]
    State { path: PathBuf, source: serde_json::Error },
    #[error("{path}: {source}; delete this checkpoint, and the run resumes from the one before", path = path.display())]
    Tensors { path: PathBuf, source: candle_core::Error },
}

fn at(path: &Path) -> impl Fn(io::Error) -> CheckpointError + '_ {
    move |source| CheckpointError::Io { path: path.to_owned(), source }
}

/// Writes the checkpoint of a step into the checkpoint folder: each named set of tensors as one file, and the state as JSON.
/// Returns the path of the checkpoint.
pub fn save(
    folder: &Path,
    step: usize,
    tensors: &[(&str, &HashMap<String, Tensor>)],
    state: &impl Serialize,
) -> Result<PathBuf, CheckpointError> {
    let path = folder.join(format!("{PREFIX}{step:08}"));
    let partial = folder.join(format!("partial-{step:08}"));
    for old in [&partial, &path] {
        match fs::remove_dir_all(old) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(at(old)(error)),
            _ => {}
        }
    }
    fs::create_dir_all(&partial).map_err(at(&partial))?;
    for (name, tensors) in tensors {
        let file = partial.join(format!("{name}.safetensors"));
        candle_core::safetensors::save(tensors, &file)
            .map_err(|source| CheckpointError::Tensors { path: file.clone(), source })?;
        sync(&file)?;
    }
    let file = partial.join(STATE);
    let json = serde_json::to_vec_pretty(state)
        .map_err(|source| CheckpointError::State { path: file.clone(), source })?;
    fs::write(&file, json).map_err(at(&file))?;
    sync(&file)?;
    sync(&partial)?;
    fs::rename(&partial, &path).map_err(at(&path))?;
    sync(folder)?;
    Ok(path)
}

/// Waits until the content of a file or folder has reached the disk.
fn sync(path: &Path) -> Result<(), CheckpointError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(at(path))
}

/// Lists the checkpoints in a folder, oldest first.
pub fn list(folder: &Path) -> Result<Vec<PathBuf>, CheckpointError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(at(folder)(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(at(folder))?.path();
        if path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(PREFIX)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Reads the state of a checkpoint.
pub fn state<S: DeserializeOwned>(path: &Path) -> Result<S, CheckpointError> {
    let file = path.join(STATE);
    let json = fs::read(&file).map_err(at(&file))?;
    serde_json::from_slice(&json).map_err(|source| CheckpointError::State { path: file, source })
}

/// Reads the tensors that a checkpoint stores under `name`.
pub fn tensors(path: &Path, name: &str) -> Result<HashMap<String, Tensor>, CheckpointError> {
    let file = path.join(format!("{name}.safetensors"));
    candle_core::safetensors::load(&file, &Device::Cpu)
        .map_err(|source| CheckpointError::Tensors { path: file, source })
}

/// Deletes all checkpoints in a folder except the newest `count`.
pub fn keep_newest(folder: &Path, count: usize) -> Result<(), CheckpointError> {
    let mut all = list(folder)?;
    all.truncate(all.len().saturating_sub(count));
    all.iter().try_for_each(|path| fs::remove_dir_all(path).map_err(at(path)))
}

/// Averages the tensors stored under `name` over several checkpoints (Izmailov et al. 2018). Returns an empty map if there are
/// no checkpoints.
pub fn average(paths: &[PathBuf], name: &str) -> Result<HashMap<String, Tensor>, CheckpointError> {
    let mut mean: HashMap<String, Tensor> = HashMap::new();
    for path in paths {
        for (name, tensor) in tensors(path, name)? {
            let share = tensor / paths.len() as f64;
            let sum = share.and_then(|share| match mean.get(&name) {
                Some(before) => before + share,
                None => Ok(share),
            });
            let sum = sum.map_err(|source| CheckpointError::Tensors { path: path.clone(), source })?;
            mean.insert(name, sum);
        }
    }
    Ok(mean)
}
