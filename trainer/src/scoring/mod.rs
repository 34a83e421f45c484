//! Assesses many reports with a model file on all cores, by the code that the browser runs.
//!
//! Reads rows with [`crate::data::rows`] (a new input format goes there), a bounded number at a time, and writes the
//! assessments in the same order: as JSON Lines here, as a CSV or Parquet table in `table`. Rows that cannot be assessed
//! are told with their place and a remedy, counted, and listed in a file of their own.

mod table;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use parquet::errors::ParquetError;
use rayon::prelude::*;
use salesmirror::{AssessError, Assessment, Assessor, ModelError};
use serde::Serialize;
use serde_json::json;
use thiserror::Error;

use self::table::Table;
use crate::data::rows::{self, Columns, Place, Rejection, Row, RowError, byte_progress};
use crate::run::files::{AtomicFile, FileError};

/// Which reports are assessed, and where the assessments go.
#[derive(Debug, Clone)]
pub struct Config {
    /// The model file (GGUF).
    pub model: PathBuf,
    /// A file or folder of reports, or `-` for JSONL on standard input.
    pub input: PathBuf,
    /// A .jsonl, .csv or .parquet file for the assessments; `None` writes JSONL to the stream given to [`score`].
    pub out: Option<PathBuf>,
    /// A file for the rows that could not be assessed.
    pub rejected: Option<PathBuf>,
    pub columns: Columns,
    /// Assess only this many rows, from the beginning.
    pub limit: Option<usize>,
}

/// Why reports could not be assessed, or not all of them.
#[derive(Debug, Error)]
pub enum ScoreError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Rows(#[from] RowError),
    #[error("{path}: {source}", path = path.display())]
    Model { path: PathBuf, source: ModelError },
    #[error(
        "{path}: not a supported output format; expected a name that ends with .jsonl, .csv or .parquet",
        path = path.display()
    )]
    OutputFormat { path: PathBuf },
    #[error("{path} is both input and output; choose another output file", path = path.display())]
    SameFile { path: PathBuf },
    #[error("{path} cannot be written: {source}", path = path.display())]
    Csv { path: PathBuf, source: csv::Error },
    #[error("{path} cannot be written: {source}", path = path.display())]
    Parquet { path: PathBuf, source: ParquetError },
    #[error("{path} could not be read to its end; the rows before that were assessed", path = path.display())]
    Incomplete { path: PathBuf },
    #[error("{path}: none of {rejected} rows is a report that can be assessed", path = path.display())]
    Nothing { path: PathBuf, rejected: u64 },
}

/// A row (or, after damage, several rows) that could not be assessed. It serializes to a line of the file of rejected rows.
#[derive(Debug, Serialize)]
pub struct Rejected {
    #[serde(flatten)]
    pub place: Place,
    /// How many rows are lost, from `place` on.
    pub rows: u64,
    pub id: Option<String>,
    /// Reason and remedy.
    pub problem: String,
    /// The content of the row, as far as it is known.
    pub content: Option<String>,
    /// Whether the rest of the input could not be read.
    #[serde(skip)]
    pub last: bool,
}

impl From<Rejection> for Rejected {
    fn from(rejection: Rejection) -> Self {
        let problem = rejection.problem.to_string();
        let Rejection { place, rows, id, content, last, .. } = rejection;
        Self { place, rows, id, problem, content, last }
    }
}

impl Rejected {
    /// A report that was read but cannot be assessed.
    fn report(row: Row, error: &AssessError) -> Self {
        let problem = format!("report `{}`: {error}", row.id);
        Self { place: row.place, rows: 1, id: Some(row.id), problem, content: Some(row.text), last: false }
    }
}

impl std::fmt::Display for Rejected {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}

/// How many rows were assessed and rejected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    pub scored: u64,
    pub rejected: u64,
    /// Whether the input could not be read to its end.
    pub incomplete: bool,
}

impl Summary {
    /// An error if the input could not be read to its end, or no row of it could be assessed.
    pub fn check(&self, input: &Path) -> Result<(), ScoreError> {
        let path = input.to_owned();
        match self {
            Self { incomplete: true, .. } => Err(ScoreError::Incomplete { path }),
            Self { scored: 0, rejected: 1.., .. } => {
                Err(ScoreError::Nothing { path, rejected: self.rejected })
            }
            _ => Ok(()),
        }
    }
}

/// Rows are read, assessed on all cores and written in chunks of this size, so that memory stays bounded.
const CHUNK: usize = 256;

/// A chunk ends earlier if its rows have this many bytes.
const CHUNK_BYTES: usize = 8 << 20;

/// Assesses all reports of a file. `stream` takes the assessments if no output file is named; `on_rejected` is told of
/// every row that cannot be assessed, in order.
///
/// # Errors
/// If the model or the input cannot be opened, or the output cannot be written. Rows that cannot be assessed are counted
/// in the summary.
pub fn score(
    config: &Config,
    stream: &mut dyn Write,
    on_rejected: &mut dyn FnMut(&Rejected),
) -> Result<Summary, ScoreError> {
    refuse_same_file(config)?;
    let assessor = Assessor::load(&config.model)
        .map_err(|source| ScoreError::Model { path: config.model.clone(), source })?;
    let mut rows = rows::open(&config.input, &config.columns)?;
    let mut output = Output::create(config.out.as_deref(), stream, &assessor)?;
    let mut rejected = config.rejected.as_deref().map(AtomicFile::create).transpose()?;
    let bar = byte_progress(rows.size(), "scoring");
    let mut summary = Summary::default();
    let mut left = config.limit.unwrap_or(usize::MAX);
    loop {
        let chunk = next_chunk(&mut rows, left);
        if chunk.is_empty() {
            break;
        }
        left -= chunk.len();
        let assessed: Vec<_> = chunk.into_par_iter().map(|row| assess(&assessor, row?)).collect();
        for result in assessed {
            match result {
                Ok((id, assessment)) => {
                    output.write(&id, &assessment)?;
                    summary.scored += 1;
                }
                Err(row) => {
                    bar.suspend(|| on_rejected(&row));
                    if let Some(file) = &mut rejected {
                        file.write_line(json!(row))?;
                    }
                    summary.rejected += row.rows;
                    summary.incomplete |= row.last;
                }
            }
        }
        bar.set_position(rows.bytes_read());
    }
    bar.finish_and_clear();
    output.finish()?;
    rejected.map(AtomicFile::finish).transpose()?;
    Ok(summary)
}

