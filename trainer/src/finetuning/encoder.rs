//! Fine-tuning, shared by `finetune` and `crossval`: the upper layers of the encoder and the heads learn together, on whole
//! reports, from heads that were fitted to the frozen encoder (Kumar et al. 2022: so the layers below keep what they know).

use std::collections::{BTreeSet, HashMap};

use candle_core::Tensor;
use candle_core::quantized::GgmlDType;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use salesmirror::model::{self, EncoderConfig, HeadsConfig, layer_of};
use crate::autograd::{
    AdamW, Adapters, Encoder, Gradients, Group, Parameters, Pass, Schedule, checkpoint, derive_seed, ops,
};
use serde::{Deserialize, Serialize};

use crate::run::progress;
use crate::finetuning::lower_states::{self, LowerStates};
use crate::evaluation::Prediction;
use crate::finetuning::features::{Example, Source};
use crate::model_dir::EncoderDirectory;
use crate::finetuning::heads::{self, Fitted, Labels};
use crate::run::directory::{self, RunDirectory};
use crate::{Result, TrainerError, trained};

/// How the encoder is trained.
// The heads' recipe has the same name, which clap would take for the same group of options.
#[derive(clap::Args, Clone, Serialize)]
#[group(id = "tuning")]
pub struct Recipe {
    /// Layers of the encoder that change, counted from the top; the states below are computed once. 0 trains the heads alone.
    #[arg(long, default_value_t = 2)]
    pub layers: usize,
    /// Passes over the reports in which the heads alone are fitted first.
    #[arg(long, default_value_t = 8)]
    pub first_epochs: usize,
    /// Passes over the reports.
    #[arg(long, default_value_t = 4)]
    pub encoder_epochs: usize,
    /// Reports a step.
    #[arg(long, default_value_t = 8)]
    pub encoder_batch: usize,
    /// Highest learning rate of the top layer, after warm-up.
    #[arg(long, default_value_t = 2e-4)]
    pub encoder_learning_rate: f64,
    /// Each layer below learns this much slower than the one above (Howard & Ruder 2018).
    #[arg(long, default_value_t = 0.8)]
    pub layer_decay: f64,
    /// Highest learning rate of the heads, which have been fitted before.
    #[arg(long, default_value_t = 5e-4)]
    pub heads_learning_rate: f64,
    /// Share of the states that are dropped behind attention and feed-forward.
    #[arg(long, default_value_t = 0.1)]
    pub encoder_dropout: f32,
    #[arg(long, default_value_t = 0.02)]
    pub encoder_weight_decay: f64,
    /// Norm to which gradients are clipped.
    #[arg(long, default_value_t = 1.0)]
    pub clip: f64,
    /// Rank of adapters (LoRA) that change in place of the matrices; 0: the matrices themselves.
    #[arg(long, default_value_t = 0)]
    pub adapter_rank: usize,
    /// Trains in full precision, without regard to the 4 bits that the matrices will have.
    #[arg(long)]
    pub full_precision: bool,
    /// Last epochs whose weights are averaged (Izmailov et al. 2018).
    #[arg(long, default_value_t = 2)]
    pub average: usize,
    /// Share of the writers whose reports are held out to see when to stop.
    #[arg(long, default_value_t = 0.0)]
    pub hold_out: f64,
    /// Epochs without a better loss on what is held out after which training stops.
    #[arg(long, default_value_t = 2)]
    pub patience: usize,
    /// Steps between checkpoints.
    #[arg(long, default_value_t = 100)]
    pub checkpoint_every: usize,
    #[arg(long, default_value_t = 0)]
    pub encoder_seed: u64,
}

/// Share of the steps in which the learning rate rises.
const WARM_UP: f64 = 0.08;

/// Dropout of what goes into the heads.
const HEADS_DROPOUT: f32 = 0.2;

const HEADS: &str = "heads.";

/// The encoder that is trained from, and what of it never changes.
pub struct Base<'a> {
    pub directory: &'a EncoderDirectory,
    pub states: &'a LowerStates,
}

