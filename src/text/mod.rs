//! From a report as it was pasted to sentences and windows.
//!
//! Owns cleaning, language, sentence boundaries, the layout of windows, and offsets: a sentence's range always points
//! into the exact original text. Knows nothing of tokens but their number; Unicode normalisation (NFKC) is the
//! tokenizer's.

mod clean;
mod language;
mod offsets;
mod sentences;
mod windows;

pub use clean::clean;
pub use language::Language;
pub use offsets::Utf16Offsets;
pub use sentences::Sentence;
pub use windows::{Piece, Window, windows};

use thiserror::Error;

/// The longest text that is read: some 30,000 English words or 65,000 Chinese characters, far beyond a report.
pub const MAX_BYTES: usize = 200 * 1024;

/// Share of control and replacement characters from which on a text is taken for binary.
const BINARY_SHARE: f32 = 0.1;

/// Why a text cannot be read.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum TextError {
    #[error("the text is empty; paste or type a report")]
    Empty,
    #[error("the text has {bytes} bytes, at most {limit} are read; split it into single reports")]
    TooLong { bytes: usize, limit: usize },
    #[error(
        "this is no text: {percent} % of its characters are control or replacement characters, the first at byte \
         {offset}; paste the text itself, not a file's raw content"
    )]
    NotText { percent: u32, offset: usize },
}

/// A report split into sentences.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    pub language: Language,
    /// In text order, not overlapping; each has a letter or a digit.
    pub sentences: Vec<Sentence>,
    /// Visible characters (grapheme clusters) of the sentences.
    pub characters: usize,
}

/// Reads a text: checks that it is one, detects its language, splits it into sentences.
///
/// # Errors
/// [`TextError`] when there is nothing to read, too much, or no text at all.
pub fn read(text: &str) -> Result<Document, TextError> {
    if text.len() > MAX_BYTES {
        return Err(TextError::TooLong { bytes: text.len(), limit: MAX_BYTES });
    }
    refuse_binary(text)?;
    let (sentences, characters) = sentences::split(text);
    if sentences.is_empty() {
        return Err(TextError::Empty);
    }
    Ok(Document { language: Language::of(text), sentences, characters })
}

fn refuse_binary(text: &str) -> Result<(), TextError> {
    let (mut odd, mut all, mut first) = (0u32, 0u32, None);
    for (offset, c) in text.char_indices() {
        all += 1;
        if c == '\u{fffd}' || (c.is_control() && !c.is_whitespace()) {
            odd += 1;
            first.get_or_insert(offset);
        }
    }
    match first {
        Some(offset) if odd as f32 > BINARY_SHARE * all as f32 => {
            Err(TextError::NotText { percent: (100 * odd).div_ceil(all), offset })
        }
        _ => Ok(()),
    }
}
