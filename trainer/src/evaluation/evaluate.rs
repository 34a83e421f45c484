//! Judges predictions against labels: every figure with its bootstrap interval, for every slice.

use std::collections::BTreeMap;

use rayon::prelude::*;
use salesmirror::model::{Calibration, Prediction};
use serde::{Deserialize, Serialize};

use super::bootstrap::{Bootstrap, ResamplingUnit};
use super::measures::{Figure, Figures, Measure, Values, round};
use super::metrics::{Confusion, Reliability};
use super::samples::{LabelledPredictions, Sample};
use super::slices::{LANGUAGE, slice_by_field};
use crate::data::{LabelSpace, LabelledReport};

/// Everything that is said of predictions; evaluation.json has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Evaluation {
    /// Number of reports.
    pub reports: usize,
    /// Number of groups of reports.
    pub groups: usize,
    /// Number of bootstrap resamples.
    pub resamples: usize,
    /// Step of the grid on which levels are compared, see [`super::metrics::grid`].
    pub grid: f64,
    /// All reports and competencies first, then each competency, then the values of each field.
    pub slices: Vec<Slice>,
    /// One table for each competency that has levels.
    pub confusion: Vec<ConfusionTable>,
    /// By what the probabilities are about: "level", "presence" or "evidence".
    pub reliability: BTreeMap<String, Vec<ReliabilityBin>>,
    /// Values in each resample, `[resamples][slices]`: two methods are compared on the same resamples. Files do not have them.
    #[serde(skip)]
    pub resampled: Vec<Vec<Values>>,
}

/// Figures over some of the reports and competencies.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Slice {
    /// `None` pools all competencies.
    pub competency: Option<String>,
    /// Field and value that the reports share; `None` stands for all reports.
    pub of: Option<(String, String)>,
    /// Number of reports.
    pub reports: usize,
    /// What a bootstrap resample draws: whole groups, or single reports where there are too few groups.
    #[serde(rename = "resampled")]
    pub unit: ResamplingUnit,
    pub figures: Figures,
}

/// True against predicted levels of one competency, on the grid.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConfusionTable {
    pub competency: String,
    /// The levels of the grid.
    pub levels: Vec<f64>,
    /// `[true][predicted]`
    pub counts: Vec<Vec<usize>>,
}

/// A bin of a reliability diagram.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct ReliabilityBin {
    pub count: usize,
    /// Mean of the probabilities that were predicted.
    pub confidence: f64,
    /// Share that was right.
    pub right: f64,
}

impl Evaluation {
    /// The figures over all reports and competencies.
    pub fn all(&self) -> &Figures {
        &self.slices[0].figures
    }

    /// The slice of each competency over all reports, in the rubric's order.
    pub fn competencies(&self) -> impl Iterator<Item = (&str, &Slice)> + Clone {
        let whole = self.slices.iter().filter(|slice| slice.of.is_none());
        whole.filter_map(|slice| Some((slice.competency.as_deref()?, slice)))
    }

    /// The slice of each value of a field, over all competencies.
    pub fn by<'a>(&'a self, field: &'a str) -> impl Iterator<Item = (&'a str, &'a Slice)> + Clone {
        let pooled = self.slices.iter().filter(|slice| slice.competency.is_none());
        pooled.filter_map(move |slice| match &slice.of {
            Some((name, value)) if name == field => Some((value.as_str(), slice)),
            _ => None,
        })
    }

    /// The slices that a short account needs: all reports, each competency, and each language.
    pub fn main_slices(&self) -> impl Iterator<Item = &Slice> + Clone {
        self.slices.iter().filter(|slice| match &slice.of {
            None => true,
            Some((field, _)) => field == LANGUAGE && slice.competency.is_none(),
        })
    }

    /// The fields by which there are slices.
    pub fn fields(&self) -> Vec<&str> {
        let mut fields: Vec<&str> = Vec::new();
        for (field, _) in self.slices.iter().filter_map(|slice| slice.of.as_ref()) {
            if !fields.contains(&field.as_str()) {
                fields.push(field);
            }
        }
        fields
    }
}

/// The difference of a figure between two methods, with an interval over the same resamples of the same reports.
pub fn difference(ours: &Evaluation, theirs: &Evaluation, measure: Measure) -> Option<Figure> {
    let at = measure as usize;
    let value = ours.all().get(&measure)?.value - theirs.all().get(&measure)?.value;
    let pairs = ours.resampled.iter().zip(&theirs.resampled);
    Figure::new(value, pairs.map(|(ours, theirs)| ours[0][at] - theirs[0][at]))
}

/// A slice whose figures are still to be computed.
struct OpenSlice {
    competency: Option<String>,
    of: Option<(String, String)>,
    reports: usize,
    unit: ResamplingUnit,
    sample: Sample,
}

