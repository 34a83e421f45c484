//! `trainer crossval`: what the heads are worth on writers they have not seen, and the calibration that follows.

use std::collections::BTreeMap;
use std::path::PathBuf;

use candle_core::{DType, Device, Tensor};
use candle_nn::ops::sigmoid;
use rayon::prelude::*;
use salesmirror::Rubric;
use salesmirror::assessment::{INTERVAL_SHARE, LevelDistribution};
use salesmirror::model::Calibration;
use serde::Serialize;

use crate::features::{self, Example, Source};
use crate::fit::{self, Recipe};
use crate::metrics::{average_precision, correlation, f1, mean_absolute_error, quadratic_weighted_kappa};
use crate::{Result, TrainerError};

#[derive(clap::Args, Serialize)]
pub struct Options {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    recipe: Recipe,
    #[arg(long, default_value_t = 5)]
    folds: usize,
    /// Run directory: config.json, metrics.json, calibration.json.
    #[arg(long, default_value = "work/crossval")]
    run: PathBuf,
}

/// What heads that have not seen a report say of it.
struct Prediction {
    /// [sentences][2 · competencies], probabilities.
    evidence: Vec<Vec<f32>>,
    /// Per competency, probability.
    presence: Vec<f32>,
    /// [competencies][levels - 1], logits.
    cumulative: Vec<Vec<f32>>,
}

pub fn run(options: &Options) -> Result<()> {
    crate::write_json(&options.run.join("config.json"), options)?;
    let (rubric, examples) = features::load(&options.source)?;
    let folds = fold_by_writer(&examples, options.folds)?;
    let predictions = predict_out_of_fold(&rubric, &examples, &folds, options)?;
    let calibration = calibrate(&rubric, &examples, &predictions);
    let table = Table::new(&rubric, &examples, &predictions, &calibration);
    println!("{table}");
    crate::write_json(&options.run.join("metrics.json"), &table)?;
    crate::write_json(&options.run.join("calibration.json"), &calibration)
}

/// The fold of each report: all of a writer in one, languages spread evenly.
fn fold_by_writer(examples: &[Example], folds: usize) -> Result<Vec<usize>> {
    let mut writers: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for example in examples {
        let count = writers.entry(&example.writer).or_default();
        count.0 += 1;
        count.1 += usize::from(example.language == "zh");
    }
    if folds < 2 || writers.len() < folds {
        return Err(TrainerError::Usage(format!(
            "{} writers cannot fill {folds} folds; choose --folds between 2 and the number of writers",
            writers.len()
        )));
    }
    let mut order: Vec<(&str, f32)> =
        writers.iter().map(|(writer, (all, zh))| (*writer, *zh as f32 / *all as f32)).collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(b.0)));
    let fold: BTreeMap<&str, usize> =
        order.iter().enumerate().map(|(i, (writer, _))| (*writer, i % folds)).collect();
    Ok(examples.iter().map(|e| fold[e.writer.as_str()]).collect())
}

fn predict_out_of_fold(
    rubric: &Rubric,
    examples: &[Example],
    folds: &[usize],
    options: &Options,
) -> Result<Vec<Prediction>> {
    let steps = options.recipe.epochs * examples.len() * (options.folds - 1) / options.recipe.batch;
    let bar = crate::progress(steps, "training folds");
    let scale = (rubric.scale.min, rubric.levels());
    let by_fold = (0..options.folds)
        .into_par_iter()
        .map(|fold| {
            let train: Vec<&Example> =
                examples.iter().zip(folds).filter(|(_, f)| **f != fold).map(|(e, _)| e).collect();
            let step = &mut |_| bar.inc(1);
            let fitted = fit::fit(&train, rubric.competencies.len(), scale, &options.recipe, step)?;
            let heads = fitted.heads()?;
            let held_out = examples.iter().enumerate().filter(|(i, _)| folds[*i] == fold);
            held_out
                .map(|(i, example)| {
                    let sentences = example.vectors.unsqueeze(0)?;
                    let mask = Tensor::ones((1, example.evidence.len()), DType::F32, &Device::Cpu)?;
                    let output = heads.forward(&sentences, &mask, &mut Ok)?;
                    Ok((
                        i,
                        Prediction {
                            evidence: sigmoid(&output.evidence)?.get(0)?.to_vec2()?,
                            presence: sigmoid(&output.presence)?.get(0)?.to_vec1()?,
                            cumulative: output.cumulative.get(0)?.to_vec2()?,
                        },
                    ))
                })
                .collect::<Result<Vec<_>>>()
        })
        .collect::<Result<Vec<_>>>()?;
    let mut all: Vec<(usize, Prediction)> = by_fold.into_iter().flatten().collect();
    all.sort_by_key(|(i, _)| *i);
    Ok(all.into_iter().map(|(_, prediction)| prediction).collect())
}

