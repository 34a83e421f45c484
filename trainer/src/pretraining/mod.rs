//! Self-supervised pretraining of an encoder on texts without labels, with the loss L = L_MLM + L_NSP (Devlin et al. 2019). The
//! encoder predicts masked words, and whether one passage follows another. With `--experts`, some feed-forward layers become
//! mixtures of experts (GLaM, Du et al. 2022), and a load-balancing term is added to L.
//!
//! | module | what it owns |
//! |---|---|
//! | `documents` | texts as tokens, words and sentences |
//! | `pairs` | windows of two passages, in batches and epochs |
//! | `masking` | which words are masked |
//! | `heads` | the heads of both tasks, their losses and accuracies |
//! | `encoder` | the encoder that training starts from, and the directory that it writes |
//!
//! The training loop is [`crate::run::training`]. All randomness is derived from the seed, the epoch and the batch, so that a
//! resumed run gives the same bits.

mod documents;
mod encoder;
mod heads;
mod masking;
mod pairs;

use std::path::PathBuf;

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use salesmirror::ModelError;
use salesmirror::model::{EncoderConfig, Tokenizer, tensor_names};
use serde::Serialize;
use thiserror::Error;

use self::documents::Document;
use self::encoder::InitialEncoder;
use self::heads::{Accuracy, PretrainingHeads};
use self::masking::{Masked, Masking};
use self::pairs::{Pairs, Place};
use crate::autograd::{Group, Parameters, Pass, Routing, derive_seed, forward_flops};
use crate::model_dir::EncoderDirectoryError;
use crate::report::curves::{self, CurveError};
use crate::run::directory::{RunDirectory, RunError};
use crate::run::files::{self, FileError};
use crate::run::metrics::{self, Measurements};
use crate::run::progress;
use crate::run::training::{self, HeldOut, Loss, Objective, Progress, TrainingError, TrainingOptions};

/// The options of pretraining.
#[derive(clap::Args, Clone, Debug, Serialize)]
pub struct PretrainArgs {
    /// Encoder directory with config.json, tokenizer.json and, unless --scratch is set, model.safetensors. Pretraining heads
    /// that an earlier run wrote there (pretraining.safetensors) are trained further.
    #[arg(long)]
    pub encoder: PathBuf,
    /// JSONL file with texts in the field `text`, such as `trainer corpus` writes. May be given several times.
    #[arg(long, required = true)]
    pub corpus: Vec<PathBuf>,
    /// Run directory for config.toml, log.txt, metrics.jsonl, checkpoints, report.md, and the trained encoder in `encoder`.
    #[arg(long, default_value = "work/pretrain")]
    pub run: PathBuf,
    /// Resume the run in this directory from its newest checkpoint.
    #[arg(long)]
    #[serde(skip)]
    pub resume: bool,

    /// Start from random weights. The shape is that of config.json, except where the following options change it.
    #[arg(long)]
    pub scratch: bool,
    /// Hidden size of the encoder.
    #[arg(long, requires = "scratch")]
    pub hidden: Option<usize>,
    #[arg(long, requires = "scratch")]
    pub layers: Option<usize>,
    /// Number of attention heads.
    #[arg(long, requires = "scratch")]
    pub heads: Option<usize>,
    /// Width of the feed-forward layers, and of each expert.
    #[arg(long, requires = "scratch")]
    pub intermediate: Option<usize>,
    /// Turn feed-forward layers into mixtures of this many experts. In a trained encoder, they start as copies of its dense
    /// layers.
    #[arg(long)]
    pub experts: Option<usize>,
    /// Number of experts that each token is sent to.
    #[arg(long, default_value_t = 2)]
    pub top_k: usize,
    /// Every how many layers there is a mixture of experts: with 2, in the second layer, the fourth and so on.
    #[arg(long, default_value_t = 2)]
    pub moe_every: usize,
    /// Capacity of an expert, relative to an even share of a batch's tokens. Tokens beyond the capacity skip the expert.
    #[arg(long, default_value_t = 1.25)]
    pub capacity_factor: f64,
    /// Weight of the load-balancing loss.
    #[arg(long, default_value_t = 0.01)]
    pub balance: f64,

