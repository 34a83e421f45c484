//! Float kernels for training, forward and backward: the matrix product over strided views, and row-wise operations.
//!
//! The kernels work on slices. Except for the matrix product, they run in one thread, and callers divide the rows among
//! threads. The loops are plain Rust that the compiler vectorizes. On x86-64, they are also compiled for AVX-512 and AVX2, and
//! the best version that the machine supports is chosen at run time.
//!
//! This module and the inference crate's kernels are the only places with `unsafe` code.
#![allow(unsafe_code)]

use gemm::Parallelism;

/// A matrix in a slice: `values[row · row_stride + column · column_stride]`.
#[derive(Clone, Copy)]
pub struct View<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a> View<'a> {
    /// Makes a view of a matrix whose rows are `row_stride` apart.
    ///
    /// # Panics
    /// When the slice is too short.
    pub fn new(values: &'a [f32], rows: usize, columns: usize, row_stride: usize) -> Self {
        assert!(values.len() >= extent(rows, columns, row_stride), "a matrix must fit into its slice");
        Self { values, rows, columns, row_stride, column_stride: 1 }
    }

    /// Returns the transposed matrix, as a view of the same numbers.
    pub fn transposed(self) -> Self {
        let Self { values, rows, columns, row_stride, column_stride } = self;
        Self { values, rows: columns, columns: rows, row_stride: column_stride, column_stride: row_stride }
    }
}

/// Returns how many numbers there are from the first to the last element of a matrix, both included.
fn extent(rows: usize, columns: usize, row_stride: usize) -> usize {
    match rows.checked_sub(1) {
        Some(before) if columns > 0 => before * row_stride + columns,
        _ => 0,
    }
}

/// Computes out = scale · a · b, or out += scale · a · b if `add` is set. The rows of `out` are as wide as those of `b` and
/// `row_stride` apart. With `parallel`, the work is divided among rayon's threads; their number affects only the order of the
/// sums.
///
/// # Panics
/// When the shapes do not fit.
pub fn multiply(out: &mut [f32], row_stride: usize, a: View, b: View, scale: f32, add: bool, parallel: bool) {
    assert!(a.columns == b.rows, "a has {} columns, but b has {} rows", a.columns, b.rows);
    let (rows, columns) = (a.rows, b.columns);
    assert!(out.len() >= extent(rows, columns, row_stride) && columns <= row_stride);
    if rows == 0 || columns == 0 {
        return;
    }
    let parallelism = if parallel { Parallelism::Rayon(0) } else { Parallelism::None };
    // SAFETY: the assertions here and in `View::new` ensure that every element of the three matrices lies in its slice,
    // and `out` is borrowed mutably, so it overlaps neither `a` nor `b`.
    unsafe {
        gemm::gemm(
            rows,
            columns,
            a.columns,
            out.as_mut_ptr(),
            1,
            row_stride as isize,
            add,
            a.values.as_ptr(),
            a.column_stride as isize,
            a.row_stride as isize,
            b.values.as_ptr(),
            b.column_stride as isize,
            b.row_stride as isize,
            1.0f32,
            scale,
            false,
            false,
            false,
            parallelism,
        );
    }
}

/// Compiles a function for several instruction sets and calls the best version that the machine supports.
macro_rules! for_each_machine {
    ($(#[$doc:meta])* pub fn $name:ident($($argument:ident: $type:ty),* $(,)?) $body:block) => {
        $(#[$doc])*
        pub fn $name($($argument: $type),*) {
            #[inline(always)]
            fn portable($($argument: $type),*) $body
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f")]
                fn avx512($($argument: $type),*) {
                    portable($($argument),*);
                }
                #[target_feature(enable = "avx2,fma")]
                fn avx2($($argument: $type),*) {
                    portable($($argument),*);
                }
                if is_x86_feature_detected!("avx512f") {
                    // SAFETY: AVX-512F was detected at run time.
                    return unsafe { avx512($($argument),*) };
                }
                if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                    // SAFETY: AVX2 and FMA were detected at run time.
                    return unsafe { avx2($($argument),*) };
                }
            }
            portable($($argument),*);
        }
    };
}

/// The number of partial sums in a reduction, which is twice the lanes of a 512-bit vector.
const LANES: usize = 32;

/// Sums f(i) over 0..count, in an order that does not depend on the machine.
#[inline(always)]
fn sum(count: usize, f: impl Fn(usize) -> f32) -> f32 {
    let mut lanes = [0f32; LANES];
    let whole = count - count % LANES;
    let mut start = 0;
    while start < whole {
        for (l, lane) in lanes.iter_mut().enumerate() {
            *lane += f(start + l);
        }
        start += LANES;
    }
    for (lane, i) in lanes.iter_mut().zip(whole..count) {
        *lane += f(i);
    }
    lanes.iter().sum()
}

