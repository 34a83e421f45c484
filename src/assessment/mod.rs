//! Report in, assessment out.
//!
//! Owns the path from a text to an [`Assessment`]: reading it window by window, then turning the heads' logits into
//! evidence, levels and intervals by the model's calibration. Leaves sentences to [`crate::text`] and tensors to
//! [`crate::model`].

mod ordinal;
mod reading;
mod schema;

pub use ordinal::{INTERVAL_SHARE, LevelDistribution};
pub use reading::{Reading, TokenWindow, WindowMemory, encode};
pub use schema::{
    Assessment, CompetencyAssessment, Evidence, Length, ModelRef, Offsets, Overall, Polarity, SCHEMA_VERSION,
    Timings, Warning, WarningCode,
};

use candle_core::{Device, Tensor};
use candle_nn::ops::sigmoid;
use thiserror::Error;

use crate::model::{Model, ModelError, RubricRef};
use crate::text::{self, Language, TextError};

/// Texts of fewer tokens than this get a warning: a sentence or two is no account of anything.
const SHORT_TEXT_TOKENS: usize = 30;

/// Share of known characters below which a text gets a warning.
const LOW_COVERAGE: f32 = 0.8;

/// Why a text could not be assessed.
#[derive(Debug, Error)]
pub enum AssessError {
    #[error(transparent)]
    Text(#[from] TextError),
    #[error(transparent)]
    Model(#[from] ModelError),
}

impl From<candle_core::Error> for AssessError {
    fn from(error: candle_core::Error) -> Self {
        Self::Model(error.into())
    }
}

/// A loaded model that assesses reports.
pub struct Assessor {
    model: Model,
}

impl Assessor {
    /// Loads a model file that is in memory.
    pub fn from_gguf(file: &[u8]) -> Result<Self, ModelError> {
        Model::from_gguf(file).map(Self::new)
    }

    pub fn new(model: Model) -> Self {
        Self { model }
    }

    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Assesses one report; offsets in the result are bytes of `report`.
    pub fn assess(&self, report: &str) -> Result<Assessment, AssessError> {
        let mut reading = self.begin(report)?;
        reading.encode_missing(&self.model.encoder)?;
        self.finish(&reading)
    }

    /// Splits a report into windows; the caller has those that are missing encoded and then calls [`Self::finish`], so
    /// that it can share them out, show progress, or stop in between.
    pub fn begin(&self, report: &str) -> Result<Reading, AssessError> {
        let document = text::read(report)?;
        let positions = self.model.encoder.config().max_position_embeddings;
        Reading::begin(document, &self.model.tokenizer, positions)
    }

    /// Scores a report all of whose windows are encoded. Timings are the caller's to fill in.
    pub fn finish(&self, reading: &Reading) -> Result<Assessment, AssessError> {
        let Model { heads, rubric, calibration, .. } = &self.model;
        let sentences = reading.sentence_vectors()?.unsqueeze(0)?;
        let count = reading.sentences().len();
        let mask = Tensor::ones((1, count), candle_core::DType::F32, &Device::Cpu)?;
        let output = heads.forward(&sentences, &mask, &mut Ok)?;
        let evidence = sigmoid(&output.evidence)?.get(0)?.to_vec2::<f32>()?;
        let attention = output.attention.get(0)?.to_vec2::<f32>()?;
        let presence = sigmoid(&output.presence)?.get(0)?.to_vec1::<f32>()?;
        let cumulative = output.cumulative.get(0)?.to_vec2::<f32>()?;

        let mut competencies = Vec::with_capacity(rubric.competencies.len());
        let mut levels = Vec::new();
        for (c, competency) in rubric.competencies.iter().enumerate() {
            let mut assessed = CompetencyAssessment::not_shown(&competency.id, presence[c]);
            if presence[c] >= calibration.presence_threshold[c] {
                let distribution = LevelDistribution::from_cumulative_logits(
                    &cumulative[c],
                    calibration.level_temperature,
                    rubric.scale.min,
                );
                let probabilities: Vec<_> = evidence.iter().map(|e| (e[2 * c], e[2 * c + 1])).collect();
                assessed.evidence =
                    collect_evidence(reading, &probabilities, &attention[c], calibration.evidence_threshold);
                assessed.show(&distribution);
                levels.push(distribution);
            }
            competencies.push(assessed);
        }
        let coverage = reading.coverage();
        Ok(Assessment {
            schema: SCHEMA_VERSION,
            model: ModelRef { id: self.model.id.clone(), sha256: self.model.sha256.clone() },
            rubric: RubricRef::from(rubric),
            language: reading.language(),
            offsets: Offsets::Byte,
            length: reading.length(),
            coverage,
            overall: Overall::mean(&levels, &rubric.scale),
            warnings: warnings(reading, coverage, levels.is_empty()),
            competencies,
            timings: Timings::default(),
        })
    }
}

/// The sentences whose probability reaches the threshold, in text order; where none does, the one that the level
/// leans on most, for no level goes without evidence. `probabilities` are (positive, negative) a sentence.
fn collect_evidence(
    reading: &Reading,
    probabilities: &[(f32, f32)],
    attention: &[f32],
    threshold: f32,
) -> Vec<Evidence> {
    let evidence = |j: usize| {
        let (positive, negative) = probabilities[j];
        let range = &reading.sentences()[j].range;
        Evidence {
            start: range.start,
            end: range.end,
            polarity: if positive >= negative { Polarity::Positive } else { Polarity::Negative },
            probability: positive.max(negative),
            weight: attention[j],
        }
    };
    let found: Vec<_> =
        (0..probabilities.len()).map(evidence).filter(|e| e.probability >= threshold).collect();
    if !found.is_empty() {
        return found;
    }
    let heaviest = (0..attention.len()).max_by(|&a, &b| attention[a].total_cmp(&attention[b]));
    heaviest.map(evidence).into_iter().collect()
}

fn warnings(reading: &Reading, coverage: f32, nothing_shown: bool) -> Vec<Warning> {
    let unsupported = reading.language() == Language::Other;
    [
        (reading.length().tokens < SHORT_TEXT_TOKENS, WarningCode::ShortText),
        (unsupported, WarningCode::LanguageUnsupported),
        (coverage < LOW_COVERAGE, WarningCode::LowCoverage),
        (nothing_shown, WarningCode::NothingShown),
    ]
    .into_iter()
    .filter_map(|(applies, code)| applies.then_some(Warning { code }))
    .collect()
}
