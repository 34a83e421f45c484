//! The BERT encoder (Devlin et al. 2019) over candle tensors: token ids in, one vector a token out.
//!
//! A window is encoded alone, never padded, so no attention mask is needed. Linear weights are 4-bit on the wire and
//! f32 from load on: in wasm, candle's f32 product runs at four times the speed of its 4-bit one (22 against 5 GMAC/s,
//! one thread). Word embeddings stay quantized, of which few rows are used. Training the encoder is not done here.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use candle_core::quantized::QTensor;
use candle_core::{Device, Module, Result, Tensor};
use candle_nn::{LayerNorm, Linear};
use candle_transformers::quantized_nn::layer_norm;
use candle_transformers::quantized_var_builder::VarBuilder;

use super::{EncoderConfig, ModelError};

/// A BERT encoder with post-layer normalisation and exact (erf) GELU.
pub struct Encoder {
    config: EncoderConfig,
    word_embeddings: Arc<QTensor>,
    /// Position embedding plus the embedding of token type 0, [positions, hidden].
    position_embeddings: Tensor,
    norm: LayerNorm,
    layers: Vec<Layer>,
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
            layers,
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
        let mut states = self.norm.forward(&(words + positions)?)?;
        for layer in &self.layers {
            states = layer.forward(&states)?;
        }
        Ok(states)
    }
}

struct Layer {
    attention_heads: usize,
    query: Linear,
    key: Linear,
    value: Linear,
    attention_output: Linear,
    attention_norm: LayerNorm,
    intermediate: Linear,
    output: Linear,
    output_norm: LayerNorm,
}

impl Layer {
    fn new(config: &EncoderConfig, weights: &VarBuilder) -> Result<Self> {
        let (hidden, eps) = (config.hidden_size, config.layer_norm_eps);
        let square = |name: &str| linear(hidden, hidden, weights.pp(name));
        let norm = |name: &str| layer_norm(hidden, eps, weights.pp(name));
        let inner = config.intermediate_size;
        Ok(Self {
            attention_heads: config.num_attention_heads,
            query: square("attention.self.query")?,
            key: square("attention.self.key")?,
            value: square("attention.self.value")?,
            attention_output: square("attention.output.dense")?,
            attention_norm: norm("attention.output.LayerNorm")?,
            intermediate: linear(hidden, inner, weights.pp("intermediate.dense"))?,
            output: linear(inner, hidden, weights.pp("output.dense"))?,
            output_norm: norm("output.LayerNorm")?,
        })
    }

    /// [tokens, hidden] to [tokens, hidden].
    fn forward(&self, states: &Tensor) -> Result<Tensor> {
        let context = self.attention_output.forward(&self.attend(states)?)?;
        let states = self.attention_norm.forward(&(context + states)?)?;
        let inner = self.intermediate.forward(&states)?.gelu_erf()?;
        self.output_norm.forward(&(self.output.forward(&inner)? + states)?)
    }

    /// Scaled dot-product attention over all tokens of the window.
    fn attend(&self, states: &Tensor) -> Result<Tensor> {
        let (tokens, hidden) = states.dims2()?;
        let head = hidden / self.attention_heads;
        // [tokens, hidden] to [attention heads, tokens, head]
        let split = |projection: &Linear| {
            projection
                .forward(states)?
                .reshape((tokens, self.attention_heads, head))?
                .transpose(0, 1)?
                .contiguous()
        };
        let (query, key, value) = (split(&self.query)?, split(&self.key)?, split(&self.value)?);
        let scores = (query.matmul(&key.t()?)? * (1.0 / (head as f64).sqrt()))?;
        candle_nn::ops::softmax_last_dim(&scores)?.matmul(&value)?.transpose(0, 1)?.reshape((tokens, hidden))
    }
}

/// Weight [output, input] and bias [output] of a linear layer, in f32.
fn linear(input: usize, output: usize, weights: VarBuilder) -> Result<Linear> {
    let weight = weights.get((output, input), "weight")?;
    let bias = weights.get(output, "bias")?;
    Ok(Linear::new(weight.dequantize(&Device::Cpu)?, Some(bias.dequantize(&Device::Cpu)?)))
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
