//! Tensors by name, read one at a time, so that a model file is never in memory twice.

use candle_core::quantized::QTensor;
use candle_core::{Device, Result, Shape, Tensor};

/// Reads a tensor by its whole name.
type Read<'a> = dyn Fn(&str) -> Result<QTensor> + 'a;

/// Where a model's tensors come from; names are relative to a prefix.
#[derive(Clone)]
pub struct Weights<'a> {
    read: &'a Read<'a>,
    prefix: String,
}

impl<'a> Weights<'a> {
    pub fn new(read: &'a Read<'a>) -> Self {
        Self { read, prefix: String::new() }
    }

    /// The tensors whose names go on after `name` and a dot.
    pub fn pp(&self, name: impl std::fmt::Display) -> Self {
        Self { read: self.read, prefix: format!("{}{name}.", self.prefix) }
    }

    /// A tensor as it is stored.
    ///
    /// # Errors
    /// When it is missing or has another shape.
    pub fn stored(&self, shape: impl Into<Shape>, name: &str) -> Result<QTensor> {
        let (name, shape) = (format!("{}{name}", self.prefix), shape.into());
        let tensor = (self.read)(&name)?;
        if tensor.shape() != &shape {
            candle_core::bail!("tensor {name} has the shape {:?}, needed is {shape:?}", tensor.shape());
        }
        Ok(tensor)
    }

    /// A tensor in f32; errors as [`Self::stored`].
    pub fn get(&self, shape: impl Into<Shape>, name: &str) -> Result<Tensor> {
        self.stored(shape, name)?.dequantize(&Device::Cpu)
    }

    /// The values of a tensor in f32; errors as [`Self::stored`].
    pub fn values(&self, shape: impl Into<Shape>, name: &str) -> Result<Vec<f32>> {
        self.get(shape, name)?.flatten_all()?.to_vec1()
    }
}
