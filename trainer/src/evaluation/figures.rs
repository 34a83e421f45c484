//! Predictions against labels: every figure with its bootstrap interval, for every slice.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use rayon::prelude::*;
use salesmirror::Rubric;
use salesmirror::assessment::{INTERVAL_SHARE, LevelDistribution};
use salesmirror::model::Calibration;
use serde::{Deserialize, Serialize};

use salesmirror::model::Prediction;

use crate::data::LabelledReport;
use super::metrics::{
    Confusion, Counts, Ranked, Ranking, Reliability, grid, mean, pearson, percentiles, spearman,
};

/// A figure of merit or of error; [`crate::evaluation::metrics`] has the definitions. Levels are judged where the truth has one,
/// evidence over sentences and tags, presence over reports and competencies ("macro": the mean over tags, competencies or levels).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Quadratic weighted kappa between the expected level, rounded to the grid, and the true one.
    Kappa,
    Mae,
    /// Mean of expected minus true level.
    SignedError,
    Spearman,
    Pearson,
    /// Exact agreement on the grid: micro-averaged precision, recall and F1 as well.
    LevelAccuracy,
    LevelPrecisionMacro,
    LevelRecallMacro,
    LevelF1Macro,
    /// Expected calibration error of the most likely level's probability.
    LevelEce,
    /// Share of levels inside their interval, which aims at [`INTERVAL_SHARE`].
    Coverage,
    PresenceAccuracy,
    PresencePrecision,
    PresenceRecall,
    PresenceF1,
    PresencePrecisionMacro,
    PresenceRecallMacro,
    PresenceF1Macro,
    PresenceEce,
    /// Mean over the tags that occur.
    EvidenceAp,
    /// The same for scores that tell nothing.
    EvidenceChance,
    EvidencePrecision,
    EvidenceRecall,
    EvidenceF1,
    EvidencePrecisionMacro,
    EvidenceRecallMacro,
    EvidenceF1Macro,
    EvidenceEce,
}

impl Measure {
    pub const ALL: [Self; 28] = [
        Self::Kappa,
        Self::Mae,
        Self::SignedError,
        Self::Spearman,
        Self::Pearson,
        Self::LevelAccuracy,
        Self::LevelPrecisionMacro,
        Self::LevelRecallMacro,
        Self::LevelF1Macro,
        Self::LevelEce,
        Self::Coverage,
        Self::PresenceAccuracy,
        Self::PresencePrecision,
        Self::PresenceRecall,
        Self::PresenceF1,
        Self::PresencePrecisionMacro,
        Self::PresenceRecallMacro,
        Self::PresenceF1Macro,
        Self::PresenceEce,
        Self::EvidenceAp,
        Self::EvidenceChance,
        Self::EvidencePrecision,
        Self::EvidenceRecall,
        Self::EvidenceF1,
        Self::EvidencePrecisionMacro,
        Self::EvidenceRecallMacro,
        Self::EvidenceF1Macro,
        Self::EvidenceEce,
    ];

    /// What tables show.
    pub const MAIN: [Self; 9] = [
        Self::Kappa,
        Self::Mae,
        Self::Spearman,
        Self::PresenceF1,
        Self::EvidenceAp,
        Self::EvidenceF1,
        Self::LevelEce,
        Self::PresenceEce,
        Self::Coverage,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Kappa => "kappa",
            Self::Mae => "MAE",
            Self::SignedError => "mean signed error",
            Self::Spearman => "Spearman",
            Self::Pearson => "Pearson",
            Self::LevelAccuracy => "level accuracy",
            Self::LevelPrecisionMacro => "level precision, macro",
            Self::LevelRecallMacro => "level recall, macro",
            Self::LevelF1Macro => "level F1, macro",
            Self::LevelEce => "level ECE",
            Self::Coverage => "in interval",
            Self::PresenceAccuracy => "presence accuracy",
            Self::PresencePrecision => "presence precision",
            Self::PresenceRecall => "presence recall",
            Self::PresenceF1 => "presence F1",
            Self::PresencePrecisionMacro => "presence precision, macro",
            Self::PresenceRecallMacro => "presence recall, macro",
            Self::PresenceF1Macro => "presence F1, macro",
            Self::PresenceEce => "presence ECE",
            Self::EvidenceAp => "evidence AP",
            Self::EvidenceChance => "evidence AP of chance",
            Self::EvidencePrecision => "evidence precision",
            Self::EvidenceRecall => "evidence recall",
            Self::EvidenceF1 => "evidence F1",
            Self::EvidencePrecisionMacro => "evidence precision, macro",
            Self::EvidenceRecallMacro => "evidence recall, macro",
            Self::EvidenceF1Macro => "evidence F1, macro",
            Self::EvidenceEce => "evidence ECE",
        }
    }
}

