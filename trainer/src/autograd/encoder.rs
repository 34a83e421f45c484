//! The BERT encoder (Devlin et al. 2019) with a backward pass, over the same tensors as [`salesmirror::model::Encoder`].
//!
//! Windows are concatenated without padding, as in scoring. A pass may start above layers whose states are already known.

use std::ops::Range;

use candle_core::quantized::GgmlDType;
use candle_core::{Device, Result, Tensor, bail};
use salesmirror::model::{EncoderConfig, ExpertsConfig, tensor_names};

use super::experts::{Routes, Routing};
use super::{Parameters, derive_seed, ops};

/// The token ids of a window, including the framing ids.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    pub ids: &'a [u32],
    /// Where the second of two segments begins; the length of the window if there is only one segment.
    pub second: usize,
}

impl<'a> Input<'a> {
    /// Makes a window of one segment.
    pub fn single(ids: &'a [u32]) -> Self {
        Self { ids, second: ids.len() }
    }
}

/// The settings of a pass through the encoder, and what the pass records.
#[derive(Debug, Clone)]
pub struct Pass {
    /// The dropout after attention and feed-forward layers.
    dropout: f32,
    /// The quantized type that trained matrices are rounded to, so that training adapts to the rounding.
    quantize: Option<GgmlDType>,
    /// The capacity of an expert, relative to an even share of the tokens; `None` means no limit.
    capacity_factor: Option<f64>,
    seed: u64,
    drops: u64,
    routing: Vec<Routing>,
}

impl Pass {
    /// Makes a pass without dropout.
    pub fn exact() -> Self {
        Self { dropout: 0.0, quantize: None, capacity_factor: None, seed: 0, drops: 0, routing: Vec::new() }
    }

    /// Makes a pass with dropout, which depends only on the seed.
    pub fn training(dropout: f32, seed: u64) -> Self {
        Self { dropout, seed, ..Self::exact() }
    }

    /// Whether the pass applies dropout.
    pub fn is_training(&self) -> bool {
        self.dropout > 0.0
    }

    /// Makes the pass round trained matrices to a quantized type.
    pub fn quantized(self, dtype: GgmlDType) -> Self {
        Self { quantize: Some(dtype), ..self }
    }

    /// Limits how many tokens of a pass an expert takes, relative to an even share. Tokens beyond the limit skip the expert.
    pub fn capacity(self, factor: f64) -> Self {
        Self { capacity_factor: Some(factor), ..self }
    }

    /// Returns how the mixtures of experts routed the tokens of this pass, in layer order.
    pub fn routing(&self) -> &[Routing] {
        &self.routing
    }

    /// Returns the load-balancing loss, averaged over the mixtures; `None` if there are none.
    pub fn balance(&self) -> Result<Option<Tensor>> {
        let losses: Vec<Tensor> = self.routing.iter().map(|routing| routing.balance.clone()).collect();
        if losses.is_empty() {
            return Ok(None);
        }
        Tensor::stack(&losses, 0)?.mean_all().map(Some)
    }

    /// Applies dropout to `x`, with different random numbers at each call.
    pub fn drop(&mut self, x: &Tensor) -> Result<Tensor> {
        self.drop_share(x, self.dropout)
    }

    /// Does the same as [`Self::drop`], but drops the given share.
    pub fn drop_share(&mut self, x: &Tensor, share: f32) -> Result<Tensor> {
        self.drops += 1;
        ops::dropout(x, 1.0 - share, derive_seed(self.seed, self.drops))
    }
}

/// An encoder whose parameters can be trained.
pub struct Encoder<'p> {
    config: EncoderConfig,
    parameters: &'p Parameters,
}

impl<'p> Encoder<'p> {
    /// Makes an encoder of parameters that are named as in Hugging Face's `BertModel`.
    pub fn new(config: &EncoderConfig, parameters: &'p Parameters) -> Self {
        Self { config: config.clone(), parameters }
    }

    /// Runs all layers on some windows, and returns the states of their tokens, `[tokens, hidden]`.
    pub fn forward(&self, windows: &[Input], pass: &mut Pass) -> Result<Tensor> {
        let lengths: Vec<usize> = windows.iter().map(|window| window.ids.len()).collect();
        let states = self.embed(windows, pass)?;
        self.layers(&states, &lengths, 0..self.config.num_hidden_layers, pass)
    }

    /// Computes the states before the first layer, `[tokens, hidden]`.
    ///
    /// # Errors
    /// When an id is outside the vocabulary or a window has more ids than there are positions.
    pub fn embed(&self, windows: &[Input], pass: &mut Pass) -> Result<Tensor> {
        let longest = windows.iter().map(|window| window.ids.len()).max().unwrap_or(0);
        if longest > self.config.max_position_embeddings {
            bail!("{longest} tokens do not fit into {} positions", self.config.max_position_embeddings);
        }
        let table = |name: &str, rows: Vec<u32>| {
            let rows = Tensor::new(rows, &Device::Cpu)?;
            self.parameters.get(name)?.index_select(&rows, 0)
        };
        let words = windows.iter().flat_map(|window| window.ids).copied().collect();
        let positions = windows.iter().flat_map(|window| 0..window.ids.len() as u32).collect();
        let types = windows
            .iter()
            .flat_map(|window| (0..window.ids.len()).map(|i| u32::from(i >= window.second)))
            .collect();
        let words = table(tensor_names::WORD_EMBEDDINGS, words)?;
        let positions = table(tensor_names::POSITION_EMBEDDINGS, positions)?;
        let sum = ((words + positions)? + table(tensor_names::TOKEN_TYPE_EMBEDDINGS, types)?)?;
        pass.drop(&self.norm(&sum, tensor_names::EMBEDDINGS_NORM)?)
    }

