//! The training loop of the heads over a frozen encoder: data, parameters, loss, optimiser, loop, in the order in which
//! things happen. What it finds is a baseline of `crossval` and the beginning of [`crate::finetuning::encoder`]. The same seed gives the
//! same heads.

use std::collections::HashMap;

use candle_core::{D, DType, Device, Result, Tensor};
use candle_nn::ops::sigmoid;
use candle_nn::{VarBuilder, VarMap};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use salesmirror::model::{Heads, HeadsConfig, HeadsOutput};
use crate::autograd::{AdamW, Gradients, Group, Parameters, Pass, derive_seed, ops};

use crate::evaluation::Prediction;
use crate::finetuning::features::Example;

/// How the heads are trained.
#[derive(clap::Args, Clone, serde::Serialize)]
pub struct Recipe {
    /// Passes over the reports.
    #[arg(long, default_value_t = 28)]
    pub epochs: usize,
    /// Reports a step.
    #[arg(long, default_value_t = 16)]
    pub batch: usize,
    /// Highest learning rate, after warm-up.
    #[arg(long, default_value_t = 2e-3)]
    pub learning_rate: f64,
    /// Decoupled weight decay (Loshchilov & Hutter 2019).
    #[arg(long, default_value_t = 0.05)]
    pub weight_decay: f64,
    #[arg(long, default_value_t = 0.5)]
    pub dropout: f32,
    /// Width of the projection of sentence vectors.
    #[arg(long, default_value_t = 384)]
    pub width: usize,
    /// Width of the layer before presence and level.
    #[arg(long, default_value_t = 64)]
    pub summary: usize,
    #[command(flatten)]
    pub weights: Weights,
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
}

/// What counts how much in the loss, here and in fine-tuning.
#[derive(clap::Args, Clone, Copy, serde::Serialize)]
pub struct Weights {
    /// How many times a sentence that is evidence counts one that is not: evidence is rare.
    #[arg(long, default_value_t = 3.0)]
    pub positive_weight: f64,
    /// Weight of the evidence loss beside that of the level: it is a mean over many more numbers.
    #[arg(long, default_value_t = 3.0)]
    pub evidence_weight: f64,
    /// Weight of the presence loss beside that of the level.
    #[arg(long, default_value_t = 1.0)]
    pub presence_weight: f64,
}

/// Share of the steps in which the learning rate rises.
const WARM_UP: f64 = 0.1;

/// How many times faster the thresholds learn than weights do: they have to go further, by about their own size, and until they
/// are where they belong every level between the lowest and the highest looks uncertain.
const STEPS_RATE: f64 = 20.0;

/// Added to the share of the scale between two thresholds.
const LEAST_STEP: f64 = 1e-6;

/// Trained heads, by name, and their shape.
pub struct Fitted {
    pub config: HeadsConfig,
    /// For standardised sentence vectors.
    pub parameters: HashMap<String, Tensor>,
    pub standard: Standard,
    pub weights: Weights,
}

impl Fitted {
    /// The heads for sentence vectors as the encoder gives them.
    pub fn heads(&self) -> Result<Heads> {
        heads(&self.config, self.standard.fold(self.parameters.clone())?)
    }
}

/// Heads over tensors; gradients flow to those that are variables.
pub fn heads(config: &HeadsConfig, parameters: HashMap<String, Tensor>) -> Result<Heads> {
    Heads::new(config, VarBuilder::from_tensors(parameters, DType::F32, &Device::Cpu))
}

/// Reads sentence vectors of one report, [sentences, hidden].
pub fn read(heads: &Heads, vectors: &Tensor) -> crate::Result<Prediction> {
    let mask = Tensor::ones((1, vectors.dim(0)?), DType::F32, &Device::Cpu)?;
    let output = heads.forward(&vectors.unsqueeze(0)?, &mask, &mut Ok)?;
    Ok(Prediction {
        evidence: sigmoid(&output.evidence)?.get(0)?.to_vec2()?,
        presence: sigmoid(&output.presence)?.get(0)?.to_vec1()?,
        cumulative: output.cumulative.get(0)?.to_vec2()?,
    })
}

/// Mean and standard deviation of each dimension of the sentence vectors, [hidden]: heads learn on standardised ones.
#[derive(Clone)]
pub struct Standard {
    mean: Tensor,
    deviation: Tensor,
}

