//! metrics.jsonl, the measurements of a run, with one JSON object per line. Each object has `step` (the number of steps done),
//! `seconds` (the time since the command began), and named numbers.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use serde_json::{Map, Value};

use super::files::{self, FileError};

/// The name of the file in a run directory.
pub const METRICS_LOG: &str = "metrics.jsonl";

/// The numbers of a line, by name.
pub type Measurements = BTreeMap<String, f64>;

/// A log that grows during a run.
pub struct MetricsLog {
    path: PathBuf,
    file: Mutex<File>,
    begin: Instant,
}

impl MetricsLog {
    /// Opens the log in a run directory, and creates it if it is missing.
    pub fn open(run: &Path) -> Result<Self, FileError> {
        let path = run.join(METRICS_LOG);
        let file = append_to(&path)?;
        Ok(Self { path, file: Mutex::new(file), begin: Instant::now() })
    }

    /// Adds a line.
    pub fn append(&self, step: usize, numbers: &Measurements) -> Result<(), FileError> {
        let mut line = Map::new();
        line.insert("step".to_owned(), step.into());
        line.insert("seconds".to_owned(), self.begin.elapsed().as_secs_f64().into());
        line.extend(numbers.iter().map(|(name, number)| (name.clone(), (*number).into())));
        let mut file = self.file.lock().unwrap_or_else(|e| e.into_inner());
        writeln!(file, "{}", Value::Object(line)).map_err(FileError::io(&self.path))
    }

    /// Drops all lines.
    pub fn clear(&self) -> Result<(), FileError> {
        self.replace("")
    }

    /// Drops the lines after a step, because the run will repeat the steps that follow.
    pub fn rewind(&self, step: usize) -> Result<(), FileError> {
        let text = files::read_text(&self.path)?;
        let is_kept = |line: &&str| {
            let at = parse(line).and_then(|numbers| numbers.get("step").copied());
            at.is_some_and(|at| at <= step as f64)
        };
        let kept: String = text.lines().filter(is_kept).map(|line| format!("{line}\n")).collect();
        self.replace(&kept)
    }

    fn replace(&self, lines: &str) -> Result<(), FileError> {
        files::write_bytes(&self.path, lines.as_bytes())?;
        *self.file.lock().unwrap_or_else(|e| e.into_inner()) = append_to(&self.path)?;
        Ok(())
    }
}

fn append_to(path: &Path) -> Result<File, FileError> {
    OpenOptions::new().create(true).append(true).open(path).map_err(FileError::io(path))
}

/// Reads the log in a run directory.
pub fn read(run: &Path) -> Result<Vec<Measurements>, FileError> {
    Ok(files::read_text(&run.join(METRICS_LOG))?.lines().filter_map(parse).collect())
}

/// Parses a line into its numbers. Returns `None` for a line that a crash cut short.
fn parse(line: &str) -> Option<Measurements> {
    let line: Map<String, Value> = serde_json::from_str(line).ok()?;
    Some(line.into_iter().filter_map(|(name, value)| Some((name, value.as_f64()?))).collect())
}
