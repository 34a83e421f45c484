//! The inner loops in wasm SIMD. Which of them V8 turns into one instruction depends on the processor; all are exact.
#![allow(unsafe_code)]

use std::arch::wasm32::*;

use super::{COLUMNS, GROUP, PAIR, ROWS, Tile};

/// Calls the kernel for the number of rows there are, so that each is compiled with its accumulators in registers.
macro_rules! by_rows {
    ($count:expr, $kernel:ident($($argument:expr),*)) => {
        match $count {
            4 => $kernel::<4>($($argument),*),
            3 => $kernel::<3>($($argument),*),
            2 => $kernel::<2>($($argument),*),
            _ => $kernel::<1>($($argument),*),
        }
    };
}

#[cfg(target_feature = "relaxed-simd")]
pub fn int8_relaxed(rows: &[u8], stride: usize, count: usize, panel: &[i8]) -> Tile {
    by_rows!(count, relaxed(rows, stride, panel))
}

pub fn int8_simd128(rows: &[u8], stride: usize, count: usize, panel: &[i8]) -> Tile {
    by_rows!(count, widening(rows, stride, panel))
}

pub fn int16(rows: &[i16], stride: usize, count: usize, panel: &[i16]) -> Tile {
    by_rows!(count, pairs(rows, stride, panel))
}

fn store(tile: &mut Tile, r: usize, low: v128, high: v128) {
    // SAFETY: a row of the tile is eight i32, two vectors, and v128_store needs no alignment.
    unsafe {
        v128_store(tile[r].as_mut_ptr().cast(), low);
        v128_store(tile[r].as_mut_ptr().add(4).cast(), high);
    }
}

#[cfg(target_feature = "relaxed-simd")]
fn relaxed<const R: usize>(rows: &[u8], stride: usize, panel: &[i8]) -> Tile {
    let groups = panel.len() / (COLUMNS * GROUP);
    let mut sums = [[i32x4_splat(0); 2]; R];
    for g in 0..groups {
        // SAFETY: the caller checked that `panel` holds `groups` times 32 bytes and each of R rows 4 · `groups`.
        // The dot product is the same everywhere because the second operand is within 0 to 127.
        unsafe {
            let weights: *const v128 = panel.as_ptr().add(g * COLUMNS * GROUP).cast();
            let (low, high) = (v128_load(weights), v128_load(weights.add(1)));
            for (r, sum) in sums.iter_mut().enumerate() {
                let values = v128_load32_splat(rows.as_ptr().add(r * stride + g * GROUP).cast());
                sum[0] = i32x4_relaxed_dot_i8x16_i7x16_add(low, values, sum[0]);
                sum[1] = i32x4_relaxed_dot_i8x16_i7x16_add(high, values, sum[1]);
            }
        }
    }
    let mut tile = Tile::default();
    for (r, [low, high]) in sums.into_iter().enumerate() {
        store(&mut tile, r, low, high);
    }
    tile
}

/// Without the 8-bit dot product: both sides widen to 16 bits, and each column has two partial sums.
fn widening<const R: usize>(rows: &[u8], stride: usize, panel: &[i8]) -> Tile {
    let groups = panel.len() / (COLUMNS * GROUP);
    let mut sums = [[i32x4_splat(0); 4]; R];
    for g in 0..groups {
        // SAFETY: the caller checked that `panel` holds `groups` times 32 bytes and each of R rows 4 · `groups`.
        unsafe {
            let weights = panel.as_ptr().add(g * COLUMNS * GROUP);
            let weights = [0, 8, 16, 24].map(|at| i16x8_load_extend_i8x8(weights.add(at)));
            for (r, sum) in sums.iter_mut().enumerate() {
                let values = v128_load32_splat(rows.as_ptr().add(r * stride + g * GROUP).cast());
                let values = u16x8_extend_low_u8x16(values);
                for (partial, weights) in sum.iter_mut().zip(weights) {
                    *partial = i32x4_add(*partial, i32x4_dot_i16x8(weights, values));
                }
            }
        }
    }
    let mut tile = Tile::default();
    for (r, [a, b, c, d]) in sums.into_iter().enumerate() {
        let join = |a, b| i32x4_add(i32x4_shuffle::<0, 2, 4, 6>(a, b), i32x4_shuffle::<1, 3, 5, 7>(a, b));
        store(&mut tile, r, join(a, b), join(c, d));
    }
    tile
}

fn pairs<const R: usize>(rows: &[i16], stride: usize, panel: &[i16]) -> Tile {
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
    let mut tile = Tile::default();
    for (r, [low, high]) in sums.into_iter().enumerate() {
        store(&mut tile, r, low, high);
    }
    tile
}

const _: () = assert!(ROWS == 4 && COLUMNS == 8, "the kernels are written for tiles of 4 by 8");
