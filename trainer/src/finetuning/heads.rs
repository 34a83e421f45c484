//! Fits the heads to the sentence vectors of a frozen encoder. Cross-validation uses the result as a baseline, and fine-tuning
//! starts from it. The same seed gives the same heads.

use std::collections::HashMap;

use candle_core::{DType, Device, Result, Tensor};
use candle_nn::{VarBuilder, VarMap};
use indicatif::ProgressBar;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use salesmirror::model::tensor_names::{
    self,
    heads::{EVIDENCE, LEVEL_STEPS, PROJECTION},
};
use salesmirror::model::{Heads, HeadsConfig, HeadsOutput};

use super::examples::{Augmentation, AugmentationArgs, Example, shuffled_batches};
use super::standardizer::Standardizer;
use super::targets::{LossWeights, Targets, pad_and_stack};
use super::{EncodedReport, FinetuningError};
use crate::autograd::{Group, Parameters, Pass, derive_seed, ops};
use crate::data::LabelSpace;
use crate::model_dir::heads_from_tensors;
use crate::run::training::{self, Loss, Objective, TrainingOptions};

/// How the heads are fitted.
#[derive(clap::Args, Clone, Debug, serde::Serialize)]
pub struct HeadArgs {
    /// Passes over the reports.
    #[arg(long, default_value_t = 28)]
    pub epochs: usize,
    /// Reports per step.
    #[arg(long, default_value_t = 16)]
    pub batch: usize,
    /// Learning rate at the end of the warm-up.
    #[arg(long, default_value_t = 2e-3)]
    pub learning_rate: f64,
    /// Decoupled weight decay (Loshchilov and Hutter 2019).
    #[arg(long, default_value_t = 0.05)]
    pub weight_decay: f64,
    #[arg(long, default_value_t = 0.5)]
    pub dropout: f32,
    /// Width of the projection of sentence vectors.
    #[arg(long, default_value_t = 384)]
    pub width: usize,
    /// Width of the layer below presence and level.
    #[arg(long, default_value_t = 64)]
    pub summary: usize,
    #[command(flatten)]
    pub weights: LossWeights,
    #[command(flatten)]
    pub augmentation: AugmentationArgs,
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
}

/// Share of the steps over which the learning rate rises.
const WARM_UP: f64 = 0.1;

/// Learning rate of the thresholds between levels, relative to that of the weights. The thresholds have to move by about their
/// own size, and until they are in place, every level between the lowest and the highest looks uncertain.
const THRESHOLD_RATE: f64 = 20.0;

/// The purposes that seeds are derived for; each gets its own random numbers.
const ORDER: u64 = 1;
const DROPOUT: u64 = 2;
const EXAMPLES: u64 = 3;

/// Heads fitted to standardized sentence vectors.
pub struct FittedHeads {
    pub config: HeadsConfig,
    /// The parameters by name, for standardized sentence vectors.
    pub parameters: HashMap<String, Tensor>,
    pub standardizer: Standardizer,
    pub weights: LossWeights,
    pub augmentation: AugmentationArgs,
    /// The mean loss over the reports of the last step, if there was one.
    pub last_loss: Option<f64>,
}

impl FittedHeads {
    /// Takes the heads of a trained model, which training goes on from, in the place of fitting new ones.
    pub fn of_model(
        config: &HeadsConfig,
        heads: HashMap<String, Tensor>,
        reports: &[&EncodedReport],
        args: &HeadArgs,
    ) -> Result<Self> {
        let standardizer = Standardizer::fit(reports)?;
        Ok(Self {
            config: config.clone(),
            parameters: standardizer.unfold_from(heads)?,
            standardizer,
            weights: args.weights,
            augmentation: args.augmentation,
            last_loss: None,
        })
    }

    /// Returns the parameters of equivalent heads that take raw sentence vectors.
    pub fn for_raw_vectors(&self) -> Result<HashMap<String, Tensor>> {
        self.standardizer.fold_into(self.parameters.clone())
    }

    /// Returns equivalent heads that take raw sentence vectors.
    pub fn heads(&self) -> Result<Heads> {
        heads_from_tensors(&self.config, self.for_raw_vectors()?)
    }
}

