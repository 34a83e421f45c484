//! Lays out windows: which tokens are encoded together.

use std::cmp::Reverse;
use std::ops::Range;

/// Consecutive tokens of one sentence, usually all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The index of the sentence.
    pub sentence: usize,
    /// The range among the sentence's tokens.
    pub tokens: Range<usize>,
}

/// Consecutive pieces that are encoded together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// The pieces in text order.
    pub pieces: Vec<Piece>,
}

/// Lays out sentences, given as token ids, in windows of at most `budget` tokens, in order. Each token is in exactly
/// one window. Sentences stay whole unless they are longer than the budget.
///
/// In a text that does not fit into one window, the content decides where a window ends: after the sentence with the
/// smallest hash in the second half of the budget. After an edit, the later windows soon end at the same sentences as
/// before, so they need not be encoded again (content-defined chunking, Muthitacharoen et al. 2001).
pub fn windows(sentences: &[Vec<u32>], budget: usize) -> Vec<Window> {
    let budget = budget.max(1);
    let mut pieces = Vec::with_capacity(sentences.len());
    for (sentence, ids) in sentences.iter().enumerate() {
        for start in (0..ids.len()).step_by(budget) {
            pieces.push(Piece { sentence, tokens: start..ids.len().min(start + budget) });
        }
    }
    let mut windows = Vec::new();
    let mut rest = pieces.as_slice();
    while !rest.is_empty() {
        let (window, later) = rest.split_at(window_end(rest, sentences, budget));
        windows.push(Window { pieces: window.to_vec() });
        rest = later;
    }
    windows
}

/// Returns the number of pieces in the next window; `pieces` must not be empty.
fn window_end(pieces: &[Piece], sentences: &[Vec<u32>], budget: usize) -> usize {
    let mut length = 0;
    let ends: Vec<usize> = pieces
        .iter()
        .map(|piece| {
            length += piece.tokens.len();
            length
        })
        .take_while(|&end| end <= budget)
        .collect();
    if ends.len() == pieces.len() {
        return ends.len();
    }
    let cuts = (1..=ends.len()).filter(|&count| 2 * ends[count - 1] >= budget);
    let last = |count: usize| &sentences[pieces[count - 1].sentence][pieces[count - 1].tokens.clone()];
    cuts.min_by_key(|&count| (hash(last(count)), Reverse(count))).unwrap_or(ends.len())
}

/// Hashes token ids by FNV-1a over whole words. Unlike the hashers of `std`, it gives the same value on every target.
fn hash(ids: &[u32]) -> u64 {
    ids.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &id| (hash ^ u64::from(id)).wrapping_mul(0x100_0000_01b3))
}
