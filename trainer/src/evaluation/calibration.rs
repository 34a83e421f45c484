//! Fits the calibration: the thresholds and the temperature, from predictions for reports that the model has not seen.
//!
//! The calibration that ships is fitted on all out-of-fold predictions ([`fit`]). Figures on these same predictions would
//! flatter it. Figures are therefore computed with [`cross_fit`], which fits the calibration of each fold on the predictions
//! for the other folds.

use salesmirror::assessment::LevelDistribution;
use salesmirror::model::{Calibration, Prediction};

use crate::data::{LabelSpace, LabelledReport};

/// Thresholds are multiples of one over this.
const STEPS: usize = 100;

/// The threshold where there is no positive label to fit one to.
const UNFITTED: f32 = 0.5;

/// Fits the thresholds to the best F1 and the temperature to the best likelihood of the levels. A competency that every report
/// shows gets a threshold of 0.
pub fn fit<'a>(
    labels: &LabelSpace,
    pairs: impl Iterator<Item = (&'a LabelledReport, &'a Prediction)> + Clone,
) -> Calibration {
    let presence_threshold = (0..labels.competencies.len())
        .map(|c| {
            if pairs.clone().all(|(report, _)| report.levels[c].is_some()) {
                return 0.0;
            }
            let scored = pairs.clone().map(|(report, p)| (p.presence[c], report.levels[c].is_some()));
            best_threshold(scored)
        })
        .collect();
    let evidence_threshold = best_threshold(pairs.clone().flat_map(|(report, prediction)| {
        let sentences = report.evidence.iter().flatten().zip(&prediction.evidence);
        sentences.flat_map(|(tags, probabilities)| probabilities.iter().copied().zip(tags.iter().copied()))
    }));
    let likelihood = |temperature: f32| {
        let mut sum = 0.0;
        for (report, prediction) in pairs.clone() {
            for (level, logits) in report.levels.iter().zip(&prediction.cumulative) {
                let Some(level) = level else { continue };
                let distribution =
                    LevelDistribution::from_cumulative_logits(logits, temperature, labels.lowest);
                let ln = |class: usize| distribution.probabilities[class].max(1e-6).ln();
                let [below, above] = labels.soft_target(*level);
                sum += f64::from(below.1 * ln(below.0) + above.1 * ln(above.0));
            }
        }
        sum
    };
    let temperatures = (6..80).map(|i| i as f32 / 20.0);
    let scored = temperatures.map(|t| (t, likelihood(t)));
    let level_temperature =
        scored.reduce(|best, next| if next.1 > best.1 { next } else { best }).map_or(1.0, |(t, _)| t);
    Calibration { presence_threshold, evidence_threshold, level_temperature }
}

/// For each fold, fits the calibration on the other folds. `fold_of` has the fold of each report.
pub fn cross_fit(
    labels: &LabelSpace,
    reports: &[LabelledReport],
    predictions: &[Prediction],
    fold_of: &[usize],
) -> Vec<Calibration> {
    let count = fold_of.iter().max().map_or(0, |last| last + 1);
    (0..count)
        .map(|fold| {
            let all = reports.iter().zip(predictions).zip(fold_of);
            fit(labels, all.filter(move |(_, other)| **other != fold).map(|(pair, _)| pair))
        })
        .collect()
}

/// The threshold with the best F1, and the middle one of several that are equally good; [`UNFITTED`] without positives.
fn best_threshold(scored: impl Iterator<Item = (f32, bool)>) -> f32 {
    // For each threshold, how many probabilities reach it: of all items, and of the positive ones.
    let mut reached = [[0usize; 2]; STEPS + 1];
    for (probability, positive) in scored {
        let step = ((probability * STEPS as f32) as usize).min(STEPS);
        reached[step][0] += 1;
        reached[step][1] += usize::from(positive);
    }
    for step in (0..STEPS).rev() {
        reached[step][0] += reached[step + 1][0];
        reached[step][1] += reached[step + 1][1];
    }
    let positives = reached[0][1];
    if positives == 0 {
        return UNFITTED;
    }
    let f1 = |step: usize| 2.0 * reached[step][1] as f64 / (reached[step][0] + positives) as f64;
    let best = (1..STEPS).map(f1).fold(0.0, f64::max);
    let good: Vec<usize> = (1..STEPS).filter(|&step| f1(step) == best).collect();
    good[good.len() / 2] as f32 / STEPS as f32
}

#[cfg(test)]
mod tests {
    use super::super::folds::tests::{labels, report};
    use super::*;

    fn prediction(presence: f32, logit: f32) -> Prediction {
        let cumulative = vec![[3.0, 1.0, -1.0, -3.0].map(|x| x + logit).to_vec()];
        Prediction { evidence: vec![vec![0.1; 2]; 2], presence: vec![presence], cumulative }
    }

    #[test]
    fn thresholds_separate_what_can_be_separated() {
        assert_eq!(best_threshold([(0.2, false), (0.4, true), (0.6, true)].into_iter()), 0.31);
        assert_eq!(best_threshold([(0.2, false)].into_iter()), UNFITTED);
    }

    #[test]
    fn what_is_always_shown_stays_shown_and_confident_errors_raise_the_temperature() {
        let reports: Vec<LabelledReport> = (0..8)
            .map(|i| report(&format!("w{i}-1"), "en", vec![Some(if i % 2 == 0 { 1.0 } else { 4.5 })]))
            .collect();
        // The predictions are always sure of the same level, which is wrong half of the time.
        let predictions = vec![prediction(0.01, 9.0); 8];
        let wide = fit(&labels(), reports.iter().zip(&predictions));
        assert_eq!((&wide.presence_threshold[..], wide.evidence_threshold), (&[0.0][..], UNFITTED));
        let right: Vec<Prediction> =
            (0..8).map(|i| prediction(0.5, if i % 2 == 0 { -4.0 } else { 3.0 })).collect();
        let narrow = fit(&labels(), reports.iter().zip(&right));
        assert!(wide.level_temperature > 2.0 && narrow.level_temperature < 1.0, "{wide:?} {narrow:?}");
    }

    #[test]
    fn a_fold_has_no_say_in_its_own_calibration() {
        let level = |i: usize| vec![i.is_multiple_of(2).then_some(3.0)];
        let reports: Vec<LabelledReport> =
            (0..8).map(|i| report(&format!("w{i}-1"), "en", level(i))).collect();
        let folds = [0, 0, 0, 0, 1, 1, 1, 1];
        let presence = |i: usize| if i < 4 { [0.9, 0.8][i % 2] } else { [0.3, 0.2][i % 2] };
        let predictions: Vec<Prediction> = (0..8).map(|i| prediction(presence(i), 0.0)).collect();
        let cross = cross_fit(&labels(), &reports, &predictions, &folds);
        assert!(cross[0].presence_threshold[0] <= 0.3 && cross[1].presence_threshold[0] > 0.8, "{cross:?}");
    }
}
