//! `trainer pretrain`: an encoder learns from texts without labels, L = L_MLM + L_NSP (Devlin et al. 2019): it finds hidden
//! words again and tells whether one passage follows another. With `--experts` some feed-forward layers become mixtures of
//! experts (GLaM, Du et al. 2022).
//!
//! | module | what it owns |
//! |---|---|
//! | `documents` | texts as tokens, words and sentences |
//! | `pairs` | windows of two passages, epochs and batches of them |
//! | `masking` | which words are hidden |
//! | `objective` | the heads, their losses and counts |
//! | `encoder` | what training begins with, and the directory that it ends with |
//!
//! Everything random is derived from the seed, the epoch and the step, so that a run that goes on gives the same bits.

mod documents;
mod encoder;
mod masking;
mod objective;
mod pairs;

use std::path::PathBuf;
use std::time::Instant;

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use salesmirror::model::{EncoderConfig, Tokenizer, layer_of};
use crate::autograd::{
    AdamW, Gradients, Group, Parameters, Pass, Routing, Schedule, checkpoint, derive_seed, forward_flops,
};
use serde::{Deserialize, Serialize};

use crate::run::{files, progress};
use self::documents::Document;
use self::encoder::Beginning;
use self::masking::{Masked, Masking};
use self::objective::{Counts, Losses, Objective};
use self::pairs::{Pairs, Place};
use crate::run::directory::{self, RunDirectory};
use crate::{Result, TrainerError, plot};

#[derive(clap::Args, Clone, Serialize)]
pub struct Options {
    /// Encoder directory: config.json, tokenizer.json, and model.safetensors unless --scratch is set. Heads that an earlier
    /// run left there (pretraining.safetensors) are gone on with.
    #[arg(long)]
    encoder: PathBuf,
    /// Texts: JSONL with a field `text`, such as `trainer corpus` writes. May be given several times.
    #[arg(long, required = true)]
    corpus: Vec<PathBuf>,
    /// Run directory: config.toml, log.txt, metrics.jsonl, checkpoints, report.md, and the trained encoder in `encoder`.
    #[arg(long, default_value = "work/pretrain")]
    run: PathBuf,
    /// Go on with the run in this directory from its newest checkpoint.
    #[arg(long)]
    #[serde(skip)]
    resume: bool,

    /// Begin with random weights; the shape is that of config.json but for the options that follow.
    #[arg(long)]
    scratch: bool,
    /// Width of the states.
    #[arg(long, requires = "scratch")]
    hidden: Option<usize>,
    #[arg(long, requires = "scratch")]
    layers: Option<usize>,
    /// Attention heads.
    #[arg(long, requires = "scratch")]
    heads: Option<usize>,
    /// Width of the feed-forward layers, and of each expert.
    #[arg(long, requires = "scratch")]
    intermediate: Option<usize>,
    /// Make feed-forward layers mixtures of so many experts; those of a trained encoder begin as copies of its dense layers.
    #[arg(long)]
    experts: Option<usize>,
    /// Experts that each token goes to.
    #[arg(long, default_value_t = 2)]
    top_k: usize,
    /// Every so many layers one has experts: with 2 the second, the fourth and so on.
    #[arg(long, default_value_t = 2)]
    moe_every: usize,
    /// How many times its even share of a batch's tokens an expert takes; what is beyond goes by it.
    #[arg(long, default_value_t = 1.25)]
    capacity_factor: f64,
    /// Weight of the load-balancing loss.
    #[arg(long, default_value_t = 0.01)]
    balance: f64,

