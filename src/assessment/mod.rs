//! Assesses a report.
//!
//! This module owns the path from a text to an [`Assessment`]: a report is read window by window, and the model's
//! calibration turns the prediction into evidence, levels and intervals. Splitting into sentences is left to
//! [`crate::text`], and tensors to [`crate::model`].
//!
//! | module | what it owns |
//! |---|---|
//! | `reading` | a report on its way through the encoder, from windows to sentence vectors |
//! | `ordinal` | the distribution over levels: mean, most likely level, interval, soft targets |
//! | `schema` | the JSON form of an assessment |

mod ordinal;
mod reading;
mod schema;

pub use ordinal::{INTERVAL_SHARE, LevelDistribution};
pub use reading::{Reading, TokenWindow, WindowMemory, encode};
pub use schema::{
    Assessment, CompetencyAssessment, Evidence, Length, ModelRef, Offsets, Overall, Polarity, SCHEMA_VERSION,
    Timings, Warning, WarningCode,
};

use std::collections::{BTreeMap, BTreeSet};

use candle_core::{DType, Device, Tensor};
use thiserror::Error;

use crate::model::{HeadsOutput, Model, ModelError, Prediction, RubricRef};
use crate::text::{self, Language, TextError};

/// Texts with fewer tokens than this get a warning: one or two sentences show little.
const SHORT_TEXT_TOKENS: usize = 30;

/// The largest number of sentences in a batch of variants of a report, so that memory stays bounded.
const VARIANT_BATCH_SENTENCES: usize = 4096;

/// Texts get a warning if the vocabulary knows less than this share of their characters.
const LOW_COVERAGE: f32 = 0.8;

/// Why a text could not be assessed.
#[derive(Debug, Error)]
pub enum AssessError {
    /// The text is empty, too long or binary.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The model failed, which a damaged model or a bug can cause.
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
    /// Loads a model from the bytes of a model file.
    ///
    /// # Errors
    /// As [`Model::from_gguf`].
    pub fn from_gguf(file: &[u8]) -> Result<Self, ModelError> {
        Model::from_gguf(file).map(Self::new)
    }

    /// Makes an assessor from a loaded model.
    pub fn new(model: Model) -> Self {
        Self { model }
    }

    /// The model behind the assessments.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Assesses one report. Offsets in the result count bytes of `report`.
    ///
    /// # Errors
    /// [`AssessError::Text`] if the text cannot be read.
    pub fn assess(&self, report: &str) -> Result<Assessment, AssessError> {
        let mut reading = self.begin(report)?;
        reading.encode_missing(&self.model.encoder)?;
        self.finish(&reading)
    }

    /// Splits a report into windows. The caller encodes the windows that are missing and then calls [`Self::finish`],
    /// so it can distribute the work, show progress, or stop in between.
    ///
    /// # Errors
    /// [`AssessError::Text`] if the text cannot be read.
    pub fn begin(&self, report: &str) -> Result<Reading, AssessError> {
        let document = text::read(report)?;
        let positions = self.model.encoder.config().max_position_embeddings;
        Reading::begin(document, &self.model.tokenizer, positions)
    }

    /// Predicts a report whose windows are all encoded. [`Self::finish`] bases its statements on this prediction.
    ///
    /// # Errors
    /// [`AssessError::Model`] if a window is not encoded.
    pub fn predict(&self, reading: &Reading) -> Result<Prediction, AssessError> {
        Ok(self.heads_output(reading)?.1.prediction()?)
    }

