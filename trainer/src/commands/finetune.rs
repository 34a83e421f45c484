//! `trainer finetune` trains the model that ships, on all reports.

use std::path::PathBuf;

use salesmirror_trainer::finetuning::{
    BaseEncoder, Dataset, EncodedReport, FinetunedModel, FittedHeads, HeadArgs, SourceArgs, TuningArgs,
    encode_reports, finetune, fit_and_finetune, fit_initial_heads, prepare_lower_states,
};
use salesmirror_trainer::model_dir::{
    CALIBRATION_FILE, EncoderDirectory, METRICS_FILE, NewTrainedModel, TrainedModel, TrainedModelError,
    TrainingFacts,
};
use salesmirror_trainer::run::directory::RunDirectory;
use salesmirror_trainer::run::{files, interrupt, progress};
use serde::Serialize;

use super::{Outcome, UsageError};

#[derive(clap::Args, Serialize)]
pub struct Options {
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    heads: HeadArgs,
    #[command(flatten)]
    tuning: TuningArgs,
    /// Share of the reports of which a copy is trained on too, with passages of texts that show nothing written into it.
    #[arg(long, default_value_t = 0.0)]
    mixed: f64,
    /// Go on from the heads that lie beside the encoder, as `import` takes them out of a model file, in the place of fitting new
    /// ones. Their calibration goes with the model until `calibrate` fits another.
    #[arg(long)]
    keep_heads: bool,
    /// Run directory. The trained model is written to its folder `model`.
    #[arg(long, default_value = "work/finetune")]
    run: PathBuf,
    /// Resume a run that was stopped.
    #[arg(long)]
    #[serde(skip)]
    resume: bool,
}

pub fn run(options: &Options) -> Outcome {
    if options.keep_heads && options.tuning.layers == 0 {
        let problem = "--keep-heads leaves nothing to train where --layers is 0; leave out one of them";
        return Err(UsageError(problem.to_owned()).into());
    }
    let run = RunDirectory::open(&options.run, options, options.resume)?;
    interrupt::listen()?;
    let mut dataset = Dataset::read(&options.source)?;
    dataset.add_mixed_copies(options.mixed, options.heads.seed)?;
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
        if options.keep_heads {
            let TrainedModel { facts, heads, .. } = known_model(options, &dataset)?;
            let fitted = FittedHeads::of_model(&facts.heads, heads, &reports, &options.heads)?;
            finetune(&base, &reports, labels, &fitted, &options.tuning, &run)?
        } else {
            fit_and_finetune(&base, &reports, labels, &options.heads, &options.tuning, &run)?
        }
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
    if options.keep_heads {
        for name in [CALIBRATION_FILE, METRICS_FILE] {
            files::write_bytes(&out.join(name), &files::read_bytes(&options.source.encoder.join(name))?)?;
        }
    }
    let loss = model.last_loss.map_or(String::new(), |loss| format!(", last loss {loss:.3}"));
    println!("trained on {} reports{loss}: {}", reports.len(), out.display());
    Ok(())
}

/// Reads the model whose heads training goes on from, and checks that they fit the rubric.
fn known_model(options: &Options, dataset: &Dataset) -> Result<TrainedModel, TrainedModelError> {
    let model = TrainedModel::read(&options.source.encoder)?;
    model.check_rubric(&dataset.rubric)?;
    Ok(model)
}
