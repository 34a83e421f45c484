//! Initial weights: random ones, and experts upcycled from dense layers.

use std::collections::HashMap;

use candle_core::{Device, Result, Tensor, bail};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use salesmirror::model::{EncoderConfig, ExpertsConfig, tensor_names};

use super::derive_seed;

/// The standard deviation of random weights (Devlin et al. 2019).
const DEVIATION: f32 = 0.02;

/// Makes random weights of an encoder, initialized as in BERT: matrices are normal with a standard deviation of 0.02, biases
/// are 0, and the weights of norms are 1.
pub fn random_weights(config: &EncoderConfig, seed: u64) -> Result<HashMap<String, Tensor>> {
    let (hidden, width) = (config.hidden_size, config.intermediate_size);
    let mut weights = RandomWeights::new(seed);
    for (name, rows) in [
        (tensor_names::WORD_EMBEDDINGS, config.vocab_size),
        (tensor_names::POSITION_EMBEDDINGS, config.max_position_embeddings),
        (tensor_names::TOKEN_TYPE_EMBEDDINGS, config.type_vocab_size),
    ] {
        weights.matrix(name.to_owned(), rows, hidden)?;
    }
    weights.norm(tensor_names::EMBEDDINGS_NORM, hidden)?;
    for layer in 0..config.num_hidden_layers {
        let prefix = tensor_names::layer(layer);
        let name = |module: &str| tensor_names::within(&prefix, module);
        for module in tensor_names::QUERY_KEY_VALUE.into_iter().chain([tensor_names::ATTENTION_OUTPUT]) {
            weights.linear(&name(module), hidden, hidden)?;
        }
        weights.norm(&name(tensor_names::ATTENTION_NORM), hidden)?;
        let mut feed_forward = |prefix: &str| {
            let name = |module: &str| tensor_names::within(prefix, module);
            weights.linear(&name(tensor_names::INTERMEDIATE), width, hidden)?;
            weights.linear(&name(tensor_names::OUTPUT), hidden, width)
        };
        match config.experts_of(layer) {
            None => feed_forward(&prefix)?,
            Some(experts) => {
                (0..experts.count).try_for_each(|e| feed_forward(&tensor_names::expert(layer, e)))?;
                weights.matrix(tensor_names::gate(layer), experts.count, hidden)?;
            }
        }
        weights.norm(&name(tensor_names::OUTPUT_NORM), hidden)?;
    }
    Ok(weights.tensors)
}

/// Replaces some feed-forward parts of a dense encoder by mixtures of experts (sparse upcycling, Komatsuzaki et al. 2023). Each
/// expert is a copy of the part that it replaces, and the gate is random. The weights of a token's experts sum to 1, so the
/// result is exactly the same function at first.
///
/// # Errors
/// When the encoder already has experts, or a tensor is missing.
pub fn upcycled(
    config: &EncoderConfig,
    mut tensors: HashMap<String, Tensor>,
    experts: ExpertsConfig,
    seed: u64,
) -> Result<(EncoderConfig, HashMap<String, Tensor>)> {
    if config.experts.is_some() {
        bail!("the encoder already has experts");
    }
    let config = EncoderConfig { experts: Some(experts), ..config.clone() };
    let mut gates = RandomWeights::new(seed);
    for layer in 0..config.num_hidden_layers {
        let Some(experts) = config.experts_of(layer) else { continue };
        let modules = [tensor_names::INTERMEDIATE, tensor_names::OUTPUT];
        for part in modules.iter().flat_map(|m| [tensor_names::weight(m), tensor_names::bias(m)]) {
            let name = tensor_names::within(&tensor_names::layer(layer), &part);
            let Some(tensor) = tensors.remove(&name) else { bail!("the tensor {name} is missing") };
            for e in 0..experts.count {
                let name = tensor_names::within(&tensor_names::expert(layer, e), &part);
                tensors.insert(name, tensor.copy()?);
            }
        }
        gates.matrix(tensor_names::gate(layer), experts.count, config.hidden_size)?;
    }
    tensors.extend(gates.tensors);
    Ok((config, tensors))
}

/// Makes new tensors and collects them by name.
pub struct RandomWeights {
    seed: u64,
    pub tensors: HashMap<String, Tensor>,
}

impl RandomWeights {
    pub fn new(seed: u64) -> Self {
        Self { seed, tensors: HashMap::new() }
    }

    /// Adds a linear layer, `NAME.weight` and `NAME.bias`.
    pub fn linear(&mut self, name: &str, outputs: usize, inputs: usize) -> Result<()> {
        self.matrix(tensor_names::weight(name), outputs, inputs)?;
        self.same(tensor_names::bias(name), 0.0, outputs)
    }

    /// Adds a layer norm that only normalizes, with weights of 1 and biases of 0.
    pub fn norm(&mut self, name: &str, width: usize) -> Result<()> {
        self.same(tensor_names::weight(name), 1.0, width)?;
        self.same(tensor_names::bias(name), 0.0, width)
    }

    /// Adds a vector of one repeated value.
    pub fn same(&mut self, name: String, value: f32, width: usize) -> Result<()> {
        self.tensors.insert(name, Tensor::full(value, width, &Device::Cpu)?);
        Ok(())
    }

    /// Adds a matrix of normal numbers, by the Box-Muller transform. They depend on the seed and on how many tensors there are.
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