/// A figure with the middle 95 % of what it is in bootstrap resamples; no interval where too few resamples define it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    pub value: f64,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

/// Share of resamples inside an interval.
pub const CONFIDENCE: f64 = 0.95;

/// Six digits are plenty, and keep files small.
fn round(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

impl Figure {
    /// From the figure on all data and those of the resamples; NaN: not defined.
    pub fn new(value: f64, draws: impl Iterator<Item = f64>) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        let mut all = 0;
        let mut draws: Vec<f64> = draws.inspect(|_| all += 1).filter(|v| v.is_finite()).collect();
        let interval = if 2 * draws.len() > all { percentiles(&mut draws, CONFIDENCE) } else { None };
        let [low, high] = interval.map_or([None; 2], |i| i.map(|x| Some(round(x))));
        Some(Self { value: round(value), low, high })
    }
}

impl std::fmt::Display for Figure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.low, self.high) {
            (Some(low), Some(high)) => write!(f, "{:.3} [{low:.3}, {high:.3}]", self.value),
            _ => write!(f, "{:.3}", self.value),
        }
    }
}

pub type Figures = BTreeMap<Measure, Figure>;

/// Figures of some of the reports and competencies.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Slice {
    /// None: all of them, pooled.
    pub competency: Option<String>,
    /// Field and value of the reports; None: all reports.
    pub of: Option<(String, String)>,
    pub reports: usize,
    /// What a bootstrap resample draws: whole groups, or single reports where there are too few groups.
    pub resampled: Unit,
    pub figures: Figures,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    Groups,
    Reports,
}

/// True against predicted levels of one competency, over the grid.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConfusionTable {
    pub competency: String,
    /// Levels of the grid.
    pub levels: Vec<f64>,
    /// [true][predicted]
    pub counts: Vec<Vec<usize>>,
}

/// A bin of a reliability diagram.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Bin {
    pub count: usize,
    pub confidence: f64,
    /// Share that was right.
    pub right: f64,
}

/// Everything that is said of predictions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Evaluation {
    pub reports: usize,
    pub groups: usize,
    pub resamples: usize,
    /// Step of the levels' grid.
    pub grid: f64,
    /// All first, then each competency, then by field.
    pub slices: Vec<Slice>,
    pub confusion: Vec<ConfusionTable>,
    /// By what is claimed: "level", "presence", "evidence".
    pub reliability: BTreeMap<String, Vec<Bin>>,
    /// The figures of each slice in each resample, for comparisons on the same resamples: [resample][slice][measure].
    #[serde(skip)]
    pub draws: Vec<Vec<[f64; MEASURES]>>,
}

impl Evaluation {
    /// All reports and competencies.
    pub fn all(&self) -> &Figures {
        &self.slices[0].figures
    }

    /// Slices of one competency over all reports, in the rubric's order.
    pub fn competencies(&self) -> impl Iterator<Item = (&str, &Slice)> + Clone {
        let whole = self.slices.iter().filter(|slice| slice.of.is_none());
        whole.filter_map(|slice| Some((slice.competency.as_deref()?, slice)))
    }

