//! `trainer`: from texts and labelled reports to the model file that the widget fetches. One file per command, in the order in
//! which they are used:
//!
//! | command | in | out |
//! |---|---|---|
//! | `corpus` | files and folders of texts | a clean corpus without duplicates and personal data, its statistics |
//! | `import` | a Hugging Face BERT directory, or a model file | a smaller encoder: chosen layers, pruned vocabulary; or that of the file |
//! | `pretrain` | encoder directory, texts | the encoder, trained further |
//! | `crossval` | encoder directory, labelled reports | a table of figures, the calibration |
//! | `finetune` | encoder directory, labelled reports | a trained model: encoder and heads |
//! | `calibrate` | a trained model, labelled texts that it has not seen | its calibration |
//! | `quantize` | a trained model, calibration | model.gguf and manifest.json |
//! | `export` | a trained model, calibration | an ONNX graph or a Hugging Face directory |
//! | `evaluate` | model.gguf, labelled reports | figures, bias, plots, model card |
//! | `score` | model.gguf, reports | assessments, as JSONL or a table |
//! | `plot` | run directories | their curves in one picture |

mod commands;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use salesmirror_trainer::run::interrupt;

/// Trains the model that SalesMirror assesses reports with.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Options from a TOML file: a key is the name of a flag. Flags on the command line win.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a corpus of files and folders: clean, without duplicates and personal data, split into sentences.
    Corpus(commands::corpus::Options),
    /// Make a small encoder out of a large one: keep some layers and the vocabulary of some languages.
    Import(commands::import::Options),
    /// Train an encoder on texts without labels: masked words, and whether one passage follows another.
    Pretrain(commands::pretrain::Options),
    /// Compare methods on reports that they have not seen, print a table, and fit the calibration.
    Crossval(commands::crossval::Options),
    /// Judge a model file by labelled reports: figures, bias, plots, model card.
    Evaluate(commands::evaluate::Options),
    /// Train a model on all reports: the upper layers of the encoder and the heads.
    Finetune(commands::finetune::Options),
    /// Fit the calibration of a trained model anew, on texts that it has not seen.
    Calibrate(commands::calibrate::Options),
    /// Make the 4-bit model file and its manifest from a trained model.
    Quantize(commands::quantize::Options),
    /// Write a trained model for other programs: ONNX or Hugging Face.
    Export(commands::export::Options),
    /// Assess reports with a model file.
    Score(commands::score::Options),
    /// Draw what several runs measured into one picture.
    Plot(commands::plot::Options),
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("trainer: {error}");
            match interrupt::is_requested() {
                true => ExitCode::from(interrupt::EXIT_STATUS),
                false => ExitCode::FAILURE,
            }
        }
    }
}

fn run() -> commands::Outcome {
    let arguments = Arguments::parse_from(commands::config::arguments()?);
    match arguments.command {
        Command::Corpus(options) => commands::corpus::run(&options),
        Command::Import(options) => commands::import::run(&options),
        Command::Pretrain(options) => commands::pretrain::run(&options),
        Command::Crossval(options) => commands::crossval::run(&options),
        Command::Evaluate(options) => commands::evaluate::run(&options),
        Command::Finetune(options) => commands::finetune::run(&options),
        Command::Calibrate(options) => commands::calibrate::run(&options),
        Command::Quantize(options) => commands::quantize::run(&options),
        Command::Export(options) => commands::export::run(&options),
        Command::Score(options) => commands::score::run(&options),
        Command::Plot(options) => commands::plot::run(&options),
    }
}
