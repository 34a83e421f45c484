//! `trainer score` assesses reports with a model file.

use std::error::Error;
use std::io::{self, BufWriter};
use std::path::PathBuf;

use salesmirror_trainer::data::rows::{Columns, IdColumn};
use salesmirror_trainer::scoring::{self, Config};

#[derive(clap::Args)]
pub struct Options {
    /// Model file, or a folder with one and its manifest.
    #[arg(long, default_value = "www/models/default/model.gguf")]
    model: PathBuf,
    /// Reports: a .jsonl, .csv, .tsv, .parquet, .txt or .md file, or a folder of .txt and .md files; `-` reads JSONL from
    /// standard input.
    #[arg(long)]
    input: PathBuf,
    /// File for the assessments: .jsonl, or .csv or .parquet for a table of levels. By default, or with `-`, standard output.
    #[arg(long)]
    out: Option<PathBuf>,
    /// JSONL file for the rows that could not be assessed, with the place, the reason and the content of each.
    #[arg(long)]
    rejected: Option<PathBuf>,
    /// Column or field with the text.
    #[arg(long, default_value = "text")]
    text_column: String,
    /// Column or field with the id. By default `id`, or the number of the line or row if there is no `id`.
    #[arg(long)]
    id_column: Option<String>,
    /// Assess only this many rows, from the first.
    #[arg(long)]
    limit: Option<usize>,
}

pub fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let config = Config {
        model: options.model.clone(),
        input: options.input.clone(),
        out: options.out.clone().filter(|path| path.as_os_str() != "-"),
        rejected: options.rejected.clone(),
        columns: Columns {
            text: options.text_column.clone(),
            id: options.id_column.clone().map_or(IdColumn::Default, IdColumn::Named),
        },
        limit: options.limit,
    };
    let mut stdout = BufWriter::new(io::stdout());
    let summary = scoring::score(&config, &mut stdout, &mut |row| eprintln!("{row}; skipped"))?;
    eprintln!("{} reports scored, {} skipped", summary.scored, summary.rejected);
    Ok(summary.check(&options.input)?)
}
