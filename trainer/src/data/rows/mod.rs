//! Reports one by one out of files of any kind. A row that is no report is an error of its own, with its place, and the
//! rows behind it are read all the same.

use std::cell::Cell;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read};
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use salesmirror::text::MAX_BYTES;
use serde::Serialize;
use serde_json::Value;

use super::{ScoreError, parquet};
use crate::{Result, TrainerError};

/// Bytes of a row from which on it is taken for a mistake and not kept in memory.
const LARGEST_ROW: usize = 16 << 20;

/// Which columns (in JSONL: fields) hold what.
#[derive(clap::Args, Clone)]
pub struct Columns {
    /// Column or field with the text.
    #[arg(long, default_value = "text")]
    pub text_column: String,
    /// Column or field with the id; `id` when not given, and where there is none the number of the line or row.
    #[arg(long)]
    pub id_column: Option<String>,
}

impl Columns {
    pub fn id(&self) -> &str {
        self.id_column.as_deref().unwrap_or("id")
    }
}

/// A report to be scored.
pub struct Row {
    pub place: Place,
    pub id: String,
    pub text: String,
}

/// Where a row stands; files of one report have no number.
#[derive(Debug, Clone, Serialize)]
pub struct Place {
    pub file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<NonZeroU64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<NonZeroU64>,
}

impl Place {
    pub fn file(path: &Path) -> Self {
        let file = match path.as_os_str() == "-" {
            true => "standard input".to_owned(),
            false => path.display().to_string(),
        };
        Self { file, line: None, row: None }
    }

    fn line(path: &Path, line: u64) -> Self {
        Self { line: NonZeroU64::new(line), ..Self::file(path) }
    }

    pub fn row(path: &Path, row: u64) -> Self {
        Self { row: NonZeroU64::new(row), ..Self::file(path) }
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

/// A row, or some, that cannot be scored. As JSON a line of `--rejected`.
#[derive(Debug, Serialize)]
pub struct Rejection {
    #[serde(flatten)]
    pub place: Place,
    /// How many rows, from that place on.
    pub rows: u64,
    pub id: Option<String>,
    /// Reason and remedy.
    pub problem: Box<str>,
    /// What the row holds, as far as it is known.
    pub content: Option<String>,
    /// Nothing behind it could be read.
    #[serde(skip)]
    pub last: bool,
}

impl Rejection {
    pub fn new(place: Place, problem: impl Into<String>, content: Option<String>) -> Self {
        Self { place, rows: 1, id: None, problem: problem.into().into(), content, last: false }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}

pub type Rows = Box<dyn Iterator<Item = std::result::Result<Row, Rejection>>>;

/// Rows and how far they are read.
pub struct Source {
    pub rows: Rows,
    /// In `unit`s; 0 where it is not known.
    pub total: u64,
    /// What is counted, for the progress bar.
    pub unit: &'static str,
    pub position: Rc<Cell<u64>>,
}

/// Lower-case extension of a path.
pub fn extension(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// Opens a file or folder by its kind.
pub fn open(path: &Path, columns: &Columns) -> Result<Source> {
    if path.is_dir() {
        return folder(path);
    }
    match extension(path).as_str() {
        _ if path.as_os_str() == "-" => Ok(json_lines(Box::new(io::stdin()), path, columns, 0)),
        "jsonl" | "ndjson" | "json" => {
            let (file, size) = open_file(path)?;
            Ok(json_lines(Box::new(file), path, columns, size))
        }
        "csv" => separated(path, columns, b','),
        "tsv" => separated(path, columns, b'\t'),
        "parquet" => parquet::open(path, columns),
        "txt" | "md" => {
            open_file(path)?;
            Ok(texts(vec![(path.display().to_string(), path.to_owned())]))
        }
        _ => {
            open_file(path)?;
            Err(ScoreError::Kind { path: path.to_owned() }.into())
        }
    }
}

/// A file and its bytes.
pub fn open_file(path: &Path) -> Result<(std::fs::File, u64)> {
    let open = || {
        let file = std::fs::File::open(path)?;
        let size = file.metadata()?.len();
        Ok((file, size))
    };
    open().map_err(|source| files::FileError::Io { path: path.to_owned(), source }.into())
}

/// The text of a row that must be UTF-8.
pub fn utf8(bytes: &[u8]) -> std::result::Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|e| {
        format!(
            "no UTF-8 from byte {} on; convert it, for instance with iconv -f GB18030 -t UTF-8",
            e.valid_up_to()
        )
    })
}

/// Reads through to a file and counts.
struct Counted<R> {
    inner: R,
    position: Rc<Cell<u64>>,
    /// Bytes that may still be read before somebody raises it.
    allowance: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.allowance.get() == 0 {
            return Err(io::Error::other(format!(
                "a row of more than {} MiB; is a quotation mark not closed?",
                LARGEST_ROW >> 20
            )));
        }
        let count = self.inner.read(buffer)?;
        self.position.set(self.position.get() + count as u64);
        self.allowance.set(self.allowance.get().saturating_sub(count as u64));
        Ok(count)
    }
}

fn json_lines(input: Box<dyn Read>, path: &Path, columns: &Columns, total: u64) -> Source {
    let (path, columns) = (path.to_owned(), columns.clone());
    let (position, allowance) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(u64::MAX)));
    let mut reader = BufReader::new(Counted { inner: input, position: Rc::clone(&position), allowance });
    let (mut number, mut ended) = (0, false);
    let rows = std::iter::from_fn(move || {
        loop {
            if ended {
                return None;
            }
            number += 1;
            let place = Place::line(&path, number);
            let mut line = Vec::new();
            let rejection = |problem: String, line: &[u8]| {
                Rejection::new(
                    place.clone(),
                    problem,
                    Some(String::from_utf8_lossy(line).trim_end().to_owned()),
                )
            };
            let length = match read_line(&mut reader, &mut line) {
                Ok(0) => return None,
                Ok(length) => length,
                Err(error) => {
                    ended = true;
                    return Some(Err(Rejection { last: true, ..rejection(error.to_string(), &line) }));
                }
            };
            if length > LARGEST_ROW {
                let problem =
                    format!("a line of {length} bytes; put a report of at most {MAX_BYTES} bytes on a line");
                // What could have been kept is no whole row, and as large as all the others together.
                return Some(Err(Rejection { content: None, ..rejection(problem, &[]) }));
            }
            let bytes = if number == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line) } else { &line };
            if bytes.trim_ascii().is_empty() {
                continue;
            }
            let parsed = utf8(bytes).and_then(|text| parse(text, &columns));
            return Some(match parsed {
                Ok((id, text)) => Ok(Row { id: id.unwrap_or_else(|| number.to_string()), text, place }),
                Err(problem) => Err(rejection(problem, &line)),
            });
        }
    });
    Source { rows: Box::new(rows), total, unit: "scoring, bytes", position }
}

