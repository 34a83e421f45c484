//! The BERT encoder (Devlin et al. 2019) over candle tensors: token ids in, one vector a token out.
//!
//! Owns what a layer is made of, as one candle custom op over all layers; leaves the arithmetic to [`crate::kernels`].
//! Linear weights are 4-bit on the wire and int8 panels from load on; word embeddings stay quantized, of which few
//! rows are used. Windows are encoded one behind the other, never padded, so no attention mask is needed. Of a mixture of
//! experts only the chosen ones are computed. Training the encoder is not done here.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{CpuStorage, Device, InplaceOp1, Layout, Result, Tensor};

use super::weights::Weights;
use super::{EncoderConfig, ModelError};
use crate::kernels::tile::InstructionSet;
use crate::kernels::{self, Attention, LayerNorm, Linear, QuantizedRows};

/// Rows that go through a layer's feed-forward part together; what lies between its two products then stays in the
/// second-level cache.
const BLOCK: usize = 60;

/// A BERT encoder with post-layer normalisation and exact (erf) GELU.
pub struct Encoder {
    config: EncoderConfig,
    word_embeddings: QTensor,
    layers: Arc<Layers>,
}

impl Encoder {
    /// Takes the encoder's tensors, named as in Hugging Face's BertModel; those of experts as [`ExpertsConfig`] says.
    pub fn new(config: &EncoderConfig, weights: &Weights) -> std::result::Result<Self, ModelError> {
        config.check()?;
        let hidden = config.hidden_size;
        let embeddings = weights.pp("embeddings");
        let word_embeddings =
            embeddings.pp("word_embeddings").stored((config.vocab_size, hidden), "weight")?;
        let table = |name: &str, rows: usize| embeddings.pp(name).get((rows, hidden), "weight");
        let token_type = table("token_type_embeddings", config.type_vocab_size)?.get(0)?;
        let positions =
            table("position_embeddings", config.max_position_embeddings)?.broadcast_add(&token_type)?;
        let layers = (0..config.num_hidden_layers)
            .map(|i| Layer::new(config, i, &weights.pp(format!("encoder.layer.{i}"))))
            .collect::<Result<_>>()?;
        Ok(Self {
            config: config.clone(),
            word_embeddings,
            layers: Arc::new(Layers {
                positions: positions.flatten_all()?.to_vec1()?,
                norm: norm(config, &embeddings.pp("LayerNorm"))?,
                layers,
                attention_heads: config.num_attention_heads,
                hidden,
                set: InstructionSet::fastest(),
                scratch: Mutex::default(),
            }),
        })
    }

    /// An encoder over tensors in f32, named as [`read_safetensors`] names them.
    pub fn from_tensors(
        config: &EncoderConfig,
        tensors: &HashMap<String, Tensor>,
    ) -> std::result::Result<Self, ModelError> {
        let read = |name: &str| match tensors.get(name) {
            Some(tensor) => QTensor::quantize(tensor, GgmlDType::F32),
            None => candle_core::bail!("there is no tensor {name}"),
        };
        Self::new(config, &Weights::new(&read))
    }

    pub fn config(&self) -> &EncoderConfig {
        &self.config
    }

    /// Encodes windows: the ids of each, framing ids included, to vectors of [all tokens, hidden], one window behind
    /// the other. Windows do not see each other; they only share the passes over the weights.
    ///
    /// # Errors
    /// When an id is outside the vocabulary or a window has more ids than there are positions.
    pub fn forward(&self, windows: &[&[u32]]) -> Result<Tensor> {
        let states = self.word_embeddings.embedding(&Tensor::new(windows.concat(), &Device::Cpu)?)?;
        let lengths = windows.iter().map(|ids| ids.len()).collect();
        states.inplace_op1(&Stack { layers: Arc::clone(&self.layers), lengths })?;
        Ok(states)
    }
}

/// All layers as one custom op over word embeddings, [tokens, hidden] to [tokens, hidden].
struct Stack {
    layers: Arc<Layers>,
    /// Tokens of each window.
    lengths: Vec<usize>,
}

impl InplaceOp1 for Stack {
    fn name(&self) -> &'static str {
        "bert-layers"
    }

    fn cpu_fwd(&self, storage: &mut CpuStorage, layout: &Layout) -> Result<()> {
        let (CpuStorage::F32(states), Some((begin, end))) = (storage, layout.contiguous_offsets()) else {
            candle_core::bail!("the layers need a contiguous tensor in f32");
        };
        self.layers.forward(&mut states[begin..end], &self.lengths)
    }
}

struct Layers {
    /// Position embedding plus the embedding of token type 0, [positions, hidden].
    positions: Vec<f32>,
    norm: LayerNorm,
    layers: Vec<Layer>,
    attention_heads: usize,
    hidden: usize,
    set: InstructionSet,
    /// Idle scratch memory, one for each thread that encodes at the same time.
    scratch: Mutex<Vec<Scratch>>,
}

