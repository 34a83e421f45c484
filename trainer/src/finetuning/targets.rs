//! The targets of a batch, and the loss of the heads' outputs against them.

use candle_core::{D, Device, Result, Tensor};
use salesmirror::model::HeadsOutput;

use super::examples::Example;
use crate::data::LabelSpace;

/// How much each part of the loss counts, both in head fitting and in fine-tuning.
#[derive(clap::Args, Clone, Copy, Debug, serde::Serialize)]
pub struct LossWeights {
    /// Weight of a sentence that is evidence, relative to one that is not, because evidence is rare.
    #[arg(long, default_value_t = 3.0)]
    pub positive_weight: f64,
    /// Weight of the evidence loss, relative to the level loss, because it is a mean over many more numbers.
    #[arg(long, default_value_t = 3.0)]
    pub evidence_weight: f64,
    /// Weight of the presence loss, relative to the level loss.
    #[arg(long, default_value_t = 1.0)]
    pub presence_weight: f64,
    /// Weight of the loss of the gate, relative to the level loss.
    #[arg(long, default_value_t = 1.0)]
    pub sales_weight: f64,
    /// Weight of a text that is no account of sales work in that loss, because there are few.
    #[arg(long, default_value_t = 3.0)]
    pub other_weight: f64,
    /// Weight of the comparison of texts of one set, relative to the level loss.
    #[arg(long, default_value_t = 0.5)]
    pub contrast_weight: f64,
}

/// Weight of the squared difference of two texts of a set where both have the same level, relative to that of a pair whose levels
/// differ.
const SAME_LEVEL: f64 = 0.1;

/// The labels of a batch of reports as tensors, padded to the report with the most sentences.
pub struct Targets {
    /// `[reports, sentences]`: 1 for a sentence, 0 for padding.
    pub mask: Tensor,
    /// `[reports, sentences]`: 1 for a sentence that raters searched for evidence.
    searched: Tensor,
    /// `[reports, sentences, 2 · competencies]`: 1 where a sentence is evidence.
    evidence: Tensor,
    /// `[reports]`: 1 where presence and levels hold for the sentences that are seen.
    whole: Tensor,
    /// `[reports]`: how much each report counts.
    weight: Tensor,
    /// `[reports, competencies]`: 1 where the report shows a competency.
    present: Tensor,
    /// `[reports, competencies, levels]`: the soft target of the level; all zero where the competency is not shown.
    level: Tensor,
    /// `[reports]`: 1 where the text is an account of sales work.
    sales: Tensor,
    pairs: Vec<Pair>,
}

/// A competency of two reports of one set.
struct Pair {
    competency: usize,
    /// Indices of the reports; the first has the higher level, or the same.
    reports: [usize; 2],
    /// By how many levels it is higher.
    gap: f32,
}

impl Targets {
    pub fn new(examples: &[Example], labels: &LabelSpace) -> Result<Self> {
        let (competencies, levels) = (labels.competencies.len(), labels.levels);
        let outputs = labels.evidence_outputs();
        let count = examples.len();
        let longest = examples.iter().map(|example| example.seen.len()).max().unwrap_or(0);
        let mut mask = vec![0f32; count * longest];
        let mut searched = mask.clone();
        let mut evidence = vec![0f32; count * longest * outputs];
        let mut present = vec![0f32; count * competencies];
        let mut level = vec![0f32; count * competencies * levels];
        let mut whole = vec![0f32; count];
        let weight = examples.iter().map(|example| example.report.weight).collect();
        let mut sales = whole.clone();
        for (r, example) in examples.iter().enumerate() {
            let seen = example.seen.iter().map(|&seen| f32::from(u8::from(seen)));
            mask[r * longest..][..example.seen.len()]
                .iter_mut()
                .zip(seen)
                .for_each(|(mask, seen)| *mask = seen);
            let mut at = r * longest;
            for text in example.texts() {
                for (s, tags) in text.evidence.iter().flatten().enumerate() {
                    searched[at + s] = mask[at + s];
                    for (tag, _) in tags.iter().enumerate().filter(|(_, is_tagged)| **is_tagged) {
                        evidence[(at + s) * outputs + tag] = 1.0;
                    }
                }
                at += text.sentences();
            }
            sales[r] = f32::from(u8::from(example.report.sales));
            if !example.is_whole || !example.report.rated {
                continue;
            }
            whole[r] = 1.0;
            for (c, rated) in example.report.levels.iter().enumerate() {
                let Some(rated) = rated else { continue };
                let at = r * competencies + c;
                present[at] = 1.0;
                for (class, share) in labels.soft_target(*rated) {
                    level[at * levels + class] += share;
                }
            }
        }
        let tensor = |data: Vec<f32>, shape: &[usize]| Tensor::from_vec(data, shape, &Device::Cpu);
        Ok(Self {
            mask: tensor(mask, &[count, longest])?,
            searched: tensor(searched, &[count, longest])?,
            evidence: tensor(evidence, &[count, longest, outputs])?,
            whole: tensor(whole, &[count])?,
            weight: tensor(weight, &[count])?,
            present: tensor(present, &[count, competencies])?,
            level: tensor(level, &[count, competencies, levels])?,
            sales: tensor(sales, &[count])?,
            pairs: pairs(examples),
        })
    }

