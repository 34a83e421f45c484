//! The machinery of training that does not depend on the objective: float kernels, differentiable operations, the encoder with
//! a backward pass, and the optimizer. Scoring uses none of it.
//!
//! | module | what it owns |
//! |---|---|
//! | [`kernels`] | matrix products and row-wise operations in f32, forward and backward |
//! | [`ops`] | differentiable operations that candle lacks, built on the kernels |
//! | `parameters` | named weights: which of them are trained, low-rank adapters, rounding to 4 bits in training |
//! | `encoder` | the BERT encoder with a backward pass |
//! | `experts` | routing of tokens to experts, load balance and capacity |
//! | `init` | initial weights: random ones, and experts upcycled from dense layers |
//! | `optimizer` | gradients and AdamW |
//!
//! Objectives and data are left to [`crate::pretraining`] and [`crate::finetuning`], and the loop to [`crate::run::training`].
//! All randomness is derived from a seed and the number of the step, so that a resumed run gives the same bits as one that was
//! never interrupted.

mod encoder;
mod experts;
mod init;
pub mod kernels;
pub mod ops;
mod optimizer;
mod parameters;

pub use encoder::{Encoder, Input, Pass, forward_flops};
pub use experts::Routing;
pub use init::{RandomWeights, random_weights, upcycled};
pub use optimizer::{AdamW, Gradients, Group};
pub use parameters::{Adapters, Parameters};

/// Derives a seed for one of many independent purposes from another seed (SplitMix64, Steele et al. 2014).
pub fn derive_seed(seed: u64, purpose: u64) -> u64 {
    let mut z =
        seed.wrapping_add(purpose.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
