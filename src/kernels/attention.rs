//! Scaled dot-product attention (Vaswani et al. 2017) of one window, head by head, in 16-bit integers.
//!
//! Scores are computed for [`BLOCK`] queries at a time, so that no `[tokens, tokens]` matrix is ever written.

use super::lanes::LANES;
use super::rows;
use super::tile::{self, COLUMNS, InstructionSet, PAIR, Sums};

/// The approximate sum of the softmax weights of a query. It keeps the sums of their products with 16-bit values within
/// i32.
const TOTAL: f32 = 32_000.0;

/// The largest magnitude of a quantized query, key or value.
const LIMIT: f32 = 32_000.0;

/// The number of queries that are processed together. It is so small that their scores stay in the first-level cache.
const BLOCK: usize = 16;

/// Working memory that attention keeps from call to call.
#[derive(Debug, Default)]
pub struct Attention {
    /// Quantized queries, keys and values of one head, each `[tokens, inner]`.
    words: [Vec<i16>; 3],
    /// Panels over the tokens: `[panels, inner / 2, 8 tokens, 2]`.
    keys: Vec<i16>,
    /// Panels over the head's dimensions: `[panels, tokens / 2, 8 dimensions, 2]`.
    values: Vec<i16>,
    /// Scores of a block of queries, `[panels, BLOCK, 8 tokens]`.
    scores: Vec<Sums>,
    /// Exponentials of one query's scores, `[tokens]`.
    exponentials: Vec<f32>,
    /// Softmax weights of a block of queries, `[BLOCK, tokens]`.
    weights: Vec<i16>,
}

/// Computes the attention of one window with `heads` heads. `projected`, `[tokens, 3 · hidden]`, holds the query, key and
/// value of each token. The result goes to `context`, `[tokens, hidden]`.
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
    let inner = head.next_multiple_of(LANES);
    let padded = tokens.next_multiple_of(COLUMNS);
    // A score is a sum of `inner` products and must stay within i32.
    let limit = ((1 << 30) as f32 / inner as f32).sqrt().floor().min(LIMIT);
    let Attention { words, keys, values, scores, exponentials, weights } = scratch;
    // Padding beyond the tokens and the head's dimensions stays zero.
    words.iter_mut().for_each(|words| clear(words, padded * inner));
    keys.resize(padded * inner, 0);
    values.resize(inner * padded, 0);
    weights.resize(BLOCK * padded, 0);
    scores.resize(padded / COLUMNS * BLOCK, [0; COLUMNS]);
    exponentials.resize(padded, 0.0);

    for h in 0..heads {
        let mut scales = [0.0; 3];
        for (which, (words, scale)) in words.iter_mut().zip(&mut scales).enumerate() {
            let at = which * hidden + h * head;
            let rows = projected.chunks_exact(3 * hidden).map(|row| &row[at..at + head]);
            *scale = quantize(rows, if which == 2 { LIMIT } else { limit }, words, inner);
        }
        let [query_scale, key_scale, value_scale] = scales;
        let [queries, key_words, value_words] = &*words;
        pack_keys(key_words, keys, inner);
        pack_values(value_words, values, inner);
        let scale = query_scale * key_scale / (head as f32).sqrt();

        for first in (0..tokens).step_by(BLOCK) {
            let count = BLOCK.min(tokens - first);
            for (panel, scores) in keys.chunks_exact(COLUMNS * inner).zip(scores.chunks_exact_mut(BLOCK)) {
                tile::int16(set, &queries[first * inner..], inner, panel, &mut scores[..count]);
            }
            let mut factors = [0.0; BLOCK];
            for (r, (factor, weights)) in
                factors.iter_mut().zip(weights.chunks_exact_mut(padded)).enumerate().take(count)
            {
                let scores = scores[r..].iter().step_by(BLOCK);
                let sum = rows::soft_max(scores, tokens, scale, TOTAL, exponentials, weights);
                *factor = value_scale / sum as f32;
            }
            for (p, panel) in values.chunks_exact(COLUMNS * padded).enumerate() {
                let mut sums = [[0; COLUMNS]; BLOCK];
                tile::int16(set, weights, padded, panel, &mut sums[..count]);
                let columns = COLUMNS.min(head.saturating_sub(p * COLUMNS));
                for (r, (sums, factor)) in sums.iter().zip(factors).enumerate().take(count) {
                    let at = (first + r) * hidden + h * head + p * COLUMNS;
                    for (y, &sum) in context[at..at + columns].iter_mut().zip(sums) {
                        *y = sum as f32 * factor;
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

/// Packs keys of `[tokens, inner]` into panels of `[panels over tokens, inner / 2, 8 tokens, 2]`.
fn pack_keys(words: &[i16], panels: &mut [i16], inner: usize) {
    let blocks = words.chunks_exact(COLUMNS * inner).zip(panels.chunks_exact_mut(COLUMNS * inner));
    for (block, panel) in blocks {
        let panel = panel.as_chunks_mut::<PAIR>().0;
        for (t, row) in block.chunks_exact(inner).enumerate() {
            for (pair, target) in row.as_chunks::<PAIR>().0.iter().zip(panel[t..].iter_mut().step_by(COLUMNS))
            {
                *target = *pair;
            }
        }
    }
}

/// Packs values of `[tokens, inner]` into panels of `[panels over dimensions, tokens / 2, 8 dimensions, 2]`.
fn pack_values(words: &[i16], panels: &mut [i16], inner: usize) {
    let tokens = words.len() / inner;
    for (t, two) in words.chunks_exact(PAIR * inner).enumerate() {
        let (a, b) = two.split_at(inner);
        let both = a.as_chunks::<COLUMNS>().0.iter().zip(b.as_chunks::<COLUMNS>().0);
        for ((a, b), panel) in both.zip(panels.chunks_exact_mut(COLUMNS * tokens)) {
            if let Some(pairs) = panel[t * COLUMNS * PAIR..].first_chunk_mut::<{ COLUMNS * PAIR }>() {
                *pairs = std::array::from_fn(|i| if i % PAIR == 0 { a[i / PAIR] } else { b[i / PAIR] });
            }
        }
    }
}

/// Quantizes the rows of one head to `[tokens, inner]`, symmetrically and with one scale for all rows. Returns the scale.
fn quantize<'a>(
    rows: impl Iterator<Item = &'a [f32]> + Clone,
    limit: f32,
    words: &mut [i16],
    inner: usize,
) -> f32 {
    let largest = rows::magnitude(rows.clone());
    let scale = largest / limit;
    let (factor, scale) = if scale > 0.0 && scale.is_finite() { (1.0 / scale, scale) } else { (0.0, 0.0) };
    for (row, words) in rows.zip(words.chunks_exact_mut(inner)) {
        rows::quantize_words(row, factor, words);
    }
    scale
}

const _: () =
    assert!(COLUMNS == LANES && PAIR == 2, "rows of 16-bit words are packed in whole panels and in pairs");
