//! The pretraining heads on top of the encoder's states, with their losses, L = L_MLM + L_NSP (Devlin et al. 2019), and
//! accuracies.
//!
//! Next sentence prediction does not read the first token. Instead it compares the mean vectors of both passages by their
//! difference and product (Reimers and Gurevych 2019). Scoring also reads mean vectors, so pretraining trains what scoring
//! uses; and on an encoder that had been trained for means, a head over the first token stayed at chance level.

use std::collections::HashMap;

use candle_core::{D, DType, Device, Tensor};
use salesmirror::model::{EncoderConfig, tensor_names};

use super::masking::Masked;
use crate::autograd::{Encoder, Input, Parameters, Pass, RandomWeights, ops};

const TRANSFORM: &str = "cls.predictions.transform.dense";
const TRANSFORM_NORM: &str = "cls.predictions.transform.LayerNorm";
const DECODER_BIAS: &str = "cls.predictions.bias";
const COMPARISON: &str = "cls.comparison.dense";
const NEXT: &str = "cls.seq_relationship";

/// Returns the names and shapes of the heads' tensors. The names are those of Hugging Face's `BertForPreTraining`, except for
/// the comparison of passages.
pub fn heads_shapes(config: &EncoderConfig) -> Vec<(String, Vec<usize>)> {
    let hidden = config.hidden_size;
    let linear = |name: &str, outputs: usize, inputs: usize| {
        [(tensor_names::weight(name), vec![outputs, inputs]), (tensor_names::bias(name), vec![outputs])]
    };
    let mut shapes = Vec::new();
    shapes.extend(linear(TRANSFORM, hidden, hidden));
    let norm = [tensor_names::weight(TRANSFORM_NORM), tensor_names::bias(TRANSFORM_NORM)];
    shapes.extend(norm.map(|name| (name, vec![hidden])));
    shapes.push((DECODER_BIAS.to_owned(), vec![config.vocab_size]));
    shapes.extend(linear(COMPARISON, hidden, 2 * hidden));
    shapes.extend(linear(NEXT, 2, hidden));
    shapes
}

/// Whether a tensor belongs to the heads rather than to the encoder.
pub fn is_head(name: &str) -> bool {
    name.starts_with("cls.")
}

/// Makes initial heads. The decoder's bias starts at the logarithm of each piece's smoothed relative frequency in `counts`, so
/// that the encoder does not have to learn it.
pub fn new_heads(
    config: &EncoderConfig,
    counts: &[u64],
    seed: u64,
) -> candle_core::Result<HashMap<String, Tensor>> {
    let mut heads = RandomWeights::new(seed);
    heads.linear(TRANSFORM, config.hidden_size, config.hidden_size)?;
    heads.norm(TRANSFORM_NORM, config.hidden_size)?;
    heads.linear(COMPARISON, config.hidden_size, 2 * config.hidden_size)?;
    heads.linear(NEXT, 2, config.hidden_size)?;
    let total = counts.iter().sum::<u64>() + counts.len() as u64;
    let bias: Vec<f32> =
        counts.iter().map(|&count| ((count + 1) as f64 / total as f64).ln() as f32).collect();
    heads.tensors.insert(DECODER_BIAS.to_owned(), Tensor::new(bias, &Device::Cpu)?);
    Ok(heads.tensors)
}

/// The outputs of the heads for some windows, with their targets.
struct Outputs {
    /// Logits of the masked tokens, `[masked tokens, vocabulary]`, and the ids of these tokens; `None` if none is masked.
    mlm: Option<(Tensor, Vec<u32>)>,
    /// Logits, `[windows, 2]`; class 0 means that the second passage follows the first.
    nsp: Tensor,
    /// The class of each window.
    nsp_targets: Vec<u32>,
}

/// The losses of a batch.
pub struct Losses {
    /// A scalar whose gradients flow back to the parameters.
    pub total: Tensor,
    pub mlm: f64,
    pub nsp: f64,
    /// The load-balancing loss, which is 1 if all experts have the same load; `None` without experts.
    pub balance: Option<f64>,
}

/// Counts of correct predictions and sums of losses over windows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Accuracy {
    /// The number of masked tokens, of those predicted correctly, and the summed cross-entropy.
    pub masked: usize,
    masked_right: usize,
    masked_loss: f64,
    /// The number of pairs of passages, of those classified correctly, and the summed cross-entropy.
    pub pairs: usize,
    pairs_right: usize,
    pairs_loss: f64,
}

impl Accuracy {
    /// Returns the mean cross-entropy per masked token, in nats.
    pub fn mlm_loss(&self) -> f64 {
        self.masked_loss / self.masked.max(1) as f64
    }

    /// Returns the share of masked tokens that were predicted correctly.
    pub fn mlm_accuracy(&self) -> f64 {
        self.masked_right as f64 / self.masked.max(1) as f64
    }

    /// Returns the mean cross-entropy per pair, in nats.
    pub fn nsp_loss(&self) -> f64 {
        self.pairs_loss / self.pairs.max(1) as f64
    }

    /// Returns the share of pairs that were classified correctly.
    pub fn nsp_accuracy(&self) -> f64 {
        self.pairs_right as f64 / self.pairs.max(1) as f64
    }
}

/// The encoder with both heads.
pub struct PretrainingHeads<'p> {
    encoder: Encoder<'p>,
    parameters: &'p Parameters,
    epsilon: f64,
    /// Whether the encoder has an embedding for a second segment.
    segments: bool,
    balance: f64,
}

