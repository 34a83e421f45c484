//! Supervised fine-tuning on labelled reports: first of the heads on the frozen encoder, then of the heads and the upper layers
//! together.
//!
//! | module | what it owns |
//! |---|---|
//! | `encoded_report` | reports as tokens, windows and sentence vectors; their cache |
//! | `examples` | what a step sees of its reports: batches, sentences left out, neutral texts added |
//! | `lower_states` | token states below the layers that are trained; their cache |
//! | `standardizer` | standardization of sentence vectors |
//! | `targets` | labels as tensors, and the loss against them |
//! | `heads` | fitting the heads to a frozen encoder |
//! | `tuning` | training the heads and the upper layers together |
//!
//! Both objectives run in [`crate::run::training`]. The caller decides which reports to train on.

mod encoded_report;
mod examples;
mod heads;
mod lower_states;
mod standardizer;
mod targets;
mod tuning;

use std::path::PathBuf;

use salesmirror::model::adapters::AdapterError;
use salesmirror::text::TextError;
use salesmirror::{AssessError, ModelError};
use thiserror::Error;

use crate::data::LabelledReportError;
use crate::run::files::FileError;
use crate::run::training::TrainingError;

pub use encoded_report::{
    DEFAULT_DATA, Dataset, EncodedReport, SourceArgs, encode_reports, sentence_numbers, sentence_ranges,
    spread_over_sentences, tokenize,
};
pub use examples::AugmentationArgs;
pub use heads::{FittedHeads, HeadArgs, fit_initial_heads};
pub use lower_states::LowerStates;
pub use targets::LossWeights;
pub use tuning::{BaseEncoder, FinetunedModel, TuningArgs, finetune, fit_and_finetune, prepare_lower_states};

/// Why a model cannot be fine-tuned.
#[derive(Debug, Error)]
pub enum FinetuningError {
    #[error("there are no reports to train on; check that the data are not empty")]
    NoReports,
    #[error("--layers {asked} is too many, because the encoder has only {available} layers")]
    TooManyLayers { asked: usize, available: usize },
    #[error("report `{id}` cannot be read: {source}")]
    Report { id: String, source: AssessError },
    #[error("a report is too long with other texts written into it: {0}; leave it out, or leave out --mixed")]
    Mixing(TextError),
    #[error("{path}: the cache file is missing or damaged; delete it and run the command again", path = path.display())]
    DamagedCache { path: PathBuf },
    #[error(transparent)]
    Reports(#[from] LabelledReportError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error(transparent)]
    Adapters(#[from] AdapterError),
    #[error(transparent)]
    Assess(#[from] AssessError),
    #[error(transparent)]
    Training(#[from] TrainingError),
    #[error("tensor computation failed: {0}")]
    Compute(#[from] candle_core::Error),
}
