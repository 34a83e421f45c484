//! Weights that training begins with: random ones, and experts made of dense weights.

use std::collections::HashMap;

use candle_core::{Device, Result, Tensor, bail};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::derive_seed;
use salesmirror::model::{EncoderConfig, ExpertsConfig};

/// Standard deviation of random weights (Devlin et al. 2019).
const DEVIATION: f32 = 0.02;

/// Random weights of an encoder as BERT's are: matrices normal with a deviation of 0.02, biases 0, norms 1.
pub fn random_weights(config: &EncoderConfig, seed: u64) -> Result<HashMap<String, Tensor>> {
    let (hidden, width) = (config.hidden_size, config.intermediate_size);
    let mut weights = RandomWeights::new(seed);
    for (name, rows) in [
        ("word", config.vocab_size),
        ("position", config.max_position_embeddings),
        ("token_type", config.type_vocab_size),
    ] {
        weights.matrix(format!("embeddings.{name}_embeddings.weight"), rows, hidden)?;
    }
    weights.norm("embeddings.LayerNorm", hidden)?;
    for layer in 0..config.num_hidden_layers {
        let name = |part: &str| format!("encoder.layer.{layer}.{part}");
        for part in ["self.query", "self.key", "self.value", "output.dense"] {
            weights.linear(&name(&format!("attention.{part}")), hidden, hidden)?;
        }
        weights.norm(&name("attention.output.LayerNorm"), hidden)?;
        let mut feed_forward = |prefix: &str| {
            weights.linear(&format!("{prefix}intermediate.dense"), width, hidden)?;
            weights.linear(&format!("{prefix}output.dense"), hidden, width)
        };
        match config.experts_of(layer) {
            None => feed_forward(&name(""))?,
            Some(experts) => {
                (0..experts.count).try_for_each(|e| feed_forward(&name(&format!("experts.{e}."))))?;
                weights.matrix(name("gate.weight"), experts.count, hidden)?;
            }
        }
        weights.norm(&name("output.LayerNorm"), hidden)?;
    }
    Ok(weights.tensors)
}

/// A dense encoder with mixtures of experts in place of some feed-forward parts, each expert a copy of the part that it
/// replaces, the gate random (Komatsuzaki et al. 2023). The weights of a token's experts sum to 1, so that it begins as
/// exactly the function that the dense encoder is.
///
/// # Errors
/// When the encoder has experts already, or a tensor is missing.
pub fn upcycled(
    config: &EncoderConfig,
    mut tensors: HashMap<String, Tensor>,
    experts: ExpertsConfig,
    seed: u64,
) -> Result<(EncoderConfig, HashMap<String, Tensor>)> {
    if config.experts.is_some() {
        bail!("the encoder has experts already");
    }
    let config = EncoderConfig { experts: Some(experts), ..config.clone() };
    let mut gates = RandomWeights::new(seed);
    for layer in 0..config.num_hidden_layers {
        let Some(experts) = config.experts_of(layer) else { continue };
        for part in ["intermediate.dense", "output.dense"]
            .iter()
            .flat_map(|part| ["weight", "bias"].map(|of| format!("{part}.{of}")))
        {
            let name = format!("encoder.layer.{layer}.{part}");
            let Some(tensor) = tensors.remove(&name) else { bail!("there is no tensor {name}") };
            for e in 0..experts.count {
                tensors.insert(format!("encoder.layer.{layer}.experts.{e}.{part}"), tensor.copy()?);
            }
        }
        gates.matrix(format!("encoder.layer.{layer}.gate.weight"), experts.count, config.hidden_size)?;
    }
    tensors.extend(gates.tensors);
    Ok((config, tensors))
}

/// New tensors by name.
pub struct RandomWeights {
    seed: u64,
    pub tensors: HashMap<String, Tensor>,
}

impl RandomWeights {
    pub fn new(seed: u64) -> Self {
        Self { seed, tensors: HashMap::new() }
    }

    /// A linear layer, `NAME.weight` and `NAME.bias`.
    pub fn linear(&mut self, name: &str, outputs: usize, inputs: usize) -> Result<()> {
        self.matrix(format!("{name}.weight"), outputs, inputs)?;
        self.same(format!("{name}.bias"), 0.0, outputs)
    }

    /// A layer norm that only normalises.
    pub fn norm(&mut self, name: &str, width: usize) -> Result<()> {
        self.same(format!("{name}.weight"), 1.0, width)?;
        self.same(format!("{name}.bias"), 0.0, width)
    }

    /// The same value everywhere.
    pub fn same(&mut self, name: String, value: f32, width: usize) -> Result<()> {
        self.tensors.insert(name, Tensor::full(value, width, &Device::Cpu)?);
        Ok(())
    }

    /// Normal numbers by Box and Muller's transform; which ones depends on the seed and on how many came before.
    pub fn matrix(&mut self, name: String, rows: usize, columns: usize) -> Result<()> {
        let mut random = StdRng::seed_from_u64(derive_seed(self.seed, self.tensors.len() as u64));
        let mut normal = || {
            let (u, v): (f32, f32) = (1.0 - random.random::<f32>(), random.random());
            DEVIATION * (-2.0 * u.ln()).sqrt() * (std::f32::consts::TAU * v).cos()
        };
        let values = (0..rows * columns).map(|_| normal()).collect();
        self.tensors.insert(name, Tensor::from_vec(values, (rows, columns), &Device::Cpu)?);
        Ok(())
    }
}
