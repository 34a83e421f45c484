//! From files and folders to raw documents: a row of a table or of JSONL is one document, and so is a text file, unless it
//! is long. Files are read in a stream; what cannot be read is skipped and told.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use salesmirror::text::TextError;
use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::data::decode::decode;
use crate::data::rows::folder::{self, InputFile};
use crate::data::rows::text::is_text_file;
use crate::data::rows::{self, ByteCount, Columns, Format, IdColumn, Lines, Place, Rejection, TextFile};

/// Bytes from which a text is cut at the next blank line, far below the longest text that the library reads.
const LONG_TEXT: usize = 32 * 1024;
/// The most bytes of a document.
const LONGEST_TEXT: usize = 2 * LONG_TEXT;

/// A text as it was found, before cleaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawDocument {
    /// Where the document begins.
    pub place: Place,
    pub text: String,
    /// Whether the file is a Markdown file by its extension.
    pub markdown: bool,
}

/// A file, row or line that is not in the corpus. It serializes to a line of skipped.jsonl.
#[derive(Debug)]
pub struct Skipped {
    pub place: Place,
    pub problem: SkipReason,
}

impl Serialize for Skipped {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Line<'a> {
            source: &'a str,
            /// None for a whole file.
            line: Option<u64>,
            #[serde(serialize_with = "rows::as_text")]
            problem: &'a SkipReason,
        }
        let Place { file, line, row } = &self.place;
        let line = line.or(*row).map(u64::from);
        Line { source: file, line, problem: &self.problem }.serialize(serializer)
    }
}

impl std::fmt::Display for Skipped {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}

impl Skipped {
    fn file(path: &Path, problem: rows::Problem) -> Self {
        Self { place: Place::file(path), problem: problem.into() }
    }
}

impl From<Rejection> for Skipped {
    fn from(rejection: Rejection) -> Self {
        Self { place: rejection.place, problem: (*rejection.problem).into() }
    }
}

/// Why something was skipped, and what to do about it.
#[derive(Debug, Error)]
pub enum SkipReason {
    #[error(transparent)]
    Row(#[from] rows::Problem),
    #[error("no sentence is left after cleaning")]
    Empty,
    #[error(transparent)]
    NotText(TextError),
}

/// The files of all inputs, except those in the folder `out`, and what cannot be read.
pub fn find(inputs: &[PathBuf], out: &Path) -> (Vec<InputFile>, Vec<Skipped>) {
    let (mut files, mut skipped) = (Vec::new(), Vec::new());
    for found in inputs.iter().flat_map(|input| folder::walk(input, Some(out))) {
        match found {
            Ok(file) if Format::of(&file.path).is_some() => files.push(file),
            Ok(file) => skipped.push(Skipped::file(&file.path, rows::Problem::OtherFormat)),
            Err((path, problem)) => skipped.push(Skipped::file(&path, problem)),
        }
    }
    (files, skipped)
}

/// The documents of a file, in order, and what is skipped.
pub struct Documents {
    documents: Box<dyn Iterator<Item = Result<RawDocument, Skipped>>>,
    read: ByteCount,
}

impl Documents {
    /// Opens a file. One that cannot be opened yields nothing but the reason.
    pub fn open(path: &Path, text_column: &str) -> Self {
        let opened = match is_text_file(path) {
            true => Self::of_text_file(path),
            false => Self::of_rows(path, text_column),
        };
        opened.unwrap_or_else(|problem| Self {
            documents: Box::new(std::iter::once(Err(Skipped::file(path, problem)))),
            read: ByteCount::default(),
        })
    }

    fn of_text_file(path: &Path) -> Result<Self, rows::Problem> {
        let TextFile { reader, read, .. } = TextFile::open(path)?;
        let paragraphs = Paragraphs {
            lines: Lines::new(reader),
            place: Place::file(path),
            markdown: rows::extension(path) == "md",
            text: String::new(),
            first: 1,
            ready: VecDeque::new(),
            finished: false,
        };
        Ok(Self { documents: Box::new(paragraphs), read })
    }