    /// Passes over the texts.
    #[arg(long, default_value_t = 1)]
    epochs: usize,
    /// Steps, in place of --epochs.
    #[arg(long)]
    steps: Option<usize>,
    /// Tokens of the longest window.
    #[arg(long, default_value_t = 256)]
    length: usize,
    /// Tokens of a batch.
    #[arg(long, default_value_t = 2048)]
    batch_tokens: usize,
    /// Batches whose gradients are added up for a step.
    #[arg(long, default_value_t = 1)]
    accumulate: usize,
    /// The highest learning rate.
    #[arg(long, default_value_t = 2e-4)]
    learning_rate: f64,
    /// Steps in which the learning rate rises; a tenth of all unless given.
    #[arg(long)]
    warm_up: Option<usize>,
    /// Decoupled, not of biases and norms.
    #[arg(long, default_value_t = 0.01)]
    weight_decay: f64,
    /// Longest gradient; longer ones are scaled down to it.
    #[arg(long, default_value_t = 1.0)]
    clip: f64,
    #[arg(long, default_value_t = 0.1)]
    dropout: f32,
    /// Share of the tokens that are hidden.
    #[arg(long, default_value_t = 0.15)]
    mask_share: f64,
    /// Keep the embeddings and so many of the lower layers as they are.
    #[arg(long)]
    freeze: Option<usize>,
    #[arg(long, default_value_t = 0)]
    seed: u64,

    /// Share of the texts that are not trained on but measured.
    #[arg(long, default_value_t = 0.05)]
    held_out: f64,
    /// Windows of held-out texts that are measured, at most.
    #[arg(long, default_value_t = 256)]
    held_out_windows: usize,
    /// Steps between measurements.
    #[arg(long, default_value_t = 200)]
    evaluate_every: usize,
    /// Steps between checkpoints.
    #[arg(long, default_value_t = 200)]
    checkpoint_every: usize,
    /// Checkpoints that are kept.
    #[arg(long, default_value_t = 2)]
    keep: usize,
}

/// What the seed is derived for.
enum Purpose {
    HeldOut,
    Weights,
    Epoch,
    Dropout,
}

impl Options {
    fn seed(&self, purpose: Purpose, number: usize) -> u64 {
        derive_seed(derive_seed(self.seed, purpose as u64), number as u64)
    }

    fn check(&self) -> Result<()> {
        let share = |x: f64| (0.0..1.0).contains(&x);
        let wrong = [
            (!(self.mask_share > 0.0 && share(self.mask_share)), "--mask-share must be between 0 and 1"),
            (!share(self.held_out), "--held-out must be at least 0 and below 1"),
            (!share(self.dropout.into()), "--dropout must be at least 0 and below 1"),
            (self.length < 16, "--length must be at least 16 tokens"),
            (self.batch_tokens < self.length, "--batch-tokens must be at least --length"),
            (self.accumulate == 0, "--accumulate must be at least 1"),
            (
                self.evaluate_every == 0 || self.checkpoint_every == 0,
                "--evaluate-every and --checkpoint-every must be at least 1",
            ),
            (self.keep == 0, "--keep must be at least 1"),
            (self.capacity_factor <= 0.0, "--capacity-factor must be above 0"),
            (self.clip <= 0.0, "--clip must be above 0"),
        ];
        match wrong.into_iter().find(|(wrong, _)| *wrong) {
            Some((_, what)) => Err(TrainerError::Usage(what.to_owned())),
            None => Ok(()),
        }
    }
}

/// Where a run is; a checkpoint holds it beside the parameters and the optimiser's moments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct State {
    /// Steps that are done.
    step: usize,
    epoch: usize,
    /// Batches of the epoch that are done.
    batch: usize,
    /// Tokens, and floating-point operations of the encoder's and the decoder's products, so far.
    tokens: u64,
    flops: u64,
}

const PARAMETERS: &str = "parameters";
const OPTIMISER: &str = "optimiser";

pub fn run(options: &Options) -> Result<()> {
    run_directory::listen_for_interrupts()?;
    pretrain(options, &|_| run_directory::is_asked_to_stop())
}

