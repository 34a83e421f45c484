//! Judges a finished model file by labelled reports, with the code that runs in the browser and the thresholds that ship.

use std::path::Path;

use rayon::prelude::*;
use salesmirror::assessment::{LevelDistribution, Reading};
use salesmirror::model::{Calibration, Prediction};
use salesmirror::text::Whose;
use salesmirror::{AssessError, Assessor};
use serde_json::Value;
use thiserror::Error;

use super::bias::{self, Bias, SWAPS, ShownLevels, SwapEffect, SwappedPair};
use super::bootstrap::Bootstrap;
use super::counterfactual;
use super::evaluate::{Evaluation, evaluate};
use super::robustness::{self, ADDITIONS, AdditionEffect, GatedLevels};
use crate::data::{LabelSpace, LabelledReport};
use crate::finetuning::{sentence_numbers, sentence_ranges, spread_over_sentences};
use crate::run::progress;

/// Why a model cannot be judged.
#[derive(Debug, Error)]
pub enum JudgeError {
    #[error("report `{id}` cannot be assessed: {source}")]
    Assess { id: String, source: AssessError },
}

/// How a model is judged.
pub struct Judging<'a> {
    /// Resamples of the reports' groups, for the intervals.
    pub bootstrap: Bootstrap<'a>,
    /// Fields to slice by besides those of [`slice_by_field`](super::slices::slice_by_field).
    pub slice_by: &'a [String],
    /// In how many reports, spread over the data, names and genders are exchanged; each is encoded five times.
    pub swaps: usize,
}

/// Judges a model by reports: every figure, and whether it treats alike what must not matter.
///
/// # Errors
/// When a report cannot be assessed.
pub fn judge_model(
    assessor: &Assessor,
    reports: &[LabelledReport],
    judging: &Judging,
) -> Result<(Evaluation, Bias), JudgeError> {
    let model = assessor.model();
    let labels = LabelSpace::from(&model.rubric);
    let Judging { bootstrap, slice_by, swaps } = judging;
    let predictions = predict_reports(assessor, reports)?;
    let calibrations: Vec<&Calibration> = vec![&model.calibration; reports.len()];
    let evaluation = evaluate(&labels, reports, &predictions, &calibrations, bootstrap, slice_by);
    let expected: Vec<Vec<f32>> = predictions
        .iter()
        .map(|prediction| expected_levels(prediction, &model.calibration, labels.lowest))
        .collect();
    let (length, fields) = bias::compare_fields(reports, &expected, bootstrap, slice_by);
    let languages = bias::compare_languages(&evaluation);
    let additions = add_to_reports(assessor, reports, *swaps)?;
    let swaps = swap_people(assessor, reports, bootstrap, *swaps)?;
    Ok((evaluation, Bias { languages, length, fields, swaps, additions }))
}

/// Whether a model file says that it was trained on a file of one of these names. `training` is what the file says about its
/// training.
pub fn is_trained_on(training: &Value, data_files: &[String]) -> bool {
    fn mentions(value: &Value, file: &str) -> bool {
        match value {
            Value::String(text) => {
                Path::new(text).file_name().is_some_and(|name| name.to_string_lossy() == file)
            }
            Value::Object(fields) => fields.values().any(|value| mentions(value, file)),
            Value::Array(values) => values.iter().any(|value| mentions(value, file)),
            _ => false,
        }
    }
    data_files.iter().any(|file| mentions(&training["recipe"], file))
}

fn assess_error(report: &LabelledReport) -> impl Fn(AssessError) -> JudgeError + '_ {
    move |source| JudgeError::Assess { id: report.id.clone(), source }
}

/// Predicts reports as the widget does, with the 4-bit weights.
///
/// # Errors
/// When a report cannot be assessed.
pub fn predict_reports(
    assessor: &Assessor,
    reports: &[LabelledReport],
) -> Result<Vec<Prediction>, JudgeError> {
    read_each(assessor, reports, |report, reading| predict(assessor, report, reading))
}

/// As [`predict_reports`], with P(sales) of the parts of each report.
///
/// # Errors
/// When a report cannot be assessed.
pub fn predict_reports_and_parts(
    assessor: &Assessor,
    reports: &[LabelledReport],
) -> Result<Vec<(Prediction, Vec<f32>)>, JudgeError> {
    read_each(assessor, reports, |report, reading| {
        let parts = assessor.predict_parts(reading).into_iter().map(|(_, sales)| sales).collect();
        Ok((predict(assessor, report, reading)?, parts))
    })
}

/// Encodes reports and predicts something of each, in their order.
fn read_each<T: Send>(
    assessor: &Assessor,
    reports: &[LabelledReport],
    predict: impl Fn(&LabelledReport, &Reading) -> Result<T, AssessError> + Sync,
) -> Result<Vec<T>, JudgeError> {
    let bar = progress::bar(reports.len(), "scoring reports");
    let read = |report: &LabelledReport| {
        let mut reading = assessor.begin(&report.text, &Whose::default(), &[])?;
        assessor.encode(&mut reading)?;
        predict(report, &reading)
    };
    let predictions = reports
        .par_iter()
        .map(|report| {
            bar.inc(1);
            read(report).map_err(assess_error(report))
        })
        .collect();
    bar.finish_and_clear();
    predictions
}

fn predict(
    assessor: &Assessor,
    report: &LabelledReport,
    reading: &Reading,
) -> Result<Prediction, AssessError> {
    let prediction = assessor.predict(reading)?;
    let numbers = sentence_numbers(&report.sentences, &sentence_ranges(reading));
    Ok(spread_over_sentences(prediction, &numbers, report.sentences.len()))
}

