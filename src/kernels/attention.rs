//! Scaled dot-product attention (Vaswani et al. 2017) of one window, one head after the other, in 16-bit integers.
//!
//! Scores are made for [`ROWS`] queries at a time, so that no [tokens, tokens] matrix is ever written.

use super::rows;
use super::tile::{self, COLUMNS, InstructionSet, PAIR, ROWS};

/// The softmax weights of a query sum to about this, so that their products with 16-bit values sum within i32.
const TOTAL: f32 = 32_000.0;
/// Largest magnitude of a quantized query, key or value.
const LIMIT: f32 = 32_000.0;

/// Memory that attention keeps from call to call.
#[derive(Debug, Default)]
pub struct Attention {
    /// [tokens, head], of one head.
    queries: Vec<i16>,
    /// Panels over the tokens: [panels, head / 2, 8 tokens, 2].
    keys: Vec<i16>,
    /// Panels over the head's dimensions: [panels, tokens / 2, 8 dimensions, 2].
    values: Vec<i16>,
    /// [tokens] of one query.
    scores: [Vec<i32>; ROWS],
    exponentials: Vec<f32>,
    /// [ROWS, tokens].
    weights: Vec<i16>,
}

/// Attends over one window: `projected` is [tokens, 3 · hidden], query, key and value of each token; `context` is
/// [tokens, hidden].
///
/// # Panics
/// When `projected` is not three times as long as `context`.
pub fn attend(
    set: InstructionSet,
    scratch: &mut Attention,
    projected: &[f32],
    context: &mut [f32],
    heads: usize,
    hidden: usize,
) {
    assert_eq!(projected.len(), 3 * context.len(), "projected is not [tokens, 3 · hidden]");
    let tokens = context.len() / hidden;
    let head = hidden / heads;
    let inner = head.next_multiple_of(PAIR);
    let padded = tokens.next_multiple_of(PAIR);
    // A score is a sum of `inner` products and must stay within i32.
    let limit = ((1 << 30) as f32 / inner as f32).sqrt().floor().min(LIMIT);
    let Attention { queries, keys, values, scores, exponentials, weights } = scratch;
    clear(queries, tokens * inner);
    clear(keys, tokens.next_multiple_of(COLUMNS) * inner);
    clear(values, head.next_multiple_of(COLUMNS) * padded);
    clear(weights, ROWS * padded);
    scores.iter_mut().for_each(|row| row.resize(tokens.next_multiple_of(COLUMNS), 0));
    exponentials.resize(tokens, 0.0);

    for h in 0..heads {
        let part = |which: usize| {
            let at = which * hidden + h * head;
            projected.chunks_exact(3 * hidden).map(move |row| &row[at..at + head])
        };
        let query_scale = quantize(part(0), limit, |t, d, q| queries[t * inner + d] = q);
        let key_scale = quantize(part(1), limit, |t, d, k| {
            keys[t / COLUMNS * COLUMNS * inner + (d / PAIR * COLUMNS + t % COLUMNS) * PAIR + d % PAIR] = k;
        });
        let value_scale = quantize(part(2), LIMIT, |t, d, v| {
            values[d / COLUMNS * COLUMNS * padded + (t / PAIR * COLUMNS + d % COLUMNS) * PAIR + t % PAIR] = v;
        });
        let scale = query_scale * key_scale / (head as f32).sqrt();

        for first in (0..tokens).step_by(ROWS) {
            let count = ROWS.min(tokens - first);
            for (p, panel) in keys.chunks_exact(COLUMNS * inner).enumerate() {
                let tile = tile::int16(set, &queries[first * inner..], inner, count, panel);
                for (row, sums) in scores.iter_mut().zip(tile) {
                    row[p * COLUMNS..][..COLUMNS].copy_from_slice(&sums);
                }
            }
            let mut factors = [0.0; ROWS];
            for r in 0..count {
                let weights = &mut weights[r * padded..][..padded];
                let sum = rows::soft_max(&scores[r][..tokens], scale, TOTAL, exponentials, weights);
                factors[r] = value_scale / sum as f32;
            }
            for (p, panel) in values.chunks_exact(COLUMNS * padded).enumerate() {
                let tile = tile::int16(set, weights, padded, count, panel);
                let columns = COLUMNS.min(head - p * COLUMNS);
                for (r, sums) in tile.iter().enumerate().take(count) {
                    let at = (first + r) * hidden + h * head + p * COLUMNS;
                    for (y, &sum) in context[at..at + columns].iter_mut().zip(sums) {
                        *y = sum as f32 * factors[r];
                    }
                }
            }
        }
    }
}

fn clear(buffer: &mut Vec<i16>, len: usize) {
    buffer.clear();
    buffer.resize(len, 0);
}

/// Quantizes the rows of one head symmetrically with a single scale, which it returns; `store` gets token, dimension
/// and value.
fn quantize<'a>(
    rows: impl Iterator<Item = &'a [f32]> + Clone,
    limit: f32,
    mut store: impl FnMut(usize, usize, i16),
) -> f32 {
    let largest = rows.clone().flatten().fold(0.0f32, |m, x| if x.abs() > m { x.abs() } else { m });
    let scale = largest / limit;
    if !(scale > 0.0 && scale.is_finite()) {
        rows.enumerate().for_each(|(t, row)| (0..row.len()).for_each(|d| store(t, d, 0)));
        return 0.0;
    }
    let inverse = 1.0 / scale;
    for (t, row) in rows.enumerate() {
        for (d, &x) in row.iter().enumerate() {
            store(t, d, rows::nearest(x * inverse) as i16);
        }
    }
    scale
}
