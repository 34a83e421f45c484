//! Row-wise float steps, fused so that a row is touched while it is in the cache.
//!
//! They are written over lanes of a fixed width, which the compiler turns into SIMD on every target, with sums in one
//! order and no platform functions: the results are the same bits natively and in wasm.

/// Values that are worked on together.
const LANES: usize = 8;

/// Levels of a 7-bit activation.
const ACTIVATION_LIMIT: f32 = 127.0;

/// 1.5 · 2²³: added to a float of small magnitude, it leaves the nearest integer in the lowest bits.
const ROUNDER: f32 = 12_582_912.0;

/// The nearest integer (ties to even) of a float within ±2²².
pub(super) fn nearest(x: f32) -> i32 {
    (x + ROUNDER).to_bits() as i32 - ROUNDER.to_bits() as i32
}

/// Smallest and largest value and 0.
fn extremes(values: &[f32]) -> (f32, f32) {
    let (mut low, mut high) = ([0.0f32; LANES], [0.0f32; LANES]);
    let chunks = values.chunks_exact(LANES);
    for (l, &x) in chunks.remainder().iter().enumerate() {
        (low[l], high[l]) = (low[l].min(x), high[l].max(x));
    }
    for chunk in chunks {
        for l in 0..LANES {
            // Not f32::min: as a comparison this is one instruction, and a NaN is left out the same way.
            low[l] = if chunk[l] < low[l] { chunk[l] } else { low[l] };
            high[l] = if chunk[l] > high[l] { chunk[l] } else { high[l] };
        }
    }
    (low.into_iter().fold(0.0, f32::min), high.into_iter().fold(0.0, f32::max))
}

/// Points of the Walsh-Hadamard transform of a row: as many as leave runs of whole lanes between them.
fn points(width: usize) -> usize {
    if width.is_multiple_of(LANES) { 1 << (width / LANES).trailing_zeros() } else { 1 }
}

/// Rotates a row by an unnormalised Walsh-Hadamard transform over its strided values, in place. Rotating both sides of
/// a product multiplies it by the factor that is returned and spreads outliers over the row, which lets 7 bits keep
/// what would need nearly 9 otherwise (Ashkboos et al. 2024, arXiv:2404.00456).
pub(super) fn rotate(values: &mut [f32]) -> f32 {
    let points = points(values.len());
    let mut run = values.len();
    for _ in 0..points.trailing_zeros() {
        run /= 2;
        for block in values.chunks_exact_mut(2 * run) {
            let (left, right) = block.split_at_mut(run);
            for (a, b) in left.iter_mut().zip(right) {
                (*a, *b) = (*a + *b, *a - *b);
            }
        }
    }
    points as f32
}

/// Quantizes a row to 0..=127; returns scale and zero point. 0 is met exactly.
pub(super) fn quantize(values: &[f32], target: &mut [u8]) -> (f32, i32) {
    let (low, high) = extremes(values);
    let scale = (high - low) / ACTIVATION_LIMIT;
    if !(scale > 0.0 && scale.is_finite()) {
        target.fill(0);
        return (0.0, 0);
    }
    let inverse = 1.0 / scale;
    let zero = nearest(-low * inverse);
    for (q, &x) in target.iter_mut().zip(values) {
        *q = (nearest(x * inverse) + zero).clamp(0, ACTIVATION_LIMIT as i32) as u8;
    }
    (scale, zero)
}

/// eˣ for x ≤ 0, relative error below 2e-7; 0 below -87.
fn exp(x: f32) -> f32 {
    const LOG2_E: f32 = std::f32::consts::LOG2_E;
    // ln 2 in two parts (Cody and Waite), so that the remainder is exact.
    const LN2_HIGH: f32 = 0.693_359_4;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    let x = if x < -87.0 { -87.0 } else { x };
    let shifted = x * LOG2_E + ROUNDER;
    let n = shifted - ROUNDER;
    let r = (x - n * LN2_HIGH) - n * LN2_LOW;
    // Cephes' expf polynomial.
    let p = 1.987_569_1e-4;
    let p = p * r + 1.398_2e-3;
    let p = p * r + 8.333_452e-3;
    let p = p * r + 4.166_579_6e-2;
    let p = p * r + 1.666_666_5e-1;
    let p = p * r + 0.5;
    let p = p * r * r + r + 1.0;
    let power = (shifted.to_bits() as i32 - ROUNDER.to_bits() as i32 + 127) << 23;
    p * f32::from_bits(power as u32)
}