/// Reads a line with its end and says how many bytes it has; keeps no more than [`LARGEST_ROW`] of them.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<usize> {
    let mut length = 0;
    loop {
        let buffer = match reader.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let end = buffer.iter().position(|&byte| byte == b'\n');
        let part = &buffer[..end.map_or(buffer.len(), |end| end + 1)];
        if part.is_empty() {
            return Ok(length);
        }
        line.extend(&part[..part.len().min(LARGEST_ROW.saturating_sub(line.len()))]);
        let count = part.len();
        length += count;
        reader.consume(count);
        if end.is_some() {
            return Ok(length);
        }
    }
}

/// Id and text of a line of JSON.
fn parse(line: &str, columns: &Columns) -> std::result::Result<(Option<String>, String), String> {
    let (text_column, id_column) = (&columns.text_column, columns.id());
    let row = match serde_json::from_str(line) {
        Ok(Value::Object(row)) => row,
        Ok(_) => return Err(format!("no JSON object; needed is one a line, with a field `{text_column}`")),
        Err(e) => {
            return Err(format!("no JSON: {e}; needed is an object a line, with a field `{text_column}`"));
        }
    };
    let fields = || row.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let text = match row.get(text_column) {
        Some(Value::String(text)) => text.clone(),
        Some(_) => return Err(format!("the field `{text_column}` is no text; needed is a string")),
        None => {
            return Err(format!(
                "no field `{text_column}`; name it with --text-column. The fields are {}",
                fields()
            ));
        }
    };
    let id = match row.get(id_column) {
        Some(Value::String(id)) => Some(id.clone()),
        Some(Value::Number(id)) => Some(id.to_string()),
        Some(_) => return Err(format!("the field `{id_column}` is no id; needed is a string or a number")),
        None if columns.id_column.is_some() => {
            return Err(format!(
                "no field `{id_column}`; name it with --id-column. The fields are {}",
                fields()
            ));
        }
        None => None,
    };
    Ok((id, text))
}

