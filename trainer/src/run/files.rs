//! Reads and writes whole files. A file that the trainer writes gets its name only when it is complete.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
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
    /// Adds the path to an I/O error. Use it with `map_err`.
    pub fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { path: path.to_owned(), source }
    }

    /// Adds the path to a JSON error. Use it with `map_err`.
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

/// Lets `write` fill a temporary file beside `path` and then renames it, so that `path` is never half written. Creates the
/// folder if it is missing.
pub fn write_atomically(
    path: &Path,
    write: impl FnOnce(&Path) -> Result<(), FileError>,
) -> Result<(), FileError> {
    if let Some(folder) = path.parent() {
        create_folder(folder)?;
    }
    let partial = partial_path(path);
    write(&partial)?;
    let publish = || {
        // Sync first, because a rename may reach the disk before the content does.
        File::open(&partial)?.sync_all()?;
        std::fs::rename(&partial, path)
    };
    publish().map_err(FileError::io(path))
}

/// A file that is written piece by piece and, as with [`write_atomically`], gets its name only when it is finished.
pub struct AtomicFile {
    path: PathBuf,
    partial: PathBuf,
    file: BufWriter<File>,
}

impl AtomicFile {
    /// Creates the file under a temporary name, and its folder if it is missing.
    pub fn create(path: &Path) -> Result<Self, FileError> {
        if let Some(folder) = path.parent() {
            create_folder(folder)?;
        }
        let partial = partial_path(path);
        let file = BufWriter::new(File::create(&partial).map_err(FileError::io(&partial))?);
        Ok(Self { path: path.to_owned(), partial, file })
    }

    /// The path that the file will have when it is finished.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn write_line(&mut self, line: impl std::fmt::Display) -> Result<(), FileError> {
        writeln!(self.file, "{line}").map_err(FileError::io(&self.partial))
    }

    /// Writes everything to disk and gives the file its name.
    pub fn finish(mut self) -> Result<(), FileError> {
        let mut publish = || {
            self.file.flush()?;
            self.file.get_ref().sync_all()?;
            std::fs::rename(&self.partial, &self.path)
        };
        publish().map_err(FileError::io(&self.path))
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The temporary path of a file that is not complete yet.
pub fn partial_path(path: &Path) -> PathBuf {
    path.with_added_extension("partial")
}

pub fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    write_atomically(path, |partial| std::fs::write(partial, bytes).map_err(FileError::io(path)))
}

pub fn write_json(path: &Path, value: &impl Serialize) -> Result<(), FileError> {
    write_bytes(path, &serde_json::to_vec_pretty(value).map_err(FileError::json(path))?)
}

/// Writes named tensors as a safetensors file.
pub fn write_tensors(path: &Path, tensors: &HashMap<String, Tensor>) -> Result<(), FileError> {
    write_atomically(path, |partial| {
        candle_core::safetensors::save(tensors, partial)
            .map_err(|source| FileError::Tensors { path: path.to_owned(), source })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_its_name_only_when_it_is_finished() {
        let folder = std::env::temp_dir().join(format!("salesmirror-files-{}", std::process::id()));
        let path = folder.join("new/lines.jsonl");
        let mut file = AtomicFile::create(&path).unwrap();
        file.write_line("one").unwrap();
        assert!(!path.exists() && partial_path(&path).exists());
        file.write_line(2).unwrap();
        file.finish().unwrap();
        assert_eq!(read_text(&path).unwrap(), "one\n2\n");
        assert!(!partial_path(&path).exists());
        write_bytes(&path, b"other").unwrap();
        assert_eq!(read_bytes(&path).unwrap(), b"other");
        assert!(!partial_path(&path).exists());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