/// Thresholds of the best F1 and the temperature of the best likelihood, on predictions for unseen writers.
fn calibrate(rubric: &Rubric, examples: &[Example], predictions: &[Prediction]) -> Calibration {
    let percent = || (1..100).map(|i| i as f32 / 100.0);
    let presence_threshold = (0..rubric.competencies.len())
        .map(|c| {
            let truth = || examples.iter().map(|e| e.levels[c].is_some());
            best(percent(), |t| f1(predictions.iter().map(|p| p.presence[c] >= t), truth()))
        })
        .collect();
    let evidence: Vec<f32> = predictions.iter().flat_map(|p| p.evidence.iter().flatten().copied()).collect();
    let truth = || examples.iter().flat_map(|e| e.evidence.iter().flatten().copied());
    let evidence_threshold = best(percent(), |t| f1(evidence.iter().map(|p| *p >= t), truth()));
    let min = rubric.scale.min;
    let level_temperature = best((5..40).map(|i| i as f32 / 10.0), |temperature| {
        let mut likelihood = 0.0;
        for (example, prediction) in examples.iter().zip(predictions) {
            for (level, logits) in example.levels.iter().zip(&prediction.cumulative) {
                let Some(level) = level else { continue };
                let d = LevelDistribution::from_cumulative_logits(logits, temperature, min);
                likelihood += d.probabilities[(level.round() as i32 - min) as usize].max(1e-6).ln();
            }
        }
        likelihood
    });
    Calibration { presence_threshold, evidence_threshold, level_temperature }
}

fn best(candidates: impl Iterator<Item = f32>, score: impl Fn(f32) -> f32) -> f32 {
    let scored = candidates.map(|c| (c, score(c)));
    scored.max_by(|a, b| a.1.total_cmp(&b.1)).map_or(1.0, |(c, _)| c)
}

/// Figures of one slice of the reports.
#[derive(Serialize)]
struct Figures {
    slice: String,
    reports: usize,
    /// Mean over the tags that occur.
    evidence_ap: f32,
    /// The same for random scores: the mean share of positive sentences.
    evidence_chance: f32,
    /// At the calibrated threshold, over sentences and tags.
    evidence_f1: f32,
    presence_f1: f32,
    kappa: f32,
    mae: f32,
    r: f32,
    /// Share of levels inside their interval, which aims at [`INTERVAL_SHARE`].
    interval_coverage: f32,
}

#[derive(Serialize)]
struct Table {
    rows: Vec<Figures>,
}

