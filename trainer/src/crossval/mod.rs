//! Cross-validation: what methods are worth on groups of reports that they have not seen, side by side.
//!
//! | module | what it owns |
//! |---|---|
//! | `out_of_fold` | predictions for each fold by a method that was fitted to the others, kept on disk |
//! | `summary` | the short account of the chosen method that goes into the model file |
//!
//! The methods are [`crate::methods`]'s and the figures [`crate::evaluation`]'s; [`crate::report`] shows the comparison.

mod out_of_fold;
mod summary;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use salesmirror::model::{Calibration, Prediction};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::data::{LabelledReport, hash};
use crate::evaluation::evaluate::{difference, evaluate};
use crate::evaluation::folds::{self, FoldError, Groups};
use crate::evaluation::{Bootstrap, Evaluation, Figures, Measure, calibration};
use crate::finetuning::Dataset;
use crate::methods::{Method, MethodError};
use crate::run::files::{self, FileError};

pub use out_of_fold::read_predictions;
pub use summary::{Summary, SummaryRow};

/// Name of the file in a run directory that has all figures, see [`Crossval`].
pub const EVALUATION_FILE: &str = "evaluation.json";

/// Why methods cannot be compared.
#[derive(Debug, Error)]
pub enum CrossvalError {
    #[error(
        "{path} was made from other data, another rubric, other folds or other settings; leave out --resume, or choose another \
         --run",
        path = path.display()
    )]
    OtherPredictions { path: PathBuf },
    #[error("{path}: {problem}; run `trainer crossval` again", path = path.display())]
    Damaged { path: PathBuf, problem: &'static str },
    #[error(
        "stopped; the predictions so far are saved in {run}, and the same command with --resume continues",
        run = run.display()
    )]
    Interrupted { run: PathBuf },
    #[error(transparent)]
    Method(#[from] MethodError),
    #[error(transparent)]
    File(#[from] FileError),
}

/// How methods are compared.
#[derive(Debug, Clone)]
pub struct CrossvalOptions {
    /// Number of folds.
    pub folds: usize,
    /// Field whose values are kept whole: all reports of a writer, for example, are in one fold.
    pub group_by: String,
    /// Fields to slice by besides those of [`slice_by_field`](crate::evaluation::slices::slice_by_field).
    pub slice_by: Vec<String>,
    /// How much each source counts in the calibration; all reports count the same if it is empty.
    pub source_shares: BTreeMap<String, f64>,
    /// How many of the folds are judged. Each takes as long to train as a model, and a few can be enough.
    pub judged_folds: usize,
    /// Which share of the texts of a source is trained on, for learning curves; all texts of a source that is not named.
    pub train_shares: BTreeMap<String, f64>,
    /// The most reports that a fold is trained on, for learning curves; the seed draws them.
    pub train_at_most: Option<usize>,
    /// Bootstrap resamples behind each interval.
    pub resamples: usize,
    /// Seed of the resamples, and of the draw of reports.
    pub seed: u64,
    /// Use the predictions that a stopped run has left in the run directory.
    pub resume: bool,
}

/// The folds of a dataset, on which one method after the other is judged.
pub struct Folds<'a> {
    dataset: &'a Dataset,
    options: &'a CrossvalOptions,
    groups: Groups,
    /// The fold of each report.
    fold_of: Vec<usize>,
    /// Run directory.
    run: &'a Path,
}

impl<'a> Folds<'a> {
    /// Assigns the reports to folds.
    ///
    /// # Errors
    /// When a report does not have the field to group by, or when there are fewer groups than folds.
    pub fn new(dataset: &'a Dataset, options: &'a CrossvalOptions, run: &'a Path) -> Result<Self, FoldError> {
        let groups = folds::group_by(&dataset.reports, &options.group_by)?;
        let fold_of = folds::assign_folds(&dataset.reports, &groups, options.folds)?;
        Ok(Self { dataset, options, groups, fold_of, run })
    }

