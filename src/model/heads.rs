//! The heads: evidence per sentence, presence and ordinal level per competency, and whether the text is an account of the
//! writer's own sales work, all from the encoder's sentence vectors.
//!
//! This module owns the computation, for both training and scoring (every operation has a backward pass), and the
//! decoding of its outputs to a [`Prediction`]. The loss is left to the trainer, and thresholds and levels to
//! [`crate::assessment`].

use candle_core::{D, DType, Device, Module, Result, Tensor};
use candle_nn::ops::sigmoid;
use candle_nn::{Linear, VarBuilder, linear};
use serde::{Deserialize, Serialize};

use super::HeadsConfig;
use super::tensor_names::{self, heads as names};

/// This is added to the attention scores of padding, so that its softmax weight is zero in f32.
const MASKED: f64 = -1e9;

/// How many numbers describe a report's evidence for a competency: the strongest, total and attended evidence of both
/// polarities.
const EVIDENCE_FEATURES: usize = 6;

/// The number of attention queries whose contexts the gate compares.
pub(super) const GATE_QUERIES: usize = 4;

/// Computes evidence, attention, presence and ordinal levels from sentence vectors.
pub struct Heads {
    projection: Linear,
    evidence: Linear,
    /// The attention query of each competency, `[competencies, width]`.
    query: Tensor,
    summary: Linear,
    /// The weight, `[competencies, summary]`, and the bias, `[competencies]`.
    presence: (Tensor, Tensor),
    /// The weight of the latent level, `[competencies, summary]`. The thresholds take the place of a bias.
    level: Tensor,
    /// The lowest threshold, and the steps to the other thresholds before softplus, `[competencies, levels - 1]`.
    steps: Tensor,
    gate: Gate,
}

/// What the heads see in each sentence alone.
struct Seen {
    /// Probabilities of evidence, `[documents, competencies, sentences, 2]`.
    probability: Tensor,
    /// Attention scores before the bias towards evidence, `[documents, competencies, sentences]`.
    scores: Tensor,
}

/// What follows from the sentences of a report together, as in [`HeadsOutput`].
struct Weighed {
    attention: Tensor,
    presence: Tensor,
    cumulative: Tensor,
}

/// The head that tells an account of the writer's own sales work from any other text.
struct Gate {
    /// `[GATE_QUERIES, width]`
    query: Tensor,
    summary: Linear,
    sales: Linear,
}

/// The outputs of the heads for a batch of reports, as logits.
pub struct HeadsOutput {
    /// Logits of evidence, `[documents, sentences, 2 · competencies]`. For competency c, index 2c is positive evidence and
    /// index 2c + 1 negative evidence.
    pub evidence: Tensor,
    /// Attention weights, `[documents, competencies, sentences]`; they sum to 1 over a report's sentences.
    pub attention: Tensor,
    /// Logits that the report shows the competency at all, `[documents, competencies]`.
    pub presence: Tensor,
    /// Logits of P(level > k), which fall with k (Cao et al. 2020), `[documents, competencies, levels - 1]`.
    pub cumulative: Tensor,
    /// Logits that the text is an account of the writer's own sales work, `[documents]`.
    pub sales: Tensor,
}

impl HeadsOutput {
    /// Decodes the outputs of a batch of one report.
    ///
    /// # Errors
    /// When the batch is empty.
    pub fn prediction(&self) -> Result<Prediction> {
        Ok(Prediction {
            evidence: sigmoid(&self.evidence)?.get(0)?.to_vec2()?,
            presence: sigmoid(&self.presence)?.get(0)?.to_vec1()?,
            cumulative: self.cumulative.get(0)?.to_vec2()?,
            sales: sigmoid(&self.sales)?.get(0)?.to_scalar()?,
        })
    }
}

/// What a variant of a report shows: the part of a [`Prediction`] from which levels are decoded.
pub(crate) struct Variant {
    /// [`Prediction::presence`].
    pub presence: Vec<f32>,
    /// [`Prediction::cumulative`].
    pub cumulative: Vec<Vec<f32>>,
}