/// Fits heads to some reports.
///
/// # Errors
/// When there are no reports, when an option is out of range, and when the process is asked to stop.
pub fn fit_initial_heads(
    reports: &[&EncodedReport],
    labels: &LabelSpace,
    args: &HeadArgs,
    bar: &ProgressBar,
) -> std::result::Result<FittedHeads, FinetuningError> {
    let first = reports.first().ok_or(FinetuningError::NoReports)?;
    let config = HeadsConfig {
        hidden: first.vectors.dim(1)?,
        width: args.width,
        summary: args.summary,
        competencies: labels.competencies.len(),
        levels: labels.levels,
    };
    let standardizer = Standardizer::fit(reports)?;
    let standardized = |report: &&EncodedReport| {
        Ok(EncodedReport { vectors: standardizer.apply(&report.vectors)?, ..(*report).clone() })
    };
    let reports: Vec<EncodedReport> = reports.iter().map(standardized).collect::<Result<_>>()?;
    let reports: Vec<&EncodedReport> = reports.iter().collect();
    let parameters = Parameters::new(initial_parameters(&config, args.seed)?, |_| true)?;
    let tensors = parameters.tensors();
    let heads = heads_from_tensors(&config, tensors.clone())?;
    let augmentation = Augmentation::new(&reports, args.augmentation);
    let objective = HeadFitting { reports: &reports, labels, args, augmentation, parameters, tensors, heads };
    let steps = args.epochs * objective.epoch(0).len();
    bar.set_length(steps as u64);
    let options = head_training(steps, args.learning_rate);
    let progress = training::train(&objective, &options, None, bar, &training::stop_on_interrupt)?;
    Ok(FittedHeads {
        config,
        parameters: objective.parameters.snapshot()?,
        standardizer,
        weights: args.weights,
        augmentation: args.augmentation,
        last_loss: Some(progress.last_loss),
    })
}

/// How heads are trained on a frozen encoder: it takes minutes at most, so nothing is measured or kept on the way.
fn head_training(steps: usize, learning_rate: f64) -> TrainingOptions {
    TrainingOptions {
        steps,
        learning_rate,
        warm_up: (WARM_UP * steps as f64) as usize,
        clip: f64::INFINITY,
        accumulate: 1,
        evaluate_every: steps.max(1),
        patience: None,
        average: 0,
        checkpoint_every: steps.max(1),
        keep: 1,
    }
}

/// Stacks the sentence vectors of the texts of each example, `[examples, sentences, hidden]`.
fn stack_vectors(examples: &[Example]) -> Result<Tensor> {
    let vectors = examples.iter().map(|example| {
        let texts: Vec<&Tensor> = example.texts().into_iter().map(|text| &text.vectors).collect();
        Tensor::cat(&texts, 0)
    });
    pad_and_stack(&vectors.collect::<Result<Vec<_>>>()?)
}

/// The heads as an objective of the training loop.
struct HeadFitting<'a> {
    /// Reports with standardized sentence vectors.
    reports: &'a [&'a EncodedReport],
    labels: &'a LabelSpace,
    args: &'a HeadArgs,
    augmentation: Augmentation<'a>,
    parameters: Parameters,
    /// The same variables by name.
    tensors: HashMap<String, Tensor>,
    heads: Heads,
}

impl Objective for HeadFitting<'_> {
    /// Indices of reports.
    type Batch = Vec<usize>;
    type Error = FinetuningError;

    fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    fn group(&self, name: &str) -> Group {
        match name {
            LEVEL_STEPS => Group { rate: THRESHOLD_RATE, weight_decay: 0.0 },
            _ => Group { rate: 1.0, weight_decay: self.args.weight_decay },
        }
    }

    fn epoch(&self, number: usize) -> Vec<Vec<usize>> {
        let seed = derive_seed(derive_seed(self.args.seed, ORDER), number as u64);
        shuffled_batches(self.reports, self.args.batch, seed)
    }

    fn loss(&self, batch: &Vec<usize>, number: usize) -> std::result::Result<Loss, FinetuningError> {
        let reports: Vec<&EncodedReport> = batch.iter().map(|&i| self.reports[i]).collect();
        let seed = derive_seed(derive_seed(self.args.seed, EXAMPLES), number as u64);
        let examples = self.augmentation.draw(&reports, seed);
        let targets = Targets::new(&examples, self.labels)?;
        let vectors = stack_vectors(&examples)?;
        let seed = derive_seed(derive_seed(self.args.seed, DROPOUT), number as u64);
        let mut pass = Pass::training(self.args.dropout, seed);
        let mut drop = |x: Tensor| pass.drop(&x);
        let output = forward_heads(&self.heads, &self.tensors, &vectors, &targets.mask, &mut drop)?;
        let total = targets.loss(&output, self.args.weights)?;
        Ok(Loss { total, measurements: Default::default(), tokens: 0, flops: 0 })
    }
}

