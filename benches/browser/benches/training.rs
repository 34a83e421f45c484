//! A full training step, native: forward pass, backward pass and AdamW.
//!
//! ```sh
//! cargo bench -p salesmirror-bench --bench training -- --batch 8 --length 256 --layers 12
//! ```
//!
//! Weights and tokens are random and dropout is 0.1. As in masked language modeling, 15 % of the tokens are predicted
//! over the whole vocabulary. Floating-point operations are those of the matrix products of linear layers, attention
//! and decoder, two for a multiplication and an addition, once forward and twice backward. Recomputation in the
//! backward pass, norms, activations, softmax and the optimizer are not counted.

use std::time::Instant;

use candle_core::{Device, Tensor};
use clap::Parser;
use salesmirror::model::{EncoderConfig, ExpertsConfig, tensor_names};
use salesmirror_trainer::autograd::{
    AdamW, Encoder, Gradients, Group, Input, Parameters, Pass, derive_seed, forward_flops, ops,
    random_weights,
};

/// The parameter of the decoder, which is not part of the encoder.
const DECODER_BIAS: &str = "decoder.bias";

#[derive(Parser)]
struct Options {
    /// Windows per step.
    #[arg(long, default_value_t = 8)]
    batch: usize,
    /// Tokens per window.
    #[arg(long, default_value_t = 256)]
    length: usize,
    #[arg(long, default_value_t = 12)]
    layers: usize,
    #[arg(long, default_value_t = 384)]
    hidden: usize,
    #[arg(long, default_value_t = 12)]
    heads: usize,
    #[arg(long, default_value_t = 1536)]
    intermediate: usize,
    #[arg(long, default_value_t = 23_682)]
    vocabulary: usize,
    /// Experts in every second layer, of which two are chosen for each token.
    #[arg(long)]
    experts: Option<usize>,
    /// Steps that are measured, after one that warms up.
    #[arg(long, default_value_t = 5)]
    steps: usize,
    /// Share of the tokens that are predicted.
    #[arg(long, default_value_t = 0.15)]
    mask_share: f64,
    /// Set by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

/// The time that each part of a step takes, in seconds.
#[derive(Clone, Copy)]
struct Times {
    forward: f64,
    backward: f64,
    optimizer: f64,
}

impl Times {
    fn whole(&self) -> f64 {
        self.forward + self.backward + self.optimizer
    }
}

fn main() -> candle_core::Result<()> {
    let options = Options::parse();
    let config = EncoderConfig {
        hidden_size: options.hidden,
        num_hidden_layers: options.layers,
        num_attention_heads: options.heads,
        intermediate_size: options.intermediate,
        vocab_size: options.vocabulary,
        max_position_embeddings: options.length.max(8),
        type_vocab_size: 2,
        layer_norm_eps: 1e-12,
        hidden_act: "gelu".to_owned(),
        model_type: "bert".to_owned(),
        experts: options.experts.map(|count| ExpertsConfig { count, top_k: 2, every: 2 }),
        adapters: None,
    };
    config.check().map_err(candle_core::Error::wrap)?;
    let mut weights = random_weights(&config, 1)?;
    let bias = Tensor::zeros(options.vocabulary, candle_core::DType::F32, &Device::Cpu)?;
    weights.insert(DECODER_BIAS.to_owned(), bias);
    let parameters = Parameters::new(weights, |_| true)?;
    let mut optimizer = AdamW::default();
    let tokens = options.batch * options.length;
    let predicted = (options.mask_share * tokens as f64).round() as usize;
    println!(
        "{:.1} M parameters, {} windows of {} tokens, of which {predicted} tokens are predicted, {} threads",
        parameters.count() as f64 / 1e6,
        options.batch,
        options.length,
        std::env::var("RAYON_NUM_THREADS")
            .ok()
            .or_else(|| std::thread::available_parallelism().ok().map(|n| n.to_string()))
            .unwrap_or_default(),
    );
    step(&options, &config, &parameters, &mut optimizer, predicted, 0)?;
    let mut times = (1..=options.steps.max(1))
        .map(|number| step(&options, &config, &parameters, &mut optimizer, predicted, number))
        .collect::<candle_core::Result<Vec<Times>>>()?;
    times.sort_by(|a, b| a.whole().total_cmp(&b.whole()));
    let (median, best, worst) = (times[times.len() / 2], times[0], times[times.len() - 1]);
    let decoder = 2 * (predicted * options.hidden * options.vocabulary) as u64;
    let flops = 3 * (forward_flops(&config, &vec![options.length; options.batch]) + decoder);
    let share = |part: f64| 100.0 * part / median.whole();
    println!(
        "{:.0} tokens/s (median of {}; {:.0} to {:.0}), {:.1} GFLOP/s at {:.2} GFLOP per token",
        tokens as f64 / median.whole(),
        times.len(),
        tokens as f64 / worst.whole(),
        tokens as f64 / best.whole(),
        flops as f64 / median.whole() / 1e9,
        flops as f64 / tokens as f64 / 1e9,
    );
    println!(
        "{:.2} s per step: forward {:.0} %, backward {:.0} %, optimizer {:.0} %",
        median.whole(),
        share(median.forward),
        share(median.backward),
        share(median.optimizer)
    );
    match peak_gibibytes() {
        Some(peak) => println!("peak resident memory: {peak:.2} GiB"),
        None => println!("peak resident memory: this system does not tell"),
    }
    Ok(())
}

/// Runs one step on tokens that depend on its number.
fn step(
    options: &Options,
    config: &EncoderConfig,
    parameters: &Parameters,
    optimizer: &mut AdamW,
    predicted: usize,
    number: usize,
) -> candle_core::Result<Times> {
    let tokens = options.batch * options.length;
    let draw = |i: usize, below: usize| (derive_seed(number as u64, i as u64) % below as u64) as u32;
    let ids: Vec<u32> = (0..tokens).map(|i| draw(i, options.vocabulary)).collect();
    let classes: Vec<u32> = (0..predicted).map(|i| draw(tokens + i, options.vocabulary)).collect();
    let places: Vec<u32> = (0..predicted).map(|i| (i * tokens / predicted.max(1)) as u32).collect();
    let windows: Vec<Input> = ids.chunks(options.length).map(Input::single).collect();

    let begin = Instant::now();
    let mut pass = Pass::training(0.1, number as u64);
    if options.experts.is_some() {
        pass = pass.capacity(1.25);
    }
    let states = Encoder::new(config, parameters).forward(&windows, &mut pass)?;
    let loss = match predicted {
        0 => states.sqr()?.mean_all()?,
        _ => {
            let found = states.index_select(&Tensor::new(places, &Device::Cpu)?, 0)?;
            let words = parameters.get(tensor_names::WORD_EMBEDDINGS)?;
            ops::cross_entropy(&ops::linear(&found, &words, &parameters.get(DECODER_BIAS)?)?, classes)?
        }
    };
    let loss = match pass.balance()? {
        Some(balance) => (loss + (balance * 0.01)?)?,
        None => loss,
    };
    let forward = begin.elapsed().as_secs_f64();

    let begin = Instant::now();
    let mut gradients = Gradients::default();
    gradients.add(parameters, &loss.backward()?)?;
    let backward = begin.elapsed().as_secs_f64();

    let begin = Instant::now();
    let scale = (1.0 / gradients.norm()?).min(1.0);
    let group = |_: &str| Group { rate: 1.0, weight_decay: 0.01 };
    optimizer.step(parameters, &gradients, 1e-4, scale, group)?;
    Ok(Times { forward, backward, optimizer: begin.elapsed().as_secs_f64() })
}

/// The peak resident memory of the process, if the kernel tells.
fn peak_gibibytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kibibytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes / f64::from(1 << 20))
}
