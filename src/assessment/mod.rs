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
//! | `parts` | which parts of a report are no account of the writer's own sales work |
//! | `views` | how the heads read a report: as a whole, without what the reader objects to, without single sentences |
//! | `ordinal` | the distribution over levels: mean, most likely level, interval, soft targets |
//! | `schema` | the JSON form of an assessment |

mod ordinal;
mod parts;
mod reading;
mod schema;
mod views;

pub use ordinal::LevelDistribution;
pub use reading::{Reading, TokenWindow, WindowMemory, encode};
pub use schema::{
    Account, Assessment, CompetencyAssessment, Evidence, Length, ModelRef, Objection, Offsets, Overall, Part,
    Polarity, Reason, SCHEMA_VERSION, Timings, Warning, WarningCode,
};
pub use views::VARIANT_SENTENCES;

use std::collections::BTreeSet;
use std::ops::Range;
#[cfg(not(target_arch = "wasm32"))]
use std::path::Path;

use candle_core::Tensor;
use thiserror::Error;

use crate::model::{Model, ModelError, Prediction, RubricRef, Variant};
use crate::text::{self, Language, Sentence, TextError, Whose};
use views::{Found, View};

/// Texts with fewer tokens than this get a warning: one or two sentences show little.
const SHORT_TEXT_TOKENS: usize = 30;

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
    /// Loads a model from its directory or from a model file, and checks its SHA-256 by the manifest.
    ///
    /// ```
    /// let assessor = salesmirror::Assessor::load("www/models/default")?;
    /// assert_eq!(assessor.model().rubric.competencies.len(), 7);
    /// # Ok::<(), salesmirror::ModelError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Model::load`].
    #[cfg(not(target_arch = "wasm32"))]
    pub fn load(path: impl AsRef<Path>) -> Result<Self, ModelError> {
        Model::load(path).map(Self::new)
    }

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
        let mut reading = self.begin(report, &Whose::default(), &[])?;
        self.encode(&mut reading)?;
        self.finish(&reading)
    }

    /// Splits a report into windows. The caller encodes the windows that are missing and calls [`Self::reread`] until that returns
    /// true, and then calls [`Self::finish`], so it can distribute the work, show progress, or stop in between; [`Self::encode`] does
    /// all of it but the last. `objections` are what the reader says is no evidence, with offsets in bytes of `report`; those that do
    /// not fit the report and the rubric are ignored.
    ///
    /// # Errors
    /// [`AssessError::Text`] if the text cannot be read.
    pub fn begin(
        &self,
        report: &str,
        whose: &Whose,
        objections: &[Objection],
    ) -> Result<Reading, AssessError> {
        let Model { encoder, tokenizer, rubric, .. } = &self.model;
        let document = text::read(report)?;
        let positions = encoder.config().max_position_embeddings;
        let mut reading = Reading::begin_attributed(report, whose, document, tokenizer, positions)?;
        reading.object(objections, rubric);
        Ok(reading)
    }

    /// Encodes every window that is missing, also those that [`Self::reread`] adds.
    ///
    /// # Errors
    /// [`AssessError::Model`] if the encoder fails.
    pub fn encode(&self, reading: &mut Reading) -> Result<(), AssessError> {
        loop {
            reading.encode_missing(&self.model.encoder)?;
            if self.reread(reading)? {
                return Ok(());
            }
        }
    }

    /// Goes on with a report whose windows are all encoded. Parts that may be no account of the writer's own sales work are to be read
    /// alone, and where some turn out to be none, the rest is to be read without them. Returns whether nothing of that is left to
    /// do; until then the caller encodes the windows that are missing, of which there may be none, and calls this again.
    ///
    /// # Errors
    /// [`AssessError::Model`] if a window is not encoded.
    pub fn reread(&self, reading: &mut Reading) -> Result<bool, AssessError> {
        parts::reread(&self.model, reading)
    }

    /// Predicts a report that [`Self::encode`] has read from the sentences that count.
    ///
    /// # Errors
    /// [`AssessError::Model`] if a window is not encoded.
    pub fn predict(&self, reading: &Reading) -> Result<Prediction, AssessError> {
        let projected = self.model.heads.project(&reading.sentence_vectors()?.unsqueeze(0)?)?;
        Ok(views::read(&self.model.heads, &projected, &counted(reading))?.prediction()?)
    }

    /// Returns, for each part of a report that [`Self::encode`] has read, the range of its sentences and the probability that it is an
    /// account of the writer's own sales work. Parts without a word of the writer's are left out, and there are none if fewer than two
    /// are left: the gate then judges the text as a whole.
    pub fn predict_parts(&self, reading: &Reading) -> Vec<(Range<usize>, f32)> {
        let parts = reading.parts().unwrap_or_default();
        parts.iter().map(|part| (part.sentences.clone(), part.sales)).collect()
    }

    /// Assesses a report that [`Self::encode`] has read. The caller fills in the timings.
    ///
    /// # Errors
    /// [`AssessError::Model`] if a window is not encoded, or [`Self::reread`] has not returned true.
    pub fn finish(&self, reading: &Reading) -> Result<Assessment, AssessError> {
        let Model { heads, rubric, calibration, .. } = &self.model;
        let projected = heads.project(&reading.sentence_vectors()?.unsqueeze(0)?)?;
        let Some(refused) = reading.refused() else {
            let problem = "it is not known yet which parts of the text are no account";
            return Err(candle_core::Error::msg(problem).into());
        };
        let counted = counted(reading);
        let claimed = reading.is_claimed();
        let objections: BTreeSet<(usize, usize)> =
            reading.objections().iter().copied().filter(|&(_, j)| counted[j] > 0.0).collect();
        let views = views::views(heads, &projected, &counted, rubric.competencies.len(), &objections)?;
        let sales = views[0].prediction.sales;
        let likely = sales >= calibration.sales_threshold;
        let account = Account { probability: sales, accepted: likely || claimed };
        let unfamiliar = account.accepted && sales < calibration.familiar_threshold;
        // The calibration says little about such texts, so half of what their intervals leave out is added.
        let interval_mass = if unfamiliar {
            f32::midpoint(calibration.interval_mass, 1.0)
        } else {
            calibration.interval_mass
        };

        let interval_mass = account.accepted.then_some(interval_mass);
        let (competencies, levels) =
            self.competencies(&projected, &views, reading.sentences(), interval_mass)?;
        let coverage = reading.coverage();
        let left_out = left_out(reading, |j| account.accepted && refused[j]);
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
            objections: objections
                .into_iter()
                .map(|(c, j)| {
                    let Range { start, end } = reading.sentences()[j].range;
                    Objection { competency: rubric.competencies[c].id.clone(), start, end }
                })
                .collect(),
            competencies,
            timings: Timings::default(),
        })
    }

    /// Says of each competency what the views of a report show, and returns the levels of those that are shown. Nothing is shown if
    /// there is no `interval_mass`, the share of the probability that an interval holds.
    fn competencies(
        &self,
        projected: &Tensor,
        views: &[View],
        sentences: &[Sentence],
        interval_mass: Option<f32>,
    ) -> Result<(Vec<CompetencyAssessment>, Vec<LevelDistribution>), AssessError> {
        let Model { heads, rubric, calibration, .. } = &self.model;
        let mut competencies = Vec::with_capacity(rubric.competencies.len());
        let mut levels = Vec::new();
        let mut found = Vec::with_capacity(rubric.competencies.len());
        for (c, competency) in rubric.competencies.iter().enumerate() {
            let at = views.iter().position(|view| view.competencies.contains(&c)).unwrap_or(0);
            let view = &views[at];
            let presence = if view.sentences > 0 { view.prediction.presence[c] } else { 0.0 };
            let mut assessment = CompetencyAssessment::not_shown(&competency.id, presence);
            let mut evidence = Vec::new();
            if let Some(interval_mass) = interval_mass.filter(|_| view.sentences > 0)
                && let Some(level) = self.level(c, presence, &view.prediction.cumulative[c])
            {
                assessment.show(&level, interval_mass);
                levels.push(level);
                evidence = find_evidence(view, c, calibration.evidence_threshold);
            }
            competencies.push(assessment);
            found.push(Found { view: at, sentences: evidence });
        }
        let without = views::without(heads, projected, views, &found)?;
        for (c, Found { view, sentences: evidence }) in found.into_iter().enumerate() {
            let level_without = |variant: &Option<Variant>| {
                let variant = variant.as_ref()?;
                Some(self.level(c, variant.presence[c], &variant.cumulative[c])?.mean())
            };
            let as_evidence = |j: usize| {
                let [positive, negative] = views[view].probabilities(j, c);
                Evidence {
                    start: sentences[j].range.start,
                    end: sentences[j].range.end,
                    polarity: if positive >= negative { Polarity::Positive } else { Polarity::Negative },
                    probability: positive.max(negative),
                    weight: views[view].attention[c][j],
                    without: without.get(&(view, j)).map(level_without),
                }
            };
            competencies[c].evidence = evidence.into_iter().map(as_evidence).collect();
        }
        Ok((competencies, levels))
    }

    /// Decodes the level of a competency from parts of a [`Prediction`]; `None` where it is not shown.
    fn level(&self, competency: usize, presence: f32, cumulative: &[f32]) -> Option<LevelDistribution> {
        let Model { rubric, calibration, .. } = &self.model;
        (presence >= calibration.presence_threshold[competency]).then(|| {
            LevelDistribution::from_cumulative_logits(
                cumulative,
                calibration.level_temperature,
                rubric.scale.min,
            )
        })
    }
}

/// Returns 1 for each sentence that counts and 0 for the others.
fn counted(reading: &Reading) -> Vec<f32> {
    (0..reading.sentences().len()).map(|j| if reading.counts(j) { 1.0 } else { 0.0 }).collect()
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

/// Returns the indices of the sentences whose probability of evidence for a competency reaches the threshold, in text order. If
/// there are none, the sentence with the most attention is returned, since every level comes with evidence.
fn find_evidence(view: &View, competency: usize, threshold: f32) -> Vec<usize> {
    let attention = &view.attention[competency];
    let is_evidence = |j: &usize| view.strength(*j, competency) >= threshold;
    let found: Vec<usize> = (0..attention.len()).filter(is_evidence).collect();
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