    fn of_rows(path: &Path, text_column: &str) -> Result<Self, rows::Problem> {
        let columns = Columns { text: text_column.to_owned(), id: IdColumn::Number };
        let rows = rows::open(path, &columns).map_err(|error| error.problem)?;
        let read = rows.byte_count();
        let documents = rows.flat_map(|row| match row {
            Ok(row) => {
                let document = |text| Ok(RawDocument { place: row.place.clone(), text, markdown: false });
                parts(row.text).into_iter().map(document).collect()
            }
            Err(rejection) => vec![Err(rejection.into())],
        });
        Ok(Self { documents: Box::new(documents), read })
    }

    /// How many bytes of the file have been read so far.
    pub fn bytes_read(&self) -> u64 {
        self.read.get()
    }
}

impl Iterator for Documents {
    type Item = Result<RawDocument, Skipped>;

    fn next(&mut self) -> Option<Self::Item> {
        self.documents.next()
    }
}

/// The documents of a text file, which is cut at blank lines where it is long.
struct Paragraphs {
    lines: Lines,
    place: Place,
    markdown: bool,
    /// The lines of the document that is being read, and the number of the first.
    text: String,
    first: u64,
    ready: VecDeque<Result<RawDocument, Skipped>>,
    finished: bool,
}

impl Paragraphs {
    /// Ends the document at the line that was read last.
    fn cut(&mut self) {
        let first = std::mem::replace(&mut self.first, self.lines.number());
        for text in parts(std::mem::take(&mut self.text)) {
            let place = self.place.at_line(first);
            self.ready.push_back(Ok(RawDocument { place, text, markdown: self.markdown }));
        }
    }
}

impl Iterator for Paragraphs {
    type Item = Result<RawDocument, Skipped>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.ready.is_empty() && !self.finished {
            let line = match self.lines.next_line() {
                Some(line) => line.and_then(|line| Ok(decode(line)?.into_owned())),
                None => {
                    self.finished = true;
                    self.cut();
                    break;
                }
            };
            match line {
                Ok(line) => {
                    let ends = line.trim().is_empty() && self.text.len() >= LONG_TEXT;
                    if ends || self.text.len() + line.len() > LONGEST_TEXT {
                        self.cut();
                    }
                    self.text.push_str(&line);
                    self.text.push('\n');
                }
                Err(problem) => {
                    let place = self.place.at_line(self.lines.number());
                    self.ready.push_back(Err(Rejection::new(place, problem).into()));
                }
            }
        }
        self.ready.pop_front()
    }
}