/// erf by Abramowitz and Stegun 7.1.26; absolute error below 5e-7.
fn erf(x: f32) -> f32 {
    let a = x.abs();
    let t = 1.0 / (1.0 + 0.327_591_1 * a);
    let p = 1.061_405_4;
    let p = p * t - 1.453_152_1;
    let p = p * t + 1.421_413_8;
    let p = p * t - 0.284_496_72;
    let p = p * t + 0.254_829_6;
    let y = 1.0 - p * t * exp(-a * a);
    y.copysign(x)
}

/// GELU, x · Φ(x), exact form (Hendrycks and Gimpel 2016), in place; absolute error below 1e-6 · max(1, |x|).
pub fn gelu(values: &mut [f32]) {
    for x in values {
        *x *= 0.5 + 0.5 * erf(*x * std::f32::consts::FRAC_1_SQRT_2);
    }
}

/// Turns scores into weights that sum to about `total`, rounded to integers, and returns their sum. `scores` are
/// scaled by `scale` first; `weights` beyond them is filled with 0.
pub fn soft_max(scores: &[i32], scale: f32, total: f32, scratch: &mut [f32], weights: &mut [i16]) -> i32 {
    let largest = scores.iter().copied().max().unwrap_or(0);
    let scratch = &mut scratch[..scores.len()];
    let mut lanes = [0.0f32; LANES];
    for (e, &s) in scratch.iter_mut().zip(scores) {
        *e = exp((s - largest) as f32 * scale);
    }
    let chunks = scratch.chunks_exact(LANES);
    for (sum, e) in lanes.iter_mut().zip(chunks.remainder()) {
        *sum += e;
    }
    for chunk in chunks {
        for l in 0..LANES {
            lanes[l] += chunk[l];
        }
    }
    let scale = total / lanes.iter().sum::<f32>();
    let mut sum = 0;
    for (w, e) in weights.iter_mut().zip(scratch.iter()) {
        let weight = nearest(e * scale);
        sum += weight;
        *w = weight as i16;
    }
    weights[scores.len()..].fill(0);
    sum
}

/// Appends the `top_k` experts for a row of [hidden] with their weights: the softmax over `gate`, [experts, hidden],
/// times the row, of which the largest are kept and made to sum to 1.
pub fn choose_experts(row: &[f32], gate: &[f32], top_k: usize, chosen: &mut Vec<(usize, f32)>) {
    let begin = chosen.len();
    for (expert, weights) in gate.chunks_exact(row.len()).enumerate() {
        let mut lanes = [0.0f32; LANES];
        for (i, (x, w)) in row.iter().zip(weights).enumerate() {
            lanes[i % LANES] += x * w;
        }
        chosen.push((expert, lanes.iter().sum()));
    }
    let mine = &mut chosen[begin..];
    // Stable, so that of equals the first is chosen.
    mine.sort_by(|a, b| b.1.total_cmp(&a.1));
    let largest = mine[0].1;
    let mut total = 0.0;
    for (_, weight) in &mut mine[..top_k] {
        *weight = exp(*weight - largest);
        total += *weight;
    }
    mine[..top_k].iter_mut().for_each(|(_, weight)| *weight /= total);
    chosen.truncate(begin + top_k);
}

/// Layer normalisation (Ba et al. 2016) with its weight and bias, [width].
#[derive(Debug, Clone)]
pub struct LayerNorm {
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
    pub epsilon: f32,
}

impl LayerNorm {
    /// Normalises the sum of a row and its residual in place.
    pub fn forward(&self, row: &mut [f32], residual: &[f32]) {
        let mut sums = [0.0f32; LANES];
        for (i, (x, r)) in row.iter_mut().zip(residual).enumerate() {
            *x += r;
            sums[i % LANES] += *x;
        }
        let count = row.len() as f32;
        let mean = sums.iter().sum::<f32>() / count;
        let mut squares = [0.0f32; LANES];
        for (i, x) in row.iter_mut().enumerate() {
            *x -= mean;
            squares[i % LANES] += *x * *x;
        }
        let variance = squares.iter().sum::<f32>() / count;
        let inverse = 1.0 / (variance + self.epsilon).sqrt();
        for ((x, w), b) in row.iter_mut().zip(&self.weight).zip(&self.bias) {
            *x = *x * inverse * w + b;
        }
    }
}
