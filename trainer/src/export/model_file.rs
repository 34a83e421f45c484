//! Makes the 4-bit model file that the widget fetches, with its manifest, from a trained model, and compares it with the f32
//! model.

use std::fmt;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use salesmirror::Rubric;
use salesmirror::model::{Calibration, Contents, FORMAT_VERSION, Manifest, ManifestFile, Model, RubricRef};

use super::{ExportError, decode_levels};
use crate::data::LabelledReport;
use crate::finetuning::tokenize;
use crate::model_dir::{ReferenceEncoder, TrainedModel};
use crate::run::{files, progress};

/// A model file in memory, loaded as the browser loads it.
pub struct ModelFile {
    pub bytes: Vec<u8>,
    pub model: Model,
}

impl ModelFile {
    /// Makes the model file. `crossval` is the run directory whose calibration and figures go into it; if there is none, they
    /// are taken from the model's own directory.
    ///
    /// # Errors
    /// When the parts of the trained model do not fit together or do not fit the rubric.
    pub fn new(
        id: &str,
        trained: &TrainedModel,
        rubric: &Rubric,
        crossval: Option<&Path>,
    ) -> Result<Self, ExportError> {
        Self::with(id, trained, rubric, &trained.calibration(crossval)?, &trained.figures(crossval)?)
    }

    /// Makes a model file of a model that has no calibration yet, for what it predicts.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn uncalibrated(trained: &TrainedModel, rubric: &Rubric) -> Result<Self, ExportError> {
        let calibration = Calibration::uncalibrated(trained.facts.heads.competencies);
        Self::with("uncalibrated", trained, rubric, &calibration, &serde_json::Value::Null)
    }

    fn with(
        id: &str,
        trained: &TrainedModel,
        rubric: &Rubric,
        calibration: &Calibration,
        figures: &serde_json::Value,
    ) -> Result<Self, ExportError> {
        trained.check_rubric(rubric)?;
        let training = serde_json::json!({
            "reports": trained.facts.reports,
            "recipe": trained.facts.options,
            "crossval": figures,
        });
        let (config, weights) = trained.unmerged_encoder()?;
        let bytes = Contents {
            id,
            encoder_config: &config,
            encoder: &weights,
            heads_config: &trained.facts.heads,
            heads: &trained.heads,
            tokenizer_json: &trained.encoder.tokenizer_json,
            rubric,
            calibration,
            training: &training,
        }
        .to_gguf()?;
        let model = Model::from_gguf(&bytes)?;
        Ok(Self { bytes, model })
    }

    /// Writes model.gguf and manifest.json, and returns the path of the model file.
    pub fn write(&self, directory: &Path) -> Result<PathBuf, ExportError> {
        let manifest = Manifest {
            format: FORMAT_VERSION,
            id: self.model.id.clone(),
            rubric: RubricRef::from(&self.model.rubric),
            files: vec![ManifestFile::new(MODEL_NAME, &self.bytes)],
        };
        let path = directory.join(MODEL_NAME);
        files::write_bytes(&path, &self.bytes)?;
        files::write_json(&directory.join("manifest.json"), &manifest)?;
        Ok(path)
    }
}

/// The name of the model file, which lies beside its manifest.
const MODEL_NAME: &str = "model.gguf";

/// The largest number of reports in a comparison.
const COMPARED: usize = 40;

/// The differences between a model file and the f32 model that it was made from, on some reports.
pub struct Comparison {
    reports: usize,
    /// The mean cosine between the token vectors of both encoders.
    cosine: f32,
    /// The absolute differences of the levels that at least one model shows, in ascending order.
    differences: Vec<f32>,
    /// The number of competencies that only one model shows.
    flips: usize,
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { reports, cosine, differences, flips } = self;
        let shown = differences.len();
        let mean = differences.iter().sum::<f32>() / shown.max(1) as f32;
        let at = |share: f32| {
            let last = shown.saturating_sub(1);
            differences.get((share * last as f32).round() as usize).copied().unwrap_or(0.0)
        };
        write!(
            f,
            "compared with the f32 model on {reports} reports: mean cosine of token vectors {cosine:.5}; levels differ by \
             {mean:.3} on average, {:.3} at the 95th percentile, {:.3} at most ({shown} levels); {flips} of {shown} competencies \
             are shown by one model only",
            at(0.95),
            at(1.0),
        )
    }
}

/// Compares a model file with its f32 model, on a sample of reports that is spread evenly over the given ones.
pub fn compare(
    trained: &TrainedModel,
    model: &Model,
    reports: &[LabelledReport],
) -> Result<Comparison, ExportError> {
    let step = reports.len().div_ceil(COMPARED).max(1);
    let reports: Vec<&LabelledReport> = reports.iter().step_by(step).collect();
    let exact = ReferenceEncoder::new(&trained.encoder.config, trained.encoder.weights.clone())?;
    let exact_heads = trained.heads()?;
    let positions = trained.encoder.config.max_position_embeddings;
    let bar = progress::bar(reports.len(), "comparing with f32");
    let compare_one = |report: &&LabelledReport| {
        let mut full = tokenize(report, &model.tokenizer, positions)?;
        let mut small = tokenize(report, &model.tokenizer, positions)?;
        let (mut cosines, mut tokens) = (0.0, 0);
        for i in 0..full.windows().len() {
            let window = full.windows()[i].clone();
            let (a, b) = (exact.forward(window.ids())?, model.encoder.forward(&[window.ids()])?);
            full.fill(i, window.sums(&a)?)?;
            small.fill(i, window.sums(&b)?)?;
            let dot = (&a * &b)?.sum(1)?;
            let norms = (a.sqr()?.sum(1)? * b.sqr()?.sum(1)?)?.sqrt()?;
            cosines += (dot / norms)?.sum_all()?.to_scalar::<f32>()?;
            tokens += window.ids().len();
        }
        let lowest = model.rubric.scale.min;
        let full = exact_heads.predict(&full.sentence_vectors()?)?;
        let small = model.heads.predict(&small.sentence_vectors()?)?;
        let [full, small] =
            [full, small].map(|prediction| decode_levels(prediction, &model.calibration, lowest));
        bar.inc(1);
        let pairs: Vec<_> = full.zip(small).map(|(a, b)| [a, b]).collect();
        Ok((cosines, tokens, pairs))
    };
    let compared = reports.par_iter().map(compare_one).collect::<Result<Vec<_>, ExportError>>()?;
    bar.finish_and_clear();
    let tokens: usize = compared.iter().map(|(_, tokens, _)| tokens).sum();
    let cosine = compared.iter().map(|(cosines, ..)| cosines).sum::<f32>() / tokens.max(1) as f32;
    let pairs = || compared.iter().flat_map(|(.., pairs)| pairs).filter(|[a, b]| a.0 || b.0);
    let mut differences: Vec<f32> = pairs().map(|[a, b]| (a.1 - b.1).abs()).collect();
    differences.sort_by(f32::total_cmp);
    let flips = pairs().filter(|[a, b]| a.0 != b.0).count();
    Ok(Comparison { reports: reports.len(), cosine, differences, flips })
}
