//! Fits the gate of a trained model anew: the head that tells an account of the writer's own sales work from any other text.
//!
//! Texts for the gate need one label only, so there can be many kinds of them. The encoder and the other heads stay as they
//! are, and so does their calibration.

use std::collections::HashMap;

use candle_core::{DType, Device, Result, Tensor};
use indicatif::ProgressBar;
use salesmirror::model::tensor_names::heads::GATE_PREFIX;
use salesmirror::model::{Heads, HeadsConfig};

use super::examples::{Augmentation, AugmentationArgs, shuffled_batches};
use super::heads::{DROPOUT, EXAMPLES, ORDER, head_training, initial_parameters, stack_vectors};
use super::targets::Targets;
use super::{EncodedReport, FinetuningError};
use crate::autograd::{Group, Parameters, Pass, derive_seed};
use crate::data::LabelSpace;
use crate::model_dir::heads_from_tensors;
use crate::run::training::{self, Loss, Objective};

/// How the gate is fitted.
#[derive(clap::Args, Clone, Debug, serde::Serialize)]
pub struct GateArgs {
    /// Passes over the texts.
    #[arg(long, default_value_t = 12)]
    pub epochs: usize,
    /// Texts per step.
    #[arg(long, default_value_t = 32)]
    pub batch: usize,
    /// Learning rate at the end of the warm-up.
    #[arg(long, default_value_t = 1e-3)]
    pub learning_rate: f64,
    /// Decoupled weight decay (Loshchilov and Hutter 2019).
    #[arg(long, default_value_t = 0.1)]
    pub weight_decay: f64,
    #[arg(long, default_value_t = 0.5)]
    pub dropout: f32,
    /// Weight of a text that is no account of sales work, because there are few.
    #[arg(long, default_value_t = 3.0)]
    pub other_weight: f64,
    #[command(flatten)]
    pub augmentation: AugmentationArgs,
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
}

/// Returns reports whose vectors are the projections of the trained heads, `[sentences, width]`, which is what the gate reads.
pub fn project_reports(
    heads: &Heads,
    reports: Vec<EncodedReport>,
) -> std::result::Result<Vec<EncodedReport>, FinetuningError> {
    let project = |report: EncodedReport| {
        Ok(EncodedReport { vectors: heads.project(&report.vectors.unsqueeze(0)?)?.squeeze(0)?, ..report })
    };
    reports.into_iter().map(project).collect()
}

/// Fits a new gate to some reports of [`project_reports`]. `trained` has the parameters of all heads; those of the gate are
/// replaced in the returned ones.
///
/// # Errors
/// When there are no reports, when an option is out of range, and when the process is asked to stop.
pub fn fit_gate(
    config: &HeadsConfig,
    trained: &HashMap<String, Tensor>,
    projected: &[&EncodedReport],
    labels: &LabelSpace,
    args: &GateArgs,
    bar: &ProgressBar,
) -> std::result::Result<HashMap<String, Tensor>, FinetuningError> {
    if projected.is_empty() {
        return Err(FinetuningError::NoReports);
    }
    let is_gate = |name: &str| name.starts_with(GATE_PREFIX);
    let mut initial = initial_parameters(config, args.seed)?;
    initial.retain(|name, _| is_gate(name));
    let parameters = Parameters::new(initial, |_| true)?;
    let mut tensors = trained.clone();
    tensors.extend(parameters.tensors());
    let heads = heads_from_tensors(config, tensors)?;
    let augmentation = Augmentation::new(projected, args.augmentation);
    let objective = GateFitting { projected, labels, args, augmentation, parameters, heads };
    let steps = args.epochs * objective.epoch(0).len();
    bar.set_length(steps as u64);
    let options = head_training(steps, args.learning_rate);
    training::train(&objective, &options, None, bar, &training::stop_on_interrupt)?;
    let mut fitted = trained.clone();
    fitted.extend(objective.parameters.snapshot()?);
    Ok(fitted)
}

/// Computes P(sales) of a report of [`project_reports`].
pub fn predict_gate(heads: &Heads, projected: &EncodedReport) -> Result<f32> {
    let mask = Tensor::ones((1, projected.sentences()), DType::F32, &Device::Cpu)?;
    let logit = heads.gate(&projected.vectors.unsqueeze(0)?, &mask, &mut Ok)?;
    candle_nn::ops::sigmoid(&logit)?.get(0)?.to_scalar()
}

