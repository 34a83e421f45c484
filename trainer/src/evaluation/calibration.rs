//! Thresholds and temperature, fitted on predictions for reports that the model has not seen.
//!
//! The calibration that ships is fitted on all out-of-fold predictions ([`fit`]). Figures on the same predictions would flatter it, so
//! tables use [`cross_fit`]: for each fold it is fitted on the predictions for the other folds.

use salesmirror::Rubric;
use salesmirror::assessment::LevelDistribution;
use salesmirror::model::Calibration;

use salesmirror::model::Prediction;

use crate::data::{LabelSpace, LabelledReport};

/// Thresholds are looked for in steps of one over this.
const STEPS: usize = 100;

/// Where nothing is labelled there is nothing to fit a threshold on.
const UNFITTED: f32 = 0.5;

/// Thresholds of the best F1 and the temperature of the best likelihood. A competency that every report shows is always
/// shown.
pub fn fit<'a>(
    rubric: &Rubric,
    pairs: impl Iterator<Item = (&'a LabelledReport, &'a Prediction)> + Clone,
) -> Calibration {
    let presence_threshold = (0..rubric.competencies.len())
        .map(|c| {
            if pairs.clone().all(|(report, _)| report.levels[c].is_some()) {
                return 0.0;
            }
            best_threshold(pairs.clone().map(|(d, p)| (p.presence[c], d.levels[c].is_some())))
        })
        .collect();
    let evidence_threshold = best_threshold(pairs.clone().flat_map(|(report, prediction)| {
        let labels = report.evidence.iter().flatten().zip(&prediction.evidence);
        labels.flat_map(|(labels, row)| row.iter().copied().zip(labels.iter().copied()))
    }));
    let labels = LabelSpace::from(rubric);
    let likelihood = |temperature: f32| {
        let mut sum = 0.0;
        for (report, prediction) in pairs.clone() {
            for (level, logits) in report.levels.iter().zip(&prediction.cumulative) {
                let Some(level) = level else { continue };
                let d = LevelDistribution::from_cumulative_logits(logits, temperature, labels.lowest);
                let ln = |class: usize| d.probabilities[class].max(1e-6).ln();
                let target = labels.soft_target(*level);
                sum += f64::from(target[0].1 * ln(target[0].0) + target[1].1 * ln(target[1].0));
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

/// For each fold the calibration fitted on the other folds.
pub fn cross_fit(
    rubric: &Rubric,
    reports: &[LabelledReport],
    predictions: &[Prediction],
    folds: &[usize],
) -> Vec<Calibration> {
    let count = folds.iter().max().map_or(0, |last| last + 1);
    (0..count)
        .map(|fold| {
            let all = reports.iter().zip(predictions).zip(folds);
            fit(rubric, all.filter(move |(_, f)| **f != fold).map(|(pair, _)| pair))
        })
        .collect()
}

/// The threshold of the best F1, the middle one where several are equally good; [`UNFITTED`] without positives.
fn best_threshold(scored: impl Iterator<Item = (f32, bool)>) -> f32 {
    // Of how many the probability reaches each threshold: all, positive.
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
    use super::super::folds::tests::report;
    use super::*;

    fn rubric(competencies: usize) -> Rubric {
        let mut rubric = Rubric::from_json(include_str!("../../../../data/rubric.json")).unwrap();
        rubric.competencies.truncate(competencies);
        rubric
    }

    fn prediction(presence: f32, logit: f32) -> Prediction {
        let cumulative = vec![[3.0, 1.0, -1.0, -3.0].map(|x| x + logit).to_vec()];
        Prediction { evidence: vec![vec![0.1; 2]; 2], presence: vec![presence], cumulative }
    }

    #[test]
    fn thresholds_part_what_can_be_parted() {
        assert_eq!(best_threshold([(0.2, false), (0.4, true), (0.6, true)].into_iter()), 0.31);
        assert_eq!(best_threshold([(0.2, false)].into_iter()), UNFITTED);
    }

    #[test]
    fn what_is_always_shown_stays_shown_and_sure_errors_are_cooled_down() {
        let reports: Vec<LabelledReport> = (0..8)
            .map(|i| report(&format!("w{i}-1"), "en", vec![Some(if i % 2 == 0 { 1.0 } else { 4.5 })]))
            .collect();
        // Always sure of the same level: wrong half of the time.
        let predictions = vec![prediction(0.01, 9.0); 8];
        let wide = fit(&rubric(1), reports.iter().zip(&predictions));
        assert_eq!((&wide.presence_threshold[..], wide.evidence_threshold), (&[0.0][..], UNFITTED));
        let right: Vec<Prediction> =
            (0..8).map(|i| prediction(0.5, if i % 2 == 0 { -4.0 } else { 3.0 })).collect();
        let narrow = fit(&rubric(1), reports.iter().zip(&right));
        assert!(wide.level_temperature > 2.0 && narrow.level_temperature < 1.0, "{wide:?} {narrow:?}");
    }

    #[test]
    fn a_fold_has_no_say_in_its_own_calibration() {
        let level = |i: usize| vec![i.is_multiple_of(2).then_some(3.0)];
        let reports: Vec<LabelledReport> = (0..8).map(|i| report(&format!("w{i}-1"), "en", level(i))).collect();
        let folds = [0, 0, 0, 0, 1, 1, 1, 1];
        let presence = |i: usize| if i < 4 { [0.9, 0.8][i % 2] } else { [0.3, 0.2][i % 2] };
        let predictions: Vec<Prediction> = (0..8).map(|i| prediction(presence(i), 0.0)).collect();
        let cross = cross_fit(&rubric(1), &reports, &predictions, &folds);
        assert!(cross[0].presence_threshold[0] <= 0.3 && cross[1].presence_threshold[0] > 0.8, "{cross:?}");
    }
}
