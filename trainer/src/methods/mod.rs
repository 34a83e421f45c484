//! What cross-validation compares.

pub mod baselines;
pub mod finetuned;
mod linear;