/// The states below the layers that the recipe trains, computed where they are not known.
pub fn lower_states<'e>(
    source: &Source,
    directory: &EncoderDirectory,
    recipe: &Recipe,
    examples: impl IntoIterator<Item = &'e Example>,
) -> Result<LowerStates> {
    let all = directory.config.num_hidden_layers;
    let Some(below) = all.checked_sub(recipe.layers) else {
        return Err(TrainerError::Usage(format!("--layers {}: the encoder has {all}", recipe.layers)));
    };
    LowerStates::prepare(&source.cache, &source.encoder, directory, below, examples)
}

/// What training has made: the layers that changed and the heads, all by name.
pub struct Tuned {
    pub heads_config: HeadsConfig,
    /// For sentence vectors as the encoder gives them.
    pub heads: HashMap<String, Tensor>,
    /// The encoder's changed tensors, adapters merged into them.
    pub layers: HashMap<String, Tensor>,
    /// The adapters alone.
    pub adapters: HashMap<String, Tensor>,
    pub last_loss: f64,
}

impl Tuned {
    /// Heads on an encoder that stays as it is.
    pub fn heads_alone(fitted: &Fitted, last_loss: f64) -> Result<Self> {
        let heads = fitted.standard.fold(fitted.parameters.clone())?;
        Ok(Self {
            heads_config: fitted.config.clone(),
            heads,
            layers: HashMap::new(),
            adapters: HashMap::new(),
            last_loss,
        })
    }

    /// The whole encoder.
    pub fn encoder(&self, base: &EncoderDirectory) -> HashMap<String, Tensor> {
        let mut weights = base.weights.clone();
        weights.extend(self.layers.clone());
        weights
    }

    /// What the model says of a report in f32.
    pub fn predict(&self, base: &Base, example: &Example) -> Result<Prediction> {
        let parameters = Parameters::new(self.layers.clone(), |_| false)?;
        let vectors = vectors(base, &parameters, &[example], &mut Pass::exact())?.remove(0);
        fit::read(&fit::heads(&self.heads_config, self.heads.clone())?, &vectors)
    }

    /// The encoder as it will be in the browser: matrices through 4 bits, products in integers.
    pub fn shipped_encoder(&self, base: &EncoderDirectory) -> Result<model::Encoder> {
        let (config, weights) = trained::unmerged(&base.config, self.encoder(base), &self.adapters)?;
        let through_file =
            |(name, tensor): (String, Tensor)| Ok((name.clone(), model::as_shipped(&name, &tensor)?));
        let weights = weights.into_iter().map(through_file).collect::<Result<_>>()?;
        Ok(model::Encoder::from_tensors(&config, &weights)?)
    }

    /// What the model says of a report by the code of the browser.
    pub fn predict_shipped(&self, encoder: &model::Encoder, example: &Example) -> Result<Prediction> {
        let ids: Vec<&[u32]> = example.windows.iter().map(|window| window.ids()).collect();
        let vectors = ops::segment_mean(&encoder.forward(&ids)?, example.rows.clone())?;
        fit::read(&fit::heads(&self.heads_config, self.heads.clone())?, &vectors)
    }
}

/// Fits the heads to the frozen encoder, to begin with.
pub fn begin(
    examples: &[&Example],
    competencies: usize,
    scale: (i32, usize),
    heads: &fit::Recipe,
    recipe: &Recipe,
) -> Result<Fitted> {
    let heads = fit::Recipe { epochs: recipe.first_epochs, ..heads.clone() };
    Ok(fit::fit(examples, competencies, scale, &heads, &mut |_| ())?)
}

/// Where a run is.
#[derive(Serialize, Deserialize)]
struct Progress {
    step: usize,
    /// The lowest loss on what is held out, and after which epoch.
    best: Option<(f64, usize)>,
    last_loss: f64,
}

