//! `trainer import`: a small encoder out of a large one.

use std::path::PathBuf;

use salesmirror_trainer::model_dir::prune::{Kept, prune_encoder};

use super::Outcome;

#[derive(clap::Args)]
pub struct Options {
    /// Hugging Face BERT directory with a Unigram tokenizer: config.json, model.safetensors, tokenizer.json.
    #[arg(long)]
    base: PathBuf,
    /// Encoder directory to write.
    #[arg(long)]
    out: PathBuf,
    /// Word frequencies of a language and how many of its pieces to keep: FILE.tsv:PIECES, with lines of word TAB frequency,
    /// most frequent first. Without any, the vocabulary stays whole.
    #[arg(long, value_parser = frequency_list)]
    frequency: Vec<(PathBuf, usize)>,
    /// Layers to keep, by number from 0; all when not given.
    #[arg(long, value_delimiter = ',')]
    layers: Option<Vec<usize>>,
    /// Positions to keep.
    #[arg(long, default_value_t = 384)]
    positions: usize,
}

fn frequency_list(argument: &str) -> Result<(PathBuf, usize), String> {
    let split = argument.rsplit_once(':').and_then(|(path, n)| Some((PathBuf::from(path), n.parse().ok()?)));
    split.ok_or_else(|| format!("`{argument}` is not FILE.tsv:PIECES"))
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