/// The expected level of each competency, whether the report shows it or not.
fn expected_levels(prediction: &Prediction, calibration: &Calibration, lowest: i32) -> Vec<f32> {
    let temperature = calibration.level_temperature;
    let level =
        |logits: &Vec<f32>| LevelDistribution::from_cumulative_logits(logits, temperature, lowest).mean();
    prediction.cumulative.iter().map(level).collect()
}

/// Adds to `count` of the accounts what is no evidence, and measures what changes.
fn add_to_reports(
    assessor: &Assessor,
    reports: &[LabelledReport],
    count: usize,
) -> Result<Vec<AdditionEffect>, JudgeError> {
    let accounts: Vec<&LabelledReport> = reports.iter().filter(|report| report.sales).collect();
    if count == 0 || accounts.is_empty() {
        return Ok(Vec::new());
    }
    let neutral = |report: &LabelledReport| -> Vec<&str> {
        let others =
            accounts.iter().filter(|other| other.language == report.language && other.id != report.id);
        let others =
            others.filter(|other| other.levels.iter().all(Option::is_none) && other.evidence.is_some());
        // Another beginning for each report, so that not every report gets the same sentences.
        let start = usize::from(report.id.bytes().fold(0u8, u8::wrapping_add));
        let sentences: Vec<&str> =
            others.flat_map(|other| other.sentences.iter().map(|range| &other.text[range.clone()])).collect();
        let start = start * 7 % sentences.len().max(1);
        [&sentences[start..], &sentences[..start]].concat()
    };
    let chosen: Vec<&LabelledReport> =
        accounts.iter().copied().step_by(accounts.len().div_ceil(count)).collect();
    let bar = progress::bar(chosen.len(), "adding what is no evidence");
    let assess = |report: &&LabelledReport| {
        bar.inc(1);
        let levels = |text: &str| gated_levels(assessor, text).map_err(assess_error(report));
        let (before, neutral) = (levels(&report.text)?, neutral(report));
        let after =
            ADDITIONS.iter().map(|(_, addition)| levels(&robustness::add(report, *addition, &neutral)));
        Ok((before, after.collect::<Result<Vec<GatedLevels>, JudgeError>>()?))
    };
    let assessed: Vec<(GatedLevels, Vec<GatedLevels>)> =
        chosen.par_iter().map(assess).collect::<Result<_, JudgeError>>()?;
    bar.finish_and_clear();
    let effect = |(number, (name, _)): (usize, &(&str, robustness::Addition))| {
        let pairs: Vec<(GatedLevels, GatedLevels)> =
            assessed.iter().map(|(before, after)| (before.clone(), after[number].clone())).collect();
        robustness::compare(name, &pairs)
    };
    Ok(ADDITIONS.iter().enumerate().map(effect).collect())
}

/// The levels that the widget would show, and whether it would accept the text.
fn gated_levels(assessor: &Assessor, text: &str) -> Result<GatedLevels, AssessError> {
    let assessment = assessor.assess(text)?;
    let levels = assessment.competencies.iter().map(|competency| competency.level);
    Ok(assessment.account.accepted.then(|| levels.collect()))
}

/// The levels that the widget would show.
fn shown_levels(assessor: &Assessor, text: &str) -> Result<ShownLevels, AssessError> {
    Ok(assessor.assess(text)?.competencies.into_iter().map(|competency| competency.level).collect())
}

/// Exchanges names and genders in `count` of the reports and measures what changes.
fn swap_people(
    assessor: &Assessor,
    reports: &[LabelledReport],
    bootstrap: &Bootstrap,
    count: usize,
) -> Result<Vec<SwapEffect>, JudgeError> {
    if count == 0 || reports.is_empty() {
        return Ok(Vec::new());
    }
    let chosen: Vec<usize> = (0..reports.len()).step_by(reports.len().div_ceil(count)).collect();
    let bar = progress::bar(chosen.len() * SWAPS.len(), "exchanging names and genders");
    let mut effects = Vec::new();
    for (name, from, to) in SWAPS {
        let assess = |&number: &usize| {
            bar.inc(1);
            let report = &reports[number];
            let before =
                from.map_or_else(|| report.text.clone(), |swap| counterfactual::swap(&report.text, swap).0);
            let (after, words) = counterfactual::swap(&before, to);
            if words == 0 {
                return Ok(None);
            }
            let levels = |text: &str| shown_levels(assessor, text).map_err(assess_error(report));
            let pair = SwappedPair { words, before: levels(&before)?, after: levels(&after)? };
            Ok(Some((bootstrap.groups[number], pair)))
        };
        let pairs: Vec<Option<(usize, SwappedPair)>> =
            chosen.par_iter().map(assess).collect::<Result<_, JudgeError>>()?;
        let (groups, pairs): (Vec<usize>, Vec<SwappedPair>) = pairs.into_iter().flatten().unzip();
        let bootstrap = Bootstrap { groups: &groups, ..*bootstrap };
        effects.push(bias::measure_swap(name, &pairs, &bootstrap));
    }
    bar.finish_and_clear();
    Ok(effects)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn training_data_are_recognised() {
        let training =
            json!({"recipe": {"source": {"data": ["data/reports/a.jsonl", "data/reports/b.jsonl"]}}});
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert!(is_trained_on(&training, &names(&["new.jsonl", "b.jsonl"])));
        assert!(!is_trained_on(&training, &names(&["new.jsonl"])));
    }
}
