//! The measures that predictions are judged by, and figures: their values with bootstrap intervals.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::metrics::percentiles;

/// A measure of how good predictions are; [`super::metrics`] has the definitions.
///
/// Levels are judged where a report has one, presence over reports and competencies, and evidence over sentences and tags (a
/// tag is positive or negative evidence for a competency). "Macro" means the mean over levels, competencies or tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Quadratic weighted kappa between the expected level, rounded to the grid, and the true level.
    Kappa,
    /// Mean absolute error of the expected level.
    Mae,
    /// Mean of expected minus true level.
    SignedError,
    /// Spearman's correlation between expected and true level.
    Spearman,
    /// Pearson's correlation between expected and true level.
    Pearson,
    /// Exact agreement on the grid, which is also micro-averaged precision, recall and F1.
    LevelAccuracy,
    LevelPrecisionMacro,
    LevelRecallMacro,
    LevelF1Macro,
    /// Expected calibration error of the most likely level's probability.
    LevelEce,
    /// Share of true levels inside their interval, which aims at
    /// [`INTERVAL_SHARE`](salesmirror::model::INTERVAL_SHARE).
    Coverage,
    PresenceAccuracy,
    PresencePrecision,
    PresenceRecall,
    PresenceF1,
    PresencePrecisionMacro,
    PresenceRecallMacro,
    PresenceF1Macro,
    PresenceEce,
    /// Average precision, as a mean over the tags that occur.
    EvidenceAp,
    /// The average precision of scores that carry no information.
    EvidenceChance,
    EvidencePrecision,
    EvidenceRecall,
    EvidenceF1,
    EvidencePrecisionMacro,
    EvidenceRecallMacro,
    EvidenceF1Macro,
    EvidenceEce,
    /// Share of the accounts of sales work that the gate refuses.
    AccountsRefused,
    /// Share of the other texts that the gate refuses.
    OthersRefused,
}

impl Measure {
    /// All measures; the position of each is its discriminant.
    pub const ALL: [Self; 30] = [
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
        Self::AccountsRefused,
        Self::OthersRefused,
    ];

    /// The measures that tables show.
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

    /// The name in tables and headings.
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
            Self::AccountsRefused => "accounts refused",
            Self::OthersRefused => "others refused",
        }
    }
}

/// The value of each measure, at the position that it has in [`Measure::ALL`]; NaN where the data do not define it.
pub type Values = [f64; Measure::ALL.len()];

/// The figures that the data define.
pub type Figures = BTreeMap<Measure, Figure>;

/// The value of a measure with its bootstrap interval: the middle [`CONFIDENCE`] of its values in resamples. There is no
/// interval where fewer than half of the resamples define the measure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    pub value: f64,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

/// Share of resamples inside an interval.
pub const CONFIDENCE: f64 = 0.95;

/// Rounds to six decimals, which are more than enough and keep files small.
pub(super) fn round(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

impl Figure {
    /// Makes a figure of the value on all data and the values in resamples. NaN stands for a value that is not defined.
    pub fn new(value: f64, resampled: impl Iterator<Item = f64>) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        let mut all = 0;
        let mut defined: Vec<f64> = resampled.inspect(|_| all += 1).filter(|v| v.is_finite()).collect();
        let interval = if 2 * defined.len() > all { percentiles(&mut defined, CONFIDENCE) } else { None };
        let [low, high] = interval.map_or([None; 2], |ends| ends.map(|end| Some(round(end))));
        Some(Self { value: round(value), low, high })
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.low, self.high) {
            (Some(low), Some(high)) => write!(f, "{:.3} [{low:.3}, {high:.3}]", self.value),
            _ => write!(f, "{:.3}", self.value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_stands_at_its_discriminant() {
        assert!(Measure::ALL.iter().enumerate().all(|(i, measure)| *measure as usize == i));
    }

    #[test]
    fn an_interval_needs_half_of_the_resamples() {
        let resampled = |defined: usize| (0..10).map(move |i| if i < defined { 1.0 } else { f64::NAN });
        assert_eq!(Figure::new(f64::NAN, resampled(10)), None);
        assert_eq!(Figure::new(1.0, resampled(5)), Some(Figure { value: 1.0, low: None, high: None }));
        assert_eq!(Figure::new(1.0, resampled(6)).unwrap().to_string(), "1.000 [1.000, 1.000]");
    }
}