impl Table {
    fn new(
        rubric: &Rubric,
        examples: &[Example],
        predictions: &[Prediction],
        calibration: &Calibration,
    ) -> Self {
        let all: Vec<(&Example, &Prediction)> = examples.iter().zip(predictions).collect();
        let every: Vec<usize> = (0..rubric.competencies.len()).collect();
        let figures = |slice: &str, pairs: &[(&Example, &Prediction)], competencies: &[usize]| {
            figures(slice, pairs, competencies, rubric.scale.min, calibration)
        };
        let mut rows = Vec::new();
        let mut languages: Vec<&str> = examples.iter().map(|e| e.language.as_str()).collect();
        languages.sort_unstable();
        languages.dedup();
        let of = |language: &str| -> Vec<(&Example, &Prediction)> {
            all.iter().filter(|(e, _)| e.language == language).copied().collect()
        };
        for (c, competency) in rubric.competencies.iter().enumerate() {
            rows.push(figures(&competency.id, &all, &[c]));
            for language in &languages {
                rows.push(figures(&format!("  {language}"), &of(language), &[c]));
            }
        }
        for language in &languages {
            rows.push(figures(&format!("all {language}"), &of(language), &every));
        }
        rows.push(figures("all", &all, &every));
        Self { rows }
    }
}

fn figures(
    slice: &str,
    pairs: &[(&Example, &Prediction)],
    competencies: &[usize],
    min: i32,
    calibration: &Calibration,
) -> Figures {
    let (mut aps, mut chances) = (Vec::new(), Vec::new());
    let (mut evidence, mut evidence_truth) = (Vec::new(), Vec::new());
    let (mut presence, mut presence_truth) = (Vec::new(), Vec::new());
    let (mut levels, mut level_truth, mut covered) = (Vec::new(), Vec::new(), 0usize);
    for &c in competencies {
        for tag in [2 * c, 2 * c + 1] {
            let scores: Vec<f32> =
                pairs.iter().flat_map(|(_, p)| p.evidence.iter().map(|e| e[tag])).collect();
            let truth: Vec<bool> =
                pairs.iter().flat_map(|(e, _)| e.evidence.iter().map(|e| e[tag])).collect();
            if let Some(ap) = average_precision(&scores, &truth) {
                aps.push(ap);
                chances.push(truth.iter().filter(|t| **t).count() as f32 / truth.len() as f32);
            }
            evidence.extend(scores.iter().map(|s| *s >= calibration.evidence_threshold));
            evidence_truth.extend(truth);
        }
        for (example, prediction) in pairs {
            presence.push(prediction.presence[c] >= calibration.presence_threshold[c]);
            presence_truth.push(example.levels[c].is_some());
            if let Some(level) = example.levels[c] {
                let d = LevelDistribution::from_cumulative_logits(
                    &prediction.cumulative[c],
                    calibration.level_temperature,
                    min,
                );
                let [low, high] = d.interval();
                covered += usize::from(low <= level && level <= high);
                levels.push(d.mean());
                level_truth.push(level);
            }
        }
    }
    let round = |v: &[f32]| v.iter().map(|x| x.round() as i32).collect::<Vec<_>>();
    let mean = |v: &[f32]| v.iter().sum::<f32>() / v.len().max(1) as f32;
    Figures {
        slice: slice.to_owned(),
        reports: pairs.len(),
        evidence_ap: mean(&aps),
        evidence_chance: mean(&chances),
        evidence_f1: f1(evidence, evidence_truth),
        presence_f1: f1(presence, presence_truth),
        kappa: quadratic_weighted_kappa(&round(&levels), &round(&level_truth)),
        mae: mean_absolute_error(&levels, &level_truth),
        r: correlation(&levels, &level_truth),
        interval_coverage: covered as f32 / levels.len().max(1) as f32,
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let share = INTERVAL_SHARE * 100.0;
        writeln!(
            f,
            "| slice | reports | evidence AP (chance) | evidence F1 | presence F1 | kappa | MAE | r | in {share} % interval |"
        )?;
        writeln!(f, "|---|---:|---:|---:|---:|---:|---:|---:|---:|")?;
        for row in &self.rows {
            writeln!(
                f,
                "| {} | {} | {:.3} ({:.3}) | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} |",
                row.slice,
                row.reports,
                row.evidence_ap,
                row.evidence_chance,
                row.evidence_f1,
                row.presence_f1,
                row.kappa,
                row.mae,
                row.r,
                row.interval_coverage
            )?;
        }
        Ok(())
    }
}
