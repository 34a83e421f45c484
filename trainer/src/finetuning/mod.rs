//! `trainer finetune`: a model, trained on every report, for shipping.

use std::path::PathBuf;

use salesmirror::model::HeadsConfig;
use serde::{Deserialize, Serialize};

use crate::run::{files, progress};
use crate::finetuning::features::{self, Example, Source};
use crate::model_dir::EncoderDirectory;
use crate::finetuning::heads::{self, Recipe};
use crate::run::directory::{self, RunDirectory};
use crate::model_dir::trained_model::ADAPTERS_FILE;
use crate::finetuning::encoder::{self, Base, Tuned};
use crate::{Result, TrainerError};

#[derive(clap::Args, Serialize)]
pub struct Options {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    heads: Recipe,
    #[command(flatten)]
    tuning: tune::Recipe,
    /// Run directory; the trained model is its folder `model`.
    #[arg(long, default_value = "work/finetune")]
    run: PathBuf,
    /// Goes on with a run that was stopped.
    #[arg(long)]
    #[serde(skip)]
    resume: bool,
}

/// What `quantize` and `export` need to know of a run, `finetune.json`.
#[derive(Serialize, Deserialize)]
pub struct Run {
    pub heads: HeadsConfig,
    pub reports: usize,
    pub last_loss: f64,
    /// The resolved options, for the model card.
    pub options: serde_json::Value,
}

/// Name of the trained heads in a trained model directory.
pub const HEADS_FILE: &str = "heads.safetensors";

/// Name of [`Run`] in a trained model directory.
pub const RUN_FILE: &str = "finetune.json";

pub fn run(options: &Options) -> Result<()> {
    let run = RunDirectory::open(&options.run, options, options.resume)?;
    run_directory::listen_for_interrupts()?;
    let (rubric, examples) = features::load(&options.source)?;
    let directory = EncoderDirectory::read(&options.source.encoder)?;
    let all: Vec<&Example> = examples.iter().collect();
    let (competencies, scale) = (rubric.competencies.len(), (rubric.scale.min, rubric.levels()));
    let tuned = if options.tuning.layers == 0 {
        let steps = options.heads.epochs * all.len().div_ceil(options.heads.batch);
        let bar = progress::training_bar(steps);
        let mut last_loss = f32::NAN;
        let fitted = fit::fit(&all, competencies, scale, &options.heads, &mut |loss| {
            last_loss = loss;
            bar.set_message(format!("loss {loss:.3}"));
            bar.inc(1);
        })?;
        Tuned::heads_alone(&fitted, last_loss.into())?
    } else {
        let fitted = tune::begin(&all, competencies, scale, &options.heads, &options.tuning)?;
        let states = tune::lower_states(&options.source, &directory, &options.tuning, &examples)?;
        let base = Base { directory: &directory, states: &states };
        tune::tune(&base, &all, &fitted, rubric.scale.min, &options.tuning, &run)?
    };
    let model = options.run.join("model");
    save(&model, options, &directory, &tuned, examples.len())?;
    println!("trained on {} reports, last loss {:.3}: {}", examples.len(), tuned.last_loss, model.display());
    Ok(())
}

/// Writes a trained model directory.
fn save(
    path: &std::path::Path,
    options: &Options,
    directory: &EncoderDirectory,
    tuned: &Tuned,
    reports: usize,
) -> Result<()> {
    std::fs::create_dir_all(path).map_err(|source| files::FileError::Io { path: path.to_owned(), source }.into())?;
    let resolved = serde_json::to_value(options)
        .map_err(|source| files::FileError::Json { path: path.to_owned(), source }.into())?;
    for name in ["config.json", "tokenizer.json"] {
        files::write_bytes(&path.join(name), &files::read_bytes(&options.source.encoder.join(name))?)?;
    }
    files::write_tensors(&path.join("model.safetensors"), &tuned.encoder(directory))?;
    files::write_tensors(&path.join(HEADS_FILE), &tuned.heads)?;
    if !tuned.adapters.is_empty() {
        files::write_tensors(&path.join(ADAPTERS_FILE), &tuned.adapters)?;
    }
    let run =
        Run { heads: tuned.heads_config.clone(), reports, last_loss: tuned.last_loss, options: resolved };
    files::write_json(&path.join(RUN_FILE), &run)
}