    /// Slices by the values of a field over all competencies.
    pub fn by<'a>(&'a self, field: &'a str) -> impl Iterator<Item = (&'a str, &'a Slice)> + Clone {
        let pooled = self.slices.iter().filter(|slice| slice.competency.is_none());
        pooled.filter_map(move |slice| match &slice.of {
            Some((name, value)) if name == field => Some((value.as_str(), slice)),
            _ => None,
        })
    }

    /// The fields of its slices.
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

/// The difference of a figure between two methods on the same resamples.
pub fn difference(ours: &Evaluation, theirs: &Evaluation, measure: Measure) -> Option<Figure> {
    let at = measure as usize;
    let value = ours.all().get(&measure)?.value - theirs.all().get(&measure)?.value;
    Figure::new(value, ours.draws.iter().zip(&theirs.draws).map(|(a, b)| a[0][at] - b[0][at]))
}

/// How figures get their intervals.
pub struct Bootstrap<'a> {
    pub resamples: usize,
    pub seed: u64,
    /// The group of each report: reports of a group are alike, so whole groups are drawn.
    pub groups: &'a [usize],
}

/// With fewer groups than this in a slice, single reports are drawn.
const FEW_GROUPS: usize = 10;

impl Bootstrap<'_> {
    fn count(&self) -> usize {
        self.groups.iter().max().map_or(0, |last| last + 1)
    }

    /// How often each report occurs in a resample of groups, and in one of reports.
    pub fn weights(&self, draw: usize) -> [Vec<f64>; 2] {
        let mut random = StdRng::seed_from_u64(self.seed ^ (draw as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut times = |count: usize| {
            let mut times = vec![0.0; count];
            (0..count).for_each(|_| times[random.random_range(0..count)] += 1.0);
            times
        };
        let groups = times(self.count());
        [self.groups.iter().map(|&group| groups[group]).collect(), times(self.groups.len())]
    }

    /// What to draw for a slice of the reports.
    pub fn unit(&self, reports: &[usize]) -> Unit {
        let mut groups: Vec<usize> = reports.iter().map(|&d| self.groups[d]).collect();
        groups.sort_unstable();
        groups.dedup();
        if groups.len() < FEW_GROUPS { Unit::Reports } else { Unit::Groups }
    }
}

/// Documents by field and value. Languages and lengths always (quarters of the characters of a language's reports);
/// other fields where they part the reports into a few, or where they are asked for.
pub fn slices(reports: &[LabelledReport], asked: &[String]) -> Vec<((String, String), Vec<usize>)> {
    const FEW: std::ops::RangeInclusive<usize> = 2..=40;
    let mut found: BTreeMap<(usize, String, String), Vec<usize>> = BTreeMap::new();
    for (d, report) in reports.iter().enumerate() {
                found.entry((0, "language".to_owned(), report.language.clone())).or_default().push(d);
        for (field, value) in &report.fields {
            found.entry((2, field.clone(), value.clone())).or_default().push(d);
        }
        for field in asked.iter().filter(|field| !report.fields.contains_key(*field)) {
            if let Some(value) = report.field(field) {
                found.entry((2, field.clone(), value.to_owned())).or_default().push(d);
            }
        }
    }
    let languages: Vec<Vec<usize>> =
        found.iter().filter(|((order, ..), _)| *order == 0).map(|(_, d)| d.clone()).collect();
    for mut members in languages {
        members.sort_by_key(|&d| reports[d].characters);
        let count = members.len();
        for (i, d) in members.into_iter().enumerate() {
            let quarter = ["1 shortest", "2", "3", "4 longest"][i * 4 / count];
            found.entry((1, "length".to_owned(), quarter.to_owned())).or_default().push(d);
        }
    }
    let mut values: BTreeMap<&str, usize> = BTreeMap::new();
    found.keys().for_each(|(_, field, _)| *values.entry(field).or_default() += 1);
    let wanted = |(order, field, _): &(usize, String, String)| {
        *order < 2 || asked.contains(field) || FEW.contains(&values[field.as_str()])
    };
    let chosen: Vec<bool> = found.keys().map(wanted).collect();
    let kept = found.into_iter().zip(chosen).filter(|(_, wanted)| *wanted);
    kept.map(|(((_, field, value), members), _)| ((field, value), members)).collect()
}

/// Judges predictions. Each report has its own calibration, so that it need not have been fitted on it.
pub fn evaluate(
    rubric: &Rubric,
    reports: &[LabelledReport],
    predictions: &[Prediction],
    calibrations: &[&Calibration],
    bootstrap: &Bootstrap,
    asked: &[String],
) -> Evaluation {
    let judged = Judged::new(rubric, reports, predictions, calibrations);
    let everything: Vec<usize> = (0..reports.len()).collect();
    let every: Vec<usize> = (0..rubric.competencies.len()).collect();
    let slices = slices(reports, asked);

    let mut samples = vec![(None, None, everything.clone(), judged.sample(&everything, &every))];
    for (c, competency) in rubric.competencies.iter().enumerate() {
        let id = Some(competency.id.clone());
        samples.push((id.clone(), None, everything.clone(), judged.sample(&everything, &[c])));
        for (of, members) in slices.iter().filter(|((field, _), _)| field == "language") {
            let sample = judged.sample(members, &[c]);
            samples.push((id.clone(), Some(of.clone()), members.clone(), sample));
        }
    }
    for (of, members) in slices {
        let sample = judged.sample(&members, &every);
        samples.push((None, Some(of), members, sample));
    }

    let units: Vec<Unit> = samples.iter().map(|(_, _, members, _)| bootstrap.unit(members)).collect();
    let draws: Vec<Vec<[f64; MEASURES]>> = (0..bootstrap.resamples)
        .into_par_iter()
        .map(|draw| {
            let [groups, reports] = bootstrap.weights(draw);
            let figures = samples.iter().zip(&units).map(|((.., sample), unit)| {
                sample.figures(if *unit == Unit::Groups { &groups } else { &reports })
            });
            figures.collect()
        })
        .collect();

    let one = vec![1.0; reports.len()];
    let whole = samples[0].3.detail(&one);
    let confusion = rubric.competencies.iter().enumerate().filter_map(|(c, competency)| {
        let table = judged.sample(&everything, &[c]).detail(&one).confusion;
        let levels = (0..table.classes).map(|i| f64::from(rubric.scale.min) + i as f64 * judged.grid);
        let row = |row: &[f64]| row.iter().map(|count| *count as usize).collect();
        (table.counts.iter().sum::<f64>() > 0.0).then(|| ConfusionTable {
            competency: competency.id.clone(),
            levels: levels.map(round).collect(),
            counts: table.counts.chunks(table.classes).map(row).collect(),
        })
    });
    let confusion = confusion.collect();
    let claims = [("level", whole.level), ("presence", whole.presence), ("evidence", whole.evidence)];
    let reliability = claims.into_iter().filter_map(|(claim, reliability)| {
        let bins = reliability.bins.iter().filter(|bin| bin[0] > 0.0);
        let bins: Vec<Bin> = bins
            .map(|[count, sum, hits]| Bin {
                count: *count as usize,
                confidence: round(sum / count),
                right: round(hits / count),
            })
            .collect();
        (!bins.is_empty()).then(|| (claim.to_owned(), bins))
    });

    Evaluation {
        reports: reports.len(),
        groups: bootstrap.count(),
        resamples: bootstrap.resamples,
        grid: judged.grid,
        reliability: reliability.collect(),
        confusion,
        slices: samples
            .iter()
            .zip(&units)
            .enumerate()
            .map(|(s, ((competency, of, members, sample), unit))| {
                let values = sample.figures(&one);
                let figure = |measure: Measure| {
                    let at = measure as usize;
                    Some((measure, Figure::new(values[at], draws.iter().map(|draw| draw[s][at]))?))
                };
                Slice {
                    competency: competency.clone(),
                    of: of.clone(),
                    reports: members.len(),
                    resampled: *unit,
                    figures: Measure::ALL.into_iter().filter_map(figure).collect(),
                }
            })
            .collect(),
        draws,
    }
}

/// How many figures there are.
pub const MEASURES: usize = Measure::ALL.len();

/// What each report's predictions come to, before any is weighed.
struct Judged<'a> {
    rubric: &'a Rubric,
    reports: &'a [LabelledReport],
    predictions: &'a [Prediction],
    calibrations: &'a [&'a Calibration],
    grid: f64,
    /// Per competency: whether some reports show it and some do not.
    varies: Vec<bool>,
    /// Per tag: whether some sentence has it.
    occurs: Vec<bool>,
}

