//! Fine-tuning of the upper encoder layers together with the heads, on whole reports. It starts from heads that were fitted to
//! the frozen encoder, so that large early gradients do not distort the pretrained features (Kumar et al. 2022).

use std::collections::{BTreeSet, HashMap};

use candle_core::quantized::GgmlDType;
use candle_core::{DType, Device, Tensor};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use salesmirror::model::{self, EncoderConfig, HeadsConfig, Prediction, adapters, tensor_names};
use serde::Serialize;

use super::examples::{Augmentation, Example, shuffled_batches};
use super::heads::{FittedHeads, HeadArgs, fit_initial_heads, forward_heads};
use super::lower_states::LowerStates;
use super::targets::{Targets, pad_and_stack};
use super::{EncodedReport, FinetuningError, SourceArgs};
use crate::autograd::{Adapters, Encoder, Group, Parameters, Pass, derive_seed, ops};
use crate::data::LabelSpace;
use crate::model_dir::{EncoderDirectory, heads_from_tensors};
use crate::run::directory::RunDirectory;
use crate::run::progress;
use crate::run::training::{self, HeldOut, Loss, Objective, TrainingOptions};

/// How the upper layers of the encoder are fine-tuned.
#[derive(clap::Args, Clone, Debug, Serialize)]
pub struct TuningArgs {
    /// Number of encoder layers to train, counted from the top; the states below them are computed once. 0 trains only the
    /// heads.
    #[arg(long, default_value_t = 2)]
    pub layers: usize,
    /// Passes over the reports that fit only the heads, before fine-tuning.
    #[arg(long, default_value_t = 8)]
    pub first_epochs: usize,
    /// Passes over the reports in fine-tuning.
    #[arg(long, default_value_t = 4)]
    pub encoder_epochs: usize,
    /// Reports per step.
    #[arg(long, default_value_t = 8)]
    pub encoder_batch: usize,
    /// Learning rate of the top layer at the end of the warm-up.
    #[arg(long, default_value_t = 2e-4)]
    pub encoder_learning_rate: f64,
    /// Learning rate of each layer, relative to that of the layer above it (Howard and Ruder 2018).
    #[arg(long, default_value_t = 0.8)]
    pub layer_decay: f64,
    /// Learning rate of the heads at the end of the warm-up; they have already been fitted.
    #[arg(long, default_value_t = 5e-4)]
    pub heads_learning_rate: f64,
    /// Dropout after attention and feed-forward layers.
    #[arg(long, default_value_t = 0.1)]
    pub encoder_dropout: f32,
    #[arg(long, default_value_t = 0.02)]
    pub encoder_weight_decay: f64,
    /// Norm at which gradients are clipped.
    #[arg(long, default_value_t = 1.0)]
    pub clip: f64,
    /// Rank of the low-rank adapters (LoRA) that are trained instead of the matrices; 0 trains the matrices themselves.
    #[arg(long, default_value_t = 0)]
    pub adapter_rank: usize,
    /// Train in full precision, without rounding the matrices to the 4 bits that they have in the model file.
    #[arg(long)]
    pub full_precision: bool,
    /// Average the weights over this many of the last epochs (Izmailov et al. 2018).
    #[arg(long, default_value_t = 2)]
    pub average: usize,
    /// Share of the writers whose reports are held out for early stopping.
    #[arg(long, default_value_t = 0.0)]
    pub hold_out: f64,
    /// Stop after this many epochs without a lower loss on the held-out reports.
    #[arg(long, default_value_t = 2)]
    pub patience: usize,
    /// Steps between checkpoints.
    #[arg(long, default_value_t = 100)]
    pub checkpoint_every: usize,
    #[arg(long, default_value_t = 0)]
    pub encoder_seed: u64,
}

/// Share of the steps over which the learning rate rises.
const WARM_UP: f64 = 0.08;

/// Dropout before the heads.
const HEADS_DROPOUT: f32 = 0.2;

/// The factor by which the adapters' product is multiplied during training.
const ADAPTER_SCALE: f64 = 2.0;

const CHECKPOINTS: usize = 2;

/// The encoder that fine-tuning starts from, with the cached states below the layers that are trained.
pub struct BaseEncoder<'a> {
    pub directory: &'a EncoderDirectory,
    pub states: &'a LowerStates,
}