/// Judges predictions.
///
/// Predictions and calibrations are in the order of the reports; each report has a calibration of its own, so that it need not
/// have been fitted on that report. `slice_by` names fields to slice by besides those of [`slice_by_field`].
pub fn evaluate(
    labels: &LabelSpace,
    reports: &[LabelledReport],
    predictions: &[Prediction],
    calibrations: &[&Calibration],
    bootstrap: &Bootstrap,
    slice_by: &[String],
) -> Evaluation {
    let labelled = LabelledPredictions::new(labels, reports, predictions, calibrations);
    let all_reports: Vec<usize> = (0..reports.len()).collect();
    let all_competencies: Vec<usize> = (0..labels.competencies.len()).collect();
    let open = |competency: Option<usize>, of: Option<(String, String)>, members: &[usize]| OpenSlice {
        competency: competency.map(|c| labels.competencies[c].clone()),
        of,
        reports: members.len(),
        unit: bootstrap.unit(members),
        sample: match competency {
            Some(c) => labelled.sample(members, &[c]),
            None => labelled.sample(members, &all_competencies),
        },
    };
    let by_field = slice_by_field(reports, slice_by);
    let mut slices = vec![open(None, None, &all_reports)];
    for &c in &all_competencies {
        slices.push(open(Some(c), None, &all_reports));
        for slice in by_field.iter().filter(|slice| slice.field == LANGUAGE) {
            slices.push(open(Some(c), Some((slice.field.clone(), slice.value.clone())), &slice.members));
        }
    }
    for slice in by_field {
        slices.push(open(None, Some((slice.field, slice.value)), &slice.members));
    }

    let resampled: Vec<Vec<Values>> = (0..bootstrap.resamples)
        .into_par_iter()
        .map(|resample| {
            let weights = bootstrap.weights(resample);
            slices.iter().map(|slice| slice.sample.values(weights.of(slice.unit))).collect()
        })
        .collect();

    let ones = vec![1.0; reports.len()];
    let confusion = all_competencies.iter().filter_map(|&c| {
        let confusion = labelled.sample(&all_reports, &[c]).detail(&ones).confusion;
        confusion_table(&confusion, &labels.competencies[c], labels.lowest, labelled.grid)
    });
    let confusion = confusion.collect();
    let whole = slices[0].sample.detail(&ones);
    let reliability = [("level", whole.level), ("presence", whole.presence), ("evidence", whole.evidence)];
    let reliability = reliability
        .into_iter()
        .map(|(about, reliability)| (about.to_owned(), filled_bins(&reliability)))
        .filter(|(_, bins)| !bins.is_empty());
    let reliability = reliability.collect();

    let close = |(at, slice): (usize, OpenSlice)| {
        let values = slice.sample.values(&ones);
        let figure = |measure: Measure| {
            let resampled = resampled.iter().map(|slices| slices[at][measure as usize]);
            Some((measure, Figure::new(values[measure as usize], resampled)?))
        };
        let figures = Measure::ALL.into_iter().filter_map(figure).collect();
        let OpenSlice { competency, of, reports, unit, .. } = slice;
        Slice { competency, of, reports, unit, figures }
    };
    Evaluation {
        reports: reports.len(),
        groups: bootstrap.group_count(),
        resamples: bootstrap.resamples,
        grid: labelled.grid,
        slices: slices.into_iter().enumerate().map(close).collect(),
        confusion,
        reliability,
        resampled,
    }
}

/// The table of a competency; `None` where it has no levels.
fn confusion_table(
    confusion: &Confusion,
    competency: &str,
    lowest: i32,
    grid: f64,
) -> Option<ConfusionTable> {
    if confusion.counts.iter().sum::<f64>() == 0.0 {
        return None;
    }
    let levels = (0..confusion.classes).map(|class| f64::from(lowest) + class as f64 * grid);
    let row = |row: &[f64]| row.iter().map(|count| *count as usize).collect();
    Some(ConfusionTable {
        competency: competency.to_owned(),
        levels: levels.map(round).collect(),
        counts: confusion.counts.chunks(confusion.classes).map(row).collect(),
    })
}

/// The bins that hold something.
fn filled_bins(reliability: &Reliability) -> Vec<ReliabilityBin> {
    let bins = reliability.bins.iter().filter(|bin| bin[0] > 0.0);
    let bin = |[count, confidences, right]: &[f64; 3]| ReliabilityBin {
        count: *count as usize,
        confidence: round(confidences / count),
        right: round(right / count),
    };
    bins.map(bin).collect()
}

#[cfg(test)]
mod tests {
    use super::super::folds::tests::{labels, report};
    use super::*;

    /// A prediction that is sure of a level.
    fn prediction(level: f32, presence: f32) -> Prediction {
        let logits = (1..5).map(|k| if (k as f32) < level { 30.0 } else { -30.0 }).collect();
        Prediction {
            evidence: vec![vec![0.9, 0.1], vec![0.2, 0.1]],
            presence: vec![presence],
            cumulative: vec![logits],
            sales: 1.0,
        }
    }

