//! `trainer score`: assessments of many reports, by the code that the browser runs, on all cores.
//!
//! `rows` reads them from any kind of file, a bounded number at a time; `table` and this module write what was found, in
//! the same order. A row that is no report is told with its place and the remedy, counted, and kept in `--rejected`.

mod parquet;
mod rows;
mod table;

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use salesmirror::{Assessment, Assessor};
use serde_json::json;
use thiserror::Error;

use crate::run::{files, progress};
use self::rows::{Columns, Rejection, Row};
use self::table::Table;
use crate::{Result, TrainerError};

#[derive(clap::Args)]
pub struct Options {
    #[arg(long, default_value = "www/models/default/model.gguf")]
    model: PathBuf,
    /// Reports: .jsonl, .csv, .tsv, .parquet, .txt, .md or a folder of .txt and .md files; `-` for JSONL on standard
    /// input.
    #[arg(long)]
    input: PathBuf,
    /// Assessments: .jsonl, or .csv or .parquet for a table of levels; standard output when not given or `-`.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Rows that could not be assessed, JSONL: where they stand, why, and what they hold.
    #[arg(long)]
    rejected: Option<PathBuf>,
    #[command(flatten)]
    columns: Columns,
    /// Only so many reports, from the beginning.
    #[arg(long)]
    limit: Option<usize>,
}

