//! `trainer`: from labelled reports to the model file that the widget fetches. One file a command, in the order in
//! which they are used:
//!
//! | command | in | out |
//! |---|---|---|
//! | `corpus` | files and folders of texts | a clean corpus without duplicates and personal data, its statistics |
//! | `import` | a Hugging Face BERT directory | a smaller one: chosen layers, pruned vocabulary |
//! | `pretrain` | encoder directory, texts | the encoder, trained on further |
//! | `crossval` | encoder directory, labelled reports | a table of figures, the calibration |
//! | `finetune` | the same | a trained model: encoder and heads |
//! | `export` | a trained model, calibration | an ONNX graph or a Hugging Face directory |
//! | `quantize` | a trained model, calibration | model.gguf and manifest.json |
//! | `evaluate` | model.gguf, labelled reports | figures, bias, pictures, model card |
//! | `score` | model.gguf, reports | assessments, as JSONL or a table |
//! | `plot` | run directories | one picture of their curves |
//!
//! Shared by them: `config` and `run_directory` (options, and what a run leaves), `reports` (labelled data), `features` and
//! `activations` (what an encoder, or the part of it that stays, makes of it), `fit` and `tune` (training of the heads, and of
//! the encoder with them), `trained` (what comes of it), `metrics` and `evaluation` (what predictions are worth), `words`.

mod activations;
mod config;
mod corpus;
mod crossval;
mod evaluate;
mod evaluation;
mod export;
mod features;
mod finetune;
mod fit;
mod import;
mod metrics;
mod onnx;
mod plot;
mod pretrain;
mod quantize;
mod reports;
mod run_directory;
mod score;
mod trained;
mod tune;
mod words;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use thiserror::Error;

/// Trains the model that SalesMirror assesses reports with.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Options from a TOML file; a key is the name of a flag, and flags given here win.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a corpus of files and folders: clean, without duplicates and personal data, split into sentences.
    Corpus(corpus::Options),
    /// Make a small encoder of a large one: keep some layers and the vocabulary of some languages.
    Import(import::Options),
    /// Train an encoder on texts without labels: masked words, and whether one passage follows another.
    Pretrain(pretrain::Options),
    /// Compare methods on groups of reports that they have not seen; print a table and fit the calibration.
    Crossval(crossval::Options),
    /// Judge a model file by labelled reports: figures, bias, pictures, model card.
    Evaluate(evaluate::Options),
    /// Train a model on all reports: the upper layers of the encoder and the heads.
    Finetune(finetune::Options),
    /// Make the 4-bit model file and its manifest of a trained model.
    Quantize(quantize::Options),
    /// Write a trained model for other programs: ONNX or Hugging Face.
    Export(export::Options),
    /// Assess reports with a model file.
    Score(score::Options),
    /// Draw what several runs measured into one picture.
    Plot(plot::Options),
}

/// Why a command failed; the message says where and what to do.
#[derive(Debug, Error)]
enum TrainerError {
    #[error("{path}: {source}", path = path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{path}: {source}", path = path.display())]
    Json { path: PathBuf, source: serde_json::Error },
    #[error(transparent)]
    Reports(#[from] reports::ReportError),
    #[error("{path}: {source}", path = path.display())]
    Rubric { path: PathBuf, source: salesmirror::rubric::RubricError },
    #[error(transparent)]
    Model(#[from] salesmirror::ModelError),
    #[error(transparent)]
    Assess(#[from] salesmirror::AssessError),
    #[error(transparent)]
    Export(#[from] export::ExportError),
    #[error(transparent)]
    Score(#[from] score::ScoreError),
    #[error("tensor computation failed: {0}")]
    Compute(#[from] candle_core::Error),
    #[error(transparent)]
    Checkpoint(#[from] crate::run::checkpoint::CheckpointError),
    #[error("stopped; the state is saved in {run}, the same command with --resume goes on", run = run.display())]
    Stopped { run: PathBuf },
    #[error("{0}")]
    Usage(String),
}

type Result<T> = std::result::Result<T, TrainerError>;

fn main() -> ExitCode {
    let arguments = match config::arguments() {
        Ok(arguments) => Arguments::parse_from(arguments),
        Err(error) => {
            eprintln!("trainer: {error}");
            return ExitCode::FAILURE;
        }
    };
    let result = match arguments.command {
        Command::Corpus(options) => corpus::run(&options),
        Command::Import(options) => import::run(&options),
        Command::Pretrain(options) => pretrain::run(&options),
        Command::Crossval(options) => crossval::run(&options),
        Command::Evaluate(options) => evaluate::run(&options),
        Command::Finetune(options) => finetune::run(&options),
        Command::Quantize(options) => quantize::run(&options),
        Command::Export(options) => export::run(&options),
        Command::Score(options) => score::run(&options),
        Command::Plot(options) => plot::run(&options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("trainer: {error}");
            ExitCode::FAILURE
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|source| files::FileError::Io { path: path.to_owned(), source }.into())
}

fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    serde_json::from_slice(&read(path)?)
        .map_err(|source| files::FileError::Json { path: path.to_owned(), source }.into())
}

/// Has a file written beside its place and renames it, so that it is never half written.
fn put(path: &Path, write: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let io = |source| files::FileError::Io { path: path.to_owned(), source }.into();
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(io)?;
    }
    let partial = path.with_added_extension("partial");
    write(&partial)?;
    std::fs::rename(&partial, path).map_err(io)
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let io = |source| files::FileError::Io { path: path.to_owned(), source }.into();
    put(path, |partial| std::fs::write(partial, bytes).map_err(io))
}

fn write_json(path: &Path, value: &impl serde::Serialize) -> Result<()> {
    let json = serde_json::to_vec_pretty(value)
        .map_err(|source| files::FileError::Json { path: path.to_owned(), source }.into())?;
    write(path, &json)
}

/// As [`write`], tensors as safetensors.
fn write_tensors(
    path: &Path,
    tensors: &std::collections::HashMap<String, candle_core::Tensor>,
) -> Result<()> {
    put(path, |partial| Ok(candle_core::safetensors::save(tensors, partial)?))
}

fn read_rubric(path: &Path) -> Result<salesmirror::Rubric> {
    let text = String::from_utf8_lossy(&read(path)?).into_owned();
    salesmirror::Rubric::from_json(&text)
        .map_err(|source| TrainerError::Rubric { path: path.to_owned(), source })
}

/// A progress bar with time left, silent where standard error is no terminal.
fn progress(length: usize, what: &'static str) -> indicatif::ProgressBar {
    let style = indicatif::ProgressStyle::with_template("{msg} {bar:30} {pos}/{len}, {eta} left")
        .unwrap_or_else(|_| indicatif::ProgressStyle::default_bar());
    indicatif::ProgressBar::new(length as u64).with_style(style).with_message(what)
}

/// A progress bar of training: what is measured, and time left.
fn training_progress(steps: usize) -> indicatif::ProgressBar {
    let style = indicatif::ProgressStyle::with_template("{bar:30} {pos}/{len}, {msg}, {eta} left")
        .unwrap_or_else(|_| indicatif::ProgressStyle::default_bar());
    indicatif::ProgressBar::new(steps as u64).with_style(style)
}