/// A level that the truth has.
struct Level {
    report: u32,
    truth: f64,
    mean: f64,
    /// On the grid.
    true_class: u32,
    class: u32,
    confidence: f64,
    right: f64,
    covered: bool,
}

/// Some reports and competencies, ready to be weighed.
struct Sample {
    classes: usize,
    levels: Vec<Level>,
    means: Vec<f64>,
    truths: Vec<f64>,
    by_mean: Ranking,
    by_truth: Ranking,
    /// LabelledReport, number of the competency, probability, predicted, actual.
    presence: Vec<(u32, usize, f64, bool, bool)>,
    competencies: usize,
    /// Per tag.
    ranked: Vec<Ranked>,
    /// LabelledReport, number of the tag, sentences.
    evidence: Vec<(u32, usize, Counts)>,
    evidence_bins: Vec<(u32, Reliability)>,
}

/// What plots need besides the figures.
struct Detail {
    confusion: Confusion,
    level: Reliability,
    presence: Reliability,
    evidence: Reliability,
}

impl<'a> Judged<'a> {
    fn new(
        rubric: &'a Rubric,
        reports: &'a [LabelledReport],
        predictions: &'a [Prediction],
        calibrations: &'a [&'a Calibration],
    ) -> Self {
        let levels = reports.iter().flat_map(|d| d.levels.iter().flatten().copied());
        let varies = (0..rubric.competencies.len()).map(|c| {
            let shown = reports.iter().filter(|d| d.levels[c].is_some()).count();
            shown > 0 && shown < reports.len()
        });
        let mut occurs = vec![false; 2 * rubric.competencies.len()];
        for labels in reports.iter().flat_map(|d| d.evidence.iter().flatten()) {
            occurs.iter_mut().zip(labels).for_each(|(occurs, label)| *occurs |= label);
        }
        Self {
            grid: grid(levels),
            varies: varies.collect(),
            rubric,
            reports,
            predictions,
            calibrations,
            occurs,
        }
    }

    fn level(&self, d: usize, c: usize) -> Option<Level> {
        let truth = self.reports[d].levels[c]?;
        let min = self.rubric.scale.min;
        let temperature = self.calibrations[d].level_temperature;
        let logits = &self.predictions[d].cumulative[c];
        let distribution = LevelDistribution::from_cumulative_logits(logits, temperature, min);
        let [low, high] = distribution.interval();
        let mode = distribution.mode();
        let class = |level: f32| (f64::from(level - min as f32) / self.grid).round() as u32;
        let mean = distribution.mean();
        Some(Level {
            report: d as u32,
            truth: f64::from(truth),
            mean: f64::from(mean),
            true_class: class(truth),
            class: class(mean),
            confidence: f64::from(distribution.probabilities[(mode - min) as usize]),
            // A truth between two levels counts each by its share.
            right: f64::from((1.0 - (mode as f32 - truth).abs()).max(0.0)),
            covered: low <= truth && truth <= high,
        })
    }

    fn sample(&self, members: &[usize], competencies: &[usize]) -> Sample {
        let mut levels = Vec::new();
        let mut presence = Vec::new();
        let mut evidence = Vec::new();
        let mut evidence_bins = Vec::new();
        let tags: Vec<usize> =
            competencies.iter().flat_map(|c| [2 * c, 2 * c + 1]).filter(|&tag| self.occurs[tag]).collect();
        let mut scored: Vec<Vec<(f32, bool, u32)>> = vec![Vec::new(); tags.len()];
        for &d in members {
            let (report, prediction, calibration) =
                (&self.reports[d], &self.predictions[d], self.calibrations[d]);
            for (number, &c) in competencies.iter().enumerate() {
                levels.extend(self.level(d, c));
                if self.varies[c] {
                    let probability = prediction.presence[c];
                    let shown = probability >= calibration.presence_threshold[c];
                    let actual = report.levels[c].is_some();
                    presence.push((d as u32, number, f64::from(probability), shown, actual));
                }
            }
            let Some(labels) = &report.evidence else { continue };
            let mut counts = vec![Counts::default(); tags.len()];
            let mut bins = Reliability::default();
            for (labels, row) in labels.iter().zip(&prediction.evidence) {
                for (number, &tag) in tags.iter().enumerate() {
                    let (probability, actual) = (row[tag], labels[tag]);
                    counts[number].add(probability >= calibration.evidence_threshold, actual, 1.0);
                    bins.add(f64::from(probability), f64::from(actual), 1.0);
                    scored[number].push((probability, actual, d as u32));
                }
            }
            evidence
                .extend(counts.into_iter().enumerate().map(|(number, counts)| (d as u32, number, counts)));
            if !tags.is_empty() {
                evidence_bins.push((d as u32, bins));
            }
        }
        let scale = f64::from(self.rubric.scale.max - self.rubric.scale.min);
        let means: Vec<f64> = levels.iter().map(|level| level.mean).collect();
        let truths: Vec<f64> = levels.iter().map(|level| level.truth).collect();
        Sample {
            classes: (scale / self.grid).round() as usize + 1,
            by_mean: Ranking::new(&means),
            by_truth: Ranking::new(&truths),
            means,
            truths,
            levels,
            presence,
            competencies: competencies.len(),
            ranked: scored.into_iter().map(Ranked::new).collect(),
            evidence,
            evidence_bins,
        }
    }
}

