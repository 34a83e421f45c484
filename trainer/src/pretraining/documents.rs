//! Texts for pretraining: their tokens, and the boundaries of words and sentences among the tokens.

use std::ops::Range;
use std::path::Path;

use rayon::prelude::*;
use salesmirror::ModelError;
use salesmirror::model::Tokenizer;
use salesmirror::text::{self, Language, MAX_BYTES, TextError};
use serde_json::Value;
use thiserror::Error;

use crate::data::rows::{Place, Rejection, RowError, jsonl};
use crate::data::segmenter::{Segmenter, Word};

/// The number of texts that are read and tokenized at a time.
const BLOCK: usize = 1024;

/// A tokenized text.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    pub language: Language,
    pub ids: Vec<u32>,
    /// The token index at which each unit ends. A unit (a word, a punctuation mark, or words that share a token) is masked as a
    /// whole.
    pub units: Vec<u32>,
    /// The token index at which each sentence ends. A unit ends there too.
    pub sentences: Vec<u32>,
}

impl Document {
    /// Returns the tokens of a range of sentences.
    pub fn tokens(&self, sentences: Range<usize>) -> Range<usize> {
        let end = |sentence: usize| match sentence.checked_sub(1) {
            Some(before) => self.sentences[before] as usize,
            None => 0,
        };
        end(sentences.start)..end(sentences.end)
    }

    /// Returns the ends of the units in a range of tokens.
    pub fn units_in(&self, tokens: Range<usize>) -> &[u32] {
        let first = self.units.partition_point(|&end| end as usize <= tokens.start);
        let last = self.units.partition_point(|&end| end as usize <= tokens.end);
        &self.units[first..last]
    }
}

/// Why the texts could not be read.
#[derive(Debug, Error)]
pub enum DocumentError {
    #[error(transparent)]
    Rows(#[from] RowError),
    #[error("{0}")]
    Rejected(Rejection),
    #[error("{0}: field `text`: expected a string")]
    NoText(Place),
    #[error(transparent)]
    Tokenizer(#[from] ModelError),
}

/// Reads the field `text` of every row of a JSONL file. Sentences of more than `longest` tokens are split between words. Texts
/// without a sentence are left out.
///
/// # Errors
/// If the file cannot be read, or at the first row that is not an object with a text.
pub fn read(path: &Path, tokenizer: &Tokenizer, longest: usize) -> Result<Vec<Document>, DocumentError> {
    let segmenter = Segmenter::new();
    let bar = indicatif::ProgressBar::new_spinner().with_style(
        indicatif::ProgressStyle::with_template("reading texts: {pos}")
            .unwrap_or_else(|_| indicatif::ProgressStyle::default_spinner()),
    );
    let mut rows = jsonl::objects(path)?.map(|row| {
        let (place, mut object) = row.map_err(DocumentError::Rejected)?;
        match object.remove("text") {
            Some(Value::String(text)) => Ok((place, text)),
            _ => Err(DocumentError::NoText(place)),
        }
    });
    let mut documents = Vec::new();
    loop {
        let block: Vec<(Place, String)> = rows.by_ref().take(BLOCK).collect::<Result<_, _>>()?;
        if block.is_empty() {
            break;
        }
        let tokenized: Vec<Vec<Document>> = block
            .into_par_iter()
            .map(|(place, row)| {
                bar.inc(1);
                let mut documents = Vec::new();
                for part in parts(&row, MAX_BYTES) {
                    match text::read(part) {
                        Ok(read) => documents.extend(document(&read, &segmenter, tokenizer, longest)?),
                        Err(TextError::Empty) => {}
                        Err(error) => tracing::warn!("{place} is left out: {error}"),
                    }
                }
                Ok(documents)
            })
            .collect::<Result<_, ModelError>>()?;
        documents.extend(tokenized.into_iter().flatten());
    }
    bar.finish_and_clear();
    Ok(documents)
}

/// Splits a text into parts of at most `limit` bytes, at line breaks if there are any.
fn parts(text: &str, limit: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut end = rest.len();
        if end > limit {
            end = rest.floor_char_boundary(limit);
            end = rest[..end].rfind('\n').map_or(end, |newline| newline + 1);
        }
        let (part, others) = rest.split_at(end);
        rest = others;
        Some(part)
    })
}

/// Tokenizes a text. Returns `None` if the text has fewer than two units, because it cannot be split into a pair.
fn document(
    read: &text::Document,
    segmenter: &Segmenter,
    tokenizer: &Tokenizer,
    longest: usize,
) -> Result<Option<Document>, ModelError> {
    let mut document =
        Document { language: read.language, ids: Vec::new(), units: Vec::new(), sentences: Vec::new() };
    for sentence in &read.sentences {
        let tokens = tokenizer.encode_with_ranges(&sentence.text)?;
        if tokens.is_empty() {
            continue;
        }
        let before = document.ids.len() as u32;
        let mut begin = 0;
        let units = units(&tokens, &sentence.text, &segmenter.words(&sentence.text), longest);
        for (u, &end) in units.iter().enumerate() {
            let next = units.get(u + 1).copied().unwrap_or(end);
            document.units.push(before + end);
            if next - begin > longest as u32 {
                document.sentences.push(before + end);
                begin = end;
            }
        }
        let end = before + tokens.len() as u32;
        if document.sentences.last() != Some(&end) {
            document.sentences.push(end);
        }
        document.ids.extend(tokens.into_iter().map(|(id, _)| id));
    }
    Ok((document.units.len() > 1).then_some(document))
}