impl Standard {
    fn of(examples: &[&Example]) -> Result<Self> {
        let all = Tensor::cat(&examples.iter().map(|e| &e.vectors).collect::<Vec<_>>(), 0)?;
        let mean = all.mean(0)?;
        let deviation = (all.broadcast_sub(&mean)?.sqr()?.mean(0)? + 1e-6)?.sqrt()?;
        Ok(Self { mean, deviation })
    }

    pub fn apply(&self, vectors: &Tensor) -> Result<Tensor> {
        vectors.broadcast_sub(&self.mean)?.broadcast_div(&self.deviation)
    }

    /// Heads that give for vectors as they are what the given ones give for standardised vectors.
    pub fn fold(&self, mut parameters: HashMap<String, Tensor>) -> Result<HashMap<String, Tensor>> {
        let weight = parameters["projection.weight"].broadcast_div(&self.deviation)?;
        let shift = weight.matmul(&self.mean.unsqueeze(1)?)?.squeeze(1)?;
        let bias = (&parameters["projection.bias"] - shift)?;
        parameters.insert("projection.weight".to_owned(), weight);
        parameters.insert("projection.bias".to_owned(), bias);
        Ok(parameters)
    }
}

/// Sentence vectors of some reports, [sentences, hidden] each, padded to the longest: [documents, sentences, hidden].
pub fn pad(vectors: &[Tensor]) -> Result<Tensor> {
    let counts = vectors.iter().map(|v| v.dim(0)).collect::<Result<Vec<_>>>()?;
    let longest = counts.iter().copied().max().unwrap_or(0);
    let padded = vectors.iter().zip(&counts).map(|(v, count)| v.pad_with_zeros(0, 0, longest - count));
    Tensor::stack(&padded.collect::<Result<Vec<_>>>()?, 0)
}

/// What raters found in the reports of one step, padded to the longest.
pub struct Labels {
    /// [documents, sentences]: 1 for a sentence, 0 for padding.
    pub mask: Tensor,
    /// [documents, sentences]: 1 for a sentence that was searched for evidence.
    searched: Tensor,
    /// [documents, sentences, 2 · competencies]
    evidence: Tensor,
    /// [documents, competencies]
    present: Tensor,
    /// [documents, competencies, levels]: all zero where not present; two levels share where two raters differ.
    level: Tensor,
}

impl Labels {
    pub fn new(examples: &[&Example], config: &HeadsConfig, lowest: i32) -> Result<Self> {
        let &HeadsConfig { competencies, levels, .. } = config;
        let longest = examples.iter().map(|e| e.evidence.len()).max().unwrap_or(0);
        let documents = examples.len();
        let mut mask = vec![0f32; documents * longest];
        let mut searched = mask.clone();
        let mut evidence = vec![0f32; documents * longest * 2 * competencies];
        let mut present = vec![0f32; documents * competencies];
        let mut level = vec![0f32; documents * competencies * levels];
        for (d, example) in examples.iter().enumerate() {
            for (s, labels) in example.evidence.iter().enumerate() {
                let at = d * longest + s;
                mask[at] = 1.0;
                searched[at] = f32::from(u8::from(example.searched));
                for (k, _) in labels.iter().enumerate().filter(|(_, label)| **label) {
                    evidence[at * 2 * competencies + k] = 1.0;
                }
            }
            for (c, rated) in example.levels.iter().enumerate() {
                let Some(rated) = rated else { continue };
                let at = d * competencies + c;
                present[at] = 1.0;
                let above = rated - lowest as f32;
                let below = above.floor();
                level[at * levels + below as usize] += 1.0 - (above - below);
                level[at * levels + above.ceil() as usize] += above - below;
            }
        }
        let tensor = |data: Vec<f32>, shape: &[usize]| Tensor::from_vec(data, shape, &Device::Cpu);
        Ok(Self {
            mask: tensor(mask, &[documents, longest])?,
            searched: tensor(searched, &[documents, longest])?,
            evidence: tensor(evidence, &[documents, longest, 2 * competencies])?,
            present: tensor(present, &[documents, competencies])?,
            level: tensor(level, &[documents, competencies, levels])?,
        })
    }