/// What the heads predict for one report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// Probabilities of evidence, `[sentences][2 · competencies]`. For competency c, index 2c is positive evidence and
    /// index 2c + 1 negative evidence.
    pub evidence: Vec<Vec<f32>>,
    /// Probability that the report shows the competency at all, `[competencies]`.
    pub presence: Vec<f32>,
    /// Logits of P(level > k), `[competencies][levels - 1]`.
    pub cumulative: Vec<Vec<f32>>,
    /// Probability that the text is an account of the writer's own sales work.
    pub sales: f32,
}

impl Heads {
    /// Takes the parameters from `weights`, named as in [`tensor_names::heads`]. They are trainable if they are
    /// variables.
    ///
    /// # Errors
    /// When a tensor is missing or has another shape.
    pub fn new(config: &HeadsConfig, weights: VarBuilder) -> Result<Self> {
        let &HeadsConfig { hidden, width, summary, competencies, levels } = config;
        Ok(Self {
            projection: linear(hidden, width, weights.pp(names::PROJECTION))?,
            evidence: linear(width, 2 * competencies, weights.pp(names::EVIDENCE))?,
            query: weights.get((competencies, width), names::QUERY)?,
            summary: linear(width + EVIDENCE_FEATURES, summary, weights.pp(names::SUMMARY))?,
            presence: (
                weights.get((competencies, summary), &tensor_names::weight(names::PRESENCE))?,
                weights.get(competencies, &tensor_names::bias(names::PRESENCE))?,
            ),
            level: weights.get((competencies, summary), names::LEVEL_WEIGHT)?,
            steps: weights.get((competencies, levels - 1), names::LEVEL_STEPS)?,
            gate: Gate {
                query: weights.get((GATE_QUERIES, width), names::GATE_QUERY)?,
                summary: linear(GATE_QUERIES * width, summary, weights.pp(names::GATE_SUMMARY))?,
                sales: linear(summary, 1, weights.pp(names::SALES))?,
            },
        })
    }

    /// Predicts one report from its sentence vectors, `[sentences, hidden]`.
    ///
    /// # Errors
    /// When there is no sentence or the vectors have another width.
    pub fn predict(&self, sentence_vectors: &Tensor) -> Result<Prediction> {
        let mask = Tensor::ones((1, sentence_vectors.dim(0)?), DType::F32, &Device::Cpu)?;
        self.forward(&sentence_vectors.unsqueeze(0)?, &mask, &mut Ok)?.prediction()
    }

    /// Computes the outputs for a batch of reports from padded sentence vectors, `[documents, sentences, hidden]`, and a
    /// mask, `[documents, sentences]`, of 1 for a sentence and 0 for padding. `drop` applies dropout in training; scoring
    /// passes the identity.
    pub fn forward(
        &self,
        sentences: &Tensor,
        mask: &Tensor,
        drop: &mut dyn FnMut(Tensor) -> Result<Tensor>,
    ) -> Result<HeadsOutput> {
        let projected = drop(self.project(sentences)?)?;
        self.read(&projected, mask, drop)
    }

    /// Computes the first part of [`Self::forward`], which looks at each sentence alone: `[documents, sentences, hidden]`
    /// to `[documents, sentences, width]`.
    pub fn project(&self, sentences: &Tensor) -> Result<Tensor> {
        self.projection.forward(sentences)?.gelu_erf()
    }

    /// Computes the second part of [`Self::forward`], after [`Self::project`]. With a mask that leaves out real sentences,
    /// the outputs are those of the report without them.
    pub fn read(
        &self,
        projected: &Tensor,
        mask: &Tensor,
        drop: &mut dyn FnMut(Tensor) -> Result<Tensor>,
    ) -> Result<HeadsOutput> {
        let evidence = self.evidence.forward(projected)?;
        let seen = self.see(projected, &evidence)?;
        let padding = padding_scores(mask)?;
        let Weighed { attention, presence, cumulative } =
            self.weigh(projected, &seen, mask, &padding, drop)?;
        let sales = self.gate.forward(projected, &padding, drop)?;
        Ok(HeadsOutput { evidence, attention, presence, cumulative, sales })
    }

