//! Row-wise float operations, fused so that a row is processed while it is in the cache.
//!
//! The operations are written in lanes of a fixed width, with sums in a fixed order and without platform functions, so
//! that native and wasm builds give the same bits.

use super::lanes::{Fastest, LANES, Lanes};

/// The largest value of a 7-bit activation.
const ACTIVATION_LIMIT: f32 = 127.0;

/// Calls `f` with each vector of a row. The last one is padded with zeros.
#[inline(always)]
fn each<V: Lanes>(values: &[f32], mut f: impl FnMut(V::Floats)) {
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        f(V::load(chunk));
    }
    if !rest.is_empty() {
        let mut last = [0.0; LANES];
        last[..rest.len()].copy_from_slice(rest);
        f(V::load(&last));
    }
}

/// Replaces each vector of a row by the result of `f`, which gets the vector's start and the vector.
#[inline(always)]
fn map<V: Lanes>(values: &mut [f32], mut f: impl FnMut(usize, V::Floats) -> V::Floats) {
    let (chunks, rest) = values.as_chunks_mut::<LANES>();
    let count = chunks.len();
    for (i, chunk) in chunks.iter_mut().enumerate() {
        V::store(f(i * LANES, V::load(chunk)), chunk);
    }
    if !rest.is_empty() {
        let mut last = [0.0; LANES];
        last[..rest.len()].copy_from_slice(rest);
        V::store(f(count * LANES, V::load(&last)), &mut last);
        rest.copy_from_slice(&last[..rest.len()]);
    }
}

/// Loads the vector of a row that begins at `start`, padded with zeros.
#[inline(always)]
fn at<V: Lanes>(values: &[f32], start: usize) -> V::Floats {
    let rest = &values[start..];
    match rest.first_chunk::<LANES>() {
        Some(chunk) => V::load(chunk),
        None => {
            let mut last = [0.0; LANES];
            last[..rest.len()].copy_from_slice(rest);
            V::load(&last)
        }
    }
}

#[inline(always)]
fn negative<V: Lanes>(x: V::Floats) -> V::Floats {
    V::sub(V::splat(0.0), x)
}

/// Returns the smallest and the largest value in some rows, where 0 counts as one of the values.
#[inline(always)]
fn extremes<'a, V: Lanes>(rows: impl Iterator<Item = &'a [f32]>) -> (f32, f32) {
    let (mut low, mut high) = (V::splat(0.0), V::splat(0.0));
    for row in rows {
        each::<V>(row, |x| (low, high) = (V::min(low, x), V::max(high, x)));
    }
    let (mut lows, mut highs) = ([0.0; LANES], [0.0; LANES]);
    V::store(low, &mut lows);
    V::store(high, &mut highs);
    (lows.into_iter().fold(0.0, f32::min), highs.into_iter().fold(0.0, f32::max))
}

/// Rotates a row in place: by an unnormalized Walsh-Hadamard transform over as many points as the largest power of two
/// that divides its width, and by a reflection over the rest. A row whose width is not a multiple of [`LANES`] stays
/// unchanged.
///
/// Rotating both sides of a product multiplies it by the returned factor. It also spreads outliers over the row, so that
/// 7 bits keep the precision that would otherwise need more than 9 (QuaRot, Ashkboos et al. 2024, arXiv:2404.00456).
pub(super) fn rotate(values: &mut [f32]) -> f32 {
    rotate_in::<Fastest>(values)
}