/// Trains until the last step or until `stop` is true of the steps that are done; then the state is saved.
fn pretrain(options: &Options, stop: &dyn Fn(usize) -> bool) -> Result<()> {
    options.check()?;
    let directory = RunDirectory::open(&options.run, options, options.resume)?;

    // What is trained on, and what is measured.
    let mut beginning = Beginning::read(options)?;
    let tokenizer = Tokenizer::from_json(&beginning.tokenizer_json)?;
    let length = options.length.min(beginning.config.max_position_embeddings);
    let (texts, held_out) = read_texts(options, &tokenizer, pairs::longest_sentence(length))?;
    let masking = Masking::new(&tokenizer, options.mask_share)?;
    let counts = count_pieces(&texts, beginning.config.vocab_size);
    let pairs = Pairs::new(texts, length, tokenizer.frame())?;
    let held_out = match held_out.is_empty() {
        true => Vec::new(),
        false => {
            let pairs = Pairs::new(held_out, length, tokenizer.frame())?;
            let mut batches = pairs.epoch(options.batch_tokens, options.seed(Purpose::HeldOut, 1));
            let mut left = options.held_out_windows;
            for batch in &mut batches {
                batch.truncate(left);
                left -= batch.len();
            }
            batches
                .iter()
                .filter(|batch| !batch.is_empty())
                .map(|batch| windows(batch, &pairs, &masking))
                .collect()
        }
    };

    // What is trained.
    beginning.add_missing_heads(&counts, options.seed(Purpose::Weights, 2))?;
    let Beginning { config, tensors, .. } = &beginning;
    let parameters = Parameters::new(tensors.clone(), |name| is_trained(name, options.freeze))?;
    let objective = Objective::new(config, &parameters, options.balance);
    let mut optimiser = AdamW::default();
    let mut state = State::default();

    if pairs.len() == 0 {
        return Err(TrainerError::Usage(
            "no text is longer than a word; name others with --corpus".to_owned(),
        ));
    }
    let per_epoch = pairs.epoch(options.batch_tokens, options.seed(Purpose::Epoch, 0)).len();
    let steps = options.steps.unwrap_or((options.epochs * per_epoch).div_ceil(options.accumulate));
    let warm_up = options.warm_up.unwrap_or(steps / 10);
    let schedule = Schedule { highest: options.learning_rate, warm_up, steps };
    let group = |name: &str| {
        let plain = name.ends_with("bias") || name.contains("LayerNorm");
        Group { rate: 1.0, weight_decay: if plain { 0.0 } else { options.weight_decay } }
    };
    let measured = |state: &State| -> Result<Counts> {
        let mut counts = Counts::default();
        held_out.iter().try_for_each(|windows| objective.count(windows, &mut counts))?;
        report_held_out(&directory, state, &counts)?;
        Ok(counts)
    };
    say(&format!(
        "{:.1} of {:.1} M parameters are trained, on {} windows an epoch, {steps} steps; {} windows are held out",
        parameters.count() as f64 / 1e6,
        tensors.values().map(|tensor| tensor.elem_count()).sum::<usize>() as f64 / 1e6,
        pairs.len(),
        held_out.iter().map(Vec::len).sum::<usize>(),
    ));

    if let Some(newest) = directory.newest()?.filter(|_| options.resume) {
        state = checkpoint::state(&newest)?;
        parameters.set(&checkpoint::tensors(&newest, PARAMETERS)?)?;
        optimiser = AdamW::restore(&checkpoint::tensors(&newest, OPTIMISER)?)?;
        // Steps after this one are taken again, and measured again.
        directory.rewind(state.step + 1)?;
        say(&format!("goes on from step {} of {steps}", state.step));
    } else {
        directory.rewind(0)?;
        measured(&state)?;
    }

    let epoch = |number: usize| pairs.epoch(options.batch_tokens, options.seed(Purpose::Epoch, number));
    let mut batches = epoch(state.epoch);
    let bar = progress::bar(steps, "pretraining");
    bar.set_position(state.step as u64);
    bar.reset_eta();
    let mut stopped = stop(state.step);
    while state.step < steps && !stopped {
        let begin = Instant::now();
        let (mut gradients, mut means, before) = (Gradients::default(), Means::default(), state.tokens);
        for part in 0..options.accumulate {
            if state.batch == batches.len() {
                state.epoch += 1;
                state.batch = 0;
                batches = epoch(state.epoch);
            }
            let windows = windows(&batches[state.batch], &pairs, &masking);
            let seed = options.seed(Purpose::Dropout, state.step * options.accumulate + part);
            let mut pass = Pass::training(options.dropout, seed).capacity(options.capacity_factor);
            let losses = objective.losses(&windows, &mut pass)?;
            gradients.add(&parameters, &losses.total.backward()?)?;
            means.add(&losses, pass.routing());
            state.batch += 1;
            state.tokens += windows.iter().map(|window| window.ids.len() as u64).sum::<u64>();
            state.flops += flops(config, &windows);
        }
        let share = 1.0 / options.accumulate as f64;
        let norm = gradients.norm()? * share;
        if !norm.is_finite() {
            return Err(TrainerError::Usage(format!(
                "step {}: the gradient is not finite; go on from the last checkpoint with --resume, or begin anew with a lower --learning-rate",
                state.step
            )));
        }
        let scale = share * (options.clip / norm).min(1.0);
        let rate = schedule.rate(state.step);
        optimiser.step(&parameters, &gradients, rate, scale, group)?;
        state.step += 1;

        let speed = (state.tokens - before) as f64 / begin.elapsed().as_secs_f64();
        means.report(
            &directory,
            &state,
            share,
            &[("learning_rate", rate), ("gradient_norm", norm), ("tokens_per_second", speed)],
        )?;
        bar.set_message(format!("loss {:.3}, {speed:.0} tokens/s", means.loss() * share));
        bar.inc(1);
        if state.step.is_multiple_of(options.evaluate_every) && state.step < steps {
            let counts = bar.suspend(|| measured(&state))?;
            bar.suspend(|| say(&format!("step {}: {}", state.step, describe(&counts))));
        }
        stopped = stop(state.step);
        if state.step.is_multiple_of(options.checkpoint_every) || state.step == steps || stopped {
            let tensors = [(PARAMETERS, &parameters.snapshot()?), (OPTIMISER, &optimiser.state()?)];
            checkpoint::save(&directory.checkpoints(), state.step, &tensors, &state)?;
            checkpoint::keep_newest(&directory.checkpoints(), options.keep)?;
        }
    }
    bar.finish_and_clear();
    if state.step < steps {
        say(&format!("stopped after step {} of {steps}; --resume goes on", state.step));
        return Ok(());
    }

    let counts = measured(&state)?;
    let written = directory.path().join("encoder");
    beginning.write(&written, parameters.merged()?)?;
    let report = report(options, config, &state, &counts);
    files::write_bytes(&directory.path().join("report.md"), report.as_bytes())?;
    plot::draw_own(directory.path(), "held_out_word_loss", "curves.svg")?;
    say(&format!("{}; {}", describe(&counts), written.display()));
    Ok(())
}

