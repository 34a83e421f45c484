//! Vectors of eight numbers, in which the operations of `rows` are written once for all targets.
//!
//! In native builds, [`Fastest`] uses plain arrays, which compilers for x86-64 and Arm turn into vectors. In wasm it uses
//! two 128-bit vectors, because the compiler's own choices there cost up to five times as many instructions. Both give
//! the same bits, since every operation is exact or rounded as in IEEE 754, and tests on both targets check this. (NaN
//! payloads may differ, but nothing depends on them.)

/// The number of lanes in a vector.
pub const LANES: usize = 8;

/// 1.5 · 2²³. Added to a float of small magnitude, it leaves the nearest integer in the lowest bits.
pub const ROUNDER: f32 = 12_582_912.0;

/// Operations on vectors of eight f32 and of eight i32. They work lane by lane unless stated otherwise.
pub trait Lanes {
    /// Eight f32.
    type Floats: Copy;
    /// Eight i32.
    type Ints: Copy;

    fn splat(x: f32) -> Self::Floats;
    fn load(values: &[f32; LANES]) -> Self::Floats;
    fn store(x: Self::Floats, target: &mut [f32; LANES]);
    fn add(x: Self::Floats, y: Self::Floats) -> Self::Floats;
    fn sub(x: Self::Floats, y: Self::Floats) -> Self::Floats;
    fn mul(x: Self::Floats, y: Self::Floats) -> Self::Floats;
    /// Returns y where it is less than x, otherwise x.
    fn min(x: Self::Floats, y: Self::Floats) -> Self::Floats;
    /// Returns y where it is greater than x, otherwise x.
    fn max(x: Self::Floats, y: Self::Floats) -> Self::Floats;
    /// Returns the unnormalized Walsh-Hadamard transform of a vector.
    fn rotate(x: Self::Floats) -> Self::Floats;
    /// Rounds floats within ±2²² to the nearest integers, with ties to even.
    fn nearest(x: Self::Floats) -> Self::Ints;
    /// Returns 2ⁿ for -126 ≤ n ≤ 127.
    fn power_of_two(n: Self::Ints) -> Self::Floats;
    fn to_floats(x: Self::Ints) -> Self::Floats;

    fn splat_int(x: i32) -> Self::Ints;
    fn load_ints(values: &[i32; LANES]) -> Self::Ints;
    fn ints(x: Self::Ints) -> [i32; LANES];
    fn add_ints(x: Self::Ints, y: Self::Ints) -> Self::Ints;
    fn sub_ints(x: Self::Ints, y: Self::Ints) -> Self::Ints;
    fn mul_ints(x: Self::Ints, y: Self::Ints) -> Self::Ints;
    fn max_ints(x: Self::Ints, y: Self::Ints) -> Self::Ints;
    /// Converts to i16, saturating.
    fn narrow(x: Self::Ints) -> [i16; LANES];
    /// Converts to u8, saturating.
    fn narrow_unsigned(x: Self::Ints) -> [u8; LANES];

    /// Sums the lanes, from the first to the last.
    fn sum(x: Self::Floats) -> f32 {
        let mut lanes = [0.0; LANES];
        Self::store(x, &mut lanes);
        lanes.iter().sum()
    }
}

#[cfg(not(target_arch = "wasm32"))]
pub use portable::Portable as Fastest;
#[cfg(target_arch = "wasm32")]
pub use wasm::Simd128 as Fastest;

#[cfg(not(target_arch = "wasm32"))]
mod portable {
    use super::{LANES, Lanes, ROUNDER};

    /// Lanes as plain arrays.
    pub struct Portable;

    /// Applies `f` to each pair of elements. Once inlined, such loops become vector instructions.
    fn zip<T: Copy>(x: [T; LANES], y: [T; LANES], f: impl Fn(T, T) -> T) -> [T; LANES] {
        std::array::from_fn(|l| f(x[l], y[l]))
    }

    impl Lanes for Portable {
        type Floats = [f32; LANES];
        type Ints = [i32; LANES];