fn rotate_in<V: Lanes>(values: &mut [f32]) -> f32 {
    let (vectors, rest) = values.as_chunks_mut::<LANES>();
    if !rest.is_empty() || vectors.is_empty() {
        return 1.0;
    }
    let points = 1 << vectors.len().trailing_zeros();
    let mut run = vectors.len();
    let mut left = points;
    // Two steps of the transform at a time halve the passes over the row.
    while left >= 4 {
        (run, left) = (run / 4, left / 4);
        for block in vectors.chunks_exact_mut(4 * run) {
            let (ab, cd) = block.split_at_mut(2 * run);
            let ((a, b), (c, d)) = (ab.split_at_mut(run), cd.split_at_mut(run));
            for (((a, b), c), d) in a.iter_mut().zip(b).zip(c).zip(d) {
                let (w, x, y, z) = (V::load(a), V::load(b), V::load(c), V::load(d));
                let (e, f, g, h) = (V::add(w, y), V::add(x, z), V::sub(w, y), V::sub(x, z));
                V::store(V::add(e, f), a);
                V::store(V::sub(e, f), b);
                V::store(V::add(g, h), c);
                V::store(V::sub(g, h), d);
            }
        }
    }
    if left == 2 {
        run /= 2;
        for block in vectors.chunks_exact_mut(2 * run) {
            let (a, b) = block.split_at_mut(run);
            for (a, b) in a.iter_mut().zip(b) {
                let (x, y) = (V::load(a), V::load(b));
                V::store(V::add(x, y), a);
                V::store(V::sub(x, y), b);
            }
        }
    }
    // The blocks that remain are mixed by a Householder reflection, which needs no scale of its own.
    let share = V::splat(if run > 1 { 2.0 / run as f32 } else { 0.0 });
    for block in vectors.chunks_exact_mut(run) {
        let mut sum = V::splat(0.0);
        for vector in block.iter_mut() {
            let x = V::rotate(V::load(vector));
            sum = V::add(sum, x);
            V::store(x, vector);
        }
        let mean = V::mul(sum, share);
        for vector in block {
            V::store(V::sub(V::load(vector), mean), vector);
        }
    }
    (points * LANES) as f32
}

/// Quantizes a row to 0..=127 and returns its scale and zero point. The value 0 is represented exactly.
pub(super) fn quantize(values: &[f32], target: &mut [u8]) -> (f32, i32) {
    quantize_in::<Fastest>(values, target)
}

fn quantize_in<V: Lanes>(values: &[f32], target: &mut [u8]) -> (f32, i32) {
    let (low, high) = extremes::<V>(std::iter::once(values));
    let scale = (high - low) / ACTIVATION_LIMIT;
    if !(scale > 0.0 && scale.is_finite()) {
        target.fill(0);
        return (0.0, 0);
    }
    let inverse = 1.0 / scale;
    let zero = V::ints(V::nearest(V::splat(-low * inverse)))[0];
    let (factor, offset) = (V::splat(inverse), V::splat(zero as f32));
    let (least, most) = (V::splat(0.0), V::splat(ACTIVATION_LIMIT));
    let mut start = 0;
    each::<V>(values, |x| {
        let x = V::add(V::mul(x, factor), offset);
        let bytes = V::narrow_unsigned(V::nearest(V::min(V::max(x, least), most)));
        let count = LANES.min(target.len() - start);
        match target[start..].first_chunk_mut::<LANES>() {
            Some(whole) => *whole = bytes,
            None => target[start..].copy_from_slice(&bytes[..count]),
        }
        start += count;
    });
    (scale, zero)
}

/// Returns the largest magnitude in some rows.
pub(super) fn magnitude<'a>(rows: impl Iterator<Item = &'a [f32]>) -> f32 {
    let (low, high) = extremes::<Fastest>(rows);
    high.max(-low)
}

/// Multiplies a row by `factor` and rounds to the nearest i16, saturating. `words` may be longer than the row, up to
/// whole lanes; the rest becomes zero.
pub(super) fn quantize_words(values: &[f32], factor: f32, words: &mut [i16]) {
    let factor = Fastest::splat(factor);
    let mut targets = words.as_chunks_mut::<LANES>().0.iter_mut();
    each::<Fastest>(values, |x| {
        if let Some(target) = targets.next() {
            *target = Fastest::narrow(Fastest::nearest(Fastest::mul(x, factor)));
        }
    });
}

