//! L = L_MLM + L_NSP (Devlin et al. 2019), and the load-balancing loss where there are experts: the heads over the encoder's
//! states, their losses and what is counted of them.
//!
//! Whether a passage follows another is told from the means of both passages, by their difference and product (Reimers and
//! Gurevych 2019), and not from the first token: scoring reads means of sentences, so what is learnt here is learnt where it is
//! used, and a head over the first token of an encoder that was trained for means stayed at chance.

use std::collections::HashMap;

use candle_core::{D, DType, Device, Tensor};
use salesmirror::model::EncoderConfig;
use crate::autograd::{Encoder, Input, Parameters, Pass, RandomWeights, ops};

use super::masking::Masked;

const WORDS: &str = "embeddings.word_embeddings.weight";
const TRANSFORM: &str = "cls.predictions.transform.dense";
const TRANSFORM_NORM: &str = "cls.predictions.transform.LayerNorm";
const DECODER_BIAS: &str = "cls.predictions.bias";
const COMPARISON: &str = "cls.comparison.dense";
const NEXT: &str = "cls.seq_relationship";

/// Names and shapes of the heads' tensors, named as in Hugging Face's BertForPreTraining but for the comparison of passages.
pub fn heads_shapes(config: &EncoderConfig) -> Vec<(String, Vec<usize>)> {
    let hidden = config.hidden_size;
    let linear = |name: &str, outputs: usize, inputs: usize| {
        [(format!("{name}.weight"), vec![outputs, inputs]), (format!("{name}.bias"), vec![outputs])]
    };
    let mut shapes = Vec::new();
    shapes.extend(linear(TRANSFORM, hidden, hidden));
    shapes.extend(["weight", "bias"].map(|part| (format!("{TRANSFORM_NORM}.{part}"), vec![hidden])));
    shapes.push((DECODER_BIAS.to_owned(), vec![config.vocab_size]));
    shapes.extend(linear(COMPARISON, hidden, 2 * hidden));
    shapes.extend(linear(NEXT, 2, hidden));
    shapes
}

/// Whether a tensor is one of the heads' and not of the encoder.
pub fn is_head(name: &str) -> bool {
    name.starts_with("cls.")
}

/// New heads. The decoder's bias begins with how often each piece occurs, `counts`, so that the encoder need not learn it.
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

/// What the heads make of some windows.
struct Answers {
    /// [hidden tokens, vocabulary], and the tokens that are right.
    words: Option<(Tensor, Vec<u32>)>,
    /// [windows, 2]; class 0 is that the second passage follows the first.
    next: Tensor,
    follows: Vec<u32>,
}

/// The losses of a batch, each a scalar tensor that goes back to the parameters, and their values.
pub struct Losses {
    pub total: Tensor,
    pub words: f64,
    pub next: f64,
    /// 1 where all experts have the same load; nothing without experts.
    pub balance: Option<f64>,
}

/// Sums over windows, for means over many batches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    pub words: usize,
    pub words_right: usize,
    pub words_loss: f64,
    pub pairs: usize,
    pub pairs_right: usize,
    pub pairs_loss: f64,
}

pub struct Objective<'p> {
    encoder: Encoder<'p>,
    parameters: &'p Parameters,
    epsilon: f64,
    /// Whether there are embeddings for a second segment.
    segments: bool,
    balance: f64,
}

impl<'p> Objective<'p> {
    /// `balance` multiplies the load-balancing loss.
    pub fn new(config: &EncoderConfig, parameters: &'p Parameters, balance: f64) -> Self {
        Self {
            encoder: Encoder::new(config, parameters),
            parameters,
            epsilon: config.layer_norm_eps,
            segments: config.type_vocab_size > 1,
            balance,
        }
    }

    /// The losses of a batch.
    pub fn losses(&self, windows: &[Masked], pass: &mut Pass) -> candle_core::Result<Losses> {
        let answers = self.answers(windows, pass)?;
        let next = ops::cross_entropy(&answers.next, answers.follows)?;
        let value = |loss: &Tensor| loss.to_scalar::<f32>().map(f64::from);
        let mut losses = Losses { total: next.clone(), words: 0.0, next: value(&next)?, balance: None };
        if let Some((logits, ids)) = answers.words {
            let words = ops::cross_entropy(&logits, ids)?;
            losses.words = value(&words)?;
            losses.total = (losses.total + words)?;
        }
        if let Some(balance) = pass.balance()? {
            losses.balance = Some(value(&balance)?);
            losses.total = (losses.total + (balance * self.balance)?)?;
        }
        Ok(losses)
    }

    /// Adds what the heads get right of some windows, without dropout or capacity.
    pub fn count(&self, windows: &[Masked], counts: &mut Counts) -> candle_core::Result<()> {
        let answers = self.answers(windows, &mut Pass::exact())?;
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
        if let Some((logits, ids)) = answers.words {
            counts.words += ids.len();
            counts.words_right += right(&logits, &ids)?;
            counts.words_loss += loss(&logits, ids)?;
        }
        counts.pairs += answers.follows.len();
        counts.pairs_right += right(&answers.next, &answers.follows)?;
        counts.pairs_loss += loss(&answers.next, answers.follows)?;
        Ok(())
    }

    fn answers(&self, windows: &[Masked], pass: &mut Pass) -> candle_core::Result<Answers> {
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
            // With what frames them, so that neither is empty.
            let (middle, end) = (start + window.second - 1, start + window.ids.len());
            let (first, second) = (start..middle, middle..end);
            firsts.push(vec![first]);
            seconds.push(vec![second]);
            places.extend(window.hidden.iter().map(|(at, _)| (start + at) as u32));
            ids.extend(window.hidden.iter().map(|(_, id)| *id));
            start += window.ids.len();
        }
        let rows = |rows: Vec<u32>| states.index_select(&Tensor::new(rows, &Device::Cpu)?, 0);
        let (first, second) = (ops::segment_mean(&states, firsts)?, ops::segment_mean(&states, seconds)?);
        let compared = Tensor::cat(&[(&first - &second)?.abs()?, (first * second)?], 1)?;
        let next = self.linear(&self.linear(&compared, COMPARISON)?.tanh()?, NEXT)?;
        let words = match ids.is_empty() {
            true => None,
            // Only where a token is hidden: the decoder is as large as the vocabulary.
            false => {
                let get = |name: &str| self.parameters.get(name);
                let part = |part: &str| get(&format!("{TRANSFORM_NORM}.{part}"));
                let found = ops::gelu(&self.linear(&rows(places)?, TRANSFORM)?)?;
                let found = ops::layer_norm(&found, &part("weight")?, &part("bias")?, self.epsilon)?;
                Some((ops::linear(&found, &get(WORDS)?, &get(DECODER_BIAS)?)?, ids))
            }
        };
        let follows = windows.iter().map(|window| u32::from(!window.consecutive)).collect();
        Ok(Answers { words, next, follows })
    }

    fn linear(&self, x: &Tensor, name: &str) -> candle_core::Result<Tensor> {
        let part = |part: &str| self.parameters.get(&format!("{name}.{part}"));
        ops::linear(x, &part("weight")?, &part("bias")?)
    }
}
