//! `trainer calibrate` fits the calibration of a trained model anew, on texts that it has not seen, and writes it into the model's
//! directory.
//!
//! The calibration of `crossval` is that of models which have seen other reports of the same sources. Texts of real people come
//! from sources that no model has seen, and get lower probabilities.

use std::path::{Path, PathBuf};

use salesmirror::Assessor;
use salesmirror::model::{Calibration, Prediction};
use salesmirror_trainer::crossval::{Crossval, read_predictions};
use salesmirror_trainer::data::{LabelSpace, LabelledReport, parse_source_number, read_labelled_reports};
use salesmirror_trainer::evaluation::evaluate::evaluate;
use salesmirror_trainer::evaluation::judge::predict_reports_and_parts;
use salesmirror_trainer::evaluation::{Bootstrap, calibration, folds};
use salesmirror_trainer::export::model_file::ModelFile;
use salesmirror_trainer::finetuning::DEFAULT_DATA;
use salesmirror_trainer::model_dir::{CALIBRATION_FILE, METRICS_FILE, TrainedModel};
use salesmirror_trainer::run::files;

use super::{Outcome, UsageError};

#[derive(clap::Args)]
pub struct Options {
    /// Trained model directory, as `finetune` writes it. Its calibration.json and metrics.json are replaced.
    #[arg(long)]
    model: PathBuf,
    /// JSONL files with labelled texts that the model was not trained on.
    #[arg(long, num_args = 1.., required = true)]
    texts: Vec<PathBuf>,
    /// Run directory of `crossval`, whose predictions have a say too, and whose figures go with the model. Without it, the unseen
    /// texts alone count, and the figures that lie beside the model stay.
    #[arg(long)]
    crossval: Option<PathBuf>,
    /// JSONL files with the reports of that run.
    #[arg(long, num_args = 1.., default_values = DEFAULT_DATA)]
    data: Vec<PathBuf>,
    /// How much each source counts among the reports of that run, such as `lifelike=0.6,specified=0.4`; a source that is left out
    /// does not count. By default all reports count the same.
    #[arg(long, value_delimiter = ',', value_name = "SOURCE=SHARE", value_parser = parse_source_number)]
    source_shares: Vec<(String, f64)>,
    /// How much the unseen texts count in thresholds of evidence and presence, and in the intervals, between 0 and 1; the reports
    /// of the run have the rest. The gate is fitted to the unseen texts alone.
    #[arg(long, default_value_t = 0.5)]
    share: f64,
    /// Share of the accounts among the unseen texts that the gate may refuse.
    #[arg(long, default_value_t = 0.05)]
    refused: f64,
    #[arg(long, default_value = "data/rubric.json")]
    rubric: PathBuf,
    /// Number of folds into which the unseen texts are split for the printed figures: each is judged with the calibration that was
    /// fitted without it.
    #[arg(long, default_value_t = 5)]
    folds: usize,
    /// Field whose values are kept in one fold.
    #[arg(long, default_value = "writer")]
    group_by: String,
    /// Bootstrap resamples behind each interval.
    #[arg(long, default_value_t = 1000)]
    resamples: usize,
}

pub fn run(options: &Options) -> Outcome {
    if !(0.0..=1.0).contains(&options.share) {
        return Err(UsageError(format!("--share is {}; it must be between 0 and 1", options.share)).into());
    }
    let rubric = files::read_rubric(&options.rubric)?;
    let labels = LabelSpace::from(&rubric);
    let trained = TrainedModel::read(&options.model)?;
    let file = ModelFile::uncalibrated(&trained, &rubric)?;
    let texts = read_labelled_reports(&options.texts, &labels)?;
    let assessor = Assessor::from_gguf(&file.bytes)?;
    let (predictions, parts): (Vec<Prediction>, Vec<Vec<f32>>) =
        predict_reports_and_parts(&assessor, &texts)?.into_iter().unzip();
    let (seen, seen_predictions) = match &options.crossval {
        Some(run) => predicted_by(run, read_labelled_reports(&options.data, &labels)?)?,
        None => Default::default(),
    };
    let share = if seen.is_empty() { 1.0 } else { options.share };
    let shares = options.source_shares.iter().cloned().collect();
    let weights = calibration::weigh_sources(&seen, &shares);
    let total: f64 = weights.iter().sum();
    let scale = |all: f64, share: f64| if all > 0.0 { share / all } else { 0.0 };
    let weights: Vec<f64> = weights.iter().map(|weight| weight * scale(total, 1.0 - share)).collect();
    // The texts of the gate have no levels, and no say in the rest.
    let rated = texts.iter().filter(|text| text.sales && text.rated).count();
    let own = vec![scale(rated as f64, share); texts.len()];

    let fit = |is_used: &dyn Fn(usize) -> bool| -> Calibration {
        let new = calibration::weighted(&texts, &predictions, &own).enumerate();
        let new = new.filter(|(number, _)| is_used(*number)).map(|(_, item)| item);
        let accounts = (0..texts.len()).filter(|&number| is_used(number) && texts[number].sales);
        let part_threshold =
            calibration::fit_parts(accounts.flat_map(|number| parts[number].iter().copied()));
        let old = calibration::weighted(&seen, &seen_predictions, &weights);
        let gate = new.clone().map(|item| (item.report.sales, item.prediction.sales, 1.0));
        let gate = calibration::fit_gate(gate, options.refused);
        let fitted = gate.within(calibration::fit(&labels, old.chain(new.clone())));
        Calibration { part_threshold, ..fitted }
    };
    let groups = folds::group_by(&texts, &options.group_by)?;
    let fold_of = folds::assign_folds(&texts, &groups, options.folds)?;
    let by_fold: Vec<Calibration> =
        (0..options.folds).map(|fold| fit(&|number| fold_of[number] != fold)).collect();
    let calibrations: Vec<&Calibration> = fold_of.iter().map(|&fold| &by_fold[fold]).collect();
    let bootstrap = Bootstrap { resamples: options.resamples, seed: 0, groups: &groups.group_of };
    let slices = ["source".to_owned(), "doc_type".to_owned()];
    let evaluation = evaluate(&labels, &texts, &predictions, &calibrations, &bootstrap, &slices);
    for (measure, figure) in evaluation.all() {
        println!("{:>28}  {figure}", measure.name());
    }

    let fitted = fit(&|_| true);
    println!("{}", serde_json::to_string_pretty(&fitted)?);
    files::write_json(&options.model.join(CALIBRATION_FILE), &fitted)?;
    if let Some(run) = &options.crossval {
        files::write_json(&options.model.join(METRICS_FILE), &trained.figures(Some(run))?)?;
    }
    Ok(())
}

/// Those reports that the run directory of `crossval` has predictions of, with their predictions.
fn predicted_by(
    run: &Path,
    reports: Vec<LabelledReport>,
) -> Result<(Vec<LabelledReport>, Vec<Prediction>), Box<dyn std::error::Error>> {
    let known = read_predictions(run, &Crossval::read(run)?.chosen)?;
    let both = reports.into_iter().filter_map(|report| {
        let prediction = known.get(&report.id).cloned()?;
        Some((report, prediction))
    });
    Ok(both.unzip())
}