/// Computes 2ˣ for x ≤ 0, with a relative error below 5e-6. Below x = -126, the result is 2⁻¹²⁶.
#[inline(always)]
fn exp2<V: Lanes>(x: V::Floats) -> V::Floats {
    let x = V::max(x, V::splat(-126.0));
    let n = V::nearest(x);
    let r = V::sub(x, V::to_floats(n));
    // This is the minimax polynomial of 2ʳ for |r| ≤ ½.
    let mut p = V::splat(9.570_097e-3);
    for coefficient in [5.591_786e-2, 2.402_474_4e-1, 6.931_218e-1, 9.999_993e-1] {
        p = V::add(V::mul(p, r), V::splat(coefficient));
    }
    V::mul(p, V::power_of_two(n))
}

/// Applies GELU, x · Φ(x) (Hendrycks and Gimpel 2016), in place. The error is below 1e-4 · max(1, |x|), a small part of
/// the step of a 7-bit activation.
pub fn gelu(values: &mut [f32]) {
    gelu_in::<Fastest>(values)
}

fn gelu_in<V: Lanes>(values: &mut [f32]) {
    // Φ(x) is taken as constant beyond ± this.
    let reach = V::splat(4.5);
    map::<V>(values, |_, x| {
        let c = V::max(V::min(x, reach), negative::<V>(reach));
        let t = V::mul(c, c);
        // This is (Φ(x) - ½) / x as a polynomial in x², chosen as the minimax fit of x · Φ(x).
        let mut p = V::splat(3.036_219_2e-11);
        for coefficient in [
            -3.314_481_1e-9,
            1.590_930_2e-7,
            -4.451_595e-6,
            8.142_360_5e-5,
            -1.037_580_7e-3,
            9.585_163e-3,
            -6.598_458e-2,
            3.987_125_5e-1,
        ] {
            p = V::add(V::mul(p, t), V::splat(coefficient));
        }
        V::mul(x, V::add(V::mul(c, p), V::splat(0.5)))
    });
}

/// Computes the softmax of `count` scores times `scale`, as integer weights that sum to about `total`, and returns
/// their exact sum. Scores come in whole lanes; weights beyond `count` are 0. `exponentials` is scratch memory.
///
/// # Panics
/// When `exponentials` or `weights` is shorter than the scores.
pub fn soft_max<'a>(
    scores: impl Iterator<Item = &'a [i32; LANES]> + Clone,
    count: usize,
    scale: f32,
    total: f32,
    exponentials: &mut [f32],
    weights: &mut [i16],
) -> i32 {
    soft_max_in::<Fastest>(scores, count, scale, total, exponentials, weights)
}

fn soft_max_in<'a, V: Lanes>(
    scores: impl Iterator<Item = &'a [i32; LANES]> + Clone,
    count: usize,
    scale: f32,
    total: f32,
    exponentials: &mut [f32],
    weights: &mut [i16],
) -> i32 {
    let (whole, rest) = (count / LANES, count % LANES);
    let last = || scores.clone().nth(whole).map_or(&[][..], |last| &last[..rest]);
    let largest = scores
        .clone()
        .take(whole)
        .fold(V::splat_int(i32::MIN), |most, scores| V::max_ints(most, V::load_ints(scores)));
    let largest = V::ints(largest).into_iter().chain(last().iter().copied()).fold(i32::MIN, i32::max);

    let (shift, factor) = (V::splat_int(largest), V::splat(scale * std::f32::consts::LOG2_E));
    let exponential = |scores: &[i32; LANES]| {
        exp2::<V>(V::mul(V::to_floats(V::sub_ints(V::load_ints(scores), shift)), factor))
    };
    let lanes = count.next_multiple_of(LANES);
    let exponentials = exponentials[..lanes].as_chunks_mut::<LANES>().0;
    let mut sums = V::splat(0.0);
    for (scores, target) in scores.clone().take(whole).zip(&mut *exponentials) {
        let e = exponential(scores);
        sums = V::add(sums, e);
        V::store(e, target);
    }
    if rest > 0 {
        let mut filled = [largest; LANES];
        filled[..rest].copy_from_slice(last());
        let target = &mut exponentials[whole];
        V::store(exponential(&filled), target);
        target[rest..].fill(0.0);
        sums = V::add(sums, V::load(target));
    }

    let factor = V::splat(total / V::sum(sums));
    let mut sums = V::splat_int(0);
    let (weights, beyond) = weights.split_at_mut(lanes);
    for (e, target) in exponentials.iter().zip(weights.as_chunks_mut::<LANES>().0) {
        let rounded = V::nearest(V::mul(V::load(e), factor));
        sums = V::add_ints(sums, rounded);
        *target = V::narrow(rounded);
    }
    beyond.fill(0);
    V::ints(sums).iter().sum()
}

