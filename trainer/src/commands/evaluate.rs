//! `trainer evaluate`: a finished model file against labelled reports, by the code that runs in the browser; and whether
//! it treats alike what must not matter. Writes report.html, evaluation.json and model-card.md.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use candle_nn::ops::sigmoid;
use rayon::prelude::*;
use salesmirror::Assessor;
use salesmirror::assessment::LevelDistribution;
use salesmirror::model::Calibration;
use serde_json::{Value, json};

use crate::run::{files, progress};
use crate::commands::crossval::Crossval;
use crate::evaluation::bias::{self, Bias, Pair, SWAPS, Shown};
use crate::evaluation::figures::{Bootstrap, Evaluation, evaluate};
use crate::report::html::{self, Page};
use crate::evaluation::{LabelledReport, Prediction, card, counterfactual, folds};
use crate::{Result, TrainerError, reports};

#[derive(clap::Args)]
pub struct Options {
    /// The model file; its rubric says what the data are labelled by.
    model: PathBuf,
    /// Labelled reports, JSONL.
    data: PathBuf,
    /// Field whose values are drawn whole for the intervals.
    #[arg(long, default_value = "writer")]
    group_by: String,
    /// Fields to give figures by, besides language, length and those that have few values.
    #[arg(long, value_delimiter = ',')]
    slice_by: Vec<String>,
    #[arg(long, default_value_t = 1000)]
    resamples: usize,
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Reports, spread over the data, in which names and genders are exchanged: each is encoded five times.
    #[arg(long, default_value_t = 200)]
    swaps: usize,
    /// A training run whose metrics.jsonl is to be pictured.
    #[arg(long)]
    run: Option<PathBuf>,
    /// A run of `crossval` whose methods are to be compared in the report.
    #[arg(long)]
    crossval: Option<PathBuf>,
    /// What the model card shall say of the data: a text, or the path of a file with it.
    #[arg(long)]
    note: Option<String>,
    /// Where report.html, evaluation.json and model-card.md go.
    #[arg(long, default_value = "work/evaluation")]
    out: PathBuf,
}

pub fn run(options: &Options) -> Result<()> {
    let file = files::read_bytes(&options.model)?;
    let assessor = Assessor::from_gguf(&file)?;
    let model = assessor.model();
    let rubric = &model.rubric;
    let reports = reports::read(&options.data, rubric)?;
    let reports: Vec<LabelledReport> = reports.into_iter().map(LabelledReport::new).collect::<Result<_>>()?;
    let (groups, _) = folds::groups(&reports, &options.group_by)?;
    let note = match &options.note {
        Some(note) if Path::new(note).is_file() => {
            Some(String::from_utf8_lossy(&files::read_bytes(Path::new(note))?).into_owned())
        }
        note => note.clone(),
    };

    let bar = progress::bar(reports.len(), "scoring reports");
    let predictions: Vec<Prediction> = reports
        .par_iter()
        .map(|report| {
            bar.inc(1);
            predict(&assessor, report)
        })
        .collect::<Result<_>>()?;
    bar.finish_and_clear();

    let bootstrap = Bootstrap { resamples: options.resamples, seed: options.seed, groups: &groups };
    let calibrations: Vec<&Calibration> = vec![&model.calibration; reports.len()];
    let evaluation = evaluate(rubric, &reports, &predictions, &calibrations, &bootstrap, &options.slice_by);
    let levels: Vec<Vec<f32>> =
        predictions.iter().map(|prediction| expected(&assessor, prediction)).collect();
    let (length, fields) = bias::by_field(&reports, &levels, &bootstrap, &options.slice_by);
    let bias = Bias {
        languages: bias::languages(&evaluation),
        length,
        fields,
        swaps: swaps(&assessor, &reports, &groups, options)?,
    };

    let name = |path: &Path| path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let facts = card::Facts {
        model,
        bytes: file.len(),
        data: &name(&options.data),
        note: note.as_deref(),
        seen: trained_on(&model.training, &name(&options.data), reports.len()),
        evaluation: &evaluation,
        bias: &bias,
    };
    let crossval: Option<Crossval> =
        options.crossval.as_ref().map(|run| files::read_json(&run.join("evaluation.json"))).transpose()?;
    let page = report(&facts, crossval.as_ref(), options)?;
    files::write_bytes(&options.out.join("report.html"), page.as_bytes())?;
    files::write_bytes(&options.out.join("model-card.md"), card::write(&facts).as_bytes())?;
    let json = json!({
        "model": { "id": model.id, "sha256": model.sha256, "bytes": file.len() },
        "data": options.data,
        "trained_on_these_data": facts.seen,
        "group_by": options.group_by,
        "calibration": model.calibration,
        "evaluation": evaluation,
        "bias": bias,
    });
    files::write_json(&options.out.join("evaluation.json"), &json)?;
    print(&evaluation, facts.seen);
    println!("{}", options.out.join("report.html").display());
    Ok(())
}

fn print(evaluation: &Evaluation, seen: bool) {
    if seen {
        println!("The model was trained on these reports: the figures are no estimate for new ones.");
    }
    for (measure, figure) in evaluation.all() {
        println!("{:>28}  {figure}", measure.name());
    }
}

/// Whether the model file says that it was made from a file of this name and number of reports.
fn trained_on(training: &Value, name: &str, reports: usize) -> bool {
    fn mentions(value: &Value, name: &str) -> bool {
        match value {
            Value::String(text) => {
                Path::new(text).file_name().is_some_and(|file| file.to_string_lossy() == name)
            }
            Value::Object(fields) => fields.values().any(|value| mentions(value, name)),
            Value::Array(values) => values.iter().any(|value| mentions(value, name)),
            _ => false,
        }
    }
    training["reports"] == reports && mentions(&training["recipe"], name)
}