fn refuse_same_file(config: &Config) -> Result<(), ScoreError> {
    let Ok(input) = config.input.canonicalize() else { return Ok(()) };
    for path in config.out.iter().chain(&config.rejected) {
        if path.canonicalize().is_ok_and(|path| path == input) {
            return Err(ScoreError::SameFile { path: path.clone() });
        }
    }
    Ok(())
}

/// Reads the next rows, at most `left` of them.
fn next_chunk(
    rows: &mut impl Iterator<Item = Result<Row, Rejection>>,
    left: usize,
) -> Vec<Result<Row, Rejection>> {
    let (mut chunk, mut bytes) = (Vec::new(), 0);
    for row in rows.take(left.min(CHUNK)) {
        bytes += match &row {
            Ok(row) => row.text.len(),
            Err(rejection) => rejection.content.as_ref().map_or(0, String::len),
        };
        chunk.push(row);
        if bytes >= CHUNK_BYTES {
            break;
        }
    }
    chunk
}

fn assess(assessor: &Assessor, row: Row) -> Result<(String, Assessment), Rejected> {
    match assessor.assess(&row.text) {
        Ok(assessment) => Ok((row.id, assessment)),
        Err(error) => Err(Rejected::report(row, &error)),
    }
}

/// Where assessments are written.
enum Output<'s> {
    Stream(&'s mut dyn Write),
    Lines(AtomicFile),
    Table(Table),
}

impl<'s> Output<'s> {
    fn create(
        path: Option<&Path>,
        stream: &'s mut dyn Write,
        assessor: &Assessor,
    ) -> Result<Self, ScoreError> {
        let Some(path) = path else { return Ok(Self::Stream(stream)) };
        let rubric = &assessor.model().rubric;
        match rows::extension(path).as_str() {
            "jsonl" | "ndjson" | "json" => Ok(Self::Lines(AtomicFile::create(path)?)),
            "csv" => Ok(Self::Table(Table::csv(AtomicFile::create(path)?, rubric)?)),
            "parquet" => Ok(Self::Table(Table::parquet(AtomicFile::create(path)?, rubric)?)),
            _ => Err(ScoreError::OutputFormat { path: path.to_owned() }),
        }
    }

    fn write(&mut self, id: &str, assessment: &Assessment) -> Result<(), ScoreError> {
        let line = || json!({ "id": id, "assessment": assessment });
        match self {
            Self::Stream(stream) => writeln!(stream, "{}", line()).map_err(stream_error),
            Self::Lines(file) => Ok(file.write_line(line())?),
            Self::Table(table) => table.write(id, assessment),
        }
    }

    fn finish(self) -> Result<(), ScoreError> {
        match self {
            Self::Stream(stream) => stream.flush().map_err(stream_error),
            Self::Lines(file) => Ok(file.finish()?),
            Self::Table(table) => table.finish(),
        }
    }
}

fn stream_error(source: io::Error) -> ScoreError {
    FileError::Io { path: PathBuf::from("standard output"), source }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> Result<Row, Rejection> {
        Ok(Row { place: Place::file(Path::new("x")), id: "1".to_owned(), text: text.to_owned() })
    }

    #[test]
    fn chunks_have_bounded_rows_and_bytes() {
        let mut short = std::iter::repeat_with(|| row("Short."));
        assert_eq!(next_chunk(&mut short, usize::MAX).len(), CHUNK);
        assert_eq!(next_chunk(&mut short, 3).len(), 3);
        assert_eq!(next_chunk(&mut short, 0).len(), 0);
        let megabyte = "x".repeat(1 << 20);
        let mut long = std::iter::repeat_with(|| row(&megabyte));
        assert_eq!(next_chunk(&mut long, usize::MAX).len(), 8);
        let mut rejected = std::iter::repeat_with(|| {
            let rejection = Rejection::new(Place::file(Path::new("x")), rows::Problem::Null);
            Err(Rejection { content: Some(megabyte.clone()), ..rejection })
        });
        assert_eq!(next_chunk(&mut rejected, usize::MAX).len(), 8);
    }

    #[test]
    fn a_summary_is_an_error_if_rows_are_missing() {
        let check = |scored, rejected, incomplete| {
            let summary = Summary { scored, rejected, incomplete };
            summary.check(Path::new("x.csv")).err().map(|error| error.to_string())
        };
        assert_eq!(check(2, 1, false), None);
        assert_eq!(check(0, 0, false), None);
        assert!(check(0, 3, false).unwrap().contains("x.csv: none of 3 rows"));
        assert!(check(2, 1, true).unwrap().contains("x.csv could not be read to its end"));
    }
}