    /// Passes over the texts.
    #[arg(long, default_value_t = 1)]
    pub epochs: usize,
    /// Number of steps, instead of --epochs.
    #[arg(long)]
    pub steps: Option<usize>,
    /// Maximum number of tokens in a window.
    #[arg(long, default_value_t = 256)]
    pub length: usize,
    /// Tokens per batch.
    #[arg(long, default_value_t = 2048)]
    pub batch_tokens: usize,
    /// Number of batches whose gradients are averaged in each step.
    #[arg(long, default_value_t = 1)]
    pub accumulate: usize,
    /// Learning rate at the end of the warm-up.
    #[arg(long, default_value_t = 2e-4)]
    pub learning_rate: f64,
    /// Steps over which the learning rate rises; by default a tenth of all steps.
    #[arg(long)]
    pub warm_up: Option<usize>,
    /// Decoupled weight decay, which does not apply to biases and norms.
    #[arg(long, default_value_t = 0.01)]
    pub weight_decay: f64,
    /// Norm at which gradients are clipped.
    #[arg(long, default_value_t = 1.0)]
    pub clip: f64,
    #[arg(long, default_value_t = 0.1)]
    pub dropout: f32,
    /// Share of the tokens that are masked.
    #[arg(long, default_value_t = 0.15)]
    pub mask_share: f64,
    /// Freeze the embeddings and this many of the lower layers.
    #[arg(long)]
    pub freeze: Option<usize>,
    #[arg(long, default_value_t = 0)]
    pub seed: u64,

    /// Share of the texts that are held out for evaluation.
    #[arg(long, default_value_t = 0.05)]
    pub held_out: f64,
    /// Maximum number of windows of held-out texts that are evaluated.
    #[arg(long, default_value_t = 256)]
    pub held_out_windows: usize,
    /// Steps between evaluations.
    #[arg(long, default_value_t = 200)]
    pub evaluate_every: usize,
    /// Steps between checkpoints.
    #[arg(long, default_value_t = 200)]
    pub checkpoint_every: usize,
    /// Number of checkpoints to keep.
    #[arg(long, default_value_t = 2)]
    pub keep: usize,
}

