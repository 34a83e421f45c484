//! `trainer finetune` trains the model that ships, on all reports.

use std::path::PathBuf;

use salesmirror_trainer::finetuning::{
    BaseEncoder, Dataset, EncodedReport, FinetunedModel, HeadArgs, SourceArgs, TuningArgs, encode_reports,
    fit_and_finetune, fit_initial_heads, prepare_lower_states,
};
use salesmirror_trainer::model_dir::{EncoderDirectory, NewTrainedModel, TrainingFacts};
use salesmirror_trainer::run::directory::RunDirectory;
use salesmirror_trainer::run::{interrupt, progress};
use serde::Serialize;

use super::Outcome;

#[derive(clap::Args, Serialize)]
pub struct Options {
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    heads: HeadArgs,
    #[command(flatten)]
    tuning: TuningArgs,
    /// Run directory. The trained model is written to its folder `model`.
    #[arg(long, default_value = "work/finetune")]
    run: PathBuf,
    /// Resume a run that was stopped.
    #[arg(long)]
    #[serde(skip)]
    resume: bool,
}

pub fn run(options: &Options) -> Outcome {
    let run = RunDirectory::open(&options.run, options, options.resume)?;
    interrupt::listen()?;
    let dataset = Dataset::read(&options.source)?;
    let directory = EncoderDirectory::read(&options.source.encoder)?;
    let encoded = encode_reports(&dataset, &directory)?;
    let reports: Vec<&EncodedReport> = encoded.iter().collect();
    let labels = &dataset.labels;
    let model = if options.tuning.layers == 0 {
        let fitted = fit_initial_heads(&reports, labels, &options.heads, &progress::training_bar(0))?;
        FinetunedModel::of_heads_alone(&fitted, &directory)?
    } else {
        let states = prepare_lower_states(&options.source, &directory, &options.tuning, &encoded)?;
        let base = BaseEncoder { directory: &directory, states: &states };
        fit_and_finetune(&base, &reports, labels, &options.heads, &options.tuning, &run)?
    };
    let out = options.run.join("model");
    let facts = TrainingFacts {
        heads: model.heads_config.clone(),
        reports: reports.len(),
        last_loss: model.last_loss,
        options: serde_json::to_value(options)?,
    };
    NewTrainedModel {
        base: &options.source.encoder,
        encoder: &model.encoder(&directory),
        heads: &model.heads,
        adapters: &model.adapters,
        facts: &facts,
    }
    .write(&out)?;
    println!("trained on {} reports, last loss {:.3}: {}", reports.len(), model.last_loss, out.display());
    Ok(())
}