/// Memory that is kept from window to window, so that nothing is allocated after the first.
#[derive(Default)]
struct Scratch {
    quantized: QuantizedRows,
    /// [tokens, 3 · hidden].
    projected: Vec<f32>,
    attention: Attention,
    /// [tokens, hidden].
    context: Vec<f32>,
    /// [BLOCK, intermediate].
    inner: Vec<f32>,
    /// [tokens, hidden].
    output: Vec<f32>,
    /// The experts chosen for each token, and their weights, [tokens, top_k].
    chosen: Vec<(usize, f32)>,
    /// What an expert makes of its tokens, [BLOCK, hidden].
    answers: Vec<f32>,
}

impl Layers {
    /// Runs all layers in place over the word embeddings of windows, [tokens, hidden].
    fn forward(&self, states: &mut [f32], lengths: &[usize]) -> Result<()> {
        let hidden = self.hidden;
        let mut rows = states.chunks_exact_mut(hidden);
        for &length in lengths {
            if length * hidden > self.positions.len() {
                candle_core::bail!("{length} tokens, {} positions", self.positions.len() / hidden);
            }
            for (row, position) in rows.by_ref().take(length).zip(self.positions.chunks_exact(hidden)) {
                self.norm.forward(row, position);
            }
        }
        let mut scratch = self.idle().pop().unwrap_or_default();
        for layer in &self.layers {
            layer.forward(self, &mut scratch, states, lengths);
        }
        self.idle().push(scratch);
        Ok(())
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Scratch>> {
        // Scratch memory has no state that a panic could have left broken.
        self.scratch.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

struct Layer {
    /// Query, key and value as one product, [3 · hidden, hidden].
    projection: Linear,
    attention_output: Linear,
    attention_norm: LayerNorm,
    feed_forward: FeedForward,
    output_norm: LayerNorm,
}

enum FeedForward {
    Dense(Expert),
    /// The top-2 mixture of GLaM (Du et al. 2022, arXiv:2112.06905).
    Mixture {
        /// [experts, hidden].
        gate: Vec<f32>,
        experts: Vec<Expert>,
        top_k: usize,
    },
}

/// Two linear layers with a GELU between them.
struct Expert {
    intermediate: Linear,
    output: Linear,
}

impl Layer {
    fn new(config: &EncoderConfig, index: usize, weights: &Weights) -> Result<Self> {
        let (hidden, width) = (config.hidden_size, config.intermediate_size);
        let values = |linear: &Weights, inputs: usize, outputs: usize| {
            let mut weight = linear.values((outputs, inputs), "weight")?;
            if let Some(rank) = config.adapter_rank_of(index) {
                let a = linear.values((rank, inputs), "weight.adapter.a")?;
                let b = linear.values((outputs, rank), "weight.adapter.b")?;
                kernels::add_low_rank(&mut weight, &b, &a, rank);
            }
            Ok::<_, candle_core::Error>(weight)
        };
        // Several layers of the same input become one.
        let linear = |weights: &Weights, names: &[&str], inputs: usize, outputs: usize| {
            let mut weight = Vec::with_capacity(names.len() * outputs * inputs);
            let mut bias = Vec::with_capacity(names.len() * outputs);
            for name in names {
                let linear = weights.pp(name);
                weight.extend(values(&linear, inputs, outputs)?);
                bias.extend(linear.values(outputs, "bias")?);
            }
            Ok::<_, candle_core::Error>(Linear::pack(&weight, &bias, inputs))
        };
        let expert = |weights: &Weights| {
            Ok::<_, candle_core::Error>(Expert {
                intermediate: linear(weights, &["intermediate.dense"], hidden, width)?,
                output: linear(weights, &["output.dense"], width, hidden)?,
            })
        };
        let feed_forward = match config.experts_of(index) {
            None => FeedForward::Dense(expert(weights)?),
            Some(experts) => FeedForward::Mixture {
                gate: weights.values((experts.count, hidden), "gate.weight")?,
                experts: (0..experts.count)
                    .map(|e| expert(&weights.pp(format!("experts.{e}"))))
                    .collect::<Result<_>>()?,
                top_k: experts.top_k,
            },
        };
        let projections = ["attention.self.query", "attention.self.key", "attention.self.value"];
        Ok(Self {
            projection: linear(weights, &projections, hidden, hidden)?,
            attention_output: linear(weights, &["attention.output.dense"], hidden, hidden)?,
            attention_norm: norm(config, &weights.pp("attention.output.LayerNorm"))?,
            feed_forward,
            output_norm: norm(config, &weights.pp("output.LayerNorm"))?,
        })
    }

    /// [tokens, hidden] to [tokens, hidden], in place; attention stays within each window.
    fn forward(&self, layers: &Layers, scratch: &mut Scratch, states: &mut [f32], lengths: &[usize]) {
        let &Layers { set, hidden, attention_heads, .. } = layers;
        let Scratch { quantized, projected, attention, context, output, .. } = scratch;
        let tokens = states.len() / hidden;
        context.resize(tokens * hidden, 0.0);
        output.resize(tokens * hidden, 0.0);

        quantize(quantized, states, hidden);
        projected.resize(tokens * self.projection.outputs(), 0.0);
        self.projection.forward(set, quantized, projected);
        let (mut projected, mut window) = (&projected[..], &mut context[..]);
        for &length in lengths {
            let (this, rest) = projected.split_at(length * self.projection.outputs());
            let (into, left) = window.split_at_mut(length * hidden);
            kernels::attend(set, attention, this, into, attention_heads, hidden);
            (projected, window) = (rest, left);
        }
        quantize(quantized, context, hidden);
        self.attention_output.forward(set, quantized, output);
        normalise(&self.attention_norm, output, states);

        self.feed_forward.forward(set, scratch, states, hidden);
        normalise(&self.output_norm, &scratch.output, states);
    }
}

impl FeedForward {
    /// Reads `states` and writes `scratch.output`, both [tokens, hidden].
    fn forward(&self, set: InstructionSet, scratch: &mut Scratch, states: &[f32], hidden: usize) {
        let Scratch { quantized, inner, output, chosen, answers, .. } = scratch;
        match self {
            Self::Dense(expert) => {
                for (states, output) in states.chunks(BLOCK * hidden).zip(output.chunks_mut(BLOCK * hidden)) {
                    quantize(quantized, states, hidden);
                    expert.forward(set, quantized, inner, output);
                }
            }
            Self::Mixture { gate, experts, top_k } => {
                chosen.clear();
                for row in states.chunks_exact(hidden) {
                    kernels::choose_experts(row, gate, *top_k, chosen);
                }
                output.fill(0.0);
                for (e, expert) in experts.iter().enumerate() {
                    // Which of the choices, [tokens, top_k], are for this expert.
                    let mut choices = (0..chosen.len()).filter(|&c| chosen[c].0 == e).peekable();
                    while choices.peek().is_some() {
                        let block = choices.clone().take(BLOCK);
                        let count = block.clone().count();
                        quantized.reset(count, hidden);
                        for (r, c) in block.clone().enumerate() {
                            quantized.set(r, &states[c / top_k * hidden..][..hidden]);
                        }
                        answers.resize(count * hidden, 0.0);
                        expert.forward(set, quantized, inner, answers);
                        for (answer, c) in answers.chunks_exact(hidden).zip(block) {
                            let row = &mut output[c / top_k * hidden..][..hidden];
                            row.iter_mut().zip(answer).for_each(|(y, x)| *y += chosen[c].1 * x);
                        }
                        choices.nth(count - 1);
                    }
                }
            }
        }
    }
}

impl Expert {
    /// Quantized rows of [rows, hidden] to `output`, [rows, hidden].
    fn forward(
        &self,
        set: InstructionSet,
        quantized: &mut QuantizedRows,
        inner: &mut Vec<f32>,
        output: &mut [f32],
    ) {
        let (rows, width) = (quantized.len(), self.intermediate.outputs());
        inner.resize(rows * width, 0.0);
        self.intermediate.forward(set, quantized, inner);
        quantized.reset(rows, width);
        for (r, row) in inner.chunks_exact_mut(width).enumerate() {
            kernels::gelu(row);
            quantized.set(r, row);
        }
        self.output.forward(set, quantized, output);
    }
}

fn norm(config: &EncoderConfig, weights: &Weights) -> Result<LayerNorm> {
    Ok(LayerNorm {
        weight: weights.values(config.hidden_size, "weight")?,
        bias: weights.values(config.hidden_size, "bias")?,
        epsilon: config.layer_norm_eps as f32,
    })
}

/// Quantizes rows of [tokens, width].
fn quantize(quantized: &mut QuantizedRows, values: &[f32], width: usize) {
    quantized.reset(values.len() / width, width);
    for (r, row) in values.chunks_exact(width).enumerate() {
        quantized.set(r, row);
    }
}

/// Adds `update` to `states` and normalises, row by row.
fn normalise(norm: &LayerNorm, update: &[f32], states: &mut [f32]) {
    let width = norm.weight.len();
    for (row, update) in states.chunks_exact_mut(width).zip(update.chunks_exact(width)) {
        norm.forward(row, update);
    }
}

/// Reads `model.safetensors` of a Hugging Face BERT directory as f32, names without the prefix `bert.`; tensors that
/// are no part of the encoder (pooler, task heads) are left out.
pub fn read_safetensors(path: &Path) -> std::result::Result<HashMap<String, Tensor>, ModelError> {
    let bytes = std::fs::read(path).map_err(|source| ModelError::Io { path: path.to_owned(), source })?;
    let tensors = candle_core::safetensors::load_buffer(&bytes, &Device::Cpu)
        .map_err(|e| ModelError::Corrupt(format!("{}: {e}", path.display())))?;
    let mut kept = HashMap::new();
    for (name, tensor) in tensors {
        let name = name.strip_prefix("bert.").unwrap_or(&name);
        let wanted = name.starts_with("embeddings.") || name.starts_with("encoder.");
        if wanted && name != "embeddings.position_ids" {
            kept.insert(name.to_owned(), tensor.to_dtype(candle_core::DType::F32)?);
        }
    }
    Ok(kept)
}