/// Trains on the examples from fitted heads. `lowest` is the lowest level; the run directory holds its checkpoints, from the newest
/// of which it goes on.
pub fn tune(
    base: &Base,
    examples: &[&Example],
    fitted: &Fitted,
    lowest: i32,
    recipe: &Recipe,
    run: &RunDirectory,
) -> Result<Tuned> {
    let (train, held_out) = hold_out(examples, recipe);
    let config = &base.directory.config;
    let parameters = parameters(base, fitted, recipe)?;
    let mut optimiser = AdamW::default();
    let mut progress = Progress { step: 0, best: None, last_loss: f64::NAN };
    if let Some(path) = run.newest()? {
        parameters.set(&checkpoint::tensors(&path, "parameters")?)?;
        optimiser = AdamW::restore(&checkpoint::tensors(&path, "optimiser")?)?;
        progress = checkpoint::state(&path)?;
        run.rewind(progress.step)?;
    }
    let steps_an_epoch = train.len().div_ceil(recipe.encoder_batch);
    let steps = recipe.encoder_epochs * steps_an_epoch;
    let schedule =
        Schedule { highest: recipe.encoder_learning_rate, warm_up: (WARM_UP * steps as f64) as usize, steps };
    tracing::info!(
        steps,
        reports = train.len(),
        held_out = held_out.len(),
        numbers = parameters.count(),
        "training"
    );
    let epochs = run.path().join("epochs");
    let bar = progress::training_bar(steps);
    bar.set_position(progress.step as u64);
    let save = |parameters: &Parameters, optimiser: &AdamW, progress: &Progress| -> Result<()> {
        let files = [("parameters", &parameters.snapshot()?), ("optimiser", &optimiser.state()?)];
        checkpoint::save(&run.checkpoints(), progress.step, &files, progress)?;
        checkpoint::keep_newest(&run.checkpoints(), 2)?;
        Ok(())
    };

    while progress.step < steps {
        let step = progress.step;
        let epoch = step / steps_an_epoch;
        let mut order: Vec<usize> = (0..train.len()).collect();
        order.shuffle(&mut StdRng::seed_from_u64(derive_seed(recipe.encoder_seed, epoch as u64)));
        let begin = step % steps_an_epoch * recipe.encoder_batch;
        let batch: Vec<&Example> =
            order[begin..].iter().take(recipe.encoder_batch).map(|&i| train[i]).collect();

        let clock = std::time::Instant::now();
        let mut pass = Pass::training(recipe.encoder_dropout, derive_seed(!recipe.encoder_seed, step as u64));
        if !recipe.full_precision {
            pass = pass.quantized(GgmlDType::Q4_0);
        }
        let loss = loss(base, &parameters, fitted, &batch, lowest, &mut pass)?;
        let mut gradients = Gradients::default();
        gradients.add(&parameters, &loss.backward()?)?;
        let norm = gradients.norm()?;
        let rate = schedule.rate(step);
        let clip = (recipe.clip / (norm + 1e-6)).min(1.0);
        optimiser.step(&parameters, &gradients, rate, clip, |name| group(name, config, recipe))?;
        let loss = f64::from(loss.to_scalar::<f32>()?);
        if !loss.is_finite() {
            return Err(TrainerError::Usage(format!(
                "the loss of step {step} is {loss}; try a lower --encoder-learning-rate"
            )));
        }
        let tokens: usize = batch.iter().flat_map(|e| activations::lengths(e)).sum();
        let speed = tokens as f64 / clock.elapsed().as_secs_f64();
        run.measure(
            step,
            &[("loss", loss), ("learning_rate", rate), ("gradient_norm", norm), ("tokens_per_second", speed)],
        )?;
        bar.set_message(format!("loss {loss:.3}, {speed:.0} tokens/s"));
        bar.inc(1);
        progress.step += 1;
        progress.last_loss = loss;

        if progress.step.is_multiple_of(steps_an_epoch) {
            checkpoint::save(&epochs, epoch, &[("parameters", &parameters.snapshot()?)], &epoch)?;
            let patience = if held_out.is_empty() { 0 } else { recipe.patience };
            checkpoint::keep_newest(&epochs, recipe.average.max(1) + patience)?;
            if !held_out.is_empty() {
                let held = mean_loss(base, &parameters, fitted, &held_out, lowest, recipe)?;
                run.measure(step, &[("held_out_loss", held)])?;
                tracing::info!(epoch, held, "held out");
                if progress.best.is_none_or(|(best, _)| held < best) {
                    progress.best = Some((held, epoch));
                }
            }
        }
        let bored = progress.best.is_some_and(|(_, best)| {
            progress.step.is_multiple_of(steps_an_epoch) && epoch >= best + recipe.patience
        });
        if run_directory::is_asked_to_stop() {
            save(&parameters, &optimiser, &progress)?;
            return Err(TrainerError::Stopped { run: run.path().to_owned() });
        }
        if bored {
            tracing::info!(epoch, "nothing better for some epochs");
            break;
        }
        if progress.step.is_multiple_of(recipe.checkpoint_every.max(1)) || progress.step == steps {
            save(&parameters, &optimiser, &progress)?;
        }
    }
    bar.finish_and_clear();

    let last = progress.best.map_or(usize::MAX, |(_, epoch)| epoch);
    let kept = checkpoint::list(&epochs)?;
    let mut chosen = Vec::new();
    for path in kept {
        if checkpoint::state::<usize>(&path)? <= last {
            chosen.push(path);
        }
    }
    let chosen = &chosen[chosen.len().saturating_sub(recipe.average.max(1))..];
    if !chosen.is_empty() {
        parameters.set(&checkpoint::average(chosen, "parameters")?)?;
    }
    tuned(&parameters, fitted, progress.last_loss)
}

