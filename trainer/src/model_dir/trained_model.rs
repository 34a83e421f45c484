//! A trained model directory: `finetune` writes it, and `quantize`, `export` and `evaluate` read it.
//!
//! It is an encoder directory that also holds the heads (heads.safetensors, finetune.json). The calibration comes from
//! cross-validation, and lies in the same directory or in the run directory of `crossval`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use salesmirror::model::{Calibration, EncoderConfig, Heads, HeadsConfig, adapters};
use salesmirror::{ModelError, Rubric};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{
    ADAPTERS_FILE, CALIBRATION_FILE, CONFIG_FILE, EncoderDirectory, EncoderDirectoryError, FINETUNE_FILE,
    HEADS_FILE, METRICS_FILE, MODEL_FILE, TOKENIZER_FILE,
};
use crate::data::LabelSpace;
use crate::run::files::{self, FileError};

/// Why a trained model directory cannot be used.
#[derive(Debug, Error)]
pub enum TrainedModelError {
    #[error(
        "{path}: there is no {FINETUNE_FILE}; expected a directory that `trainer finetune` has written",
        path = path.display()
    )]
    NotTrained { path: PathBuf },
    #[error("{path}: {problem}; run `trainer finetune` again", path = path.display())]
    Damaged { path: PathBuf, problem: String },
    #[error(
        "{path}: the model was trained for {} competencies with {} levels, but the rubric `{rubric}` has {} with {}; use \
         --rubric to name the rubric that it was trained with",
        trained[0], trained[1], found[0], found[1],
        path = path.display()
    )]
    OtherRubric { path: PathBuf, rubric: String, trained: [usize; 2], found: [usize; 2] },
    #[error(
        "{path} does not exist; use --crossval to name the run directory of `trainer crossval`",
        path = path.display()
    )]
    NoCalibration { path: PathBuf },
    #[error(
        "{path}: found {thresholds} presence thresholds for {competencies} competencies; run `trainer crossval` with the \
         rubric of the model",
        path = path.display()
    )]
    OtherCalibration { path: PathBuf, thresholds: usize, competencies: usize },
    #[error(transparent)]
    Encoder(#[from] EncoderDirectoryError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error("tensor computation failed: {0}")]
    Compute(#[from] candle_core::Error),
}

/// Makes heads from their parameters, which are named without
/// [`HEADS_PREFIX`](salesmirror::model::tensor_names::HEADS_PREFIX). Gradients flow to those that are variables.
pub fn heads_from_tensors(
    config: &HeadsConfig,
    parameters: HashMap<String, Tensor>,
) -> candle_core::Result<Heads> {
    Heads::new(config, VarBuilder::from_tensors(parameters, DType::F32, &Device::Cpu))
}

/// The contents of finetune.json: how a model was trained.
#[derive(Serialize, Deserialize)]
pub struct TrainingFacts {
    pub heads: HeadsConfig,
    /// The number of reports that the model was trained on.
    pub reports: usize,
    /// The mean loss of the last step; a model file does not tell it.
    #[serde(default)]
    pub last_loss: Option<f64>,
    /// The resolved options, for the model card.
    pub options: serde_json::Value,
}

/// A trained model that is to be written as a directory.
pub struct NewTrainedModel<'a> {
    /// The encoder directory that training started from. Its configuration and tokenizer are copied.
    pub base: &'a Path,
    /// The encoder's tensors, with adapters merged.
    pub encoder: &'a HashMap<String, Tensor>,
    pub heads: &'a HashMap<String, Tensor>,
    /// The low-rank adapters; empty for a model without adapters.
    pub adapters: &'a HashMap<String, Tensor>,
    pub facts: &'a TrainingFacts,
}

impl NewTrainedModel<'_> {
    /// Writes the directory.
    pub fn write(&self, directory: &Path) -> Result<(), FileError> {
        files::create_folder(directory)?;
        for name in [CONFIG_FILE, TOKENIZER_FILE] {
            files::write_bytes(&directory.join(name), &files::read_bytes(&self.base.join(name))?)?;
        }
        files::write_tensors(&directory.join(MODEL_FILE), self.encoder)?;
        files::write_tensors(&directory.join(HEADS_FILE), self.heads)?;
        if !self.adapters.is_empty() {
            files::write_tensors(&directory.join(ADAPTERS_FILE), self.adapters)?;
        }
        files::write_json(&directory.join(FINETUNE_FILE), self.facts)
    }
}

