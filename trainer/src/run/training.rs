//! The training loop. Fitting the heads, fine-tuning and pretraining are objectives of the same loop.
//!
//! The loop owns the order of events: batches, gradients, clipping, the schedule, the optimizer, measurements, evaluation,
//! early stopping, averaging, checkpoints and interrupts. An [`Objective`] owns the parameters, the data and the loss.
//!
//! A run that resumes from a checkpoint gives the same bits as one that was never interrupted, provided that the objective
//! derives all randomness from the numbers that the loop passes to it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use candle_core::Tensor;
use indicatif::ProgressBar;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::checkpoint::{self, CheckpointError};
use super::directory::{RunDirectory, RunError};
use super::files::FileError;
use super::interrupt;
use super::metrics::Measurements;
use super::schedule::Schedule;
use crate::autograd::{AdamW, Gradients, Group, Parameters};

/// What a run trains: the parameters, the data, and the loss of the parameters on the data.
pub trait Objective {
    /// The input of one backward pass.
    type Batch;
    /// Why a loss cannot be computed.
    type Error: From<TrainingError>;

    /// The parameters that the loop changes.
    fn parameters(&self) -> &Parameters;

    /// Returns the learning-rate factor and the weight decay of a parameter.
    fn group(&self, name: &str) -> Group;

    /// Returns the batches of an epoch in order. The same number always gives the same batches.
    fn epoch(&self, number: usize) -> Vec<Self::Batch>;

    /// Computes the loss of a batch. `number` counts the batches of the run and seeds all randomness.
    fn loss(&self, batch: &Self::Batch, number: usize) -> Result<Loss, Self::Error>;

    /// Measures the held-out data; `None` if no data are held out.
    fn evaluate(&self) -> Result<Option<HeldOut>, Self::Error> {
        Ok(None)
    }
}

/// The loss of a batch.
pub struct Loss {
    /// A scalar whose gradients flow back to the parameters.
    pub total: Tensor,
    /// Numbers for metrics.jsonl, by name; a step logs their mean over its batches.
    pub measurements: Measurements,
    /// The number of tokens that went through the encoder; 0 if none did.
    pub tokens: usize,
    /// The number of floating-point operations in the step's matrix products; 0 if they are not counted.
    pub flops: u64,
}

/// What an objective measured on held-out data.
pub struct HeldOut {
    /// The loss that early stopping watches.
    pub loss: f64,
    /// Numbers for metrics.jsonl, by name.
    pub measurements: Measurements,
}

/// How a run is trained.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingOptions {
    /// Steps of the optimizer.
    pub steps: usize,
    /// The learning rate at the end of the warm-up.
    pub learning_rate: f64,
    /// Steps over which the learning rate rises.
    pub warm_up: usize,
    /// Gradients with a larger norm are scaled down to this one; infinity never clips.
    pub clip: f64,
    /// The number of batches whose gradients are averaged in each step.
    pub accumulate: usize,
    /// Steps between evaluations.
    pub evaluate_every: usize,
    /// The run ends after this many evaluations without a lower held-out loss; with `None` it never ends early.
    pub patience: Option<usize>,
    /// The final parameters are the average over this many of the last evaluations (Izmailov et al. 2018); with 0 they are
    /// those of the last step.
    pub average: usize,
    /// Steps between checkpoints.
    pub checkpoint_every: usize,
    /// The number of checkpoints to keep.
    pub keep: usize,
}

impl TrainingOptions {
    /// Checks that the options are within their ranges.
    ///
    /// # Errors
    /// [`TrainingError::Options`] names the first option that is out of range.
    pub fn check(&self) -> Result<(), TrainingError> {
        let rules = [
            (self.steps > 0, "the number of steps must be at least 1"),
            (self.learning_rate > 0.0, "the learning rate must be above 0"),
            (self.clip > 0.0, "the norm for gradient clipping must be above 0"),
            (self.accumulate > 0, "the number of batches per step must be at least 1"),
            (self.evaluate_every > 0, "the number of steps between evaluations must be at least 1"),
            (self.checkpoint_every > 0, "the number of steps between checkpoints must be at least 1"),
            (self.keep > 0, "the number of checkpoints to keep must be at least 1"),
        ];
        match rules.into_iter().find(|(holds, _)| !holds) {
            Some((_, rule)) => Err(TrainingError::Options(rule)),
            None => Ok(()),
        }
    }
}

