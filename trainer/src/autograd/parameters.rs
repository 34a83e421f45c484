//! Named weights: those that are trained, and those that stay unchanged.

use std::collections::{BTreeMap, HashMap};

use candle_core::quantized::GgmlDType;
use candle_core::{DType, Device, Result, Tensor, Var, bail};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use salesmirror::model::tensor_names;

use super::{derive_seed, ops};

/// Low-rank adapters (LoRA, Hu et al. 2022) in training. A weight W, `[outputs, inputs]`, becomes W + scale · B · A, where W
/// stays unchanged, and A, `[rank, inputs]`, and B, `[outputs, rank]`, are trained. B starts at zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adapters {
    pub rank: usize,
    pub scale: f64,
}

/// The weights of a model by name, in f32.
pub struct Parameters {
    fixed: BTreeMap<String, Tensor>,
    variables: BTreeMap<String, Var>,
    /// The scale of the adapters; `None` without adapters.
    adapter_scale: Option<f64>,
}

impl Parameters {
    /// Takes tensors by name. Those for which `trainable` returns true are trained.
    pub fn new(tensors: HashMap<String, Tensor>, trainable: impl Fn(&str) -> bool) -> Result<Self> {
        let (mut fixed, mut variables) = (BTreeMap::new(), BTreeMap::new());
        for (name, tensor) in tensors {
            let tensor = tensor.to_dtype(DType::F32)?;
            if trainable(&name) {
                variables.insert(name, Var::from_tensor(&tensor)?);
            } else {
                fixed.insert(name, tensor);
            }
        }
        Ok(Self { fixed, variables, adapter_scale: None })
    }

    /// Freezes every trained matrix for which `adapted` returns true, and trains adapters in its place.
    pub fn adapt(&mut self, adapters: Adapters, seed: u64, adapted: impl Fn(&str) -> bool) -> Result<()> {
        let names: Vec<String> = self.variables.keys().filter(|name| adapted(name)).cloned().collect();
        for (i, name) in names.into_iter().enumerate() {
            let Some(variable) = self.variables.remove(&name) else { continue };
            let tensor = variable.as_detached_tensor();
            let (outputs, inputs) = tensor.dims2()?;
            let mut random = StdRng::seed_from_u64(derive_seed(seed, i as u64));
            let bound = 1.0 / (inputs as f32).sqrt();
            let a: Vec<f32> =
                (0..adapters.rank * inputs).map(|_| random.random_range(-bound..bound)).collect();
            let a = Tensor::from_vec(a, (adapters.rank, inputs), &Device::Cpu)?;
            let b = Tensor::zeros((outputs, adapters.rank), DType::F32, &Device::Cpu)?;
            self.fixed.insert(name.clone(), tensor);
            self.variables.insert(tensor_names::adapter_a(&name), Var::from_tensor(&a)?);
            self.variables.insert(tensor_names::adapter_b(&name), Var::from_tensor(&b)?);
        }
        self.adapter_scale = Some(adapters.scale);
        Ok(())
    }

    /// Returns a weight as the model uses it, with adapters merged. Gradients flow to its trained parts.
    pub fn get(&self, name: &str) -> Result<Tensor> {
        if let Some(variable) = self.variables.get(name) {
            return Ok(variable.as_tensor().clone());
        }
        let Some(fixed) = self.fixed.get(name) else {
            bail!("the tensor {name} is missing; the model's files do not fit its configuration");
        };
        let adapter = |name: String| self.variables.get(&name);
        let (a, b) = (adapter(tensor_names::adapter_a(name)), adapter(tensor_names::adapter_b(name)));
        match (a, b, self.adapter_scale) {
            (Some(a), Some(b), Some(scale)) => fixed + (b.as_tensor().matmul(a.as_tensor())? * scale)?,
            _ => Ok(fixed.clone()),
        }
    }

    /// Does the same as [`Self::get`], but rounds a trained weight to `dtype` if one is given. Weights that are not trained may
    /// already have been quantized, and are not rounded again.
    pub fn get_quantized(&self, name: &str, dtype: Option<GgmlDType>) -> Result<Tensor> {
        let weight = self.get(name)?;
        match dtype {
            Some(dtype) if weight.track_op() => ops::quantized(&weight, dtype),
            _ => Ok(weight),
        }
    }

    /// Iterates over the trained parameters, sorted by name.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &Var)> {
        self.variables.iter().map(|(name, variable)| (name.as_str(), variable))
    }

    /// Returns the trained parameters as tensors by name. Gradients flow to them.
    pub fn tensors(&self) -> HashMap<String, Tensor> {
        self.variables().map(|(name, variable)| (name.to_owned(), variable.as_tensor().clone())).collect()
    }

    /// Returns the number of trained values in all parameters.
    pub fn count(&self) -> usize {
        self.variables.values().map(|variable| variable.elem_count()).sum()
    }

    /// Sets the trained parameters to given values, such as those of a checkpoint.
    ///
    /// # Errors
    /// When a value is missing or has another shape.
    pub fn set(&self, values: &HashMap<String, Tensor>) -> Result<()> {
        for (name, variable) in &self.variables {
            match values.get(name) {
                Some(value) if value.shape() == variable.shape() => variable.set(value)?,
                Some(value) => {
                    bail!("{name} has the shape {:?}, expected {:?}", value.shape(), variable.shape())
                }
                None => bail!("the tensor {name} is missing"),
            }
        }
        Ok(())
    }

    /// Copies the trained parameters.
    pub fn snapshot(&self) -> Result<HashMap<String, Tensor>> {
        self.variables
            .iter()
            .map(|(name, variable)| Ok((name.clone(), variable.as_tensor().copy()?.detach())))
            .collect()
    }

    /// Returns the adapters by name, with the scale folded into B, so that B · A is added to a weight.
    pub fn adapters(&self) -> Result<HashMap<String, Tensor>> {
        let adapters = self.variables.iter().filter(|(name, _)| tensor_names::is_adapter(name));
        let scale = |name: &str| {
            if tensor_names::is_adapter_b(name) { self.adapter_scale.unwrap_or(1.0) } else { 1.0 }
        };
        adapters.map(|(name, v)| Ok((name.clone(), (v.as_tensor().detach() * scale(name))?))).collect()
    }

    /// Copies all weights, with adapters merged into them.
    pub fn merged(&self) -> Result<HashMap<String, Tensor>> {
        let names =
            self.fixed.keys().chain(self.variables.keys().filter(|name| !tensor_names::is_adapter(name)));
        names.map(|name| Ok((name.clone(), self.get(name)?.copy()?.detach()))).collect()
    }
}
