//! The encoder's hot loops: int8 matrix products over prepacked panels, and the element-wise operations fused around
//! them.
//!
//! This module owns the arithmetic and the only `unsafe` code of the crate. The structure of a layer is left to
//! [`crate::model`].
//!
//! Every integer kernel gives the same bits on every target: activations have 7 bits (0 to 127) and weights have 8, so
//! that no instruction set saturates on the way, and sums are exact in i32. Float operations are written once, in lanes
//! of a fixed width and without platform functions, so that native and wasm builds agree on them too.
//!
//! | module | what it owns |
//! |---|---|
//! | `panels` | linear layers: weights packed into panels, and their product with quantized rows |
//! | `lanes` | vectors of eight floats or integers, implemented per target |
//! | `rows` | row-wise float operations: GELU, residual and layer normalization, softmax, quantization, choice of experts |
//! | `attention` | scaled dot-product attention of one window, in 16-bit integers |
//! | [`tile`] | the inner loops, one per instruction set, and the choice between them |

mod attention;
mod lanes;
mod panels;
mod rows;
pub mod tile;

pub use attention::{Attention, attend};
pub use panels::{Linear, QuantizedRows, add_low_rank};
pub use rows::{LayerNorm, choose_experts, gelu, soft_max};
