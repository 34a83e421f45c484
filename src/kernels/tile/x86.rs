//! The inner loops on x86-64, for `trainer score` and the tests: AVX2, and the 8-bit dot product if there is one.
#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::{COLUMNS, GROUP, INT16_ROWS, PAIR, ROWS, Sums, by_tiles};

/// Defines a kernel that multiplies 32 bits of a row with 256 bits of a panel at a time.
macro_rules! kernel {
    ($name:ident, $features:literal, $dot:expr) => {
        /// # Safety
        /// The processor must support the features. `panel` must hold `groups` times 32 bytes, and `rows` must hold
        /// `groups` groups of R rows, `between` bytes from group to group and `apart` bytes from row to row.
        #[target_feature(enable = $features)]
        unsafe fn $name<const R: usize>(
            rows: *const u8,
            between: usize,
            apart: usize,
            panel: *const u8,
            groups: usize,
            tile: &mut [Sums; R],
        ) {
            let mut sums = [_mm256_setzero_si256(); R];
            for g in 0..groups {
                // SAFETY: the caller promises that the memory is there, and the loads need no alignment.
                unsafe {
                    let weights = _mm256_loadu_si256(panel.add(g * 32).cast());
                    for (r, sum) in sums.iter_mut().enumerate() {
                        let values: *const i32 = rows.add(g * between + r * apart).cast();
                        *sum = $dot(*sum, _mm256_set1_epi32(values.read_unaligned()), weights);
                    }
                }
            }
            for (target, sum) in tile.iter_mut().zip(sums) {
                // SAFETY: the sums of a row are eight i32, which are 256 bits.
                unsafe { _mm256_storeu_si256(target.as_mut_ptr().cast(), sum) };
            }
        }
    };
}

/// Defines a safe function around an 8-bit kernel.
macro_rules! int8 {
    ($name:ident, $kernel:ident) => {
        pub fn $name(rows: &[u8], panel: &[i8], out: &mut [Sums]) {
            let (inner, groups) = (panel.len() / COLUMNS, panel.len() / (COLUMNS * GROUP));
            by_tiles!(ROWS, out, |first, tile| {
                let rows = rows[first * inner..].as_ptr();
                // SAFETY: only an `InstructionSet` that this machine supports leads here, the caller checked the
                // lengths, and rows are interleaved by tiles.
                unsafe { $kernel(rows, ROWS * GROUP, GROUP, panel.as_ptr().cast(), groups, tile) }
            });
        }
    };
}

kernel!(avx2, "avx2", |sum, values, weights| {
    // No 16-bit sum saturates, because the values are at most 127.
    let pairs = _mm256_maddubs_epi16(values, weights);
    _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)))
});
kernel!(avx_vnni, "avx2,avxvnni", |sum, values, weights| _mm256_dpbusd_avx_epi32(sum, values, weights));
kernel!(avx512_vnni, "avx2,avx512vnni,avx512vl", |sum, values, weights| {
    _mm256_dpbusd_epi32(sum, values, weights)
});
kernel!(pairs, "avx2", |sum, values, weights| _mm256_add_epi32(sum, _mm256_madd_epi16(values, weights)));

int8!(int8_avx2, avx2);
int8!(int8_avx_vnni, avx_vnni);
int8!(int8_avx512_vnni, avx512_vnni);

pub fn int16_avx2(rows: &[i16], stride: usize, panel: &[i16], out: &mut [Sums]) {
    let groups = panel.len() / (COLUMNS * PAIR);
    by_tiles!(INT16_ROWS, out, |first, tile| {
        let rows = rows[first * stride..].as_ptr().cast();
        // SAFETY: every `InstructionSet` other than the portable one includes AVX2, and the caller checked the lengths.
        unsafe { pairs(rows, PAIR * 2, stride * 2, panel.as_ptr().cast(), groups, tile) }
    });
}
