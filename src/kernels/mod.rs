//! The encoder's hot loop: int8 matrix products over prepacked panels and the element-wise steps fused around them.
//!
//! Owns the arithmetic and the only `unsafe` code of the crate; leaves what a layer is made of to [`crate::model`].
//! Every integer kernel gives the same bits on every target: activations have 7 bits (0 to 127) and weights 8, so that
//! no instruction set saturates in between, and sums are exact in i32. Float steps are written once, in lanes of a
//! fixed width and without platform functions, so that native and wasm builds agree as well.
//!
//! | module | what it owns |
//! |---|---|
//! | `panels` | weights of a linear layer, packed for the product, and the product itself |
//! | `lanes` | eight floats or integers at a time, one per target |
//! | `rows` | row-wise float steps: GELU, residual and layer norm, softmax, quantization, choice of experts |
//! | `attention` | scaled dot-product attention of one window, in 16-bit integers |
//! | `tile` | the inner loops, one per instruction set, and which one runs |

mod attention;
mod lanes;
mod panels;
mod rows;
pub mod tile;

pub use attention::{Attention, attend};
pub use panels::{Linear, QuantizedRows, add_low_rank};
pub use rows::{LayerNorm, choose_experts, gelu, soft_max};
