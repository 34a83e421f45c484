//! Which tokens are encoded together.

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

/// Packs whole sentences into windows of at most `budget` tokens, in order; a sentence longer than that is cut. Each
/// token is in exactly one window; `counts` are the sentences' numbers of tokens.
pub fn windows(counts: &[usize], budget: usize) -> Vec<Window> {
    let budget = budget.max(1);
    let mut windows: Vec<Window> = Vec::new();
    let mut free = 0;
    for (sentence, &count) in counts.iter().enumerate() {
        let mut start = 0;
        while start < count {
            let end = count.min(start + budget);
            let tokens = start..end;
            let piece = Piece { sentence, tokens };
            start = end;
            match windows.last_mut() {
                Some(window) if piece.tokens.len() <= free => {
                    free -= piece.tokens.len();
                    window.pieces.push(piece);
                }
                _ => {
                    free = budget - piece.tokens.len();
                    windows.push(Window { pieces: vec![piece] });
                }
            }
        }
    }
    windows
}