/// Values separated by commas or tabs, the first record their names.
fn separated(path: &Path, columns: &Columns, delimiter: u8) -> Result<Source> {
    let (file, total) = open_file(path)?;
    let (position, allowance) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(LARGEST_ROW as u64)));
    let counted = Counted { inner: file, position: Rc::clone(&position), allowance: Rc::clone(&allowance) };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(counted);
    let header = reader.byte_headers().map_err(|source| ScoreError::Csv { path: path.to_owned(), source })?;
    let names: Vec<String> = header
        .iter()
        .enumerate()
        .map(|(i, name)| {
            let name = String::from_utf8_lossy(name);
            if i == 0 { name.trim_start_matches('\u{feff}').to_owned() } else { name.into_owned() }
        })
        .collect();
    let find = |column: &str| names.iter().position(|name| name == column);
    let missing = |column: &str, option| ScoreError::Column {
        path: path.to_owned(),
        column: column.to_owned(),
        option,
        found: names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
    };
    let text_column = columns.text_column.clone();
    let text_at = find(&text_column).ok_or_else(|| missing(&text_column, "--text-column"))?;
    let id_at = find(columns.id());
    if id_at.is_none() && columns.id_column.is_some() {
        return Err(missing(columns.id(), "--id-column").into());
    }
    let path = path.to_owned();
    let (mut number, mut ended) = (0u64, false);
    let rows = std::iter::from_fn(move || {
        if ended {
            return None;
        }
        number += 1;
        allowance.set(LARGEST_ROW as u64);
        let mut record = csv::ByteRecord::new();
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(error) => {
                ended = true;
                let place = Place::line(&path, reader.position().line());
                return Some(Err(Rejection { last: true, ..Rejection::new(place, error.to_string(), None) }));
            }
        }
        let place = Place::line(&path, record.position().map_or(0, csv::Position::line));
        let content = || {
            let fields: Vec<_> = record.iter().map(String::from_utf8_lossy).collect();
            Some(fields.join(&char::from(delimiter).to_string()))
        };
        let Some(text) = record.get(text_at) else {
            let problem = format!(
                "{} values, but `{text_column}` is number {}; give every row all columns",
                record.len(),
                text_at + 1
            );
            return Some(Err(Rejection::new(place, problem, content())));
        };
        let id = id_at.and_then(|at| record.get(at)).map(String::from_utf8_lossy);
        let id = id.map_or_else(|| number.to_string(), |id| id.into_owned());
        Some(match utf8(text) {
            Ok(text) => Ok(Row { text: text.to_owned(), id, place }),
            Err(problem) => Err(Rejection { id: Some(id), ..Rejection::new(place, problem, content()) }),
        })
    });
    Ok(Source { rows: Box::new(rows), total, unit: "scoring, bytes", position })
}

/// Every .txt and .md file of a folder and the folders in it, in the order of their names.
fn folder(root: &Path) -> Result<Source> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let io = |source| files::FileError::Io { path: folder.clone(), source }.into();
        for entry in std::fs::read_dir(&folder).map_err(io)? {
            let entry = entry.map_err(io)?;
            let (path, kind) = (entry.path(), entry.file_type().map_err(io)?);
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if kind.is_dir() {
                folders.push(path);
            } else if matches!(extension(&path).as_str(), "txt" | "md") {
                let id = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
                files.push((id, path));
            }
        }
    }
    if files.is_empty() {
        return Err(ScoreError::EmptyFolder { path: root.to_owned() }.into());
    }
    files.sort();
    Ok(texts(files))
}

/// Files of one report each, with their ids.
fn texts(files: Vec<(String, PathBuf)>) -> Source {
    let position = Rc::new(Cell::new(0));
    let (total, done) = (files.len() as u64, Rc::clone(&position));
    let rows = files.into_iter().map(move |(id, path)| {
        done.set(done.get() + 1);
        let place = Place::file(&path);
        read_text(&path)
            .map(|text| Row { text, id: id.clone(), place: place.clone() })
            .map_err(|problem| Rejection { id: Some(id), ..Rejection::new(place, problem, None) })
    });
    Source { rows: Box::new(rows), total, unit: "scoring, files", position }
}

