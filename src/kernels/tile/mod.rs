//! The inner loops of the integer products: rows by a panel of eight columns, a tile of a few rows at a time.
//!
//! Two products, each exact in i32: rows of 7-bit activations by int8 panels (linear layers), and rows of 16-bit by
//! 16-bit panels (attention). [`portable`] is the plain reference that tests hold the others against. In wasm the
//! instruction set is chosen when compiling, because a module with unknown instructions does not load; on x86-64 when
//! running.

pub mod portable;
#[cfg(target_arch = "wasm32")]
mod wasm;
#[cfg(target_arch = "x86_64")]
mod x86;

/// Columns of a panel.
pub const COLUMNS: usize = 8;
/// Rows of 8-bit values that lie interleaved in memory and are worked on together: with more, the sums do not fit into
/// the 16 registers that V8 has for them.
pub const ROWS: usize = 6;
/// Rows of 16-bit values that are worked on together; their products take registers too.
const INT16_ROWS: usize = 4;
/// Neighbouring values of the inner dimension that lie together in an int8 panel.
pub const GROUP: usize = 4;
/// The same in a 16-bit panel.
pub const PAIR: usize = 2;

/// Sums of a row, one for each column.
pub type Sums = [i32; COLUMNS];

/// Calls a kernel that is compiled for a number of rows, `kernel::<R>`, for tiles of `$rows` and for the rest.
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

/// Which part of a row of 8-bit values lies where: the index of a group of a row in units of [`GROUP`]. Rows are
/// interleaved by tiles of [`ROWS`], so that a kernel reads memory in one stream; `groups` are those of one row.
pub fn interleaved(row: usize, group: usize, groups: usize) -> usize {
    (row / ROWS * groups + group) * ROWS + row % ROWS
}

/// An instruction set that has a kernel in this build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstructionSet {
    /// Plain Rust, on any target.
    Portable,
    /// 128-bit wasm SIMD; the products widen to 16 bits.
    #[cfg(target_arch = "wasm32")]
    Simd128,
    /// Wasm's relaxed 8-bit dot product, one instruction where the processor has it.
    #[cfg(all(target_arch = "wasm32", feature = "relaxed-simd"))]
    RelaxedSimd,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX2 with the 8-bit dot product (AVX-VNNI).
    #[cfg(target_arch = "x86_64")]
    AvxVnni,
    /// The same instruction as AVX-512 has it.
    #[cfg(target_arch = "x86_64")]
    Avx512Vnni,
}

impl InstructionSet {
    /// All that this machine runs, the fastest last.
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

    /// The fastest that this machine runs.
    pub fn fastest() -> Self {
        Self::available().pop().unwrap_or(Self::Portable)
    }

    /// The name as the field writes it.
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

/// Sums of `rows[r][k] · panel[k][c]` for interleaved rows (see [`interleaved`]) of values 0 to 127, by a panel laid out
/// [groups, [`COLUMNS`], [`GROUP`]]. There are as many rows as there is `out`.
///
/// # Panics
/// When there are fewer rows than that, in whole tiles.
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

/// Sums of `rows[r][k] · panel[k][c]` for rows of 16-bit values, `stride` apart, by a panel laid out
/// [pairs, [`COLUMNS`], [`PAIR`]]. The caller keeps the sums within i32; values of -32768 are not allowed.
///
/// # Panics
/// When `rows` or `panel` is shorter than that.
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
