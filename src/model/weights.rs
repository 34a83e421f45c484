//! Reads a model's tensors by name and one at a time, so that a model file is never in memory twice.

use candle_core::quantized::QTensor;
use candle_core::{Device, Result, Shape, Tensor};

/// A function that reads a tensor by its name.
type Read<'a> = dyn Fn(&str) -> Result<QTensor> + 'a;

/// The tensors of a model, named as in [`super::tensor_names`], with their shapes checked.
pub struct Weights<'a> {
    read: &'a Read<'a>,
}

impl<'a> Weights<'a> {
    /// Takes the function that reads a tensor by its name.
    pub fn new(read: &'a Read<'a>) -> Self {
        Self { read }
    }

    /// Returns a tensor as it is stored.
    ///
    /// # Errors
    /// When the tensor is missing or has another shape.
    pub fn stored(&self, shape: impl Into<Shape>, name: &str) -> Result<QTensor> {
        let (tensor, shape) = ((self.read)(name)?, shape.into());
        if tensor.shape() != &shape {
            candle_core::bail!("tensor {name} has shape {:?}, expected {shape:?}", tensor.shape());
        }
        Ok(tensor)
    }

    /// Returns a tensor in f32; fails as [`Self::stored`] does.
    pub fn get(&self, shape: impl Into<Shape>, name: &str) -> Result<Tensor> {
        self.stored(shape, name)?.dequantize(&Device::Cpu)
    }

    /// Returns the values of a tensor in f32, row by row; fails as [`Self::stored`] does.
    pub fn values(&self, shape: impl Into<Shape>, name: &str) -> Result<Vec<f32>> {
        self.get(shape, name)?.flatten_all()?.to_vec1()
    }
}