    /// Judges a method that was made for the reports of the dataset. Each fold is predicted by the method as fitted to the other
    /// folds, and judged with the calibration as fitted to the predictions for the other folds.
    ///
    /// # Errors
    /// When the method fails, when the process is asked to stop, or when stored predictions do not belong to this run.
    pub fn judge(&self, method: &dyn Method) -> Result<MethodFigures, CrossvalError> {
        let labels = &self.dataset.labels;
        let (judged, predictions): (Vec<usize>, Vec<Prediction>) =
            self.predict_out_of_fold(method)?.into_iter().unzip();
        let reports: Vec<LabelledReport> =
            judged.iter().map(|&number| self.dataset.reports[number].clone()).collect();
        let groups: Vec<usize> = judged.iter().map(|&number| self.groups.group_of[number]).collect();
        let weights = calibration::weigh_sources(&reports, &self.options.source_shares);
        // With several folds, each is judged with the calibration of the others. A single one is halved for that, by groups.
        let part_of: Vec<usize> = match self.options.judged_folds {
            1 => groups.iter().map(|group| group % 2).collect(),
            _ => judged.iter().map(|&number| self.fold_of[number]).collect(),
        };
        let by_part = calibration::cross_fit(labels, &reports, &predictions, &weights, &part_of);
        let calibrations: Vec<&Calibration> = part_of.iter().map(|&part| &by_part[part]).collect();
        let CrossvalOptions { resamples, seed, slice_by, .. } = self.options;
        let bootstrap = Bootstrap { resamples: *resamples, seed: *seed, groups: &groups };
        Ok(MethodFigures {
            method: method.name().to_owned(),
            evaluation: evaluate(labels, &reports, &predictions, &calibrations, &bootstrap, slice_by),
            calibration: calibration::fit(labels, calibration::weighted(&reports, &predictions, &weights)),
        })
    }

    /// Predicts the reports of the judged folds, with their numbers, in order.
    fn predict_out_of_fold(&self, method: &dyn Method) -> Result<Vec<(usize, Prediction)>, CrossvalError> {
        let source = &self.dataset.source;
        let mut inputs = serde_json::json!({
            "data": hash::files_key("", &source.data)?,
            "rubric": hash::sha256_of_file(&source.rubric)?,
            "folds": self.fold_of,
            "method": method.name(),
            "settings": method.settings(),
        });
        if !self.options.train_shares.is_empty() {
            inputs["train_shares"] = serde_json::json!(self.options.train_shares);
        }
        if let Some(count) = self.options.train_at_most {
            inputs["train_at_most"] = serde_json::json!([count, self.options.seed]);
        }
        if !source.source_weights.is_empty() {
            inputs["source_weights"] = serde_json::json!(source.source_weights);
        }
        let reports = &self.dataset.reports;
        let choose = |others: Vec<usize>| {
            let shares = &self.options.train_shares;
            let shared = others.into_iter().filter(|&number| is_in_share(&reports[number], shares)).collect();
            match self.options.train_at_most {
                Some(count) => draw(reports, shared, count, self.options.seed),
                None => shared,
            }
        };
        let store = out_of_fold::Store {
            run: self.run,
            method: method.name(),
            key: hash::short_key(inputs.to_string().as_bytes()),
        };
        if !self.options.resume {
            store.clear()?;
        }
        let folds = out_of_fold::Assignment {
            fold_of: &self.fold_of,
            judged: self.options.judged_folds,
            choose: &choose,
        };
        out_of_fold::predict(method, reports, &folds, &store)
    }
}

/// Whether a report belongs to the share of its source that is trained on. Its set or else its id decides, so that a larger share
/// contains a smaller one.
fn is_in_share(report: &LabelledReport, shares: &BTreeMap<String, f64>) -> bool {
    let share = report.field("source").and_then(|source| shares.get(source));
    share.is_none_or(|&share| (hash_of(report.set().unwrap_or(&report.id)) as f64) < share * u64::MAX as f64)
}

/// Draws some reports. With the same seed, more reports contain fewer.
fn draw(reports: &[LabelledReport], mut numbers: Vec<usize>, count: usize, seed: u64) -> Vec<usize> {
    numbers.sort_by_cached_key(|&number| hash::mix(hash_of(&reports[number].id) ^ hash::mix(seed)));
    numbers.truncate(count);
    numbers.sort_unstable();
    numbers
}