impl Sample {
    fn detail(&self, weights: &[f64]) -> Detail {
        let mut detail = Detail {
            confusion: Confusion::new(self.classes),
            level: Reliability::default(),
            presence: Reliability::default(),
            evidence: Reliability::default(),
        };
        for level in &self.levels {
            let weight = weights[level.report as usize];
            detail.confusion.add(level.true_class as usize, level.class as usize, weight);
            detail.level.add(level.confidence, level.right, weight);
        }
        for &(report, _, probability, _, actual) in &self.presence {
            detail.presence.add(probability, f64::from(actual), weights[report as usize]);
        }
        for (report, bins) in &self.evidence_bins {
            detail.evidence.merge(bins, weights[*report as usize]);
        }
        detail
    }

    /// By [`Measure`]; NaN where a figure is not defined.
    fn figures(&self, weights: &[f64]) -> [f64; MEASURES] {
        let Detail { confusion, level, presence, evidence } = self.detail(weights);
        let of_level: Vec<f64> = self.levels.iter().map(|level| weights[level.report as usize]).collect();
        let mean_level = |value: fn(&Level) -> f64| {
            let all: f64 = of_level.iter().sum();
            let sum: f64 = self.levels.iter().zip(&of_level).map(|(level, w)| value(level) * w).sum();
            (all > 0.0).then(|| sum / all)
        };
        let classes = confusion.classes();

        let mut shown = Counts::default();
        let mut shown_each = vec![Counts::default(); self.competencies];
        for &(report, number, _, predicted, actual) in &self.presence {
            shown_each[number].add(predicted, actual, weights[report as usize]);
        }
        shown_each.iter().for_each(|counts| shown.merge(counts, 1.0));

        let mut found = Counts::default();
        let mut found_each = vec![Counts::default(); self.ranked.len()];
        for (report, number, counts) in &self.evidence {
            found_each[*number].merge(counts, weights[*report as usize]);
        }
        found_each.iter().for_each(|counts| found.merge(counts, 1.0));

        let value = |measure: Measure| match measure {
            Measure::Kappa => confusion.quadratic_kappa(),
            Measure::Mae => mean_level(|level| (level.mean - level.truth).abs()),
            Measure::SignedError => mean_level(|level| level.mean - level.truth),
            Measure::Spearman => spearman(&self.by_mean, &self.by_truth, &of_level),
            Measure::Pearson => pearson(&self.means, &self.truths, &of_level),
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
        };
        Measure::ALL.map(|measure| value(measure).unwrap_or(f64::NAN))
    }
}

