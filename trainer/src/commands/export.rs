//! `trainer export` writes a trained model in f32 for other programs.

use std::path::{Path, PathBuf};

use salesmirror_trainer::data::{LabelSpace, read_labelled_reports};
use salesmirror_trainer::export::{huggingface, onnx};
use salesmirror_trainer::model_dir::TrainedModel;
use salesmirror_trainer::run::files;

use super::{Outcome, UsageError};

#[derive(clap::Args)]
pub struct Options {
    /// Trained model directory, as `finetune` writes it.
    #[arg(long)]
    model: PathBuf,
    #[arg(long, value_enum)]
    format: Format,
    /// Run directory of `crossval`, whose calibration is exported too; by default the directory of the model.
    #[arg(long)]
    crossval: Option<PathBuf>,
    #[arg(long, default_value = "data/rubric.json")]
    rubric: PathBuf,
    /// Labelled reports; with --format onnx, the levels of some are written beside the graph, by which to check a program.
    #[arg(long, num_args = 1..)]
    data: Vec<PathBuf>,
    /// Directory to write.
    #[arg(long)]
    out: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// model.onnx with encoder and heads in one graph, and inputs and outputs by which to check a runtime.
    Onnx,
    /// config.json and model.safetensors for `transformers.BertModel`, with the heads beside them.
    Huggingface,
}

pub fn run(options: &Options) -> Outcome {
    let trained = TrainedModel::read(&options.model)?;
    let rubric = files::read_rubric(&options.rubric)?;
    trained.check_rubric(&rubric)?;
    let crossval = options.crossval.as_deref();
    let calibration = trained.calibration(crossval)?;
    let is_same =
        |a: &Path, b: &Path| matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b);
    if is_same(&options.model, &options.out) {
        let problem = "--out is the trained model's own directory; choose another one";
        return Err(UsageError(problem.to_owned()).into());
    }
    let out = &options.out;
    match options.format {
        Format::Onnx => {
            let reports = read_labelled_reports(&options.data, &LabelSpace::from(&rubric))?;
            let (path, bytes) = onnx::write(&trained, &rubric, &calibration, &reports, out)?;
            println!(
                "{}: {:.2} MB, opset {}; check a runtime with pkg-scripts/check-onnx {}",
                path.display(),
                bytes as f64 / 1e6,
                onnx::OPSET,
                out.display()
            );
        }
        Format::Huggingface => {
            huggingface::write(&trained, &rubric, &calibration, &trained.figures(crossval)?, out)?;
            let tensors = trained.encoder.weights.len();
            println!("{}: {tensors} tensors for transformers.BertModel", out.display());
        }
    }
    Ok(())
}