/// An encoder with its heads, in f32.
pub struct TrainedModel {
    pub directory: PathBuf,
    pub encoder: EncoderDirectory,
    pub facts: TrainingFacts,
    /// The parameters of the heads, by name.
    pub heads: HashMap<String, Tensor>,
}

impl TrainedModel {
    /// Reads a directory and checks that its parts fit together.
    ///
    /// # Errors
    /// When a file is missing or damaged, when the encoder is of an unsupported kind, or when the heads belong to another
    /// encoder.
    pub fn read(directory: &Path) -> Result<Self, TrainedModelError> {
        let facts_file = directory.join(FINETUNE_FILE);
        if !facts_file.is_file() {
            return Err(TrainedModelError::NotTrained { path: directory.to_owned() });
        }
        let encoder = EncoderDirectory::read(directory)?;
        encoder.config.check()?;
        let facts: TrainingFacts = files::read_json(&facts_file)?;
        let heads_file = directory.join(HEADS_FILE);
        let damaged = |problem: String| TrainedModelError::Damaged { path: heads_file.clone(), problem };
        if facts.heads.hidden != encoder.config.hidden_size {
            let (heads, encoder) = (facts.heads.hidden, encoder.config.hidden_size);
            return Err(damaged(format!("the heads take {heads} dimensions, but the encoder has {encoder}")));
        }
        let heads = candle_core::safetensors::load_buffer(&files::read_bytes(&heads_file)?, &Device::Cpu)
            .and_then(|tensors| {
                tensors.into_iter().map(|(name, t)| Ok((name, t.to_dtype(DType::F32)?))).collect()
            })
            .map_err(|e| damaged(e.to_string()))?;
        let trained = Self { directory: directory.to_owned(), encoder, facts, heads };
        trained.heads().map_err(|e| damaged(e.to_string()))?;
        Ok(trained)
    }

    /// Makes the heads, in f32.
    pub fn heads(&self) -> candle_core::Result<Heads> {
        heads_from_tensors(&self.facts.heads, self.heads.clone())
    }

    /// Returns the encoder as a model file stores it: the adapters lie beside the weights, which are still on the 4-bit grid
    /// that training started from.
    pub fn unmerged_encoder(&self) -> Result<(EncoderConfig, HashMap<String, Tensor>), TrainedModelError> {
        let EncoderDirectory { config, weights, adapters, .. } = &self.encoder;
        adapters::unmerge(config, weights.clone(), adapters).map_err(|error| TrainedModelError::Damaged {
            path: self.directory.join(ADAPTERS_FILE),
            problem: error.to_string(),
        })
    }

    /// Checks that a rubric has as many competencies and levels as the heads.
    pub fn check_rubric(&self, rubric: &Rubric) -> Result<(), TrainedModelError> {
        let labels = LabelSpace::from(rubric);
        let trained = [self.facts.heads.competencies, self.facts.heads.levels];
        let found = [labels.competencies.len(), labels.levels];
        if trained == found {
            return Ok(());
        }
        let path = self.directory.clone();
        Err(TrainedModelError::OtherRubric { path, rubric: rubric.id.clone(), trained, found })
    }

    /// Reads the calibration from the run directory of `crossval` if one is named, and otherwise from the model directory.
    pub fn calibration(&self, crossval: Option<&Path>) -> Result<Calibration, TrainedModelError> {
        let path = crossval.unwrap_or(&self.directory).join(CALIBRATION_FILE);
        if !path.is_file() {
            return Err(TrainedModelError::NoCalibration { path });
        }
        let calibration: Calibration = files::read_json(&path)?;
        let (thresholds, competencies) =
            (calibration.presence_threshold.len(), self.facts.heads.competencies);
        if thresholds != competencies {
            return Err(TrainedModelError::OtherCalibration { path, thresholds, competencies });
        }
        Ok(calibration)
    }

    /// Reads the figures that lie beside the calibration; null if there are none.
    pub fn figures(&self, crossval: Option<&Path>) -> Result<serde_json::Value, TrainedModelError> {
        let path = crossval.unwrap_or(&self.directory).join(METRICS_FILE);
        if path.is_file() { Ok(files::read_json(&path)?) } else { Ok(serde_json::Value::Null) }
    }
}