    /// Computes what variants of one report show, each of which has only the sentences of its mask, `[sentences]`. What the heads
    /// see in each sentence is computed once. The results have the bits of [`Self::read`], which would not be so if several variants
    /// shared a matrix product.
    pub(crate) fn variants(&self, projected: &Tensor, masks: &[Vec<f32>]) -> Result<Vec<Variant>> {
        let seen = self.see(projected, &self.evidence.forward(projected)?)?;
        let variant = |mask: &Vec<f32>| {
            let mask = Tensor::from_slice(mask, (1, mask.len()), &Device::Cpu)?;
            let Weighed { presence, cumulative, .. } =
                self.weigh(projected, &seen, &mask, &padding_scores(&mask)?, &mut Ok)?;
            Ok(Variant {
                presence: sigmoid(&presence)?.get(0)?.to_vec1()?,
                cumulative: cumulative.get(0)?.to_vec2()?,
            })
        };
        masks.iter().map(variant).collect()
    }

    /// Computes what the heads see in each sentence alone.
    fn see(&self, projected: &Tensor, evidence: &Tensor) -> Result<Seen> {
        let (documents, count, width) = projected.dims3()?;
        let (competencies, _) = self.query.dims2()?;
        let probability = sigmoid(evidence)?.reshape((documents, count, competencies, 2))?.transpose(1, 2)?;
        let scores = (projected
            .reshape((documents * count, width))?
            .matmul(&self.query.t()?)?
            .reshape((documents, count, competencies))?
            .transpose(1, 2)?
            / (width as f64).sqrt())?;
        Ok(Seen { probability, scores })
    }

