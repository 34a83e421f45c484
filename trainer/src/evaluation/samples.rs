//! Predictions beside labels, and the values of every measure over some of them under any weights.

use salesmirror::assessment::LevelDistribution;
use salesmirror::model::{Calibration, Prediction};

use super::measures::{Measure, Values};
use super::metrics::{Confusion, Counts, Ranked, Ranking, Reliability, grid, mean, pearson, spearman};
use crate::data::{LabelSpace, LabelledReport};

/// Predictions for reports, with the labels and the calibrations that they are judged by.
pub struct LabelledPredictions<'a> {
    labels: &'a LabelSpace,
    reports: &'a [LabelledReport],
    predictions: &'a [Prediction],
    /// The calibration of each report.
    calibrations: &'a [&'a Calibration],
    /// Step of the levels' grid, see [`grid`].
    pub grid: f64,
    /// For each competency, whether some reports show it and others do not.
    varies: Vec<bool>,
    /// For each tag, whether some sentence has it.
    occurs: Vec<bool>,
}

/// A level that a report has, and what was predicted for it.
struct Level {
    /// Number of the report.
    report: usize,
    truth: f64,
    /// The expected level.
    mean: f64,
    /// Classes on the grid.
    true_class: usize,
    class: usize,
    /// Probability of the most likely level.
    confidence: f64,
    /// How far the most likely level is right, 0 to 1.
    right: f64,
    /// Whether the truth is inside the interval.
    covered: bool,
}

/// Whether a report shows a competency, and what was predicted for it.
struct Presence {
    /// Number of the report.
    report: usize,
    /// Number of the competency in the sample.
    competency: usize,
    probability: f64,
    predicted: bool,
    actual: bool,
}

/// Whether a text is an account of sales work, and whether it was taken for one.
struct Gate {
    /// Number of the report.
    report: usize,
    is_account: bool,
    accepted: bool,
}

/// Some reports and competencies, prepared so that measures under other weights are cheap.
pub struct Sample {
    /// How many levels the grid has.
    classes: usize,
    levels: Vec<Level>,
    means: Vec<f64>,
    truths: Vec<f64>,
    by_mean: Ranking,
    by_truth: Ranking,
    presence: Vec<Presence>,
    gate: Vec<Gate>,
    /// How many competencies the sample has.
    competencies: usize,
    /// The sentences by their probability of each tag that occurs.
    ranked: Vec<Ranked>,
    /// Number of the report, number of the tag in the sample, and the report's sentences.
    evidence: Vec<(usize, usize, Counts)>,
    /// Number of the report, and its sentences and tags.
    evidence_reliability: Vec<(usize, Reliability)>,
}

/// What plots show besides the values of measures.
pub struct Detail {
    pub confusion: Confusion,
    pub level: Reliability,
    pub presence: Reliability,
    pub evidence: Reliability,
}

