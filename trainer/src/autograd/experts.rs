//! The routing of tokens to experts (GLaM, Du et al. 2022, arXiv:2112.06905), and the loss that keeps the load even.

use candle_core::{D, Device, Result, Tensor};
use salesmirror::kernels;
use salesmirror::model::ExpertsConfig;

use super::ops;

/// How a mixture of experts routed the tokens of a pass.
#[derive(Debug, Clone)]
pub struct Routing {
    pub layer: usize,
    /// How often each expert was chosen, including choices beyond its capacity. Each token adds top_k choices.
    pub load: Vec<usize>,
    /// The number of choices beyond the capacity of their expert. Such a token has one expert fewer, or none.
    pub dropped: usize,
    /// The load-balancing loss E · Σ fₑ · Pₑ (Fedus et al. 2022), where E is the number of experts, fₑ the share of choices for
    /// expert e, and Pₑ its mean probability. It is 1 if both are even, and up to E if one expert takes everything.
    pub balance: Tensor,
}

/// The experts chosen in a pass. Choice c belongs to token c / top_k.
pub(super) struct Routes {
    top_k: usize,
    /// The weights of each token's experts, `[tokens, top_k]`, which sum to 1 for each token.
    pub weights: Tensor,
    /// The choices that each expert takes, in ascending order.
    pub taken: Vec<Vec<u32>>,
    pub load: Vec<usize>,
    pub dropped: usize,
}

impl Routes {
    /// Chooses experts in the same way as scoring, from `x`, `[tokens, hidden]`, and a gate, `[experts, hidden]`. Also computes
    /// the load-balancing loss.
    pub fn choose(
        x: &Tensor,
        gate: &Tensor,
        experts: &ExpertsConfig,
        capacity_factor: Option<f64>,
    ) -> Result<(Self, Tensor)> {
        let &ExpertsConfig { count, top_k, .. } = experts;
        let (tokens, hidden) = x.dims2()?;
        let mut chosen = Vec::with_capacity(tokens * top_k);
        ops::with_floats(x, |x| {
            ops::with_floats(gate, |gate| {
                x.chunks_exact(hidden).for_each(|row| kernels::choose_experts(row, gate, top_k, &mut chosen));
                Ok(())
            })
        })?;

        let capacity = match capacity_factor {
            Some(factor) => ((factor * (tokens * top_k) as f64 / count as f64).ceil() as usize).max(1),
            None => usize::MAX,
        };
        let (mut load, mut taken) = (vec![0; count], vec![Vec::new(); count]);
        // First choices come before second ones, so that a full expert turns away tokens that already have another expert.
        for choice in (0..top_k).flat_map(|k| (0..tokens).map(move |token| token * top_k + k)) {
            let expert = chosen[choice].0;
            load[expert] += 1;
            if taken[expert].len() < capacity {
                taken[expert].push(choice as u32);
            }
        }
        taken.iter_mut().for_each(|choices| choices.sort_unstable());
        let dropped = tokens * top_k - taken.iter().map(Vec::len).sum::<usize>();

        let logits = x.matmul(&gate.t()?)?;
        // The maximum cancels out in the softmax.
        let shifted = logits.broadcast_sub(&logits.max_keepdim(D::Minus1)?.detach())?;
        let indices: Vec<u32> = chosen.iter().map(|(expert, _)| *expert as u32).collect();
        let indices = Tensor::from_vec(indices, (tokens, top_k), &Device::Cpu)?;
        let weights = shares(&shifted.gather(&indices, 1)?)?;
        let fractions: Vec<f32> = load.iter().map(|&n| n as f32 / (tokens * top_k) as f32).collect();
        let fractions = Tensor::new(fractions, &Device::Cpu)?;
        let balance = ((shares(&shifted)?.mean(0)? * fractions)?.sum_all()? * count as f64)?;
        Ok((Self { top_k, weights, taken, load, dropped }, balance))
    }

    /// Returns the tokens that some choices belong to.
    pub fn tokens(&self, choices: &[u32]) -> Result<Tensor> {
        let tokens: Vec<u32> = choices.iter().map(|choice| choice / self.top_k as u32).collect();
        Tensor::new(tokens, &Device::Cpu)
    }
}

/// Computes the softmax of each row with operations that have a backward pass.
fn shares(x: &Tensor) -> Result<Tensor> {
    let x = x.exp()?;
    x.broadcast_div(&x.sum_keepdim(D::Minus1)?)
}
