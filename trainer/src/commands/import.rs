//! `trainer import` makes a small encoder from a large one.

use std::path::PathBuf;

use salesmirror_trainer::model_dir::prune::{Kept, prune_encoder};

use super::Outcome;

#[derive(clap::Args)]
pub struct Options {
    /// Hugging Face BERT directory with config.json, model.safetensors and the tokenizer.json of a Unigram tokenizer.
    #[arg(long)]
    base: PathBuf,
    /// Encoder directory to write.
    #[arg(long)]
    out: PathBuf,
    /// Word frequencies of a language and the number of its pieces to keep, as FILE.tsv:PIECES. The file has lines of word TAB
    /// frequency, most frequent first. By default, the whole vocabulary is kept.
    #[arg(long, value_parser = frequency_list)]
    frequency: Vec<(PathBuf, usize)>,
    /// Layers to keep, counted from 0; by default all.
    #[arg(long, value_delimiter = ',')]
    layers: Option<Vec<usize>>,
    /// Number of positions to keep.
    #[arg(long, default_value_t = 384)]
    positions: usize,
}

fn frequency_list(argument: &str) -> Result<(PathBuf, usize), String> {
    let split = argument.rsplit_once(':').and_then(|(path, n)| Some((PathBuf::from(path), n.parse().ok()?)));
    split.ok_or_else(|| format!("expected FILE.tsv:PIECES, found `{argument}`"))
}

pub fn run(options: &Options) -> Outcome {
    let kept = Kept {
        frequencies: &options.frequency,
        layers: options.layers.as_deref(),
        positions: options.positions,
    };
    let pruned = prune_encoder(&options.base, &kept, &options.out)?;
    let [before, after] = pruned.pieces;
    println!(
        "{}: {} layers, {after} of {before} pieces, {} positions, {:.1} M parameters",
        options.out.display(),
        pruned.layers,
        pruned.positions,
        pruned.parameters as f64 / 1e6
    );
    Ok(())
}