/// Computes eˣ with a relative error of at most 2e-7 for x ≤ 88. The result is 0 below -87.
#[inline(always)]
fn exp(x: f32) -> f32 {
    const ROUNDER: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let n = (x * std::f32::consts::LOG2_E + ROUNDER) - ROUNDER;
    // ln 2 is split into two parts, so that the difference keeps its precision.
    let r = (x - n * 0.693_359_4) + n * 2.121_944_4e-4;
    let p = 1.987_569_2e-4;
    let p = p * r + 1.398_199_9e-3;
    let p = p * r + 8.333_452e-3;
    let p = p * r + 4.166_579_6e-2;
    let p = p * r + 0.166_666_66;
    let p = p * r + 0.5;
    let value = p * r * r + r + 1.0;
    value * f32::from_bits(((n as i32 + 127) << 23) as u32)
}

/// Computes the cumulative probability and the density of the normal distribution, by formula 7.1.26 of Abramowitz and Stegun
/// (error below 2e-7).
#[inline(always)]
fn normal(x: f32) -> (f32, f32) {
    let decay = exp(-0.5 * x * x);
    let t = 1.0 / (1.0 + 0.327_591_1 * std::f32::consts::FRAC_1_SQRT_2 * x.abs());
    let p = 1.061_405_4;
    let p = p * t - 1.453_152_1;
    let p = p * t + 1.421_413_8;
    let p = p * t - 0.284_496_72;
    let p = p * t + 0.254_829_6;
    let tail = 0.5 * p * t * decay;
    (if x >= 0.0 { 1.0 - tail } else { tail }, decay * 0.398_942_3)
}

for_each_machine! {
    /// Computes the exact GELU, out = x · Φ(x) (Hendrycks and Gimpel 2016).
    pub fn gelu_forward(x: &[f32], out: &mut [f32]) {
        for (y, &x) in out.iter_mut().zip(x) {
            *y = x * normal(x).0;
        }
    }
}

for_each_machine! {
    /// Computes the gradient of x from x and the gradient of gelu(x).
    pub fn gelu_backward(x: &[f32], gradient: &[f32], out: &mut [f32]) {
        for ((d, &x), &g) in out.iter_mut().zip(x).zip(gradient) {
            let (below, density) = normal(x);
            *d = g * (below + x * density);
        }
    }
}

for_each_machine! {
    /// Computes the layer norm (Ba et al. 2016) of rows that are as wide as the weight.
    pub fn layer_norm_forward(x: &[f32], weight: &[f32], bias: &[f32], epsilon: f32, out: &mut [f32]) {
        let width = weight.len();
        for (row, out) in x.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
            let (mean, scale) = moments(row, epsilon);
            for (((y, &x), &w), &b) in out.iter_mut().zip(row).zip(weight).zip(bias) {
                *y = (x - mean) * scale * w + b;
            }
        }
    }
}

/// Returns the mean of a row and the inverse of its standard deviation.
#[inline(always)]
fn moments(row: &[f32], epsilon: f32) -> (f32, f32) {
    let width = row.len();
    let mean = sum(width, |i| row[i]) / width as f32;
    let variance = sum(width, |i| (row[i] - mean) * (row[i] - mean)) / width as f32;
    (mean, 1.0 / (variance + epsilon).sqrt())
}

for_each_machine! {
    /// Computes the gradients of layer norm. The gradient of x goes to `out`, and those of the weight and the bias are added to
    /// `weights`, `[2, width]`.
    pub fn layer_norm_backward(
        x: &[f32],
        weight: &[f32],
        epsilon: f32,
        gradient: &[f32],
        out: &mut [f32],
        weights: &mut [f32],
    ) {
        let width = weight.len();
        let (weight_gradient, bias_gradient) = weights.split_at_mut(width);
        let rows = x.chunks_exact(width).zip(gradient.chunks_exact(width));
        for ((row, g), out) in rows.zip(out.chunks_exact_mut(width)) {
            let (mean, scale) = moments(row, epsilon);
            let normal = |i: usize| (row[i] - mean) * scale;
            let along_one = sum(width, |i| g[i] * weight[i]) / width as f32;
            let along_normal = sum(width, |i| g[i] * weight[i] * normal(i)) / width as f32;
            for i in 0..width {
                out[i] = scale * (g[i] * weight[i] - along_one - normal(i) * along_normal);
                weight_gradient[i] += g[i] * normal(i);
                bias_gradient[i] += g[i];
            }
        }
    }
}