    /// Runs some of the layers on the states of windows with the given lengths: `[tokens, hidden]` to `[tokens, hidden]`.
    pub fn layers(
        &self,
        states: &Tensor,
        lengths: &[usize],
        layers: Range<usize>,
        pass: &mut Pass,
    ) -> Result<Tensor> {
        let mut states = states.clone();
        for layer in layers {
            let prefix = tensor_names::layer(layer);
            let name = |module: &str| tensor_names::within(&prefix, module);
            let projections = tensor_names::QUERY_KEY_VALUE.map(name);
            let projected = self.linear(&states, &projections, pass)?;
            let context = ops::attention(&projected, lengths, self.config.num_attention_heads)?;
            let attended = self.linear(&context, &[name(tensor_names::ATTENTION_OUTPUT)], pass)?;
            let attended = (pass.drop(&attended)? + &states)?;
            let attended = self.norm(&attended, &name(tensor_names::ATTENTION_NORM))?;
            let output = match self.config.experts_of(layer) {
                None => self.feed_forward(&attended, &prefix, pass)?,
                Some(experts) => self.mixture(&attended, layer, experts, pass)?,
            };
            let output = (pass.drop(&output)? + attended)?;
            states = self.norm(&output, &name(tensor_names::OUTPUT_NORM))?;
        }
        Ok(states)
    }

    /// Applies the feed-forward part of a layer or an expert: two linear layers with a GELU between them.
    fn feed_forward(&self, x: &Tensor, prefix: &str, pass: &Pass) -> Result<Tensor> {
        let name = |module: &str| [tensor_names::within(prefix, module)];
        let inner = ops::gelu(&self.linear(x, &name(tensor_names::INTERMEDIATE), pass)?)?;
        self.linear(&inner, &name(tensor_names::OUTPUT), pass)
    }

    /// Computes the weighted sum of the experts that the gate chooses for each token. Each expert computes only its own tokens.
    fn mixture(&self, x: &Tensor, layer: usize, experts: &ExpertsConfig, pass: &mut Pass) -> Result<Tensor> {
        let gate = self.parameters.get(&tensor_names::gate(layer))?;
        let (routes, balance) = Routes::choose(x, &gate, experts, pass.capacity_factor)?;
        let (mut choices, mut answers) = (Vec::new(), Vec::new());
        for (e, taken) in routes.taken.iter().enumerate().filter(|(_, taken)| !taken.is_empty()) {
            let rows = x.index_select(&routes.tokens(taken)?, 0)?;
            answers.push(self.feed_forward(&rows, &tensor_names::expert(layer, e), pass)?);
            choices.extend(taken);
        }
        let tokens = routes.tokens(&choices)?;
        pass.routing.push(Routing { layer, load: routes.load, dropped: routes.dropped, balance });
        let choices = Tensor::new(choices, &Device::Cpu)?;
        let weights = routes.weights.flatten_all()?.index_select(&choices, 0)?.unsqueeze(1)?;
        let weighed = Tensor::cat(&answers, 0)?.broadcast_mul(&weights)?;
        x.zeros_like()?.index_add(&tokens, &weighed, 0)
    }

    /// Computes several linear layers with the same input as one layer.
    fn linear(&self, x: &Tensor, modules: &[String], pass: &Pass) -> Result<Tensor> {
        let weight =
            |module: &String| self.parameters.get_quantized(&tensor_names::weight(module), pass.quantize);
        let bias = |module: &String| self.parameters.get(&tensor_names::bias(module));
        if let [module] = modules {
            return ops::linear(x, &weight(module)?, &bias(module)?);
        }
        let weights: Vec<Tensor> = modules.iter().map(weight).collect::<Result<_>>()?;
        let biases: Vec<Tensor> = modules.iter().map(bias).collect::<Result<_>>()?;
        ops::linear(x, &Tensor::cat(&weights, 0)?, &Tensor::cat(&biases, 0)?)
    }

    fn norm(&self, x: &Tensor, module: &str) -> Result<Tensor> {
        let get = |name: String| self.parameters.get(&name);
        let (weight, bias) = (get(tensor_names::weight(module))?, get(tensor_names::bias(module))?);
        ops::layer_norm(x, &weight, &bias, self.config.layer_norm_eps)
    }
}

/// Counts the floating-point operations in the matrix products of a forward pass over windows of the given lengths; a
/// multiplication and an addition count as two. A training step takes three times as many, because the backward pass has two
/// products for each. Embeddings, norms, activations and softmax are not counted.
pub fn forward_flops(config: &EncoderConfig, lengths: &[usize]) -> u64 {
    let (hidden, width) = (config.hidden_size, config.intermediate_size);
    let products: usize = (0..config.num_hidden_layers)
        .map(|layer| {
            let feed_forward = 2 * hidden * width;
            let fed = match config.experts_of(layer) {
                None => feed_forward,
                Some(experts) => experts.top_k * feed_forward + experts.count * hidden,
            };
            4 * hidden * hidden + fed
        })
        .sum();
    let attention = 2 * config.num_hidden_layers * hidden;
    lengths.iter().map(|&length| 2 * (length * (products + attention * length)) as u64).sum()
}