/// Returns the token indices at which the units of a sentence end. A token belongs to the words that it overlaps, and a
/// white-space token belongs to the unit after it; every other token is a unit of its own. Units of more than `longest` tokens
/// are split.
fn units(tokens: &[(u32, Range<usize>)], text: &str, words: &[Word], longest: usize) -> Vec<u32> {
    let mut ends = Vec::new();
    let (mut begin, mut word) = (0, 0);
    // The last word that the current unit overlaps, and whether the unit is only white space so far.
    let (mut last, mut blank): (Option<usize>, bool) = (None, false);
    for (i, (_, range)) in tokens.iter().enumerate() {
        while words.get(word).is_some_and(|word| word.range.end <= range.start) {
            word += 1;
        }
        let overlapped = words[word..].iter().take_while(|word| word.range.start < range.end).count();
        let touched = (overlapped > 0).then(|| word + overlapped - 1);
        let goes_on = blank || (touched.is_some() && last.is_some_and(|last| last >= word));
        if i > begin && (!goes_on || i - begin >= longest) {
            ends.push(i as u32);
            begin = i;
        }
        blank = touched.is_none() && text.get(range.clone()).is_none_or(|text| text.trim().is_empty());
        last = touched;
    }
    ends.push(tokens.len() as u32);
    ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static SEGMENTER: LazyLock<Segmenter> = LazyLock::new(Segmenter::new);
    static TOKENIZER: LazyLock<Tokenizer> = LazyLock::new(|| {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/tiny-bert/tokenizer.json");
        Tokenizer::from_json(&std::fs::read(path).unwrap()).unwrap()
    });

    fn made_of(text: &str, longest: usize) -> Option<Document> {
        document(&text::read(text).ok()?, &SEGMENTER, &TOKENIZER, longest).unwrap()
    }

    #[test]
    fn words_are_units_whatever_their_pieces() {
        let text = "我们的客户说 contract, 报价!";
        let tokens = TOKENIZER.encode_with_ranges(text).unwrap();
        let ends = units(&tokens, text, &SEGMENTER.words(text), 99);
        let mut start = 0;
        let shown: Vec<String> = ends
            .iter()
            .map(|&end| {
                let unit = &tokens[start..end as usize];
                start = end as usize;
                let (first, last) = (&unit[0].1, &unit[unit.len() - 1].1);
                text[first.start..last.end].trim().to_owned()
            })
            .collect();
        assert_eq!(shown, ["我们", "的", "客户", "说", "contract", ",", "报价", "!"]);
        assert!(tokens.len() > 15, "the word of many letters has many pieces");
    }

    #[test]
    fn long_texts_come_in_parts_and_long_sentences_are_cut() {
        assert_eq!(parts("ab\ncd\nefgh客", 4).collect::<Vec<_>>(), ["ab\n", "cd\n", "efgh", "客"]);
        let document = made_of("the customer is the customer is the customer.", 3).unwrap();
        let lengths: Vec<usize> =
            (0..document.sentences.len()).map(|s| document.tokens(s..s + 1).len()).collect();
        assert!(lengths.len() > 2 && lengths.iter().all(|length| *length <= 3), "{lengths:?}");
    }

    #[test]
    fn rows_without_a_text_are_errors_with_their_place() {
        let path = std::env::temp_dir().join(format!("salesmirror-documents-{}.jsonl", std::process::id()));
        let read_rows = |rows: &str| {
            std::fs::write(&path, rows).unwrap();
            read(&path, &TOKENIZER, 99).map(|documents| documents.len()).map_err(|error| error.to_string())
        };
        let good = r#"{"text":"The customer is here. The offer is good."}"#;
        assert_eq!(read_rows(&format!("{good}\n\n{{\"text\":\" \"}}\n{good}\n")), Ok(2));
        let error = read_rows(&format!("{good}\n{{\"text\":1}}\n")).unwrap_err();
        assert!(error.contains("line 2: field `text`: expected a string"), "{error}");
        let error = read_rows(&format!("{good}\n[]\n")).unwrap_err();
        assert!(error.contains("line 2: expected one JSON object per line"), "{error}");
        std::fs::remove_file(&path).unwrap();
    }

    proptest! {
        #[test]
        fn units_and_sentences_cover_any_text(text in "(\\PC|[客户的价格谈判a-z0-9 .,。！]){0,80}", longest in 1usize..12) {
            let Some(document) = made_of(&text, longest) else { return Ok(()) };
            let end = document.ids.len() as u32;
            prop_assert!(document.units.is_sorted_by(|a, b| a < b) && document.units.last() == Some(&end));
            prop_assert!(document.sentences.is_sorted_by(|a, b| a < b) && document.sentences.last() == Some(&end));
            prop_assert!(document.sentences.iter().all(|end| document.units.contains(end)));
            for s in 0..document.sentences.len() {
                prop_assert!(document.tokens(s..s + 1).len() <= longest);
            }
        }
    }
}
