//! `trainer gate` fits the gate of a trained model anew, and its thresholds on texts that the model has not seen.

use std::collections::BTreeMap;
use std::path::PathBuf;

use salesmirror::model::Calibration;
use salesmirror_trainer::data::{LabelledReport, read_labelled_reports};
use salesmirror_trainer::evaluation::{calibration, folds};
use salesmirror_trainer::finetuning::{
    Dataset, EncodedReport, GateArgs, SourceArgs, encode_reports, fit_gate, predict_gate, project_reports,
};
use salesmirror_trainer::model_dir::{
    CALIBRATION_FILE, METRICS_FILE, NewTrainedModel, TrainedModel, heads_from_tensors,
};
use salesmirror_trainer::run::directory::RunDirectory;
use salesmirror_trainer::run::{files, interrupt, progress};
use serde::Serialize;
use serde_json::json;

use super::Outcome;

#[derive(clap::Args, Serialize)]
pub struct Options {
    /// The trained model, as `finetune` writes it, as `--encoder`; the reports that it was trained on, as `--data`.
    #[command(flatten)]
    source: SourceArgs,
    /// JSONL files with texts that the model was not trained on, labelled as accounts of sales work or none.
    #[arg(long, num_args = 1.., default_values = ["data/reports/gate-held-out.jsonl"])]
    texts: Vec<PathBuf>,
    /// JSONL files with texts that are only judged: the gate is neither fitted to them nor its thresholds.
    #[arg(long, num_args = 1..)]
    #[serde(skip)]
    judged: Vec<PathBuf>,
    /// Share of the accounts among these texts that the gate may refuse.
    #[arg(long, default_value_t = 0.05)]
    refused: f64,
    /// Keep the gate of the model, and fit only the thresholds; `--data` does not matter then.
    #[arg(long)]
    keep_gate: bool,
    /// Number of folds into which these texts are split, to fit the thresholds.
    #[arg(long, default_value_t = 5)]
    folds: usize,
    /// Field whose values are kept in one fold.
    #[arg(long, default_value = "writer")]
    group_by: String,
    /// Run directory of `crossval`, whose calibration and figures go with the model; by default the directory of the model.
    #[arg(long)]
    crossval: Option<PathBuf>,
    #[command(flatten)]
    gate: GateArgs,
    /// Run directory. The model with the new gate is written to its folder `model`.
    #[arg(long, default_value = "work/gate")]
    run: PathBuf,
}

pub fn run(options: &Options) -> Outcome {
    let run = RunDirectory::open(&options.run, options, false)?;
    interrupt::listen()?;
    let trained = TrainedModel::read(&options.source.encoder)?;
    // Only a new gate is fitted to the reports that the model has seen.
    let data = if options.keep_gate { Vec::new() } else { options.source.data.clone() };
    let mut dataset = Dataset::read(&SourceArgs { data, ..options.source.clone() })?;
    let seen = dataset.reports.len();
    dataset.reports.extend(read_labelled_reports(&options.texts, &dataset.labels)?);
    let fitted = dataset.reports.len();
    if !options.judged.is_empty() {
        dataset.reports.extend(read_labelled_reports(&options.judged, &dataset.labels)?);
    }
    let encoded = encode_reports(&dataset, &trained.encoder)?;
    let projected = project_reports(&trained.heads()?, encoded)?;
    let config = &trained.facts.heads.clone();
    let fit = |reports: &[&EncodedReport]| match options.keep_gate {
        true => Ok(trained.heads.clone()),
        false => {
            let bar = progress::training_bar(0);
            fit_gate(config, &trained.heads, reports, &dataset.labels, &options.gate, &bar)
        }
    };

    let (train, judged) = projected.split_at(fitted);
    let (known, new) = train.split_at(seen);
    let texts = &dataset.reports[seen..fitted];
    let groups = folds::group_by(texts, &options.group_by)?;
    let fold_of = folds::assign_folds(texts, &groups, options.folds)?;
    // The gate of the model has seen none of these texts; a new one has seen those of the other folds.
    let mut probabilities = vec![0f32; texts.len()];
    for fold in 0..options.folds {
        let others = new.iter().zip(&fold_of).filter(|(_, other)| **other != fold).map(|(report, _)| report);
        let heads = heads_from_tensors(config, fit(&known.iter().chain(others).collect::<Vec<_>>())?)?;
        for (number, report) in new.iter().enumerate().filter(|(number, _)| fold_of[*number] == fold) {
            probabilities[number] = predict_gate(&heads, report)?;
        }
    }
    let thresholds = calibration::fit_gate(
        texts.iter().zip(&probabilities).map(|(text, &probability)| (text.sales, probability, 1.0)),
        options.refused,
    );
    let fitted_to = trained.calibration(options.crossval.as_deref())?;
    let figures = trained.figures(options.crossval.as_deref())?;
    let calibration = thresholds.within(fitted_to);
    println!("threshold {:.3}; refused, out of fold:", calibration.sales_threshold);
    print_figures(texts, &probabilities, &calibration);

    let heads = fit(&train.iter().collect::<Vec<_>>())?;
    let mut facts = trained.facts;
    facts.options["gate"] = serde_json::to_value(options)?;
    let out = run.path().join("model");
    let model = NewTrainedModel {
        base: &options.source.encoder,
        encoder: &trained.encoder.weights,
        heads: &heads,
        adapters: &trained.encoder.adapters,
        facts: &facts,
    };
    model.write(&out)?;
    files::write_json(&out.join(CALIBRATION_FILE), &calibration)?;
    files::write_json(&out.join(METRICS_FILE), &figures)?;
    let gated = heads_from_tensors(config, heads)?;
    for report in judged {
        probabilities.push(predict_gate(&gated, report)?);
    }
    let texts = &dataset.reports[seen..];
    if !judged.is_empty() {
        println!("refused of the judged texts:");
        print_figures(&texts[fitted - seen..], &probabilities[fitted - seen..], &calibration);
    }
    let rows: Vec<_> =
        texts.iter().zip(&probabilities).map(|(text, p)| json!({ "id": text.id, "sales": p })).collect();
    files::write_json(&run.path().join("predictions.json"), &rows)?;
    println!("{}", out.display());
    Ok(())
}

/// Prints how many texts of each kind the gate refuses.
fn print_figures(texts: &[LabelledReport], probabilities: &[f32], calibration: &Calibration) {
    let mut kinds: BTreeMap<(String, String), [[usize; 2]; 2]> = BTreeMap::new();
    for (text, &probability) in texts.iter().zip(probabilities) {
        let refused = usize::from(probability < calibration.sales_threshold);
        for kind in [text.field("doc_type").unwrap_or("none"), "all"] {
            let counts = kinds.entry((text.language.clone(), kind.to_owned())).or_default();
            counts[usize::from(text.sales)][0] += refused;
            counts[usize::from(text.sales)][1] += 1;
        }
    }
    for ((language, kind), [others, accounts]) in kinds {
        println!(
            "{language} {kind:<20} others {:>3} of {:>3}, accounts {:>3} of {:>3}",
            others[0], others[1], accounts[0], accounts[1]
        );
    }
}
