//! The assessment as it is handed over: to the page as JSON, to files, to other programs.
//!
//! This is the contract; `www/src/engine/contract.ts` is its other side. Changing it means a new [`SCHEMA_VERSION`].

use serde::{Deserialize, Serialize};

use super::LevelDistribution;
use crate::model::RubricRef;
use crate::rubric::Scale;
use crate::text::{Language, Utf16Offsets};

/// Version of the JSON form.
pub const SCHEMA_VERSION: u32 = 2;

/// Standard normal quantile of the upper end of an interval of [`super::INTERVAL_SHARE`].
const INTERVAL_Z: f32 = 1.2816;

/// What one report shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// [`SCHEMA_VERSION`].
    pub schema: u32,
    pub model: ModelRef,
    pub rubric: RubricRef,
    pub language: Language,
    /// Unit of every `start` and `end`.
    pub offsets: Offsets,
    pub length: Length,
    /// Share of the characters that the vocabulary knows, 0 to 1.
    pub coverage: f32,
    /// In the rubric's order.
    pub competencies: Vec<CompetencyAssessment>,
    /// None when nothing is shown.
    pub overall: Option<Overall>,
    pub warnings: Vec<Warning>,
    pub timings: Timings,
}

/// Which model file made an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelRef {
    pub id: String,
    /// Hex SHA-256 of the file.
    pub sha256: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Offsets {
    Byte,
    /// UTF-16 code units, as JavaScript strings count.
    Utf16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Length {
    /// Visible characters.
    pub characters: usize,
    pub sentences: usize,
    pub tokens: usize,
    pub windows: usize,
}

/// One competency in one report. `level`, `likely`, `interval` and `distribution` are None, and there is no evidence,
/// when the report does not show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CompetencyAssessment {
    pub id: String,
    /// P(the report shows it at all).
    pub presence: f32,
    /// Expected level.
    pub level: Option<f32>,
    /// Most likely level.
    pub likely: Option<i32>,
    /// Central 80 % interval of the level.
    pub interval: Option<[f32; 2]>,
    /// Probability of each level, lowest first.
    pub distribution: Option<Vec<f32>>,
    /// In text order; never empty where there is a level.
    pub evidence: Vec<Evidence>,
}

impl CompetencyAssessment {
    pub(super) fn not_shown(id: &str, presence: f32) -> Self {
        Self {
            id: id.to_owned(),
            presence,
            level: None,
            likely: None,
            interval: None,
            distribution: None,
            evidence: Vec::new(),
        }
    }

    pub(super) fn show(&mut self, distribution: &LevelDistribution) {
        self.level = Some(distribution.mean());
        self.likely = Some(distribution.mode());
        self.interval = Some(distribution.interval());
        self.distribution = Some(distribution.probabilities.clone());
    }
}

/// A sentence that shows a competency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Into the original report, in the unit of [`Assessment::offsets`].
    pub start: usize,
    pub end: usize,
    pub polarity: Polarity,
    /// P(the sentence is evidence of that polarity).
    pub probability: f32,
    /// Share of the competency's attention, 0 to 1.
    pub weight: f32,
    /// The competency's expected level if the heads did not see this sentence; None where it would not be shown then.
    pub without: Option<f32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Polarity {
    Positive,
    Negative,
}

/// The mean over the competencies that are shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overall {
    pub level: f32,
    /// Central 80 % interval, the competencies' errors taken as independent and the mean as normal.
    pub interval: [f32; 2],
    /// How many competencies are shown.
    pub shown: usize,
}

impl Overall {
    pub(super) fn mean(levels: &[LevelDistribution], scale: &Scale) -> Option<Self> {
        if levels.is_empty() {
            return None;
        }
        let count = levels.len() as f32;
        let level = levels.iter().map(LevelDistribution::mean).sum::<f32>() / count;
        let deviation = levels.iter().map(LevelDistribution::variance).sum::<f32>().sqrt() / count;
        let reach = INTERVAL_Z * deviation;
        let (min, max) = (scale.min as f32, scale.max as f32);
        Some(Self {
            level,
            interval: [(level - reach).max(min), (level + reach).min(max)],
            shown: levels.len(),
        })
    }
}

/// Something the reader of an assessment should know; worded by the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    pub code: WarningCode,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningCode {
    /// Too little text to say much.
    ShortText,
    /// Neither Chinese nor English.
    LanguageUnsupported,
    /// Many characters that the vocabulary does not know.
    LowCoverage,
    /// No competency is shown.
    NothingShown,
}

/// Milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Timings {
    pub text_ms: f64,
    pub encode_ms: f64,
    pub score_ms: f64,
    pub total_ms: f64,
}

impl Assessment {
    /// The same assessment with offsets in UTF-16 code units, for the page. `report` is the text it was made from.
    pub fn with_utf16_offsets(mut self, report: &str) -> Self {
        if self.offsets == Offsets::Byte {
            let offsets = Utf16Offsets::new(report);
            for evidence in self.competencies.iter_mut().flat_map(|c| &mut c.evidence) {
                evidence.start = offsets.from_byte(evidence.start);
                evidence.end = offsets.from_byte(evidence.end);
            }
            self.offsets = Offsets::Utf16;
        }
        self
    }
}
