//! The BERT encoder (Devlin et al. 2019) on candle tensors, which turns token ids into one vector per token.
//!
//! This module owns the structure of a layer, as one candle custom op over all layers. The arithmetic is left to
//! [`crate::kernels`], and training the encoder to the trainer.
//!
//! Linear weights are stored in 4 bits and become int8 panels when they are loaded. Word embeddings stay quantized,
//! since a text uses few of their rows. Windows are concatenated and never padded, so no attention mask is needed. In a
//! mixture of experts, only the chosen experts are computed.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{CpuStorage, DType, Device, InplaceOp1, Layout, Result, Tensor};

use super::tensor_names as names;
use super::weights::Weights;
use super::{EncoderConfig, ModelError};
use crate::kernels::tile::InstructionSet;
use crate::kernels::{self, Attention, LayerNorm, Linear, QuantizedRows};

/// The number of rows that go through a feed-forward part together. It is so small that the values between its two
/// products stay in the second-level cache.
const BLOCK: usize = 60;

/// A BERT encoder with layer normalization after each residual connection, and the erf form of GELU.
pub struct Encoder {
    config: EncoderConfig,
    word_embeddings: QTensor,
    layers: Arc<Layers>,
}

impl Encoder {
    /// Loads the encoder's tensors, named as in [`tensor_names`](super::tensor_names).
    ///
    /// # Errors
    /// When the configuration fails [`EncoderConfig::check`], or a tensor is missing or has another shape.
    pub fn new(config: &EncoderConfig, weights: &Weights) -> std::result::Result<Self, ModelError> {
        config.check()?;
        let hidden = config.hidden_size;
        let word_embeddings = weights.stored((config.vocab_size, hidden), names::WORD_EMBEDDINGS)?;
        let token_types = weights.get((config.type_vocab_size, hidden), names::TOKEN_TYPE_EMBEDDINGS)?;
        let positions = weights.get((config.max_position_embeddings, hidden), names::POSITION_EMBEDDINGS)?;
        let positions = positions.broadcast_add(&token_types.get(0)?)?;
        let layers =
            (0..config.num_hidden_layers).map(|i| Layer::new(config, i, weights)).collect::<Result<_>>()?;
        Ok(Self {
            config: config.clone(),
            word_embeddings,
            layers: Arc::new(Layers {
                positions: positions.flatten_all()?.to_vec1()?,
                norm: norm(config, weights, names::EMBEDDINGS_NORM)?,
                layers,
                attention_heads: config.num_attention_heads,
                hidden,
                set: InstructionSet::fastest(),
                scratch: Mutex::default(),
            }),
        })
    }

    /// Makes an encoder from tensors in f32, named as in [`tensor_names`](super::tensor_names).
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn from_tensors(
        config: &EncoderConfig,
        tensors: &HashMap<String, Tensor>,
    ) -> std::result::Result<Self, ModelError> {
        let read = |name: &str| match tensors.get(name) {
            Some(tensor) => QTensor::quantize(tensor, GgmlDType::F32),
            None => candle_core::bail!("the tensor {name} is missing"),
        };
        Self::new(config, &Weights::new(&read))
    }

    /// Returns the shapes of the encoder.
    pub fn config(&self) -> &EncoderConfig {
        &self.config
    }

    /// Encodes windows to the vectors of their tokens, `[tokens, hidden]`, one window after the other. Each window is
    /// given by its token ids, including the framing ids. Windows do not attend to each other; they only share the
    /// passes over the weights.
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

/// All layers as one in-place custom op over word embeddings, `[tokens, hidden]`.
struct Stack {
    layers: Arc<Layers>,
    /// The number of tokens in each window.
    lengths: Vec<usize>,
}

impl InplaceOp1 for Stack {
    fn name(&self) -> &'static str {
        "bert-layers"
    }

    fn cpu_fwd(&self, storage: &mut CpuStorage, layout: &Layout) -> Result<()> {
        let (CpuStorage::F32(states), Some((begin, end))) = (storage, layout.contiguous_offsets()) else {
            candle_core::bail!("the layers need a contiguous f32 tensor");
        };
        self.layers.forward(&mut states[begin..end], &self.lengths)
    }
}

struct Layers {
    /// Position embeddings plus the embedding of token type 0, `[positions, hidden]`.
    positions: Vec<f32>,
    norm: LayerNorm,
    layers: Vec<Layer>,
    attention_heads: usize,
    hidden: usize,
    set: InstructionSet,
    /// Idle scratch memory, one for each thread that has encoded at the same time as others.
    scratch: Mutex<Vec<Scratch>>,
}

/// Working memory that is kept from call to call, so that nothing is allocated after the first.
#[derive(Default)]
struct Scratch {
    quantized: QuantizedRows,
    /// `[tokens, 3 · hidden]`.
    projected: Vec<f32>,
    attention: Attention,
    /// `[tokens, hidden]`.
    context: Vec<f32>,
    /// `[BLOCK, intermediate]`.
    inner: Vec<f32>,
    /// `[tokens, hidden]`.
    output: Vec<f32>,
    /// The experts chosen for each token, and their weights, `[tokens, top_k]`.
    chosen: Vec<(usize, f32)>,
    /// The outputs of one expert, `[BLOCK, hidden]`.
    answers: Vec<f32>,
}