/// Tells what matters to the terminal and to the log.
fn say(what: &str) {
    println!("{what}");
    tracing::info!("{what}");
}

/// All texts in the order of the files, those to train on and those held out.
fn read_texts(
    options: &Options,
    tokenizer: &Tokenizer,
    longest: usize,
) -> Result<(Vec<Document>, Vec<Document>)> {
    let mut all: Vec<Document> = Vec::new();
    for path in &options.corpus {
        all.extend(documents::read(path, tokenizer, longest)?);
    }
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.shuffle(&mut StdRng::seed_from_u64(options.seed(Purpose::HeldOut, 0)));
    // Two at least, for one alone makes no pair from elsewhere.
    let count = match options.held_out {
        0.0 => 0,
        share => ((share * all.len() as f64).round() as usize).max(2),
    };
    let mut held_out = vec![false; all.len()];
    order.into_iter().take(count).for_each(|i| held_out[i] = true);
    let (mut texts, mut measured) = (Vec::new(), Vec::new());
    for (document, held_out) in all.into_iter().zip(held_out) {
        if held_out { measured.push(document) } else { texts.push(document) }
    }
    Ok((texts, measured))
}

/// How often each id occurs.
fn count_pieces(documents: &[Document], vocabulary: usize) -> Vec<u64> {
    let mut counts = vec![0; vocabulary];
    for &id in documents.iter().flat_map(|document| &document.ids) {
        if let Some(count) = counts.get_mut(id as usize) {
            *count += 1;
        }
    }
    counts
}

/// Makes the windows of a batch and hides some of their words.
fn windows(batch: &[Place], pairs: &Pairs, masking: &Masking) -> Vec<Masked> {
    batch.iter().map(|&place| masking.apply(pairs.pair(place), place.seed)).collect()
}