/// The interval's share in percent, for headings.
pub fn interval_percent() -> f32 {
    INTERVAL_SHARE * 100.0
}

#[cfg(test)]
mod tests {
    use super::super::folds::tests::{report, rubric};
    use super::*;

    /// Sure of a level.
    fn prediction(level: f32, presence: f32) -> Prediction {
        let logits = (1..5).map(|k| if (k as f32) < level { 30.0 } else { -30.0 }).collect();
        Prediction {
            evidence: vec![vec![0.9, 0.1], vec![0.2, 0.1]],
            presence: vec![presence],
            cumulative: vec![logits],
        }
    }

    fn judge(reports: &[LabelledReport], predictions: &[Prediction], resamples: usize) -> Evaluation {
        let calibration =
            Calibration { presence_threshold: vec![0.5], evidence_threshold: 0.5, level_temperature: 1.0 };
        let calibrations = vec![&calibration; reports.len()];
        let groups: Vec<usize> = (0..reports.len()).map(|i| i / 2).collect();
        let bootstrap = Bootstrap { resamples, seed: 0, groups: &groups };
        evaluate(&rubric(), reports, predictions, &calibrations, &bootstrap, &[])
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
        // Two of three said, two of three found.
        assert_eq!(value(Measure::PresenceF1), Some(round(2.0 / 3.0)));
        assert_eq!(value(Measure::PresenceAccuracy), Some(0.5));
        // No evidence labels: no figures, rather than zero.
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
        // Half a level off twice.
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
        // Scores 0.9 0.9 | 0.2 0.2, one of each positive; the tag that never occurs is left out.
        assert_eq!(value(Measure::EvidenceAp), Some(0.5));
        assert_eq!(value(Measure::EvidenceChance), Some(0.5));
        assert_eq!(value(Measure::EvidenceF1), Some(0.5));
        assert_eq!(value(Measure::Kappa), None);
    }

