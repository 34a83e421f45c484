//! Why a command failed.

use std::path::PathBuf;

use thiserror::Error;

/// Why a command failed; the message says where and what to do.
#[derive(Debug, Error)]
pub enum TrainerError {
    #[error(transparent)]
    File(#[from] crate::run::files::FileError),
    #[error(transparent)]
    Reports(#[from] crate::data::labelled_report::ReportError),
    #[error(transparent)]
    Model(#[from] salesmirror::ModelError),
    #[error(transparent)]
    Assess(#[from] salesmirror::AssessError),
    #[error(transparent)]
    Export(#[from] crate::export::ExportError),
    #[error(transparent)]
    Score(#[from] crate::scoring::ScoreError),
    #[error("tensor computation failed: {0}")]
    Compute(#[from] candle_core::Error),
    #[error(transparent)]
    Checkpoint(#[from] crate::run::checkpoint::CheckpointError),
    #[error("stopped; the state is saved in {run}, the same command with --resume goes on", run = run.display())]
    Stopped { run: PathBuf },
    #[error("{0}")]
    Usage(String),
}

pub type Result<T> = std::result::Result<T, TrainerError>;