/// Why a run ended before its last step.
#[derive(Debug, Error)]
pub enum TrainingError {
    #[error("{0}")]
    Options(&'static str),
    #[error("there are no batches to train on; check that the data are not empty")]
    NoBatches,
    #[error(
        "the loss or the gradient of step {step} is not finite; resume from the last checkpoint, or start again with a \
         lower learning rate"
    )]
    Diverged { step: usize },
    #[error(
        "stopped after step {step}{}",
        run.as_ref().map_or_else(String::new, |run| format!(
            "; the state is saved in {}, and the same command with --resume continues",
            run.display()
        ))
    )]
    Interrupted { step: usize, run: Option<PathBuf> },
    #[error("tensor computation failed: {0}")]
    Compute(#[from] candle_core::Error),
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Run(#[from] RunError),
}

/// The progress of a run. A checkpoint stores it together with the parameters and the optimizer's moments.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The number of steps done.
    pub step: usize,
    /// The epoch of the next batch.
    pub epoch: usize,
    /// The number of batches done in that epoch.
    pub batch: usize,
    /// The number of tokens that have gone through the encoder so far.
    pub tokens: u64,
    /// The number of floating-point operations so far.
    pub flops: u64,
    /// The mean loss over the batches of the last step.
    pub last_loss: f64,
    /// The lowest held-out loss, and the step after which it was measured.
    pub best: Option<(f64, usize)>,
}

const PARAMETERS: &str = "parameters";
const OPTIMIZER: &str = "optimizer";

/// Trains the parameters of an objective, in place, until the last step or until the held-out loss no longer falls.
///
/// With a run directory, the run resumes from the newest checkpoint, if there is one, and logs its measurements. After every
/// step, `is_stopped` is called with the number of steps done; most callers pass [`stop_on_interrupt`].
///
/// # Errors
/// When an option is out of range, when the run is stopped or diverges, and when a file cannot be written.
pub fn train<O: Objective>(
    objective: &O,
    options: &TrainingOptions,
    run: Option<&RunDirectory>,
    bar: &ProgressBar,
    is_stopped: &dyn Fn(usize) -> bool,
) -> Result<Progress, O::Error> {
    options.check()?;
    let parameters = objective.parameters();
    let schedule =
        Schedule { highest: options.learning_rate, warm_up: options.warm_up, steps: options.steps };
    let recorder = Recorder { run, options };
    let mut optimizer = AdamW::default();
    let mut progress = Progress::default();
    match recorder.resume(parameters, &mut optimizer)? {
        Some(saved) => progress = saved,
        None => recorder.evaluate(objective, &mut progress, bar)?,
    }
    bar.set_position(progress.step as u64);
    bar.reset_eta();

    let mut batches = objective.epoch(progress.epoch);
    if batches.is_empty() {
        return Err(TrainingError::NoBatches.into());
    }
    while progress.step < options.steps && !recorder.is_out_of_patience(&progress) {
        let begin = Instant::now();
        let mut gradients = Gradients::default();
        let mut sums = Measurements::new();
        let (mut total, tokens) = (0.0, progress.tokens);
        for part in 0..options.accumulate {
            if progress.batch == batches.len() {
                progress.epoch += 1;
                progress.batch = 0;
                batches = objective.epoch(progress.epoch);
            }
            let number = progress.step * options.accumulate + part;
            let loss = objective.loss(&batches[progress.batch], number)?;
            gradients
                .add(parameters, &loss.total.backward().map_err(TrainingError::from)?)
                .map_err(TrainingError::from)?;
            total += f64::from(loss.total.to_scalar::<f32>().map_err(TrainingError::from)?);
            loss.measurements.into_iter().for_each(|(name, value)| *sums.entry(name).or_default() += value);
            progress.batch += 1;
            progress.tokens += loss.tokens as u64;
            progress.flops += loss.flops;
        }
        let share = 1.0 / options.accumulate as f64;
        let norm = gradients.norm().map_err(TrainingError::from)? * share;
        progress.last_loss = total * share;
        if !(norm.is_finite() && progress.last_loss.is_finite()) {
            return Err(TrainingError::Diverged { step: progress.step }.into());
        }
        let rate = schedule.rate(progress.step);
        let scale = share * (options.clip / norm).min(1.0);
        optimizer
            .step(parameters, &gradients, rate, scale, |name| objective.group(name))
            .map_err(TrainingError::from)?;
        progress.step += 1;
        bar.inc(1);

        let speed = (progress.tokens - tokens) as f64 / begin.elapsed().as_secs_f64();
        let mut measured: BTreeMap<String, f64> =
            sums.into_iter().map(|(name, sum)| (name, sum * share)).collect();
        measured.insert("loss".to_owned(), progress.last_loss);
        measured.insert("learning_rate".to_owned(), rate);
        measured.insert("gradient_norm".to_owned(), norm);
        if speed > 0.0 {
            measured.insert("tokens_per_second".to_owned(), speed);
        }
        recorder.log(&progress, measured)?;
        bar.set_message(match speed > 0.0 {
            true => format!("loss {:.3}, {speed:.0} tokens/s", progress.last_loss),
            false => format!("loss {:.3}", progress.last_loss),
        });
        let is_last = progress.step == options.steps;
        if progress.step.is_multiple_of(options.evaluate_every) || is_last {
            recorder.evaluate(objective, &mut progress, bar)?;
            recorder.keep_snapshot(parameters, &progress)?;
        }
        let is_stopped = is_stopped(progress.step);
        if progress.step.is_multiple_of(options.checkpoint_every) || is_last || is_stopped {
            recorder.save(parameters, &optimizer, &progress)?;
        }
        if is_stopped && !is_last {
            let run = run.map(|run| run.path().to_owned());
            return Err(TrainingError::Interrupted { step: progress.step, run }.into());
        }
    }
    bar.finish_and_clear();
    recorder.average_snapshots(parameters, &progress)?;
    Ok(progress)
}