    #[test]
    fn intervals_are_as_wide_as_the_error_of_the_mean() {
        // Signed errors of -1 and 1 for 200 groups of two alike: standard error 1/√200.
        let reports: Vec<LabelledReport> =
            (0..400).map(|i| report(&format!("{i}-1"), "en", vec![Some(3.0)])).collect();
        let predictions: Vec<Prediction> =
            (0..400).map(|i| prediction(if i / 2 % 2 == 0 { 2.0 } else { 4.0 }, 0.9)).collect();
        let evaluation = judge(&reports, &predictions, 1000);
        let Figure { value, low, high } = evaluation.all()[&Measure::SignedError];
        let width = high.unwrap() - low.unwrap();
        assert!(value.abs() < 1e-6 && (width - 2.0 * 1.96 / 200f64.sqrt()).abs() < 0.03, "{width}");
        let again = judge(&reports, &predictions, 1000);
        assert_eq!(evaluation.all(), again.all(), "seeded");
        assert_eq!(difference(&evaluation, &again, Measure::Mae).unwrap().value, 0.0);
    }

    #[test]
    fn slices_are_fields_of_a_few_values() {
        let reports: Vec<LabelledReport> =
            (0..8).map(|i| report(&format!("{}{i}-1", ["a", "b"][i % 2]), "en", vec![])).collect();
        let all = slices(&reports, &["writer".to_owned()]);
        let members = |field: &str| all.iter().filter(|((f, _), _)| f == field).count();
        assert_eq!(["language", "length", "industry", "writer"].map(members), [1, 4, 2, 8]);
    }
}
