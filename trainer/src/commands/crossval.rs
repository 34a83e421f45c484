//! `trainer crossval`: what methods are worth on groups of reports that they have not seen, side by side, and the
//! calibration that follows.
//!
//! Out-of-fold predictions are stored as soon as a fold has them, so that `--resume` goes on where a run was stopped.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use salesmirror::Rubric;
use salesmirror::model::{self, Calibration};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::run::{files, progress};
use crate::methods::baselines::{Frozen, Majority, TfIdf};
use crate::evaluation::figures::{Bootstrap, Evaluation, Figure, Measure, Slice, difference, evaluate};
use crate::methods::finetuned::Finetuned;
use crate::report::html::{self, Cell, Page};
use crate::evaluation::{LabelledReport, Method, Prediction, calibration, folds};
use crate::finetuning::features::Source;
use crate::finetuning::heads::Recipe;
use crate::{Result, TrainerError, reports, run_directory, tune};

#[derive(clap::Args, Serialize)]
pub struct Options {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    recipe: Recipe,
    #[command(flatten)]
    tuning: tune::Recipe,
    /// What is compared, in this order.
    #[arg(long, value_delimiter = ',', default_value = "majority,tfidf,frozen")]
    methods: Vec<MethodName>,
    /// The method whose calibration and figures `export` takes; the last one when not given.
    #[arg(long)]
    chosen: Option<MethodName>,
    /// Field whose values are kept whole: writer, industry, any other of the data.
    #[arg(long, default_value = "writer")]
    group_by: String,
    #[arg(long, default_value_t = 5)]
    folds: usize,
    /// Fields to give figures by, besides language, length and those that have few values.
    #[arg(long, value_delimiter = ',')]
    slice_by: Vec<String>,
    /// Bootstrap resamples behind each interval.
    #[arg(long, default_value_t = 1000)]
    resamples: usize,
    /// Take the predictions that a stopped run has left in the run directory.
    #[arg(long)]
    resume: bool,
    /// Run directory: config.json, predictions/, evaluation.json, report.html, and of the chosen method metrics.json and calibration.json.
    #[arg(long, default_value = "work/crossval")]
    run: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
enum MethodName {
    /// What most reports have.
    Majority,
    /// TF-IDF of words under ridge and logistic regression.
    Tfidf,
    /// Heads on the frozen encoder.
    Frozen,
    /// The upper layers of the encoder and the heads, trained together.
    Finetuned,
    /// The same through the 4 bits and the integers of the model file, by the code of the browser.
    Shipped,
}

/// The one place that knows which method a name means.
fn method(
    name: MethodName,
    options: &Options,
    rubric: &Rubric,
    reports: &[LabelledReport],
) -> Result<Box<dyn Method>> {
    Ok(match name {
        MethodName::Majority => Box::new(Majority { rubric: rubric.clone() }),
        MethodName::Tfidf => Box::new(TfIdf::new(rubric, reports)),
        MethodName::Frozen => Box::new(Frozen::new(&options.source, &options.recipe)?),
        MethodName::Finetuned | MethodName::Shipped => {
            let shipped = name == MethodName::Shipped;
            let runs = options.run.join("finetuned");
            let Options { source, recipe, tuning, .. } = options;
            Box::new(Finetuned::new(source, recipe, tuning, &runs, shipped)?)
        }
    })
}

/// All figures of a run, `evaluation.json`.
#[derive(Serialize, Deserialize)]
pub struct Crossval {
    pub folds: usize,
    pub group_by: String,
    pub chosen: String,
    pub methods: Vec<Judged>,
    /// What the chosen method gains over each other one, on the same resamples.
    pub gains: BTreeMap<String, BTreeMap<Measure, Figure>>,
}

/// A method's figures. Each fold is judged with the calibration fitted on the others.
#[derive(Serialize, Deserialize)]
pub struct Judged {
    pub method: String,
    pub evaluation: Evaluation,
    /// Fitted on all out-of-fold predictions; ships with the model.
    pub calibration: Calibration,
}

pub fn run(options: &Options) -> Result<()> {
    files::write_json(&options.run.join("config.json"), options)?;
    run_directory::listen_for_interrupts()?;
    let rubric = files::read_rubric(&options.source.rubric)?;
    let reports = reports::read(&options.source.data, &rubric)?;
    let reports: Vec<LabelledReport> = reports.into_iter().map(LabelledReport::new).collect::<Result<_>>()?;
    let (groups, count) = folds::groups(&reports, &options.group_by)?;
    let fold_of = folds::assign(&reports, &groups, count, options.folds)?;
    let bootstrap = Bootstrap { resamples: options.resamples, seed: options.recipe.seed, groups: &groups };

    let Some(&last) = options.methods.last() else {
        return Err(TrainerError::Usage("--methods names none; name at least one".to_owned()));
    };
    let chosen = options.chosen.unwrap_or(last);
    let mut chosen_at = None;
    let mut methods: Vec<Judged> = Vec::new();
    for &name in &options.methods {
        let method = method(name, options, &rubric, &reports)?;
        let predictions = predict_out_of_fold(method.as_ref(), &reports, &fold_of, options)?;
        let crossed = calibration::cross_fit(&rubric, &reports, &predictions, &fold_of);
        let calibrations: Vec<&Calibration> = fold_of.iter().map(|&fold| &crossed[fold]).collect();
        let evaluation =
            evaluate(&rubric, &reports, &predictions, &calibrations, &bootstrap, &options.slice_by);
        let calibration = calibration::fit(&rubric, reports.iter().zip(&predictions));
        if name == chosen {
            chosen_at = Some(methods.len());
        }
        methods.push(Judged { method: method.name().to_owned(), evaluation, calibration });
    }
    let Some(at) = chosen_at else {
        return Err(TrainerError::Usage("--chosen is not among --methods; add it there".to_owned()));
    };
    let gains = methods.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, other)| {
        let gain =
            |measure| Some((measure, difference(&methods[at].evaluation, &other.evaluation, measure)?));
        (other.method.clone(), Measure::MAIN.into_iter().filter_map(gain).collect())
    });
    let crossval = Crossval {
        folds: options.folds,
        group_by: options.group_by.clone(),
        chosen: methods[at].method.clone(),
        gains: gains.collect(),
        methods,
    };
    println!("{crossval}");
    files::write_json(&options.run.join("evaluation.json"), &crossval)?;
    files::write_bytes(&options.run.join("report.html"), crossval.page()?.as_bytes())?;
    files::write_json(&options.run.join("metrics.json"), &crossval.summary())?;
    files::write_json(&options.run.join("calibration.json"), &crossval.methods[at].calibration)
}