/// Chooses the `top_k` experts for a row, `[hidden]`, and appends them to `chosen` with their weights. The weights are
/// the largest values in the softmax of `gate`, `[experts, hidden]`, times the row, rescaled to sum to 1.
pub fn choose_experts(row: &[f32], gate: &[f32], top_k: usize, chosen: &mut Vec<(usize, f32)>) {
    type V = Fastest;
    let begin = chosen.len();
    for (expert, weights) in gate.chunks_exact(row.len()).enumerate() {
        let (mut sums, mut start) = (V::splat(0.0), 0);
        each::<V>(row, |x| {
            sums = V::add(sums, V::mul(x, at::<V>(weights, start)));
            start += LANES;
        });
        chosen.push((expert, V::sum(sums)));
    }
    let mine = &mut chosen[begin..];
    // The sort is stable, so the first of equal experts is chosen.
    mine.sort_by(|a, b| b.1.total_cmp(&a.1));
    let largest = mine[0].1;
    let mut total = 0.0;
    for (_, weight) in &mut mine[..top_k] {
        let mut lanes = [0.0; LANES];
        V::store(exp2::<V>(V::splat((*weight - largest) * std::f32::consts::LOG2_E)), &mut lanes);
        *weight = lanes[0];
        total += *weight;
    }
    mine[..top_k].iter_mut().for_each(|(_, weight)| *weight /= total);
    chosen.truncate(begin + top_k);
}

/// Layer normalization (Ba et al. 2016).
#[derive(Debug, Clone)]
pub struct LayerNorm {
    /// Scale after normalization, `[width]`.
    pub weight: Vec<f32>,
    /// Shift after normalization, `[width]`.
    pub bias: Vec<f32>,
    /// Added to the variance.
    pub epsilon: f32,
}

impl LayerNorm {
    /// Adds a residual to a row and normalizes the sum, in place.
    pub fn forward(&self, row: &mut [f32], residual: &[f32]) {
        self.forward_in::<Fastest>(row, residual)
    }

    fn forward_in<V: Lanes>(&self, row: &mut [f32], residual: &[f32]) {
        let mut sums = V::splat(0.0);
        map::<V>(row, |start, x| {
            let x = V::add(x, at::<V>(residual, start));
            sums = V::add(sums, x);
            x
        });
        let count = row.len() as f32;
        let mean = V::splat(V::sum(sums) / count);
        map::<V>(row, |_, x| V::sub(x, mean));
        let mut squares = V::splat(0.0);
        each::<V>(row, |x| squares = V::add(squares, V::mul(x, x)));
        let variance = V::sum(squares) / count;
        let inverse = V::splat(1.0 / (variance + self.epsilon).sqrt());
        map::<V>(row, |start, x| {
            let x = V::mul(V::mul(x, inverse), at::<V>(&self.weight, start));
            V::add(x, at::<V>(&self.bias, start))
        });
    }
}
