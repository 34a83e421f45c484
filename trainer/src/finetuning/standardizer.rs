//! Standardization of sentence vectors.

use std::collections::HashMap;

use candle_core::{Result, Tensor};
use salesmirror::model::tensor_names::{self, heads::PROJECTION};

use super::EncodedReport;

/// The mean and the standard deviation of each dimension of the sentence vectors, both `[hidden]`. Heads are trained on
/// standardized vectors.
#[derive(Clone)]
pub struct Standardizer {
    mean: Tensor,
    deviation: Tensor,
}

impl Standardizer {
    /// Fits a standardizer to all sentences of some reports.
    pub fn fit(reports: &[&EncodedReport]) -> Result<Self> {
        let all = Tensor::cat(&reports.iter().map(|report| &report.vectors).collect::<Vec<_>>(), 0)?;
        let mean = all.mean(0)?;
        let deviation = (all.broadcast_sub(&mean)?.sqr()?.mean(0)? + 1e-6)?.sqrt()?;
        Ok(Self { mean, deviation })
    }

    /// Standardizes vectors of shape `[.., hidden]`.
    pub fn apply(&self, vectors: &Tensor) -> Result<Tensor> {
        vectors.broadcast_sub(&self.mean)?.broadcast_div(&self.deviation)
    }

    /// The inverse of [`Self::fold_into`]: takes heads for raw vectors, and returns those that compute the same from standardized
    /// ones.
    pub fn unfold_from(&self, mut heads: HashMap<String, Tensor>) -> Result<HashMap<String, Tensor>> {
        let (weight_name, bias_name) = (tensor_names::weight(PROJECTION), tensor_names::bias(PROJECTION));
        let shift = heads[&weight_name].matmul(&self.mean.unsqueeze(1)?)?.squeeze(1)?;
        let bias = (&heads[&bias_name] + shift)?;
        let weight = heads[&weight_name].broadcast_mul(&self.deviation)?;
        heads.insert(weight_name, weight);
        heads.insert(bias_name, bias);
        Ok(heads)
    }

    /// Folds the standardization into the projection of the heads. The returned heads compute from raw vectors what `heads`
    /// compute from standardized vectors.
    pub fn fold_into(&self, mut heads: HashMap<String, Tensor>) -> Result<HashMap<String, Tensor>> {
        let (weight_name, bias_name) = (tensor_names::weight(PROJECTION), tensor_names::bias(PROJECTION));
        let weight = heads[&weight_name].broadcast_div(&self.deviation)?;
        let shift = weight.matmul(&self.mean.unsqueeze(1)?)?.squeeze(1)?;
        let bias = (&heads[&bias_name] - shift)?;
        heads.insert(weight_name, weight);
        heads.insert(bias_name, bias);
        Ok(heads)
    }
}