/// Predictions of one method for one fold, as they are stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    /// Of everything that they depend on.
    key: String,
    ids: Vec<String>,
    predictions: Vec<Prediction>,
}

fn predict_out_of_fold(
    method: &dyn Method,
    reports: &[LabelledReport],
    fold_of: &[usize],
    options: &Options,
) -> Result<Vec<Prediction>> {
    let depends = json!({
        "data": model::sha256(&files::read_bytes(&options.source.data)?),
        "rubric": model::sha256(&files::read_bytes(&options.source.rubric)?),
        "folds": fold_of,
        "method": method.name(),
        "settings": method.settings(),
    });
    let key = model::sha256(depends.to_string().as_bytes());
    let directory = options.run.join("predictions").join(method.name());
    if !options.resume && directory.exists() {
        // What an earlier run has left must not be taken for this one's.
        std::fs::remove_dir_all(&directory)
            .map_err(|source| files::FileError::Io { path: directory.clone(), source }.into())?;
    }
    let bar = progress::bar(options.folds, method.name());
    let fold = |fold: usize| {
        let (test, train): (Vec<usize>, Vec<usize>) = (0..reports.len()).partition(|&i| fold_of[i] == fold);
        let of = |chosen: &[usize]| chosen.iter().map(|&i| &reports[i]).collect::<Vec<_>>();
        let path = directory.join(format!("fold-{fold}.json"));
        let ids: Vec<String> = test.iter().map(|&i| reports[i].id.clone()).collect();
        let predictions = match recall(&path, &key)? {
            Some(stored) if stored.ids == ids => stored.predictions,
            _ => {
                let predictions = method.fit_predict(&of(&train), &of(&test))?;
                let stored = Stored { key: key.clone(), ids, predictions };
                let json = serde_json::to_vec(&stored)
                    .map_err(|source| files::FileError::Json { path: path.clone(), source }.into())?;
                files::write_bytes(&path, &json)?;
                stored.predictions
            }
        };
        bar.inc(1);
        Ok(test.into_iter().zip(predictions).collect::<Vec<_>>())
    };
    let by_fold: Vec<Vec<(usize, Prediction)>> = if method.uses_all_cores() {
        (0..options.folds).map(fold).collect::<Result<_>>()?
    } else {
        (0..options.folds).into_par_iter().map(fold).collect::<Result<_>>()?
    };
    bar.finish_and_clear();
    let mut all: Vec<(usize, Prediction)> = by_fold.into_iter().flatten().collect();
    all.sort_by_key(|(i, _)| *i);
    Ok(all.into_iter().map(|(_, prediction)| prediction).collect())
}

/// Stored predictions of a fold, if there are any.
fn recall(path: &Path, key: &str) -> Result<Option<Stored>> {
    if !path.exists() {
        return Ok(None);
    }
    let stored: Stored = files::read_json(path)?;
    if stored.key != key {
        return Err(TrainerError::Usage(format!(
            "{} was made from other data, rubric, folds or settings; leave out --resume, or choose another --run",
            path.display()
        )));
    }
    Ok(Some(stored))
}

