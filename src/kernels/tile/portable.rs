//! The plain reference, which defines the products without regard to speed.

use super::{COLUMNS, GROUP, PAIR, Sums, interleaved};

/// See [`super::int8`].
pub fn int8(rows: &[u8], panel: &[i8], out: &mut [Sums]) {
    let groups = panel.len() / (COLUMNS * GROUP);
    for (r, sums) in out.iter_mut().enumerate() {
        *sums = Sums::default();
        for (g, columns) in panel.chunks_exact(COLUMNS * GROUP).enumerate() {
            let values = &rows[interleaved(r, g, groups) * GROUP..][..GROUP];
            for (sum, weights) in sums.iter_mut().zip(columns.chunks_exact(GROUP)) {
                *sum += values.iter().zip(weights).map(|(&a, &w)| i32::from(a) * i32::from(w)).sum::<i32>();
            }
        }
    }
}

/// See [`super::int16`].
pub fn int16(rows: &[i16], stride: usize, panel: &[i16], out: &mut [Sums]) {
    for (r, sums) in out.iter_mut().enumerate() {
        *sums = Sums::default();
        let row = rows[r * stride..].chunks_exact(PAIR);
        for (values, columns) in row.zip(panel.chunks_exact(COLUMNS * PAIR)) {
            for (sum, weights) in sums.iter_mut().zip(columns.chunks_exact(PAIR)) {
                *sum += values.iter().zip(weights).map(|(&a, &w)| i32::from(a) * i32::from(w)).sum::<i32>();
            }
        }
    }
}
