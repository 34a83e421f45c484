//! The inner loops of the integer products: rows times a panel of eight columns, a tile of a few rows at a time.
//!
//! There are two products, both exact in i32: rows of 7-bit activations times int8 panels (linear layers), and rows of
//! 16-bit values times 16-bit panels (attention). [`portable`] is the plain reference against which the others are
//! tested. In wasm, the instruction set is chosen at compile time, because a module with unknown instructions does not
//! load; on x86-64, it is chosen at run time.

pub mod portable;
#[cfg(target_arch = "wasm32")]
mod wasm;
#[cfg(target_arch = "x86_64")]
mod x86;

/// The number of columns in a panel.
pub const COLUMNS: usize = 8;

/// The number of rows of 8-bit values that are interleaved in memory and processed together. With more rows, the sums
/// would not fit into the 16 registers that V8 has for them.
pub const ROWS: usize = 6;

/// The number of rows of 16-bit values that are processed together. It is smaller, because their products take registers
/// too.
const INT16_ROWS: usize = 4;

/// The number of neighbouring values of the inner dimension that are stored together in an int8 panel.
pub const GROUP: usize = 4;

/// The number of neighbouring values of the inner dimension that are stored together in a 16-bit panel.
pub const PAIR: usize = 2;

/// The sums of one row, one per column.
pub type Sums = [i32; COLUMNS];

/// Calls a kernel that is compiled for each number of rows, `kernel::<R>`, on tiles of `$rows` rows and on the rows
/// that remain.
macro_rules! by_tiles {
    ($rows:expr, $out:expr, |$first:ident, $tile:ident| $call:expr) => {{
        let (tiles, rest) = $out.as_chunks_mut::<{ $rows }>();
        let mut $first = 0;
        for $tile in tiles {
            $call;
            $first += $rows;
        }
        if let Some($tile) = rest.first_chunk_mut::<5>() {
            $call;
        } else if let Some($tile) = rest.first_chunk_mut::<4>() {
            $call;
        } else if let Some($tile) = rest.first_chunk_mut::<3>() {
            $call;
        } else if let Some($tile) = rest.first_chunk_mut::<2>() {
            $call;
        } else if let Some($tile) = rest.first_chunk_mut::<1>() {
            $call;
        }
    }};
}
use by_tiles;
const _: () = assert!(ROWS <= 6 && INT16_ROWS <= 6, "`by_tiles` leaves at most five rows");

/// Returns the position of a group in a row of 8-bit values, in units of [`GROUP`], where each row has `groups` groups.
/// Rows are interleaved by tiles of [`ROWS`], so that a kernel reads memory in one stream.
pub fn interleaved(row: usize, group: usize, groups: usize) -> usize {
    (row / ROWS * groups + group) * ROWS + row % ROWS
}

/// An instruction set with kernels in this build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstructionSet {
    /// Plain Rust, on any target.
    Portable,
    /// 128-bit wasm SIMD, where products are widened to 16 bits.
    #[cfg(target_arch = "wasm32")]
    Simd128,
    /// Wasm's relaxed 8-bit dot product, one instruction where the processor has it.
    #[cfg(all(target_arch = "wasm32", feature = "relaxed-simd"))]
    RelaxedSimd,
    /// AVX2.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX2 with the 8-bit dot product of AVX-VNNI.
    #[cfg(target_arch = "x86_64")]
    AvxVnni,
    /// AVX2 with the 8-bit dot product of AVX-512 VNNI.
    #[cfg(target_arch = "x86_64")]
    Avx512Vnni,
}

impl InstructionSet {
    /// Returns all instruction sets that this machine supports, the fastest last.
    pub fn available() -> Vec<Self> {
        #[allow(unused_mut)]
        let mut sets = vec![Self::Portable];
        #[cfg(target_arch = "wasm32")]
        sets.push(Self::Simd128);
        #[cfg(all(target_arch = "wasm32", feature = "relaxed-simd"))]
        sets.push(Self::RelaxedSimd);
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") {
                sets.push(Self::Avx2);
            }
            if is_x86_feature_detected!("avx512vnni") && is_x86_feature_detected!("avx512vl") {
                sets.push(Self::Avx512Vnni);
            }
            if is_x86_feature_detected!("avxvnni") {
                sets.push(Self::AvxVnni);
            }
        }
        sets
    }

    /// Returns the fastest instruction set that this machine supports.
    pub fn fastest() -> Self {
        Self::available().pop().unwrap_or(Self::Portable)
    }

    /// Returns the usual name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            #[cfg(target_arch = "wasm32")]
            Self::Simd128 => "simd128",
            #[cfg(all(target_arch = "wasm32", feature = "relaxed-simd"))]
            Self::RelaxedSimd => "relaxed-simd",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Self::AvxVnni => "avx-vnni",
            #[cfg(target_arch = "x86_64")]
            Self::Avx512Vnni => "avx512-vnni",
        }
    }
}

/// Computes `out[r][c]` = Σₖ `rows[r][k] · panel[k][c]` for interleaved rows (see [`interleaved`]) of values from 0 to
/// 127 and a panel of [groups, [`COLUMNS`], [`GROUP`]].
///
/// # Panics
/// When `rows` has fewer rows than `out`, rounded up to whole tiles.
pub fn int8(set: InstructionSet, rows: &[u8], panel: &[i8], out: &mut [Sums]) {
    let inner = panel.len() / COLUMNS;
    assert!(inner.is_multiple_of(GROUP), "a panel has whole groups");
    assert!(rows.len() >= out.len().next_multiple_of(ROWS) * inner, "too few rows");
    match set {
        InstructionSet::Portable => portable::int8(rows, panel, out),
        #[cfg(target_arch = "wasm32")]
        InstructionSet::Simd128 => wasm::int8_simd128(rows, panel, out),
        #[cfg(all(target_arch = "wasm32", feature = "relaxed-simd"))]
        InstructionSet::RelaxedSimd => wasm::int8_relaxed(rows, panel, out),
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx2 => x86::int8_avx2(rows, panel, out),
        #[cfg(target_arch = "x86_64")]
        InstructionSet::AvxVnni => x86::int8_avx_vnni(rows, panel, out),
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx512Vnni => x86::int8_avx512_vnni(rows, panel, out),
    }
}

/// Computes `out[r][c]` = Σₖ `rows[r][k] · panel[k][c]` for rows of 16-bit values, `stride` apart, and a panel of
/// [pairs, [`COLUMNS`], [`PAIR`]]. The caller keeps the sums within i32 and never passes the value -32768.
///
/// # Panics
/// When `rows` has fewer rows than `out`, or the panel is wider than a row.
pub fn int16(set: InstructionSet, rows: &[i16], stride: usize, panel: &[i16], out: &mut [Sums]) {
    let inner = panel.len() / COLUMNS;
    assert!(inner.is_multiple_of(PAIR) && stride >= inner, "panel and rows differ in their inner dimension");
    assert!(out.is_empty() || rows.len() >= (out.len() - 1) * stride + inner, "too few rows");
    match set {
        InstructionSet::Portable => portable::int16(rows, stride, panel, out),
        #[cfg(target_arch = "wasm32")]
        _ => wasm::int16(rows, stride, panel, out),
        #[cfg(target_arch = "x86_64")]
        _ => x86::int16_avx2(rows, stride, panel, out),
    }
}
