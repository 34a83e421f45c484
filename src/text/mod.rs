//! Splits a report, as it was pasted, into sentences and windows.
//!
//! This module owns cleaning, language detection, sentence boundaries, whose words they are, the layout of windows, and offsets:
//! the range of a sentence always points into the exact original text. Tokens are only ids and counts here; Unicode normalization (NFKC)
//! is left to the tokenizer.
//!
//! | module | what it owns |
//! |---|---|
//! | `clean` | what the tokenizer sees of a sentence |
//! | `language` | Chinese, English, both or neither |
//! | `sentences` | where sentences end |
//! | `authorship` | what is quoted, said by others, or repeated |
//! | `windows` | which tokens are encoded together |
//! | `offsets` | conversion of byte offsets to UTF-16 code units |

mod authorship;
mod clean;
mod language;
mod offsets;
mod sentences;
mod windows;

pub use authorship::{Authorship, Origin, Speaker, Whose, mail};
pub use clean::clean;
pub use language::{Language, UnknownLanguage, is_han};
pub use offsets::Utf16Offsets;
pub use sentences::Sentence;
pub use windows::{Piece, Window, windows};

use thiserror::Error;

/// The length of the longest text that is accepted, in bytes. This is about 30,000 English words or 65,000 Chinese
/// characters, far more than a report has.
pub const MAX_BYTES: usize = 200 * 1024;

/// A text with more than this share of control and replacement characters counts as binary.
const BINARY_SHARE: f32 = 0.1;

/// Why a text cannot be read.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum TextError {
    /// The text has neither a letter nor a digit.
    #[error("the text is empty; paste or type a report")]
    Empty,
    /// The text is longer than [`MAX_BYTES`].
    #[error("the text has {bytes} bytes, but at most {limit} are read; split it into single reports")]
    TooLong { bytes: usize, limit: usize },
    /// The text looks like the contents of a binary file.
    #[error(
        "this is not text: {percent} % of its characters are control or replacement characters, the first at byte \
         {offset}; paste the text itself, not the raw contents of a file"
    )]
    NotText { percent: u32, offset: usize },
}

impl TextError {
    /// Returns the code by which programs tell failures apart, one of `FAILURE_CODES` in `www/src/engine/contract.ts`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty_text",
            Self::TooLong { .. } => "text_too_long",
            Self::NotText { .. } => "not_text",
        }
    }
}

/// A report split into sentences.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The language of the whole text.
    pub language: Language,
    /// The sentences in text order. They do not overlap, and each has a letter or a digit.
    pub sentences: Vec<Sentence>,
    /// The number of visible characters (grapheme clusters) in the sentences.
    pub characters: usize,
}

/// Reads a text: checks that it is text, detects its language and splits it into sentences.
///
/// # Errors
/// [`TextError`] if the text is empty, too long or binary.
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