/// Computes the same as [`Heads::forward`], but its operations for the first layer have a faster backward pass.
///
/// `vectors` is `[reports, sentences, hidden]`, `mask` is `[reports, sentences]`, and `parameters` are the variables of
/// `heads`.
pub(super) fn forward_heads(
    heads: &Heads,
    parameters: &HashMap<String, Tensor>,
    vectors: &Tensor,
    mask: &Tensor,
    drop: &mut dyn FnMut(Tensor) -> Result<Tensor>,
) -> Result<HeadsOutput> {
    let (reports, sentences, hidden) = vectors.dims3()?;
    let (weight, bias) =
        (&parameters[&tensor_names::weight(PROJECTION)], &parameters[&tensor_names::bias(PROJECTION)]);
    let rows = vectors.reshape((reports * sentences, hidden))?;
    let projected = ops::gelu(&ops::linear(&rows, weight, bias)?)?.reshape((reports, sentences, ()))?;
    heads.read(&drop(projected)?, mask, drop)
}

/// Makes the initial parameters, because candle's own initialization takes no seed. Weights are scaled by their fan-in (He et
/// al. 2015), evidence starts out rare, and thresholds start one level apart around the middle of the scale.
fn initial_parameters(config: &HeadsConfig, seed: u64) -> Result<HashMap<String, Tensor>> {
    let variables = VarMap::new();
    Heads::new(config, VarBuilder::from_varmap(&variables, DType::F32, &Device::Cpu))?;
    let mut random = StdRng::seed_from_u64(seed);
    let variables = variables.data().lock().unwrap_or_else(|e| e.into_inner());
    let mut names: Vec<&String> = variables.keys().collect();
    names.sort();
    let evidence_bias = tensor_names::bias(EVIDENCE);
    let mut parameters = HashMap::new();
    for name in names {
        let dims = variables[name].dims();
        let fan_in = dims[dims.len() - 1] as f32;
        let mut value = |i: usize| match name.as_str() {
            name if name == evidence_bias => -3.0,
            LEVEL_STEPS if i.is_multiple_of(dims[1]) => -0.5 * (dims[1] as f32 - 1.0),
            // softplus(0.54) = 1
            LEVEL_STEPS => 0.54,
            _ if dims.len() == 1 => 0.0,
            // The sum of twelve uniform numbers is nearly normal.
            _ => (0..12).map(|_| random.random::<f32>() - 0.5).sum::<f32>() / fan_in.sqrt(),
        };
        let values: Vec<f32> = (0..variables[name].elem_count()).map(&mut value).collect();
        parameters.insert(name.clone(), Tensor::from_vec(values, dims, &Device::Cpu)?);
    }
    Ok(parameters)
}

#[cfg(test)]
mod tests {
    use candle_core::Var;

    use super::*;

    const WEIGHTS: LossWeights = LossWeights {
        positive_weight: 3.0,
        evidence_weight: 3.0,
        presence_weight: 1.0,
        sales_weight: 1.0,
        other_weight: 3.0,
        contrast_weight: 0.5,
    };

    const UNCHANGED: AugmentationArgs = AugmentationArgs { padded: 0.0, thinned: 0.0, cut: 0.0 };

    fn labels() -> LabelSpace {
        LabelSpace { competencies: vec!["a".to_owned(), "b".to_owned()], lowest: 1, levels: 5 }
    }

    /// Makes sixteen reports whose labels a linear model can learn.
    fn reports() -> Vec<EncodedReport> {
        let mut random = StdRng::seed_from_u64(7);
        (0..16)
            .map(|i| {
                let sentences = 3 + i % 4;
                let values: Vec<f32> = (0..sentences * 8).map(|_| random.random::<f32>() - 0.5).collect();
                let evidence: Vec<Vec<bool>> =
                    values.chunks(8).map(|v| (0..4).map(|k| v[k] > 0.2).collect()).collect();
                let level = |c: usize| {
                    let good = evidence.iter().filter(|e| e[2 * c]).count() as f32;
                    let poor = evidence.iter().filter(|e| e[2 * c + 1]).count() as f32;
                    (good + poor > 0.0).then(|| (3.0 + good - poor).clamp(1.0, 5.0))
                };
                let levels = (0..2).map(level).collect();
                let vectors = Tensor::from_vec(values, (sentences, 8), &Device::Cpu).unwrap();
                EncodedReport::of_vectors(vectors, evidence, levels)
            })
            .collect()
    }

