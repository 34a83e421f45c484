//! Fits the calibration: the thresholds and the temperature, from predictions for reports that the model has not seen.
//!
//! The calibration that ships is fitted on all out-of-fold predictions ([`fit`]). Figures on these same predictions would
//! flatter it. Figures are therefore computed with [`cross_fit`], which fits the calibration of each fold on the predictions
//! for the other folds.

use std::collections::BTreeMap;

use salesmirror::assessment::LevelDistribution;
use salesmirror::model::{Calibration, INTERVAL_SHARE, Prediction};

use crate::data::{LabelSpace, LabelledReport};

/// Thresholds are multiples of one over this.
const STEPS: usize = 100;

/// How much of the best F1 of presence is given up for a lower threshold. Texts of a kind that the model has not seen get lower
/// probabilities, so of nearly equal thresholds the lowest serves them best.
const PRESENCE_SLACK: f64 = 0.01;

/// Figures that differ by less are equal.
const EQUAL: f64 = 1e-12;

/// The threshold where there is no positive label to fit one to.
const UNFITTED: f32 = 0.5;

/// The precision that evidence should have at its threshold: a reader who finds most marks right goes on reading them. Real texts,
/// whose marks are the least certain, weigh so much in the calibration that it comes to more than 0.7 over all texts.
const EVIDENCE_PRECISION: f64 = 0.65;

/// The share of the accounts of sales work that the gate may refuse.
const REFUSED_ACCOUNTS: f64 = 0.015;

/// The share of the accounts of sales work that count as unlike the others, with those that the gate refuses, in multiples of
/// the share that it refuses.
const UNFAMILIAR_ACCOUNTS: f64 = 2.5;

/// The share of the accounts of sales work that the threshold of parts would refuse if they were parts, in multiples of the share
/// that the gate refuses. A part says less than a whole text, so it must be clearer before it is left out.
const REFUSED_AS_PARTS: f64 = 0.15;

/// The share of the parts of accounts that the gate may leave out. Most of them show nothing: greetings, dates, technical matters.
const REFUSED_PARTS: f64 = 0.05;

/// A labelled report with a prediction for it, and how much it counts.
#[derive(Clone, Copy)]
pub struct Weighted<'a> {
    pub report: &'a LabelledReport,
    pub prediction: &'a Prediction,
    pub weight: f64,
}

/// Returns the weight of each report, so that each source counts as a whole as much as `shares` says, however many texts it has.
/// A source that is not named does not count. Without shares all reports count the same.
pub fn weigh_sources(reports: &[LabelledReport], shares: &BTreeMap<String, f64>) -> Vec<f64> {
    if shares.is_empty() {
        return vec![1.0; reports.len()];
    }
    let source = |report: &LabelledReport| report.field("source").unwrap_or_default().to_owned();
    let mut counts: BTreeMap<String, f64> = BTreeMap::new();
    reports.iter().for_each(|report| *counts.entry(source(report)).or_default() += 1.0);
    let scale = reports.len() as f64 / shares.values().sum::<f64>();
    let weight = |report: &LabelledReport| {
        let source = source(report);
        shares.get(&source).map_or(0.0, |share| scale * share / counts[&source])
    };
    reports.iter().map(weight).collect()
}

/// Fits the presence thresholds to nearly the best F1, the evidence threshold to a precision, the temperature to the best likelihood of
/// the levels, the intervals to the share of levels that they should hold, and the gate to the share of accounts that it may
/// refuse. A competency that every report shows gets a threshold of 0.
pub fn fit<'a>(labels: &LabelSpace, all: impl Iterator<Item = Weighted<'a>> + Clone) -> Calibration {
    let accounts = all.clone().filter(|item| item.report.sales && item.report.rated);
    let presence_threshold = (0..labels.competencies.len())
        .map(|c| {
            if accounts.clone().all(|item| item.report.levels[c].is_some()) {
                return 0.0;
            }
            let good = good_thresholds(
                accounts
                    .clone()
                    .map(|item| (item.prediction.presence[c], item.report.levels[c].is_some(), item.weight)),
                0.0,
                PRESENCE_SLACK,
            );
            good[0]
        })
        .collect();
    let good = good_thresholds(
        accounts.clone().flat_map(|item| {
            let sentences = item.report.evidence.iter().flatten().zip(&item.prediction.evidence);
            sentences.flat_map(move |(tags, probabilities)| {
                probabilities
                    .iter()
                    .zip(tags)
                    .map(move |(probability, tag)| (*probability, *tag, item.weight))
            })
        }),
        EVIDENCE_PRECISION,
        EQUAL,
    );
    let evidence_threshold = good[good.len() / 2];
    let levels = accounts.clone().flat_map(|item| {
        let rated = item.report.levels.iter().zip(&item.prediction.cumulative);
        rated.filter_map(move |(level, logits)| Some(((*level)?, logits, item.weight)))
    });
    let likelihood = |temperature: f32| {
        let mut sum = 0.0;
        for (level, logits, weight) in levels.clone() {
            let distribution = LevelDistribution::from_cumulative_logits(logits, temperature, labels.lowest);
            let ln = |class: usize| distribution.probabilities[class].max(1e-6).ln();
            let [below, above] = labels.soft_target(level);
            sum += weight * f64::from(below.1 * ln(below.0) + above.1 * ln(above.0));
        }
        sum
    };
    let temperatures = (6..120).map(|i| i as f32 / 20.0);
    let scored = temperatures.map(|t| (t, likelihood(t)));
    let level_temperature =
        scored.reduce(|best, next| if next.1 > best.1 { next } else { best }).map_or(1.0, |(t, _)| t);
    let covered = |mass: f32| {
        let (mut inside, mut sum) = (0.0, 0.0);
        for (level, logits, weight) in levels.clone() {
            let distribution =
                LevelDistribution::from_cumulative_logits(logits, level_temperature, labels.lowest);
            let [low, high] = distribution.interval(mass);
            inside += if (low..=high).contains(&level) { weight } else { 0.0 };
            sum += weight;
        }
        if sum > 0.0 { inside / sum } else { 1.0 }
    };
    let mut masses = (1..STEPS).map(|step| step as f32 / STEPS as f32);
    let interval_mass = match levels.clone().next() {
        Some(_) => masses.find(|&mass| covered(mass) >= f64::from(INTERVAL_SHARE)).unwrap_or(0.99),
        None => INTERVAL_SHARE,
    };
    let texts = all.map(|item| (item.report.sales, item.prediction.sales, item.weight));
    let gate = fit_gate(texts, REFUSED_ACCOUNTS);
    gate.within(Calibration {
        presence_threshold,
        evidence_threshold,
        level_temperature,
        interval_mass,
        ..Calibration::uncalibrated(labels.competencies.len())
    })
}