/// Cuts a text into documents that are not too long: after a blank line if possible, or else a line, a sentence, or
/// anywhere.
fn parts(mut text: String) -> Vec<String> {
    let mut parts = Vec::new();
    while text.len() > LONGEST_TEXT {
        let head = &text[..text.floor_char_boundary(LONGEST_TEXT)];
        let latter = head.floor_char_boundary(LONG_TEXT);
        let cut = ["\n\n", "\n", "。", ". "]
            .iter()
            .find_map(|end| head[latter..].rfind(end).map(|at| latter + at + end.len()))
            .unwrap_or(head.len());
        let rest = text.split_off(cut);
        parts.push(std::mem::replace(&mut text, rest));
    }
    parts.push(text);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::rows::LARGEST_ROW;

    /// The texts of a file with their lines, and what is skipped.
    fn documents_of(name: &str, bytes: &[u8]) -> (Vec<(u64, String)>, Vec<String>) {
        let path = std::env::temp_dir().join(format!("trainer-source-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        let (mut texts, mut skipped) = (Vec::new(), Vec::new());
        for document in Documents::open(&path, "text") {
            match document {
                Ok(document) => texts.push((document.place.number(), document.text)),
                Err(row) => skipped.push(row.to_string()),
            }
        }
        std::fs::remove_file(&path).unwrap();
        (texts, skipped)
    }

    #[test]
    fn a_rejected_line_of_jsonl_is_told_and_the_others_are_read() {
        let (texts, skipped) = documents_of(
            "a.jsonl",
            b"\xef\xbb\xbf{\"id\":[1],\"text\":\"One.\"}\r\n\n{\"text\":\n{\"title\":\"x\"}\nM\xfcller\n{\"text\":\"Two.\"}",
        );
        assert_eq!(texts, [(1, "One.".to_owned()), (6, "Two.".to_owned())]);
        assert_eq!(skipped.len(), 3);
        assert!(skipped[0].contains("line 3: expected one JSON object per line"), "{skipped:?}");
        assert!(skipped[1].contains("line 4: no field `text`"), "{skipped:?}");
        assert!(skipped[2].contains("line 5") && skipped[2].contains("iconv"), "{skipped:?}");
    }

    #[test]
    fn records_of_csv_may_have_line_breaks_and_rejected_ones_are_told() {
        let csv = "id,text\n1,\"Line one,\nline two\"\n2\n3,Three\n";
        let (texts, skipped) = documents_of("a.csv", csv.as_bytes());
        assert_eq!(texts, [(2, "Line one,\nline two".to_owned()), (5, "Three".to_owned())]);
        assert!(
            skipped.len() == 1 && skipped[0].contains("line 4") && skipped[0].contains("1 fields"),
            "{skipped:?}"
        );
        let (texts, skipped) = documents_of("b.csv", b"id,body\n1,Text\n");
        assert!(
            texts.is_empty() && skipped[0].contains("`id`, `body`") && skipped[0].contains("--text-column")
        );
        let gb = encoding_rs::GB18030.encode("编号,text\n1,客户要求降价。\n").0.into_owned();
        assert_eq!(documents_of("c.csv", &gb).0, [(2, "客户要求降价。".to_owned())]);
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_does_not_fill_the_memory() {
        let csv = format!("id,text\n1,Good\n2,\"{}", "never closed\n".repeat(2 * LARGEST_ROW / 13));
        let (texts, skipped) = documents_of("open.csv", csv.as_bytes());
        assert_eq!(texts, [(2, "Good".to_owned())]);
        assert!(
            skipped.len() == 1 && skipped[0].contains("line 3") && skipped[0].contains("MiB"),
            "{skipped:?}"
        );
    }

    #[test]
    fn a_long_file_is_cut_at_blank_lines_and_nothing_is_lost() {
        let paragraph = format!("{}\n{}\n\n", "客户要求降价。".repeat(100), "We settled on five.".repeat(50));
        let text = paragraph.repeat(60);
        let (texts, skipped) = documents_of("long.txt", text.as_bytes());
        assert!(texts.len() > 1 && skipped.is_empty());
        assert!(texts.iter().all(|(_, part)| part.len() <= LONGEST_TEXT));
        assert!(texts[1].0 > 1 && texts[1].1.starts_with('\n'), "{}", texts[1].0);
        assert_eq!(texts.into_iter().map(|(_, part)| part).collect::<String>(), text);
    }

    #[test]
    fn lines_of_a_text_file_that_cannot_be_read_are_skipped() {
        let long = "x".repeat(LARGEST_ROW + 10);
        let text = [b"One.\n", long.as_bytes(), b"\nM\xfcller\nFour.\n"].concat();
        let (texts, skipped) = documents_of("line.txt", &text);
        assert_eq!(texts, [(1, "One.\nFour.\n".to_owned())]);
        assert_eq!(skipped.len(), 2, "{skipped:?}");
        assert!(skipped[0].contains("line 2: longer than 16 MiB"), "{skipped:?}");
        assert!(skipped[1].contains("line 3: not valid UTF-8 from byte 1"), "{skipped:?}");
    }

    #[test]
    fn binary_files_are_told() {
        let (texts, skipped) = documents_of("a.txt", b"PK\x03\x04\0\0");
        assert!(texts.is_empty() && skipped[0].contains("a binary file"), "{skipped:?}");
    }

    #[test]
    fn a_skipped_row_serializes_with_its_place() {
        let row = |place: Place| serde_json::json!(Skipped { place, problem: SkipReason::Empty });
        let file = Place::file(Path::new("a.csv"));
        let problem = "no sentence is left after cleaning";
        assert_eq!(
            row(file.clone()),
            serde_json::json!({ "source": "a.csv", "line": null, "problem": problem })
        );
        assert_eq!(row(file.at_line(3))["line"], 3);
    }

    #[test]
    fn parts_have_all_of_a_text() {
        for text in ["好".repeat(100_000), "One. ".repeat(40_000), "x\n\n".repeat(50_000), String::new()] {
            let parts = parts(text.clone());
            assert!(parts.iter().all(|part| part.len() <= LONGEST_TEXT) && parts.concat() == text);
        }
    }
}
