//! Which tokens are encoded together.

use std::cmp::Reverse;
use std::ops::Range;

/// Some of a sentence's tokens, mostly all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Index of the sentence.
    pub sentence: usize,
    /// Of the sentence's tokens.
    pub tokens: Range<usize>,
}

/// Consecutive pieces that are encoded together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    pub pieces: Vec<Piece>,
}

/// Lays whole sentences out in windows of at most `budget` tokens, in order; a sentence longer than that is cut. Each
/// token is in exactly one window; `sentences` are their token ids.
///
/// What does not fit into one window is cut where the text itself says so: after the sentence with the smallest hash in
/// the second half of the budget. After an edit the cuts soon fall on the same sentences as before, and the windows
/// beyond need not be encoded again (content-defined chunking, Muthitacharoen et al. 2001).
pub fn windows(sentences: &[Vec<u32>], budget: usize) -> Vec<Window> {
    let budget = budget.max(1);
    let mut pieces = Vec::with_capacity(sentences.len());
    for (sentence, ids) in sentences.iter().enumerate() {
        for start in (0..ids.len()).step_by(budget) {
            pieces.push(Piece { sentence, tokens: start..ids.len().min(start + budget) });
        }
    }
    let mut windows = Vec::new();
    while !pieces.is_empty() {
        let rest = pieces.split_off(window_end(&pieces, sentences, budget));
        windows.push(Window { pieces: std::mem::replace(&mut pieces, rest) });
    }
    windows
}

/// How many of the pieces, of which there are some, make the next window.
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

/// FNV-1a, a word at a time: the same on every target, which std's hashers are not.
fn hash(ids: &[u32]) -> u64 {
    ids.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &id| (hash ^ u64::from(id)).wrapping_mul(0x100_0000_01b3))
}
