//! One file per command: its options and what it prints. The work is the library's.

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

/// What a command returns: the error is printed as it is.
pub type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Options that do not make sense together.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct UsageError(pub String);