    /// Class-balanced evidence, presence, and the negative log-likelihood of the ordinal level (a proper score).
    pub fn loss(&self, output: &HeadsOutput, weights: Weights) -> Result<Tensor> {
        let outputs = self.evidence.dim(D::Minus1)? as f64;
        let missed = softplus(&output.evidence.neg()?)?.mul(&(&self.evidence * weights.positive_weight)?)?;
        let spurious = softplus(&output.evidence)?.mul(&(1.0 - &self.evidence)?)?;
        let evidence = ((missed + spurious)?.broadcast_mul(&self.searched.unsqueeze(2)?)?.sum_all()?
            / ((self.searched.sum_all()? * outputs)? + 1e-6)?)?;
        let presence = (softplus(&output.presence)? - (&output.presence * &self.present)?)?.mean_all()?;
        let level = ((level_log_probabilities(&output.cumulative)? * &self.level)?.sum_all()?.neg()?
            / (self.present.sum_all()? + 1e-6)?)?;
        (evidence * weights.evidence_weight)? + (presence * weights.presence_weight)? + level
    }
}

/// ln(1 + eˣ), without overflow.
fn softplus(x: &Tensor) -> Result<Tensor> {
    x.relu()? + (x.abs()?.neg()?.exp()? + 1.0)?.log()?
}

/// ln P(level) from logits of P(level > k): [.., levels - 1] to [.., levels]. σ(a) − σ(b) is σ(a) σ(−b) (1 − exp(b − a)): by
/// logarithms, for the difference is zero in f32 where the model is far off, and would teach it nothing just there.
fn level_log_probabilities(cumulative: &Tensor) -> Result<Tensor> {
    let above = softplus(&cumulative.neg()?)?.neg()?;
    let below = softplus(cumulative)?.neg()?;
    let end = above.narrow(D::Minus1, 0, 1)?.zeros_like()?;
    let inner = cumulative.dim(D::Minus1)? - 1;
    let apart = (cumulative.narrow(D::Minus1, 1, inner)? - cumulative.narrow(D::Minus1, 0, inner)?)?;
    // The sum guards steps too small for f32.
    let apart = (1.0 + LEAST_STEP - apart.exp()?)?.log()?;
    Tensor::cat(&[&end, &above], D::Minus1)?
        + Tensor::cat(&[&below, &end], D::Minus1)?
        + Tensor::cat(&[&end, &apart, &end], D::Minus1)?
}

/// Trains heads on the examples; `step` hears the loss of every step.
pub fn fit(
    examples: &[&Example],
    competencies: usize,
    (lowest, levels): (i32, usize),
    recipe: &Recipe,
    step: &mut dyn FnMut(f32),
) -> Result<Fitted> {
    let mut random = StdRng::seed_from_u64(recipe.seed);
    let hidden = examples[0].vectors.dim(1)?;
    let &Recipe { width, summary, .. } = recipe;
    let config = HeadsConfig { hidden, width, summary, competencies, levels };

    let standard = Standard::of(examples)?;
    let vectors: Vec<Tensor> = examples.iter().map(|e| standard.apply(&e.vectors)).collect::<Result<_>>()?;

    let variables = VarMap::new();
    Heads::new(&config, VarBuilder::from_varmap(&variables, DType::F32, &Device::Cpu))?;
    initialise(&variables, &mut random)?;
    let initial = variables.data().lock().unwrap_or_else(|e| e.into_inner());
    let initial = initial.iter().map(|(name, v)| (name.clone(), v.as_detached_tensor())).collect();
    let parameters = Parameters::new(initial, |_| true)?;
    let tensors: HashMap<String, Tensor> =
        parameters.variables().map(|(name, v)| (name.to_owned(), v.as_tensor().clone())).collect();
    let heads = self::heads(&config, tensors.clone())?;
    let mut optimiser = AdamW::default();
    let group = |name: &str| match name {
        "level.steps" => Group { rate: STEPS_RATE, weight_decay: 0.0 },
        _ => Group { rate: 1.0, weight_decay: recipe.weight_decay },
    };
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let steps = recipe.epochs * order.len().div_ceil(recipe.batch);
    let mut done = 0;
    for _ in 0..recipe.epochs {
        order.shuffle(&mut random);
        for chunk in order.chunks(recipe.batch) {
            let labels =
                Labels::new(&chunk.iter().map(|&i| examples[i]).collect::<Vec<_>>(), &config, lowest)?;
            let vectors = pad(&chunk.iter().map(|&i| vectors[i].clone()).collect::<Vec<_>>())?;
            let mut pass = Pass::training(recipe.dropout, derive_seed(recipe.seed, done as u64));
            let mut drop = |x: Tensor| pass.drop(&x);
            let output = forward(&heads, &tensors, &vectors, &labels.mask, &mut drop)?;
            let loss = labels.loss(&output, recipe.weights)?;
            let progress = done as f64 / steps as f64;
            let rise = (progress / WARM_UP).min(1.0);
            let mut gradients = Gradients::default();
            gradients.add(&parameters, &loss.backward()?)?;
            let rate = recipe.learning_rate * rise * (1.0 - progress);
            optimiser.step(&parameters, &gradients, rate, 1.0, group)?;
            step(loss.to_scalar()?);
            done += 1;
        }
    }

    Ok(Fitted { config, parameters: parameters.snapshot()?, standard, weights: recipe.weights })
}