        fn splat(x: f32) -> Self::Floats {
            [x; LANES]
        }
        fn load(values: &[f32; LANES]) -> Self::Floats {
            *values
        }
        fn store(x: Self::Floats, target: &mut [f32; LANES]) {
            *target = x;
        }
        fn add(x: Self::Floats, y: Self::Floats) -> Self::Floats {
            zip(x, y, |x, y| x + y)
        }
        fn sub(x: Self::Floats, y: Self::Floats) -> Self::Floats {
            zip(x, y, |x, y| x - y)
        }
        fn mul(x: Self::Floats, y: Self::Floats) -> Self::Floats {
            zip(x, y, |x, y| x * y)
        }
        // Comparisons are used rather than f32::min and f32::max, because they are one instruction.
        fn min(x: Self::Floats, y: Self::Floats) -> Self::Floats {
            zip(x, y, |x, y| if y < x { y } else { x })
        }
        fn max(x: Self::Floats, y: Self::Floats) -> Self::Floats {
            zip(x, y, |x, y| if x < y { y } else { x })
        }
        fn rotate(mut x: Self::Floats) -> Self::Floats {
            for distance in [4, 2, 1] {
                x = std::array::from_fn(|l| {
                    if l & distance == 0 { x[l] + x[l + distance] } else { x[l - distance] - x[l] }
                });
            }
            x
        }
        fn nearest(x: Self::Floats) -> Self::Ints {
            x.map(|x| ((x + ROUNDER).to_bits() as i32).wrapping_sub(ROUNDER.to_bits() as i32))
        }
        fn power_of_two(n: Self::Ints) -> Self::Floats {
            n.map(|n| f32::from_bits((n.wrapping_add(127) << 23) as u32))
        }
        fn to_floats(x: Self::Ints) -> Self::Floats {
            x.map(|x| x as f32)
        }
        fn splat_int(x: i32) -> Self::Ints {
            [x; LANES]
        }
        fn load_ints(values: &[i32; LANES]) -> Self::Ints {
            *values
        }
        fn ints(x: Self::Ints) -> [i32; LANES] {
            x
        }
        fn add_ints(x: Self::Ints, y: Self::Ints) -> Self::Ints {
            zip(x, y, i32::wrapping_add)
        }
        fn sub_ints(x: Self::Ints, y: Self::Ints) -> Self::Ints {
            zip(x, y, i32::wrapping_sub)
        }
        fn mul_ints(x: Self::Ints, y: Self::Ints) -> Self::Ints {
            zip(x, y, i32::wrapping_mul)
        }
        fn max_ints(x: Self::Ints, y: Self::Ints) -> Self::Ints {
            zip(x, y, i32::max)
        }
        fn narrow(x: Self::Ints) -> [i16; LANES] {
            x.map(|x| x.clamp(i16::MIN.into(), i16::MAX.into()) as i16)
        }
        fn narrow_unsigned(x: Self::Ints) -> [u8; LANES] {
            x.map(|x| x.clamp(0, u8::MAX.into()) as u8)
        }
    }
}

#[cfg(target_arch = "wasm32")]
mod wasm {
    #![allow(unsafe_code)]

    use std::arch::wasm32::*;

    use super::{LANES, Lanes, ROUNDER};

    /// Lanes as two 128-bit wasm vectors.
    pub struct Simd128;

    /// The lower and the upper four lanes.
    type Pair = (v128, v128);

    /// Applies `f` to both halves.
    fn both(x: Pair, y: Pair, f: fn(v128, v128) -> v128) -> Pair {
        (f(x.0, y.0), f(x.1, y.1))
    }

    impl Lanes for Simd128 {
        type Floats = Pair;
        type Ints = Pair;

