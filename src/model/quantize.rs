//! Quantizes weights to Q4_0, choosing the scale of each block for a small squared error.
//!
//! Q4_0 is ggml's format: 32 weights share an f16 scale d, and each weight is d · (code - 8) with a 4-bit code. candle
//! derives d from the largest weight alone. Here several scales are tried, as llama.cpp's `make_qx_quants` does.
//! Readers of the format are not affected.

use std::borrow::Cow;

use candle_core::quantized::{GgmlDType, QStorage, QTensor};
use candle_core::{Device, Result, Tensor};
use half::f16;

/// The number of weights per block.
const BLOCK: usize = 32;

/// The number of bytes per block.
const BYTES: usize = 18;

/// The scales that are tried, in tenths of a code around the scale that gives the largest weight the outermost code.
const TENTHS: std::ops::RangeInclusive<i32> = -12..=12;

/// Quantizes a tensor whose last dimension is a multiple of 32. No block has a larger squared error than with candle's
/// own rounding, and weights that already lie on a Q4_0 grid are kept exactly.
///
/// # Errors
/// When the last dimension is not a multiple of 32.
pub fn quantize_q4_0(tensor: &Tensor) -> Result<QTensor> {
    if !tensor.dims().last().is_some_and(|width| width.is_multiple_of(BLOCK)) {
        candle_core::bail!(
            "a tensor of shape {:?} cannot be stored as Q4_0: its last dimension must be a multiple of {BLOCK}",
            tensor.dims()
        );
    }
    let values: Vec<f32> = tensor.flatten_all()?.to_vec1()?;
    let mut bytes = Vec::with_capacity(values.len() / BLOCK * BYTES);
    for block in values.chunks_exact(BLOCK) {
        let scale = best_scale(block);
        let code = |x: f32| (nearest(x, scale.to_f32()) as i32 + 8) as u8;
        bytes.extend(scale.to_le_bytes());
        let (low, high) = block.split_at(BLOCK / 2);
        bytes.extend(low.iter().zip(high).map(|(&low, &high)| code(low) | code(high) << 4));
    }
    let storage = QStorage::from_data(Cow::Owned(bytes), &Device::Cpu, GgmlDType::Q4_0)?;
    QTensor::new(storage, tensor.shape())
}

/// Returns the code nearest to a weight, from -8 to 7.
fn nearest(x: f32, scale: f32) -> f32 {
    if scale == 0.0 { 0.0 } else { (x / scale).round().clamp(-8.0, 7.0) }
}

fn squared_error(block: &[f32], scale: f16) -> f64 {
    let scale = scale.to_f32();
    block.iter().map(|&x| f64::from(x - scale * nearest(x, scale)).powi(2)).sum()
}

fn best_scale(block: &[f32]) -> f16 {
    let largest = block.iter().copied().max_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap_or(0.0);
    // Start with candle's choice, on which other scales must improve.
    let mut best = f16::from_f32(largest / -8.0);
    let mut least = squared_error(block, best);
    let mut consider = |scale: f16| {
        let error = squared_error(block, scale);
        if scale.is_finite() && error < least {
            (best, least) = (scale, error);
        }
    };
    // If the weights lie on a grid, the largest is a whole multiple of its scale.
    for code in (-7..=-1).chain(1..=7) {
        consider(f16::from_f32(largest / code as f32));
    }
    // For given codes, regression gives the best scale and leaves the error Σx² - (Σx·code)² / Σcode².
    let (mut explained, mut regressed) = (0.0, None);
    for outermost in [-8.0, 7.0] {
        for tenths in TENTHS {
            let scale = largest / (outermost + 0.1 * tenths as f32);
            let (mut products, mut squares) = (0.0, 0.0);
            for &x in block {
                let code = nearest(x, scale);
                products += x * code;
                squares += code * code;
            }
            if squares > 0.0 && products * products > explained * squares {
                explained = products * products / squares;
                regressed = Some(products / squares);
            }
        }
    }
    if let Some(scale) = regressed {
        consider(f16::from_f32(scale));
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn restored(tensor: &Tensor, quantize: impl Fn(&Tensor) -> Result<QTensor>) -> Vec<f32> {
        quantize(tensor).unwrap().dequantize(&Device::Cpu).unwrap().flatten_all().unwrap().to_vec1().unwrap()
    }

    fn error(a: &[f32], b: &[f32]) -> f64 {
        a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2)).sum()
    }

    fn plain(tensor: &Tensor) -> Result<QTensor> {
        QTensor::quantize(tensor, GgmlDType::Q4_0)
    }

    proptest! {
        #[test]
        fn no_block_has_a_larger_error_than_plain_rounding(
            values in prop::collection::vec(-1.0f32..1.0, BLOCK),
            size in -14i32..6,
            outlier in prop::option::of((0..BLOCK, 1.0f32..20.0)),
        ) {
            let mut values: Vec<f32> = values.into_iter().map(|x| x * 2f32.powi(size)).collect();
            if let Some((at, times)) = outlier {
                values[at] *= times;
            }
            let tensor = Tensor::new(values.as_slice(), &Device::Cpu).unwrap();
            let (ours, theirs) = (restored(&tensor, quantize_q4_0), restored(&tensor, plain));
            prop_assert!(error(&values, &ours) <= error(&values, &theirs));
        }

        #[test]
        fn weights_on_a_grid_are_kept_exactly(
            codes in prop::collection::vec(-8i32..8, 3 * BLOCK),
            scales in prop::collection::vec(-1.0f32..1.0, 3),
        ) {
            let scale = |i: usize| f16::from_f32(scales[i / BLOCK]).to_f32();
            let values: Vec<f32> = codes.iter().enumerate().map(|(i, &code)| scale(i) * code as f32).collect();
            let tensor = Tensor::new(values.as_slice(), &Device::Cpu).unwrap();
            prop_assert_eq!(restored(&tensor, quantize_q4_0), values);
        }

        #[test]
        fn any_numbers_are_taken(values in prop::collection::vec(prop::num::f32::ANY, BLOCK)) {
            quantize_q4_0(&Tensor::new(values.as_slice(), &Device::Cpu).unwrap()).unwrap();
        }
    }

    #[test]
    fn the_error_of_normal_weights_is_clearly_smaller() {
        // The sum of twelve uniform numbers is nearly normal.
        let mut state = 1u32;
        let mut uniform = || {
            state = state.wrapping_mul(1664525).wrapping_add(1013904223);
            (state >> 8) as f32 / (1 << 24) as f32 - 0.5
        };
        let values: Vec<f32> =
            (0..256 * BLOCK).map(|_| (0..12).map(|_| uniform()).sum::<f32>() * 0.04).collect();
        let tensor = Tensor::from_vec(values.clone(), (256, BLOCK), &Device::Cpu).unwrap();
        let (ours, theirs) = (restored(&tensor, quantize_q4_0), restored(&tensor, plain));
        let ratio = error(&values, &ours) / error(&values, &theirs);
        println!("the squared error is {ratio} times that of plain rounding");
        assert!(ratio < 0.9, "{ratio}");
    }

    #[test]
    fn other_widths_are_refused() {
        assert!(
            quantize_q4_0(&Tensor::zeros((2, 33), candle_core::DType::F32, &Device::Cpu).unwrap()).is_err()
        );
    }
}