impl<'a> LabelledPredictions<'a> {
    /// Predictions and calibrations are in the order of the reports.
    pub fn new(
        labels: &'a LabelSpace,
        reports: &'a [LabelledReport],
        predictions: &'a [Prediction],
        calibrations: &'a [&'a Calibration],
    ) -> Self {
        let varies = (0..labels.competencies.len()).map(|c| {
            let shown = reports.iter().filter(|report| report.levels[c].is_some()).count();
            shown > 0 && shown < reports.len()
        });
        let mut occurs = vec![false; labels.evidence_outputs()];
        for tags in reports.iter().flat_map(|report| report.evidence.iter().flatten()) {
            occurs.iter_mut().zip(tags).for_each(|(occurs, tag)| *occurs |= tag);
        }
        let levels = reports.iter().flat_map(|report| report.levels.iter().flatten().copied());
        Self {
            labels,
            reports,
            predictions,
            calibrations,
            grid: grid(levels),
            varies: varies.collect(),
            occurs,
        }
    }

    /// The true and predicted level of a report and a competency; `None` where the report has none.
    fn level(&self, report: usize, competency: usize) -> Option<Level> {
        let truth = self.reports[report].levels[competency]?;
        let lowest = self.labels.lowest;
        let calibration = self.calibrations[report];
        let temperature = calibration.level_temperature;
        let logits = &self.predictions[report].cumulative[competency];
        let distribution = LevelDistribution::from_cumulative_logits(logits, temperature, lowest);
        let [low, high] = distribution.interval(calibration.interval_mass);
        let mode = distribution.mode();
        let class = |level: f32| (f64::from(level - lowest as f32) / self.grid).round() as usize;
        let mean = distribution.mean();
        Some(Level {
            report,
            truth: f64::from(truth),
            mean: f64::from(mean),
            true_class: class(truth),
            class: class(mean),
            confidence: f64::from(distribution.probabilities[(mode - lowest) as usize]),
            // A truth between two levels counts for each by its share.
            right: f64::from((1.0 - (mode as f32 - truth).abs()).max(0.0)),
            covered: low <= truth && truth <= high,
        })
    }

    /// Prepares some reports and competencies, given by their numbers.
    pub fn sample(&self, members: &[usize], competencies: &[usize]) -> Sample {
        let mut levels = Vec::new();
        let mut presence = Vec::new();
        let mut gate = Vec::new();
        let mut evidence = Vec::new();
        let mut evidence_reliability = Vec::new();
        let tags = competencies.iter().flat_map(|c| [2 * c, 2 * c + 1]);
        let tags: Vec<usize> = tags.filter(|&tag| self.occurs[tag]).collect();
        let mut scored: Vec<Vec<(f32, bool, u32)>> = vec![Vec::new(); tags.len()];
        for &report in members {
            let labels = &self.reports[report];
            let (prediction, calibration) = (&self.predictions[report], self.calibrations[report]);
            let accepted = prediction.sales >= calibration.sales_threshold;
            gate.push(Gate { report, is_account: labels.sales, accepted });
            if !labels.rated {
                continue;
            }
            for (competency, &c) in competencies.iter().enumerate() {
                levels.extend(self.level(report, c));
                if self.varies[c] {
                    let probability = prediction.presence[c];
                    presence.push(Presence {
                        report,
                        competency,
                        probability: f64::from(probability),
                        predicted: accepted && probability >= calibration.presence_threshold[c],
                        actual: labels.levels[c].is_some(),
                    });
                }
            }
            let Some(sentences) = &labels.evidence else { continue };
            let mut counts = vec![Counts::default(); tags.len()];
            let mut reliability = Reliability::default();
            for (actual, probabilities) in sentences.iter().zip(&prediction.evidence) {
                for (number, &tag) in tags.iter().enumerate() {
                    let (probability, actual) = (probabilities[tag], actual[tag]);
                    let found = accepted && probability >= calibration.evidence_threshold;
                    counts[number].add(found, actual, 1.0);
                    reliability.add(f64::from(probability), f64::from(actual), 1.0);
                    scored[number].push((probability, actual, report as u32));
                }
            }
            evidence.extend(counts.into_iter().enumerate().map(|(number, counts)| (report, number, counts)));
            if !tags.is_empty() {
                evidence_reliability.push((report, reliability));
            }
        }
        let means: Vec<f64> = levels.iter().map(|level| level.mean).collect();
        let truths: Vec<f64> = levels.iter().map(|level| level.truth).collect();
        Sample {
            classes: ((self.labels.levels - 1) as f64 / self.grid).round() as usize + 1,
            by_mean: Ranking::new(&means),
            by_truth: Ranking::new(&truths),
            means,
            truths,
            levels,
            presence,
            gate,
            competencies: competencies.len(),
            ranked: scored.into_iter().map(Ranked::new).collect(),
            evidence,
            evidence_reliability,
        }
    }
}

impl Sample {
    /// Confusion and reliability; `weights` has the weight of every report, `[reports]`.
    pub fn detail(&self, weights: &[f64]) -> Detail {
        let mut detail = Detail {
            confusion: Confusion::new(self.classes),
            level: Reliability::default(),
            presence: Reliability::default(),
            evidence: Reliability::default(),
        };
        for level in &self.levels {
            let weight = weights[level.report];
            detail.confusion.add(level.true_class, level.class, weight);
            detail.level.add(level.confidence, level.right, weight);
        }
        for presence in &self.presence {
            detail.presence.add(presence.probability, f64::from(presence.actual), weights[presence.report]);
        }
        for (report, reliability) in &self.evidence_reliability {
            detail.evidence.merge(reliability, weights[*report]);
        }
        detail
    }