/// Whether a parameter changes where the embeddings and some lower layers are frozen.
fn is_trained(name: &str, freeze: Option<usize>) -> bool {
    let Some(layers) = freeze else { return true };
    match layer_of(name) {
        Some(layer) => layer >= layers,
        None => !name.starts_with("embeddings."),
    }
}

/// Floating-point operations of a training step's products: three times those of a forward pass.
fn flops(config: &EncoderConfig, windows: &[Masked]) -> u64 {
    let lengths: Vec<usize> = windows.iter().map(|window| window.ids.len()).collect();
    let hidden: usize = windows.iter().map(|window| window.hidden.len()).sum();
    let decoder = 2 * (hidden * config.hidden_size * (config.vocab_size + config.hidden_size)) as u64;
    3 * (forward_flops(config, &lengths) + decoder)
}

/// What is measured of a step, summed over its batches.
#[derive(Default)]
struct Means {
    words: f64,
    next: f64,
    balance: Option<f64>,
    routing: Vec<(usize, Vec<usize>, usize)>,
}

impl Means {
    fn add(&mut self, losses: &Losses, routing: &[Routing]) {
        self.words += losses.words;
        self.next += losses.next;
        if let Some(balance) = losses.balance {
            *self.balance.get_or_insert(0.0) += balance;
        }
        self.routing.extend(routing.iter().map(|r| (r.layer, r.load.clone(), r.dropped)));
    }

    fn loss(&self) -> f64 {
        self.words + self.next
    }

    fn report(
        &self,
        directory: &RunDirectory,
        state: &State,
        share: f64,
        more: &[(&str, f64)],
    ) -> Result<()> {
        let mut numbers: Vec<(String, f64)> = vec![
            ("loss".to_owned(), self.loss() * share),
            ("word_loss".to_owned(), self.words * share),
            ("next_loss".to_owned(), self.next * share),
            ("tokens".to_owned(), state.tokens as f64),
            ("petaflop".to_owned(), state.flops as f64 / 1e15),
        ];
        numbers.extend(more.iter().map(|(name, number)| ((*name).to_owned(), *number)));
        if let Some(balance) = self.balance {
            numbers.push(("balance".to_owned(), balance * share));
            let choices: usize = self.routing.iter().map(|(_, load, _)| load.iter().sum::<usize>()).sum();
            let dropped: usize = self.routing.iter().map(|(_, _, dropped)| dropped).sum();
            numbers.push(("dropped_share".to_owned(), dropped as f64 / choices.max(1) as f64));
            let mut layers: Vec<usize> = self.routing.iter().map(|(layer, _, _)| *layer).collect();
            layers.sort_unstable();
            layers.dedup();
            for layer in layers {
                let loads = || self.routing.iter().filter(|(at, _, _)| *at == layer).map(|(_, load, _)| load);
                let total: usize = loads().flatten().sum();
                for e in 0..loads().map(Vec::len).max().unwrap_or(0) {
                    let load: usize = loads().map(|load| load[e]).sum();
                    numbers.push((format!("load.{layer}.{e}"), load as f64 / total.max(1) as f64));
                }
            }
        }
        let numbers: Vec<(&str, f64)> =
            numbers.iter().map(|(name, number)| (name.as_str(), *number)).collect();
        directory.measure(state.step, &numbers)
    }
}

fn report_held_out(directory: &RunDirectory, state: &State, counts: &Counts) -> Result<()> {
    if counts.pairs == 0 {
        return Ok(());
    }
    tracing::info!(step = state.step, "{}", describe(counts));
    let (words, pairs) = (counts.words.max(1) as f64, counts.pairs as f64);
    directory.measure(
        state.step,
        &[
            ("tokens", state.tokens as f64),
            ("petaflop", state.flops as f64 / 1e15),
            ("held_out_word_loss", counts.words_loss / words),
            ("held_out_word_accuracy", counts.words_right as f64 / words),
            ("held_out_next_loss", counts.pairs_loss / pairs),
            ("held_out_next_accuracy", counts.pairs_right as f64 / pairs),
        ],
    )
}