/// The thresholds of the gate.
pub struct GateThresholds {
    sales: f32,
    familiar: f32,
    part: f32,
}

impl GateThresholds {
    /// Puts the thresholds in the place of those of a calibration.
    pub fn within(self, calibration: Calibration) -> Calibration {
        Calibration {
            sales_threshold: self.sales,
            familiar_threshold: self.familiar,
            part_threshold: self.part,
            ..calibration
        }
    }
}

/// Fits the thresholds of the gate to texts: whether each is an account, P(sales), and how much it counts. `share` of the accounts
/// are refused.
pub fn fit_gate(texts: impl Iterator<Item = (bool, f32, f64)> + Clone, share: f64) -> GateThresholds {
    let refusing = |share: f64| {
        if texts.clone().all(|(is_account, ..)| is_account) {
            return 0.0;
        }
        let accounts = texts.clone().filter(|(is_account, ..)| *is_account);
        quantile(accounts.map(|(_, probability, weight)| (probability, weight)), share)
    };
    GateThresholds {
        sales: refusing(share),
        familiar: refusing(UNFAMILIAR_ACCOUNTS * share),
        part: refusing(REFUSED_AS_PARTS * share),
    }
}

/// Fits the threshold of parts to P(sales) of the parts of accounts; 0 where there are none.
pub fn fit_parts(parts_of_accounts: impl Iterator<Item = f32>) -> f32 {
    quantile(parts_of_accounts.map(|probability| (probability, 1.0)), REFUSED_PARTS)
}

/// For each fold, fits the calibration on the other folds. `fold_of` has the fold of each report, and `weights` its weight.
pub fn cross_fit(
    labels: &LabelSpace,
    reports: &[LabelledReport],
    predictions: &[Prediction],
    weights: &[f64],
    fold_of: &[usize],
) -> Vec<Calibration> {
    let count = fold_of.iter().max().map_or(0, |last| last + 1);
    (0..count)
        .map(|fold| {
            let all = weighted(reports, predictions, weights).zip(fold_of);
            fit(labels, all.filter(move |(_, other)| **other != fold).map(|(item, _)| item))
        })
        .collect()
}

/// Puts reports, predictions and weights, all in the same order, side by side.
pub fn weighted<'a>(
    reports: &'a [LabelledReport],
    predictions: &'a [Prediction],
    weights: &'a [f64],
) -> impl Iterator<Item = Weighted<'a>> + Clone {
    let all = reports.iter().zip(predictions).zip(weights);
    all.map(|((report, prediction), &weight)| Weighted { report, prediction, weight })
}

