//! `trainer quantize`: a trained model becomes the 4-bit model file that the widget fetches.

use std::fmt;
use std::path::PathBuf;

use candle_core::{DType, Device, Tensor};
use candle_nn::ops::sigmoid;
use rayon::prelude::*;
use salesmirror::assessment::{LevelDistribution, Reading};
use salesmirror::model::{
    Calibration, Contents, FORMAT_VERSION, Heads, Manifest, ManifestFile, Model, ReferenceEncoder, RubricRef,
};

use crate::run::{files, progress};
use crate::data::labelled_report::Report;
use crate::model_dir::trained_model::{self, TrainedModel};
use crate::{Result, features, reports};

#[derive(clap::Args)]
pub struct Options {
    /// Trained model directory, as `finetune` writes it.
    #[arg(long)]
    model: PathBuf,
    /// Run directory of `crossval`, whose calibration and figures go into the model file; the model's own directory
    /// when not given.
    #[arg(long)]
    crossval: Option<PathBuf>,
    #[arg(long, default_value = "data/rubric.json")]
    rubric: PathBuf,
    /// Reports on which the 4-bit model is compared with the f32 one.
    #[arg(long, default_value = "data/reports/train.jsonl")]
    data: PathBuf,
    /// Name of the model.
    #[arg(long)]
    id: String,
    /// Model directory of the widget: model.gguf and manifest.json.
    #[arg(long, default_value = "www/models/default")]
    out: PathBuf,
}

/// The most reports that the comparison looks at.
const COMPARED: usize = 40;

pub fn run(options: &Options) -> Result<()> {
    let trained = TrainedModel::read(&options.model)?;
    let rubric = files::read_rubric(&options.rubric)?;
    trained.check_rubric(&rubric)?;
    let crossval = options.crossval.as_deref();
    let calibration = trained.calibration(crossval)?;
    let training = serde_json::json!({
        "reports": trained.run.reports,
        "recipe": trained.run.options,
        "crossval": trained.figures(crossval)?,
    });
    let (config, weights) =
        trained::unmerged(&trained.encoder.config, trained.encoder.weights.clone(), &trained.adapters)?;
    let file = Contents {
        id: &options.id,
        encoder_config: &config,
        encoder: &weights,
        heads_config: &trained.run.heads,
        heads: &trained.parameters,
        tokenizer_json: &trained.encoder.tokenizer_json,
        rubric: &rubric,
        calibration: &calibration,
        training: &training,
    }
    .to_gguf()?;
    let model = Model::from_gguf(&file)?;
    let reports = reports::read(&options.data, &rubric)?;
    // Spread over the file, in which those of one writer are together.
    let step = reports.len().div_ceil(COMPARED).max(1);
    let reports: Vec<Report> = reports.into_iter().step_by(step).collect();
    let comparison = compare(&trained, &model, &reports)?;

    let manifest = Manifest {
        format: FORMAT_VERSION,
        id: options.id.clone(),
        rubric: RubricRef::from(&rubric),
        files: vec![ManifestFile::new("model.gguf", &file)],
    };
    files::write_bytes(&options.out.join("model.gguf"), &file)?;
    files::write_json(&options.out.join("manifest.json"), &manifest)?;
    println!(
        "{}: {:.2} MB, SHA-256 {}\n{comparison}",
        options.out.join("model.gguf").display(),
        file.len() as f64 / 1e6,
        model.sha256
    );
    Ok(())
}

/// How far the model of the file is from the f32 encoder with the same heads, on some reports.
struct Comparison {
    reports: usize,
    /// Mean cosine of token vectors.
    cosine: f32,
    /// Differences of levels that either of both shows, ascending.
    differences: Vec<f32>,
    /// How many competencies one shows and the other does not, and of how many.
    flips: (usize, usize),
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { reports, cosine, differences, flips: (flips, shown) } = self;
        let mean = differences.iter().sum::<f32>() / differences.len().max(1) as f32;
        let at = |share: f32| {
            let last = differences.len().saturating_sub(1);
            differences.get((share * last as f32).round() as usize).copied().unwrap_or(0.0)
        };
        write!(
            f,
            "beside the f32 model, on {reports} reports: mean cosine of token vectors {cosine:.5}; levels differ by {mean:.3} \
             in the mean, {:.3} at the 95th percentile, {:.3} at most ({} levels); {flips} of {shown} competencies are shown \
             by one only",
            at(0.95),
            at(1.0),
            differences.len(),
        )
    }
}

/// What a model says of a report: presence and expected level of each competency.
fn levels(heads: &Heads, reading: &Reading, calibration: &Calibration, min: i32) -> Result<Vec<(bool, f32)>> {
    let sentences = reading.sentence_vectors()?.unsqueeze(0)?;
    let mask = Tensor::ones((1, reading.sentences().len()), DType::F32, &Device::Cpu)?;
    let output = heads.forward(&sentences, &mask, &mut Ok)?;
    let presence = sigmoid(&output.presence)?.get(0)?.to_vec1::<f32>()?;
    let cumulative = output.cumulative.get(0)?.to_vec2::<f32>()?;
    let of = |((presence, threshold), logits): ((f32, &f32), Vec<f32>)| {
        let temperature = calibration.level_temperature;
        let distribution = LevelDistribution::from_cumulative_logits(&logits, temperature, min);
        (presence >= *threshold, distribution.mean())
    };
    Ok(presence.into_iter().zip(&calibration.presence_threshold).zip(cumulative).map(of).collect())
}

/// Both models on some reports.
fn compare(trained: &TrainedModel, model: &Model, reports: &[Report]) -> Result<Comparison> {
    let exact = ReferenceEncoder::new(&trained.encoder.config, trained.encoder.weights.clone())?;
    let exact_heads = trained.heads()?;
    let positions = trained.encoder.config.max_position_embeddings;
    let bar = progress::bar(reports.len(), "comparing with f32");
    let compare_one = |report: &Report| {
        let mut full = features::read(report, &model.tokenizer, positions)?;
        let mut small = features::read(report, &model.tokenizer, positions)?;
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
        let min = model.rubric.scale.min;
        let full = levels(&exact_heads, &full, &model.calibration, min)?;
        let small = levels(&model.heads, &small, &model.calibration, min)?;
        bar.inc(1);
        let pairs: Vec<_> = full.into_iter().zip(small).map(|(a, b)| [a, b]).collect();
        Ok((cosines, tokens, pairs))
    };
    let compared = reports.par_iter().map(compare_one).collect::<Result<Vec<_>>>()?;
    bar.finish_and_clear();
    let tokens: usize = compared.iter().map(|(_, tokens, _)| tokens).sum();
    let cosine = compared.iter().map(|(cosines, ..)| cosines).sum::<f32>() / tokens.max(1) as f32;
    let pairs = || compared.iter().flat_map(|(.., pairs)| pairs).filter(|[a, b]| a.0 || b.0);
    let mut differences: Vec<f32> = pairs().map(|[a, b]| (a.1 - b.1).abs()).collect();
    differences.sort_by(f32::total_cmp);
    let flips = (pairs().filter(|[a, b]| a.0 != b.0).count(), pairs().count());
    Ok(Comparison { reports: reports.len(), cosine, differences, flips })
}