fn describe(counts: &Counts) -> String {
    if counts.pairs == 0 {
        return "nothing is held out".to_owned();
    }
    let (words, pairs) = (counts.words.max(1) as f64, counts.pairs as f64);
    format!(
        "held out: MLM loss {:.3}, accuracy {:.3} of {} hidden tokens; NSP accuracy {:.3} of {} pairs",
        counts.words_loss / words,
        counts.words_right as f64 / words,
        counts.words,
        counts.pairs_right as f64 / pairs,
        counts.pairs
    )
}

/// report.md: what the run was, and what it reached on held-out texts.
fn report(options: &Options, config: &EncoderConfig, state: &State, last: &Counts) -> String {
    let experts = match &config.experts {
        Some(e) => format!(", {} experts of which {} are chosen, every {} layers", e.count, e.top_k, e.every),
        None => String::new(),
    };
    let mut rows = String::new();
    let metrics = plot::read(&options.run).unwrap_or_default();
    for line in metrics.iter().filter(|line| line.contains_key("held_out_word_loss")) {
        let number = |name: &str| line.get(name).copied().unwrap_or(f64::NAN);
        rows += &format!(
            "| {} | {:.0} | {:.3} | {:.3} | {:.3} |\n",
            number("step"),
            number("tokens"),
            number("held_out_word_loss"),
            number("held_out_word_accuracy"),
            number("held_out_next_accuracy")
        );
    }
    format!(
        "# Pretraining\n\n{} layers, hidden size {}, feed-forward {}{experts}. Texts: {}. {} steps, {} epochs and {} batches, \
         {} tokens, {:.4} PFLOP. Options: config.toml.\n\nOn held-out texts ({} hidden tokens, {} pairs):\n\n\
         | step | tokens | MLM loss (nats) | MLM accuracy | NSP accuracy |\n|---|---|---|---|---|\n{rows}\n![curves](curves.svg)\n",
        config.num_hidden_layers,
        config.hidden_size,
        config.intermediate_size,
        options.corpus.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", "),
        state.step,
        state.epoch,
        state.batch,
        state.tokens,
        state.flops as f64 / 1e15,
        last.words,
        last.pairs,
    )
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::path::Path;

    use clap::Parser;
    use salesmirror::model::{Encoder, EncoderConfig, read_safetensors};

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        options: Options,
    }

    /// A fresh run directory of this name, over the tiny encoder and every 40th report.
    fn options(name: &str, more: &str) -> Options {
        let root = env!("CARGO_MANIFEST_DIR");
        let folder = std::env::temp_dir().join(format!("salesmirror-pretrain-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let corpus = folder.join("corpus.jsonl");
        let all = std::fs::read_to_string(format!("{root}/data/reports/train.jsonl")).unwrap();
        let some: Vec<&str> = all.lines().step_by(40).collect();
        std::fs::write(&corpus, some.join("\n")).unwrap();
        let line = format!(
            "pretrain --encoder {root}/tests/fixtures/tiny-bert --corpus {} --run {} --length 48 --batch-tokens 256 \
             --held-out 0.2 --held-out-windows 24 {more}",
            corpus.display(),
            folder.join("run").display()
        );
        Line::parse_from(line.split_whitespace()).options
    }

    fn metric(options: &Options, name: &str) -> Vec<f64> {
        plot::read(&options.run).unwrap().iter().filter_map(|line| line.get(name).copied()).collect()
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
        let whole = options("whole", more);
        pretrain(&whole, &|_| false).unwrap();
        let mut parted = options("parted", more);
        pretrain(&parted, &|step| step == 3).unwrap();
        assert!(!parted.run.join("encoder").exists());
        let twice = pretrain(&parted, &|_| false).unwrap_err().to_string();
        assert!(twice.contains("--resume"), "{twice}");
        parted.resume = true;
        pretrain(&parted, &|_| false).unwrap();
        for file in [
            "encoder/model.safetensors",
            "encoder/pretraining.safetensors",
            "checkpoints/step-00000006/optimiser.safetensors",
        ] {
            assert!(bits(&whole.run.join(file)) == bits(&parted.run.join(file)), "{file} differs");
        }
        for name in ["word_loss", "held_out_word_loss", "load.1.3", "dropped_share", "balance", "step"] {
            let (a, b) = (metric(&whole, name), metric(&parted, name));
            assert!(a.len() >= 3 && a == b, "{name}: {a:?} {b:?}");
        }
        // What it wrote is an encoder with experts that scores.
        let config: EncoderConfig =
            serde_json::from_slice(&std::fs::read(whole.run.join("encoder/config.json")).unwrap()).unwrap();
        assert_eq!(config.experts.as_ref().unwrap().count, 4);
        let tensors = read_safetensors(&whole.run.join("encoder/model.safetensors")).unwrap();
        Encoder::from_tensors(&config, &tensors).unwrap().forward(&[&[0, 5, 2]]).unwrap();
        assert!(whole.run.join("encoder/tokenizer.json").is_file() && whole.run.join("report.md").is_file());
    }

    /// From random weights, and then on from what was written, heads too.
    #[test]
    fn the_loss_falls_and_another_run_goes_on() {
        let mut first = options(
            "falls",
            "--steps 40 --scratch --layers 1 --hidden 32 --heads 2 --learning-rate 3e-3 --dropout 0",
        );
        pretrain(&first, &|_| false).unwrap();
        let losses = metric(&first, "held_out_word_loss");
        // Even the bias of the decoder knows how often pieces occur: what falls is learnt beyond that.
        assert!(losses[1] < losses[0] - 0.1, "{losses:?}");
        first.encoder = first.run.join("encoder");
        first.run = first.run.with_file_name("second");
        (first.scratch, first.layers, first.hidden, first.heads, first.steps) =
            (false, None, None, None, Some(1));
        pretrain(&first, &|_| false).unwrap();
        let again = metric(&first, "held_out_word_loss")[0];
        assert!((again - losses[1]).abs() < 1e-6, "{again} {losses:?}");
    }

    /// Texts about four things each: whether a passage is about the same ones is learnt, of texts that were not trained on too.
    #[test]
    fn it_is_learnt_which_passage_follows() {
        let mut options = options(
            "next",
            "--steps 300 --scratch --layers 1 --hidden 32 --heads 2 --learning-rate 5e-3 --dropout 0",
        );
        (options.batch_tokens, options.held_out_windows) = (1024, 200);
        let text = |i: usize| {
            let thing = |n: usize| format!("x{}", (i * 37 + n * (i + 11)) % 110);
            let sentence = |n: usize| {
                format!("The {}, {} and {}.", thing(n % 4), thing((n + 1) % 4), thing((n + 2) % 4))
            };
            (0..6).map(sentence).collect::<Vec<_>>().join(" ")
        };
        let lines: Vec<String> =
            (0..300).map(|i| serde_json::json!({ "text": text(i) }).to_string()).collect();
        std::fs::write(&options.corpus[0], lines.join("\n")).unwrap();
        pretrain(&options, &|_| false).unwrap();
        let accuracies = metric(&options, "held_out_next_accuracy");
        assert!(accuracies[1] >= 0.75, "{accuracies:?}");
    }

    #[test]
    fn frozen_layers_stay() {
        let options = options("frozen", "--steps 2 --freeze 1");
        pretrain(&options, &|_| false).unwrap();
        let before = bits(&options.encoder.join("model.safetensors"));
        let after = bits(&options.run.join("encoder/model.safetensors"));
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
        let problem = |options: Options| pretrain(&options, &|_| false).unwrap_err().to_string();
        let short = Options { length: 8, ..options("length", "") };
        assert!(problem(short).contains("--length"));
        let mut bad = options("corpus", "");
        std::fs::write(&bad.corpus[0], "{\"text\": \"a\"}\n{\"texts\": 1}\n").unwrap();
        let said = problem(bad.clone());
        assert!(said.contains("corpus.jsonl line 2") && said.contains("`text`"), "{said}");
        std::fs::write(&bad.corpus[0], "{\"text\": \"The customer asked.\"}\n").unwrap();
        bad.run = bad.run.with_file_name("another");
        assert!(problem(bad.clone()).contains("two texts"), "{}", problem(bad));
        let said = problem(options("experts", "--experts 1"));
        assert!(said.contains("experts"), "{said}");
    }
}
