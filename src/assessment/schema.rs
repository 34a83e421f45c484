//! The JSON form of an assessment, for the page, for files and for other programs.
//!
//! This is a contract with `www/src/engine/contract.ts`, and a change needs a new [`SCHEMA_VERSION`]. `www/src/report/stored.ts`
//! reads older versions:
//!
//! | version | what it brought |
//! |---|---|
//! | 2 | [`Evidence::without`] |
//! | 3 | [`Assessment::account`], [`Assessment::left_out`] and [`Assessment::speakers`] |
//! | 4 | [`Assessment::objections`]; [`Evidence::without`] is absent where it was not computed |

use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};

use super::LevelDistribution;
use crate::model::RubricRef;
use crate::rubric::Scale;
use crate::text::{Language, Origin, Speaker, Utf16Offsets};

/// The version of the JSON form.
pub const SCHEMA_VERSION: u32 = 4;

/// The standard normal quantile at the upper end of an interval of [`INTERVAL_SHARE`](crate::model::INTERVAL_SHARE).
const INTERVAL_Z: f32 = 1.2816;

/// What one report shows of the writer's competencies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// [`SCHEMA_VERSION`].
    pub schema: u32,
    /// The model that made the assessment.
    pub model: ModelRef,
    /// The rubric that the levels refer to.
    pub rubric: RubricRef,
    /// The report's language.
    pub language: Language,
    /// The unit of every `start` and `end`.
    pub offsets: Offsets,
    /// The report's length.
    pub length: Length,
    /// Share of the report's characters that are in the vocabulary, from 0 to 1.
    #[serde(deserialize_with = "finite")]
    pub coverage: f32,
    /// Whether the text is an account of the writer's own sales work.
    pub account: Account,
    /// Parts of the text that did not count, in text order.
    pub left_out: Vec<Part>,
    /// The speakers if the text is a conversation, in the order of their first turn.
    pub speakers: Vec<Speaker>,
    /// The reader's objections that were applied, by competency in the rubric's order, and then in text order.
    pub objections: Vec<Objection>,
    /// One entry per competency, in the rubric's order.
    pub competencies: Vec<CompetencyAssessment>,
    /// The mean over the competencies that are shown; `None` if there are none.
    pub overall: Option<Overall>,
    /// What the reader should know about the assessment.
    pub warnings: Vec<Warning>,
    /// How long each step took.
    pub timings: Timings,
}

/// The model file that made an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelRef {
    /// The model's name.
    pub id: String,
    /// SHA-256 of the model file, in hexadecimal.
    pub sha256: String,
}

/// The unit in which offsets into the report are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Offsets {
    /// Bytes of the UTF-8 text, as Rust strings count.
    Byte,
    /// UTF-16 code units, as JavaScript strings count. The page reads no other.
    Utf16,
    /// Unicode code points, as Python strings count.
    #[serde(rename = "code_point")]
    CodePoint,
}

/// The length of a report, counted in several ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Length {
    /// Visible characters (grapheme clusters).
    pub characters: usize,
    /// Sentences.
    pub sentences: usize,
    /// Tokens, without the framing ids of windows.
    pub tokens: usize,
    /// Windows that the encoder read.
    pub windows: usize,
}

/// Whether a text is an account of the writer's own sales work. If it is not, no competency has a level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// Probability that it is.
    #[serde(deserialize_with = "finite")]
    pub probability: f32,
    /// Whether the probability reaches the model's threshold, or the reader says that it is one.
    pub accepted: bool,
}

/// A part of a text that did not count. The encoder reads what other speakers say and what the gate refuses all the same, because it is
/// the context of the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Where the part starts in the original report, in the unit of [`Assessment::offsets`].
    pub start: usize,
    /// Where the part ends, exclusive.
    pub end: usize,
    /// Why it did not count.
    pub reason: Reason,
}

/// Why a part of a text did not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It is no account of the writer's own sales work.
    NotAnAccount,
    /// As [`Origin::QuotedMail`].
    QuotedMail,
    /// As [`Origin::MailFrame`].
    MailFrame,
    /// As [`Origin::OtherSpeaker`].
    OtherSpeaker,
    /// As [`Origin::Repeated`].
    Repeated,
}