    fn judge(reports: &[LabelledReport], predictions: &[Prediction], resamples: usize) -> Evaluation {
        let calibration = Calibration::uncalibrated(1);
        let calibrations = vec![&calibration; reports.len()];
        let groups: Vec<usize> = (0..reports.len()).map(|i| i / 2).collect();
        let bootstrap = Bootstrap { resamples, seed: 0, groups: &groups };
        evaluate(&labels(), reports, predictions, &calibrations, &bootstrap, &[])
    }

    #[test]
    fn figures_by_hand() {
        let levels = [Some(1.0), Some(4.0), None, Some(5.0)];
        let reports: Vec<LabelledReport> =
            levels.iter().enumerate().map(|(i, l)| report(&format!("{i}-1"), "en", vec![*l])).collect();
        let predictions =
            [prediction(1.0, 0.9), prediction(3.0, 0.9), prediction(2.0, 0.6), prediction(5.0, 0.2)];
        let evaluation = judge(&reports, &predictions, 50);
        let value = |measure| evaluation.all().get(&measure).map(|figure| figure.value);
        assert_eq!(value(Measure::Mae), Some(round(1.0 / 3.0)));
        assert_eq!(value(Measure::SignedError), Some(round(-1.0 / 3.0)));
        assert_eq!(value(Measure::LevelAccuracy), Some(round(2.0 / 3.0)));
        assert_eq!(value(Measure::Coverage), Some(round(2.0 / 3.0)));
        // Three reports are predicted to show the competency, and two of them do, out of three that do.
        assert_eq!(value(Measure::PresenceF1), Some(round(2.0 / 3.0)));
        assert_eq!(value(Measure::PresenceAccuracy), Some(0.5));
        // Without evidence labels there are no figures; they are not 0.
        assert_eq!(value(Measure::EvidenceAp), None);
        assert_eq!(evaluation.confusion[0].counts[3], [0, 0, 1, 0, 0]);
        assert!(!evaluation.reliability.contains_key("evidence"));
        assert!(evaluation.all()[&Measure::Kappa].low.is_some());
    }

    #[test]
    fn where_all_is_shown_presence_has_no_figures() {
        let reports: Vec<LabelledReport> =
            (0..4).map(|i| report(&format!("{i}-1"), "en", vec![Some(1.0 + i as f32 / 2.0)])).collect();
        let predictions = [1.0, 2.0, 2.0, 3.0].map(|level| prediction(level, 0.1));
        let evaluation = judge(&reports, &predictions, 0);
        assert_eq!(evaluation.grid, 0.5);
        assert_eq!(evaluation.all().get(&Measure::PresenceF1), None);
        assert_eq!(evaluation.confusion[0].levels.len(), 9);
        // Two of four levels are off by a half.
        assert_eq!(evaluation.all()[&Measure::Mae], Figure { value: 0.25, low: None, high: None });
    }

    #[test]
    fn evidence_is_judged_where_it_was_looked_for() {
        let mut reports: Vec<LabelledReport> =
            (0..3).map(|i| report(&format!("{i}-1"), "en", vec![None])).collect();
        reports[0].evidence = Some(vec![vec![true, false], vec![false, false]]);
        reports[1].evidence = Some(vec![vec![false, false], vec![true, false]]);
        let predictions = vec![prediction(3.0, 0.1); 3];
        let evaluation = judge(&reports, &predictions, 0);
        let value = |measure| evaluation.all().get(&measure).map(|figure| figure.value);
        // The scores are 0.9, 0.9, 0.2 and 0.2, and one of each pair is positive. The tag that never occurs is left out.
        assert_eq!(value(Measure::EvidenceAp), Some(0.5));
        assert_eq!(value(Measure::EvidenceChance), Some(0.5));
        assert_eq!(value(Measure::EvidenceF1), Some(0.5));
        assert_eq!(value(Measure::Kappa), None);
    }

    #[test]
    fn intervals_are_as_wide_as_the_error_of_the_mean() {
        // Signed errors of -1 and 1 for 200 groups of two equal reports: the standard error is 1/√200.
        let reports: Vec<LabelledReport> =
            (0..400).map(|i| report(&format!("{i}-1"), "en", vec![Some(3.0)])).collect();
        let predictions: Vec<Prediction> =
            (0..400).map(|i| prediction(if i / 2 % 2 == 0 { 2.0 } else { 4.0 }, 0.9)).collect();
        let evaluation = judge(&reports, &predictions, 1000);
        let Figure { value, low, high } = evaluation.all()[&Measure::SignedError];
        let width = high.unwrap() - low.unwrap();
        assert!(value.abs() < 1e-6 && (width - 2.0 * 1.96 / 200f64.sqrt()).abs() < 0.03, "{width}");
        let again = judge(&reports, &predictions, 1000);
        assert_eq!(evaluation.all(), again.all(), "the seed decides");
        assert_eq!(difference(&evaluation, &again, Measure::Mae).unwrap().value, 0.0);
    }
}
