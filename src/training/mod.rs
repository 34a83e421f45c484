//! Training: what changes weights, apart from what is trained for. Behind the feature `trainer`; scoring uses none of it.
//!
//! | module | what it owns |
//! |---|---|
//! | `ops` | differentiable operations that candle lacks, over [`crate::kernels::float`] |
//! | `parameters` | named weights, which of them change, low-rank adapters, the step from f32 to 4 bits in training |
//! | `encoder` | the BERT encoder with a backward |
//! | `experts` | which experts tokens go to, how evenly, and what capacity drops |
//! | `beginning` | weights to begin with: random ones, experts made of dense weights |
//! | `optimiser` | AdamW, clipping, the course of the learning rate |
//! | `checkpoint` | states on disk that a crash cannot break, averages of them |
//!
//! Objectives, data and loops are the commands' (`src/bin/trainer`). Everything random is derived from a seed and the number
//! of the step, so that a run that goes on from a checkpoint gives the same bits as one that was never interrupted.

mod beginning;
pub mod checkpoint;
mod encoder;
mod experts;
pub mod ops;
mod optimiser;
mod parameters;

pub use beginning::{RandomWeights, random_weights, upcycled};
pub use encoder::{Encoder, Input, Pass, forward_flops};
pub use experts::Routing;
pub use optimiser::{AdamW, Gradients, Group, Schedule};
pub use parameters::{Adapters, Parameters};

/// A seed for one of many independent uses of another (SplitMix64, Steele et al. 2014).
pub fn derive_seed(seed: u64, purpose: u64) -> u64 {
    let mut z =
        seed.wrapping_add(purpose.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