impl From<Origin> for Reason {
    fn from(origin: Origin) -> Self {
        match origin {
            Origin::QuotedMail => Self::QuotedMail,
            Origin::MailFrame => Self::MailFrame,
            Origin::OtherSpeaker => Self::OtherSpeaker,
            Origin::Repeated => Self::Repeated,
        }
    }
}

/// What the reader says of a sentence: that it is no evidence for a competency. The competency is then assessed as if the
/// sentence were not there. The other competencies are not affected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// The competency's id in the rubric.
    pub competency: String,
    /// Where the sentence starts in the original report, in the unit of [`Assessment::offsets`].
    pub start: usize,
    /// Where the sentence ends, exclusive.
    pub end: usize,
}

impl Objection {
    /// Returns the same objection with offsets in bytes, given one with offsets in UTF-16 code units. `None` if an offset is not
    /// that of a character of the text.
    pub fn with_byte_offsets(self, offsets: &Utf16Offsets) -> Option<Self> {
        let (start, end) = (offsets.to_byte(self.start)?, offsets.to_byte(self.end)?);
        Some(Self { start, end, ..self })
    }
}

/// One competency in one report. If the report does not show it, `level`, `likely`, `interval` and `distribution` are
/// `None` and there is no evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CompetencyAssessment {
    /// The competency's id in the rubric.
    pub id: String,
    /// Probability that the report shows the competency at all.
    #[serde(deserialize_with = "finite")]
    pub presence: f32,
    /// Expected level.
    #[serde(default, deserialize_with = "finite")]
    pub level: Option<f32>,
    /// The most likely level.
    pub likely: Option<i32>,
    /// The central 80 % interval of the level.
    #[serde(default, deserialize_with = "finite")]
    pub interval: Option<[f32; 2]>,
    /// The probability of each level, lowest first.
    #[serde(default, deserialize_with = "finite")]
    pub distribution: Option<Vec<f32>>,
    /// The evidence in text order; never empty if there is a level.
    pub evidence: Vec<Evidence>,
}

impl CompetencyAssessment {
    /// Makes the entry of a competency that the report does not show.
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

    /// Fills in the statements about a level.
    pub(super) fn show(&mut self, distribution: &LevelDistribution, interval_mass: f32) {
        self.level = Some(distribution.mean());
        self.likely = Some(distribution.mode());
        self.interval = Some(distribution.interval(interval_mass));
        self.distribution = Some(distribution.probabilities.clone());
    }
}

/// A sentence that is evidence for a competency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Where the sentence starts in the original report, in the unit of [`Assessment::offsets`].
    pub start: usize,
    /// Where the sentence ends, exclusive.
    pub end: usize,
    /// Whether the sentence shows the competency or its lack.
    pub polarity: Polarity,
    /// Probability that the sentence is evidence of that polarity.
    #[serde(deserialize_with = "finite")]
    pub probability: f32,
    /// The sentence's share of the competency's attention, from 0 to 1.
    #[serde(deserialize_with = "finite")]
    pub weight: f32,
    /// The competency's expected level if the heads did not see this sentence; `Some(None)` if it would not be shown then.
    /// `None` if it was not computed: in a long text it is known for the strongest evidence only, and an [`Objection`] to
    /// the sentence gives it.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub without: Option<Option<f32>>,
}

/// Reads a field that is there, even if it is null.
fn present<'de, D: Deserializer<'de>>(field: D) -> Result<Option<Option<f32>>, D::Error> {
    finite(field).map(Some)
}

/// Reads a number, or several, of which none is infinite: JSON has no infinity, but numbers that are too large for an f32.
fn finite<'de, D: Deserializer<'de>, T: Deserialize<'de> + Finite>(field: D) -> Result<T, D::Error> {
    let value = T::deserialize(field)?;
    if value.is_finite() { Ok(value) } else { Err(D::Error::custom("a number is too large")) }
}