for_each_machine! {
    /// Computes the softmax of each row of `width` numbers, in place.
    pub fn softmax_forward(x: &mut [f32], width: usize) {
        for row in x.chunks_exact_mut(width) {
            let mut highest = [f32::NEG_INFINITY; LANES];
            for chunk in row.chunks(LANES) {
                for (high, &x) in highest.iter_mut().zip(chunk) {
                    *high = if x > *high { x } else { *high };
                }
            }
            let highest = highest.into_iter().fold(f32::NEG_INFINITY, f32::max);
            for x in row.iter_mut() {
                *x = exp(*x - highest);
            }
            let scale = 1.0 / sum(width, |i| row[i]);
            for x in row.iter_mut() {
                *x *= scale;
            }
        }
    }
}

for_each_machine! {
    /// Computes log Σ exp of each row of `width` numbers.
    pub fn log_sum_exp(x: &[f32], width: usize, out: &mut [f32]) {
        for (row, out) in x.chunks_exact(width).zip(out) {
            let highest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            *out = highest + sum(width, |i| exp(row[i] - highest)).ln();
        }
    }
}

for_each_machine! {
    /// Computes the gradient of softmax from its result, `probability`, and overwrites the gradient of that result.
    pub fn softmax_backward(probability: &[f32], gradient: &mut [f32], width: usize) {
        for (p, g) in probability.chunks_exact(width).zip(gradient.chunks_exact_mut(width)) {
            let mean = sum(width, |i| p[i] * g[i]);
            for (g, &p) in g.iter_mut().zip(p) {
                *g = p * (*g - mean);
            }
        }
    }
}

for_each_machine! {
    /// Adds each row to `sums`, which is as wide as a row.
    pub fn add_rows(rows: &[f32], sums: &mut [f32]) {
        for row in rows.chunks_exact(sums.len()) {
            for (sum, &x) in sums.iter_mut().zip(row) {
                *sum += x;
            }
        }
    }
}

for_each_machine! {
    /// Applies inverted dropout (Srivastava et al. 2014): with probability `keep`, a number is kept and divided by `keep`;
    /// otherwise it becomes 0. The choice depends only on the seed and on the positions, counted from `first`, so the backward
    /// pass can repeat it.
    pub fn dropout(x: &[f32], keep: f32, seed: u64, first: usize, out: &mut [f32]) {
        let limit = (keep * 16_777_216.0) as u32;
        let scale = 1.0 / keep;
        let (low, high) = (seed as u32, (seed >> 32) as u32);
        for (i, (y, &x)) in out.iter_mut().zip(x).enumerate() {
            // Two rounds of a 32-bit mixing function (Wellons 2018) on the position and both halves of the seed.
            let mut h = mix((first + i) as u32 ^ low);
            h = mix(h.wrapping_add(high));
            *y = if h >> 8 < limit { x * scale } else { 0.0 };
        }
    }
}

#[inline(always)]
fn mix(mut h: u32) -> u32 {
    h ^= h >> 16;
    h = h.wrapping_mul(0x7feb_352d);
    h ^= h >> 15;
    h = h.wrapping_mul(0x846c_a68b);
    h ^ (h >> 16)
}

/// The constants of one step of [`adamw`].
#[derive(Clone, Copy)]
pub struct AdamWStep {
    pub learning_rate: f32,
    /// The decay rates of the moments.
    pub betas: [f32; 2],
    /// The bias corrections 1 - βᵗ, by which the moments are divided because they start at 0.
    pub corrections: [f32; 2],
    pub epsilon: f32,
    pub weight_decay: f32,
    /// The gradient is multiplied by this, for clipping.
    pub gradient_scale: f32,
}

for_each_machine! {
    /// Takes one step of AdamW (Loshchilov and Hutter 2019), which updates the parameters and both moments in place.
    pub fn adamw(step: AdamWStep, gradient: &[f32], parameters: &mut [f32], first: &mut [f32], second: &mut [f32]) {
        let AdamWStep { learning_rate, betas, corrections, epsilon, weight_decay, gradient_scale } = step;
        let rate = learning_rate / corrections[0];
        let root = 1.0 / corrections[1].sqrt();
        let kept = 1.0 - learning_rate * weight_decay;
        let moments = first.iter_mut().zip(second);
        for ((p, (m, v)), &g) in parameters.iter_mut().zip(moments).zip(gradient) {
            let g = g * gradient_scale;
            *m = betas[0] * *m + (1.0 - betas[0]) * g;
            *v = betas[1] * *v + (1.0 - betas[1]) * g * g;
            *p = kept * *p - rate * *m / (v.sqrt() * root + epsilon);
        }
    }
}

/// Computes the sum of squares, in f64.
pub fn squares(x: &[f32]) -> f64 {
    x.chunks(4096).map(|chunk| f64::from(sum(chunk.len(), |i| chunk[i] * chunk[i]))).sum()
}
