//! From texts in files and folders to a clean corpus for pretraining.
//!
//! [`build`] reads all files twice and in chunks, so that only hashes of the documents stay in memory. The first pass counts
//! how many documents contain each line. The second pass cleans the documents, replaces personal data, leaves out
//! duplicates and writes the corpus. The steps, in order:
//!
//! | module | what it does |
//! |---|---|
//! | [`source`] | turns files and folders into raw documents, with the readers of [`crate::data::rows`] |
//! | `markup`, `mail` | remove HTML, Markdown, quoted mails and signatures |
//! | `boilerplate` | removes lines that many documents contain |
//! | `personal` | replaces phone numbers, names and other personal data with placeholders |
//! | `duplicates` | finds exact and near duplicates |
//! | [`statistics`] | describes the corpus |
//!
//! The library ([`salesmirror::text`]) normalizes characters, detects languages and splits sentences, so that the model
//! reads a corpus as it reads a report. The same input gives the same bytes, whatever the number of threads.

mod boilerplate;
mod duplicates;
mod mail;
mod markup;
mod personal;
pub mod source;
pub mod statistics;

use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use rayon::prelude::*;
use regex::Regex;
use salesmirror::ModelError;
use salesmirror::model::Tokenizer;
use salesmirror::text::{Language, TextError};
use serde::Serialize;
use thiserror::Error;

use self::boilerplate::LineCounts;
use self::duplicates::{Index, Signature, Verdict};
use self::personal::Replaced;
use self::source::{Documents, RawDocument, SkipReason, Skipped};
use self::statistics::{Counts, Outcome, Statistics};
use crate::data::rows::folder::InputFile;
use crate::data::rows::{Place, byte_progress};
use crate::data::segmenter::Segmenter;
use crate::run::files::{self, AtomicFile, FileError};

/// What [`build`] writes into its folder.
pub const CORPUS_FILE: &str = "corpus.jsonl";
pub const SKIPPED_FILE: &str = "skipped.jsonl";
pub const STATISTICS_FILE: &str = "statistics.json";

/// What a corpus is made of, and how.
#[derive(Debug, Clone)]
pub struct Config {
    /// Files and folders.
    pub inputs: Vec<PathBuf>,
    /// The folder that the corpus is written into.
    pub out: PathBuf,
    /// The column or field with the text.
    pub text_column: String,
    /// The languages to keep.
    pub languages: Vec<Language>,
    /// Documents that share at least this proportion of their four-word sequences are near duplicates; 1 for exact
    /// duplicates only.
    pub similarity: f64,
    /// Lines that at least this proportion of the documents contain are boilerplate; 0 keeps all lines.
    pub boilerplate: f64,
    /// A tokenizer.json, to count tokens.
    pub tokenizer: Option<PathBuf>,
}

/// Why a corpus could not be built.
#[derive(Debug, Error)]
pub enum CorpusError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{path}: {source}", path = path.display())]
    Tokenizer { path: PathBuf, source: ModelError },
    #[error("the inputs contain no text to build a corpus from{}", hint(.skipped.as_deref()))]
    NoText {
        /// The list of what was skipped, if anything was.
        skipped: Option<PathBuf>,
    },
}

fn hint(skipped: Option<&Path>) -> String {
    skipped.map_or_else(String::new, |path| format!("; see {} for what was skipped and why", path.display()))
}

/// Bytes of text in a chunk, which all cores work on together.
const CHUNK: usize = 8 << 20;

/// Bytes that a document takes in addition to its text.
const DOCUMENT: usize = 256;

/// A line of corpus.jsonl.
#[derive(Serialize)]
struct Line<'a> {
    /// File and line where the document begins.
    id: &'a str,
    source: &'a str,
    lang: Language,
    text: &'a str,
    /// Byte ranges in `text`.
    sentences: Vec<[usize; 2]>,
}

