//! The BERT encoder (Devlin et al. 2019) over candle tensors: token ids in, one vector a token out.
//!
//! Owns what a layer is made of, as one candle custom op over all layers; leaves the arithmetic to [`crate::kernels`].
//! Linear weights are 4-bit on the wire and int8 panels from load on; word embeddings stay quantized, of which few
//! rows are used. Windows are encoded one behind the other, never padded, so no attention mask is needed. Training
//! the encoder is not done here.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use candle_core::quantized::QTensor;
use candle_core::{CpuStorage, CustomOp1, Device, Layout, Module, Result, Shape, Tensor};
use candle_transformers::quantized_nn::layer_norm;
use candle_transformers::quantized_var_builder::VarBuilder;

use super::{EncoderConfig, ModelError};
use crate::kernels::tile::InstructionSet;
use crate::kernels::{self, Attention, LayerNorm, Linear, QuantizedRows};

/// Rows that go through a layer's feed-forward part together; what lies between its two products then stays in the
/// second-level cache.
const BLOCK: usize = 64;

/// A BERT encoder with post-layer normalisation and exact (erf) GELU.
pub struct Encoder {
    config: EncoderConfig,
    word_embeddings: Arc<QTensor>,
    /// Position embedding plus the embedding of token type 0, [positions, hidden].
    position_embeddings: Tensor,
    norm: candle_nn::LayerNorm,
    layers: Arc<Layers>,
}

impl Encoder {
    /// Takes the encoder's tensors, named as in Hugging Face's BertModel.
    pub fn new(config: &EncoderConfig, weights: &VarBuilder) -> std::result::Result<Self, ModelError> {
        config.check()?;
        let (hidden, eps) = (config.hidden_size, config.layer_norm_eps);
        let embeddings = weights.pp("embeddings");
        let word_embeddings = embeddings.pp("word_embeddings").get((config.vocab_size, hidden), "weight")?;
        let table = |name: &str, rows: usize| {
            embeddings.pp(name).get((rows, hidden), "weight")?.dequantize(&Device::Cpu)
        };
        let token_type = table("token_type_embeddings", config.type_vocab_size)?.get(0)?;
        let position_embeddings =
            table("position_embeddings", config.max_position_embeddings)?.broadcast_add(&token_type)?;
        let layers = (0..config.num_hidden_layers)
            .map(|i| Layer::new(config, &weights.pp(format!("encoder.layer.{i}"))))
            .collect::<Result<_>>()?;
        Ok(Self {
            config: config.clone(),
            word_embeddings,
            position_embeddings,
            norm: layer_norm(hidden, eps, embeddings.pp("LayerNorm"))?,
            layers: Arc::new(Layers {
                layers,
                attention_heads: config.num_attention_heads,
                hidden,
                set: InstructionSet::fastest(),
                scratch: Mutex::default(),
            }),
        })
    }

    pub fn config(&self) -> &EncoderConfig {
        &self.config
    }

    /// Encodes one window: ids, framing ids included, to vectors of [tokens, hidden].
    ///
    /// # Errors
    /// When an id is outside the vocabulary or there are more ids than positions.
    pub fn forward(&self, ids: &[u32]) -> Result<Tensor> {
        let positions = self.position_embeddings.narrow(0, 0, ids.len())?;
        let words = self.word_embeddings.embedding(&Tensor::new(ids, &Device::Cpu)?)?;
        let states = self.norm.forward(&(words + positions)?)?;
        states.apply_op1_no_bwd(&Stack(Arc::clone(&self.layers)))
    }
}

/// All layers as one custom op, [tokens, hidden] to [tokens, hidden].
struct Stack(Arc<Layers>);