impl Crossval {
    pub fn chosen(&self) -> &Judged {
        self.methods.iter().find(|judged| judged.method == self.chosen).unwrap_or(&self.methods[0])
    }

    /// The methods side by side, as a section of a page.
    pub fn compare(&self, page: &mut Page) -> Result<()> {
        let methods: Vec<(&str, &Evaluation)> =
            self.methods.iter().map(|judged| (judged.method.as_str(), &judged.evaluation)).collect();
        html::comparison(page, &methods)?;
        page.paragraph(&format!(
            "{} folds grouped by {}; each fold is judged with thresholds and temperature fitted on the others.",
            self.folds, self.group_by
        ));
        if self.gains.is_empty() {
            return Ok(());
        }
        let figure = |gains: &BTreeMap<Measure, Figure>, measure| Cell::Figure(gains.get(&measure).copied());
        let measures: Vec<Measure> = Measure::MAIN
            .into_iter()
            .filter(|m| self.gains.values().any(|gains| gains.contains_key(m)))
            .collect();
        let rows: Vec<Vec<Cell>> = self
            .gains
            .iter()
            .map(|(other, gains)| {
                let figures = measures.iter().map(|&measure| figure(gains, measure));
                [Cell::Text(other.clone())].into_iter().chain(figures).collect()
            })
            .collect();
        let head: Vec<&str> = ["against"].into_iter().chain(measures.iter().map(|m| m.name())).collect();
        page.table(&format!("What {} gains, on the same resamples", self.chosen), &head, &rows);
        Ok(())
    }

    fn page(&self) -> Result<String> {
        let mut page = Page::new("Cross-validation");
        let chosen = self.chosen();
        html::explain(&mut page, &chosen.evaluation);
        self.compare(&mut page)?;
        page.paragraph(&format!("What follows is of {}.", self.chosen));
        html::evaluation(&mut page, &chosen.evaluation)?;
        Ok(page.finish())
    }

    /// The chosen method in short, for the model file.
    fn summary(&self) -> serde_json::Value {
        let evaluation = &self.chosen().evaluation;
        let row = |slice: &Slice| {
            let main = Measure::MAIN.iter().filter_map(|m| Some((*m, slice.figures.get(m)?)));
            json!({
                "competency": slice.competency,
                "of": slice.of,
                "reports": slice.reports,
                "figures": main.collect::<BTreeMap<_, _>>(),
            })
        };
        // All, each competency, each language: a model file need not carry more.
        let short = |slice: &&Slice| match &slice.of {
            None => true,
            Some((field, _)) => field == "language" && slice.competency.is_none(),
        };
        json!({
            "method": self.chosen,
            "folds": self.folds,
            "group_by": self.group_by,
            "groups": evaluation.groups,
            "reports": evaluation.reports,
            "rows": evaluation.slices.iter().filter(short).map(row).collect::<Vec<_>>(),
        })
    }
}

/// A row of a Markdown table: a dash where a figure is not defined.
fn row(f: &mut std::fmt::Formatter<'_>, name: &str, reports: usize, slice: &Slice) -> std::fmt::Result {
    write!(f, "| {name} | {reports} |")?;
    for measure in Measure::MAIN {
        match slice.figures.get(&measure) {
            Some(figure) => write!(f, " {figure} |")?,
            None => write!(f, " – |")?,
        }
    }
    writeln!(f)
}

fn head(f: &mut std::fmt::Formatter<'_>, first: &str) -> std::fmt::Result {
    write!(f, "| {first} | reports |")?;
    Measure::MAIN.iter().try_for_each(|measure| write!(f, " {} |", measure.name()))?;
    writeln!(f, "\n|---|---:|{}", "---:|".repeat(Measure::MAIN.len()))
}

impl std::fmt::Display for Crossval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { folds, group_by, chosen, .. } = self;
        writeln!(f, "{folds} folds grouped by {group_by}; 95 % bootstrap intervals in brackets.\n")?;
        head(f, "method")?;
        for judged in &self.methods {
            row(f, &judged.method, judged.evaluation.reports, &judged.evaluation.slices[0])?;
        }
        writeln!(f, "\n{chosen}, by competency and language:\n")?;
        head(f, "slice")?;
        let evaluation = &self.chosen().evaluation;
        let language = |slice: &&Slice| slice.of.as_ref().is_none_or(|(field, _)| field == "language");
        for slice in evaluation.slices.iter().filter(language) {
            let name = match (&slice.competency, &slice.of) {
                (None, None) => "all".to_owned(),
                (Some(competency), None) => competency.clone(),
                (Some(_), Some((_, language))) => format!("  {language}"),
                (None, Some((_, language))) => format!("all {language}"),
            };
            row(f, &name, slice.reports, slice)?;
        }
        Ok(())
    }
}