/// Stops a run on Ctrl-C or SIGTERM, provided that [`interrupt::listen`] has been called.
pub fn stop_on_interrupt(_: usize) -> bool {
    interrupt::is_requested()
}

/// Writes the files of a run. A run without a directory writes none.
struct Recorder<'a> {
    run: Option<&'a RunDirectory>,
    options: &'a TrainingOptions,
}

impl Recorder<'_> {
    /// Restores the newest checkpoint, if there is one.
    fn resume(
        &self,
        parameters: &Parameters,
        optimizer: &mut AdamW,
    ) -> Result<Option<Progress>, TrainingError> {
        let Some(run) = self.run else { return Ok(None) };
        let Some(path) = run.newest_checkpoint()? else {
            // Steps before the first checkpoint are repeated, and so are their measurements.
            run.metrics().clear()?;
            return Ok(None);
        };
        parameters.set(&checkpoint::tensors(&path, PARAMETERS)?)?;
        *optimizer = AdamW::restore(&checkpoint::tensors(&path, OPTIMIZER)?)?;
        let progress: Progress = checkpoint::state(&path)?;
        run.metrics().rewind(progress.step)?;
        tracing::info!(step = progress.step, "resumed");
        Ok(Some(progress))
    }

    fn log(&self, progress: &Progress, mut measurements: Measurements) -> Result<(), TrainingError> {
        let Some(run) = self.run else { return Ok(()) };
        if progress.tokens > 0 {
            measurements.insert("tokens".to_owned(), progress.tokens as f64);
        }
        if progress.flops > 0 {
            measurements.insert("petaflop".to_owned(), progress.flops as f64 / 1e15);
        }
        Ok(run.metrics().append(progress.step, &measurements)?)
    }

    /// Measures the held-out data, if there are any. From the first step on, remembers the lowest loss.
    fn evaluate<O: Objective>(
        &self,
        objective: &O,
        progress: &mut Progress,
        bar: &ProgressBar,
    ) -> Result<(), O::Error> {
        let Some(held_out) = bar.suspend(|| objective.evaluate())? else { return Ok(()) };
        tracing::info!(step = progress.step, loss = held_out.loss, "held out: {:?}", held_out.measurements);
        self.log(progress, held_out.measurements)?;
        if progress.step > 0 && progress.best.is_none_or(|(best, _)| held_out.loss < best) {
            progress.best = Some((held_out.loss, progress.step));
        }
        Ok(())
    }

    fn is_out_of_patience(&self, progress: &Progress) -> bool {
        let (Some(patience), Some((_, best))) = (self.options.patience, progress.best) else { return false };
        progress.step - best >= patience.max(1) * self.options.evaluate_every
    }

    fn save(
        &self,
        parameters: &Parameters,
        optimizer: &AdamW,
        progress: &Progress,
    ) -> Result<(), TrainingError> {
        let Some(run) = self.run else { return Ok(()) };
        let files = [(PARAMETERS, &parameters.snapshot()?), (OPTIMIZER, &optimizer.state()?)];
        checkpoint::save(&run.checkpoints(), progress.step, &files, progress)?;
        Ok(checkpoint::keep_newest(&run.checkpoints(), self.options.keep)?)
    }

    fn snapshots(&self) -> Option<PathBuf> {
        let run = self.run.filter(|_| self.options.average > 0)?;
        Some(run.path().join("snapshots"))
    }

    /// Saves the parameters at an evaluation, to be averaged later.
    fn keep_snapshot(&self, parameters: &Parameters, progress: &Progress) -> Result<(), TrainingError> {
        let Some(folder) = self.snapshots() else { return Ok(()) };
        checkpoint::save(&folder, progress.step, &[(PARAMETERS, &parameters.snapshot()?)], &progress.step)?;
        let after_best = self.options.patience.map_or(0, |patience| patience.max(1));
        Ok(checkpoint::keep_newest(&folder, self.options.average + after_best)?)
    }

    /// Sets the parameters to the mean of the last snapshots. With early stopping, snapshots after the best one do not count.
    fn average_snapshots(&self, parameters: &Parameters, progress: &Progress) -> Result<(), TrainingError> {
        let Some(folder) = self.snapshots() else { return Ok(()) };
        let last = match (self.options.patience, progress.best) {
            (Some(_), Some((_, step))) => step,
            _ => progress.step,
        };
        let mut chosen = Vec::new();
        for path in checkpoint::list(&folder)? {
            if checkpoint::state::<usize>(&path)? <= last {
                chosen.push(path);
            }
        }
        let chosen = &chosen[chosen.len().saturating_sub(self.options.average)..];
        if !chosen.is_empty() {
            parameters.set(&checkpoint::average(chosen, PARAMETERS)?)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::path::Path;

    use candle_core::Device;

    use super::*;
    use crate::autograd::derive_seed;
    use crate::run::{files, metrics};

    /// Fits two numbers to noisy targets. The held-out loss grows as the first number moves away from its initial value.
    struct Toy {
        parameters: Parameters,
        held_out: bool,
        diverges_at: Option<usize>,
    }

    impl Toy {
        fn new() -> Self {
            let tensors = HashMap::from([("x".to_owned(), Tensor::new(&[1f32, 2.0], &Device::Cpu).unwrap())]);
            Self {
                parameters: Parameters::new(tensors, |_| true).unwrap(),
                held_out: false,
                diverges_at: None,
            }
        }

        fn values(&self) -> Vec<f32> {
            self.parameters.snapshot().unwrap()["x"].to_vec1().unwrap()
        }
    }

    impl Objective for Toy {
        type Batch = f32;
        type Error = TrainingError;

        fn parameters(&self) -> &Parameters {
            &self.parameters
        }

        fn group(&self, _: &str) -> Group {
            Group { rate: 1.0, weight_decay: 0.0 }
        }

        fn epoch(&self, number: usize) -> Vec<f32> {
            (0..3).map(|i| (derive_seed(number as u64, i) % 100) as f32 / 100.0).collect()
        }

        fn loss(&self, target: &f32, number: usize) -> Result<Loss, TrainingError> {
            let noise = (derive_seed(7, number as u64) % 100) as f64 / 1000.0;
            let x = self.parameters.get("x")?;
            let factor = if self.diverges_at == Some(number) { f64::NAN } else { 1.0 };
            let total = ((x - (f64::from(*target) + noise))?.sqr()?.sum_all()? * factor)?;
            let measurements = [("target".to_owned(), f64::from(*target))].into();
            Ok(Loss { total, measurements, tokens: 5, flops: 0 })
        }

        fn evaluate(&self) -> Result<Option<HeldOut>, TrainingError> {
            // The loss grows with the distance from 1, the initial value of the first number.
            let loss = f64::from((self.values()[0] - 1.0).abs());
            let measurements = [("held_out".to_owned(), loss)].into();
            Ok(self.held_out.then_some(HeldOut { loss, measurements }))
        }
    }

    fn options(steps: usize) -> TrainingOptions {
        TrainingOptions {
            steps,
            learning_rate: 0.1,
            warm_up: 2,
            clip: 1.0,
            accumulate: 2,
            evaluate_every: 2,
            patience: None,
            average: 0,
            checkpoint_every: 3,
            keep: 2,
        }
    }

    fn directory(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("salesmirror-training-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        path
    }

    fn open(path: &Path) -> RunDirectory {
        RunDirectory::open(path, &HashMap::<String, String>::new(), true).unwrap()
    }

    fn run(
        toy: &Toy,
        options: &TrainingOptions,
        run: &RunDirectory,
        stop: usize,
    ) -> Result<Progress, TrainingError> {
        train(toy, options, Some(run), &ProgressBar::hidden(), &|step| step == stop)
    }

    #[test]
    fn a_run_that_was_stopped_resumes_with_the_same_bits() {
        let paths = ["whole", "parted"].map(directory);
        let whole = Toy::new();
        run(&whole, &options(10), &open(&paths[0]), usize::MAX).unwrap();
        for stop in [1, 4, 5] {
            let stopped = run(&Toy::new(), &options(10), &open(&paths[1]), stop).unwrap_err();
            assert!(matches!(stopped, TrainingError::Interrupted { step, .. } if step == stop), "{stopped}");
            assert!(stopped.to_string().contains("--resume"), "{stopped}");
        }
        let parted = Toy::new();
        run(&parted, &options(10), &open(&paths[1]), usize::MAX).unwrap();
        assert_eq!(whole.values(), parted.values());
        let [a, b] = paths.map(|path| {
            let lines = metrics::read(&path).unwrap().into_iter();
            lines.map(|line| (line["step"], line["loss"], line["tokens"])).collect::<Vec<_>>()
        });
        assert!(a == b && a.len() == 10, "{a:?} {b:?}");
        assert_eq!((a[0].0, a[0].2), (1.0, 10.0));
    }

    #[test]
    fn gradients_are_averaged_over_the_batches_of_a_step() {
        let toys = [Toy::new(), Toy::new()];
        let path = directory("means");
        let progress = run(&toys[0], &options(1), &open(&path), usize::MAX).unwrap();
        let line = &metrics::read(&path).unwrap()[0];
        let targets = toys[0].epoch(0);
        assert!((line["target"] - f64::from(targets[0] + targets[1]) / 2.0).abs() < 1e-6, "{line:?}");
        assert!((line["loss"] - progress.last_loss).abs() < 1e-12, "{line:?}");
        assert!(line["learning_rate"] > 0.0);
    }

    #[test]
    fn a_run_ends_when_the_held_out_loss_no_longer_falls() {
        let path = directory("patience");
        let toy = Toy { held_out: true, ..Toy::new() };
        let options = TrainingOptions { patience: Some(2), average: 1, ..options(40) };
        let progress = run(&toy, &options, &open(&path), usize::MAX).unwrap();
        let (_, best) = progress.best.unwrap();
        assert_eq!(progress.step, best + 4, "two evaluations of two steps each: {progress:?}");
        // The parameters are those of the best evaluation.
        let kept = checkpoint::tensors(&path.join("snapshots").join(format!("step-{best:08}")), PARAMETERS);
        assert_eq!(toy.values(), kept.unwrap()["x"].to_vec1::<f32>().unwrap());
    }

    #[test]
    fn the_last_snapshots_are_averaged() {
        let path = directory("average");
        let toy = Toy::new();
        run(&toy, &TrainingOptions { average: 2, ..options(6) }, &open(&path), usize::MAX).unwrap();
        let of = |step: usize| {
            let folder = path.join("snapshots").join(format!("step-{step:08}"));
            checkpoint::tensors(&folder, PARAMETERS).unwrap()["x"].to_vec1::<f32>().unwrap()
        };
        let mean: Vec<f32> = of(4).iter().zip(of(6)).map(|(a, b)| a / 2.0 + b / 2.0).collect();
        assert_eq!(toy.values(), mean);
        assert_ne!(of(4), of(6));
    }

    #[test]
    fn what_makes_no_sense_is_an_error() {
        let refused = |options: TrainingOptions| {
            let bar = ProgressBar::hidden();
            train(&Toy::new(), &options, None, &bar, &|_| false).unwrap_err().to_string()
        };
        assert!(refused(options(0)).contains("number of steps"));
        assert!(refused(TrainingOptions { clip: 0.0, ..options(1) }).contains("clip"));
        assert!(refused(TrainingOptions { accumulate: 0, ..options(1) }).contains("batches per step"));
        let toy = Toy { diverges_at: Some(3), ..Toy::new() };
        let diverged = train(&toy, &options(5), None, &ProgressBar::hidden(), &|_| false).unwrap_err();
        assert!(matches!(diverged, TrainingError::Diverged { step: 1 }), "{diverged}");
    }

    #[test]
    fn a_line_that_a_crash_cut_short_is_left_out() {
        let path = directory("crash");
        let toy = Toy::new();
        assert!(run(&toy, &options(10), &open(&path), 4).is_err());
        let log = path.join(metrics::METRICS_LOG);
        let text = files::read_text(&log).unwrap();
        files::write_bytes(&log, format!("{text}{{\"step\": 9, \"lo").as_bytes()).unwrap();
        run(&Toy::new(), &options(10), &open(&path), usize::MAX).unwrap();
        assert_eq!(metrics::read(&path).unwrap().len(), 10);
    }
}