/// Computes those states below the layers to be trained that are not cached yet.
pub fn prepare_lower_states<'r>(
    source: &SourceArgs,
    directory: &EncoderDirectory,
    args: &TuningArgs,
    reports: impl IntoIterator<Item = &'r EncodedReport>,
) -> Result<LowerStates, FinetuningError> {
    let available = directory.config.num_hidden_layers;
    let Some(below) = available.checked_sub(args.layers) else {
        return Err(FinetuningError::TooManyLayers { asked: args.layers, available });
    };
    LowerStates::prepare(&source.cache, &source.encoder, directory, below, reports)
}

/// A fine-tuned model: the tensors of the heads and of the layers that changed, by name.
pub struct FinetunedModel {
    pub heads_config: HeadsConfig,
    /// Heads for raw sentence vectors.
    pub heads: HashMap<String, Tensor>,
    /// The encoder's changed tensors, with adapters merged.
    pub layers: HashMap<String, Tensor>,
    /// The adapters alone, those that the encoder came with and those that were trained; empty if there are none.
    pub adapters: HashMap<String, Tensor>,
    /// The mean loss over the reports of the last step, if there was one.
    pub last_loss: Option<f64>,
}

impl FinetunedModel {
    /// Makes a model of fitted heads and an unchanged encoder.
    pub fn of_heads_alone(fitted: &FittedHeads, encoder: &EncoderDirectory) -> Result<Self, FinetuningError> {
        Ok(Self {
            heads_config: fitted.config.clone(),
            heads: fitted.for_raw_vectors()?,
            layers: HashMap::new(),
            adapters: encoder.adapters.clone(),
            last_loss: fitted.last_loss,
        })
    }

    /// Returns all tensors of the encoder.
    pub fn encoder(&self, base: &EncoderDirectory) -> HashMap<String, Tensor> {
        let mut weights = base.weights.clone();
        weights.extend(self.layers.clone());
        weights
    }

    /// Predicts a report in f32.
    pub fn predict(&self, base: &BaseEncoder, report: &EncodedReport) -> Result<Prediction, FinetuningError> {
        let parameters = Parameters::new(self.layers.clone(), |_| false)?;
        let vectors = sentence_vectors(base, &parameters, &[report], &mut Pass::exact())?.remove(0);
        Ok(heads_from_tensors(&self.heads_config, self.heads.clone())?.predict(&vectors)?)
    }

    /// Makes the encoder as it will run in the browser, with 4-bit weights and integer products.
    pub fn shipped_encoder(&self, base: &EncoderDirectory) -> Result<model::Encoder, FinetuningError> {
        let (config, weights) = adapters::unmerge(&base.config, self.encoder(base), &self.adapters)?;
        let through_file =
            |(name, tensor): (String, Tensor)| Ok((name.clone(), model::as_shipped(&name, &tensor)?));
        let weights = weights.into_iter().map(through_file).collect::<Result<_, FinetuningError>>()?;
        Ok(model::Encoder::from_tensors(&config, &weights)?)
    }

    /// Predicts a report with the code that runs in the browser; `encoder` is [`Self::shipped_encoder`].
    pub fn predict_shipped(
        &self,
        encoder: &model::Encoder,
        report: &EncodedReport,
    ) -> Result<Prediction, FinetuningError> {
        let ids: Vec<&[u32]> = report.windows.iter().map(|window| window.ids()).collect();
        let vectors = ops::segment_mean(&encoder.forward(&ids)?, report.token_rows.clone())?;
        Ok(heads_from_tensors(&self.heads_config, self.heads.clone())?.predict(&vectors)?)
    }
}

/// Fits the heads to the frozen encoder, and then fine-tunes them together with the upper layers.
pub fn fit_and_finetune(
    base: &BaseEncoder,
    reports: &[&EncodedReport],
    labels: &LabelSpace,
    head_args: &HeadArgs,
    args: &TuningArgs,
    run: &RunDirectory,
) -> Result<FinetunedModel, FinetuningError> {
    let first = HeadArgs { epochs: args.first_epochs, ..head_args.clone() };
    let fitted = fit_initial_heads(reports, labels, &first, &progress::hidden())?;
    finetune(base, reports, labels, &fitted, args, run)
}

