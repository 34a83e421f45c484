//! Low-rank adapters (LoRA, Hu et al. 2022): beside a weight W of `[outputs, inputs]` lie a factor A of `[rank, inputs]`
//! and a factor B of `[outputs, rank]`, and the model computes with W + B·A.
//!
//! The changes of fine-tuning are smaller than a step of 4-bit quantization and would be lost in it. A model file
//! therefore keeps the quantized weight that training began with, and stores the change beside it at a fraction of the
//! size.
//!
//! This module merges adapters into their weights and takes them out again, as tensors. [`super::Encoder`] merges them
//! while it loads, by [`crate::kernels::add_low_rank`], which rounds alike on every target. Training adapters is left to
//! the trainer.

use std::collections::HashMap;

use candle_core::Tensor;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{EncoderConfig, tensor_names};

/// The weights of an encoder that have adapters beside them: those of all linear layers from `first_layer` on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdaptersConfig {
    /// The rank of the products that are added.
    pub rank: usize,
    /// The first layer that has adapters, counted from 0.
    pub first_layer: usize,
}

/// Why adapters could not be merged or taken out.
#[derive(Debug, Error)]
pub enum AdapterError {
    /// An adapter lacks its other factor or the weight that it belongs to.
    #[error(
        "the adapter `{adapter}` needs the tensor `{missing}`, which is missing; take both from the same training run"
    )]
    Missing {
        /// The factor that was found.
        adapter: String,
        /// The tensor that was not found.
        missing: String,
    },
    /// The shapes of an adapter and of its weight do not fit together.
    #[error("an adapter could not be multiplied out: {0}")]
    Compute(#[from] candle_core::Error),
}

/// Adds the product of each adapter to its weight. The result no longer contains the adapters.
///
/// # Errors
/// When a factor A lacks its B or its weight, or their shapes do not fit.
pub fn merge(mut tensors: HashMap<String, Tensor>) -> Result<HashMap<String, Tensor>, AdapterError> {
    let weights = tensors.keys().filter_map(|name| tensor_names::weight_of_adapter_a(name));
    let weights: Vec<String> = weights.map(str::to_owned).collect();
    for name in weights {
        let adapter = tensor_names::adapter_a(&name);
        let mut take = |name: &str| match tensors.remove(name) {
            Some(tensor) => Ok(tensor),
            None => Err(AdapterError::Missing { adapter: adapter.clone(), missing: name.to_owned() }),
        };
        let (a, b) = (take(&adapter)?, take(&tensor_names::adapter_b(&name))?);
        let weight = take(&name)?;
        tensors.insert(name, (weight + b.matmul(&a)?)?);
    }
    Ok(tensors)
}

/// Undoes [`merge`]: subtracts the product of each adapter from its merged weight, and puts the adapters beside the
/// weights. Returns the tensors, and the configuration that describes the adapters.
///
/// # Errors
/// When a factor A lacks its B or its weight, or their shapes do not fit.
pub fn unmerge(
    config: &EncoderConfig,
    mut weights: HashMap<String, Tensor>,
    adapters: &HashMap<String, Tensor>,
) -> Result<(EncoderConfig, HashMap<String, Tensor>), AdapterError> {
    let mut config = config.clone();
    for (adapter, a) in adapters {
        let Some(name) = tensor_names::weight_of_adapter_a(adapter) else { continue };
        let missing =
            |name: &str| AdapterError::Missing { adapter: adapter.clone(), missing: name.to_owned() };
        let name_b = tensor_names::adapter_b(name);
        let b = adapters.get(&name_b).ok_or_else(|| missing(&name_b))?;
        let merged = weights.get(name).ok_or_else(|| missing(name))?;
        let base = (merged - b.matmul(a)?)?;
        let layer = tensor_names::layer_of(name).unwrap_or(0);
        let known = config.adapters.get_or_insert(AdaptersConfig { rank: a.dim(0)?, first_layer: layer });
        known.first_layer = known.first_layer.min(layer);
        weights.insert(name.to_owned(), base);
    }
    weights.extend(adapters.clone());
    Ok((config, weights))
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

    const WEIGHT: &str = "encoder.layer.2.output.dense.weight";

    fn tensors(entries: &[(&str, [[f32; 2]; 2])]) -> HashMap<String, Tensor> {
        let tensor = |(name, values): &(&str, [[f32; 2]; 2])| {
            ((*name).to_owned(), Tensor::new(values, &Device::Cpu).unwrap())
        };
        entries.iter().map(tensor).collect()
    }

    fn config() -> EncoderConfig {
        let json = include_str!("../../tests/fixtures/tiny-bert/config.json");
        serde_json::from_str(json).unwrap()
    }

    fn adapters() -> HashMap<String, Tensor> {
        let (a, b) = (tensor_names::adapter_a(WEIGHT), tensor_names::adapter_b(WEIGHT));
        tensors(&[(&a, [[1.0, 2.0], [3.0, 4.0]]), (&b, [[1.0, 0.0], [0.0, 2.0]])])
    }

    #[test]
    fn merging_adds_b_times_a() {
        let mut all = adapters();
        all.extend(tensors(&[(WEIGHT, [[10.0, 10.0], [10.0, 10.0]])]));
        let merged = merge(all).unwrap();
        assert_eq!(merged.len(), 1);
        assert_eq!(merged[WEIGHT].to_vec2::<f32>().unwrap(), [[11.0, 12.0], [16.0, 18.0]]);
    }

    #[test]
    fn unmerging_undoes_merging() {
        let merged = tensors(&[(WEIGHT, [[11.0, 12.0], [16.0, 18.0]])]);
        let (config, weights) = unmerge(&config(), merged, &adapters()).unwrap();
        assert_eq!(config.adapters, Some(AdaptersConfig { rank: 2, first_layer: 2 }));
        assert_eq!(weights.len(), 3);
        assert_eq!(weights[WEIGHT].to_vec2::<f32>().unwrap(), [[10.0, 10.0], [10.0, 10.0]]);
    }

    #[test]
    fn without_adapters_nothing_changes() {
        let weights = tensors(&[(WEIGHT, [[1.0, 2.0], [3.0, 4.0]])]);
        assert_eq!(merge(weights.clone()).unwrap().len(), 1);
        assert_eq!(unmerge(&config(), weights, &HashMap::new()).unwrap().0, config());
    }

    #[test]
    fn missing_parts_are_named() {
        let names = |error: AdapterError| match error {
            AdapterError::Missing { missing, .. } => missing,
            AdapterError::Compute(error) => panic!("{error}"),
        };
        let mut without_b = adapters();
        without_b.retain(|name, _| !tensor_names::is_adapter_b(name));
        assert_eq!(names(merge(without_b.clone()).unwrap_err()), tensor_names::adapter_b(WEIGHT));
        assert_eq!(names(merge(adapters()).unwrap_err()), WEIGHT);
        let weights = HashMap::new();
        assert_eq!(names(unmerge(&config(), weights, &adapters()).unwrap_err()), WEIGHT);
        assert_eq!(
            names(unmerge(&config(), HashMap::new(), &without_b).unwrap_err()),
            tensor_names::adapter_b(WEIGHT)
        );
    }
}
