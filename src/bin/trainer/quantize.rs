//! `trainer quantize`: a trained model becomes the 4-bit model file that the widget fetches.

use std::path::PathBuf;

use salesmirror::model::{
    Contents, FORMAT_VERSION, Manifest, ManifestFile, Model, ReferenceEncoder, RubricRef, Tokenizer,
};

use crate::trained::TrainedModel;
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

/// Reports that the comparison looks at.
const COMPARED: usize = 40;

pub fn run(options: &Options) -> Result<()> {
    let trained = TrainedModel::read(&options.model)?;
    let rubric = crate::read_rubric(&options.rubric)?;
    trained.check_rubric(&rubric)?;
    let crossval = options.crossval.as_deref();
    let calibration = trained.calibration(crossval)?;
    let training = serde_json::json!({
        "reports": trained.run.reports,
        "recipe": trained.run.options,
        "crossval": trained.figures(crossval)?,
    });
    let file = Contents {
        id: &options.id,
        encoder_config: &trained.encoder.config,
        encoder: &trained.encoder.weights,
        heads_config: &trained.run.heads,
        heads: &trained.parameters,
        tokenizer_json: &trained.encoder.tokenizer_json,
        rubric: &rubric,
        calibration: &calibration,
        training: &training,
    }
    .to_gguf()?;
    let model = Model::from_gguf(&file)?;
    let cosine = compare(&trained.encoder, &model, options)?;

    let manifest = Manifest {
        format: FORMAT_VERSION,
        id: options.id.clone(),
        rubric: RubricRef::from(&rubric),
        files: vec![ManifestFile::new("model.gguf", &file)],
    };
    crate::write(&options.out.join("model.gguf"), &file)?;
    crate::write_json(&options.out.join("manifest.json"), &manifest)?;
    let cosine = match cosine {
        Some(cosine) => format!("{cosine:.5}"),
        None => "not computed, for there is no f32 mixture of experts".to_owned(),
    };
    println!(
        "{}: {:.2} MB, SHA-256 {}; mean cosine of its token vectors with those of the f32 encoder: {cosine}",
        options.out.join("model.gguf").display(),
        file.len() as f64 / 1e6,
        model.sha256
    );
    Ok(())
}

/// Mean cosine per token between the encoder in f32 and as it comes out of the file; None for mixtures of experts.
fn compare(encoder: &features::EncoderDirectory, model: &Model, options: &Options) -> Result<Option<f32>> {
    if encoder.config.experts.is_some() {
        return Ok(None);
    }
    let exact = ReferenceEncoder::new(&encoder.config, encoder.weights.clone())?;
    let tokenizer = Tokenizer::from_json(&encoder.tokenizer_json)?;
    let positions = encoder.config.max_position_embeddings;
    let (mut sum, mut tokens) = (0.0, 0);
    for report in reports::read(&options.data, &model.rubric)?.iter().take(COMPARED) {
        let reading = features::read(report, &tokenizer, positions)?;
        for window in reading.windows() {
            let (a, b) = (exact.forward(window.ids())?, model.encoder.forward(&[window.ids()])?);
            let dot = (&a * &b)?.sum(1)?;
            let norms = (a.sqr()?.sum(1)? * b.sqr()?.sum(1)?)?.sqrt()?;
            sum += (dot / norms)?.sum_all()?.to_scalar::<f32>()?;
            tokens += window.ids().len();
        }
    }
    Ok(Some(sum / tokens as f32))
}
