//! Rows of files in any supported format: texts for `corpus` and `score`, objects for pretraining and labelled reports.
//!
//! All readers follow one policy:
//!
//! - **Encoding.** A byte-order mark decides; without one, a file that is UTF-8 throughout is UTF-8, and any other file is
//!   GB 18030 (which includes GBK and GB 2312) if that is valid and looks like Chinese. If a file is neither, each row is
//!   decoded by itself, and a row that is neither is rejected. Standard input cannot be read twice, so its rows are always
//!   decoded one by one. A file with a zero byte near its beginning is binary and is not read, unless it is Parquet. See
//!   [`super::decode`].
//! - **Limits.** A row has at most [`LARGEST_ROW`] bytes (in UTF-8). Files may have any length: readers hold a row, or a
//!   batch of Parquet rows, in memory at a time.
//! - **Empty lines** are skipped but counted, so that line numbers are those of an editor. An empty file has no rows.
//! - **Tables.** The first record of a CSV or TSV file names its columns, and spaces around a name do not matter. Every
//!   record must have as many fields as the header, since one with more or fewer usually has an unquoted delimiter, and its
//!   text would be cut.
//! - **Rejected rows.** A row that cannot be read becomes a [`Rejection`] with its place, the reason and a remedy, and
//!   reading goes on with the next row. Only a failing disk and a CSV record without an end stop a file early;
//!   [`Rejection::last`] says so. A file that cannot be opened at all, or lacks the named column, is a [`RowError`].
//!
//! # Adding a file format
//!
//! Write one file in this folder with a function `open(path, columns)`, and add one line to [`FORMATS`]. `corpus` and
//! `score` then accept the format; mention it in the help of their `--input` option.

mod csv;
pub mod folder;
pub mod jsonl;
mod lines;
mod parquet;
pub mod text;

use std::cell::Cell;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, Read};
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};
use serde::{Serialize, Serializer};
use thiserror::Error;

pub use lines::Lines;

use super::decode::{self, Encoding, Undecodable};

/// The most bytes that a row may have: 16 MiB.
pub const LARGEST_ROW: usize = 16 << 20;

/// A file format and the function that opens it.
pub struct Format {
    /// In lower case, without a dot.
    pub extensions: &'static [&'static str],
    open: fn(&Path, &Columns) -> Result<RowReader, Problem>,
}

/// The supported file formats.
pub const FORMATS: &[Format] = &[
    Format { extensions: &["jsonl", "ndjson", "json"], open: jsonl::open },
    Format { extensions: &["csv"], open: csv::open },
    Format { extensions: &["tsv"], open: csv::open_tsv },
    Format { extensions: &["parquet"], open: parquet::open },
    Format { extensions: text::EXTENSIONS, open: text::open },
];

impl Format {
    /// The format of a file, by its extension.
    pub fn of(path: &Path) -> Option<&'static Self> {
        let extension = extension(path);
        FORMATS.iter().find(|format| format.extensions.contains(&extension.as_str()))
    }
}

/// Which columns (in JSONL: fields) hold what. A text file has no columns; all of it is the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    pub text: String,
    pub id: IdColumn,
}

/// Where the id of a row comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdColumn {
    /// The number of the line or row.
    Number,
    /// The column `id`, or the number of the row in files without that column.
    Default,
    /// This column, which every file must have.
    Named(String),
}

impl Columns {
    /// The name of the id column, if one is looked for.
    fn id(&self) -> Option<&str> {
        match &self.id {
            IdColumn::Number => None,
            IdColumn::Default => Some("id"),
            IdColumn::Named(name) => Some(name),
        }
    }

    /// Positions of the text and the id in a table with these columns.
    fn find(&self, names: &[String]) -> Result<(usize, Option<usize>), Problem> {
        let find = |column: &str| names.iter().position(|name| name == column);
        let missing = |column: &str, option| Problem::NoColumn {
            column: column.to_owned(),
            option,
            found: quoted(names),
        };
        let text = find(&self.text).ok_or_else(|| missing(&self.text, TEXT_OPTION))?;
        match &self.id {
            IdColumn::Number => Ok((text, None)),
            IdColumn::Default => Ok((text, find("id"))),
            IdColumn::Named(name) => {
                find(name).map(|id| (text, Some(id))).ok_or_else(|| missing(name, ID_OPTION))
            }
        }
    }
}

/// The options of the commands that name columns.
const TEXT_OPTION: &str = "--text-column";
const ID_OPTION: &str = "--id-column";

