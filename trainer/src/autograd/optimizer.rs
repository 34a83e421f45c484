//! Gradients, and AdamW (Loshchilov and Hutter 2019) with parameter groups. The caller chooses the learning rate of each step.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

use candle_core::backprop::GradStore;
use candle_core::{CpuStorage, DType, Device, InplaceOp2, Layout, Result, Tensor, bail};
use rayon::prelude::*;

use super::kernels::{self, AdamWStep};
use super::{Parameters, ops};

/// How many numbers a thread takes at a time.
const CHUNK: usize = 1 << 15;

/// Gradients by the names of their parameters, summed over the batches of a step.
#[derive(Default)]
pub struct Gradients(BTreeMap<String, Tensor>);

impl Gradients {
    /// Adds the gradients of a backward pass. The sum stays the same for a parameter that the pass did not reach.
    pub fn add(&mut self, parameters: &Parameters, found: &GradStore) -> Result<()> {
        for (name, variable) in parameters.variables() {
            let Some(gradient) = found.get(variable) else { continue };
            let sum = match self.0.remove(name) {
                Some(before) => (before + gradient)?,
                None => gradient.contiguous()?,
            };
            self.0.insert(name.to_owned(), sum.detach());
        }
        Ok(())
    }

    pub fn get(&self, name: &str) -> Option<&Tensor> {
        self.0.get(name)
    }

    /// Computes the Euclidean norm of all gradients together.
    pub fn norm(&self) -> Result<f64> {
        let mut total = 0.0;
        for gradient in self.0.values() {
            total += ops::with_floats(gradient, |values| Ok(kernels::squares(values)))?;
        }
        Ok(total.sqrt())
    }
}

/// How the optimizer treats a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    /// The learning rate is multiplied by this.
    pub rate: f64,
    pub weight_decay: f64,
}

/// The optimizer and its state: two moments for each parameter.
#[derive(Default)]
pub struct AdamW {
    moments: BTreeMap<String, Mutex<[Vec<f32>; 2]>>,
    steps: i32,
}

const BETAS: [f64; 2] = [0.9, 0.999];
const EPSILON: f32 = 1e-8;

impl AdamW {
    /// Updates every parameter that has a gradient. The gradients are first multiplied by `scale`, for clipping and means.
    pub fn step(
        &mut self,
        parameters: &Parameters,
        gradients: &Gradients,
        learning_rate: f64,
        scale: f64,
        group: impl Fn(&str) -> Group,
    ) -> Result<()> {
        self.steps += 1;
        for (name, variable) in parameters.variables() {
            let Some(gradient) = gradients.get(name) else { continue };
            let Group { rate, weight_decay } = group(name);
            let step = AdamWStep {
                learning_rate: (learning_rate * rate) as f32,
                betas: BETAS.map(|beta| beta as f32),
                corrections: BETAS.map(|beta| (1.0 - beta.powi(self.steps)) as f32),
                epsilon: EPSILON,
                weight_decay: weight_decay as f32,
                gradient_scale: scale as f32,
            };
            let count = variable.elem_count();
            let zeros = || Mutex::new([vec![0.0; count], vec![0.0; count]]);
            let moments = self.moments.entry(name.to_owned()).or_insert_with(zeros);
            variable.as_tensor().inplace_op2(&gradient.contiguous()?, &Change { step, moments })?;
        }
        Ok(())
    }

    /// Returns the state as tensors, for a checkpoint.
    pub fn state(&self) -> Result<HashMap<String, Tensor>> {
        let mut state = HashMap::new();
        for (name, moments) in &self.moments {
            let moments = moments.lock().unwrap_or_else(|e| e.into_inner());
            for (i, moment) in moments.iter().enumerate() {
                state.insert(
                    format!("{name}.moment.{}", i + 1),
                    Tensor::new(moment.as_slice(), &Device::Cpu)?,
                );
            }
        }
        state.insert("steps".to_owned(), Tensor::new(&[i64::from(self.steps)], &Device::Cpu)?);
        Ok(state)
    }

    /// Restores the optimizer from the tensors of [`Self::state`].
    ///
    /// # Errors
    /// When a tensor is missing.
    pub fn restore(state: &HashMap<String, Tensor>) -> Result<Self> {
        let steps = match state.get("steps") {
            Some(steps) => steps.to_vec1::<i64>()?[0] as i32,
            None => bail!("the state of the optimizer has no tensor `steps`"),
        };
        let mut moments = BTreeMap::new();
        for (name, first) in state {
            let Some(name) = name.strip_suffix(".moment.1") else { continue };
            let Some(second) = state.get(&format!("{name}.moment.2")) else {
                bail!("the state of the optimizer has only one moment of {name}");
            };
            let values = |tensor: &Tensor| tensor.to_dtype(DType::F32)?.to_vec1::<f32>();
            moments.insert(name.to_owned(), Mutex::new([values(first)?, values(second)?]));
        }
        Ok(Self { moments, steps })
    }
}

/// Updates one parameter, in place.
struct Change<'a> {
    step: AdamWStep,
    moments: &'a Mutex<[Vec<f32>; 2]>,
}

impl InplaceOp2 for Change<'_> {
    fn name(&self) -> &'static str {
        "adamw"
    }

    fn cpu_fwd(
        &self,
        parameters: &mut CpuStorage,
        layout: &Layout,
        gradient: &CpuStorage,
        gradient_layout: &Layout,
    ) -> Result<()> {
        let places = (layout.contiguous_offsets(), gradient_layout.contiguous_offsets());
        let (CpuStorage::F32(parameters), CpuStorage::F32(gradient), (Some((a, b)), Some((c, d)))) =
            (parameters, gradient, places)
        else {
            bail!("adamw needs contiguous tensors in f32");
        };
        let mut moments = self.moments.lock().unwrap_or_else(|e| e.into_inner());
        let [first, second] = &mut *moments;
        if first.len() != b - a || second.len() != b - a || d - c != b - a {
            bail!("adamw: {} numbers, {} gradients, {} moments", b - a, d - c, first.len());
        }
        let moments = first.par_chunks_mut(CHUNK).zip(second.par_chunks_mut(CHUNK));
        parameters[a..b].par_chunks_mut(CHUNK).zip(gradient[c..d].par_chunks(CHUNK)).zip(moments).for_each(
            |((parameters, gradient), (first, second))| {
                kernels::adamw(self.step, gradient, parameters, first, second);
            },
        );
        Ok(())
    }
}