        fn splat(x: f32) -> Pair {
            (f32x4_splat(x), f32x4_splat(x))
        }
        fn load(values: &[f32; LANES]) -> Pair {
            // SAFETY: eight f32 fill two vectors, and the loads need no alignment.
            unsafe { (v128_load(values.as_ptr().cast()), v128_load(values.as_ptr().add(4).cast())) }
        }
        fn store(x: Pair, target: &mut [f32; LANES]) {
            // SAFETY: as in `load`.
            unsafe {
                v128_store(target.as_mut_ptr().cast(), x.0);
                v128_store(target.as_mut_ptr().add(4).cast(), x.1);
            }
        }
        fn add(x: Pair, y: Pair) -> Pair {
            both(x, y, f32x4_add)
        }
        fn sub(x: Pair, y: Pair) -> Pair {
            both(x, y, f32x4_sub)
        }
        fn mul(x: Pair, y: Pair) -> Pair {
            both(x, y, f32x4_mul)
        }
        fn min(x: Pair, y: Pair) -> Pair {
            both(x, y, f32x4_pmin)
        }
        fn max(x: Pair, y: Pair) -> Pair {
            both(x, y, f32x4_pmax)
        }
        fn rotate(x: Pair) -> Pair {
            let half = |x: v128| {
                let y = i32x4_shuffle::<2, 3, 0, 1>(x, x);
                let x = i32x4_shuffle::<0, 1, 6, 7>(f32x4_add(x, y), f32x4_sub(y, x));
                let y = i32x4_shuffle::<1, 0, 3, 2>(x, x);
                i32x4_shuffle::<0, 5, 2, 7>(f32x4_add(x, y), f32x4_sub(y, x))
            };
            (half(f32x4_add(x.0, x.1)), half(f32x4_sub(x.0, x.1)))
        }
        fn nearest(x: Pair) -> Pair {
            let bits = Self::splat_int(ROUNDER.to_bits() as i32);
            Self::sub_ints(Self::add(x, Self::splat(ROUNDER)), bits)
        }
        fn power_of_two(n: Pair) -> Pair {
            let biased = Self::add_ints(n, Self::splat_int(127));
            (i32x4_shl(biased.0, 23), i32x4_shl(biased.1, 23))
        }
        fn to_floats(x: Pair) -> Pair {
            (f32x4_convert_i32x4(x.0), f32x4_convert_i32x4(x.1))
        }
        fn splat_int(x: i32) -> Pair {
            (i32x4_splat(x), i32x4_splat(x))
        }
        fn load_ints(values: &[i32; LANES]) -> Pair {
            // SAFETY: eight i32 fill two vectors, and the loads need no alignment.
            unsafe { (v128_load(values.as_ptr().cast()), v128_load(values.as_ptr().add(4).cast())) }
        }
        fn ints(x: Pair) -> [i32; LANES] {
            let mut lanes = [0; LANES];
            // SAFETY: as in `load_ints`.
            unsafe {
                v128_store(lanes.as_mut_ptr().cast(), x.0);
                v128_store(lanes.as_mut_ptr().add(4).cast(), x.1);
            }
            lanes
        }
        fn add_ints(x: Pair, y: Pair) -> Pair {
            both(x, y, i32x4_add)
        }
        fn sub_ints(x: Pair, y: Pair) -> Pair {
            both(x, y, i32x4_sub)
        }
        fn mul_ints(x: Pair, y: Pair) -> Pair {
            both(x, y, i32x4_mul)
        }
        fn max_ints(x: Pair, y: Pair) -> Pair {
            both(x, y, i32x4_max)
        }
        fn narrow(x: Pair) -> [i16; LANES] {
            let mut lanes = [0; LANES];
            // SAFETY: eight i16 fill one vector, and the store needs no alignment.
            unsafe { v128_store(lanes.as_mut_ptr().cast(), i16x8_narrow_i32x4(x.0, x.1)) };
            lanes
        }
        fn narrow_unsigned(x: Pair) -> [u8; LANES] {
            let words = i16x8_narrow_i32x4(x.0, x.1);
            u64x2_extract_lane::<0>(u8x16_narrow_i16x8(words, words)).to_le_bytes()
        }
    }
}
