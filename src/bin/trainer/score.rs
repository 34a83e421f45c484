//! `trainer score`: assessments of many reports, one JSON object a line, by the code that the browser runs.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::PathBuf;

use rayon::prelude::*;
use salesmirror::Assessor;
use serde::Deserialize;
use serde_json::json;

use crate::{Result, TrainerError};

#[derive(clap::Args)]
pub struct Options {
    #[arg(long, default_value = "www/models/default/model.gguf")]
    model: PathBuf,
    /// Reports, JSONL with `id` and `text`; `-` for standard input.
    #[arg(long)]
    input: PathBuf,
    /// Assessments; standard output when not given.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Only so many reports, from the beginning.
    #[arg(long)]
    limit: Option<usize>,
}

/// Lines that are read, scored on all cores, and written before the next are read: memory stays bounded.
const CHUNK: usize = 256;

#[derive(Deserialize)]
struct Row {
    id: String,
    text: String,
}

pub fn run(options: &Options) -> Result<()> {
    let io = |path: &PathBuf| {
        let path = path.clone();
        move |source| TrainerError::Io { path, source }
    };
    let assessor = Assessor::from_gguf(&crate::read(&options.model)?)?;
    let input: Box<dyn BufRead> = match options.input.as_os_str() == "-" {
        true => Box::new(std::io::stdin().lock()),
        false => Box::new(BufReader::new(std::fs::File::open(&options.input).map_err(io(&options.input))?)),
    };
    let mut lines = input.lines().take(options.limit.unwrap_or(usize::MAX));
    let stdout = PathBuf::from("standard output");
    let name = options.out.as_ref().unwrap_or(&stdout);
    let mut out: Box<dyn Write> = match &options.out {
        Some(path) => Box::new(BufWriter::new(std::fs::File::create(path).map_err(io(path))?)),
        None => Box::new(BufWriter::new(std::io::stdout().lock())),
    };
    let (mut scored, mut skipped, mut first) = (0usize, 0usize, 1usize);
    loop {
        let chunk = lines
            .by_ref()
            .take(CHUNK)
            .collect::<std::io::Result<Vec<String>>>()
            .map_err(io(&options.input))?;
        if chunk.is_empty() {
            break;
        }
        let results: Vec<std::result::Result<String, String>> =
            chunk.par_iter().map(|line| assess(&assessor, line)).collect();
        for (i, result) in results.into_iter().enumerate() {
            match result {
                Ok(line) => {
                    writeln!(out, "{line}").map_err(io(name))?;
                    scored += 1;
                }
                Err(problem) => {
                    eprintln!("{} line {}: {problem}; skipped", options.input.display(), first + i);
                    skipped += 1;
                }
            }
        }
        first += chunk.len();
    }
    out.flush().map_err(io(name))?;
    eprintln!("{scored} reports scored, {skipped} skipped");
    Ok(())
}

fn assess(assessor: &Assessor, line: &str) -> std::result::Result<String, String> {
    let row: Row = serde_json::from_str(line).map_err(|e| format!("no report: {e}"))?;
    let assessment = assessor.assess(&row.text).map_err(|e| format!("report `{}`: {e}", row.id))?;
    Ok(json!({ "id": row.id, "assessment": assessment }).to_string())
}