fn read_text(path: &Path) -> std::result::Result<String, String> {
    let read = || {
        let mut bytes = Vec::new();
        std::fs::File::open(path)?.take(LARGEST_ROW as u64 + 1).read_to_end(&mut bytes)?;
        io::Result::Ok(bytes)
    };
    let bytes = read().map_err(|e| e.to_string())?;
    if bytes.len() > LARGEST_ROW {
        return Err(format!("more than {} MiB; split it into single reports", LARGEST_ROW >> 20));
    }
    utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn columns() -> Columns {
        Columns { text_column: "text".to_owned(), id_column: None }
    }

    fn lines(bytes: &[u8]) -> Vec<std::result::Result<Row, Rejection>> {
        json_lines(Box::new(io::Cursor::new(bytes.to_vec())), Path::new("x.jsonl"), &columns(), 0)
            .rows
            .collect()
    }

    /// The rows of a file with this content and name.
    fn rows_of(bytes: &[u8], name: &str) -> Result<Vec<std::result::Result<Row, Rejection>>> {
        let folder = std::env::temp_dir().join(format!("salesmirror-rows-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        Ok(open(&path, &columns())?.rows.collect())
    }

    #[test]
    fn a_line_is_told_by_its_number_and_the_next_is_read() {
        let rows = lines(b"\xef\xbb\xbf{\"id\":\"a\",\"text\":\"A.\"}\r\n\n{\"id\":7,\"text\":\"B.\"}\n{\"text\":1}\n[]\n{\"x\":1}\n\xff\n{\"text\":\"C.\"}");
        let texts: Vec<_> = rows.iter().flatten().map(|row| (row.id.as_str(), row.text.as_str())).collect();
        assert_eq!(texts, [("a", "A."), ("7", "B."), ("8", "C.")]);
        let told: Vec<String> = rows.iter().filter_map(|row| Some(row.as_ref().err()?.to_string())).collect();
        for (said, (line, problem)) in told.iter().zip([
            (4, "no text"),
            (5, "no JSON object"),
            (6, "no field `text`; name it with --text-column. The fields are `x`"),
            (7, "no UTF-8 from byte 0"),
        ]) {
            assert!(said.contains(&format!("x.jsonl line {line}: ")) && said.contains(problem), "{said}");
        }
        assert_eq!(told.len(), 4);
    }

    #[test]
    fn a_line_that_is_too_long_is_not_kept() {
        let mut bytes = vec![b'x'; LARGEST_ROW + 10];
        bytes.extend(b"\n{\"text\":\"B.\"}\n");
        let rows = lines(&bytes);
        assert_eq!(rows.len(), 2);
        let said = rows[0].as_ref().err().unwrap().to_string();
        assert!(said.contains("line 1: a line of 16777227 bytes"), "{said}");
        assert_eq!(rows[1].as_ref().ok().unwrap().text, "B.");
    }

    #[test]
    fn a_quotation_mark_that_is_not_closed_ends_the_file_and_is_told() {
        let mut bytes = b"id,text\n1,A.\n2,\"B.\n".to_vec();
        bytes.resize(bytes.len() + 2 * LARGEST_ROW, b'x');
        let rows = rows_of(&bytes, "open.csv").unwrap();
        assert_eq!(rows.len(), 2);
        let rejection = rows[1].as_ref().err().unwrap();
        assert!(rejection.last && rejection.problem.contains("quotation mark"), "{rejection}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            lines(&bytes);
            for name in ["any.csv", "any.tsv", "any.txt", "any.parquet"] {
                let _ = rows_of(&bytes, name);
            }
            let _ = rows_of(&[b"id,text\n", bytes.as_slice()].concat(), "head.csv");
        }

        /// Whatever a report says, each kind of file gives it back.
        #[test]
        fn any_text_survives(texts in prop::collection::vec(any::<String>(), 1..6)) {
            let json: String =
                texts.iter().map(|text| format!("{}\n", serde_json::json!({ "id": "x", "text": text }))).collect();
            let read: Vec<String> = lines(json.as_bytes()).into_iter().map(|row| row.unwrap().text).collect();
            prop_assert_eq!(&read, &texts);
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(["id", "text"]).unwrap();
            for text in &texts {
                writer.write_record(["x", text.as_str()]).unwrap();
            }
            let read = rows_of(&writer.into_inner().unwrap(), "texts.csv").unwrap();
            let read: Vec<String> = read.into_iter().map(|row| row.unwrap().text).collect();
            prop_assert_eq!(&read, &texts);
        }
    }
}
