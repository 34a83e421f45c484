//! Everything that training runs share: the training loop, the learning-rate schedule, and the files that a run writes.
//!
//! | module | what it owns |
//! |---|---|
//! | [`training`] | the loop: batches, gradients, clipping, evaluation, early stopping, checkpoints |
//! | [`schedule`] | the learning rate of each step |
//! | [`directory`] | the run directory: options, log, metrics, checkpoints |
//! | [`checkpoint`] | saved states, which a crash cannot corrupt |
//! | [`metrics`] | metrics.jsonl, written and read |
//! | [`interrupt`] | Ctrl-C |
//! | [`files`] | whole files, read and written atomically |
//! | [`progress`] | progress bars |
//!
//! What to train is left to the implementations of [`training::Objective`] in [`crate::pretraining`] and [`crate::finetuning`].

pub mod checkpoint;
pub mod directory;
pub mod files;
pub mod interrupt;
pub mod metrics;
pub mod progress;
pub mod schedule;
pub mod training;
