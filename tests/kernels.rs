//! Kernels: every instruction set equals the plain reference bit for bit, and quantized layers and fused float
//! operations are close to straightforward f64 within stated bounds. `tests/wasm.rs` runs the first part in the
//! browser.

use proptest::collection::vec;
use proptest::prelude::*;
use salesmirror::kernels::tile::{self, COLUMNS, GROUP, InstructionSet, PAIR, ROWS};
use salesmirror::kernels::{Attention, LayerNorm, Linear, QuantizedRows, attend, gelu, soft_max};

/// Values among which the extremes, which bring out saturation, are frequent.
fn extreme<T: std::fmt::Debug + Clone + 'static>(low: T, high: T, any: BoxedStrategy<T>) -> BoxedStrategy<T> {
    prop_oneof![1 => Just(low), 1 => Just(high), 2 => any].boxed()
}

/// Interleaves rows of `[rows, groups · GROUP]` as the kernels expect them.
fn interleave(rows: &[u8], groups: usize) -> Vec<u8> {
    let count = rows.len() / (groups * GROUP);
    let mut interleaved = vec![255; count.next_multiple_of(ROWS) * groups * GROUP];
    for (r, row) in rows.chunks_exact(groups * GROUP).enumerate() {
        for (g, group) in row.chunks_exact(GROUP).enumerate() {
            interleaved[tile::interleaved(r, g, groups) * GROUP..][..GROUP].copy_from_slice(group);
        }
    }
    interleaved
}

