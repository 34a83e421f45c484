//! From files and folders to documents: one of each .txt and .md file, one of each row of .csv and .jsonl files. Reads
//! in a stream; what cannot be read is told with its place and left out.

use std::cell::Cell;
use std::fs::FileType;
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use indicatif::ProgressBar;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::decode::{Encoding, decode, detect, open};

/// The longest line and the longest CSV row, in bytes.
const LONGEST_LINE: usize = 16 << 20;

/// Bytes from which on a text is cut, at a blank line where there soon is one: far below what the library reads at once.
const LONG_TEXT: usize = 32 * 1024;
const LONGEST_TEXT: usize = 2 * LONG_TEXT;

/// A text as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The file, as it was named or found.
    pub source: Arc<str>,
    /// The line of the file at which it begins, from 1.
    pub line: u64,
    pub text: String,
    /// Whether the file says that it is Markdown.
    pub markdown: bool,
}

/// A file, row or line that was left out, and why.
#[derive(Debug, Serialize)]
pub struct Skipped {
    #[serde(serialize_with = "as_text")]
    pub source: Arc<str>,
    /// None: the whole file.
    pub line: Option<u64>,
    #[serde(serialize_with = "as_text")]
    pub problem: Problem,
}

fn as_text<S: serde::Serializer>(shown: &impl std::fmt::Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(shown)
}

impl std::fmt::Display for Skipped {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "{} line {line}: {}", self.source, self.problem),
            None => write!(f, "{}: {}", self.source, self.problem),
        }
    }
}

/// Why something was left out, and what to do about it.
#[derive(Debug, Error)]
pub enum Problem {
    #[error("cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    #[error("is no .txt, .md, .csv or .jsonl file; convert it to one of them")]
    OtherFormat,
    #[error("is a link to a folder; name the folder itself with --input")]
    LinkedFolder,
    #[error("is a binary file; convert it to text")]
    Binary,
    #[error("is neither UTF-8 nor GB 18030; convert the file with iconv -t UTF-8")]
    Undecodable,
    #[error("is longer than {} MiB; break it into several", LONGEST_LINE >> 20)]
    TooLong,
    #[error("is no JSON object with a string `text`: {0}")]
    BrokenJson(serde_json::Error),
    #[error("has no column `{wanted}`, only {found}; name the column of the texts with --text-column")]
    NoColumn { wanted: String, found: String },
    #[error(
        "the row, which ends on line {last}, has {found} fields where the header has {wanted}; close its quotes, and quote texts \
         with commas or line breaks in them"
    )]
    Fields { last: u64, found: usize, wanted: usize },
    #[error("has no sentence left when it is clean")]
    Empty,
    #[error("{0}")]
    NotText(salesmirror::text::TextError),
}

/// What reading gives, in the order of the files.
pub type Entry = Result<Document, Skipped>;

/// A file to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    pub path: PathBuf,
    pub bytes: u64,
}

/// All files of the inputs, folders with all that is in them, sorted by name; hidden files and the folder `out` are not
/// looked at.
pub fn find(inputs: &[PathBuf], out: &Path) -> (Vec<InputFile>, Vec<Skipped>) {
    let (mut files, mut skipped) = (Vec::new(), Vec::new());
    let out = out.canonicalize().ok();
    for input in inputs {
        match std::fs::metadata(input) {
            Ok(metadata) => look(input, metadata.file_type(), out.as_deref(), &mut files, &mut skipped),
            Err(error) => skipped.push(whole(input, error.into())),
        }
    }
    (files, skipped)
}

fn look(
    path: &Path,
    kind: FileType,
    out: Option<&Path>,
    files: &mut Vec<InputFile>,
    skipped: &mut Vec<Skipped>,
) {
    if kind.is_dir() {
        if out.is_some() && path.canonicalize().ok().as_deref() == out {
            return;
        }
        let entries = std::fs::read_dir(path).and_then(|entries| {
            entries.map(|entry| entry.and_then(|entry| Ok((entry.path(), entry.file_type()?)))).collect()
        });
        let mut entries: Vec<(PathBuf, FileType)> = match entries {
            Ok(entries) => entries,
            Err(error) => return skipped.push(whole(path, error.into())),
        };
        entries.retain(|(path, _)| {
            !path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
        });
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        for (path, kind) in entries {
            look(&path, kind, out, files, skipped);
        }
    } else {
        match std::fs::metadata(path) {
            Err(error) => skipped.push(whole(path, error.into())),
            Ok(metadata) if metadata.is_dir() => skipped.push(whole(path, Problem::LinkedFolder)),
            Ok(_) if Format::of(path).is_none() => skipped.push(whole(path, Problem::OtherFormat)),
            Ok(metadata) => files.push(InputFile { path: path.to_owned(), bytes: metadata.len() }),
        }
    }
}