/// Names for a message: `a`, `b`.
fn quoted<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match names.is_empty() {
        true => "none".to_owned(),
        false => names.join(", "),
    }
}

/// A text and where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub place: Place,
    pub id: String,
    pub text: String,
}

/// Where a row is. A text file is one row and has no number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file, as it was named or found.
    #[serde(serialize_with = "as_text")]
    pub file: Arc<str>,
    /// The line on which the row begins, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<NonZeroU64>,
    /// The number of the row in a format without lines, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<NonZeroU64>,
}

/// Serializes a value as it is displayed.
pub fn as_text<S: Serializer>(value: &impl fmt::Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

impl Place {
    /// A whole file.
    pub fn file(path: &Path) -> Self {
        Self { file: path.to_string_lossy().into(), line: None, row: None }
    }

    /// A line of the same file, from 1.
    pub fn at_line(&self, line: u64) -> Self {
        Self { line: NonZeroU64::new(line), ..self.clone() }
    }

    /// The number of the line or row; 1 for a whole file.
    pub fn number(&self) -> u64 {
        self.line.or(self.row).map_or(1, u64::from)
    }

    /// A row of the same file, from 1.
    pub fn at_row(&self, row: u64) -> Self {
        Self { row: NonZeroU64::new(row), ..self.clone() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}", self.file)?;
        match (self.line, self.row) {
            (Some(line), _) => write!(f, " line {line}"),
            (_, Some(row)) => write!(f, " row {row}"),
            _ => Ok(()),
        }
    }
}

/// A row (or, after damage, several rows) that could not be read.
#[derive(Debug)]
pub struct Rejection {
    pub place: Place,
    /// How many rows are lost, from `place` on.
    pub rows: u64,
    pub id: Option<String>,
    pub problem: Box<Problem>,
    /// The content of the row, as far as it is known.
    pub content: Option<String>,
    /// Whether the rest of the file could not be read.
    pub last: bool,
}

impl Rejection {
    pub fn new(place: Place, problem: impl Into<Problem>) -> Self {
        let problem = Box::new(problem.into());
        Self { place, rows: 1, id: None, problem, content: None, last: false }
    }

    fn with_content(self, content: impl AsRef<[u8]>) -> Self {
        Self { content: Some(String::from_utf8_lossy(content.as_ref()).into_owned()), ..self }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}

/// Why a file has no rows that could be read at all.
#[derive(Debug, Error)]
#[error("{path}: {problem}", path = path.display())]
pub struct RowError {
    pub path: PathBuf,
    #[source]
    pub problem: Problem,
}

/// What is wrong with a file or a row, and what to do about it.
#[derive(Debug, Error)]
pub enum Problem {
    #[error("cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    #[error("not a supported file format; expected {}", format_names())]
    OtherFormat,
    #[error("a link to a folder, which is not followed; name the folder itself")]
    LinkedFolder,
    #[error("the folder contains no .txt or .md file")]
    EmptyFolder,
    #[error("a binary file; convert it to text")]
    Binary,
    #[error(transparent)]
    Undecodable(#[from] Undecodable),
    #[error("longer than {} MiB; split it", LARGEST_ROW >> 20)]
    TooLong,
    #[error("a record longer than {} MiB; look for a quotation mark that is not closed", LARGEST_ROW >> 20)]
    EndlessRecord,
    #[error("expected one JSON object per line: {}", json_problem(.0))]
    Json(serde_json::Error),
    #[error("field `{0}`: expected a string")]
    TextType(String),
    #[error("field `{0}`: expected a string or a number")]
    IdType(String),
    #[error("no field `{field}`; name the right one with {option}. The fields are {found}")]
    NoField { field: String, option: &'static str, found: String },
    #[error("no column `{column}`; name the right one with {option}. The columns are {found}")]
    NoColumn { column: String, option: &'static str, found: String },
    #[error("column `{column}` has the type {found}; expected {expected}")]
    ColumnType { column: String, found: String, expected: &'static str },
    #[error(
        "the record, which ends on line {last}, has {found} fields where the header has {expected}; quote texts that contain \
         delimiters or line breaks, and close all quotation marks"
    )]
    Fields { last: u64, found: usize, expected: usize },
    #[error("the text is null; give the row a text or remove it")]
    Null,
    #[error("damaged or not a Parquet file ({0}); download or write it again")]
    Parquet(String),
    #[error("{rows} rows of row group {group} cannot be read ({problem}); download or write the file again")]
    RowGroup { rows: u64, group: usize, problem: String },
}

/// A JSON error without its line, which is always 1 in JSON Lines.
fn json_problem(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let problem = message.split(" at line ").next().unwrap_or_default();
    format!("{problem} (column {})", error.column())
}

/// All extensions for a message: ".jsonl, .csv or a folder".
fn format_names() -> String {
    let names: Vec<String> = FORMATS
        .iter()
        .flat_map(|format| format.extensions)
        .map(|extension| format!(".{extension}"))
        .collect();
    format!("{} or a folder", names.join(", "))
}

/// The rows of a file or folder, in order.
pub struct RowReader {
    rows: Box<dyn Iterator<Item = Result<Row, Rejection>>>,
    size: u64,
    read: ByteCount,
}

impl RowReader {
    fn new(rows: impl Iterator<Item = Result<Row, Rejection>> + 'static, size: u64, read: ByteCount) -> Self {
        Self { rows: Box::new(rows), size, read }
    }

    /// How many bytes there are to read; 0 if that is unknown.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// A count of the bytes read that goes on while rows are read.
    pub fn byte_count(&self) -> ByteCount {
        self.read.clone()
    }

    /// How many of them have been read so far.
    pub fn bytes_read(&self) -> u64 {
        self.read.get()
    }
}

impl Iterator for RowReader {
    type Item = Result<Row, Rejection>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rows.next()
    }
}

/// Opens a file by its extension, a folder of text files, or standard input (`-`), which must be JSONL.
///
/// # Errors
/// If the file cannot be opened, has no supported format, or lacks a column.
pub fn open(path: &Path, columns: &Columns) -> Result<RowReader, RowError> {
    let opened = match Format::of(path) {
        _ if path.as_os_str() == "-" => jsonl::from_reader(Box::new(io::stdin()), columns),
        _ if path.is_dir() => folder::open(path),
        Some(format) => (format.open)(path, columns),
        // A missing file is a more helpful message than its extension.
        None => File::open(path).map_err(Problem::from).and(Err(Problem::OtherFormat)),
    };
    opened.map_err(|problem| RowError { path: path.to_owned(), problem })
}

/// The extension of a path in lower case, without the dot.
pub fn extension(path: &Path) -> String {
    path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// A progress bar over the bytes of files.
pub fn byte_progress(bytes: u64, what: &'static str) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{msg} {bar:30} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(bytes).with_style(style).with_message(what)
}

/// A text file that is being read as UTF-8.
pub struct TextFile {
    pub reader: Box<dyn BufRead>,
    pub size: u64,
    pub read: ByteCount,
}

impl TextFile {
    /// Opens a file in whatever encoding it has.
    ///
    /// # Errors
    /// If it cannot be read or is binary.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let encoding = match decode::detect(path)? {
            Encoding::Binary => return Err(Problem::Binary),
            encoding => encoding,
        };
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        Self::new(Box::new(file), encoding, size)
    }

    fn new(input: Box<dyn Read>, encoding: Encoding, size: u64) -> Result<Self, Problem> {
        let read = ByteCount::default();
        let reader = decode::reader(Counted { input, read: read.clone() }, encoding)?;
        Ok(Self { reader, size, read })
    }
}

/// Counts the bytes that a reader elsewhere has read.
#[derive(Debug, Clone, Default)]
pub struct ByteCount(Rc<Cell<u64>>);

impl ByteCount {
    pub fn get(&self) -> u64 {
        self.0.get()
    }

    fn set(&self, bytes: u64) {
        self.0.set(bytes);
    }

    fn add(&self, bytes: u64) {
        self.0.set(self.0.get() + bytes);
    }
}

struct Counted<R> {
    input: R,
    read: ByteCount,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.read.add(count as u64);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::GB18030;
    use proptest::prelude::*;

    use super::*;

    pub fn columns() -> Columns {
        Columns { text: "text".to_owned(), id: IdColumn::Default }
    }

    /// A file in the temporary folder of this test run.
    pub fn file(name: &str, bytes: &[u8]) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("salesmirror-rows-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The rows of a file with this name and content.
    pub fn rows_of(name: &str, bytes: &[u8]) -> Result<Vec<Result<Row, Rejection>>, RowError> {
        Ok(open(&file(name, bytes), &columns())?.collect())
    }

    /// The texts of a file, and its rejections as they are displayed.
    pub fn texts_of(name: &str, bytes: &[u8]) -> (Vec<String>, Vec<String>) {
        let (mut texts, mut rejections) = (Vec::new(), Vec::new());
        for row in rows_of(name, bytes).unwrap() {
            match row {
                Ok(row) => texts.push(row.text),
                Err(rejection) => rejections.push(rejection.to_string()),
            }
        }
        (texts, rejections)
    }

    #[test]
    fn every_text_format_has_the_same_encodings() {
        let text = "客户要求降价，我们没有答应。";
        let files = [
            ("encodings.jsonl", format!("{{\"text\":\"{text}\"}}\n")),
            ("encodings.csv", format!("id,text\n1,{text}\n")),
            ("encodings.tsv", format!("id\ttext\n1\t{text}\n")),
            ("encodings.txt", text.to_owned()),
        ];
        for (name, content) in files {
            let utf16 = |to_bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
                "\u{feff}".encode_utf16().chain(content.encode_utf16()).flat_map(to_bytes).collect()
            };
            for bytes in [
                content.clone().into_bytes(),
                format!("\u{feff}{content}").into_bytes(),
                GB18030.encode(&content).0.into_owned(),
                utf16(u16::to_le_bytes),
                utf16(u16::to_be_bytes),
            ] {
                assert_eq!(texts_of(name, &bytes), (vec![text.to_owned()], vec![]), "{name}: {bytes:?}");
            }
        }
    }

    #[test]
    fn in_a_file_of_several_encodings_each_row_is_decoded_by_itself() {
        let gb = GB18030.encode("客户要求降价。").0;
        let rows =
            [&b"id,text\n1,"[..], &gb, b"\n2,M\xfcller kauft f\xfcr uns ein\n3,", "客户".as_bytes()].concat();
        let (texts, rejections) = texts_of("mixed.csv", &rows);
        assert_eq!(texts, ["客户要求降价。", "客户"]);
        assert!(
            rejections.len() == 1 && rejections[0].contains("line 3: not valid UTF-8 from byte 1"),
            "{rejections:?}"
        );
    }

    #[test]
    fn a_file_that_cannot_be_opened_is_an_error_with_its_reason() {
        for (name, bytes, problem) in [
            ("a.pdf", &b"%PDF"[..], "not a supported file format; expected .jsonl"),
            ("binary.csv", b"PK\x03\x04\0\0", "a binary file"),
            ("binary.jsonl", b"PK\x03\x04\0\0", "a binary file"),
            ("body.csv", b"id,body\n1,Hello.\n", "no column `text`"),
        ] {
            let error = rows_of(name, bytes).err().unwrap().to_string();
            assert!(error.contains(&format!("{name}: {problem}")), "{error}");
        }
        let error = open(Path::new("no/such/file"), &columns()).err().unwrap().to_string();
        assert!(error.contains("no/such/file: cannot be read"), "{error}");
    }

    #[test]
    fn an_empty_file_has_no_rows() {
        for name in ["empty.jsonl", "empty.csv", "empty.tsv"] {
            assert!(rows_of(name, b"").unwrap().is_empty(), "{name}");
            assert!(rows_of(name, b"\xef\xbb\xbf\n").unwrap().is_empty(), "{name}");
        }
    }

    #[test]
    fn the_bytes_of_a_file_are_counted() {
        for name in ["count.jsonl", "count.csv", "count.txt"] {
            let bytes = [&b"id,text\n"[..], &b"1,Hello.\n".repeat(50_000)].concat();
            let mut rows = open(&file(name, &bytes), &columns()).unwrap();
            assert_eq!(rows.size(), bytes.len() as u64, "{name}");
            assert!(rows.by_ref().count() > 0);
            assert_eq!(rows.bytes_read(), rows.size(), "{name}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            for format in FORMATS {
                for extension in format.extensions {
                    let _ = rows_of(&format!("any.{extension}"), &bytes);
                }
            }
            let _ = rows_of("head.csv", &[b"id,text\n", bytes.as_slice()].concat());
        }

        /// Every format returns the text that was written, whatever it says.
        #[test]
        fn any_text_survives(texts in prop::collection::vec(any::<String>(), 1..6)) {
            let json = |text: &String| format!("{}\n", serde_json::json!({ "id": "x", "text": text }));
            let lines: String = texts.iter().map(json).collect();
            prop_assert_eq!(&texts_of("texts.jsonl", lines.as_bytes()).0, &texts);
            let mut writer = ::csv::Writer::from_writer(Vec::new());
            writer.write_record(["id", "text"]).unwrap();
            for text in &texts {
                writer.write_record(["x", text.as_str()]).unwrap();
            }
            prop_assert_eq!(&texts_of("texts.csv", &writer.into_inner().unwrap()).0, &texts);
        }
    }
}