fn hash_of(text: &str) -> u64 {
    let mut hash = hash::Fnv::default();
    text.bytes().for_each(|byte| hash.add(u64::from(byte)));
    hash.value()
}

/// The figures of all methods; evaluation.json has them. There is at least one method, and the chosen one is among them.
#[derive(Serialize, Deserialize)]
pub struct Crossval {
    pub folds: usize,
    pub group_by: String,
    /// The method whose calibration and figures `quantize` and `export` take.
    pub chosen: String,
    pub methods: Vec<MethodFigures>,
    /// By how much the figures of the chosen method exceed those of each other method, on the same resamples.
    pub gains: BTreeMap<String, Figures>,
}

/// The figures of a method. Each fold is judged with the calibration fitted on the others.
#[derive(Serialize, Deserialize)]
pub struct MethodFigures {
    pub method: String,
    pub evaluation: Evaluation,
    /// Fitted on all out-of-fold predictions; it ships with the model.
    pub calibration: Calibration,
}

impl Crossval {
    /// Compares the method with the number `chosen` with the others.
    ///
    /// # Panics
    /// When there is no such method.
    pub fn new(options: &CrossvalOptions, methods: Vec<MethodFigures>, chosen: usize) -> Self {
        let ours = &methods[chosen];
        let chosen = ours.method.clone();
        let others = methods.iter().filter(|method| method.method != chosen);
        let gains = others.map(|other| {
            let gain = |measure| Some((measure, difference(&ours.evaluation, &other.evaluation, measure)?));
            (other.method.clone(), Measure::MAIN.into_iter().filter_map(gain).collect())
        });
        let gains = gains.collect();
        Self { folds: options.folds, group_by: options.group_by.clone(), chosen, methods, gains }
    }

    /// Reads the figures from the run directory of `trainer crossval`.
    ///
    /// # Errors
    /// When the file is missing or damaged.
    pub fn read(run: &Path) -> Result<Self, CrossvalError> {
        let path = run.join(EVALUATION_FILE);
        let crossval: Self = files::read_json(&path)?;
        if !crossval.methods.iter().any(|method| method.method == crossval.chosen) {
            return Err(CrossvalError::Damaged { path, problem: "the chosen method has no figures" });
        }
        if crossval.methods.iter().any(|method| method.evaluation.slices.is_empty()) {
            return Err(CrossvalError::Damaged { path, problem: "a method has no figures over all reports" });
        }
        Ok(crossval)
    }

    /// The chosen method.
    pub fn chosen(&self) -> &MethodFigures {
        self.methods.iter().find(|method| method.method == self.chosen).unwrap_or(&self.methods[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::folds::tests::report;

    #[test]
    fn a_draw_depends_on_the_seed_and_grows() {
        let reports: Vec<LabelledReport> = (0..40).map(|i| report(&format!("w-{i}"), "en", vec![])).collect();
        let drawn = |count: usize, seed: u64| draw(&reports, (0..30).collect(), count, seed);
        let (few, more) = (drawn(5, 1), drawn(12, 1));
        assert_eq!((few.len(), more.len(), drawn(99, 1)), (5, 12, (0..30).collect()));
        assert!(few.is_sorted() && few.iter().all(|number| more.contains(number)));
        assert_ne!(few, drawn(5, 2));
    }

    #[test]
    fn damaged_figures_are_refused() {
        let run = std::env::temp_dir().join(format!("salesmirror-crossval-{}", std::process::id()));
        let empty = serde_json::json!({
            "folds": 2, "group_by": "writer", "chosen": "frozen", "methods": [], "gains": {},
        });
        files::write_json(&run.join(EVALUATION_FILE), &empty).unwrap();
        let error = Crossval::read(&run).err().unwrap().to_string();
        assert!(error.contains("the chosen method has no figures"), "{error}");
        std::fs::remove_dir_all(run).unwrap();
    }
}
