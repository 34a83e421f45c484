//! `trainer corpus`: texts as they lie about to a corpus that a model can be pretrained on.
//!
//! Twice over all files, in chunks, so that only hashes of a document stay in memory: the first pass counts in how many
//! documents each line is, the second cleans, replaces personal data, leaves duplicates out and writes. The steps, in
//! their order:
//!
//! | module | |
//! |---|---|
//! | `source`, `decode` | files and folders to documents; bytes to UTF-8 |
//! | `markup`, `mail` | HTML, Markdown, quoted mails and signatures out |
//! | `boilerplate` | lines of many documents out |
//! | `personal` | phone numbers, names and the like to placeholders |
//! | `duplicates` | exact and near duplicates out |
//! | `statistics` | what the corpus has |
//!
//! Cleaning of characters, language and sentences are the library's: the model reads a corpus as it reads a report. The
//! same input gives the same bytes, whatever the number of threads.

mod boilerplate;
mod decode;
mod duplicates;
mod hash;
mod mail;
mod markup;
mod personal;
mod source;
mod statistics;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;
use regex::Regex;
use salesmirror::model::Tokenizer;
use salesmirror::text::{Language, TextError};
use serde::Serialize;

use crate::run::files;
use crate::data::segmenter::Segmenter;
use crate::{Result, TrainerError};
use boilerplate::LineCounts;
use duplicates::{Index, Signature, Verdict};
use personal::Replaced;
use source::{Document, Entry, InputFile, Problem, Skipped};
use statistics::{Counts, Fate, language_name};

#[derive(clap::Args)]
pub struct Options {
    /// Files (.txt, .md, .csv, .jsonl with a field `text`) and folders of them.
    #[arg(long, required = true, num_args = 1..)]
    input: Vec<PathBuf>,
    /// Folder for corpus.jsonl, statistics.json and skipped.jsonl.
    #[arg(long)]
    out: PathBuf,
    /// Column of the texts in .csv files.
    #[arg(long, default_value = "text")]
    text_column: String,
    /// Languages to keep: zh, en, mixed, other.
    #[arg(long, value_delimiter = ',', default_value = "zh,en,mixed", value_parser = language)]
    languages: Vec<Language>,
    /// Leave out documents that share this much with an earlier one, as share of the four-word sequences of both; 1 for
    /// exact duplicates only.
    #[arg(long, default_value_t = 0.8, value_parser = share)]
    similarity: f64,
    /// Leave out lines that this share of the documents have, and five documents at least; 0 leaves all lines in.
    #[arg(long, default_value_t = 0.01, value_parser = share)]
    boilerplate: f64,
    /// tokenizer.json, to count tokens too.
    #[arg(long)]
    tokenizer: Option<PathBuf>,
}

fn language(name: &str) -> std::result::Result<Language, String> {
    let all = [Language::Zh, Language::En, Language::Mixed, Language::Other];
    all.into_iter()
        .find(|language| language_name(*language) == name)
        .ok_or_else(|| "needed is zh, en, mixed or other".to_owned())
}

fn share(argument: &str) -> std::result::Result<f64, String> {
    let share = argument.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "needed is a number from 0 to 1".to_owned())
}

/// Bytes of text that are worked on at a time, on all cores.
const CHUNK: usize = 8 << 20;

/// Skipped rows that are told on the screen; skipped.jsonl has all.
const TOLD: u64 = 20;

/// A line of corpus.jsonl.
#[derive(Serialize)]
struct Row<'a> {
    /// File and line where the document begins.
    id: &'a str,
    source: &'a str,
    lang: Language,
    text: &'a str,
    /// Bytes of `text`.
    sentences: Vec<[usize; 2]>,
}