/// Why reports could not be scored at all, or not all of them.
#[derive(Debug, Error)]
pub enum ScoreError {
    #[error(
        "{path}: no kind of file that can be scored; needed is .jsonl, .csv, .tsv, .parquet, .txt, .md or a folder",
        path = path.display()
    )]
    Kind { path: PathBuf },
    #[error(
        "{path}: assessments are written as .jsonl, .csv or .parquet; give --out such a name",
        path = path.display()
    )]
    OutKind { path: PathBuf },
    #[error("{path} is input and output; give --out another name", path = path.display())]
    SameFile { path: PathBuf },
    #[error("{path}: no .txt or .md file in this folder", path = path.display())]
    EmptyFolder { path: PathBuf },
    #[error(
        "{path}: no column `{column}`; name it with {option}. The columns are {found}",
        path = path.display()
    )]
    Column { path: PathBuf, column: String, option: &'static str, found: String },
    #[error("{path}: the column `{column}` holds {found}; needed are {needed}", path = path.display())]
    ColumnType { path: PathBuf, column: String, found: String, needed: &'static str },
    #[error("{path}: {source}", path = path.display())]
    Csv { path: PathBuf, source: csv::Error },
    #[error("{path} is damaged or no Parquet file ({problem}); fetch or write it again", path = path.display())]
    Parquet { path: PathBuf, problem: String },
    #[error("{path} could not be read to its end; what was read before is scored", path = path.display())]
    Incomplete { path: PathBuf },
    #[error("{path}: none of {rejected} rows is a report that can be assessed", path = path.display())]
    Nothing { path: PathBuf, rejected: u64 },
}

/// Rows that are read, scored on all cores, and written before the next are read: memory stays bounded.
const CHUNK: usize = 256;

/// Bytes of text from which on a chunk is full.
const CHUNK_BYTES: usize = 8 << 20;

pub fn run(options: &Options) -> Result<()> {
    refuse_same_file(options)?;
    let assessor = Assessor::from_gguf(&files::read_bytes(&options.model)?)?;
    let source = rows::open(&options.input, &options.columns)?;
    let mut rows = source.rows.take(options.limit.unwrap_or(usize::MAX));
    let mut output = Output::create(options.out.as_deref(), &assessor)?;
    let mut rejected = options.rejected.as_deref().map(Target::create).transpose()?;
    let bar = progress::bar(source.total as usize, source.unit);
    let (mut scored, mut skipped, mut incomplete) = (0u64, 0u64, false);
    loop {
        let (mut chunk, mut bytes) = (Vec::new(), 0);
        while chunk.len() < CHUNK && bytes < CHUNK_BYTES {
            let Some(row) = rows.next() else { break };
            bytes += row.as_ref().map_or(0, |row| row.text.len());
            chunk.push(row);
        }
        if chunk.is_empty() {
            break;
        }
        let assessed: Vec<_> =
            chunk.into_par_iter().map(|row| row.and_then(|row| assess(&assessor, row))).collect();
        for result in assessed {
            match result {
                Ok((id, assessment)) => {
                    output.write(&id, &assessment)?;
                    scored += 1;
                }
                Err(rejection) => {
                    bar.suspend(|| eprintln!("{rejection}; skipped"));
                    if let Some(file) = &mut rejected {
                        file.line(&serde_json::json!(rejection))?;
                    }
                    skipped += rejection.rows;
                    incomplete |= rejection.last;
                }
            }
        }
        bar.set_position(source.position.get());
    }
    bar.finish_and_clear();
    output.finish()?;
    rejected.map(Target::finish).transpose()?;
    eprintln!("{scored} reports scored, {skipped} skipped");
    let path = options.input.clone();
    if incomplete {
        return Err(ScoreError::Incomplete { path }.into());
    }
    if scored == 0 && skipped > 0 {
        return Err(ScoreError::Nothing { path, rejected: skipped }.into());
    }
    Ok(())
}

fn refuse_same_file(options: &Options) -> Result<()> {
    let Ok(input) = options.input.canonicalize() else { return Ok(()) };
    for path in options.out.iter().chain(&options.rejected) {
        if path.canonicalize().is_ok_and(|path| path == input) {
            return Err(ScoreError::SameFile { path: path.clone() }.into());
        }
    }
    Ok(())
}

fn assess(assessor: &Assessor, row: Row) -> std::result::Result<(String, Assessment), Rejection> {
    match assessor.assess(&row.text) {
        Ok(assessment) => Ok((row.id, assessment)),
        Err(error) => {
            let problem = format!("report `{}`: {error}", row.id);
            Err(Rejection { id: Some(row.id), ..Rejection::new(row.place, problem, Some(row.text)) })
        }
    }
}

/// Where assessments go, in which form.
enum Output {
    Lines(Target),
    Table(Table),
}

impl Output {
    fn create(path: Option<&Path>, assessor: &Assessor) -> Result<Self> {
        let Some(path) = path.filter(|path| path.as_os_str() != "-") else {
            return Ok(Self::Lines(Target::Standard(BufWriter::new(std::io::stdout()))));
        };
        match rows::extension(path).as_str() {
            "jsonl" | "ndjson" | "json" => Ok(Self::Lines(Target::create(path)?)),
            "csv" => Ok(Self::Table(Table::csv(Target::create(path)?, &assessor.model().rubric)?)),
            "parquet" => Ok(Self::Table(Table::parquet(Target::create(path)?, &assessor.model().rubric)?)),
            _ => Err(ScoreError::OutKind { path: path.to_owned() }.into()),
        }
    }

    fn write(&mut self, id: &str, assessment: &Assessment) -> Result<()> {
        match self {
            Self::Lines(target) => target.line(&json!({ "id": id, "assessment": assessment })),
            Self::Table(table) => table.write(id, assessment),
        }
    }

    fn finish(self) -> Result<()> {
        match self {
            Self::Lines(target) => target.finish(),
            Self::Table(table) => table.finish(),
        }
    }
}

/// Standard output, or a file that has its name only when it is complete.
enum Target {
    Standard(BufWriter<std::io::Stdout>),
    File { path: PathBuf, partial: PathBuf, file: BufWriter<std::fs::File> },
}

impl Target {
    fn create(path: &Path) -> Result<Self> {
        let partial = path.with_added_extension("partial");
        let io = |source| files::FileError::Io { path: partial.clone(), source }.into();
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(io)?;
        }
        let file = BufWriter::new(std::fs::File::create(&partial).map_err(io)?);
        Ok(Self::File { path: path.to_owned(), partial, file })
    }

    fn name(&self) -> PathBuf {
        match self {
            Self::Standard(_) => PathBuf::from("standard output"),
            Self::File { partial, .. } => partial.clone(),
        }
    }

    fn line(&mut self, value: &serde_json::Value) -> Result<()> {
        writeln!(self, "{value}").map_err(|source| files::FileError::Io { path: self.name(), source }.into())
    }

    /// Makes sure that all is on disk, and only then gives the file its name.
    fn finish(mut self) -> Result<()> {
        let name = self.name();
        let finish = || {
            self.flush()?;
            if let Self::File { path, partial, file } = self {
                file.get_ref().sync_all()?;
                std::fs::rename(partial, path)?;
            }
            Ok(())
        };
        finish().map_err(|source| files::FileError::Io { path: name, source }.into())
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Standard(stream) => stream.write(bytes),
            Self::File { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Standard(stream) => stream.flush(),
            Self::File { file, .. } => file.flush(),
        }
    }
}