fn predict(assessor: &Assessor, report: &LabelledReport) -> Result<Prediction> {
    let mut reading = assessor.begin(&report.text)?;
    reading.encode_missing(&assessor.model().encoder)?;
    let output = assessor.logits(&reading)?;
    let sentences: Vec<_> = reading.sentences().iter().map(|sentence| sentence.range.clone()).collect();
    let prediction = Prediction {
        evidence: sigmoid(&output.evidence)?.get(0)?.to_vec2()?,
        presence: sigmoid(&output.presence)?.get(0)?.to_vec1()?,
        cumulative: output.cumulative.get(0)?.to_vec2()?,
    };
    Ok(prediction.aligned(&sentences, report))
}

/// Expected level of each competency, shown or not.
fn expected(assessor: &Assessor, prediction: &Prediction) -> Vec<f32> {
    let model = assessor.model();
    let level = |logits: &Vec<f32>| {
        let temperature = model.calibration.level_temperature;
        LevelDistribution::from_cumulative_logits(logits, temperature, model.rubric.scale.min).mean()
    };
    prediction.cumulative.iter().map(level).collect()
}

/// What the widget would show.
fn shown(assessor: &Assessor, text: &str) -> Result<Shown> {
    Ok(assessor.assess(text)?.competencies.into_iter().map(|competency| competency.level).collect())
}

fn swaps(
    assessor: &Assessor,
    reports: &[LabelledReport],
    groups: &[usize],
    options: &Options,
) -> Result<Vec<bias::Swapped>> {
    let step = reports.len().div_ceil(options.swaps.max(1)).max(1);
    let chosen: Vec<usize> = match options.swaps {
        0 => Vec::new(),
        _ => (0..reports.len()).step_by(step).collect(),
    };
    if chosen.is_empty() {
        return Ok(Vec::new());
    }
    let bar = progress::bar(chosen.len() * SWAPS.len(), "exchanging names and genders");
    let mut results = Vec::new();
    for (name, from, to) in SWAPS {
        let pairs: Vec<Option<(usize, Pair)>> = chosen
            .par_iter()
            .map(|&d| {
                bar.inc(1);
                let text = &reports[d].text;
                let before = from.map_or_else(|| text.clone(), |swap| counterfactual::swap(text, swap).0);
                let (after, words) = counterfactual::swap(&before, to);
                if words == 0 {
                    return Ok(None);
                }
                Ok(Some((groups[d], (words, shown(assessor, &before)?, shown(assessor, &after)?))))
            })
            .collect::<Result<_>>()?;
        let (groups, pairs): (Vec<usize>, Vec<_>) = pairs.into_iter().flatten().unzip();
        let bootstrap = Bootstrap { resamples: options.resamples, seed: options.seed, groups: &groups };
        results.push(bias::swapped(name, &pairs, &bootstrap));
    }
    bar.finish_and_clear();
    Ok(results)
}

fn report(facts: &card::Facts, crossval: Option<&Crossval>, options: &Options) -> Result<String> {
    let mut page = Page::new(&format!("Evaluation of {}", facts.model.id));
    page.paragraph(&format!(
        "The model file ({:.1} MB, SHA-256 {}) against {}, scored by the code that runs in the browser, with the thresholds that ship.",
        facts.bytes as f64 / 1e6,
        facts.model.sha256,
        facts.data
    ));
    if facts.seen {
        page.paragraph("The model was trained on these reports: the figures are no estimate for new ones. Cross-validation is.");
    }
    if let Some(note) = facts.note {
        page.paragraph(note);
    }
    html::explain(&mut page, facts.evaluation);
    if let Some(crossval) = crossval {
        crossval.compare(&mut page)?;
    }
    html::evaluation(&mut page, facts.evaluation)?;
    html::bias(&mut page, facts.bias)?;
    if let Some(run) = &options.run {
        html::curves(&mut page, &curves(&run.join("metrics.jsonl"))?)?;
    }
    Ok(page.finish())
}

/// Numbers over steps, by name, from a run's metrics.jsonl; at most some hundred points a series.
fn curves(path: &Path) -> Result<BTreeMap<String, Vec<(f64, f64)>>> {
    const POINTS: usize = 300;
    let text = String::from_utf8_lossy(&files::read_bytes(path)?).into_owned();
    let mut series: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    for (i, line) in text.lines().enumerate() {
        // A line that a crash cut short is no object.
        let Ok(Value::Object(row)) = serde_json::from_str(line) else { continue };
        let step = row.get("step").and_then(Value::as_f64).unwrap_or(i as f64);
        for (name, value) in row.iter().filter(|(name, _)| !["step", "seconds"].contains(&name.as_str())) {
            if let Some(value) = value.as_f64() {
                series.entry(name.clone()).or_default().push((step, value));
            }
        }
    }
    if series.is_empty() {
        return Err(TrainerError::Usage(format!(
            "{} has no numbers; --run names the directory of a training run",
            path.display()
        )));
    }
    for points in series.values_mut() {
        // Means of neighbours: no peak decides what a curve looks like.
        let size = points.len().div_ceil(POINTS);
        let mean = |some: &[(f64, f64)]| {
            let n = some.len() as f64;
            (some.iter().map(|p| p.0).sum::<f64>() / n, some.iter().map(|p| p.1).sum::<f64>() / n)
        };
        *points = points.chunks(size).map(mean).collect();
    }
    Ok(series)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn training_data_are_recognised() {
        let training = json!({"reports": 3, "recipe": {"source": {"data": "data/reports/train.jsonl"}}});
        assert!(trained_on(&training, "train.jsonl", 3));
        assert!(!trained_on(&training, "test.jsonl", 3) && !trained_on(&training, "train.jsonl", 4));
    }
}
