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

use std::collections::{BTreeMap, BTreeSet};

use candle_core::{DType, Device, Tensor};
use candle_nn::ops::sigmoid;
use thiserror::Error;

use crate::model::{HeadsOutput, Model, ModelError, RubricRef};
use crate::text::{self, Language, TextError};

/// Texts of fewer tokens than this get a warning: a sentence or two is no account of anything.
const SHORT_TEXT_TOKENS: usize = 30;

/// Sentences, counted in each variant of a report, of which variants are scored together: memory stays bounded.
const WITHOUT_ROWS: usize = 4096;

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
        let Model { rubric, calibration, .. } = &self.model;
        let (projected, output) = self.read(reading)?;
        let evidence = sigmoid(&output.evidence)?.get(0)?.to_vec2::<f32>()?;
        let attention = output.attention.get(0)?.to_vec2::<f32>()?;
        let shown = self.shown(&output)?.pop().unwrap_or_default();
        let presence = sigmoid(&output.presence)?.get(0)?.to_vec1::<f32>()?;

        let mut competencies: Vec<_> = rubric
            .competencies
            .iter()
            .zip(&presence)
            .map(|(competency, presence)| CompetencyAssessment::not_shown(&competency.id, *presence))
            .collect();
        // Numbers of the sentences that are evidence for each competency.
        let mut found: Vec<Vec<usize>> = vec![Vec::new(); competencies.len()];
        for (c, distribution) in shown.iter().enumerate() {
            if let Some(distribution) = distribution {
                let strength = |j: usize| evidence[j][2 * c].max(evidence[j][2 * c + 1]);
                found[c] = find_evidence(strength, &attention[c], calibration.evidence_threshold);
                competencies[c].show(distribution);
            }
        }
        let without = self.without(&projected, &found.concat().into_iter().collect())?;
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
}

impl Assessor {
    /// The heads' logits for a report all of whose windows are encoded, a batch of one: what [`Self::finish`] makes its
    /// statements of, for those who judge them.
    pub fn logits(&self, reading: &Reading) -> Result<HeadsOutput, AssessError> {
        Ok(self.read(reading)?.1)
    }

    /// The heads' projected sentence vectors, [1, sentences, width], and what they say.
    fn read(&self, reading: &Reading) -> Result<(Tensor, HeadsOutput), AssessError> {
        let heads = &self.model.heads;
        let projected = heads.project(&reading.sentence_vectors()?.unsqueeze(0)?)?;
        let all = Tensor::ones((1, reading.sentences().len()), DType::F32, &Device::Cpu)?;
        let output = heads.read(&projected, &all, &mut Ok)?;
        Ok((projected, output))
    }

    /// Of each document the level of each competency, None where it is not shown.
    fn shown(&self, output: &HeadsOutput) -> Result<Vec<Vec<Option<LevelDistribution>>>, AssessError> {
        let Model { rubric, calibration, .. } = &self.model;
        let presence = sigmoid(&output.presence)?.to_vec2::<f32>()?;
        let cumulative = output.cumulative.to_vec3::<f32>()?;
        let document = |(presence, cumulative): (Vec<f32>, Vec<Vec<f32>>)| {
            let thresholds = presence.iter().zip(&calibration.presence_threshold);
            let shown = |((presence, threshold), logits): ((&f32, &f32), &Vec<f32>)| {
                let temperature = calibration.level_temperature;
                (presence >= threshold)
                    .then(|| LevelDistribution::from_cumulative_logits(logits, temperature, rubric.scale.min))
            };
            thresholds.zip(&cumulative).map(shown).collect()
        };
        Ok(presence.into_iter().zip(cumulative).map(document).collect())
    }

    /// What would be shown without each of some sentences, by the sentence's number. The heads do not see it then; the
    /// encoder has, so that its neighbours are as they were.
    fn without(
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
        for some in sentences.chunks((WITHOUT_ROWS / count).max(1)) {
            let seen = |&left_out: &usize| (0..count).map(move |j| if j == left_out { 0.0f32 } else { 1.0 });
            let mask: Vec<f32> = some.iter().flat_map(seen).collect();
            let mask = Tensor::from_vec(mask, (some.len(), count), &Device::Cpu)?;
            let projected = projected.expand((some.len(), count, width))?.contiguous()?;
            let shown = self.shown(&self.model.heads.read(&projected, &mask, &mut Ok)?)?;
            results.extend(some.iter().copied().zip(shown));
        }
        Ok(results)
    }
}

/// Numbers of the sentences whose probability reaches the threshold, in text order; where none does, the one that the
/// level leans on most, for no level goes without evidence.
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
