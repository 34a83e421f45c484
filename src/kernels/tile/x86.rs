//! The inner loops on x86-64, for `trainer score` and the tests: AVX2, and the 8-bit dot product where there is one.
#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::{COLUMNS, GROUP, PAIR, ROWS, Tile};

/// Makes a safe function that runs a kernel compiled for an instruction set, for the number of rows there are.
macro_rules! dispatch {
    ($name:ident, $kernel:ident, $rows:ty, $panel:ty) => {
        pub fn $name(rows: &[$rows], stride: usize, count: usize, panel: &[$panel]) -> Tile {
            // SAFETY: only an `InstructionSet` that was found on this machine leads here, and the caller checked that
            // `panel` and the `count` rows are as long as the kernel reads.
            unsafe {
                match count {
                    4 => $kernel::<4>(rows, stride, panel),
                    3 => $kernel::<3>(rows, stride, panel),
                    2 => $kernel::<2>(rows, stride, panel),
                    _ => $kernel::<1>(rows, stride, panel),
                }
            }
        }
    };
}

/// Makes a kernel that multiplies groups of 32 bits of a row with 256 bits of a panel.
macro_rules! kernel {
    ($name:ident, $features:literal, $rows:ty, $panel:ty, $group:expr, $dot:expr) => {
        #[target_feature(enable = $features)]
        unsafe fn $name<const R: usize>(rows: &[$rows], stride: usize, panel: &[$panel]) -> Tile {
            let groups = panel.len() / (COLUMNS * $group);
            let mut sums = [_mm256_setzero_si256(); R];
            for g in 0..groups {
                // SAFETY: see `dispatch`; the loads need no alignment.
                unsafe {
                    let weights = _mm256_loadu_si256(panel.as_ptr().add(g * COLUMNS * $group).cast());
                    for (r, sum) in sums.iter_mut().enumerate() {
                        let values: *const i32 = rows.as_ptr().add(r * stride + g * $group).cast();
                        let values = _mm256_set1_epi32(values.read_unaligned());
                        *sum = $dot(*sum, values, weights);
                    }
                }
            }
            let mut tile = Tile::default();
            for (row, sum) in tile.iter_mut().zip(sums) {
                // SAFETY: a row of the tile is eight i32, 256 bits.
                unsafe { _mm256_storeu_si256(row.as_mut_ptr().cast(), sum) };
            }
            tile
        }
    };
}

kernel!(avx2, "avx2", u8, i8, GROUP, |sum, values, weights| {
    // No 16-bit sum saturates, because values are at most 127.
    let pairs = _mm256_maddubs_epi16(values, weights);
    _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)))
});
kernel!(avx_vnni, "avx2,avxvnni", u8, i8, GROUP, |sum, values, weights| {
    _mm256_dpbusd_avx_epi32(sum, values, weights)
});
kernel!(avx512_vnni, "avx2,avx512vnni,avx512vl", u8, i8, GROUP, |sum, values, weights| {
    _mm256_dpbusd_epi32(sum, values, weights)
});
kernel!(pairs, "avx2", i16, i16, PAIR, |sum, values, weights| {
    _mm256_add_epi32(sum, _mm256_madd_epi16(values, weights))
});

dispatch!(int8_avx2, avx2, u8, i8);
dispatch!(int8_avx_vnni, avx_vnni, u8, i8);
dispatch!(int8_avx512_vnni, avx512_vnni, u8, i8);
dispatch!(int16_avx2, pairs, i16, i16);

const _: () = assert!(ROWS == 4 && COLUMNS == 8, "the kernels are written for tiles of 4 by 8");