/// Fine-tunes the upper layers together with heads that have already been fitted.
///
/// The run directory holds the checkpoints. Training resumes from the newest one, if there is one.
pub fn finetune(
    base: &BaseEncoder,
    reports: &[&EncodedReport],
    labels: &LabelSpace,
    fitted: &FittedHeads,
    args: &TuningArgs,
    run: &RunDirectory,
) -> Result<FinetunedModel, FinetuningError> {
    let (train, held_out) = hold_out(reports, args);
    let parameters = trained_parameters(base, fitted, args)?;
    let steps_per_epoch = shuffled_batches(&train, args.encoder_batch, 0).len();
    let steps = args.encoder_epochs * steps_per_epoch;
    let options = TrainingOptions {
        steps,
        learning_rate: args.encoder_learning_rate,
        warm_up: (WARM_UP * steps as f64) as usize,
        clip: args.clip,
        accumulate: 1,
        evaluate_every: steps_per_epoch.max(1),
        patience: (!held_out.is_empty()).then_some(args.patience),
        average: args.average.max(1),
        checkpoint_every: args.checkpoint_every,
        keep: CHECKPOINTS,
    };
    tracing::info!(
        steps,
        reports = train.len(),
        held_out = held_out.len(),
        parameters = parameters.count(),
        "fine-tuning"
    );
    let augmentation = Augmentation::new(&train, fitted.augmentation);
    let objective = Tuning { base, train, held_out, labels, fitted, args, augmentation, parameters };
    let bar = progress::training_bar(steps);
    let progress = training::train(&objective, &options, Some(run), &bar, &training::stop_on_interrupt)?;
    let (heads, layers): (HashMap<_, _>, HashMap<_, _>) =
        objective.parameters.merged()?.into_iter().partition(|(name, _)| is_of_heads(name));
    Ok(FinetunedModel {
        heads_config: fitted.config.clone(),
        heads: fitted.standardizer.fold_into(without_prefix(heads))?,
        layers,
        adapters: side_by_side(&base.directory.adapters, &objective.parameters.adapters()?)?,
        last_loss: Some(progress.last_loss),
    })
}

/// Joins the adapters that an encoder came with and those that were trained on it to adapters that add the products of both. All
/// get the same rank, with zeros where a weight has only one of both.
fn side_by_side(
    known: &HashMap<String, Tensor>,
    trained: &HashMap<String, Tensor>,
) -> candle_core::Result<HashMap<String, Tensor>> {
    // A is [rank, inputs] and B is [outputs, rank].
    let axis = |name: &str| usize::from(tensor_names::is_adapter_b(name));
    let rank = |adapters: &HashMap<String, Tensor>| {
        adapters.iter().next().map_or(Ok(0), |(name, factor)| factor.dim(axis(name)))
    };
    let ranks = [rank(known)?, rank(trained)?];
    let names: BTreeSet<&String> = known.keys().chain(trained.keys()).collect();
    let join = |name: &String| {
        let axis = axis(name);
        let factors = [known.get(name), trained.get(name)];
        let other = factors[0].or(factors[1]).map_or(Ok(0), |factor| factor.dim(1 - axis))?;
        let padded = factors.into_iter().zip(ranks).filter(|(_, rank)| *rank > 0).map(|(factor, rank)| {
            let shape = if axis == 0 { (rank, other) } else { (other, rank) };
            factor.cloned().map_or_else(|| Tensor::zeros(shape, DType::F32, &Device::Cpu), Ok)
        });
        Ok((name.clone(), Tensor::cat(&padded.collect::<candle_core::Result<Vec<_>>>()?, axis)?))
    };
    names.into_iter().map(join).collect()
}

/// Splits the reports into those to train on and those to hold out, which are all reports of writers chosen by the seed.
fn hold_out<'a>(
    reports: &[&'a EncodedReport],
    args: &TuningArgs,
) -> (Vec<&'a EncodedReport>, Vec<&'a EncodedReport>) {
    let writers: BTreeSet<&str> = reports.iter().map(|report| report.writer.as_str()).collect();
    let mut writers: Vec<&str> = writers.into_iter().collect();
    writers.shuffle(&mut StdRng::seed_from_u64(derive_seed(args.encoder_seed, u64::MAX)));
    let count = (args.hold_out.clamp(0.0, 0.9) * writers.len() as f64).round() as usize;
    reports.iter().partition(|report| !writers[..count].contains(&report.writer.as_str()))
}

/// Collects the parameters to train: the upper layers, or adapters for them, and the heads.
fn trained_parameters(
    base: &BaseEncoder,
    fitted: &FittedHeads,
    args: &TuningArgs,
) -> Result<Parameters, FinetuningError> {
    let is_trained =
        |name: &str| tensor_names::layer_of(name).is_some_and(|layer| layer >= base.states.layers());
    let layers = base.directory.weights.iter().filter(|(name, _)| is_trained(name));
    let mut tensors: HashMap<String, Tensor> = layers.map(|(name, t)| (name.clone(), t.clone())).collect();
    let heads = fitted.parameters.iter();
    tensors.extend(heads.map(|(name, t)| (format!("{}{name}", tensor_names::HEADS_PREFIX), t.clone())));
    let mut parameters = Parameters::new(tensors, |_| true)?;
    if args.adapter_rank > 0 {
        let adapters = Adapters { rank: args.adapter_rank, scale: ADAPTER_SCALE };
        parameters.adapt(adapters, args.encoder_seed, tensor_names::is_linear_weight)?;
    }
    Ok(parameters)
}