/// Splits off the reports of some writers, chosen by the seed; none where the share is 0.
fn hold_out<'a>(examples: &[&'a Example], recipe: &Recipe) -> (Vec<&'a Example>, Vec<&'a Example>) {
    let writers: BTreeSet<&str> = examples.iter().map(|e| e.facts.writer.as_str()).collect();
    let mut writers: Vec<&str> = writers.into_iter().collect();
    writers.shuffle(&mut StdRng::seed_from_u64(derive_seed(recipe.encoder_seed, u64::MAX)));
    let count = (recipe.hold_out.clamp(0.0, 0.9) * writers.len() as f64).round() as usize;
    examples.iter().partition(|e| !writers[..count].contains(&e.facts.writer.as_str()))
}

/// What changes: the upper layers and the heads.
fn parameters(base: &Base, fitted: &Fitted, recipe: &Recipe) -> Result<Parameters> {
    let is_trained = |name: &str| layer_of(name).is_some_and(|layer| layer >= base.states.layers());
    let layers = base.directory.weights.iter().filter(|(name, _)| is_trained(name));
    let mut tensors: HashMap<String, Tensor> = layers.map(|(name, t)| (name.clone(), t.clone())).collect();
    tensors.extend(fitted.parameters.iter().map(|(name, t)| (format!("{HEADS}{name}"), t.clone())));
    let mut parameters = Parameters::new(tensors, |_| true)?;
    if recipe.adapter_rank > 0 {
        let adapters = Adapters { rank: recipe.adapter_rank, scale: 2.0 };
        let is_matrix = |name: &str| {
            layer_of(name).is_some()
                && name.ends_with(".weight")
                && (name.contains(".dense.") || name.contains("attention.self"))
        };
        parameters.adapt(adapters, recipe.encoder_seed, is_matrix)?;
    }
    Ok(parameters)
}

fn group(name: &str, config: &EncoderConfig, recipe: &Recipe) -> Group {
    let rate = match layer_of(name) {
        Some(layer) => recipe.layer_decay.powi((config.num_hidden_layers - 1 - layer) as i32),
        None => recipe.heads_learning_rate / recipe.encoder_learning_rate,
    };
    let decays = name.ends_with("weight") || name.contains(".adapter.") || name.ends_with("query");
    let weight_decay = if decays && !name.contains("LayerNorm") { recipe.encoder_weight_decay } else { 0.0 };
    Group { rate, weight_decay }
}