/// Why an encoder cannot be pretrained.
#[derive(Debug, Error)]
pub enum PretrainingError {
    #[error("{0}")]
    Options(&'static str),
    #[error(
        "next sentence prediction needs at least two texts of more than one word, but found {found}; add more with --corpus"
    )]
    TooFewTexts { found: usize },
    #[error(
        "tokenizer.json has neither a token `<mask>` nor `[MASK]`; use a tokenizer made for masked language modelling"
    )]
    NoMaskToken,
    #[error(
        "the tokenizer has {pieces} pieces, but the encoder has only {embeddings} word embeddings; use matching files"
    )]
    OtherTokenizer { pieces: usize, embeddings: usize },
    #[error(
        "{path}: the encoder already has {count} experts, top-{top_k} every {every} layers; leave --experts out",
        path = path.display()
    )]
    HasExperts { path: PathBuf, count: usize, top_k: usize, every: usize },
    #[error(transparent)]
    Corpus(#[from] documents::DocumentError),
    #[error(transparent)]
    Encoder(#[from] EncoderDirectoryError),
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error(transparent)]
    Run(#[from] RunError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Training(#[from] TrainingError),
    #[error(transparent)]
    Curves(#[from] CurveError),
    #[error("tensor computation failed: {0}")]
    Compute(#[from] candle_core::Error),
}

/// The purposes that seeds are derived for.
enum Purpose {
    HeldOut,
    Weights,
    Epoch,
    Dropout,
}

impl PretrainArgs {
    fn seed(&self, purpose: Purpose, number: usize) -> u64 {
        derive_seed(derive_seed(self.seed, purpose as u64), number as u64)
    }

    /// Checks the options that the training loop does not check.
    fn check(&self) -> Result<(), PretrainingError> {
        let is_share = |x: f64| (0.0..1.0).contains(&x);
        let rules = [
            (self.mask_share > 0.0 && is_share(self.mask_share), "--mask-share must be between 0 and 1"),
            (is_share(self.held_out), "--held-out must be at least 0 and below 1"),
            (is_share(self.dropout.into()), "--dropout must be at least 0 and below 1"),
            (self.length >= 16, "--length must be at least 16 tokens"),
            (self.batch_tokens >= self.length, "--batch-tokens must be at least --length"),
            (self.capacity_factor > 0.0, "--capacity-factor must be above 0"),
        ];
        match rules.into_iter().find(|(holds, _)| !holds) {
            Some((_, rule)) => Err(PretrainingError::Options(rule)),
            None => Ok(()),
        }
    }
}

/// The result of a run.
pub struct Pretrained {
    /// The encoder directory that was written.
    pub encoder: PathBuf,
    /// The accuracy on held-out texts; `None` if none were held out.
    pub held_out: Option<Accuracy>,
}

/// Pretrains an encoder. After every step, `is_stopped` is called with the number of steps done.
///
/// # Errors
/// When an option, the encoder or the corpus cannot be used, when the run is stopped, and when it diverges.
pub fn pretrain(
    args: &PretrainArgs,
    is_stopped: &dyn Fn(usize) -> bool,
) -> Result<Pretrained, PretrainingError> {
    args.check()?;
    let run = RunDirectory::open(&args.run, args, args.resume)?;

    let mut initial = InitialEncoder::read(args)?;
    let tokenizer = Tokenizer::from_json(&initial.tokenizer_json)?;
    let length = args.length.min(initial.config.max_position_embeddings);
    let (texts, held_out) = read_texts(args, &tokenizer, pairs::longest_sentence(length))?;
    let masking = Masking::new(&tokenizer, args.mask_share)?;
    let counts = count_pieces(&texts, initial.config.vocab_size);
    let pairs = Pairs::new(texts, length, tokenizer.frame())?;
    let held_out = held_out_windows(args, held_out, length, &tokenizer, &masking)?;

    initial.add_missing_heads(&counts, args.seed(Purpose::Weights, 2))?;
    let InitialEncoder { config, tensors, .. } = &initial;
    let parameters = Parameters::new(tensors.clone(), |name| is_trained(name, args.freeze))?;
    let per_epoch = pairs.epoch(args.batch_tokens, args.seed(Purpose::Epoch, 0)).len();
    let steps = args.steps.unwrap_or((args.epochs * per_epoch).div_ceil(args.accumulate.max(1)));
    let options = TrainingOptions {
        steps,
        learning_rate: args.learning_rate,
        warm_up: args.warm_up.unwrap_or(steps / 10),
        clip: args.clip,
        accumulate: args.accumulate,
        evaluate_every: args.evaluate_every,
        patience: None,
        average: 0,
        checkpoint_every: args.checkpoint_every,
        keep: args.keep,
    };
    tracing::info!(
        trained = parameters.count(),
        parameters = tensors.values().map(|tensor| tensor.elem_count()).sum::<usize>(),
        windows = pairs.len(),
        steps,
        held_out = held_out.iter().map(Vec::len).sum::<usize>(),
        "pretraining"
    );
    let objective = Pretraining { args, config, parameters, pairs, masking, held_out };
    let bar = progress::training_bar(steps);
    let progress = training::train(&objective, &options, Some(&run), &bar, is_stopped)?;

    let accuracy = objective.accuracy()?;
    let encoder = run.path().join("encoder");
    initial.write(&encoder, objective.parameters.merged()?)?;
    let report = report(args, config, &progress, &accuracy)?;
    files::write_bytes(&run.path().join("report.md"), report.as_bytes())?;
    curves::draw_own(run.path(), HELD_OUT_MLM_LOSS, "curves.svg")?;
    Ok(Pretrained { encoder, held_out: (accuracy.pairs > 0).then_some(accuracy) })
}

/// Names of measurements in metrics.jsonl.
const HELD_OUT_MLM_LOSS: &str = "held_out_mlm_loss";
const HELD_OUT_MLM_ACCURACY: &str = "held_out_mlm_accuracy";
const HELD_OUT_NSP_LOSS: &str = "held_out_nsp_loss";
const HELD_OUT_NSP_ACCURACY: &str = "held_out_nsp_accuracy";

/// The encoder and the heads of both tasks as an objective of the training loop.
struct Pretraining<'a> {
    args: &'a PretrainArgs,
    config: &'a EncoderConfig,
    parameters: Parameters,
    pairs: Pairs,
    masking: Masking,
    /// Batches of windows from held-out texts.
    held_out: Vec<Vec<Masked>>,
}

impl Pretraining<'_> {
    fn heads(&self) -> PretrainingHeads<'_> {
        PretrainingHeads::new(self.config, &self.parameters, self.args.balance)
    }

    /// Computes the accuracy on the held-out windows.
    fn accuracy(&self) -> candle_core::Result<Accuracy> {
        let mut accuracy = Accuracy::default();
        self.held_out.iter().try_for_each(|windows| self.heads().count(windows, &mut accuracy))?;
        Ok(accuracy)
    }
}