    /// Weighs the sentences of a mask, `[documents, sentences]`, against each other. `padding` are its [`padding_scores`].
    fn weigh(
        &self,
        projected: &Tensor,
        seen: &Seen,
        mask: &Tensor,
        padding: &Tensor,
        drop: &mut dyn FnMut(Tensor) -> Result<Tensor>,
    ) -> Result<Weighed> {
        let (documents, count, _) = projected.dims3()?;

        // `[documents, competencies, sentences, 2]`, zero at padding.
        let probability = seen.probability.broadcast_mul(&mask.reshape((documents, 1, count, 1))?)?;
        let strongest = probability.max(D::Minus1)?;

        // Attention over sentences, biased towards evidence. Its square, here and in the total below, keeps many sentences that
        // each say almost nothing from outweighing a few that say something: a report does not change when it gets longer.
        let scores = (&seen.scores + ((strongest + 1e-3)?.log()? * 2.0)?)?.broadcast_add(padding)?;
        let attention = candle_nn::ops::softmax(&scores, D::Minus1)?;
        let attended = attention.matmul(projected)?;

        // For each competency and polarity: the strongest, total and attended evidence.
        let features = Tensor::cat(
            &[
                probability.max(2)?,
                (probability.sqr()?.sum(2)? + 1.0)?.log()?,
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
        Ok(Weighed { attention, presence, cumulative })
    }

    /// Computes [`HeadsOutput::sales`] alone, from the output of [`Self::project`].
    pub fn gate(
        &self,
        projected: &Tensor,
        mask: &Tensor,
        drop: &mut dyn FnMut(Tensor) -> Result<Tensor>,
    ) -> Result<Tensor> {
        self.gate.forward(projected, &padding_scores(mask)?, drop)
    }

    /// Computes the thresholds of the latent level, which rise from level to level, `[competencies, levels - 1]`.
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

/// Computes what is added to attention scores so that padding gets no attention, `[documents, 1, sentences]`, from a mask,
/// `[documents, sentences]`.
fn padding_scores(mask: &Tensor) -> Result<Tensor> {
    ((mask.ones_like()? - mask)? * MASKED)?.unsqueeze(1)
}

impl Gate {
    /// Computes logits, `[documents]`, from `[documents, sentences, width]` and what is added to the attention scores of
    /// padding, `[documents, 1, sentences]`.
    fn forward(
        &self,
        projected: &Tensor,
        padding: &Tensor,
        drop: &mut dyn FnMut(Tensor) -> Result<Tensor>,
    ) -> Result<Tensor> {
        let (documents, count, width) = projected.dims3()?;
        let scores = (projected
            .reshape((documents * count, width))?
            .matmul(&self.query.t()?)?
            .reshape((documents, count, GATE_QUERIES))?
            .transpose(1, 2)?
            / (width as f64).sqrt())?;
        let attention = candle_nn::ops::softmax(&scores.broadcast_add(padding)?, D::Minus1)?;
        let contexts = attention.matmul(projected)?.reshape((documents, GATE_QUERIES * width))?;
        let summary = drop(self.summary.forward(&contexts)?.gelu_erf()?)?;
        self.sales.forward(&summary)?.squeeze(D::Minus1)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    /// Heads for one competency whose projection keeps a vector of two numbers. The first number speaks for evidence; a vector
    /// without it is evidence of nothing.
    fn heads() -> Heads {
        let config = HeadsConfig { hidden: 2, width: 2, summary: 1, competencies: 1, levels: 3 };
        let tensor =
            |values: &[f32], shape: &[usize]| Tensor::from_slice(values, shape, &Device::Cpu).unwrap();
        let tensors = HashMap::from([
            ("projection.weight", tensor(&[1.0, 0.0, 0.0, 1.0], &[2, 2])),
            ("projection.bias", tensor(&[0.0, 0.0], &[2])),
            ("evidence.weight", tensor(&[6.0, -2.0, 0.0, 0.0], &[2, 2])),
            ("evidence.bias", tensor(&[-5.0, -5.0], &[2])),
            ("query", tensor(&[0.0, 0.0], &[1, 2])),
            ("summary.weight", tensor(&[1.0; 8], &[1, 8])),
            ("summary.bias", tensor(&[0.0], &[1])),
            ("presence.weight", tensor(&[1.0], &[1, 1])),
            ("presence.bias", tensor(&[-1.0], &[1])),
            ("level.weight", tensor(&[1.0], &[1, 1])),
            ("level.steps", tensor(&[0.0, 1.0], &[1, 2])),
            ("gate.query", tensor(&[0.5; 8], &[4, 2])),
            ("gate.summary.weight", tensor(&[0.5; 8], &[1, 8])),
            ("gate.summary.bias", tensor(&[0.0], &[1])),
            ("gate.sales.weight", tensor(&[1.0], &[1, 1])),
            ("gate.sales.bias", tensor(&[0.0], &[1])),
        ]);
        let tensors = tensors.into_iter().map(|(name, tensor)| (name.to_owned(), tensor)).collect();
        Heads::new(&config, VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu)).unwrap()
    }

    fn predict(sentences: &[[f32; 2]]) -> Prediction {
        let vectors = Tensor::from_slice(sentences.as_flattened(), (sentences.len(), 2), &Device::Cpu);
        heads().predict(&vectors.unwrap()).unwrap()
    }

    #[test]
    fn sentences_that_show_nothing_do_not_dilute_a_report() {
        let short = predict(&[[1.5, 0.0], [0.0, 1.0]]);
        let mut sentences = vec![[0.0, 1.0]; 300];
        sentences[150] = [1.5, 0.0];
        let long = predict(&sentences);
        assert!((short.presence[0] - long.presence[0]).abs() < 0.02, "{short:?} {}", long.presence[0]);
        let difference = short.cumulative[0][0] - long.cumulative[0][0];
        assert!(difference.abs() < 0.1, "{difference}");
        let nothing = predict(&vec![[0.0, 1.0]; 300]);
        assert!(
            nothing.presence[0] < 0.45 && short.presence[0] > 0.7,
            "{} {}",
            nothing.presence[0],
            short.presence[0]
        );
    }

    #[test]
    fn a_mask_leaves_a_sentence_out_of_everything() {
        let heads = heads();
        let all = Tensor::new(&[[[1.5f32, 0.0], [0.0, 1.0], [0.3, 0.7]]], &Device::Cpu).unwrap();
        let mask = Tensor::new(&[[1f32, 0.0, 1.0]], &Device::Cpu).unwrap();
        let masked = heads.forward(&all, &mask, &mut Ok).unwrap().prediction().unwrap();
        let alone = predict(&[[1.5, 0.0], [0.3, 0.7]]);
        assert!(
            (masked.sales - alone.sales).abs() < 1e-6
                && (masked.presence[0] - alone.presence[0]).abs() < 1e-6
        );
        assert!((masked.cumulative[0][1] - alone.cumulative[0][1]).abs() < 1e-5);
    }
}