fn is_of_heads(name: &str) -> bool {
    name.starts_with(tensor_names::HEADS_PREFIX)
}

/// Selects the tensors of the heads and removes the prefix from their names.
fn without_prefix(tensors: HashMap<String, Tensor>) -> HashMap<String, Tensor> {
    let heads = tensors.into_iter();
    heads
        .filter_map(|(name, t)| Some((name.strip_prefix(tensor_names::HEADS_PREFIX)?.to_owned(), t)))
        .collect()
}

/// Returns the learning-rate factor and the weight decay of a parameter.
fn parameter_group(name: &str, config: &EncoderConfig, args: &TuningArgs) -> Group {
    let rate = match tensor_names::layer_of(name) {
        Some(layer) => args.layer_decay.powi((config.num_hidden_layers - 1 - layer) as i32),
        None => args.heads_learning_rate / args.encoder_learning_rate,
    };
    let decays = name.ends_with("weight") || tensor_names::is_adapter(name) || name.ends_with("query");
    let weight_decay = if decays && !tensor_names::is_norm(name) { args.encoder_weight_decay } else { 0.0 };
    Group { rate, weight_decay }
}

/// Computes the sentence vectors of some reports, each `[sentences, hidden]`. Gradients flow to the parameters.
fn sentence_vectors(
    base: &BaseEncoder,
    parameters: &Parameters,
    reports: &[&EncodedReport],
    pass: &mut Pass,
) -> Result<Vec<Tensor>, FinetuningError> {
    let config = &base.directory.config;
    let below = reports.iter().map(|report| base.states.of(report)).collect::<Result<Vec<_>, _>>()?;
    let lengths: Vec<usize> = reports.iter().flat_map(|report| report.window_lengths()).collect();
    let encoder = Encoder::new(config, parameters);
    let upper = base.states.layers()..config.num_hidden_layers;
    let states = encoder.layers(&Tensor::cat(&below, 0)?, &lengths, upper, pass)?;
    let mut rows = Vec::new();
    let mut start = 0;
    for (report, below) in reports.iter().zip(&below) {
        let moved = |range: &std::ops::Range<usize>| range.start + start..range.end + start;
        rows.extend(report.token_rows.iter().map(|ranges| ranges.iter().map(moved).collect::<Vec<_>>()));
        start += below.dim(0)?;
    }
    let all = ops::segment_mean(&states, rows)?;
    let mut start = 0;
    reports
        .iter()
        .map(|report| {
            let count = report.sentences();
            start += count;
            Ok(all.narrow(0, start - count, count)?)
        })
        .collect()
}

/// The upper layers and the heads as an objective of the training loop.
struct Tuning<'a> {
    base: &'a BaseEncoder<'a>,
    train: Vec<&'a EncodedReport>,
    held_out: Vec<&'a EncodedReport>,
    labels: &'a LabelSpace,
    fitted: &'a FittedHeads,
    args: &'a TuningArgs,
    augmentation: Augmentation<'a>,
    parameters: Parameters,
}

impl Tuning<'_> {
    /// Returns a pass that rounds trained matrices to 4 bits, as in the model file, unless full precision was asked for.
    fn rounded(&self, pass: Pass) -> Pass {
        if self.args.full_precision { pass } else { pass.quantized(GgmlDType::Q4_0) }
    }

    fn batch_loss(&self, examples: &[Example], pass: &mut Pass) -> Result<Tensor, FinetuningError> {
        let tensors = without_prefix(self.parameters.tensors());
        let heads = heads_from_tensors(&self.fitted.config, tensors.clone())?;
        let texts: Vec<&EncodedReport> = examples.iter().flat_map(Example::texts).collect();
        let mut vectors = sentence_vectors(self.base, &self.parameters, &texts, pass)?.into_iter();
        let of_example = |example: &Example| {
            let texts: Vec<Tensor> = vectors.by_ref().take(example.texts().len()).collect();
            self.fitted.standardizer.apply(&Tensor::cat(&texts, 0)?)
        };
        let vectors: Vec<Tensor> = examples.iter().map(of_example).collect::<candle_core::Result<_>>()?;
        let targets = Targets::new(examples, self.labels)?;
        let is_training = pass.is_training();
        let mut drop = |x: Tensor| if is_training { pass.drop_share(&x, HEADS_DROPOUT) } else { Ok(x) };
        let vectors = pad_and_stack(&vectors)?;
        let output = forward_heads(&heads, &tensors, &vectors, &targets.mask, &mut drop)?;
        Ok(targets.loss(&output, self.fitted.weights)?)
    }
}