impl Objective for Pretraining<'_> {
    type Batch = Vec<Place>;
    type Error = PretrainingError;

    fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    fn group(&self, name: &str) -> Group {
        let is_plain = name.ends_with("bias") || tensor_names::is_norm(name);
        Group { rate: 1.0, weight_decay: if is_plain { 0.0 } else { self.args.weight_decay } }
    }

    fn epoch(&self, number: usize) -> Vec<Vec<Place>> {
        self.pairs.epoch(self.args.batch_tokens, self.args.seed(Purpose::Epoch, number))
    }

    fn loss(&self, batch: &Vec<Place>, number: usize) -> Result<Loss, PretrainingError> {
        let windows = masked_windows(batch, &self.pairs, &self.masking);
        let seed = self.args.seed(Purpose::Dropout, number);
        let mut pass = Pass::training(self.args.dropout, seed).capacity(self.args.capacity_factor);
        let losses = self.heads().losses(&windows, &mut pass)?;
        let mut measurements: Measurements =
            [("mlm_loss".to_owned(), losses.mlm), ("nsp_loss".to_owned(), losses.nsp)].into();
        if let Some(balance) = losses.balance {
            measurements.insert("balance".to_owned(), balance);
            measurements.extend(measure_routing(pass.routing()));
        }
        let tokens = windows.iter().map(|window| window.ids.len()).sum();
        Ok(Loss { total: losses.total, measurements, tokens, flops: count_flops(self.config, &windows) })
    }

    fn evaluate(&self) -> Result<Option<HeldOut>, PretrainingError> {
        let accuracy = self.accuracy()?;
        if accuracy.pairs == 0 {
            return Ok(None);
        }
        let measurements = [
            (HELD_OUT_MLM_LOSS, accuracy.mlm_loss()),
            (HELD_OUT_MLM_ACCURACY, accuracy.mlm_accuracy()),
            (HELD_OUT_NSP_LOSS, accuracy.nsp_loss()),
            (HELD_OUT_NSP_ACCURACY, accuracy.nsp_accuracy()),
        ];
        Ok(Some(HeldOut {
            loss: accuracy.mlm_loss() + accuracy.nsp_loss(),
            measurements: measurements.map(|(name, value)| (name.to_owned(), value)).into(),
        }))
    }
}

/// Measures the share of choices that go to each expert of each layer, and the share that exceeds the experts' capacity.
fn measure_routing(routing: &[Routing]) -> Measurements {
    let mut measurements = Measurements::new();
    let total = |load: &[usize]| load.iter().sum::<usize>();
    for Routing { layer, load, .. } in routing {
        for (e, &tokens) in load.iter().enumerate() {
            measurements.insert(format!("load.{layer}.{e}"), tokens as f64 / total(load).max(1) as f64);
        }
    }
    let choices: usize = routing.iter().map(|routing| total(&routing.load)).sum();
    let dropped: usize = routing.iter().map(|routing| routing.dropped).sum();
    measurements.insert("dropped_share".to_owned(), dropped as f64 / choices.max(1) as f64);
    measurements
}

