//! The plain reference: what the products are, without regard to speed.

use super::{COLUMNS, GROUP, PAIR, Tile};

/// See [`super::int8`].
pub fn int8(rows: &[u8], stride: usize, count: usize, panel: &[i8]) -> Tile {
    let mut tile = Tile::default();
    for (r, sums) in tile.iter_mut().enumerate().take(count) {
        let row = rows[r * stride..].chunks_exact(GROUP);
        for (values, columns) in row.zip(panel.chunks_exact(COLUMNS * GROUP)) {
            for (sum, weights) in sums.iter_mut().zip(columns.chunks_exact(GROUP)) {
                *sum += values.iter().zip(weights).map(|(&a, &w)| i32::from(a) * i32::from(w)).sum::<i32>();
            }
        }
    }
    tile
}

/// See [`super::int16`].
pub fn int16(rows: &[i16], stride: usize, count: usize, panel: &[i16]) -> Tile {
    let mut tile = Tile::default();
    for (r, sums) in tile.iter_mut().enumerate().take(count) {
        let row = rows[r * stride..].chunks_exact(PAIR);
        for (values, columns) in row.zip(panel.chunks_exact(COLUMNS * PAIR)) {
            for (sum, weights) in sums.iter_mut().zip(columns.chunks_exact(PAIR)) {
                *sum += values.iter().zip(weights).map(|(&a, &w)| i32::from(a) * i32::from(w)).sum::<i32>();
            }
        }
    }
    tile
}