impl<'p> PretrainingHeads<'p> {
    /// Puts both heads on an encoder. `balance` is the weight of the load-balancing loss.
    pub fn new(config: &EncoderConfig, parameters: &'p Parameters, balance: f64) -> Self {
        Self {
            encoder: Encoder::new(config, parameters),
            parameters,
            epsilon: config.layer_norm_eps,
            segments: config.type_vocab_size > 1,
            balance,
        }
    }

    /// Computes the losses of a batch.
    pub fn losses(&self, windows: &[Masked], pass: &mut Pass) -> candle_core::Result<Losses> {
        let outputs = self.forward(windows, pass)?;
        let nsp = ops::cross_entropy(&outputs.nsp, outputs.nsp_targets)?;
        let value = |loss: &Tensor| loss.to_scalar::<f32>().map(f64::from);
        let mut losses = Losses { total: nsp.clone(), mlm: 0.0, nsp: value(&nsp)?, balance: None };
        if let Some((logits, ids)) = outputs.mlm {
            let mlm = ops::cross_entropy(&logits, ids)?;
            losses.mlm = value(&mlm)?;
            losses.total = (losses.total + mlm)?;
        }
        if let Some(balance) = pass.balance()? {
            losses.balance = Some(value(&balance)?);
            losses.total = (losses.total + (balance * self.balance)?)?;
        }
        Ok(losses)
    }

    /// Evaluates some windows without dropout or a capacity limit, and adds the results to `accuracy`.
    pub fn count(&self, windows: &[Masked], accuracy: &mut Accuracy) -> candle_core::Result<()> {
        let outputs = self.forward(windows, &mut Pass::exact())?;
        let right = |logits: &Tensor, classes: &[u32]| {
            let best = logits.argmax(D::Minus1)?.to_dtype(DType::U32)?.to_vec1::<u32>()?;
            candle_core::Result::Ok(best.iter().zip(classes).filter(|(a, b)| a == b).count())
        };
        let loss = |logits: &Tensor, classes: Vec<u32>| {
            let count = classes.len() as f64;
            candle_core::Result::Ok(
                count * f64::from(ops::cross_entropy(logits, classes)?.to_scalar::<f32>()?),
            )
        };
        if let Some((logits, ids)) = outputs.mlm {
            accuracy.masked += ids.len();
            accuracy.masked_right += right(&logits, &ids)?;
            accuracy.masked_loss += loss(&logits, ids)?;
        }
        accuracy.pairs += outputs.nsp_targets.len();
        accuracy.pairs_right += right(&outputs.nsp, &outputs.nsp_targets)?;
        accuracy.pairs_loss += loss(&outputs.nsp, outputs.nsp_targets)?;
        Ok(())
    }

    fn forward(&self, windows: &[Masked], pass: &mut Pass) -> candle_core::Result<Outputs> {
        let inputs: Vec<Input> = windows
            .iter()
            .map(|window| match self.segments {
                true => Input { ids: &window.ids, second: window.second },
                false => Input::single(&window.ids),
            })
            .collect();
        let states = self.encoder.forward(&inputs, pass)?;
        let (mut firsts, mut seconds, mut start) = (Vec::new(), Vec::new(), 0);
        let (mut places, mut ids) = (Vec::new(), Vec::new());
        for window in windows {
            // Each passage includes its framing tokens, so that neither is empty.
            let (middle, end) = (start + window.second - 1, start + window.ids.len());
            let (first, second) = (start..middle, middle..end);
            firsts.push(vec![first]);
            seconds.push(vec![second]);
            places.extend(window.masked.iter().map(|(at, _)| (start + at) as u32));
            ids.extend(window.masked.iter().map(|(_, id)| *id));
            start += window.ids.len();
        }
        let (first, second) = (ops::segment_mean(&states, firsts)?, ops::segment_mean(&states, seconds)?);
        let compared = Tensor::cat(&[(&first - &second)?.abs()?, (first * second)?], 1)?;
        let nsp = self.linear(&self.linear(&compared, COMPARISON)?.tanh()?, NEXT)?;
        let mlm = match ids.is_empty() {
            true => None,
            false => Some((self.decode(&states, places)?, ids)),
        };
        let nsp_targets = windows.iter().map(|window| u32::from(!window.consecutive)).collect();
        Ok(Outputs { mlm, nsp, nsp_targets })
    }

    /// Computes the logits of the tokens at some positions, `[positions, vocabulary]`. Only masked positions are decoded,
    /// because the decoder is as large as the vocabulary.
    fn decode(&self, states: &Tensor, places: Vec<u32>) -> candle_core::Result<Tensor> {
        let norm = |name: String| self.parameters.get(&name);
        let rows = states.index_select(&Tensor::new(places, &Device::Cpu)?, 0)?;
        let rows = ops::gelu(&self.linear(&rows, TRANSFORM)?)?;
        let (weight, bias) =
            (norm(tensor_names::weight(TRANSFORM_NORM))?, norm(tensor_names::bias(TRANSFORM_NORM))?);
        let rows = ops::layer_norm(&rows, &weight, &bias, self.epsilon)?;
        let words = self.parameters.get(tensor_names::WORD_EMBEDDINGS)?;
        ops::linear(&rows, &words, &self.parameters.get(DECODER_BIAS)?)
    }

    fn linear(&self, x: &Tensor, name: &str) -> candle_core::Result<Tensor> {
        let get = |name: String| self.parameters.get(&name);
        ops::linear(x, &get(tensor_names::weight(name))?, &get(tensor_names::bias(name))?)
    }
}
