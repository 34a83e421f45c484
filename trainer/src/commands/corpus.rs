//! `trainer corpus` builds a corpus for pretraining from texts in files and folders.

use std::error::Error;
use std::path::PathBuf;

use salesmirror::text::Language;
use salesmirror_trainer::corpus::source::Skipped;
use salesmirror_trainer::corpus::{self, Config, SKIPPED_FILE};

#[derive(clap::Args)]
pub struct Options {
    /// Files (.txt, .md, .csv, .tsv, .jsonl, .parquet), or folders of such files.
    #[arg(long, required = true, num_args = 1..)]
    input: Vec<PathBuf>,
    /// Folder for corpus.jsonl, statistics.json and skipped.jsonl.
    #[arg(long)]
    out: PathBuf,
    /// Column or field with the text.
    #[arg(long, default_value = "text")]
    text_column: String,
    /// Languages to keep: zh, en, mixed, other.
    #[arg(long, value_delimiter = ',', default_value = "zh,en,mixed")]
    languages: Vec<Language>,
    /// Leave out documents that share at least this proportion of their four-word sequences with an earlier one; 1 leaves
    /// out exact duplicates only.
    #[arg(long, default_value_t = 0.8, value_parser = proportion)]
    similarity: f64,
    /// Leave out lines that at least this proportion of the documents contain, and at least five documents; 0 keeps all
    /// lines.
    #[arg(long, default_value_t = 0.01, value_parser = proportion)]
    boilerplate: f64,
    /// A tokenizer.json, with which tokens are counted too.
    #[arg(long)]
    tokenizer: Option<PathBuf>,
}

fn proportion(argument: &str) -> Result<f64, String> {
    let proportion = argument.parse().ok().filter(|proportion| (0.0..=1.0).contains(proportion));
    proportion.ok_or_else(|| "expected a number from 0 to 1".to_owned())
}

/// The number of skipped rows that are printed. All of them are listed in skipped.jsonl.
const PRINTED: u64 = 20;

pub fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let config = Config {
        inputs: options.input.clone(),
        out: options.out.clone(),
        text_column: options.text_column.clone(),
        languages: options.languages.clone(),
        similarity: options.similarity,
        boilerplate: options.boilerplate,
        tokenizer: options.tokenizer.clone(),
    };
    let mut count = 0;
    let mut print_skipped = |row: &Skipped| {
        count += 1;
        match count {
            ..=PRINTED => eprintln!("{row}; skipped"),
            count if count == PRINTED + 1 => {
                eprintln!("more is skipped, see {}", options.out.join(SKIPPED_FILE).display());
            }
            _ => {}
        }
    };
    let statistics = corpus::build(&config, &mut print_skipped)?;
    print!("{statistics}");
    Ok(())
}