proptest! {
    #[test]
    fn int8_products_equal_the_reference(
        (rows, panel, groups) in (1..3 * ROWS, 1usize..40).prop_flat_map(|(count, groups)| (
            vec(extreme(0u8, 127, (0u8..=127).boxed()), count * groups * GROUP),
            vec(extreme(-128i8, 127, any::<i8>().boxed()), groups * GROUP * COLUMNS),
            Just(groups),
        ))
    ) {
        // The definition: row by row, column by column.
        let expected: Vec<[i32; COLUMNS]> = rows
            .chunks_exact(groups * GROUP)
            .map(|row| std::array::from_fn(|c| {
                let at = |k: usize| panel[(k / GROUP * COLUMNS + c) * GROUP + k % GROUP];
                row.iter().enumerate().map(|(k, &x)| i32::from(x) * i32::from(at(k))).sum()
            }))
            .collect();
        let interleaved = interleave(&rows, groups);
        for set in InstructionSet::available() {
            let mut sums = vec![[-1; COLUMNS]; expected.len()];
            tile::int8(set, &interleaved, &panel, &mut sums);
            prop_assert_eq!(&sums, &expected, "{}", set.name());
        }
    }

    #[test]
    fn int16_products_equal_the_reference(
        (rows, panel, count, stride) in (1usize..14, 1usize..9, 0usize..9).prop_flat_map(|(count, pairs, gap)| {
            let stride = pairs * PAIR + gap;
            let value = || extreme(-8191i16, 8191, (-8191i16..=8191).boxed());
            (
                vec(value(), count * stride),
                vec(value(), pairs * PAIR * COLUMNS),
                Just(count),
                Just(stride),
            )
        })
    ) {
        let inner = panel.len() / COLUMNS;
        let expected: Vec<[i32; COLUMNS]> = rows
            .chunks_exact(stride)
            .map(|row| std::array::from_fn(|c| {
                let at = |k: usize| panel[(k / PAIR * COLUMNS + c) * PAIR + k % PAIR];
                (0..inner).map(|k| i32::from(row[k]) * i32::from(at(k))).sum()
            }))
            .collect();
        for set in InstructionSet::available() {
            let mut sums = vec![[-1; COLUMNS]; count];
            tile::int16(set, &rows, stride, &panel, &mut sums);
            prop_assert_eq!(&sums, &expected, "{}", set.name());
        }
    }

    /// For any shape, every instruction set gives the same bits, which are close to the product in f64. The bound is
    /// what rounding can do: half a step of every activation and of every weight.
    #[test]
    fn linear_layers_are_within_rounding(
        (x, w, b, inputs, rows) in (1usize..70, 1usize..20, 1usize..11).prop_flat_map(|(inputs, outputs, rows)| (
            vec(-4.0f32..4.0, rows * inputs),
            vec(-1.0f32..1.0, inputs * outputs),
            vec(-1.0f32..1.0, outputs),
            Just(inputs),
            Just(rows),
        ))
    ) {
        let outputs = b.len();
        let layer = Linear::pack(&w, &b, inputs);
        let mut quantized = QuantizedRows::default();
        quantized.reset(rows, inputs);
        x.chunks(inputs).enumerate().for_each(|(r, row)| quantized.set(r, row));
        let mut run = |set| {
            let mut out = vec![f32::NAN; rows * outputs];
            layer.forward(set, &mut quantized, &mut out);
            out
        };
        let plain = run(InstructionSet::Portable);
        for set in InstructionSet::available() {
            prop_assert_eq!(&run(set), &plain, "{}", set.name());
        }
        // Rotation preserves lengths, so lengths bound the errors: half a step of every activation and of every weight,
        // where a step is at most 2 |x| / 127 and |w| / 127 (the zero point is rounded too).
        for r in 0..rows {
            let x = &x[r * inputs..][..inputs];
            for c in 0..outputs {
                let w = &w[c * inputs..][..inputs];
                let exact: f64 = x.iter().zip(w).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
                let exact = exact + f64::from(b[c]);
                let length = |v: &[f32]| v.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt();
                let bound = length(x) * length(w) * (inputs as f64).sqrt() * 3.0 / 127.0;
                let difference = (f64::from(plain[r * outputs + c]) - exact).abs();
                prop_assert!(difference <= bound + 1e-4, "{difference} > {bound}");
            }
        }
    }

    #[test]
    fn attention_is_close_to_f64(
        (projected, heads, hidden) in (1usize..30, 1usize..4, 1usize..20).prop_flat_map(|(tokens, heads, head)| {
            let hidden = heads * head;
            (vec(-3.0f32..3.0, tokens * 3 * hidden), Just(heads), Just(hidden))
        })
    ) {
        let tokens = projected.len() / (3 * hidden);
        let head = hidden / heads;
        let mut scratch = Attention::default();
        let mut run = |set| {
            let mut context = vec![f32::NAN; tokens * hidden];
            attend(set, &mut scratch, &projected, &mut context, heads, hidden);
            context
        };
        let plain = run(InstructionSet::Portable);
        for set in InstructionSet::available() {
            prop_assert_eq!(&run(set), &plain, "{}", set.name());
        }
        let at = |t: usize, which: usize, i: usize| f64::from(projected[t * 3 * hidden + which * hidden + i]);
        for t in 0..tokens {
            for h in 0..heads {
                let dims = h * head..(h + 1) * head;
                let scores: Vec<f64> = (0..tokens)
                    .map(|u| dims.clone().map(|i| at(t, 0, i) * at(u, 1, i)).sum::<f64>() / (head as f64).sqrt())
                    .collect();
                let largest = scores.iter().copied().fold(f64::MIN, f64::max);
                let total: f64 = scores.iter().map(|s| (s - largest).exp()).sum();
                for i in dims {
                    let exact: f64 = (0..tokens).map(|u| (scores[u] - largest).exp() / total * at(u, 2, i)).sum();
                    let difference = (f64::from(plain[t * hidden + i]) - exact).abs();
                    prop_assert!(difference < 0.01, "{difference}");
                }
            }
        }
    }

    #[test]
    fn gelu_is_close_to_f64(x in vec(-12.0f32..12.0, 1..40)) {
        let mut y = x.clone();
        gelu(&mut y);
        for (x, y) in x.into_iter().zip(y) {
            let x = f64::from(x);
            let exact = x * 0.5 * (1.0 + libm::erf(x / 2f64.sqrt()));
            prop_assert!((f64::from(y) - exact).abs() <= 1e-4 * x.abs().max(1.0), "gelu({x}) = {y}, not {exact}");
        }
    }

    #[test]
    fn layer_norm_is_close_to_f64(
        (row, residual) in (2usize..70).prop_flat_map(|n| (vec(-5.0f32..5.0, n), vec(-5.0f32..5.0, n)))
    ) {
        let n = row.len();
        let norm = LayerNorm {
            weight: (0..n).map(|i| 0.5 + i as f32 / n as f32).collect(),
            bias: (0..n).map(|i| i as f32 / 10.0).collect(),
            epsilon: 1e-5,
        };
        let mut ours = row.clone();
        norm.forward(&mut ours, &residual);
        let sum: Vec<f64> = row.iter().zip(&residual).map(|(a, b)| f64::from(a + b)).collect();
        let mean = sum.iter().sum::<f64>() / n as f64;
        let variance = sum.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n as f64;
        for i in 0..n {
            let exact = (sum[i] - mean) / (variance + 1e-5).sqrt() * f64::from(norm.weight[i])
                + f64::from(norm.bias[i]);
            prop_assert!((f64::from(ours[i]) - exact).abs() < 1e-4, "{} is not {exact}", ours[i]);
        }
    }

    #[test]
    fn soft_max_is_close_to_f64(scores in vec(-1_000_000_000i32..1_000_000_000, 1..600), scale in 0.0f32..1e-7) {
        const TOTAL: f32 = 32_000.0;
        let count = scores.len();
        let mut lanes: Vec<[i32; COLUMNS]> = Vec::new();
        for chunk in scores.chunks(COLUMNS) {
            // The padding beyond the scores must not matter.
            let mut last = [i32::MAX; COLUMNS];
            last[..chunk.len()].copy_from_slice(chunk);
            lanes.push(last);
        }
        let mut weights = vec![-1i16; lanes.len() * COLUMNS + 3];
        let mut exponentials = vec![f32::NAN; lanes.len() * COLUMNS];
        let sum = soft_max(lanes.iter(), count, scale, TOTAL, &mut exponentials, &mut weights);
        prop_assert!(weights[count..].iter().all(|w| *w == 0));
        prop_assert_eq!(weights.iter().map(|w| i32::from(*w)).sum::<i32>(), sum);
        let largest = scores.iter().max().copied().unwrap_or(0);
        let exact: Vec<f64> =
            scores.iter().map(|s| (f64::from(s - largest) * f64::from(scale)).exp()).collect();
        let total: f64 = exact.iter().sum();
        for (weight, exact) in weights.iter().zip(exact) {
            let exact = exact / total * f64::from(TOTAL);
            let bound = 0.5 + 1e-4 * exact;
            prop_assert!((f64::from(*weight) - exact).abs() <= bound, "{weight} is not {exact}");
        }
    }
}

/// Values that a damaged model file could produce do not cause a panic either.
#[test]
fn not_a_number_does_not_panic() {
    let layer = Linear::pack(&[f32::NAN, f32::INFINITY, 1.0, -1.0], &[0.0, 0.0], 2);
    let mut quantized = QuantizedRows::default();
    quantized.reset(2, 2);
    quantized.set(0, &[f32::NAN, 1.0]);
    quantized.set(1, &[f32::INFINITY, f32::MIN]);
    layer.forward(InstructionSet::fastest(), &mut quantized, &mut [0.0; 4]);
    let mut context = [0.0; 4];
    attend(InstructionSet::fastest(), &mut Attention::default(), &[f32::NAN; 12], &mut context, 1, 2);
}