/// Reads all texts, in the order of the files, and splits them into those to train on and those to hold out.
fn read_texts(
    args: &PretrainArgs,
    tokenizer: &Tokenizer,
    longest: usize,
) -> Result<(Vec<Document>, Vec<Document>), PretrainingError> {
    let mut all: Vec<Document> = Vec::new();
    for path in &args.corpus {
        all.extend(documents::read(path, tokenizer, longest)?);
    }
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.shuffle(&mut StdRng::seed_from_u64(args.seed(Purpose::HeldOut, 0)));
    // At least two texts are held out, because a single text cannot be paired with a passage from another one.
    let count = match args.held_out {
        0.0 => 0,
        share => ((share * all.len() as f64).round() as usize).max(2),
    };
    let mut is_held_out = vec![false; all.len()];
    order.into_iter().take(count).for_each(|i| is_held_out[i] = true);
    let (mut texts, mut held_out) = (Vec::new(), Vec::new());
    for (document, is_held_out) in all.into_iter().zip(is_held_out) {
        if is_held_out { held_out.push(document) } else { texts.push(document) }
    }
    Ok((texts, held_out))
}

/// Makes batches of masked windows from the held-out texts.
fn held_out_windows(
    args: &PretrainArgs,
    texts: Vec<Document>,
    length: usize,
    tokenizer: &Tokenizer,
    masking: &Masking,
) -> Result<Vec<Vec<Masked>>, PretrainingError> {
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    let pairs = Pairs::new(texts, length, tokenizer.frame())?;
    let mut batches = pairs.epoch(args.batch_tokens, args.seed(Purpose::HeldOut, 1));
    let mut left = args.held_out_windows;
    for batch in &mut batches {
        batch.truncate(left);
        left -= batch.len();
    }
    let batches = batches.iter().filter(|batch| !batch.is_empty());
    Ok(batches.map(|batch| masked_windows(batch, &pairs, masking)).collect())
}

/// Counts how often each piece of the vocabulary occurs.
fn count_pieces(documents: &[Document], vocabulary: usize) -> Vec<u64> {
    let mut counts = vec![0; vocabulary];
    for &id in documents.iter().flat_map(|document| &document.ids) {
        if let Some(count) = counts.get_mut(id as usize) {
            *count += 1;
        }
    }
    counts
}

/// Makes the windows of a batch and masks some of their words.
fn masked_windows(batch: &[Place], pairs: &Pairs, masking: &Masking) -> Vec<Masked> {
    batch.iter().map(|&place| masking.apply(pairs.pair(place), place.seed)).collect()
}

/// Whether a parameter is trained if the embeddings and the first `freeze` layers are frozen.
fn is_trained(name: &str, freeze: Option<usize>) -> bool {
    let Some(layers) = freeze else { return true };
    match tensor_names::layer_of(name) {
        Some(layer) => layer >= layers,
        None => !tensor_names::is_embedding(name),
    }
}

/// Counts the floating-point operations of a step's matrix products, which are three times those of a forward pass.
fn count_flops(config: &EncoderConfig, windows: &[Masked]) -> u64 {
    let lengths: Vec<usize> = windows.iter().map(|window| window.ids.len()).collect();
    let masked: usize = windows.iter().map(|window| window.masked.len()).sum();
    let decoder = 2 * (masked * config.hidden_size * (config.vocab_size + config.hidden_size)) as u64;
    3 * (forward_flops(config, &lengths) + decoder)
}