fn whole(path: &Path, problem: Problem) -> Skipped {
    Skipped { source: path.to_string_lossy().into(), line: None, problem }
}

enum Format {
    Text,
    Markdown,
    Csv,
    Jsonl,
}

impl Format {
    fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "txt" => Some(Self::Text),
            "md" => Some(Self::Markdown),
            "csv" => Some(Self::Csv),
            "jsonl" => Some(Self::Jsonl),
            _ => None,
        }
    }
}

/// Reads a file and hands on its documents and what had to be left out. An error is the receiver's.
pub fn read<E>(
    path: &Path,
    text_column: &str,
    seen: &ProgressBar,
    receive: &mut dyn FnMut(Entry) -> Result<(), E>,
) -> Result<(), E> {
    let source: Arc<str> = path.to_string_lossy().into();
    let opened = detect(path).map_err(Problem::from).and_then(|encoding| match encoding {
        Encoding::Binary => Err(Problem::Binary),
        encoding => Ok(open(path, encoding, seen)?),
    });
    let reader = match opened {
        Ok(reader) => reader,
        Err(problem) => return receive(Err(Skipped { source, line: None, problem })),
    };
    let mut file = Reading { source, markdown: false, receive };
    match Format::of(path) {
        Some(Format::Csv) => file.csv(reader, text_column),
        Some(Format::Jsonl) => file.jsonl(reader),
        format => {
            file.markdown = matches!(format, Some(Format::Markdown));
            file.text(reader)
        }
    }
}

/// A file that is being read.
struct Reading<'a, E> {
    source: Arc<str>,
    markdown: bool,
    receive: &'a mut dyn FnMut(Entry) -> Result<(), E>,
}

impl<E> Reading<'_, E> {
    fn skip(&mut self, line: u64, problem: Problem) -> Result<(), E> {
        (self.receive)(Err(Skipped { source: self.source.clone(), line: Some(line), problem }))
    }

    /// Hands on a text of which the first line is at `line`; a long one in parts.
    fn hand_on(&mut self, line: u64, text: String) -> Result<(), E> {
        for part in parts(text) {
            (self.receive)(Ok(Document {
                source: self.source.clone(),
                line,
                text: part,
                markdown: self.markdown,
            }))?;
        }
        Ok(())
    }

    /// A whole file is one document, but none is longer than fits.
    fn text(&mut self, mut reader: Box<dyn BufRead>) -> Result<(), E> {
        let (mut text, mut first) = (String::new(), 1);
        let mut lines = Lines::default();
        while let Some(line) = lines.next(&mut reader) {
            let line = match line.and_then(|line| decode(line).ok_or(Problem::Undecodable)) {
                Ok(line) => line,
                Err(problem) => {
                    self.skip(lines.number, problem)?;
                    continue;
                }
            };
            let blank = line.trim().is_empty();
            if text.len() + line.len() > LONGEST_TEXT || (blank && text.len() >= LONG_TEXT) {
                self.hand_on(first, std::mem::take(&mut text))?;
                first = lines.number;
            }
            text.push_str(&line);
            text.push('\n');
        }
        self.hand_on(first, text)
    }

    fn jsonl(&mut self, mut reader: Box<dyn BufRead>) -> Result<(), E> {
        #[derive(Deserialize)]
        struct Row {
            text: String,
        }
        let mut lines = Lines::default();
        while let Some(line) = lines.next(&mut reader) {
            let line = line.and_then(|line| decode(line).ok_or(Problem::Undecodable));
            if line.as_ref().is_ok_and(|line| line.trim().is_empty()) {
                continue;
            }
            let row = line.and_then(|line| serde_json::from_str(&line).map_err(Problem::BrokenJson));
            match row {
                Ok(Row { text }) => self.hand_on(lines.number, text)?,
                Err(problem) => self.skip(lines.number, problem)?,
            }
        }
        Ok(())
    }

    fn csv(&mut self, reader: Box<dyn BufRead>, text_column: &str) -> Result<(), E> {
        let left = Rc::new(Cell::new(LONGEST_LINE));
        let limited = Limited { reader, left: left.clone() };
        let mut rows = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(limited);
        let mut row = csv::ByteRecord::new();
        // Of the header: how many columns, and which has the text.
        let mut columns: Option<(usize, usize)> = None;
        loop {
            left.set(LONGEST_LINE);
            let line = rows.position().line();
            match rows.read_byte_record(&mut row) {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(error) => {
                    let problem = match error.into_kind() {
                        csv::ErrorKind::Io(error) if error.kind() != std::io::ErrorKind::FileTooLarge => {
                            error.into()
                        }
                        _ => Problem::TooLong,
                    };
                    return self.skip(line, problem);
                }
            }
            // Blank lines are not part of the row that follows them.
            let line = row.position().map_or(line, csv::Position::line);
            let Some((wanted, at)) = columns else {
                let names: Vec<String> = row.iter().map(|name| decode(name).unwrap_or_default()).collect();
                match names.iter().position(|name| name.trim() == text_column) {
                    Some(at) => columns = Some((names.len(), at)),
                    None => {
                        let found =
                            names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                        return self.skip(line, Problem::NoColumn { wanted: text_column.to_owned(), found });
                    }
                }
                continue;
            };
            if row.len() != wanted {
                let last = rows.position().line().saturating_sub(1).max(line);
                self.skip(line, Problem::Fields { last, found: row.len(), wanted })?;
                continue;
            }
            match decode(&row[at]) {
                Some(text) => self.hand_on(line, text)?,
                None => self.skip(line, Problem::Undecodable)?,
            }
        }
    }
}