pub fn run(options: &Options) -> Result<()> {
    let tokenizer = options
        .tokenizer
        .as_ref()
        .map(|path| Ok::<_, TrainerError>(Tokenizer::from_json(&files::read_bytes(path)?)?));
    let tokenizer = tokenizer.transpose()?;
    let (files, unreadable) = source::find(&options.input, &options.out);
    let bytes: u64 = files.iter().map(|file| file.bytes).sum();
    let lines = count_lines(&files, options, bytes)?;

    let mut fate = Fate { files: files.len() as u64, bytes, ..Fate::default() };
    let mut counts = Counts::default();
    let mut index = Index::new(options.similarity);
    let segmenter = Segmenter::new();
    let mut corpus = Output::create(&options.out.join("corpus.jsonl"))?;
    let mut skipped = SkippedRows { output: Output::create(&options.out.join("skipped.jsonl"))?, count: 0 };
    for row in unreadable {
        skipped.tell(&row)?;
    }
    let bar = progress(bytes, "preparing");
    each_chunk(&files, &options.text_column, &bar, &mut |chunk| {
        let cleaned: Vec<std::result::Result<Cleaned, Skipped>> = chunk
            .into_par_iter()
            .map(|entry| entry.and_then(|document| clean(document, &lines, options.boilerplate)))
            .collect();
        // Which of two duplicates stays must not depend on threads.
        let mut kept = Vec::new();
        for document in cleaned {
            match document {
                Ok(document) => {
                    fate.read += 1;
                    if judge(&document, &options.languages, &mut index, &mut fate) {
                        kept.push(document);
                    }
                }
                Err(row) => {
                    let empty = matches!(row.problem, Problem::Empty);
                    (fate.read, fate.empty) = (fate.read + u64::from(empty), fate.empty + u64::from(empty));
                    skipped.tell(&row)?;
                }
            }
        }
        let finished: Vec<(String, Counts)> = kept
            .par_iter()
            .map(|document| {
                Ok((
                    document.row()?,
                    Counts::of(&document.text, &document.read, &segmenter, tokenizer.as_ref())?,
                ))
            })
            .collect::<Result<_>>()?;
        for (row, of_document) in finished {
            corpus.line(&row)?;
            counts.add(of_document);
        }
        counts.forget_rare_words();
        Ok(())
    })?;
    bar.finish_and_clear();
    fate.skipped = skipped.count - fate.empty;
    skipped.finish()?;
    if fate.kept == 0 {
        let told = if fate.skipped + fate.empty > 0 {
            "; what was found and left out is in skipped.jsonl"
        } else {
            ""
        };
        return Err(TrainerError::Usage(format!(
            "--input: there is no text in .txt, .md, .csv or .jsonl files to make a corpus of{told}"
        )));
    }
    corpus.finish()?;
    let statistics = counts.summary(fate);
    files::write_json(&options.out.join("statistics.json"), &statistics)?;
    print!("{statistics}");
    Ok(())
}

