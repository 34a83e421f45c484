//! What every training run has in common: the training loop, the learning-rate schedule, and what a run leaves on disk.
//!
//! | module | what it owns |
//! |---|---|
//! | [`training`] | the loop: batches, gradients, clipping, evaluation, early stopping, checkpoints |
//! | [`schedule`] | the learning rate of each step |
//! | [`directory`] | the run directory: options, log, metrics, checkpoints |
//! | [`checkpoint`] | states on disk that a crash cannot break |
//! | [`metrics`] | metrics.jsonl, written and read |
//! | [`interrupt`] | Ctrl-C |
//! | [`files`] | whole files, read and written atomically |
//! | [`progress`] | progress bars |
//!
//! What is trained is an [`training::Objective`] of another module: [`crate::pretraining`] and [`crate::finetuning`] have them.

pub mod checkpoint;
pub mod directory;
pub mod files;
pub mod interrupt;
pub mod metrics;
pub mod progress;
pub mod schedule;
pub mod training;
