//! A report on its way through the encoder: its windows, and the sentence vectors that come of them.

use candle_core::Tensor;

use super::{AssessError, Length};
use crate::model::{Encoder, Tokenizer};
use crate::text::{Document, Language, Sentence, TextError, Window, windows};

/// The most tokens in a window, framing ids included: longer windows cost more than they tell.
const WINDOW_TOKENS: usize = 384;

/// Ids that frame a window.
const FRAME: usize = 2;

/// A tokenized report of which some windows are encoded.
pub struct Reading {
    document: Document,
    /// Ids of each sentence.
    tokens: Vec<Vec<u32>>,
    /// Ids before and after a window's tokens.
    frame: [u32; FRAME],
    coverage: f32,
    windows: Vec<Window>,
    encoded: usize,
    /// Sum of the token vectors of each sentence.
    sums: Vec<Option<Tensor>>,
}

impl Reading {
    /// Tokenizes a report and lays out its windows for an encoder of `positions` positions.
    ///
    /// # Errors
    /// [`TextError::Empty`] when no sentence has a token.
    pub fn begin(
        mut document: Document,
        tokenizer: &Tokenizer,
        positions: usize,
    ) -> Result<Self, AssessError> {
        let mut tokens = Vec::with_capacity(document.sentences.len());
        let mut unknown = 0;
        let mut sentences = Vec::with_capacity(document.sentences.len());
        for sentence in document.sentences.drain(..) {
            let encoding = tokenizer.encode(&sentence.text)?;
            if !encoding.ids.is_empty() {
                unknown += encoding.unknown_characters;
                tokens.push(encoding.ids);
                sentences.push(sentence);
            }
        }
        if sentences.is_empty() {
            return Err(TextError::Empty.into());
        }
        document.sentences = sentences;
        let counts: Vec<usize> = tokens.iter().map(Vec::len).collect();
        let characters = document.characters.max(1) as f32;
        Ok(Self {
            windows: windows(&counts, positions.min(WINDOW_TOKENS) - FRAME),
            coverage: (1.0 - unknown as f32 / characters).max(0.0),
            sums: vec![None; tokens.len()],
            encoded: 0,
            frame: tokenizer.frame(),
            tokens,
            document,
        })
    }

    pub fn language(&self) -> Language {
        self.document.language
    }

    pub fn sentences(&self) -> &[Sentence] {
        &self.document.sentences
    }

    /// Share of the report's characters that the vocabulary knows, 0 to 1.
    pub fn coverage(&self) -> f32 {
        self.coverage
    }

    pub fn length(&self) -> Length {
        Length {
            characters: self.document.characters,
            sentences: self.document.sentences.len(),
            tokens: self.tokens.iter().map(Vec::len).sum(),
            windows: self.windows.len(),
        }
    }

    /// Windows encoded so far.
    pub fn encoded(&self) -> usize {
        self.encoded
    }

    /// Encodes the next window; false when none was left.
    pub fn encode_next(&mut self, encoder: &Encoder) -> Result<bool, AssessError> {
        let Some(window) = self.windows.get(self.encoded) else {
            return Ok(false);
        };
        let ids = self.ids(window);
        let states = encoder.forward(&ids)?;
        let mut start = 1;
        for piece in &window.pieces {
            let sum = states.narrow(0, start, piece.tokens.len())?.sum(0)?;
            let total = &mut self.sums[piece.sentence];
            *total = Some(match total.take() {
                Some(earlier) => (earlier + sum)?,
                None => sum,
            });
            start += piece.tokens.len();
        }
        self.encoded += 1;
        Ok(true)
    }

    /// Ids of each window as the encoder gets them.
    pub fn window_ids(&self) -> impl Iterator<Item = Vec<u32>> + '_ {
        self.windows.iter().map(|window| self.ids(window))
    }

    fn ids(&self, window: &Window) -> Vec<u32> {
        let [first, last] = self.frame;
        let mut ids = vec![first];
        for piece in &window.pieces {
            ids.extend(&self.tokens[piece.sentence][piece.tokens.clone()]);
        }
        ids.push(last);
        ids
    }

    /// Mean of the token vectors of each sentence, [sentences, hidden].
    ///
    /// # Errors
    /// When a window is not encoded yet.
    pub fn sentence_vectors(&self) -> candle_core::Result<Tensor> {
        let mut vectors = Vec::with_capacity(self.sums.len());
        for (sum, tokens) in self.sums.iter().zip(&self.tokens) {
            match sum {
                Some(sum) if self.encoded == self.windows.len() => {
                    vectors.push((sum / tokens.len() as f64)?);
                }
                _ => candle_core::bail!("{} of {} windows are encoded", self.encoded, self.windows.len()),
            }
        }
        Tensor::stack(&vectors, 0)
    }
}