    fn args() -> HeadArgs {
        HeadArgs {
            epochs: 1500,
            batch: 8,
            learning_rate: 2e-2,
            weight_decay: 0.0,
            dropout: 0.0,
            width: 64,
            summary: 32,
            weights: WEIGHTS,
            augmentation: UNCHANGED,
            seed: 1,
        }
    }

    fn fit(reports: &[EncodedReport], args: &HeadArgs) -> FittedHeads {
        let reports: Vec<&EncodedReport> = reports.iter().collect();
        fit_initial_heads(&reports, &labels(), args, &ProgressBar::hidden()).unwrap()
    }

    #[test]
    fn sixteen_reports_are_learned_by_heart() {
        let reports = reports();
        let first = fit(&reports, &HeadArgs { epochs: 1, batch: 16, ..args() }).last_loss.unwrap();
        let last = fit(&reports, &args()).last_loss.unwrap();
        assert!(last < 0.05 && first > 2.0, "from {first} to {last}");
    }

    #[test]
    fn the_same_seed_gives_the_same_heads() {
        let reports = reports();
        let args = HeadArgs { epochs: 3, dropout: 0.3, ..args() };
        let (a, b) = (fit(&reports, &args), fit(&reports, &args));
        for (name, parameter) in &a.parameters {
            let values = |t: &Tensor| t.flatten_all().unwrap().to_vec1::<f32>().unwrap();
            assert_eq!(values(parameter), values(&b.parameters[name]), "{name}");
        }
    }

    #[test]
    fn options_that_make_no_sense_are_refused() {
        let reports = reports();
        let reports: Vec<&EncodedReport> = reports.iter().collect();
        let refused = |args: HeadArgs| {
            let fitted = fit_initial_heads(&reports, &labels(), &args, &ProgressBar::hidden());
            fitted.err().map(|error| error.to_string()).unwrap_or_default()
        };
        assert!(refused(HeadArgs { epochs: 0, ..args() }).contains("number of steps"));
        assert!(refused(HeadArgs { learning_rate: 0.0, ..args() }).contains("learning rate"));
    }

    /// candle's fused layer norm and softmax have no backward pass and cut gradients silently.
    #[test]
    fn every_parameter_gets_the_gradient_of_finite_differences() {
        let reports = reports();
        let chosen: Vec<&EncodedReport> = reports.iter().take(4).collect();
        let config = HeadsConfig { hidden: 8, width: 6, summary: 5, competencies: 2, levels: 5 };
        let variables: HashMap<String, Var> = initial_parameters(&config, 3)
            .unwrap()
            .into_iter()
            .map(|(name, tensor)| (name, Var::from_tensor(&tensor).unwrap()))
            .collect();
        let tensors = variables.iter().map(|(name, v)| (name.clone(), v.as_tensor().clone())).collect();
        let heads = heads_from_tensors(&config, tensors).unwrap();
        let examples: Vec<Example> = chosen.iter().map(|report| Example::plain(report)).collect();
        let targets = Targets::new(&examples, &labels()).unwrap();
        let vectors = pad_and_stack(&chosen.iter().map(|r| r.vectors.clone()).collect::<Vec<_>>()).unwrap();
        let loss =
            || targets.loss(&heads.forward(&vectors, &targets.mask, &mut Ok).unwrap(), WEIGHTS).unwrap();
        let gradients = loss().backward().unwrap();
        for (name, variable) in &variables {
            let gradient = gradients.get(variable).unwrap_or_else(|| panic!("{name} has no gradient"));
            let gradient: Vec<f32> = gradient.flatten_all().unwrap().to_vec1().unwrap();
            let original: Vec<f32> = variable.flatten_all().unwrap().to_vec1().unwrap();
            let at =
                (0..gradient.len()).max_by(|&a, &b| gradient[a].abs().total_cmp(&gradient[b].abs())).unwrap();
            let set = |values: Vec<f32>| {
                variable.set(&Tensor::from_vec(values, variable.dims(), &Device::Cpu).unwrap()).unwrap();
            };
            let loss_with = |delta: f32| {
                let mut values = original.clone();
                values[at] += delta;
                set(values);
                let value = loss().to_scalar::<f32>().unwrap();
                set(original.clone());
                value
            };
            let numeric = (loss_with(1e-2) - loss_with(-1e-2)) / 2e-2;
            assert!(gradient[at].abs() > 1e-6, "{name} has a zero gradient");
            assert!(
                (numeric - gradient[at]).abs() < 0.05 * gradient[at].abs() + 2e-4,
                "{name}: {numeric} {}",
                gradient[at]
            );
        }
    }
}