/// Lines of a file, without what ends them; one buffer for all.
#[derive(Default)]
struct Lines {
    buffer: Vec<u8>,
    /// Of the line that was read last, from 1.
    number: u64,
    failed: bool,
}

impl Lines {
    fn next(&mut self, reader: &mut dyn BufRead) -> Option<Result<&[u8], Problem>> {
        if self.failed {
            return None;
        }
        self.buffer.clear();
        self.number += 1;
        match self.read(reader) {
            Ok(0) => None,
            Ok(read) if read > LONGEST_LINE => Some(Err(Problem::TooLong)),
            Ok(_) => {
                let line = self.buffer.strip_suffix(b"\n").unwrap_or(&self.buffer);
                Some(Ok(line.strip_suffix(b"\r").unwrap_or(line)))
            }
            Err(error) => {
                self.failed = true;
                Some(Err(error.into()))
            }
        }
    }

    /// Bytes of the next line; of one that is too long, as many as were read, and the rest is passed over.
    fn read(&mut self, reader: &mut dyn BufRead) -> std::io::Result<usize> {
        let read = reader.take(LONGEST_LINE as u64 + 1).read_until(b'\n', &mut self.buffer)?;
        if read > LONGEST_LINE && !self.buffer.ends_with(b"\n") {
            self.buffer = Vec::new();
            loop {
                let block = reader.fill_buf()?;
                let end = block.iter().position(|byte| *byte == b'\n');
                let passed = end.map_or(block.len(), |end| end + 1);
                reader.consume(passed);
                if end.is_some() || passed == 0 {
                    break;
                }
            }
        }
        Ok(read)
    }
}

/// A reader that fails where a CSV row does not end: an open quote must not draw the rest of a large file into memory.
struct Limited {
    reader: Box<dyn BufRead>,
    left: Rc<Cell<usize>>,
}

impl Read for Limited {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.reader.read(buffer)?;
        match self.left.get().checked_sub(read) {
            Some(left) => self.left.set(left),
            None => return Err(std::io::ErrorKind::FileTooLarge.into()),
        }
        Ok(read)
    }
}

