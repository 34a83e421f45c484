//! The inner loops in wasm SIMD. Which operations V8 compiles to one instruction depends on the processor; all are
//! exact.
#![allow(unsafe_code)]

use std::arch::wasm32::*;

use super::{COLUMNS, GROUP, INT16_ROWS, PAIR, ROWS, Sums, by_tiles, interleaved};

/// The number of rows of a tile that are processed together if each sum is kept in two parts.
const WIDENED_ROWS: usize = 2;
const _: () = assert!(ROWS.is_multiple_of(WIDENED_ROWS), "a tile is worked on in whole parts");

#[cfg(feature = "relaxed-simd")]
#[target_feature(enable = "relaxed-simd")]
pub fn int8_relaxed(rows: &[u8], panel: &[i8], out: &mut [Sums]) {
    let inner = panel.len() / COLUMNS;
    by_tiles!(ROWS, out, |first, tile| relaxed(&rows[first * inner..], panel, tile));
}

pub fn int8_simd128(rows: &[u8], panel: &[i8], out: &mut [Sums]) {
    let groups = panel.len() / (COLUMNS * GROUP);
    by_tiles!(WIDENED_ROWS, out, |first, tile| {
        widening(&rows[interleaved(first, 0, groups) * GROUP..], panel, tile)
    });
}

pub fn int16(rows: &[i16], stride: usize, panel: &[i16], out: &mut [Sums]) {
    by_tiles!(INT16_ROWS, out, |first, tile| pairs(&rows[first * stride..], stride, panel, tile));
}

fn store(sums: &mut Sums, low: v128, high: v128) {
    // SAFETY: the sums of a row are eight i32, which fill two vectors, and v128_store needs no alignment.
    unsafe {
        v128_store(sums.as_mut_ptr().cast(), low);
        v128_store(sums.as_mut_ptr().add(4).cast(), high);
    }
}

#[cfg(feature = "relaxed-simd")]
#[target_feature(enable = "relaxed-simd")]
#[inline]
fn relaxed<const R: usize>(rows: &[u8], panel: &[i8], tile: &mut [Sums; R]) {
    let groups = panel.len() / (COLUMNS * GROUP);
    let mut sums = [[i32x4_splat(0); 2]; R];
    for g in 0..groups {
        // SAFETY: the caller checked that `panel` holds `groups` times 32 bytes and the tile `groups` times 4 · ROWS.
        // The relaxed dot product is the same on every processor because the second operand is within 0 to 127.
        unsafe {
            let weights: *const v128 = panel.as_ptr().add(g * COLUMNS * GROUP).cast();
            let (low, high) = (v128_load(weights), v128_load(weights.add(1)));
            for (r, sum) in sums.iter_mut().enumerate() {
                let values = v128_load32_splat(rows.as_ptr().add((g * ROWS + r) * GROUP).cast());
                sum[0] = i32x4_relaxed_dot_i8x16_i7x16_add(low, values, sum[0]);
                sum[1] = i32x4_relaxed_dot_i8x16_i7x16_add(high, values, sum[1]);
            }
        }
    }
    for (target, [low, high]) in tile.iter_mut().zip(sums) {
        store(target, low, high);
    }
}

/// Computes the product without an 8-bit dot product: both sides are widened to 16 bits, and each column has two partial
/// sums.
#[inline(always)]
fn widening<const R: usize>(rows: &[u8], panel: &[i8], tile: &mut [Sums; R]) {
    let groups = panel.len() / (COLUMNS * GROUP);
    let mut sums = [[i32x4_splat(0); 4]; R];
    for g in 0..groups {
        // SAFETY: the caller checked that `panel` holds `groups` times 32 bytes and the tile `groups` times 4 · ROWS.
        unsafe {
            let weights = panel.as_ptr().add(g * COLUMNS * GROUP);
            let weights = [0, 8, 16, 24].map(|at| i16x8_load_extend_i8x8(weights.add(at)));
            for (r, sum) in sums.iter_mut().enumerate() {
                let values = v128_load32_splat(rows.as_ptr().add((g * ROWS + r) * GROUP).cast());
                let values = u16x8_extend_low_u8x16(values);
                for (partial, weights) in sum.iter_mut().zip(weights) {
                    *partial = i32x4_add(*partial, i32x4_dot_i16x8(weights, values));
                }
            }
        }
    }
    for (target, [a, b, c, d]) in tile.iter_mut().zip(sums) {
        let join = |a, b| i32x4_add(i32x4_shuffle::<0, 2, 4, 6>(a, b), i32x4_shuffle::<1, 3, 5, 7>(a, b));
        store(target, join(a, b), join(c, d));
    }
}

#[inline(always)]
fn pairs<const R: usize>(rows: &[i16], stride: usize, panel: &[i16], tile: &mut [Sums; R]) {
    let groups = panel.len() / (COLUMNS * PAIR);
    let mut sums = [[i32x4_splat(0); 2]; R];
    for g in 0..groups {
        // SAFETY: the caller checked that `panel` holds `groups` times 16 values and each of R rows 2 · `groups`.
        unsafe {
            let weights: *const v128 = panel.as_ptr().add(g * COLUMNS * PAIR).cast();
            let (low, high) = (v128_load(weights), v128_load(weights.add(1)));
            for (r, sum) in sums.iter_mut().enumerate() {
                let values = v128_load32_splat(rows.as_ptr().add(r * stride + g * PAIR).cast());
                sum[0] = i32x4_add(sum[0], i32x4_dot_i16x8(low, values));
                sum[1] = i32x4_add(sum[1], i32x4_dot_i16x8(high, values));
            }
        }
    }
    for (target, [low, high]) in tile.iter_mut().zip(sums) {
        store(target, low, high);
    }
}