/// Numbers, all of which can be checked to be finite.
trait Finite {
    fn is_finite(&self) -> bool;
}

impl Finite for f32 {
    fn is_finite(&self) -> bool {
        f32::is_finite(*self)
    }
}

impl<T: Finite> Finite for Option<T> {
    fn is_finite(&self) -> bool {
        self.as_ref().is_none_or(T::is_finite)
    }
}

impl<T: Finite> Finite for Vec<T> {
    fn is_finite(&self) -> bool {
        self.iter().all(T::is_finite)
    }
}

impl<T: Finite, const N: usize> Finite for [T; N] {
    fn is_finite(&self) -> bool {
        self.iter().all(T::is_finite)
    }
}

/// Whether evidence speaks for a competency or against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Polarity {
    /// The sentence shows the competency.
    Positive,
    /// The sentence shows a lack of it.
    Negative,
}

/// The mean over the competencies that are shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overall {
    /// The mean of the expected levels.
    #[serde(deserialize_with = "finite")]
    pub level: f32,
    /// The central 80 % interval of the mean, assuming that the mean is normally distributed and that the errors of the
    /// competencies are independent.
    #[serde(deserialize_with = "finite")]
    pub interval: [f32; 2],
    /// Number of competencies that are shown.
    pub shown: usize,
}

impl Overall {
    /// Averages some levels. Returns `None` if there are none.
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

/// Something that the reader of an assessment should know. The page finds the words for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// What the warning is about.
    pub code: WarningCode,
}

/// What a [`Warning`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningCode {
    /// The text is too short to show much.
    ShortText,
    /// The text is neither in Chinese nor in English.
    LanguageUnsupported,
    /// Many characters of the text are not in the vocabulary.
    LowCoverage,
    /// The text shows no competency.
    NothingShown,
    /// The text is no account of the writer's own sales work, so it has no levels.
    NotAnAccount,
    /// The text does not look like such an account, and has levels because its reader says that it is one.
    ClaimedAccount,
    /// Parts of the text are no such account and did not count.
    PartsLeftOut,
    /// The text is far from the texts that the model has learnt from, so the levels are less certain.
    UnfamiliarText,
}

/// How long each step took, in milliseconds; 0 if it was not measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Timings {
    /// Splitting the text into sentences and tokens.
    pub text_ms: f64,
    /// Encoding the windows.
    pub encode_ms: f64,
    /// Computing evidence and levels.
    pub score_ms: f64,
    /// All steps, from beginning to end.
    pub total_ms: f64,
}

impl Assessment {
    /// Returns the same assessment with offsets in UTF-16 code units, for the page. `report` is the text that was
    /// assessed.
    pub fn with_utf16_offsets(self, report: &str) -> Self {
        let offsets = Utf16Offsets::new(report);
        self.with_offsets(Offsets::Utf16, |byte| offsets.from_byte(byte))
    }

    /// Returns the same assessment with offsets in code points, for Python. `report` is the text that was assessed.
    pub fn with_code_point_offsets(self, report: &str) -> Self {
        let characters: Vec<usize> = report.char_indices().map(|(byte, _)| byte).collect();
        // The number of characters that begin before the byte.
        self.with_offsets(Offsets::CodePoint, |byte| characters.partition_point(|&begin| begin < byte))
    }

    /// Converts every offset from bytes to another unit. Offsets that are in another unit already stay as they are.
    fn with_offsets(mut self, unit: Offsets, convert: impl Fn(usize) -> usize) -> Self {
        if self.offsets != Offsets::Byte {
            return self;
        }
        let evidence = self.competencies.iter_mut().flat_map(|c| &mut c.evidence);
        let evidence = evidence.map(|evidence| (&mut evidence.start, &mut evidence.end));
        let parts = self.left_out.iter_mut().map(|part| (&mut part.start, &mut part.end));
        let objections =
            self.objections.iter_mut().map(|objection| (&mut objection.start, &mut objection.end));
        for (start, end) in evidence.chain(parts).chain(objections) {
            (*start, *end) = (convert(*start), convert(*end));
        }
        self.offsets = unit;
        self
    }
}
