//! The methods that cross-validation compares: baselines and the fine-tuned model.
//!
//! | module | what it owns |
//! |---|---|
//! | `majority` | the same prediction for every report |
//! | `tfidf` | linear models on words |
//! | `linear` | ridge and logistic regression on sparse rows |
//! | `frozen` | heads on the frozen encoder |
//! | `finetuned` | the model that ships, in f32 and as in the model file |
//!
//! Judging their predictions is left to [`crate::evaluation`].

mod finetuned;
mod frozen;
mod linear;
mod majority;
mod tfidf;

use salesmirror::model::Prediction;
use thiserror::Error;

use crate::finetuning::FinetuningError;
use crate::model_dir::EncoderDirectoryError;
use crate::run::directory::RunError;
use crate::run::files::FileError;

pub use finetuned::Finetuned;
pub use frozen::{EncodedDataset, Frozen};
pub use majority::Majority;
pub use tfidf::TfIdf;

/// Why a method cannot be fitted or cannot predict.
#[derive(Debug, Error)]
pub enum MethodError {
    #[error(transparent)]
    Finetuning(#[from] FinetuningError),
    #[error(transparent)]
    Encoder(#[from] EncoderDirectoryError),
    #[error(transparent)]
    Run(#[from] RunError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error("tensor computation failed: {0}")]
    Compute(#[from] candle_core::Error),
}

/// A method that learns from some labelled reports and predicts others. It is made for a list of reports, and folds refer to
/// them by their indices in that list.
pub trait Method: Sync {
    /// Returns the method's name on the command line.
    fn name(&self) -> &'static str;

    /// Returns what the predictions depend on besides the reports. Stored predictions are reused only if it is the same.
    fn settings(&self) -> serde_json::Value;

    /// Whether a single fold keeps all cores busy, in which case folds run one after the other.
    fn uses_all_cores(&self) -> bool {
        false
    }

    /// Learns from the reports `train` only, and predicts the reports `test` in the given order.
    fn fit_predict(&self, train: &[usize], test: &[usize]) -> Result<Vec<Prediction>, MethodError>;
}
