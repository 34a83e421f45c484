//! Assesses a report.
//!
//! This module owns the path from a text to an [`Assessment`]: a report is read window by window, texts and parts of texts
//! that are no account of the writer's own sales work are refused, and the model's calibration turns the prediction into
//! evidence, levels and intervals. Splitting into sentences, and finding out whose words they are, is left to [`crate::text`],
//! and tensors to [`crate::model`].
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
    Account, Assessment, CompetencyAssessment, Evidence, Length, ModelRef, Offsets, Overall, Part, Polarity,
    Reason, SCHEMA_VERSION, Timings, Warning, WarningCode,
};

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use candle_core::{Device, Tensor};
use thiserror::Error;

use crate::model::{Model, ModelError, Prediction, RubricRef, Variant};
use crate::text::{self, Language, Sentence, TextError, Whose};

/// Texts with fewer tokens than this get a warning: one or two sentences show little.
const SHORT_TEXT_TOKENS: usize = 30;

/// The largest number of sentences in a batch of variants of a report, so that memory stays bounded.
const VARIANT_BATCH_SENTENCES: usize = 4096;

/// The fewest sentences of a part that the gate judges alone; shorter paragraphs are joined with the next.
const PART_SENTENCES: usize = 3;

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

    /// Assesses one report. Offsets in the result count bytes of `report`. Whose words count follows from the text alone; call
    /// [`Self::begin`] to decide it.
    ///
    /// # Errors
    /// [`AssessError::Text`] if the text cannot be read.
    pub fn assess(&self, report: &str) -> Result<Assessment, AssessError> {
        let mut reading = self.begin(report, &Whose::default())?;
        reading.encode_missing(&self.model.encoder)?;
        self.finish(&reading)
    }

    /// Splits a report into windows. The caller encodes the windows that are missing and then calls [`Self::finish`],
    /// so it can distribute the work, show progress, or stop in between.
    ///
    /// # Errors
    /// [`AssessError::Text`] if the text cannot be read.
    pub fn begin(&self, report: &str, whose: &Whose) -> Result<Reading, AssessError> {
        let document = text::read(report)?;
        let positions = self.model.encoder.config().max_position_embeddings;
        Reading::begin_attributed(report, whose, document, &self.model.tokenizer, positions)
    }

    /// Predicts a report whose windows are all encoded from the sentences that are the writer's own. [`Self::finish`] first also
    /// leaves out parts that are no account of sales work.
    ///
    /// # Errors
    /// [`AssessError::Model`] if a window is not encoded.
    pub fn predict(&self, reading: &Reading) -> Result<Prediction, AssessError> {
        let projected = self.model.heads.project(&reading.sentence_vectors()?.unsqueeze(0)?)?;
        let own = own_words(reading);
        let mask = Tensor::from_slice(&own, (1, own.len()), &Device::Cpu)?;
        Ok(self.model.heads.read(&projected, &mask, &mut Ok)?.prediction()?)
    }

    /// Assesses a report whose windows are all encoded. The caller fills in the timings.
    ///
    /// # Errors
    /// [`AssessError::Model`] if a window is not encoded.
    pub fn finish(&self, reading: &Reading) -> Result<Assessment, AssessError> {
        let Model { heads, rubric, calibration, .. } = &self.model;
        let projected = heads.project(&reading.sentence_vectors()?.unsqueeze(0)?)?;
        let own = own_words(reading);
        let claimed = reading.is_claimed();
        let refused =
            if claimed { Vec::new() } else { self.refused_parts(&projected, reading.sentences(), &own)? };
        let is_refused = |j: usize| refused.iter().any(|part| part.contains(&j));
        let counted: Vec<f32> =
            own.iter().enumerate().map(|(j, own)| if is_refused(j) { 0.0 } else { *own }).collect();
        let mask = Tensor::from_vec(counted.clone(), (1, counted.len()), &Device::Cpu)?;
        let output = heads.read(&projected, &mask, &mut Ok)?;
        let attention = output.attention.get(0)?.to_vec2::<f32>()?;
        let Prediction { evidence, presence, cumulative, sales } = output.prediction()?;
        let likely = sales >= calibration.sales_threshold;
        let account = Account { probability: sales, accepted: likely || claimed };
        let unfamiliar = account.accepted && sales < calibration.familiar_threshold;
        // The calibration says little about such texts, so half of what their intervals leave out is added.
        let interval_mass = if unfamiliar {
            f32::midpoint(calibration.interval_mass, 1.0)
        } else {
            calibration.interval_mass
        };
        let shown = if account.accepted {
            self.levels_shown(&presence, &cumulative)
        } else {
            vec![None; presence.len()]
        };

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
                let strength = |j: usize| counted[j] * evidence[j][2 * c].max(evidence[j][2 * c + 1]);
                found[c] = find_evidence(strength, &attention[c], calibration.evidence_threshold);
                competencies[c].show(distribution, interval_mass);
            }
        }
        let without = self.levels_without(&projected, &counted, &found.concat().into_iter().collect())?;
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
        let left_out = left_out(reading, |j| account.accepted && is_refused(j));
        let parts_left_out = left_out.iter().any(|part| part.reason == Reason::NotAnAccount);
        Ok(Assessment {
            schema: SCHEMA_VERSION,
            model: ModelRef { id: self.model.id.clone(), sha256: self.model.sha256.clone() },
            rubric: RubricRef::from(rubric),
            language: reading.language(),
            offsets: Offsets::Byte,
            length: reading.length(),
            coverage,
            account,
            overall: Overall::mean(&levels, &rubric.scale),
            warnings: warnings(
                reading,
                &[
                    (!account.accepted, WarningCode::NotAnAccount),
                    (claimed && !likely, WarningCode::ClaimedAccount),
                    (parts_left_out, WarningCode::PartsLeftOut),
                    (unfamiliar, WarningCode::UnfamiliarText),
                    (account.accepted && levels.is_empty(), WarningCode::NothingShown),
                ],
            ),
            left_out,
            speakers: reading.speakers().to_vec(),
            competencies,
            timings: Timings::default(),
        })
    }

    /// Finds the parts of a text that are no account of the writer's own sales work, such as a pasted brochure, as ranges of
    /// sentences in text order. `own` is 1 for the writer's own sentences and 0 for the others. A text that is no account as a
    /// whole has no such parts: it is refused as a whole.
    fn refused_parts(
        &self,
        projected: &Tensor,
        sentences: &[Sentence],
        own: &[f32],
    ) -> Result<Vec<Range<usize>>, AssessError> {
        let is_own = |part: &Range<usize>| own[part.clone()].contains(&1.0);
        let parts: Vec<Range<usize>> = parts(sentences).into_iter().filter(is_own).collect();
        if parts.len() < 2 {
            return Ok(Vec::new());
        }
        let of_part = |part: &Range<usize>| {
            own.iter().enumerate().map(|(j, own)| if part.contains(&j) { *own } else { 0.0 }).collect()
        };
        let masks: Vec<Vec<f32>> = parts.iter().map(of_part).collect();
        let mut refused: Vec<Range<usize>> = Vec::new();
        for (part, output) in parts.iter().zip(self.read_masked(projected, &masks)?) {
            if output.sales < self.model.calibration.part_threshold {
                match refused.last_mut() {
                    Some(last) if last.end == part.start => last.end = part.end,
                    _ => refused.push(part.clone()),
                }
            }
        }
        let is_all = parts.iter().all(|part| refused.iter().any(|all| all.contains(&part.start)));
        Ok(if is_all { Vec::new() } else { refused })
    }

    /// Reads some variants of a report, in each of which only the sentences of a mask, `[sentences]`, are seen. The encoder has
    /// read all of them, so the vectors of their neighbours stay the same.
    fn read_masked(&self, projected: &Tensor, masks: &[Vec<f32>]) -> Result<Vec<Variant>, AssessError> {
        let (_, count, width) = projected.dims3()?;
        let mut variants = Vec::with_capacity(masks.len());
        for batch in masks.chunks((VARIANT_BATCH_SENTENCES / count).max(1)) {
            let mask = Tensor::from_vec(batch.concat(), (batch.len(), count), &Device::Cpu)?;
            let projected = projected.expand((batch.len(), count, width))?.contiguous()?;
            variants.extend(self.model.heads.read(&projected, &mask, &mut Ok)?.variants()?);
        }
        Ok(variants)
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

    /// Computes, for each of some sentences, the levels that the report would show without it. `counted` is 1 for each sentence
    /// that counts and 0 for the others.
    fn levels_without(
        &self,
        projected: &Tensor,
        counted: &[f32],
        sentences: &BTreeSet<usize>,
    ) -> Result<BTreeMap<usize, Vec<Option<LevelDistribution>>>, AssessError> {
        if counted.iter().sum::<f32>() <= 1.0 {
            // Without its only sentence there is no report.
            return Ok(BTreeMap::new());
        }
        let without = |&left_out: &usize| {
            let mut mask = counted.to_vec();
            mask[left_out] = 0.0;
            mask
        };
        let masks: Vec<Vec<f32>> = sentences.iter().map(without).collect();
        let variants = self.read_masked(projected, &masks)?;
        let levels = variants.iter().map(|variant| self.levels_shown(&variant.presence, &variant.cumulative));
        Ok(sentences.iter().copied().zip(levels).collect())
    }
}

