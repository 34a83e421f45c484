//! `trainer export`: encoder, heads and calibration become the model file that the widget fetches.

use std::path::PathBuf;

use salesmirror::model::{
    Calibration, Contents, FORMAT_VERSION, Manifest, ManifestFile, Model, ReferenceEncoder, RubricRef,
    Tokenizer,
};

use crate::features::{self, EncoderDirectory};
use crate::finetune::{HEADS_FILE, RUN_FILE, Run};
use crate::{Result, reports};

#[derive(clap::Args)]
pub struct Options {
    /// Encoder directory that the heads were trained on.
    #[arg(long)]
    encoder: PathBuf,
    /// Run directory of `finetune`.
    #[arg(long, default_value = "work/finetune")]
    run: PathBuf,
    /// Run directory of `crossval`: its calibration and figures go into the model file.
    #[arg(long, default_value = "work/crossval")]
    crossval: PathBuf,
    #[arg(long, default_value = "data/rubric.json")]
    rubric: PathBuf,
    /// Reports on which the 4-bit encoder is compared with the f32 one.
    #[arg(long, default_value = "data/reports/train.jsonl")]
    data: PathBuf,
    /// Name of the model.
    #[arg(long)]
    id: String,
    /// Model directory.
    #[arg(long, default_value = "www/models/default")]
    out: PathBuf,
}

/// Reports that the comparison looks at.
const COMPARED: usize = 40;

pub fn run(options: &Options) -> Result<()> {
    let encoder = EncoderDirectory::read(&options.encoder)?;
    let run: Run = crate::read_json(&options.run.join(RUN_FILE))?;
    let heads = candle_core::safetensors::load(options.run.join(HEADS_FILE), &candle_core::Device::Cpu)?;
    let rubric = crate::read_rubric(&options.rubric)?;
    let calibration: Calibration = crate::read_json(&options.crossval.join("calibration.json"))?;
    let figures: serde_json::Value = crate::read_json(&options.crossval.join("metrics.json"))?;
    let training = serde_json::json!({ "reports": run.reports, "recipe": run.options, "crossval": figures });
    let file = Contents {
        id: &options.id,
        encoder_config: &encoder.config,
        encoder: &encoder.weights,
        heads_config: &run.heads,
        heads: &heads,
        tokenizer_json: &encoder.tokenizer_json,
        rubric: &rubric,
        calibration: &calibration,
        training: &training,
    }
    .to_gguf()?;
    let model = Model::from_gguf(&file)?;
    let cosine = compare(&encoder, &model, options)?;

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
fn compare(encoder: &EncoderDirectory, model: &Model, options: &Options) -> Result<Option<f32>> {
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