impl Objective for Tuning<'_> {
    /// Indices of reports.
    type Batch = Vec<usize>;
    type Error = FinetuningError;

    fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    fn group(&self, name: &str) -> Group {
        parameter_group(name, &self.base.directory.config, self.args)
    }

    fn epoch(&self, number: usize) -> Vec<Vec<usize>> {
        let seed = derive_seed(self.args.encoder_seed, number as u64);
        shuffled_batches(&self.train, self.args.encoder_batch, seed)
    }

    fn loss(&self, batch: &Vec<usize>, number: usize) -> Result<Loss, FinetuningError> {
        let reports: Vec<&EncodedReport> = batch.iter().map(|&i| self.train[i]).collect();
        let seed = derive_seed(!self.args.encoder_seed, number as u64);
        let mut pass = self.rounded(Pass::training(self.args.encoder_dropout, seed));
        let examples = self.augmentation.draw(&reports, seed);
        let total = self.batch_loss(&examples, &mut pass)?;
        let texts = examples.iter().flat_map(Example::texts);
        let tokens = texts.flat_map(EncodedReport::window_lengths).sum();
        Ok(Loss { total, measurements: Default::default(), tokens, flops: 0 })
    }

    /// Computes the mean loss over the held-out reports, without dropout.
    fn evaluate(&self) -> Result<Option<HeldOut>, FinetuningError> {
        if self.held_out.is_empty() {
            return Ok(None);
        }
        let mut sum = 0.0;
        for batch in self.held_out.chunks(self.args.encoder_batch.max(1)) {
            let mut pass = self.rounded(Pass::exact());
            let examples: Vec<Example> = batch.iter().map(|report| Example::plain(report)).collect();
            let loss = self.batch_loss(&examples, &mut pass)?.to_scalar::<f32>()?;
            sum += f64::from(loss) * batch.len() as f64;
        }
        let loss = sum / self.held_out.len() as f64;
        Ok(Some(HeldOut { loss, measurements: [("held_out_loss".to_owned(), loss)].into() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "encoder.layer.0.output.dense.weight";
    const SECOND: &str = "encoder.layer.1.output.dense.weight";

    /// Adapters of a weight of [3, 4], whose factors have one value each.
    fn adapters(weights: &[&str], rank: usize, value: f32) -> HashMap<String, Tensor> {
        let factor = |shape: (usize, usize)| Tensor::full(value, shape, &Device::Cpu).unwrap();
        let of = |name: &&str| {
            [
                (tensor_names::adapter_a(name), factor((rank, 4))),
                (tensor_names::adapter_b(name), factor((3, rank))),
            ]
        };
        weights.iter().flat_map(of).collect()
    }

    /// What adapters add to each value of a weight.
    fn added(adapters: &HashMap<String, Tensor>, name: &str) -> Vec<Vec<f32>> {
        let (a, b) = (&adapters[&tensor_names::adapter_a(name)], &adapters[&tensor_names::adapter_b(name)]);
        b.matmul(a).unwrap().to_vec2().unwrap()
    }

    #[test]
    fn adapters_side_by_side_add_both_products() {
        let (known, trained) = (adapters(&[FIRST, SECOND], 2, 1.0), adapters(&[SECOND], 1, 3.0));
        let both = side_by_side(&known, &trained).unwrap();
        assert_eq!(both.len(), 4);
        assert_eq!(both[&tensor_names::adapter_a(FIRST)].dims(), [3, 4]);
        assert_eq!(added(&both, FIRST), [[2.0; 4]; 3]);
        assert_eq!(added(&both, SECOND), [[11.0; 4]; 3]);
    }

    #[test]
    fn adapters_alone_stay_as_they_are() {
        let (some, none) = (adapters(&[FIRST], 2, 2.0), HashMap::new());
        for joined in [side_by_side(&some, &none), side_by_side(&none, &some)] {
            assert_eq!(added(&joined.unwrap(), FIRST), [[8.0; 4]; 3]);
        }
        assert!(side_by_side(&none, &none).unwrap().is_empty());
    }
}
