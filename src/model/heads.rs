//! What is read off the encoder's sentence vectors: evidence per sentence, presence and ordinal level per competency.
//!
//! Owns the computation, for training and scoring alike (every step has a backward); leaves the loss to the trainer
//! and thresholds to the calibration.

use candle_core::{D, DType, Module, Result, Tensor};
use candle_nn::{Linear, VarBuilder, linear};

use super::HeadsConfig;

/// Added to padding's attention scores; its softmax weight is then zero in f32.
const MASKED: f64 = -1e9;

/// Numbers that describe the evidence for a competency in a report, see [`Heads::forward`].
const EVIDENCE_FEATURES: usize = 6;

/// Evidence, attention, presence and ordinal level over sentence vectors.
pub struct Heads {
    projection: Linear,
    evidence: Linear,
    /// What each competency looks for, [competencies, width].
    query: Tensor,
    summary: Linear,
    /// [competencies, summary] and [competencies].
    presence: (Tensor, Tensor),
    /// [competencies, summary]; its biases are the thresholds.
    level: Tensor,
    /// Lowest threshold and the (softplus) steps to the others, [competencies, levels - 1].
    steps: Tensor,
}

/// Logits of a batch of reports.
pub struct HeadsOutput {
    /// [documents, sentences, 2 · competencies]: at 2c the logit of positive evidence for c, at 2c + 1 of negative.
    pub evidence: Tensor,
    /// [documents, competencies, sentences]: how much each sentence counts; sums to 1 over a report's sentences.
    pub attention: Tensor,
    /// [documents, competencies]: logit that the report shows the competency at all.
    pub presence: Tensor,
    /// [documents, competencies, levels - 1]: logits of P(level > k), falling in k (Cao et al. 2020).
    pub cumulative: Tensor,
}

impl Heads {
    /// Takes the parameters from `weights`; a `VarMap` behind it makes them trainable.
    pub fn new(config: &HeadsConfig, weights: VarBuilder) -> Result<Self> {
        let &HeadsConfig { hidden, width, summary, competencies, levels } = config;
        Ok(Self {
            projection: linear(hidden, width, weights.pp("projection"))?,
            evidence: linear(width, 2 * competencies, weights.pp("evidence"))?,
            query: weights.get((competencies, width), "query")?,
            summary: linear(width + EVIDENCE_FEATURES, summary, weights.pp("summary"))?,
            presence: (
                weights.get((competencies, summary), "presence.weight")?,
                weights.get(competencies, "presence.bias")?,
            ),
            level: weights.get((competencies, summary), "level.weight")?,
            steps: weights.get((competencies, levels - 1), "level.steps")?,
        })
    }

    /// From sentence vectors [documents, sentences, hidden] and a mask [documents, sentences] (1 real, 0 padding).
    /// `drop` is the dropout of the training loop; scoring passes the identity.
    pub fn forward(
        &self,
        sentences: &Tensor,
        mask: &Tensor,
        drop: &mut dyn FnMut(Tensor) -> Result<Tensor>,
    ) -> Result<HeadsOutput> {
        let projected = drop(self.project(sentences)?)?;
        self.read(&projected, mask, drop)
    }

    /// The part of [`Self::forward`] that looks at each sentence alone: [documents, sentences, hidden] to
    /// [documents, sentences, width].
    pub fn project(&self, sentences: &Tensor) -> Result<Tensor> {
        self.projection.forward(sentences)?.gelu_erf()
    }

    /// The part of [`Self::forward`] after [`Self::project`]; a mask that leaves sentences out asks what a report would
    /// show without them.
    pub fn read(
        &self,
        projected: &Tensor,
        mask: &Tensor,
        drop: &mut dyn FnMut(Tensor) -> Result<Tensor>,
    ) -> Result<HeadsOutput> {
        let (documents, count, width) = projected.dims3()?;
        let (competencies, _) = self.query.dims2()?;
        let evidence = self.evidence.forward(projected)?;

        // [documents, competencies, sentences, 2], zero at padding.
        let probability = candle_nn::ops::sigmoid(&evidence)?
            .reshape((documents, count, competencies, 2))?
            .transpose(1, 2)?
            .broadcast_mul(&mask.reshape((documents, 1, count, 1))?)?;
        let strongest = probability.max(D::Minus1)?;

        // Attention over sentences, steered by the evidence.
        let scores = (projected
            .reshape((documents * count, width))?
            .matmul(&self.query.t()?)?
            .reshape((documents, count, competencies))?
            .transpose(1, 2)?
            / (width as f64).sqrt())?;
        let padding = ((mask.ones_like()? - mask)? * MASKED)?.unsqueeze(1)?;
        let scores = (scores + (strongest + 1e-3)?.log()?)?.broadcast_add(&padding)?;
        let attention = candle_nn::ops::softmax(&scores, D::Minus1)?;
        let attended = attention.matmul(projected)?;

        // Per competency: strongest, total and attended evidence, of either polarity.
        let features = Tensor::cat(
            &[
                probability.max(2)?,
                (probability.sum(2)? + 1.0)?.log()?,
                probability.broadcast_mul(&attention.unsqueeze(D::Minus1)?)?.sum(2)?,
            ],
            D::Minus1,
        )?;
        let summary = Tensor::cat(&[attended, features], D::Minus1)?;
        let summary = drop(self.summary.forward(&summary)?.gelu_erf()?)?;

        let presence =
            summary.broadcast_mul(&self.presence.0)?.sum(D::Minus1)?.broadcast_add(&self.presence.1)?;
        let latent = summary.broadcast_mul(&self.level)?.sum(D::Minus1)?;
        let cumulative = latent.unsqueeze(D::Minus1)?.broadcast_sub(&self.thresholds()?)?;
        Ok(HeadsOutput { evidence, attention, presence, cumulative })
    }

    /// Rising thresholds of the latent level, [competencies, levels - 1].
    pub fn thresholds(&self) -> Result<Tensor> {
        let (_, count) = self.steps.dims2()?;
        let first = self.steps.narrow(1, 0, 1)?;
        if count == 1 {
            return Ok(first);
        }
        let steps = self.steps.narrow(1, 1, count - 1)?;
        let steps = (steps.exp()? + 1.0)?.log()?.to_dtype(DType::F32)?;
        Tensor::cat(&[first, steps], 1)?.cumsum(1)
    }
}