/// candle's own initialisation has no seed. Weights by fan-in (He et al. 2015); evidence starts rare, thresholds a
/// level apart around the middle.
fn initialise(variables: &VarMap, random: &mut StdRng) -> Result<()> {
    let variables = variables.data().lock().unwrap_or_else(|e| e.into_inner());
    let mut names: Vec<&String> = variables.keys().collect();
    names.sort();
    for name in names {
        let variable = &variables[name];
        let dims = variable.dims();
        let fan_in = dims[dims.len() - 1] as f32;
        let mut value = |i: usize| match name.as_str() {
            "evidence.bias" => -3.0,
            // softplus(0.54) = 1
            "level.steps" if i.is_multiple_of(dims[1]) => -0.5 * (dims[1] as f32 - 1.0),
            "level.steps" => 0.54,
            _ if dims.len() == 1 => 0.0,
            // Sum of twelve uniform numbers: normal enough.
            _ => (0..12).map(|_| random.random::<f32>() - 0.5).sum::<f32>() / fan_in.sqrt(),
        };
        let values: Vec<f32> = (0..variable.elem_count()).map(&mut value).collect();
        variable.set(&Tensor::from_vec(values, dims, &Device::Cpu)?)?;
    }
    Ok(())
}

/// As [`Heads::forward`], with the first layer by operations that are faster on the way back.
pub fn forward(
    heads: &Heads,
    parameters: &HashMap<String, Tensor>,
    vectors: &Tensor,
    mask: &Tensor,
    drop: &mut dyn FnMut(Tensor) -> Result<Tensor>,
) -> Result<HeadsOutput> {
    let (documents, sentences, hidden) = vectors.dims3()?;
    let (weight, bias) = (&parameters["projection.weight"], &parameters["projection.bias"]);
    let rows = vectors.reshape((documents * sentences, hidden))?;
    let projected = ops::gelu(&ops::linear(&rows, weight, bias)?)?.reshape((documents, sentences, ()))?;
    heads.read(&drop(projected)?, mask, drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCALE: (i32, usize) = (1, 5);
    const WEIGHTS: Weights = Weights { positive_weight: 3.0, evidence_weight: 3.0, presence_weight: 1.0 };

    /// Sixteen reports whose labels a linear model could find.
    fn examples() -> Vec<Example> {
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
                Example {
                    facts: Default::default(),
                    vectors: Tensor::from_vec(values.clone(), (sentences, 8), &Device::Cpu).unwrap(),
                    levels: (0..2).map(level).collect(),
                    searched: true,
                    windows: Vec::new(),
                    rows: Vec::new(),
                    evidence,
                }
            })
            .collect()
    }

    fn recipe() -> Recipe {
        Recipe {
            epochs: 1500,
            batch: 8,
            learning_rate: 2e-2,
            weight_decay: 0.0,
            dropout: 0.0,
            width: 64,
            summary: 32,
            weights: WEIGHTS,
            seed: 1,
        }
    }

    #[test]
    fn sixteen_reports_are_learned_by_heart() {
        let examples = examples();
        let mut losses = Vec::new();
        fit(&examples.iter().collect::<Vec<_>>(), 2, SCALE, &recipe(), &mut |loss| losses.push(loss))
            .unwrap();
        let (first, last) = (losses[0], losses[losses.len() - 1]);
        assert!(last < 0.05 && first > 2.0, "from {first} to {last}");
    }

    /// P(level) from logits of P(level > k): [.., levels - 1] to [.., levels].
    fn level_probabilities(cumulative: &Tensor) -> Result<Tensor> {
        let above = candle_nn::ops::sigmoid(cumulative)?;
        let first = above.narrow(D::Minus1, 0, 1)?;
        Tensor::cat(&[first.ones_like()?, above.clone()], D::Minus1)?
            - Tensor::cat(&[above, first.zeros_like()?], D::Minus1)?
    }

    #[test]
    fn a_level_far_off_still_has_a_gradient() {
        let logits = |values: &[f32]| candle_core::Var::new(values, &Device::Cpu).unwrap();
        let ordinary = logits(&[2.0, 0.5, -0.3, -4.0]);
        let by_logarithms =
            level_log_probabilities(&ordinary).unwrap().exp().unwrap().to_vec1::<f32>().unwrap();
        let plain = level_probabilities(&ordinary).unwrap().to_vec1::<f32>().unwrap();
        for (a, b) in by_logarithms.iter().zip(&plain) {
            assert!((a - b).abs() < 1e-5, "{by_logarithms:?} {plain:?}");
        }
        let one = logits(&[0.3]);
        let two_levels = level_log_probabilities(&one).unwrap();
        let gradient =
            two_levels.get(1).unwrap().backward().unwrap().get(&one).unwrap().to_vec1::<f32>().unwrap();
        let two_levels = two_levels.exp().unwrap().to_vec1::<f32>().unwrap();
        assert!((two_levels[0] - 0.425_557).abs() < 1e-5 && two_levels.len() == 2, "{two_levels:?}");
        assert!((gradient[0] - two_levels[0]).abs() < 1e-5, "{gradient:?}");
        let far = logits(&[60.0, 59.0, 58.0, 57.0]);
        assert_eq!(level_probabilities(&far).unwrap().to_vec1::<f32>().unwrap()[1], 0.0);
        let second = level_log_probabilities(&far).unwrap().get(1).unwrap();
        let gradient = second.backward().unwrap().get(&far).unwrap().to_vec1::<f32>().unwrap();
        assert!(gradient[1] < -0.9, "{gradient:?}");
    }

    #[test]
    fn the_same_seed_gives_the_same_heads() {
        let examples = examples();
        let recipe = Recipe { epochs: 3, dropout: 0.3, ..recipe() };
        let fitted = || fit(&examples.iter().collect::<Vec<_>>(), 2, SCALE, &recipe, &mut |_| ()).unwrap();
        let (a, b) = (fitted(), fitted());
        for (name, parameter) in &a.parameters {
            let values = |t: &Tensor| t.flatten_all().unwrap().to_vec1::<f32>().unwrap();
            assert_eq!(values(parameter), values(&b.parameters[name]), "{name}");
        }
    }

    /// candle's fused layer norm and softmax have no backward and cut gradients silently.
    #[test]
    fn every_parameter_gets_the_gradient_of_finite_differences() {
        let examples = examples();
        let chosen: Vec<&Example> = examples.iter().take(4).collect();
        let config = HeadsConfig { hidden: 8, width: 6, summary: 5, competencies: 2, levels: 5 };
        let variables = VarMap::new();
        let heads =
            Heads::new(&config, VarBuilder::from_varmap(&variables, DType::F32, &Device::Cpu)).unwrap();
        initialise(&variables, &mut StdRng::seed_from_u64(3)).unwrap();
        let labels = Labels::new(&chosen, &config, 1).unwrap();
        let vectors = pad(&chosen.iter().map(|e| e.vectors.clone()).collect::<Vec<_>>()).unwrap();
        let loss = || labels.loss(&heads.forward(&vectors, &labels.mask, &mut Ok).unwrap(), WEIGHTS).unwrap();
        let gradients = loss().backward().unwrap();
        for (name, variable) in variables.data().lock().unwrap().iter() {
            let gradient = gradients.get(variable).unwrap_or_else(|| panic!("{name} has no gradient"));
            let gradient: Vec<f32> = gradient.flatten_all().unwrap().to_vec1().unwrap();
            let original: Vec<f32> = variable.flatten_all().unwrap().to_vec1().unwrap();
            let at =
                (0..gradient.len()).max_by(|&a, &b| gradient[a].abs().total_cmp(&gradient[b].abs())).unwrap();
            let loss_with = |delta: f32| {
                let mut values = original.clone();
                values[at] += delta;
                variable.set(&Tensor::from_vec(values, variable.dims(), &Device::Cpu).unwrap()).unwrap();
                let value = loss().to_scalar::<f32>().unwrap();
                variable
                    .set(&Tensor::from_vec(original.clone(), variable.dims(), &Device::Cpu).unwrap())
                    .unwrap();
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