/// The thresholds that reach a precision and whose F1 is at most `slack` below the best, in order. Where none reaches the precision
/// only F1 counts. Without positives there is only [`UNFITTED`].
fn good_thresholds(scored: impl Iterator<Item = (f32, bool, f64)>, precision: f64, slack: f64) -> Vec<f32> {
    // For each threshold, the weight of the items that reach it: of all items, and of the positive ones.
    let mut reached = [[0f64; 2]; STEPS + 1];
    for (probability, positive, weight) in scored {
        let step = ((probability * STEPS as f32) as usize).min(STEPS);
        reached[step][0] += weight;
        reached[step][1] += if positive { weight } else { 0.0 };
    }
    for step in (0..STEPS).rev() {
        reached[step][0] += reached[step + 1][0];
        reached[step][1] += reached[step + 1][1];
    }
    let positives = reached[0][1];
    if positives <= 0.0 {
        return vec![UNFITTED];
    }
    let f1 = |step: usize| 2.0 * reached[step][1] / (reached[step][0] + positives);
    let is_precise = |step: usize| reached[step][1] > 0.0 && reached[step][1] >= precision * reached[step][0];
    let precise: Vec<usize> = (1..STEPS).filter(|&step| is_precise(step)).collect();
    let candidates = if precise.is_empty() { (1..STEPS).collect() } else { precise };
    let best = candidates.iter().map(|&step| f1(step)).fold(0.0, f64::max);
    let good = candidates.into_iter().filter(|&step| f1(step) >= best - slack);
    good.map(|step| step as f32 / STEPS as f32).collect()
}

/// The value below which a share of the weight lies; 0 where there are no values.
fn quantile(weighted: impl Iterator<Item = (f32, f64)>, share: f64) -> f32 {
    let mut sorted: Vec<(f32, f64)> = weighted.collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all: f64 = sorted.iter().map(|(_, weight)| weight).sum();
    let mut below = 0.0;
    for (value, weight) in sorted {
        below += weight;
        if below > share * all {
            return value;
        }
    }
    0.0
}

#[cfg(test)]
mod tests {
    use super::super::folds::tests::{labels, report};
    use super::*;

    fn prediction(presence: f32, logit: f32) -> Prediction {
        let cumulative = vec![[3.0, 1.0, -1.0, -3.0].map(|x| x + logit).to_vec()];
        Prediction { evidence: vec![vec![0.1; 2]; 2], presence: vec![presence], cumulative, sales: 1.0 }
    }

    #[test]
    fn thresholds_separate_what_can_be_separated() {
        let scored = [(0.2, false, 1.0), (0.4, true, 1.0), (0.6, true, 1.0)];
        let good = good_thresholds(scored.into_iter(), 0.0, EQUAL);
        assert_eq!((good[0], good[good.len() - 1]), (0.21, 0.4));
        assert_eq!(good_thresholds([(0.2, false, 1.0)].into_iter(), 0.0, EQUAL), [UNFITTED]);
    }

    #[test]
    fn a_little_f1_is_given_up_for_a_lower_threshold() {
        // At 0.5 all is right; at 0.3 one of 201 that are shown is wrong.
        let shown = (0..200).map(|_| (0.6, true, 1.0));
        let scored = shown.chain([(0.4, false, 1.0), (0.2, false, 9.0)]);
        assert_eq!(good_thresholds(scored.clone(), 0.0, EQUAL)[0], 0.41);
        assert_eq!(good_thresholds(scored, 0.0, 0.01)[0], 0.21);
    }

    #[test]
    fn what_is_always_shown_stays_shown_and_confident_errors_raise_the_temperature() {
        let reports: Vec<LabelledReport> = (0..8)
            .map(|i| report(&format!("w{i}-1"), "en", vec![Some(if i % 2 == 0 { 1.0 } else { 4.5 })]))
            .collect();
        // The predictions are always sure of the same level, which is wrong half of the time.
        let predictions = vec![prediction(0.01, 9.0); 8];
        let wide = fit(&labels(), weighted(&reports, &predictions, &[1.0; 8]));
        assert_eq!((&wide.presence_threshold[..], wide.evidence_threshold), (&[0.0][..], UNFITTED));
        let right: Vec<Prediction> =
            (0..8).map(|i| prediction(0.5, if i % 2 == 0 { -4.0 } else { 3.0 })).collect();
        let narrow = fit(&labels(), weighted(&reports, &right, &[1.0; 8]));
        assert!(wide.level_temperature > 2.0 && narrow.level_temperature < 1.0, "{wide:?} {narrow:?}");
    }

    #[test]
    fn one_part_of_an_account_in_twenty_may_be_left_out() {
        assert_eq!(fit_parts((0..100).map(|i| i as f32)), 5.0);
        assert_eq!(fit_parts(std::iter::empty()), 0.0);
    }

    #[test]
    fn a_fold_has_no_say_in_its_own_calibration() {
        let level = |i: usize| vec![i.is_multiple_of(2).then_some(3.0)];
        let reports: Vec<LabelledReport> =
            (0..8).map(|i| report(&format!("w{i}-1"), "en", level(i))).collect();
        let folds = [0, 0, 0, 0, 1, 1, 1, 1];
        let presence = |i: usize| if i < 4 { [0.9, 0.8][i % 2] } else { [0.3, 0.2][i % 2] };
        let predictions: Vec<Prediction> = (0..8).map(|i| prediction(presence(i), 0.0)).collect();
        let cross = cross_fit(&labels(), &reports, &predictions, &[1.0; 8], &folds);
        assert!(cross[0].presence_threshold[0] <= 0.3 && cross[1].presence_threshold[0] > 0.8, "{cross:?}");
    }
}
