//! The BERT encoder (Devlin et al. 2019) with a backward, over the same tensors as [`crate::model::Encoder`].
//!
//! Windows lie one behind the other without padding, as they do in scoring; a pass may begin above layers whose states are
//! known.

use std::ops::Range;

use candle_core::quantized::GgmlDType;
use candle_core::{Device, Result, Tensor, bail};

use super::{Parameters, derive_seed, ops};
use crate::model::EncoderConfig;

/// Token ids of a window, framing ids included.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    pub ids: &'a [u32],
    /// Where the second of two segments begins; the length where there is only one.
    pub second: usize,
}

impl<'a> Input<'a> {
    /// A window of one segment.
    pub fn single(ids: &'a [u32]) -> Self {
        Self { ids, second: ids.len() }
    }
}

/// How a pass through the encoder computes.
#[derive(Debug, Clone)]
pub struct Pass {
    /// Share of the states that are dropped behind attention and feed-forward.
    dropout: f32,
    /// The type that changing matrices are rounded to, so that they learn to live with it.
    quantize: Option<GgmlDType>,
    seed: u64,
    drops: u64,
}

impl Pass {
    /// Without dropout.
    pub fn exact() -> Self {
        Self { dropout: 0.0, quantize: None, seed: 0, drops: 0 }
    }

    /// With dropout, which depends on the seed alone.
    pub fn training(dropout: f32, seed: u64) -> Self {
        Self { dropout, seed, ..Self::exact() }
    }

    /// Whether anything is dropped.
    pub fn is_training(&self) -> bool {
        self.dropout > 0.0
    }

    /// Rounds changing matrices to a quantized type.
    pub fn quantized(self, dtype: GgmlDType) -> Self {
        Self { quantize: Some(dtype), ..self }
    }

    /// Drops a share of x, each time another.
    pub fn drop(&mut self, x: &Tensor) -> Result<Tensor> {
        self.drop_share(x, self.dropout)
    }

    /// As [`Self::drop`], with a share of its own.
    pub fn drop_share(&mut self, x: &Tensor, share: f32) -> Result<Tensor> {
        self.drops += 1;
        ops::dropout(x, 1.0 - share, derive_seed(self.seed, self.drops))
    }
}

/// An encoder some of whose parameters change.
pub struct Encoder<'p> {
    config: EncoderConfig,
    parameters: &'p Parameters,
}

impl<'p> Encoder<'p> {
    /// Parameters are named as in Hugging Face's BertModel.
    pub fn new(config: &EncoderConfig, parameters: &'p Parameters) -> Self {
        Self { config: config.clone(), parameters }
    }

    /// All layers: windows to the states of their tokens, [tokens, hidden].
    pub fn forward(&self, windows: &[Input], pass: &mut Pass) -> Result<Tensor> {
        let lengths: Vec<usize> = windows.iter().map(|window| window.ids.len()).collect();
        let states = self.embed(windows, pass)?;
        self.layers(&states, &lengths, 0..self.config.num_hidden_layers, pass)
    }

    /// The states before the first layer, [tokens, hidden].
    ///
    /// # Errors
    /// When an id is outside the vocabulary or a window has more ids than there are positions.
    pub fn embed(&self, windows: &[Input], pass: &mut Pass) -> Result<Tensor> {
        let longest = windows.iter().map(|window| window.ids.len()).max().unwrap_or(0);
        if longest > self.config.max_position_embeddings {
            bail!("{longest} tokens, {} positions", self.config.max_position_embeddings);
        }
        let table = |name: &str, rows: Vec<u32>| {
            let rows = Tensor::new(rows, &Device::Cpu)?;
            self.parameters.get(&format!("embeddings.{name}.weight"))?.index_select(&rows, 0)
        };
        let words = windows.iter().flat_map(|window| window.ids).copied().collect();
        let positions = windows.iter().flat_map(|window| 0..window.ids.len() as u32).collect();
        let types = windows
            .iter()
            .flat_map(|window| (0..window.ids.len()).map(|i| u32::from(i >= window.second)))
            .collect();
        let sum = ((table("word_embeddings", words)? + table("position_embeddings", positions)?)?
            + table("token_type_embeddings", types)?)?;
        pass.drop(&self.norm(&sum, "embeddings.LayerNorm")?)
    }

    /// Some of the layers, over states of windows of these lengths, [tokens, hidden] to [tokens, hidden].
    pub fn layers(
        &self,
        states: &Tensor,
        lengths: &[usize],
        layers: Range<usize>,
        pass: &mut Pass,
    ) -> Result<Tensor> {
        let mut states = states.clone();
        for layer in layers {
            let name = |part: &str| format!("encoder.layer.{layer}.{part}");
            let projections = ["query", "key", "value"].map(|part| name(&format!("attention.self.{part}")));
            let projected = self.linear(&states, &projections, pass)?;
            let context = ops::attention(&projected, lengths, self.config.num_attention_heads)?;
            let attended = self.linear(&context, &[name("attention.output.dense")], pass)?;
            let attended = (pass.drop(&attended)? + &states)?;
            let attended = self.norm(&attended, &name("attention.output.LayerNorm"))?;
            let inner = ops::gelu(&self.linear(&attended, &[name("intermediate.dense")], pass)?)?;
            let output = self.linear(&inner, &[name("output.dense")], pass)?;
            let output = (pass.drop(&output)? + attended)?;
            states = self.norm(&output, &name("output.LayerNorm"))?;
        }
        Ok(states)
    }

    /// Several linear layers of the same input as one.
    fn linear(&self, x: &Tensor, names: &[String], pass: &Pass) -> Result<Tensor> {
        let weight = |name: &String| self.parameters.get_quantized(&format!("{name}.weight"), pass.quantize);
        let bias = |name: &String| self.parameters.get(&format!("{name}.bias"));
        if let [name] = names {
            return ops::linear(x, &weight(name)?, &bias(name)?);
        }
        let weights: Vec<Tensor> = names.iter().map(weight).collect::<Result<_>>()?;
        let biases: Vec<Tensor> = names.iter().map(bias).collect::<Result<_>>()?;
        ops::linear(x, &Tensor::cat(&weights, 0)?, &Tensor::cat(&biases, 0)?)
    }

    fn norm(&self, x: &Tensor, name: &str) -> Result<Tensor> {
        let part = |part: &str| self.parameters.get(&format!("{name}.{part}"));
        ops::layer_norm(x, &part("weight")?, &part("bias")?, self.config.layer_norm_eps)
    }
}