/// The first pass: in how many documents each line is. Duplicates do not count, or a text that was copied often would be
/// boilerplate as a whole.
fn count_lines(files: &[InputFile], options: &Options, bytes: u64) -> Result<LineCounts> {
    let mut lines = LineCounts::new(bytes);
    if options.boilerplate <= 0.0 {
        return Ok(lines);
    }
    let mut index = Index::new(options.similarity);
    let bar = progress(bytes, "reading");
    each_chunk(files, &options.text_column, &bar, &mut |chunk| {
        let documents: Vec<(Signature, Vec<u64>)> = chunk
            .into_par_iter()
            .flatten()
            .map(|document| {
                let text = normalise(&document);
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

/// Reads all files in order and hands on what they have, in chunks.
fn each_chunk(
    files: &[InputFile],
    text_column: &str,
    bar: &ProgressBar,
    work: &mut dyn FnMut(Vec<Entry>) -> Result<()>,
) -> Result<()> {
    let (mut chunk, mut bytes) = (Vec::new(), 0);
    for file in files {
        source::read(&file.path, text_column, bar, &mut |entry| {
            // What a document takes beside its text.
            bytes += 256 + entry.as_ref().map_or(0, |document| document.text.len());
            chunk.push(entry);
            if bytes >= CHUNK {
                bytes = 0;
                work(std::mem::take(&mut chunk))?;
            }
            Ok::<(), TrainerError>(())
        })?;
    }
    work(chunk)
}

/// A document as it goes into the corpus, if it does.
struct Cleaned {
    source: Arc<str>,
    line: u64,
    text: String,
    read: salesmirror::text::Document,
    signature: Signature,
    replaced: Replaced,
    boilerplate_lines: u64,
}

impl Cleaned {
    fn row(&self) -> Result<String> {
        let row = Row {
            id: &format!("{}:{}", self.source, self.line),
            source: &self.source,
            lang: self.read.language,
            text: &self.text,
            sentences: self
                .read
                .sentences
                .iter()
                .map(|sentence| [sentence.range.start, sentence.range.end])
                .collect(),
        };
        serde_json::to_string(&row)
            .map_err(|source| files::FileError::Json { path: PathBuf::from(&*self.source), source }.into())
    }
}

/// A text without mark-up and what a mail carries, one space between words, one blank line at most between lines.
fn normalise(document: &Document) -> String {
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

/// All that is done to a document for itself.
fn clean(document: Document, lines: &LineCounts, boilerplate: f64) -> std::result::Result<Cleaned, Skipped> {
    let (text, boilerplate_lines) = lines.strip(&normalise(&document), boilerplate);
    let (text, replaced) = personal::replace(&tidy(&text));
    let Document { source, line, .. } = document;
    match salesmirror::text::read(&text) {
        Ok(read) => Ok(Cleaned {
            source,
            line,
            signature: Signature::of(&text),
            text,
            read,
            replaced,
            boilerplate_lines,
        }),
        Err(TextError::Empty) => Err(Skipped { source, line: Some(line), problem: Problem::Empty }),
        Err(error) => Err(Skipped { source, line: Some(line), problem: Problem::NotText(error) }),
    }
}

/// Whether a document stays, and why not.
fn judge(document: &Cleaned, languages: &[Language], index: &mut Index, fate: &mut Fate) -> bool {
    if !languages.contains(&document.read.language) {
        fate.other_language += 1;
        return false;
    }
    match index.insert(&document.signature) {
        Verdict::Exact => fate.exact_duplicates += 1,
        Verdict::Near => fate.near_duplicates += 1,
        Verdict::New => {
            fate.kept += 1;
            fate.boilerplate_lines += document.boilerplate_lines;
            for (kind, count) in &document.replaced {
                *fate.placeholders.entry(*kind).or_default() += count;
            }
            return true;
        }
    }
    false
}

/// Rows that were left out: a line of skipped.jsonl each, the first ones on the screen too.
struct SkippedRows {
    output: Output,
    count: u64,
}

impl SkippedRows {
    fn tell(&mut self, row: &Skipped) -> Result<()> {
        self.count += 1;
        match self.count {
            ..=TOLD => eprintln!("{row}; skipped"),
            count if count == TOLD + 1 => eprintln!("more is skipped, see {}", self.output.path.display()),
            _ => {}
        }
        let json = serde_json::to_string(row)
            .map_err(|source| files::FileError::Json { path: self.output.path.clone(), source }.into())?;
        self.output.line(&json)
    }

    fn finish(self) -> Result<()> {
        self.output.finish()
    }
}

/// A file of lines that is there when it is finished, and not before.
struct Output {
    path: PathBuf,
    partial: PathBuf,
    file: BufWriter<File>,
}

impl Output {
    fn create(path: &Path) -> Result<Self> {
        let partial = path.with_added_extension("partial");
        let io = |source| files::FileError::Io { path: partial.clone(), source }.into();
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(io)?;
        }
        let file = BufWriter::new(File::create(&partial).map_err(io)?);
        Ok(Self { path: path.to_owned(), partial, file })
    }

    fn line(&mut self, line: &str) -> Result<()> {
        let io = |source| files::FileError::Io { path: self.partial.clone(), source }.into();
        writeln!(self.file, "{line}").map_err(io)
    }

    fn finish(mut self) -> Result<()> {
        let io = |source| files::FileError::Io { path: self.path.clone(), source }.into();
        self.file.flush().map_err(io)?;
        self.file.get_ref().sync_all().map_err(io)?;
        std::fs::rename(&self.partial, &self.path).map_err(io)
    }
}

/// A progress bar over bytes, silent where standard error is no terminal.
fn progress(bytes: u64, what: &'static str) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{msg} {bar:30} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(bytes).with_style(style).with_message(what)
}

/// A regular expression of this program, which is known to be one.
fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is a regular expression")
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    static SEGMENTER: LazyLock<Segmenter> = LazyLock::new(Segmenter::new);

    fn document(text: &str, markdown: bool) -> Document {
        Document { source: "a.txt".into(), line: 1, text: text.to_owned(), markdown }
    }

    #[test]
    fn a_report_passes_unchanged() {
        // What the model was trained on is clean; only a few have mark-up or personal data in them.
        let reports = include_str!("../../../../data/reports/train.jsonl");
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
        assert_eq!(normalise(&document(text, false)), "One two\n\nthree\nfour\nfive");
    }

    #[test]
    fn what_has_no_sentence_or_is_no_text_is_told() {
        let lines = LineCounts::new(0);
        let problem = |text: &str| clean(document(text, false), &lines, 0.0).err().unwrap().problem;
        assert!(matches!(problem("---\n..."), Problem::Empty));
        assert!(matches!(problem(&"\u{fffd}x".repeat(20)), Problem::NotText(_)));
    }

    proptest! {
        #[test]
        fn any_text_is_cleaned_and_its_sentences_are_in_it(
            text in "(\\PC|[<>/pbr#*_`|>:：\\[\\]() \n\r\t-]|[0-9]{1,18}|客户降价。|From: |-- |Yes. |&amp;){0,60}",
            markdown: bool,
        ) {
            if let Ok(cleaned) = clean(document(&text, markdown), &LineCounts::new(0), 0.01) {
                let mut end = 0;
                for sentence in &cleaned.read.sentences {
                    prop_assert!(sentence.range.start >= end);
                    prop_assert!(cleaned.text.get(sentence.range.clone()).is_some_and(|text| !text.trim().is_empty()));
                    end = sentence.range.end;
                }
                prop_assert!(end > 0);
                let counts = Counts::of(&cleaned.text, &cleaned.read, &SEGMENTER, None).unwrap();
                prop_assert_eq!(counts.summary(Fate::default()).total.sentences, cleaned.read.sentences.len() as u64);
            }
        }
    }
}
