//! Named weights, those that change and those that stay.

use std::collections::{BTreeMap, HashMap};

use candle_core::quantized::GgmlDType;
use candle_core::{DType, Device, Result, Tensor, Var, bail};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::{derive_seed, ops};

/// Low-rank adapters (LoRA, Hu et al. 2022): in place of a weight W of [outputs, inputs], W + scale · B · A changes, with A of
/// [rank, inputs] and B, which begins at zero, of [outputs, rank].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adapters {
    pub rank: usize,
    pub scale: f64,
}

/// The weights of a model by name, in f32.
pub struct Parameters {
    fixed: BTreeMap<String, Tensor>,
    variables: BTreeMap<String, Var>,
    /// Scale of the adapters, whose variables are named `WEIGHT.adapter.a` and `WEIGHT.adapter.b`.
    adapter_scale: Option<f64>,
}

impl Parameters {
    /// Takes tensors, of which those change whose name satisfies `trainable`.
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

    /// Holds every changing matrix for which `adapted` is true where it is and lets adapters change in its place.
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
            self.variables.insert(format!("{name}.adapter.a"), Var::from_tensor(&a)?);
            self.variables.insert(format!("{name}.adapter.b"), Var::from_tensor(&b)?);
        }
        self.adapter_scale = Some(adapters.scale);
        Ok(())
    }

    /// A weight as the model computes with it; gradients flow to what changes of it.
    pub fn get(&self, name: &str) -> Result<Tensor> {
        if let Some(variable) = self.variables.get(name) {
            return Ok(variable.as_tensor().clone());
        }
        let Some(fixed) = self.fixed.get(name) else {
            bail!("there is no tensor {name}; the model's files do not fit its configuration");
        };
        let adapter = |part| self.variables.get(&format!("{name}.adapter.{part}"));
        match (adapter("a"), adapter("b"), self.adapter_scale) {
            (Some(a), Some(b), Some(scale)) => fixed + (b.as_tensor().matmul(a.as_tensor())? * scale)?,
            _ => Ok(fixed.clone()),
        }
    }

    /// As [`Self::get`], after the way to a quantized type and back where one is given and the weight changes: those that
    /// stay may have been quantized already.
    pub fn get_quantized(&self, name: &str, dtype: Option<GgmlDType>) -> Result<Tensor> {
        let weight = self.get(name)?;
        match dtype {
            Some(dtype) if weight.track_op() => ops::quantized(&weight, dtype),
            _ => Ok(weight),
        }
    }

    /// The trained parameters, in the order of their names.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &Var)> {
        self.variables.iter().map(|(name, variable)| (name.as_str(), variable))
    }

    /// The trained parameters as tensors by name; gradients flow to them.
    pub fn tensors(&self) -> HashMap<String, Tensor> {
        self.variables().map(|(name, variable)| (name.to_owned(), variable.as_tensor().clone())).collect()
    }

    /// Numbers that change.
    pub fn count(&self) -> usize {
        self.variables.values().map(|variable| variable.elem_count()).sum()
    }

    /// Sets variables to other values, such as those of a checkpoint.
    ///
    /// # Errors
    /// When one is missing or has another shape.
    pub fn set(&self, values: &HashMap<String, Tensor>) -> Result<()> {
        for (name, variable) in &self.variables {
            match values.get(name) {
                Some(value) if value.shape() == variable.shape() => variable.set(value)?,
                Some(value) => bail!("{name} is {:?}, needed is {:?}", value.shape(), variable.shape()),
                None => bail!("there is no {name}"),
            }
        }
        Ok(())
    }

    /// Copies of what changes.
    pub fn snapshot(&self) -> Result<HashMap<String, Tensor>> {
        self.variables
            .iter()
            .map(|(name, variable)| Ok((name.clone(), variable.as_tensor().copy()?.detach())))
            .collect()
    }

    /// The adapters, `NAME.adapter.a` and `NAME.adapter.b`, whose products are what is added to the weights of these names.
    pub fn adapters(&self) -> Result<HashMap<String, Tensor>> {
        let adapters = self.variables.iter().filter(|(name, _)| name.contains(".adapter."));
        let scale = |name: &str| if name.ends_with(".b") { self.adapter_scale.unwrap_or(1.0) } else { 1.0 };
        adapters.map(|(name, v)| Ok((name.clone(), (v.as_tensor().detach() * scale(name))?))).collect()
    }

    /// Copies of all weights, adapters merged into theirs.
    pub fn merged(&self) -> Result<HashMap<String, Tensor>> {
        let names = self.fixed.keys().chain(self.variables.keys().filter(|name| !name.contains(".adapter.")));
        names.map(|name| Ok((name.clone(), self.get(name)?.copy()?.detach()))).collect()
    }
}