    /// Computes the loss of the heads' outputs, a scalar. It adds up the class-balanced binary cross-entropy of evidence, the
    /// binary cross-entropies of presence and of the gate, the negative log-likelihood of the ordinal level (a proper scoring
    /// rule), and the comparison of texts of one set.
    pub fn loss(&self, output: &HeadsOutput, weights: LossWeights) -> Result<Tensor> {
        let outputs = self.evidence.dim(D::Minus1)? as f64;
        let missed = softplus(&output.evidence.neg()?)?.mul(&(&self.evidence * weights.positive_weight)?)?;
        let spurious = softplus(&output.evidence)?.mul(&(1.0 - &self.evidence)?)?;
        let weighted = self.searched.broadcast_mul(&self.weight.unsqueeze(1)?)?.unsqueeze(2)?;
        let evidence = ((missed + spurious)?.broadcast_mul(&weighted)?.sum_all()?
            / ((self.searched.sum_all()? * outputs)? + 1e-6)?)?;
        let competencies = self.present.dim(1)? as f64;
        let presence = (softplus(&output.presence)? - (&output.presence * &self.present)?)?;
        let weighted = self.whole.mul(&self.weight)?.unsqueeze(1)?;
        let presence = (presence.broadcast_mul(&weighted)?.sum_all()?
            / ((self.whole.sum_all()? * competencies)? + 1e-6)?)?;
        let sales = self.sales_loss(&output.sales, weights.other_weight)?;
        let level = (level_log_probabilities(&output.cumulative)? * &self.level)?;
        let level = (level.broadcast_mul(&self.weight.reshape(((), 1, 1))?)?.sum_all()?.neg()?
            / (self.present.sum_all()? + 1e-6)?)?;
        let loss = ((evidence * weights.evidence_weight)? + (presence * weights.presence_weight)? + level)?;
        let loss = (loss + (sales * weights.sales_weight)?)?;
        match self.contrast(&output.cumulative)? {
            Some(contrast) => loss + (contrast * weights.contrast_weight)?,
            None => Ok(loss),
        }
    }

    /// Computes the binary cross-entropy of the gate's logits, `[reports]`, a scalar. A text that is no account counts `other_weight`
    /// times.
    fn sales_loss(&self, logits: &Tensor, other_weight: f64) -> Result<Tensor> {
        let missed = softplus(&logits.neg()?)?.mul(&self.sales)?;
        let others = ((1.0 - &self.sales)? * other_weight)?;
        (missed + softplus(logits)?.mul(&others)?)?.mul(&self.weight)?.mean_all()
    }

    /// Compares the latent levels of texts of one set, a scalar: the higher level should be higher by as many steps as the
    /// levels are apart (a pairwise logistic loss, Burges et al. 2005), and equal levels should be equal. `None` where the batch
    /// has no set.
    fn contrast(&self, cumulative: &Tensor) -> Result<Option<Tensor>> {
        if self.pairs.is_empty() {
            return Ok(None);
        }
        // The thresholds are the same for both texts, so the difference of the means is that of the latent levels.
        let latent = cumulative.mean(D::Minus1)?;
        let competencies = latent.dim(1)?;
        let latent = latent.flatten_all()?;
        let of = |side: usize| {
            let at: Vec<u32> =
                self.pairs.iter().map(|p| (p.reports[side] * competencies + p.competency) as u32).collect();
            latent.index_select(&Tensor::new(at, &Device::Cpu)?, 0)
        };
        let difference = (of(0)? - of(1)?)?;
        let gaps = Tensor::new(self.pairs.iter().map(|pair| pair.gap).collect::<Vec<_>>(), &Device::Cpu)?;
        let differs = Tensor::new(
            self.pairs.iter().map(|pair| f32::from(u8::from(pair.gap > 0.0))).collect::<Vec<_>>(),
            &Device::Cpu,
        )?;
        let ranked = softplus(&(gaps - &difference)?)?.mul(&differs)?;
        let same = (difference.sqr()?.mul(&(1.0 - &differs)?)? * SAME_LEVEL)?;
        Ok(Some((ranked + same)?.mean_all()?))
    }
}

