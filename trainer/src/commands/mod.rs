//! The commands, one file each. A file owns the options of a command and its output; the work is left to the library.

pub mod calibrate;
pub mod config;
pub mod corpus;
pub mod crossval;
pub mod evaluate;
pub mod export;
pub mod finetune;
pub mod import;
pub mod plot;
pub mod pretrain;
pub mod quantize;
pub mod score;

use thiserror::Error;

/// The result of a command. Its error is printed unchanged.
pub type Outcome = Result<(), Box<dyn std::error::Error>>;

/// An error about options that do not make sense together.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct UsageError(pub String);