/// Returns 1 for each sentence that is taken for the writer's own and 0 for the others.
fn own_words(reading: &Reading) -> Vec<f32> {
    (0..reading.sentences().len()).map(|j| if reading.origin(j).is_none() { 1.0 } else { 0.0 }).collect()
}

/// Lists the parts of a text that do not count, in text order, for sentences that are refused and for those of others.
fn left_out(reading: &Reading, is_refused: impl Fn(usize) -> bool) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut last = None;
    for (j, sentence) in reading.sentences().iter().enumerate() {
        let reason = match reading.origin(j) {
            Some(origin) => Some(Reason::from(origin)),
            None => is_refused(j).then_some(Reason::NotAnAccount),
        };
        if let Some(reason) = reason {
            match parts.last_mut() {
                Some(part) if last == Some(reason) => part.end = sentence.range.end,
                _ => parts.push(Part { start: sentence.range.start, end: sentence.range.end, reason }),
            }
        }
        last = reason;
    }
    parts
}

/// Splits the sentences of a text into the parts that the gate judges alone: paragraphs, joined until they have at least
/// [`PART_SENTENCES`] sentences.
fn parts(sentences: &[Sentence]) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    for (j, sentence) in sentences.iter().enumerate() {
        match parts.last_mut() {
            Some(last)
                if last.len() < PART_SENTENCES || sentences[last.end - 1].paragraph == sentence.paragraph =>
            {
                last.end = j + 1;
            }
            _ => parts.push(j..j + 1),
        }
    }
    if parts.len() > 1 && parts.last().is_some_and(|last| last.len() < PART_SENTENCES) {
        let last = parts.pop().map_or(0, |last| last.end);
        if let Some(joined) = parts.last_mut() {
            joined.end = last;
        }
    }
    parts
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

/// Collects the warnings about a text itself, and those about its assessment that apply.
fn warnings(reading: &Reading, about_assessment: &[(bool, WarningCode)]) -> Vec<Warning> {
    let about_text = [
        (reading.own_tokens() < SHORT_TEXT_TOKENS, WarningCode::ShortText),
        (reading.language() == Language::Other, WarningCode::LanguageUnsupported),
        (reading.coverage() < LOW_COVERAGE, WarningCode::LowCoverage),
    ];
    let all = about_text.iter().chain(about_assessment);
    all.filter(|(applies, _)| *applies).map(|&(_, code)| Warning { code }).collect()
}