/// Builds a corpus and returns its statistics. `on_skipped` is told of everything that is skipped, in order.
///
/// # Errors
/// If a file cannot be written, the tokenizer cannot be read, or nothing is left for the corpus. Input that cannot be read
/// is skipped and is no error.
pub fn build(config: &Config, on_skipped: &mut dyn FnMut(&Skipped)) -> Result<Statistics, CorpusError> {
    let tokenizer = config.tokenizer.as_deref().map(read_tokenizer).transpose()?;
    let (files, unreadable) = source::find(&config.inputs, &config.out);
    let bytes: u64 = files.iter().map(|file| file.bytes).sum();
    let lines = count_lines(&files, config, bytes)?;

    let mut outcome = Outcome { files: files.len() as u64, bytes, ..Outcome::default() };
    let mut counts = Counts::default();
    let mut index = Index::new(config.similarity);
    let segmenter = Segmenter::new();
    let mut corpus = AtomicFile::create(&config.out.join(CORPUS_FILE))?;
    let mut skipped = AtomicFile::create(&config.out.join(SKIPPED_FILE))?;
    let bar = byte_progress(bytes, "preparing");
    let mut skip = |row: &Skipped| {
        bar.suspend(|| on_skipped(row));
        skipped.write_line(to_json(row, skipped.path())?)
    };
    for row in &unreadable {
        outcome.skipped += 1;
        skip(row)?;
    }
    each_chunk(&files, &config.text_column, &bar, &mut |chunk| {
        let cleaned: Vec<Result<CleanDocument, Skipped>> = chunk
            .into_par_iter()
            .map(|document| document.and_then(|document| clean(document, &lines, config.boilerplate)))
            .collect();
        // Which of two duplicates is kept must not depend on threads.
        let mut kept = Vec::new();
        for document in cleaned {
            match document {
                Ok(document) => {
                    outcome.read += 1;
                    if keep(&document, &config.languages, &mut index, &mut outcome) {
                        kept.push(document);
                    }
                }
                Err(row) => {
                    match row.problem {
                        SkipReason::Empty => {
                            (outcome.read, outcome.empty) = (outcome.read + 1, outcome.empty + 1)
                        }
                        _ => outcome.skipped += 1,
                    }
                    skip(&row)?;
                }
            }
        }
        let finished: Vec<(String, Counts)> = kept
            .par_iter()
            .map(|document| {
                let counts = Counts::of(&document.text, &document.sentences, &segmenter, tokenizer.as_ref());
                let counts = counts.map_err(|source| CorpusError::Tokenizer {
                    path: config.tokenizer.clone().unwrap_or_default(),
                    source,
                })?;
                Ok((document.to_line(corpus.path())?, counts))
            })
            .collect::<Result<_, CorpusError>>()?;
        for (line, of_document) in finished {
            corpus.write_line(line)?;
            counts.add(of_document);
        }
        counts.forget_rare_words();
        Ok(())
    })?;
    bar.finish_and_clear();
    let skipped_path = skipped.path().to_owned();
    skipped.finish()?;
    if outcome.kept == 0 {
        let any = outcome.skipped + outcome.empty > 0;
        return Err(CorpusError::NoText { skipped: any.then_some(skipped_path) });
    }
    corpus.finish()?;
    let statistics = counts.summary(outcome);
    files::write_json(&config.out.join(STATISTICS_FILE), &statistics)?;
    Ok(statistics)
}

fn read_tokenizer(path: &Path) -> Result<Tokenizer, CorpusError> {
    let json = files::read_bytes(path)?;
    Tokenizer::from_json(&json).map_err(|source| CorpusError::Tokenizer { path: path.to_owned(), source })
}

fn to_json(value: &impl Serialize, file: &Path) -> Result<String, FileError> {
    serde_json::to_string(value).map_err(FileError::json(file))
}