/// The gate as an objective of the training loop.
struct GateFitting<'a> {
    projected: &'a [&'a EncodedReport],
    labels: &'a LabelSpace,
    args: &'a GateArgs,
    augmentation: Augmentation<'a>,
    parameters: Parameters,
    heads: Heads,
}

impl Objective for GateFitting<'_> {
    /// Indices of reports.
    type Batch = Vec<usize>;
    type Error = FinetuningError;

    fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    fn group(&self, _name: &str) -> Group {
        Group { rate: 1.0, weight_decay: self.args.weight_decay }
    }

    fn epoch(&self, number: usize) -> Vec<Vec<usize>> {
        let seed = derive_seed(derive_seed(self.args.seed, ORDER), number as u64);
        shuffled_batches(self.projected, self.args.batch, seed)
    }

    fn loss(&self, batch: &Vec<usize>, number: usize) -> std::result::Result<Loss, FinetuningError> {
        let reports: Vec<&EncodedReport> = batch.iter().map(|&i| self.projected[i]).collect();
        let seed = derive_seed(derive_seed(self.args.seed, EXAMPLES), number as u64);
        let examples = self.augmentation.draw(&reports, seed);
        let targets = Targets::new(&examples, self.labels)?;
        let seed = derive_seed(derive_seed(self.args.seed, DROPOUT), number as u64);
        let mut pass = Pass::training(self.args.dropout, seed);
        let mut drop = |x: Tensor| pass.drop(&x);
        let projected = drop(stack_vectors(&examples)?)?;
        let logits = self.heads.gate(&projected, &targets.mask, &mut drop)?;
        let total = targets.sales_loss(&logits, self.args.other_weight)?;
        Ok(Loss { total, measurements: Default::default(), tokens: 0, flops: 0 })
    }
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{Rng, SeedableRng};

    use super::*;
    use crate::run::progress;

    #[test]
    fn a_new_gate_learns_its_labels_and_leaves_the_other_heads_alone() {
        let config = HeadsConfig { hidden: 8, width: 16, summary: 8, competencies: 2, levels: 5 };
        let trained = initial_parameters(&config, 1).unwrap();
        let heads = heads_from_tensors(&config, trained.clone()).unwrap();
        let mut random = StdRng::seed_from_u64(3);
        let reports = (0..64).map(|i| {
            let sales = i % 2 == 0;
            let values = (0..24).map(|k| {
                let noise = random.random::<f32>() - 0.5;
                if k % 8 == 0 { noise + if sales { 1.0 } else { -1.0 } } else { noise }
            });
            let vectors = Tensor::from_vec(values.collect::<Vec<f32>>(), (3, 8), &Device::Cpu).unwrap();
            let report = EncodedReport::of_vectors(vectors, vec![vec![false; 4]; 3], vec![None; 2]);
            EncodedReport { sales, ..report }
        });
        let reports = project_reports(&heads, reports.collect()).unwrap();
        let reports: Vec<&EncodedReport> = reports.iter().collect();
        let args = GateArgs {
            epochs: 60,
            batch: 16,
            learning_rate: 1e-2,
            weight_decay: 0.0,
            dropout: 0.0,
            other_weight: 1.0,
            augmentation: AugmentationArgs { padded: 0.0, thinned: 0.0, cut: 0.0 },
            seed: 0,
        };
        let labels = LabelSpace { competencies: vec!["a".to_owned(), "b".to_owned()], lowest: 1, levels: 5 };
        let fitted = fit_gate(&config, &trained, &reports, &labels, &args, &progress::hidden()).unwrap();
        let gated = heads_from_tensors(&config, fitted.clone()).unwrap();
        for report in &reports {
            assert_eq!(predict_gate(&gated, report).unwrap() > 0.5, report.sales);
        }
        for (name, tensor) in trained.iter().filter(|(name, _)| !name.starts_with(GATE_PREFIX)) {
            let difference = (tensor - &fitted[name]).unwrap().abs().unwrap().sum_all().unwrap();
            assert_eq!(difference.to_scalar::<f32>().unwrap(), 0.0, "{name}");
        }
    }
}