/// A text in parts that are not too long, cut at blank lines, lines, or as a last resort anywhere.
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

    /// What is read of a file with some bytes: its texts with their lines, and what was left out.
    fn read_bytes(name: &str, bytes: &[u8]) -> (Vec<(u64, String)>, Vec<String>) {
        let path = std::env::temp_dir().join(format!("trainer-source-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        let (mut texts, mut skipped) = (Vec::new(), Vec::new());
        let mut receive = |entry: Entry| -> Result<(), ()> {
            match entry {
                Ok(document) => texts.push((document.line, document.text)),
                Err(problem) => skipped.push(problem.to_string()),
            }
            Ok(())
        };
        read(&path, "text", &ProgressBar::hidden(), &mut receive).unwrap();
        std::fs::remove_file(&path).unwrap();
        (texts, skipped)
    }

    #[test]
    fn a_bad_line_of_jsonl_is_told_and_the_others_are_read() {
        let (texts, skipped) = read_bytes(
            "a.jsonl",
            b"\xef\xbb\xbf{\"id\":1,\"text\":\"One.\"}\r\n\n{\"text\":\n{\"title\":\"x\"}\nM\xfcller\n{\"text\":\"Two.\"}",
        );
        assert_eq!(texts, [(1, "One.".to_owned()), (6, "Two.".to_owned())]);
        assert_eq!(skipped.len(), 3);
        assert!(skipped[0].contains("line 3") && skipped[0].contains("JSON"), "{skipped:?}");
        assert!(skipped[1].contains("line 4") && skipped[1].contains("`text`"), "{skipped:?}");
        assert!(skipped[2].contains("line 5") && skipped[2].contains("iconv"), "{skipped:?}");
    }

    #[test]
    fn rows_of_csv_may_have_line_breaks_and_bad_ones_are_told() {
        let csv = "id,text\n1,\"Line one,\nline two\"\n2\n3,Three\n";
        let (texts, skipped) = read_bytes("a.csv", csv.as_bytes());
        assert_eq!(texts, [(2, "Line one,\nline two".to_owned()), (5, "Three".to_owned())]);
        assert!(
            skipped.len() == 1 && skipped[0].contains("line 4") && skipped[0].contains("1 fields"),
            "{skipped:?}"
        );
        let (texts, skipped) = read_bytes("b.csv", b"id,body\n1,Text\n");
        assert!(
            texts.is_empty() && skipped[0].contains("`id`, `body`") && skipped[0].contains("--text-column")
        );
        let gb = encoding_rs::GB18030.encode("编号,text\n1,客户要求降价。\n").0.into_owned();
        assert_eq!(read_bytes("c.csv", &gb).0, [(2, "客户要求降价。".to_owned())]);
    }

    #[test]
    fn a_quote_that_is_never_closed_does_not_fill_the_memory() {
        let csv = format!("id,text\n1,Good\n2,\"{}", "never closed\n".repeat(2 * LONGEST_LINE / 13));
        let (texts, skipped) = read_bytes("open.csv", csv.as_bytes());
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
        let (texts, skipped) = read_bytes("long.txt", text.as_bytes());
        assert!(texts.len() > 1 && skipped.is_empty());
        assert!(texts.iter().all(|(_, part)| part.len() <= LONGEST_TEXT));
        assert!(texts[1].0 > 1 && texts[1].1.starts_with('\n'), "{}", texts[1].0);
        assert_eq!(texts.into_iter().map(|(_, part)| part).collect::<String>(), text);
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over() {
        let text = format!("One.\n{}\nThree.\n", "x".repeat(LONGEST_LINE + 10));
        let (texts, skipped) = read_bytes("line.txt", text.as_bytes());
        assert_eq!(texts, [(1, "One.\nThree.\n".to_owned())]);
        assert!(skipped.len() == 1 && skipped[0].contains("line 2"), "{skipped:?}");
    }

    #[test]
    fn binary_files_are_told() {
        let (texts, skipped) = read_bytes("a.txt", b"PK\x03\x04\0\0");
        assert!(texts.is_empty() && skipped[0].contains("binary"), "{skipped:?}");
    }

    #[test]
    fn parts_have_all_of_a_text() {
        for text in ["好".repeat(100_000), "One. ".repeat(40_000), "x\n\n".repeat(50_000), String::new()] {
            let parts = parts(text.clone());
            assert!(parts.iter().all(|part| part.len() <= LONGEST_TEXT) && parts.concat() == text);
        }
    }
}