/// The first pass: counts how many documents contain each line. Duplicates do not count, or all of a text that was copied
/// often would be boilerplate.
fn count_lines(files: &[InputFile], config: &Config, bytes: u64) -> Result<LineCounts, CorpusError> {
    let mut lines = LineCounts::new(bytes);
    if config.boilerplate <= 0.0 {
        return Ok(lines);
    }
    let mut index = Index::new(config.similarity);
    let bar = byte_progress(bytes, "reading");
    each_chunk(files, &config.text_column, &bar, &mut |chunk| {
        let documents: Vec<(Signature, Vec<u64>)> = chunk
            .into_par_iter()
            .flatten()
            .map(|document| {
                let text = normalize(&document);
                (Signature::of(&text), boilerplate::line_hashes(&text))
            })
            .collect();
        for (signature, hashes) in documents {
            if index.insert(&signature) == Verdict::New {
                lines.count(&hashes);
            }
        }
        Ok(())
    })?;
    bar.finish_and_clear();
    Ok(lines)
}

type Chunk = Vec<Result<RawDocument, Skipped>>;

/// Reads all files in order and hands their documents to `work`, chunk by chunk.
fn each_chunk(
    files: &[InputFile],
    text_column: &str,
    bar: &ProgressBar,
    work: &mut dyn FnMut(Chunk) -> Result<(), CorpusError>,
) -> Result<(), CorpusError> {
    let (mut chunk, mut bytes, mut before) = (Chunk::new(), 0, 0);
    for file in files {
        let mut documents = Documents::open(&file.path, text_column);
        while let Some(document) = documents.next() {
            bytes += DOCUMENT + document.as_ref().map_or(0, |document| document.text.len());
            chunk.push(document);
            if bytes >= CHUNK {
                bytes = 0;
                work(std::mem::take(&mut chunk))?;
                bar.set_position(before + documents.bytes_read());
            }
        }
        before += file.bytes;
        bar.set_position(before);
    }
    work(chunk)
}

/// A document that goes into the corpus unless it is a duplicate or in another language.
struct CleanDocument {
    place: Place,
    text: String,
    sentences: salesmirror::text::Document,
    signature: Signature,
    replaced: Replaced,
    boilerplate_lines: u64,
}

impl CleanDocument {
    /// The document as a line of corpus.jsonl.
    fn to_line(&self, file: &Path) -> Result<String, FileError> {
        let sentences = self.sentences.sentences.iter();
        let line = Line {
            id: &format!("{}:{}", self.place.file, self.place.number()),
            source: &self.place.file,
            lang: self.sentences.language,
            text: &self.text,
            sentences: sentences.map(|sentence| [sentence.range.start, sentence.range.end]).collect(),
        };
        to_json(&line, file)
    }
}