impl Layers {
    /// Runs all layers in place over the word embeddings of windows, `[tokens, hidden]`. `lengths` holds the number of
    /// tokens in each window.
    fn forward(&self, states: &mut [f32], lengths: &[usize]) -> Result<()> {
        let hidden = self.hidden;
        let mut rows = states.chunks_exact_mut(hidden);
        for &length in lengths {
            if length * hidden > self.positions.len() {
                let positions = self.positions.len() / hidden;
                candle_core::bail!("a window has {length} tokens, but the encoder has {positions} positions");
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
        // A panic cannot leave scratch memory in a broken state: every call overwrites it.
        self.scratch.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

struct Layer {
    /// Query, key and value as one layer, `[3 · hidden, hidden]`.
    projection: Linear,
    attention_output: Linear,
    attention_norm: LayerNorm,
    feed_forward: FeedForward,
    output_norm: LayerNorm,
}

enum FeedForward {
    Dense(Expert),
    /// A mixture of experts (GLaM, Du et al. 2022, arXiv:2112.06905).
    Mixture {
        /// `[experts, hidden]`.
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
        // Merging low-rank adapters into their weights here costs nothing later.
        let values = |module: &str, inputs: usize, outputs: usize| {
            let name = names::weight(module);
            let mut weight = weights.values((outputs, inputs), &name)?;
            if let Some(rank) = config.adapter_rank_of(index) {
                let a = weights.values((rank, inputs), &names::adapter_a(&name))?;
                let b = weights.values((outputs, rank), &names::adapter_b(&name))?;
                kernels::add_low_rank(&mut weight, &b, &a, rank);
            }
            Ok::<_, candle_core::Error>(weight)
        };
        // Several modules with the same input become one layer.
        let linear = |parent: &str, modules: &[&str], inputs: usize, outputs: usize| {
            let mut weight = Vec::with_capacity(modules.len() * outputs * inputs);
            let mut bias = Vec::with_capacity(modules.len() * outputs);
            for module in modules {
                let module = names::within(parent, module);
                weight.extend(values(&module, inputs, outputs)?);
                bias.extend(weights.values(outputs, &names::bias(&module))?);
            }
            Ok::<_, candle_core::Error>(Linear::pack(&weight, &bias, inputs))
        };
        let expert = |parent: &str| {
            Ok::<_, candle_core::Error>(Expert {
                intermediate: linear(parent, &[names::INTERMEDIATE], hidden, width)?,
                output: linear(parent, &[names::OUTPUT], width, hidden)?,
            })
        };
        let layer = names::layer(index);
        let feed_forward = match config.experts_of(index) {
            None => FeedForward::Dense(expert(&layer)?),
            Some(experts) => FeedForward::Mixture {
                gate: weights.values((experts.count, hidden), &names::gate(index))?,
                experts: (0..experts.count)
                    .map(|e| expert(&names::expert(index, e)))
                    .collect::<Result<_>>()?,
                top_k: experts.top_k,
            },
        };
        Ok(Self {
            projection: linear(&layer, &names::QUERY_KEY_VALUE, hidden, hidden)?,
            attention_output: linear(&layer, &[names::ATTENTION_OUTPUT], hidden, hidden)?,
            attention_norm: norm(config, weights, &names::within(&layer, names::ATTENTION_NORM))?,
            feed_forward,
            output_norm: norm(config, weights, &names::within(&layer, names::OUTPUT_NORM))?,
        })
    }

    /// Replaces `states`, `[tokens, hidden]`, by the layer's output. Attention stays within each window.
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
        add_and_normalize(&self.attention_norm, output, states);

        self.feed_forward.forward(set, scratch, states, hidden);
        add_and_normalize(&self.output_norm, &scratch.output, states);
    }
}

impl FeedForward {
    /// Computes `scratch.output` from `states`, both `[tokens, hidden]`.
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
                    // Positions in `chosen`, [tokens, top_k], that name this expert.
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
    /// Computes `output`, `[rows, hidden]`, from quantized rows of width hidden.
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

fn norm(config: &EncoderConfig, weights: &Weights, module: &str) -> Result<LayerNorm> {
    Ok(LayerNorm {
        weight: weights.values(config.hidden_size, &names::weight(module))?,
        bias: weights.values(config.hidden_size, &names::bias(module))?,
        epsilon: config.layer_norm_eps as f32,
    })
}

/// Quantizes the rows of `values`, `[tokens, width]`.
fn quantize(quantized: &mut QuantizedRows, values: &[f32], width: usize) {
    quantized.reset(values.len() / width, width);
    for (r, row) in values.chunks_exact(width).enumerate() {
        quantized.set(r, row);
    }
}

/// Adds `update` to `states`, both `[tokens, width]`, and normalizes each row.
fn add_and_normalize(norm: &LayerNorm, update: &[f32], states: &mut [f32]) {
    let width = norm.weight.len();
    for (row, update) in states.chunks_exact_mut(width).zip(update.chunks_exact(width)) {
        norm.forward(row, update);
    }
}

/// Reads the encoder from the `model.safetensors` of a Hugging Face BERT directory as f32, with names as in
/// [`tensor_names`](super::tensor_names). Tensors outside the encoder (pooler, task heads) are left out.
///
/// # Errors
/// When the file cannot be read or is damaged.
pub fn read_safetensors(path: &Path) -> std::result::Result<HashMap<String, Tensor>, ModelError> {
    let bytes = std::fs::read(path).map_err(|source| ModelError::Io { path: path.to_owned(), source })?;
    let tensors = candle_core::safetensors::load_buffer(&bytes, &Device::Cpu)
        .map_err(|e| ModelError::Corrupt(format!("{}: {e}", path.display())))?;
    let mut encoder = HashMap::new();
    for (name, tensor) in tensors {
        let name = name.strip_prefix(names::BERT_PREFIX).unwrap_or(&name);
        if names::is_encoder(name) {
            encoder.insert(name.to_owned(), tensor.to_dtype(DType::F32)?);
        }
    }
    Ok(encoder)
}