    /// Assesses a report whose windows are all encoded. The caller fills in the timings.
    ///
    /// # Errors
    /// [`AssessError::Model`] if a window is not encoded.
    pub fn finish(&self, reading: &Reading) -> Result<Assessment, AssessError> {
        let Model { rubric, calibration, .. } = &self.model;
        let (projected, output) = self.heads_output(reading)?;
        let attention = output.attention.get(0)?.to_vec2::<f32>()?;
        let Prediction { evidence, presence, cumulative } = output.prediction()?;
        let shown = self.levels_shown(&presence, &cumulative);

        let mut competencies: Vec<_> = rubric
            .competencies
            .iter()
            .zip(&presence)
            .map(|(competency, presence)| CompetencyAssessment::not_shown(&competency.id, *presence))
            .collect();
        // For each competency, the indices of the sentences that are evidence for it.
        let mut found: Vec<Vec<usize>> = vec![Vec::new(); competencies.len()];
        for (c, distribution) in shown.iter().enumerate() {
            if let Some(distribution) = distribution {
                let strength = |j: usize| evidence[j][2 * c].max(evidence[j][2 * c + 1]);
                found[c] = find_evidence(strength, &attention[c], calibration.evidence_threshold);
                competencies[c].show(distribution);
            }
        }
        let without = self.levels_without(&projected, &found.concat().into_iter().collect())?;
        for (c, sentences) in found.iter().enumerate() {
            competencies[c].evidence = sentences
                .iter()
                .map(|&j| {
                    let (positive, negative) = (evidence[j][2 * c], evidence[j][2 * c + 1]);
                    let range = &reading.sentences()[j].range;
                    Evidence {
                        start: range.start,
                        end: range.end,
                        polarity: if positive >= negative { Polarity::Positive } else { Polarity::Negative },
                        probability: positive.max(negative),
                        weight: attention[c][j],
                        without: without
                            .get(&j)
                            .and_then(|shown| shown[c].as_ref())
                            .map(LevelDistribution::mean),
                    }
                })
                .collect();
        }
        let levels: Vec<LevelDistribution> = shown.into_iter().flatten().collect();
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

    /// Computes the projected sentence vectors, `[1, sentences, width]`, and the heads' outputs for them.
    fn heads_output(&self, reading: &Reading) -> Result<(Tensor, HeadsOutput), AssessError> {
        let heads = &self.model.heads;
        let projected = heads.project(&reading.sentence_vectors()?.unsqueeze(0)?)?;
        let all = Tensor::ones((1, reading.sentences().len()), DType::F32, &Device::Cpu)?;
        let output = heads.read(&projected, &all, &mut Ok)?;
        Ok((projected, output))
    }

    /// Decodes the levels of one report, `[competencies]`, from parts of a [`Prediction`]; `None` where the competency is
    /// not shown.
    fn levels_shown(&self, presence: &[f32], cumulative: &[Vec<f32>]) -> Vec<Option<LevelDistribution>> {
        let Model { rubric, calibration, .. } = &self.model;
        let thresholds = presence.iter().zip(&calibration.presence_threshold);
        let level = |((presence, threshold), logits): ((&f32, &f32), &Vec<f32>)| {
            let temperature = calibration.level_temperature;
            (presence >= threshold)
                .then(|| LevelDistribution::from_cumulative_logits(logits, temperature, rubric.scale.min))
        };
        thresholds.zip(cumulative).map(level).collect()
    }

    /// Computes, for each of some sentences, the levels that the report would show without it. Only the heads leave the
    /// sentence out: the encoder has read it, so the vectors of its neighbours stay the same.
    fn levels_without(
        &self,
        projected: &Tensor,
        sentences: &BTreeSet<usize>,
    ) -> Result<BTreeMap<usize, Vec<Option<LevelDistribution>>>, AssessError> {
        let (_, count, width) = projected.dims3()?;
        let mut results = BTreeMap::new();
        if count == 1 {
            // Without its only sentence there is no report.
            return Ok(results);
        }
        let sentences: Vec<usize> = sentences.iter().copied().collect();
        for batch in sentences.chunks((VARIANT_BATCH_SENTENCES / count).max(1)) {
            let kept = |&left_out: &usize| (0..count).map(move |j| if j == left_out { 0.0f32 } else { 1.0 });
            let mask: Vec<f32> = batch.iter().flat_map(kept).collect();
            let mask = Tensor::from_vec(mask, (batch.len(), count), &Device::Cpu)?;
            let projected = projected.expand((batch.len(), count, width))?.contiguous()?;
            let variants = self.model.heads.read(&projected, &mask, &mut Ok)?.presence_and_cumulative()?;
            for (&left_out, (presence, cumulative)) in batch.iter().zip(&variants) {
                results.insert(left_out, self.levels_shown(presence, cumulative));
            }
        }
        Ok(results)
    }
}

/// Returns the indices of the sentences whose probability of evidence reaches the threshold, in text order. If there are
/// none, the sentence with the most attention is returned, since every level comes with evidence.
fn find_evidence(probability: impl Fn(usize) -> f32, attention: &[f32], threshold: f32) -> Vec<usize> {
    let found: Vec<usize> = (0..attention.len()).filter(|&j| probability(j) >= threshold).collect();
    if !found.is_empty() {
        return found;
    }
    let heaviest = (0..attention.len()).max_by(|&a, &b| attention[a].total_cmp(&attention[b]));
    heaviest.into_iter().collect()
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