    /// The value of every measure; `weights` has the weight of every report, `[reports]`.
    pub fn values(&self, weights: &[f64]) -> Values {
        let Detail { confusion, level, presence, evidence } = self.detail(weights);
        let level_weights: Vec<f64> = self.levels.iter().map(|level| weights[level.report]).collect();
        let mean_level = |value: fn(&Level) -> f64| {
            let all: f64 = level_weights.iter().sum();
            let sum: f64 = self.levels.iter().zip(&level_weights).map(|(level, w)| value(level) * w).sum();
            (all > 0.0).then(|| sum / all)
        };
        let classes = confusion.classes();

        let mut shown = Counts::default();
        let mut shown_each = vec![Counts::default(); self.competencies];
        for presence in &self.presence {
            let counts = &mut shown_each[presence.competency];
            counts.add(presence.predicted, presence.actual, weights[presence.report]);
        }
        shown_each.iter().for_each(|counts| shown.merge(counts, 1.0));

        let mut found = Counts::default();
        let mut found_each = vec![Counts::default(); self.ranked.len()];
        for (report, tag, counts) in &self.evidence {
            found_each[*tag].merge(counts, weights[*report]);
        }
        found_each.iter().for_each(|counts| found.merge(counts, 1.0));

        let refused = |accounts: bool| {
            let texts = self.gate.iter().filter(|text| text.is_account == accounts);
            let all: f64 = texts.clone().map(|text| weights[text.report]).sum();
            let refused: f64 = texts.filter(|text| !text.accepted).map(|text| weights[text.report]).sum();
            (all > 0.0).then(|| refused / all)
        };
        let value = |measure: Measure| match measure {
            Measure::Kappa => confusion.quadratic_kappa(),
            Measure::Mae => mean_level(|level| (level.mean - level.truth).abs()),
            Measure::SignedError => mean_level(|level| level.mean - level.truth),
            Measure::Spearman => spearman(&self.by_mean, &self.by_truth, &level_weights),
            Measure::Pearson => pearson(&self.means, &self.truths, &level_weights),
            Measure::LevelAccuracy => confusion.accuracy(),
            Measure::LevelPrecisionMacro => mean(classes.iter().map(Counts::precision)),
            Measure::LevelRecallMacro => mean(classes.iter().map(Counts::recall)),
            Measure::LevelF1Macro => mean(classes.iter().map(Counts::f1)),
            Measure::LevelEce => level.error(),
            Measure::Coverage => mean_level(|level| f64::from(level.covered)),
            Measure::PresenceAccuracy => shown.accuracy(),
            Measure::PresencePrecision => shown.precision(),
            Measure::PresenceRecall => shown.recall(),
            Measure::PresenceF1 => shown.f1(),
            Measure::PresencePrecisionMacro => mean(shown_each.iter().map(Counts::precision)),
            Measure::PresenceRecallMacro => mean(shown_each.iter().map(Counts::recall)),
            Measure::PresenceF1Macro => mean(shown_each.iter().map(Counts::f1)),
            Measure::PresenceEce => presence.error(),
            Measure::EvidenceAp => mean(self.ranked.iter().map(|r| r.average_precision(weights))),
            Measure::EvidenceChance => mean(self.ranked.iter().map(|r| r.chance(weights))),
            Measure::EvidencePrecision => found.precision(),
            Measure::EvidenceRecall => found.recall(),
            Measure::EvidenceF1 => found.f1(),
            Measure::EvidencePrecisionMacro => mean(found_each.iter().map(Counts::precision)),
            Measure::EvidenceRecallMacro => mean(found_each.iter().map(Counts::recall)),
            Measure::EvidenceF1Macro => mean(found_each.iter().map(Counts::f1)),
            Measure::EvidenceEce => evidence.error(),
            Measure::AccountsRefused => refused(true),
            Measure::OthersRefused => refused(false),
        };
        Measure::ALL.map(|measure| value(measure).unwrap_or(f64::NAN))
    }
}