/// Writes the text of report.md, which describes the run and its results on held-out texts.
fn report(
    args: &PretrainArgs,
    config: &EncoderConfig,
    progress: &Progress,
    last: &Accuracy,
) -> Result<String, FileError> {
    let experts = match &config.experts {
        Some(e) => format!(", {} experts of which {} are chosen, every {} layers", e.count, e.top_k, e.every),
        None => String::new(),
    };
    let mut rows = String::new();
    let measured = metrics::read(&args.run)?;
    for line in measured.iter().filter(|line| line.contains_key(HELD_OUT_MLM_LOSS)) {
        let number = |name: &str| line.get(name).copied().unwrap_or_default();
        rows += &format!(
            "| {} | {:.0} | {:.3} | {:.3} | {:.3} |\n",
            number("step"),
            number("tokens"),
            number(HELD_OUT_MLM_LOSS),
            number(HELD_OUT_MLM_ACCURACY),
            number(HELD_OUT_NSP_ACCURACY)
        );
    }
    Ok(format!(
        "# Pretraining\n\n{} layers, hidden size {}, feed-forward {}{experts}. Texts: {}. {} steps, {} epochs and {} batches, \
         {} tokens, {:.4} PFLOP. Options: config.toml.\n\nOn held-out texts ({} masked tokens, {} pairs):\n\n\
         | step | tokens | MLM loss (nats) | MLM accuracy | NSP accuracy |\n|---|---|---|---|---|\n{rows}\n![curves](curves.svg)\n",
        config.num_hidden_layers,
        config.hidden_size,
        config.intermediate_size,
        args.corpus.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", "),
        progress.step,
        progress.epoch,
        progress.batch,
        progress.tokens,
        progress.flops as f64 / 1e15,
        last.masked,
        last.pairs,
    ))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::path::Path;

    use clap::Parser;
    use salesmirror::model::{Encoder, read_safetensors};

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: PretrainArgs,
    }

    /// Makes options for a fresh run directory of this name, with the tiny encoder and every 40th report.
    fn args(name: &str, more: &str) -> PretrainArgs {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        let folder = std::env::temp_dir().join(format!("salesmirror-pretrain-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let corpus = folder.join("corpus.jsonl");
        let all = std::fs::read_to_string(format!("{root}/data/reports/specified.jsonl")).unwrap();
        let some: Vec<&str> = all.lines().step_by(40).collect();
        std::fs::write(&corpus, some.join("\n")).unwrap();
        let line = format!(
            "pretrain --encoder {root}/tests/fixtures/tiny-bert --corpus {} --run {} --length 48 --batch-tokens 256 \
             --held-out 0.2 --held-out-windows 24 {more}",
            corpus.display(),
            folder.join("run").display()
        );
        Line::parse_from(line.split_whitespace()).args
    }

    fn metric(args: &PretrainArgs, name: &str) -> Vec<f64> {
        metrics::read(&args.run).unwrap().iter().filter_map(|line| line.get(name).copied()).collect()
    }

    fn bits(path: &Path) -> HashMap<String, Vec<u32>> {
        let tensors = candle_core::safetensors::load(path, &candle_core::Device::Cpu).unwrap();
        let bits = |t: candle_core::Tensor| {
            let t = t.flatten_all().unwrap().to_dtype(candle_core::DType::F32).unwrap();
            t.to_vec1::<f32>().unwrap().into_iter().map(f32::to_bits)
        };
        tensors.into_iter().map(|(name, tensor)| (name, bits(tensor).collect())).collect()
    }

    #[test]
    fn a_resumed_run_gives_the_same_bits() {
        let more =
            "--steps 6 --experts 4 --accumulate 2 --evaluate-every 4 --checkpoint-every 2 --dropout 0.1";
        let whole = args("whole", more);
        pretrain(&whole, &|_| false).unwrap();
        let mut parted = args("parted", more);
        let stopped = pretrain(&parted, &|step| step == 3).err().unwrap().to_string();
        assert!(stopped.contains("stopped after step 3") && stopped.contains("--resume"), "{stopped}");
        assert!(!parted.run.join("encoder").exists());
        let twice = pretrain(&parted, &|_| false).err().unwrap().to_string();
        assert!(twice.contains("--resume"), "{twice}");
        parted.resume = true;
        pretrain(&parted, &|_| false).unwrap();
        for file in [
            "encoder/model.safetensors",
            "encoder/pretraining.safetensors",
            "checkpoints/step-00000006/optimizer.safetensors",
        ] {
            assert!(bits(&whole.run.join(file)) == bits(&parted.run.join(file)), "{file} differs");
        }
        for name in ["mlm_loss", "held_out_mlm_loss", "load.1.3", "dropped_share", "balance", "step"] {
            let (a, b) = (metric(&whole, name), metric(&parted, name));
            assert!(a.len() >= 3 && a == b, "{name}: {a:?} {b:?}");
        }
        // The written encoder has experts and can be used for scoring.
        let config: EncoderConfig =
            serde_json::from_slice(&std::fs::read(whole.run.join("encoder/config.json")).unwrap()).unwrap();
        assert_eq!(config.experts.as_ref().unwrap().count, 4);
        let tensors = read_safetensors(&whole.run.join("encoder/model.safetensors")).unwrap();
        Encoder::from_tensors(&config, &tensors).unwrap().forward(&[&[0, 5, 2]]).unwrap();
        assert!(whole.run.join("encoder/tokenizer.json").is_file() && whole.run.join("report.md").is_file());
    }

    /// The first run starts from random weights, and the second from the encoder and the heads that the first has written.
    #[test]
    fn the_loss_falls_and_another_run_goes_on() {
        let mut first = args(
            "falls",
            "--steps 40 --scratch --layers 1 --hidden 32 --heads 2 --learning-rate 3e-3 --dropout 0",
        );
        pretrain(&first, &|_| false).unwrap();
        let losses = metric(&first, "held_out_mlm_loss");
        // The decoder's initial bias already holds the frequencies of pieces, so the loss falls because of what is learnt
        // beyond them.
        assert!(losses[1] < losses[0] - 0.1, "{losses:?}");
        first.encoder = first.run.join("encoder");
        first.run = first.run.with_file_name("second");
        (first.scratch, first.layers, first.hidden, first.heads, first.steps) =
            (false, None, None, None, Some(1));
        pretrain(&first, &|_| false).unwrap();
        let again = metric(&first, "held_out_mlm_loss")[0];
        assert!((again - losses[1]).abs() < 1e-6, "{again} {losses:?}");
    }

    /// Each text is about four things. The encoder learns whether a passage is about the same things, even in held-out texts.
    #[test]
    fn it_is_learnt_which_passage_follows() {
        let mut args = args(
            "next",
            "--steps 300 --scratch --layers 1 --hidden 32 --heads 2 --learning-rate 5e-3 --dropout 0",
        );
        (args.batch_tokens, args.held_out_windows) = (1024, 200);
        let text = |i: usize| {
            let thing = |n: usize| format!("x{}", (i * 37 + n * (i + 11)) % 110);
            let sentence = |n: usize| {
                format!("The {}, {} and {}.", thing(n % 4), thing((n + 1) % 4), thing((n + 2) % 4))
            };
            (0..6).map(sentence).collect::<Vec<_>>().join(" ")
        };
        let lines: Vec<String> =
            (0..300).map(|i| serde_json::json!({ "text": text(i) }).to_string()).collect();
        std::fs::write(&args.corpus[0], lines.join("\n")).unwrap();
        pretrain(&args, &|_| false).unwrap();
        let accuracies = metric(&args, "held_out_nsp_accuracy");
        assert!(accuracies[1] >= 0.75, "{accuracies:?}");
    }

    #[test]
    fn frozen_layers_stay() {
        let args = args("frozen", "--steps 2 --freeze 1");
        pretrain(&args, &|_| false).unwrap();
        let before = bits(&args.encoder.join("model.safetensors"));
        let after = bits(&args.run.join("encoder/model.safetensors"));
        for (name, now) in after {
            let trained = is_trained(&name, Some(1));
            assert_eq!(trained, name.contains("layer.1."), "{name}");
            let same = before
                .get(&name)
                .or_else(|| before.get(&format!("bert.{name}")))
                .is_some_and(|before| *before == now);
            assert_eq!(same, !trained, "{name}");
        }
    }

    #[test]
    fn mistakes_are_told_with_place_and_remedy() {
        let problem = |args: PretrainArgs| pretrain(&args, &|_| false).err().unwrap().to_string();
        let short = PretrainArgs { length: 8, ..args("length", "") };
        assert!(problem(short).contains("--length"));
        let mut bad = args("corpus", "");
        std::fs::write(&bad.corpus[0], "{\"text\": \"a\"}\n{\"texts\": 1}\n").unwrap();
        let said = problem(bad.clone());
        assert!(said.contains("corpus.jsonl line 2") && said.contains("`text`"), "{said}");
        std::fs::write(&bad.corpus[0], "{\"text\": \"The customer asked.\"}\n").unwrap();
        bad.run = bad.run.with_file_name("another");
        assert!(problem(bad.clone()).contains("two texts"), "{}", problem(bad));
        let said = problem(args("experts", "--experts 1"));
        assert!(said.contains("experts"), "{said}");
    }
}