/// The text without mark-up and mail headers, with one space between words and at most one blank line between lines.
fn normalize(document: &RawDocument) -> String {
    let text = document
        .text
        .replace("\r\n", "\n")
        .replace(['\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    tidy(&mail::strip(&markup::strip(&text, document.markdown)))
}

fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    for line in text.split('\n') {
        let line = salesmirror::text::clean(line);
        if !line.is_empty() || !(tidy.is_empty() || tidy.ends_with("\n\n")) {
            tidy.push_str(&line);
            tidy.push('\n');
        }
    }
    tidy.truncate(tidy.trim_end().len());
    tidy
}

/// All steps of cleaning that need no other document.
fn clean(document: RawDocument, lines: &LineCounts, boilerplate: f64) -> Result<CleanDocument, Skipped> {
    let (text, boilerplate_lines) = lines.strip(&normalize(&document), boilerplate);
    let (text, replaced) = personal::replace(&tidy(&text));
    let place = document.place;
    let sentences = match salesmirror::text::read(&text) {
        Ok(sentences) => sentences,
        Err(error) => {
            let problem = match error {
                TextError::Empty => SkipReason::Empty,
                error => SkipReason::NotText(error),
            };
            return Err(Skipped { place, problem });
        }
    };
    let signature = Signature::of(&text);
    Ok(CleanDocument { place, text, sentences, signature, replaced, boilerplate_lines })
}

/// Whether a document is kept. Counts the reason why not, or else what was cleaned.
fn keep(document: &CleanDocument, languages: &[Language], index: &mut Index, outcome: &mut Outcome) -> bool {
    if !languages.contains(&document.sentences.language) {
        outcome.other_language += 1;
        return false;
    }
    match index.insert(&document.signature) {
        Verdict::Exact => outcome.exact_duplicates += 1,
        Verdict::Near => outcome.near_duplicates += 1,
        Verdict::New => {
            outcome.kept += 1;
            outcome.boilerplate_lines += document.boilerplate_lines;
            for (kind, count) in &document.replaced {
                *outcome.placeholders.entry(*kind).or_default() += count;
            }
            return true;
        }
    }
    false
}

/// Compiles a pattern of this program, all of which are known to be valid.
fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("patterns of this program are valid regular expressions")
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    static SEGMENTER: LazyLock<Segmenter> = LazyLock::new(Segmenter::new);

    fn document(text: &str, markdown: bool) -> RawDocument {
        RawDocument { place: Place::file(Path::new("a.txt")), text: text.to_owned(), markdown }
    }

    #[test]
    fn a_report_passes_unchanged() {
        // The labelled reports are clean; only a few contain mark-up or personal data.
        let reports = include_str!("../../../data/reports/specified.jsonl");
        let texts: Vec<String> = reports
            .lines()
            .step_by(10)
            .map(|line| {
                serde_json::from_str::<serde_json::Value>(line).unwrap()["text"].as_str().unwrap().to_owned()
            })
            .collect();
        let lines = LineCounts::new(0);
        let characters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count() as f64;
        let (before, after) = texts.iter().fold((0.0, 0.0), |(before, after), text| {
            let cleaned = clean(document(text, false), &lines, 0.01).unwrap_or_else(|row| panic!("{row}"));
            (before + characters(text), after + characters(&cleaned.text))
        });
        assert!(after > 0.98 * before, "{after} of {before} characters are left");
    }

    #[test]
    fn lines_are_tidy() {
        let text = "  One\u{200b}  two \r\n\r\n\r\n \u{3000}three\rfour\u{2028}five\n\n";
        assert_eq!(normalize(&document(text, false)), "One two\n\nthree\nfour\nfive");
    }

    #[test]
    fn what_has_no_sentence_or_is_not_text_is_skipped() {
        let lines = LineCounts::new(0);
        let problem = |text: &str| clean(document(text, false), &lines, 0.0).err().unwrap().problem;
        assert!(matches!(problem("---\n..."), SkipReason::Empty));
        assert!(matches!(problem(&"\u{fffd}x".repeat(20)), SkipReason::NotText(_)));
    }

    proptest! {
        #[test]
        fn any_text_is_cleaned_and_its_sentences_are_in_it(
            text in "(\\PC|[<>/pbr#*_`|>:：\\[\\]() \n\r\t-]|[0-9]{1,18}|客户降价。|From: |-- |Yes. |&amp;){0,60}",
            markdown: bool,
        ) {
            if let Ok(cleaned) = clean(document(&text, markdown), &LineCounts::new(0), 0.01) {
                let mut end = 0;
                for sentence in &cleaned.sentences.sentences {
                    prop_assert!(sentence.range.start >= end);
                    prop_assert!(cleaned.text.get(sentence.range.clone()).is_some_and(|text| !text.trim().is_empty()));
                    end = sentence.range.end;
                }
                prop_assert!(end > 0);
                let counts = Counts::of(&cleaned.text, &cleaned.sentences, &SEGMENTER, None).unwrap();
                prop_assert_eq!(counts.summary(Outcome::default()).total.sentences, cleaned.sentences.sentences.len() as u64);
            }
        }
    }
}
