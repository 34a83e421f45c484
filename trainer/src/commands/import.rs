//! `trainer import` makes an encoder to start from: a small one from a large one, or that of a model file, with its heads.

use std::path::PathBuf;

use candle_core::Tensor;
use salesmirror_trainer::model_dir::prune::{Kept, prune_encoder};
use salesmirror_trainer::model_dir::unpack::unpack_model;

use super::{Outcome, UsageError};

#[derive(clap::Args)]
pub struct Options {
    /// Hugging Face BERT directory with config.json, model.safetensors and the tokenizer.json of a Unigram tokenizer; or a model
    /// file, such as www/models/default/model.gguf, whose encoder and heads are taken as they are.
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
    /// Number of positions to keep; by default 384.
    #[arg(long)]
    positions: Option<usize>,
}

/// A window of the inference crate has at most so many tokens.
const POSITIONS: usize = 384;

fn frequency_list(argument: &str) -> Result<(PathBuf, usize), String> {
    let split = argument.rsplit_once(':').and_then(|(path, n)| Some((PathBuf::from(path), n.parse().ok()?)));
    split.ok_or_else(|| format!("expected FILE.tsv:PIECES, found `{argument}`"))
}

pub fn run(options: &Options) -> Outcome {
    if options.base.is_file() {
        return unpack(options);
    }
    let kept = Kept {
        frequencies: &options.frequency,
        layers: options.layers.as_deref(),
        positions: options.positions.unwrap_or(POSITIONS),
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

/// Takes a model file apart.
fn unpack(options: &Options) -> Outcome {
    if !options.frequency.is_empty() || options.layers.is_some() || options.positions.is_some() {
        let problem = "--base is a model file, whose encoder is taken as it is; leave out --frequency, --layers and --positions";
        return Err(UsageError(problem.to_owned()).into());
    }
    let encoder = unpack_model(&options.base, &options.out)?.encoder;
    println!(
        "{}: {} layers, {} pieces, {} positions, {:.1} M parameters, {} adapters beside them",
        options.out.display(),
        encoder.config.num_hidden_layers,
        encoder.config.vocab_size,
        encoder.config.max_position_embeddings,
        encoder.weights.values().map(Tensor::elem_count).sum::<usize>() as f64 / 1e6,
        encoder.adapters.len() / 2,
    );
    Ok(())
}