/// The tensors of the heads, without their prefix.
fn heads_of(parameters: HashMap<String, Tensor>) -> HashMap<String, Tensor> {
    let heads =
        parameters.into_iter().filter_map(|(name, t)| Some((name.strip_prefix(HEADS)?.to_owned(), t)));
    heads.collect()
}

/// Sentence vectors of some reports, [sentences, hidden] each.
fn vectors(
    base: &Base,
    parameters: &Parameters,
    examples: &[&Example],
    pass: &mut Pass,
) -> Result<Vec<Tensor>> {
    let config = &base.directory.config;
    let below = examples.iter().map(|e| base.states.of(e)).collect::<Result<Vec<_>>>()?;
    let lengths: Vec<usize> = examples.iter().flat_map(|e| activations::lengths(e)).collect();
    let encoder = Encoder::new(config, parameters);
    let states = encoder.layers(
        &Tensor::cat(&below, 0)?,
        &lengths,
        base.states.layers()..config.num_hidden_layers,
        pass,
    )?;
    let mut rows = Vec::new();
    let mut start = 0;
    for (example, below) in examples.iter().zip(&below) {
        let moved = |range: &std::ops::Range<usize>| range.start + start..range.end + start;
        rows.extend(example.rows.iter().map(|ranges| ranges.iter().map(moved).collect::<Vec<_>>()));
        start += below.dim(0)?;
    }
    let all = ops::segment_mean(&states, rows)?;
    let mut start = 0;
    examples
        .iter()
        .map(|example| {
            let count = example.rows.len();
            start += count;
            Ok(all.narrow(0, start - count, count)?)
        })
        .collect()
}

fn loss(
    base: &Base,
    parameters: &Parameters,
    fitted: &Fitted,
    examples: &[&Example],
    lowest: i32,
    pass: &mut Pass,
) -> Result<Tensor> {
    let variables =
        parameters.variables().map(|(name, v)| (name.to_owned(), v.as_tensor().clone())).collect();
    let tensors = heads_of(variables);
    let heads = fit::heads(&fitted.config, tensors.clone())?;
    let vectors = vectors(base, parameters, examples, pass)?;
    let vectors = vectors.iter().map(|v| Ok(fitted.standard.apply(v)?)).collect::<Result<Vec<_>>>()?;
    let labels = Labels::new(examples, &fitted.config, lowest)?;
    let is_training = pass.is_training();
    let mut drop = |x: Tensor| if is_training { pass.drop_share(&x, HEADS_DROPOUT) } else { Ok(x) };
    let output = fit::forward(&heads, &tensors, &fit::pad(&vectors)?, &labels.mask, &mut drop)?;
    Ok(labels.loss(&output, fitted.weights)?)
}

/// The loss over reports that are not learned from, without dropout.
fn mean_loss(
    base: &Base,
    parameters: &Parameters,
    fitted: &Fitted,
    examples: &[&Example],
    lowest: i32,
    recipe: &Recipe,
) -> Result<f64> {
    let mut sum = 0.0;
    for batch in examples.chunks(recipe.encoder_batch) {
        let mut pass = Pass::exact();
        if !recipe.full_precision {
            pass = pass.quantized(GgmlDType::Q4_0);
        }
        let loss = loss(base, parameters, fitted, batch, lowest, &mut pass)?.to_scalar::<f32>()?;
        sum += f64::from(loss) * batch.len() as f64;
    }
    Ok(sum / examples.len() as f64)
}

fn tuned(parameters: &Parameters, fitted: &Fitted, last_loss: f64) -> Result<Tuned> {
    let (heads, layers): (HashMap<_, _>, HashMap<_, _>) =
        parameters.merged()?.into_iter().partition(|(name, _)| name.starts_with(HEADS));
    Ok(Tuned {
        heads_config: fitted.config.clone(),
        heads: fitted.standard.fold(heads_of(heads))?,
        layers,
        adapters: parameters.adapters()?,
        last_loss,
    })
}
