//! A run directory records a long command: its options, its log, its measurements, and the checkpoints it can resume from.
//!
//! It holds config.toml (the resolved options, which `--config` accepts), log.txt, metrics.jsonl and checkpoints/.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::Serialize;
use thiserror::Error;

use super::checkpoint::{self, CheckpointError};
use super::files::{self, FileError};
use super::metrics::MetricsLog;

/// Why a run directory cannot be used.
#[derive(Debug, Error)]
pub enum RunError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("cannot write the options as TOML: {0}")]
    Options(#[from] toml::ser::Error),
    #[error(
        "{path}: the run was started with `{before}`, but the option is now `{now}`; resume it with the same options, \
         or choose another --run",
        path = path.display()
    )]
    OtherOptions { path: PathBuf, before: String, now: String },
    #[error(
        "{path} already holds a run; resume it with --resume, or choose another --run",
        path = path.display()
    )]
    Exists { path: PathBuf },
}

/// An open run directory.
pub struct RunDirectory {
    path: PathBuf,
    metrics: MetricsLog,
}

impl RunDirectory {
    /// Starts a run in a directory or, with `resume`, opens the run that is already there.
    ///
    /// # Errors
    /// When the directory already holds a run and `resume` is not set, or when that run was started with other options.
    pub fn open(path: &Path, options: &impl Serialize, resume: bool) -> Result<Self, RunError> {
        let config = toml::to_string_pretty(options)?;
        let file = path.join("config.toml");
        match std::fs::read_to_string(&file) {
            Ok(before) if resume && before != config => {
                let differing = before.lines().zip(config.lines()).find(|(a, b)| a != b);
                let (before, now) = differing.unwrap_or(("other options", "these options"));
                return Err(RunError::OtherOptions {
                    path: file,
                    before: before.to_owned(),
                    now: now.to_owned(),
                });
            }
            Ok(_) if !resume => return Err(RunError::Exists { path: path.to_owned() }),
            _ => files::write_bytes(&file, config.as_bytes())?,
        }
        let log = path.join("log.txt");
        let log = OpenOptions::new().create(true).append(true).open(&log).map_err(FileError::io(&log))?;
        // This fails for the second run in a process, which then logs to the file of the first run.
        let _ = tracing_subscriber::fmt().with_ansi(false).with_writer(Mutex::new(log)).try_init();
        tracing::info!(config, "the run starts");
        Ok(Self { path: path.to_owned(), metrics: MetricsLog::open(path)? })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn metrics(&self) -> &MetricsLog {
        &self.metrics
    }

    pub fn checkpoints(&self) -> PathBuf {
        self.path.join("checkpoints")
    }

    pub fn newest_checkpoint(&self) -> Result<Option<PathBuf>, CheckpointError> {
        Ok(checkpoint::list(&self.checkpoints())?.pop())
    }
}