impl CustomOp1 for Stack {
    fn name(&self) -> &'static str {
        "bert-layers"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let Some((begin, end)) = layout.contiguous_offsets() else {
            candle_core::bail!("the layers need a contiguous tensor");
        };
        let mut states = storage.as_slice::<f32>()?[begin..end].to_vec();
        self.0.forward(&mut states);
        Ok((CpuStorage::F32(states), layout.shape().clone()))
    }
}

struct Layers {
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
}

impl Layers {
    /// Runs all layers over [tokens, hidden] in place.
    fn forward(&self, states: &mut [f32]) {
        let mut scratch = self.idle().pop().unwrap_or_default();
        for layer in &self.layers {
            layer.forward(self, &mut scratch, states);
        }
        self.idle().push(scratch);
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
    intermediate: Linear,
    output: Linear,
    output_norm: LayerNorm,
}

impl Layer {
    fn new(config: &EncoderConfig, weights: &VarBuilder) -> Result<Self> {
        let (hidden, inner) = (config.hidden_size, config.intermediate_size);
        let norm = |name: &str| {
            let norm = weights.pp(name);
            Ok::<_, candle_core::Error>(LayerNorm {
                weight: vector(&norm, "weight", hidden)?,
                bias: vector(&norm, "bias", hidden)?,
                epsilon: config.layer_norm_eps as f32,
            })
        };
        let linear = |names: &[&str], inputs, outputs| {
            let (mut weight, mut bias) = (Vec::new(), Vec::new());
            for name in names {
                let linear = weights.pp(name);
                let part = linear.get((outputs, inputs), "weight")?.dequantize(&Device::Cpu)?;
                weight.extend(part.flatten_all()?.to_vec1::<f32>()?);
                bias.extend(vector(&linear, "bias", outputs)?);
            }
            Ok::<_, candle_core::Error>(Linear::pack(&weight, &bias, inputs))
        };
        let projections = ["attention.self.query", "attention.self.key", "attention.self.value"];
        Ok(Self {
            projection: linear(&projections, hidden, hidden)?,
            attention_output: linear(&["attention.output.dense"], hidden, hidden)?,
            attention_norm: norm("attention.output.LayerNorm")?,
            intermediate: linear(&["intermediate.dense"], hidden, inner)?,
            output: linear(&["output.dense"], inner, hidden)?,
            output_norm: norm("output.LayerNorm")?,
        })
    }

    /// [tokens, hidden] to [tokens, hidden], in place.
    fn forward(&self, layers: &Layers, scratch: &mut Scratch, states: &mut [f32]) {
        let &Layers { set, hidden, attention_heads, .. } = layers;
        let Scratch { quantized, projected, attention, context, inner, output } = scratch;
        let tokens = states.len() / hidden;
        context.resize(tokens * hidden, 0.0);
        output.resize(tokens * hidden, 0.0);

        quantize(quantized, states, hidden);
        projected.resize(tokens * self.projection.outputs(), 0.0);
        self.projection.forward(set, quantized, projected);
        kernels::attend(set, attention, projected, context, attention_heads, hidden);
        quantize(quantized, context, hidden);
        self.attention_output.forward(set, quantized, output);
        normalise(&self.attention_norm, output, states);

        let width = self.intermediate.outputs();
        for (states, output) in states.chunks_mut(BLOCK * hidden).zip(output.chunks_mut(BLOCK * hidden)) {
            quantize(quantized, states, hidden);
            inner.resize(states.len() / hidden * width, 0.0);
            self.intermediate.forward(set, quantized, inner);
            quantized.reset(states.len() / hidden, width);
            for (r, row) in inner.chunks_exact_mut(width).enumerate() {
                kernels::gelu(row);
                quantized.set(r, row);
            }
            self.output.forward(set, quantized, output);
            normalise(&self.output_norm, output, states);
        }
    }
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

/// A tensor of one dimension, in f32.
fn vector(weights: &VarBuilder, name: &str, len: usize) -> Result<Vec<f32>> {
    weights.get(len, name)?.dequantize(&Device::Cpu)?.to_vec1()
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
