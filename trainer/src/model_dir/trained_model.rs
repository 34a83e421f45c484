//! A trained model directory: what `finetune` writes and `quantize`, `export` and `evaluate` read.
//!
//! It is an encoder directory (config.json, model.safetensors, tokenizer.json) with the heads beside it
//! (heads.safetensors, finetune.json). The calibration, which comes of cross-validation, lies in it too or in the run
//! directory of `crossval`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};
use salesmirror::Rubric;
use salesmirror::model::{self, AdaptersConfig, Calibration, EncoderConfig, Heads};

use crate::run::files;
use crate::model_dir::EncoderDirectory;
use crate::finetuning::{HEADS_FILE, RUN_FILE, Run};
use crate::{Result, TrainerError, fit};

/// Name of the calibration in a trained model directory or the run directory of `crossval`.
pub const CALIBRATION_FILE: &str = "calibration.json";

/// Name of the figures beside the calibration.
pub const METRICS_FILE: &str = "metrics.json";

/// Name of the low-rank adapters in a trained model directory; model.safetensors has them merged.
pub const ADAPTERS_FILE: &str = "adapters.safetensors";

/// An encoder whose adapters lie beside its weights, as in the model file: what it was trained from is still on its 4-bit grid.
pub fn unmerged(
    config: &EncoderConfig,
    mut weights: HashMap<String, Tensor>,
    adapters: &HashMap<String, Tensor>,
) -> Result<(EncoderConfig, HashMap<String, Tensor>)> {
    let mut config = config.clone();
    for (name, a) in adapters {
        let Some(weight) = name.strip_suffix(".adapter.a") else { continue };
        let (Some(b), Some(merged)) = (adapters.get(&format!("{weight}.adapter.b")), weights.get(weight))
        else {
            return Err(TrainerError::Usage(format!(
                "{ADAPTERS_FILE}: {name} fits no weight of the encoder"
            )));
        };
        let layer = model::layer_of(weight).unwrap_or(0);
        let known = config.adapters.get_or_insert(AdaptersConfig { rank: a.dim(0)?, first_layer: layer });
        known.first_layer = known.first_layer.min(layer);
        let base = (merged - b.matmul(a)?)?;
        weights.insert(weight.to_owned(), base);
    }
    weights.extend(adapters.clone());
    Ok((config, weights))
}

/// An encoder with its heads, in f32.
pub struct TrainedModel {
    pub directory: PathBuf,
    pub encoder: EncoderDirectory,
    /// How the heads were trained, and their shape.
    pub run: Run,
    /// The parameters of the heads, by name.
    pub parameters: HashMap<String, Tensor>,
    /// Low-rank adapters, which are part of the encoder's weights; none where it was trained without.
    pub adapters: HashMap<String, Tensor>,
}

impl TrainedModel {
    /// Reads a directory and checks that its parts fit together.
    ///
    /// # Errors
    /// When a file is missing or damaged, when the encoder is none that can be computed, or when the heads are for
    /// another encoder.
    pub fn read(directory: &Path) -> Result<Self> {
        let run_file = directory.join(RUN_FILE);
        if !run_file.is_file() {
            return Err(TrainerError::Usage(format!(
                "{}: no {RUN_FILE} there; needed is a directory that `trainer finetune` wrote",
                directory.display()
            )));
        }
        let encoder = EncoderDirectory::read(directory)?;
        encoder.config.check()?;
        let run: Run = files::read_json(&run_file)?;
        let heads_file = directory.join(HEADS_FILE);
        let damaged = |problem: String| {
            TrainerError::Usage(format!("{}: {problem}; run `trainer finetune` again", heads_file.display()))
        };
        if run.heads.hidden != encoder.config.hidden_size {
            let (heads, encoder) = (run.heads.hidden, encoder.config.hidden_size);
            return Err(damaged(format!("heads for {heads} dimensions, the encoder has {encoder}")));
        }
        let parameters = candle_core::safetensors::load_buffer(&files::read_bytes(&heads_file)?, &Device::Cpu)
            .and_then(|tensors| {
                tensors.into_iter().map(|(name, t)| Ok((name, t.to_dtype(DType::F32)?))).collect()
            })
            .map_err(|e| damaged(e.to_string()))?;
        let adapters_file = directory.join(ADAPTERS_FILE);
        let adapters = match adapters_file.is_file() {
            true => model::read_safetensors(&adapters_file)?,
            false => HashMap::new(),
        };
        let trained = Self { directory: directory.to_owned(), encoder, run, parameters, adapters };
        trained.heads().map_err(|e| damaged(e.to_string()))?;
        Ok(trained)
    }

    /// The heads in f32.
    pub fn heads(&self) -> candle_core::Result<Heads> {
        fit::heads(&self.run.heads, self.parameters.clone())
    }

    /// Refuses a rubric of another shape than the heads have.
    pub fn check_rubric(&self, rubric: &Rubric) -> Result<()> {
        let heads = &self.run.heads;
        let (competencies, levels) = (rubric.competencies.len(), rubric.levels());
        if (heads.competencies, heads.levels) == (competencies, levels) {
            return Ok(());
        }
        Err(TrainerError::Usage(format!(
            "{}: trained for {} competencies of {} levels, the rubric `{}` has {competencies} of {levels}; name with \
             --rubric the one that it was trained with",
            self.directory.display(),
            heads.competencies,
            heads.levels,
            rubric.id
        )))
    }

    /// The calibration in the run directory of `crossval`, where one is named, or else in the model's own.
    pub fn calibration(&self, crossval: Option<&Path>) -> Result<Calibration> {
        let path = crossval.unwrap_or(&self.directory).join(CALIBRATION_FILE);
        if !path.is_file() {
            return Err(TrainerError::Usage(format!(
                "{}: not there; name the run directory of `trainer crossval` with --crossval",
                path.display()
            )));
        }
        let calibration: Calibration = files::read_json(&path)?;
        let (thresholds, competencies) = (calibration.presence_threshold.len(), self.run.heads.competencies);
        if thresholds != competencies {
            return Err(TrainerError::Usage(format!(
                "{}: {thresholds} presence thresholds for {competencies} competencies; run `trainer crossval` with the \
                 rubric of the model",
                path.display()
            )));
        }
        Ok(calibration)
    }

    /// The figures that lie beside the calibration; null where there are none.
    pub fn figures(&self, crossval: Option<&Path>) -> Result<serde_json::Value> {
        let path = crossval.unwrap_or(&self.directory).join(METRICS_FILE);
        if path.is_file() { files::read_json(&path) } else { Ok(serde_json::Value::Null) }
    }
}
