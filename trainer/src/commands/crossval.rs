//! `trainer crossval` compares methods on groups of reports that they have not seen, and fits the calibration.

use std::cell::OnceCell;
use std::path::PathBuf;

use salesmirror_trainer::crossval::{Crossval, CrossvalOptions, EVALUATION_FILE, Folds, Summary};
use salesmirror_trainer::data::parse_source_number;
use salesmirror_trainer::finetuning::{
    Dataset, HeadArgs, LowerStates, SourceArgs, TuningArgs, prepare_lower_states,
};
use salesmirror_trainer::methods::{EncodedDataset, Finetuned, Frozen, Majority, Method, MethodError, TfIdf};
use salesmirror_trainer::model_dir::{CALIBRATION_FILE, METRICS_FILE};
use salesmirror_trainer::report::{markdown, pages};
use salesmirror_trainer::run::{files, interrupt};
use serde::Serialize;

use super::{Outcome, UsageError};

#[derive(clap::Args, Serialize)]
pub struct Options {
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    recipe: HeadArgs,
    #[command(flatten)]
    tuning: TuningArgs,
    /// The methods to compare, in this order.
    #[arg(long, value_delimiter = ',', default_value = "majority,tfidf,frozen")]
    methods: Vec<MethodName>,
    /// The method whose calibration and figures `quantize` and `export` use; by default the last one.
    #[arg(long)]
    chosen: Option<MethodName>,
    /// Field to group by, so that no group is split between folds: writer, industry, or any other field of the data.
    #[arg(long, default_value = "writer")]
    group_by: String,
    #[arg(long, default_value_t = 5)]
    folds: usize,
    /// Judge only so many of the folds, to save time.
    #[arg(long, default_value_t = usize::MAX, hide_default_value = true)]
    judged_folds: usize,
    /// Fields by which to break down the figures, besides language, length and fields with few values.
    #[arg(long, value_delimiter = ',')]
    slice_by: Vec<String>,
    /// How much each source counts when the calibration is fitted, such as `lifelike=0.6,specified=0.4`; a source that is left out
    /// does not count. By default all reports count the same.
    #[arg(long, value_delimiter = ',', value_name = "SOURCE=SHARE", value_parser = parse_source_number)]
    source_shares: Vec<(String, f64)>,
    /// Share of the texts of a source that is trained on, such as `lifelike=0.5`, for learning curves; by default all are.
    #[arg(long, value_delimiter = ',', value_name = "SOURCE=SHARE", value_parser = parse_source_number)]
    train_shares: Vec<(String, f64)>,
    /// Train each fold on at most so many reports, drawn by --seed, for learning curves.
    #[arg(long)]
    train_at_most: Option<usize>,
    /// Bootstrap resamples behind each interval.
    #[arg(long, default_value_t = 1000)]
    resamples: usize,
    /// Reuse the predictions that a stopped run has left in the run directory.
    #[arg(long)]
    resume: bool,
    /// Run directory for config.json, predictions/, evaluation.json, report.html, and the metrics.json and calibration.json of
    /// the chosen method.
    #[arg(long, default_value = "work/crossval")]
    run: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
enum MethodName {
    /// The label frequencies of the training reports, predicted for every report.
    Majority,
    /// Ridge and logistic regression on the TF-IDF of words.
    Tfidf,
    /// Heads on the frozen encoder.
    Frozen,
    /// The upper layers of the encoder and the heads, trained together.
    Finetuned,
    /// The fine-tuned model with the 4-bit weights and the integer arithmetic of the model file.
    Shipped,
}

pub fn run(options: &Options) -> Outcome {
    let Some(&last) = options.methods.last() else {
        return Err(UsageError("--methods is empty; name at least one method".to_owned()).into());
    };
    let chosen = options.chosen.unwrap_or(last);
    let Some(chosen) = options.methods.iter().position(|&name| name == chosen) else {
        return Err(UsageError("--chosen is not among --methods; add it there".to_owned()).into());
    };
    files::write_json(&options.run.join("config.json"), options)?;
    interrupt::listen()?;

    let dataset = Dataset::read(&options.source)?;
    let how = CrossvalOptions {
        folds: options.folds,
        group_by: options.group_by.clone(),
        slice_by: options.slice_by.clone(),
        judged_folds: options.judged_folds,
        train_shares: options.train_shares.iter().cloned().collect(),
        source_shares: options.source_shares.iter().cloned().collect(),
        train_at_most: options.train_at_most,
        resamples: options.resamples,
        seed: options.recipe.seed,
        resume: options.resume,
    };
    let folds = Folds::new(&dataset, &how, &options.run)?;
    let shared = Shared { options, dataset: &dataset, encoded: OnceCell::new(), states: OnceCell::new() };
    let mut methods = Vec::new();
    for &name in &options.methods {
        methods.push(folds.judge(shared.method(name)?.as_ref())?);
    }
    let crossval = Crossval::new(&how, methods, chosen);

    println!("{}", markdown::crossval_tables(&crossval));
    files::write_json(&options.run.join(EVALUATION_FILE), &crossval)?;
    files::write_bytes(&options.run.join("report.html"), pages::crossval_page(&crossval)?.as_bytes())?;
    files::write_json(&options.run.join(METRICS_FILE), &Summary::from(&crossval))?;
    files::write_json(&options.run.join(CALIBRATION_FILE), &crossval.chosen().calibration)?;
    Ok(())
}

/// Data that several methods share, which are computed when the first of them needs them.
struct Shared<'a> {
    options: &'a Options,
    dataset: &'a Dataset,
    encoded: OnceCell<EncodedDataset<'a>>,
    states: OnceCell<LowerStates>,
}

impl Shared<'_> {
    /// Makes the method that a name stands for.
    fn method(&self, name: MethodName) -> Result<Box<dyn Method + '_>, MethodError> {
        let Options { recipe: heads, tuning, run, .. } = self.options;
        let Dataset { labels, reports, .. } = self.dataset;
        Ok(match name {
            MethodName::Majority => Box::new(Majority { labels, reports }),
            MethodName::Tfidf => Box::new(TfIdf::new(labels, reports)),
            MethodName::Frozen => Box::new(Frozen { encoded: self.encoded()?, args: heads }),
            MethodName::Finetuned | MethodName::Shipped => Box::new(Finetuned {
                encoded: self.encoded()?,
                states: self.states()?,
                heads,
                tuning,
                runs: run.join("finetuned"),
                shipped: name == MethodName::Shipped,
            }),
        })
    }

    fn encoded(&self) -> Result<&EncodedDataset<'_>, MethodError> {
        get_or_try_init(&self.encoded, || EncodedDataset::new(self.dataset))
    }

    fn states(&self) -> Result<&LowerStates, MethodError> {
        get_or_try_init(&self.states, || {
            let Options { source, tuning, .. } = self.options;
            let encoded = self.encoded()?;
            Ok(prepare_lower_states(source, &encoded.directory, tuning, &encoded.reports)?)
        })
    }
}

/// Returns the value of a cell, which is computed if it is missing.
fn get_or_try_init<T, E>(cell: &OnceCell<T>, init: impl FnOnce() -> Result<T, E>) -> Result<&T, E> {
    if let Some(value) = cell.get() {
        return Ok(value);
    }
    let value = init()?;
    Ok(cell.get_or_init(|| value))
}
