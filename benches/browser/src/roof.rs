//! What the browser's multiply-add instructions give at best: loops over registers with nothing else in them.

use std::arch::wasm32::*;
use std::hint::black_box;

use wasm_bindgen::prelude::*;

/// Independent sums, as many as hide the latency and still lie in registers.
const SUMS: usize = 12;

macro_rules! roof {
    ($(#[$doc:meta])* $name:ident, $multiplied:expr, $step:expr) => {
        $(#[$doc])*
        #[wasm_bindgen]
        pub fn $name(rounds: u32) -> f64 {
            let (a, b) = (black_box(i8x16_splat(3)), black_box(i8x16_splat(5)));
            let step = $step;
            let mut sums = [black_box(i32x4_splat(0)); SUMS];
            for _ in 0..rounds {
                for sum in &mut sums {
                    *sum = step(a, b, *sum);
                }
            }
            black_box(sums);
            f64::from(rounds) * (SUMS * $multiplied) as f64
        }
    };
}

#[cfg(target_feature = "relaxed-simd")]
roof!(
    /// The relaxed 8-bit dot product; returns the multiply-adds done.
    roof_int8, 16, |a, b, sum: v128| i32x4_relaxed_dot_i8x16_i7x16_add(a, b, sum)
);
#[cfg(not(target_feature = "relaxed-simd"))]
roof!(
    /// The 16-bit dot product, on operands that are 16 bits wide already; returns the multiply-adds done.
    roof_int8, 8, |a, b, sum: v128| i32x4_add(sum, i32x4_dot_i16x8(a, b))
);
roof!(
    /// The 16-bit dot product; returns the multiply-adds done.
    roof_int16, 8, |a, b, sum: v128| i32x4_add(sum, i32x4_dot_i16x8(a, b))
);