/// All pairs of a competency that two whole reports of one set show.
fn pairs(examples: &[Example]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let whole: Vec<(usize, &Example)> =
        examples.iter().enumerate().filter(|(_, example)| example.is_whole).collect();
    for (i, (a, first)) in whole.iter().enumerate() {
        let Some(set) = first.report.set else { continue };
        for (b, second) in whole[i + 1..].iter().filter(|(_, second)| second.report.set == Some(set)) {
            let levels = first.report.levels.iter().zip(&second.report.levels).enumerate();
            pairs.extend(levels.filter_map(|(competency, levels)| match levels {
                (Some(one), Some(other)) if one >= other => {
                    Some(Pair { competency, reports: [*a, *b], gap: one - other })
                }
                (Some(one), Some(other)) => Some(Pair { competency, reports: [*b, *a], gap: other - one }),
                _ => None,
            }));
        }
    }
    pairs
}

/// Pads the sentence vectors of some reports, each `[sentences, hidden]`, to the longest report and stacks them into
/// `[reports, sentences, hidden]`.
pub fn pad_and_stack(vectors: &[Tensor]) -> Result<Tensor> {
    let counts = vectors.iter().map(|v| v.dim(0)).collect::<Result<Vec<_>>>()?;
    let longest = counts.iter().copied().max().unwrap_or(0);
    let padded = vectors.iter().zip(&counts).map(|(v, count)| v.pad_with_zeros(0, 0, longest - count));
    Tensor::stack(&padded.collect::<Result<Vec<_>>>()?, 0)
}

/// Computes ln(1 + eˣ) without overflow.
fn softplus(x: &Tensor) -> Result<Tensor> {
    x.relu()? + (x.abs()?.neg()?.exp()? + 1.0)?.log()?
}

/// This is added to 1 − exp(b − a), so that its logarithm stays finite where two thresholds are too close for f32.
const LEAST_STEP: f64 = 1e-6;

/// Computes ln P(level) from logits of P(level > k): `[.., levels - 1]` to `[.., levels]`.
///
/// σ(a) − σ(b) is computed as σ(a) σ(−b) (1 − exp(b − a)), in logarithms. Where the model is far off, the plain difference is
/// zero in f32, and the gradient would vanish exactly where it is needed most.
fn level_log_probabilities(cumulative: &Tensor) -> Result<Tensor> {
    let above = softplus(&cumulative.neg()?)?.neg()?;
    let below = softplus(cumulative)?.neg()?;
    let end = above.narrow(D::Minus1, 0, 1)?.zeros_like()?;
    let inner = cumulative.dim(D::Minus1)? - 1;
    let apart = (cumulative.narrow(D::Minus1, 1, inner)? - cumulative.narrow(D::Minus1, 0, inner)?)?;
    let apart = (1.0 + LEAST_STEP - apart.exp()?)?.log()?;
    Tensor::cat(&[&end, &above], D::Minus1)?
        + Tensor::cat(&[&below, &end], D::Minus1)?
        + Tensor::cat(&[&end, &apart, &end], D::Minus1)?
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computes P(level) from logits of P(level > k) by plain differences: `[.., levels - 1]` to `[.., levels]`.
    fn level_probabilities(cumulative: &Tensor) -> Result<Tensor> {
        let above = candle_nn::ops::sigmoid(cumulative)?;
        let first = above.narrow(D::Minus1, 0, 1)?;
        Tensor::cat(&[first.ones_like()?, above.clone()], D::Minus1)?
            - Tensor::cat(&[above, first.zeros_like()?], D::Minus1)?
    }

    #[test]
    fn a_level_that_is_far_off_still_has_a_gradient() {
        let logits = |values: &[f32]| candle_core::Var::new(values, &Device::Cpu).unwrap();
        let ordinary = logits(&[2.0, 0.5, -0.3, -4.0]);
        let by_logarithms =
            level_log_probabilities(&ordinary).unwrap().exp().unwrap().to_vec1::<f32>().unwrap();
        let plain = level_probabilities(&ordinary).unwrap().to_vec1::<f32>().unwrap();
        for (a, b) in by_logarithms.iter().zip(&plain) {
            assert!((a - b).abs() < 1e-5, "{by_logarithms:?} {plain:?}");
        }
        let one = logits(&[0.3]);
        let two_levels = level_log_probabilities(&one).unwrap();
        let gradient =
            two_levels.get(1).unwrap().backward().unwrap().get(&one).unwrap().to_vec1::<f32>().unwrap();
        let two_levels = two_levels.exp().unwrap().to_vec1::<f32>().unwrap();
        assert!((two_levels[0] - 0.425_557).abs() < 1e-5 && two_levels.len() == 2, "{two_levels:?}");
        assert!((gradient[0] - two_levels[0]).abs() < 1e-5, "{gradient:?}");
        let far = logits(&[60.0, 59.0, 58.0, 57.0]);
        assert_eq!(level_probabilities(&far).unwrap().to_vec1::<f32>().unwrap()[1], 0.0);
        let second = level_log_probabilities(&far).unwrap().get(1).unwrap();
        let gradient = second.backward().unwrap().get(&far).unwrap().to_vec1::<f32>().unwrap();
        assert!(gradient[1] < -0.9, "{gradient:?}");
    }
}
