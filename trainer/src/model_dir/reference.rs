//! The reference encoder in f32, computed by candle. Tests, benchmarks and `trainer quantize` compare the integer encoder with
//! it, and an exported graph must give the same outputs. Scoring does not use it. A dense encoder is the `BertModel` of
//! candle-transformers; mixtures of experts are computed here, in a simple way, token by token.

use std::collections::HashMap;

use candle_core::{D, DType, Device, IndexOp, Module, Result, Tensor};
use candle_nn::ops::softmax;
use candle_nn::{LayerNorm, VarBuilder};
use candle_transformers::models::bert::{BertModel, Config, HiddenAct, PositionEmbeddingType};

use salesmirror::ModelError;
use salesmirror::model::{EncoderConfig, adapters, tensor_names};

/// An encoder in f32, computed by candle.
pub struct ReferenceEncoder(Kind);

enum Kind {
    Dense(Box<BertModel>),
    Mixture(Box<Mixture>),
}

impl ReferenceEncoder {
    /// Makes an encoder from tensors that are named as in [`tensor_names`].
    ///
    /// # Errors
    /// When the configuration fails [`EncoderConfig::check`], or a tensor is missing.
    pub fn new(
        config: &EncoderConfig,
        tensors: HashMap<String, Tensor>,
    ) -> std::result::Result<Self, ModelError> {
        config.check()?;
        let tensors = adapters::merge(tensors)?;
        if config.experts.is_some() {
            return Ok(Self(Kind::Mixture(Box::new(Mixture { config: config.clone(), tensors }))));
        }
        let config = Config {
            vocab_size: config.vocab_size,
            hidden_size: config.hidden_size,
            num_hidden_layers: config.num_hidden_layers,
            num_attention_heads: config.num_attention_heads,
            intermediate_size: config.intermediate_size,
            hidden_act: HiddenAct::Gelu,
            hidden_dropout_prob: 0.0,
            max_position_embeddings: config.max_position_embeddings,
            type_vocab_size: config.type_vocab_size,
            initializer_range: 0.0,
            layer_norm_eps: config.layer_norm_eps,
            pad_token_id: 0,
            position_embedding_type: PositionEmbeddingType::Absolute,
            use_cache: false,
            classifier_dropout: None,
            model_type: None,
        };
        let weights = VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu);
        Ok(Self(Kind::Dense(Box::new(BertModel::load(weights, &config)?))))
    }

    /// Encodes one window, including its framing ids: `[tokens]` to `[tokens, hidden]`.
    pub fn forward(&self, ids: &[u32]) -> Result<Tensor> {
        match &self.0 {
            Kind::Dense(model) => {
                let ids = Tensor::new(ids, &Device::Cpu)?.unsqueeze(0)?;
                model.forward(&ids, &ids.zeros_like()?, None)?.squeeze(0)
            }
            Kind::Mixture(model) => model.forward(ids),
        }
    }
}

/// A BERT encoder with experts in place of the feed-forward part of some layers, built from candle's operations.
struct Mixture {
    config: EncoderConfig,
    tensors: HashMap<String, Tensor>,
}

impl Mixture {
    fn get(&self, name: &str) -> Result<&Tensor> {
        match self.tensors.get(name) {
            Some(tensor) => Ok(tensor),
            None => candle_core::bail!("the tensor {name} is missing"),
        }
    }

    /// Applies a linear layer. `name` is the name of its weight without `.weight`.
    fn linear(&self, name: &str, x: &Tensor) -> Result<Tensor> {
        let weight = self.get(&tensor_names::weight(name))?;
        x.matmul(&weight.t()?)?.broadcast_add(self.get(&tensor_names::bias(name))?)
    }

    fn norm(&self, name: &str, x: &Tensor) -> Result<Tensor> {
        let (weight, bias) = (self.get(&tensor_names::weight(name))?, self.get(&tensor_names::bias(name))?);
        LayerNorm::new(weight.clone(), bias.clone(), self.config.layer_norm_eps).forward(x)
    }

    fn forward(&self, ids: &[u32]) -> Result<Tensor> {
        let config = &self.config;
        let ids_tensor = Tensor::new(ids, &Device::Cpu)?;
        let words = self.get(tensor_names::WORD_EMBEDDINGS)?.embedding(&ids_tensor)?;
        let positions = self.get(tensor_names::POSITION_EMBEDDINGS)?.narrow(0, 0, ids.len())?;
        let segment = self.get(tensor_names::TOKEN_TYPE_EMBEDDINGS)?.i(0)?;
        let summed = (words + positions)?.broadcast_add(&segment)?;
        let mut states = self.norm(tensor_names::EMBEDDINGS_NORM, &summed)?;
        let width = config.hidden_size / config.num_attention_heads;
        for layer in 0..config.num_hidden_layers {
            let prefix = tensor_names::layer(layer);
            let name = |module: &str| tensor_names::within(&prefix, module);
            let heads = |module: &str| {
                let projected = self.linear(&name(module), &states)?;
                let split = projected.reshape((ids.len(), config.num_attention_heads, width))?;
                split.transpose(0, 1)?.contiguous()
            };
            let [query, key, value] = tensor_names::QUERY_KEY_VALUE;
            let scores = (heads(query)?.matmul(&heads(key)?.t()?)? / (width as f64).sqrt())?;
            let context = softmax(&scores, D::Minus1)?.matmul(&heads(value)?)?;
            let context = context.transpose(0, 1)?.flatten_from(1)?;
            let attended = self.linear(&name(tensor_names::ATTENTION_OUTPUT), &context)?;
            states = self.norm(&name(tensor_names::ATTENTION_NORM), &(attended + &states)?)?;
            let fed = match config.experts_of(layer) {
                Some(experts) => self.experts(layer, experts.top_k, &states)?,
                None => self.feed_forward(&prefix, &states)?,
            };
            states = self.norm(&name(tensor_names::OUTPUT_NORM), &(fed + &states)?)?;
        }
        Ok(states)
    }

    fn feed_forward(&self, prefix: &str, x: &Tensor) -> Result<Tensor> {
        let name = |module: &str| tensor_names::within(prefix, module);
        let inner = self.linear(&name(tensor_names::INTERMEDIATE), x)?.gelu_erf()?;
        self.linear(&name(tensor_names::OUTPUT), &inner)
    }

    /// Applies the experts of one layer that the gate chooses for each token, weighted by the softmax over the chosen ones.
    fn experts(&self, layer: usize, top_k: usize, states: &Tensor) -> Result<Tensor> {
        let gate = self.get(&tensor_names::gate(layer))?;
        let shares = softmax(&states.matmul(&gate.t()?)?, D::Minus1)?.to_vec2::<f32>()?;
        let mut rows = Vec::with_capacity(shares.len());
        for (t, shares) in shares.iter().enumerate() {
            let row = states.i(t..=t)?;
            let mut order: Vec<usize> = (0..shares.len()).collect();
            // The sort is stable, so the first of equal experts is chosen.
            order.sort_by(|&a, &b| shares[b].total_cmp(&shares[a]));
            let chosen = &order[..top_k];
            let total: f32 = chosen.iter().map(|&e| shares[e]).sum();
            let mut sum = row.zeros_like()?;
            for &e in chosen {
                let answer = self.feed_forward(&tensor_names::expert(layer, e), &row)?;
                sum = (sum + (answer * f64::from(shares[e] / total))?)?;
            }
            rows.push(sum);
        }
        Tensor::cat(&rows, 0)
    }
}
