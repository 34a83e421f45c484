//! `trainer quantize` turns a trained model into the 4-bit model file that the widget fetches.

use std::path::PathBuf;

use salesmirror_trainer::data::{LabelSpace, read_labelled_reports};
use salesmirror_trainer::export::model_file::{ModelFile, compare};
use salesmirror_trainer::finetuning::DEFAULT_DATA;
use salesmirror_trainer::model_dir::TrainedModel;
use salesmirror_trainer::run::files;

use super::Outcome;

#[derive(clap::Args)]
pub struct Options {
    /// Trained model directory, as `finetune` writes it.
    #[arg(long)]
    model: PathBuf,
    /// Run directory of `crossval`, whose calibration and figures go into the model file; by default the directory of the
    /// model.
    #[arg(long)]
    crossval: Option<PathBuf>,
    #[arg(long, default_value = "data/rubric.json")]
    rubric: PathBuf,
    /// Reports on which the 4-bit model is compared with the f32 one.
    #[arg(long, num_args = 1.., default_values = DEFAULT_DATA)]
    data: Vec<PathBuf>,
    /// Name of the model.
    #[arg(long)]
    id: String,
    /// Model directory of the widget, to which model.gguf and manifest.json are written.
    #[arg(long, default_value = "www/models/default")]
    out: PathBuf,
}

pub fn run(options: &Options) -> Outcome {
    let trained = TrainedModel::read(&options.model)?;
    let rubric = files::read_rubric(&options.rubric)?;
    let file = ModelFile::new(&options.id, &trained, &rubric, options.crossval.as_deref())?;
    let reports = read_labelled_reports(&options.data, &LabelSpace::from(&rubric))?;
    let comparison = compare(&trained, &file.model, &reports)?;
    let path = file.write(&options.out)?;
    println!(
        "{}: {:.2} MB, SHA-256 {}\n{comparison}",
        path.display(),
        file.bytes.len() as f64 / 1e6,
        file.model.sha256
    );
    Ok(())
}
