//! `trainer evaluate` evaluates a finished model file on labelled reports. It writes report.html, evaluation.json and
//! model-card.md.

use std::path::{Path, PathBuf};

use salesmirror::Assessor;
use salesmirror_trainer::crossval::Crossval;
use salesmirror_trainer::data::{LabelSpace, read_labelled_reports};
use salesmirror_trainer::evaluation::judge::{self, Judging};
use salesmirror_trainer::evaluation::{Bootstrap, Evaluation, folds};
use salesmirror_trainer::report::{ModelFacts, card, pages};
use salesmirror_trainer::run::files;
use serde_json::json;

use super::Outcome;

#[derive(clap::Args)]
pub struct Options {
    /// Model file, or a folder with one and its manifest, whose rubric determines the labels of the reports.
    model: PathBuf,
    /// JSONL files with labelled reports.
    #[arg(required = true)]
    data: Vec<PathBuf>,
    /// Field to group by in the resamples behind the intervals: writer, industry, or any other field of the data.
    #[arg(long, default_value = "writer")]
    group_by: String,
    /// Fields by which to break down the figures, besides language, length and fields with few values.
    #[arg(long, value_delimiter = ',')]
    slice_by: Vec<String>,
    /// Bootstrap resamples behind each interval.
    #[arg(long, default_value_t = 1000)]
    resamples: usize,
    /// Seed of the resamples.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Number of reports, spread over the data, in which names and genders are exchanged. Each is encoded five times.
    #[arg(long, default_value_t = 200)]
    swaps: usize,
    /// Run directory of a training command, whose curves the report shows.
    #[arg(long)]
    run: Option<PathBuf>,
    /// Run directory of `crossval`, whose methods the report compares.
    #[arg(long)]
    crossval: Option<PathBuf>,
    /// Text about the data for the report and the model card, or the path of a file with the text.
    #[arg(long)]
    note: Option<String>,
    /// Folder for report.html, evaluation.json and model-card.md.
    #[arg(long, default_value = "work/evaluation")]
    out: PathBuf,
}

pub fn run(options: &Options) -> Outcome {
    let assessor = Assessor::load(&options.model)?;
    let model = assessor.model();
    let reports = read_labelled_reports(&options.data, &LabelSpace::from(&model.rubric))?;
    let groups = folds::group_by(&reports, &options.group_by)?;
    let note = match &options.note {
        Some(note) if Path::new(note).is_file() => Some(files::read_text(Path::new(note))?),
        note => note.clone(),
    };
    let crossval = options.crossval.as_deref().map(Crossval::read).transpose()?;

    let bootstrap = Bootstrap { resamples: options.resamples, seed: options.seed, groups: &groups.group_of };
    let judging = Judging { bootstrap, slice_by: &options.slice_by, swaps: options.swaps };
    let (evaluation, bias) = judge::judge_model(&assessor, &reports, &judging)?;
    let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let names: Vec<String> = options.data.iter().map(name).collect();
    let data = names.join(", ");
    let facts = ModelFacts {
        model,
        data: &data,
        note: note.as_deref(),
        seen: judge::is_trained_on(&model.training, &names),
        evaluation: &evaluation,
        bias: &bias,
    };

    let page = options.out.join("report.html");
    let html = pages::model_page(&facts, crossval.as_ref(), options.run.as_deref())?;
    files::write_bytes(&page, html.as_bytes())?;
    files::write_bytes(&options.out.join("model-card.md"), card::write(&facts).as_bytes())?;
    let json = json!({
        "model": { "id": model.id, "sha256": model.sha256, "bytes": model.bytes },
        "data": options.data,
        "trained_on_these_data": facts.seen,
        "group_by": options.group_by,
        "calibration": model.calibration,
        "evaluation": evaluation,
        "bias": bias,
    });
    files::write_json(&options.out.join("evaluation.json"), &json)?;
    print_figures(&evaluation, facts.seen);
    println!("{}", page.display());
    Ok(())
}

fn print_figures(evaluation: &Evaluation, seen: bool) {
    if seen {
        println!(
            "The model was trained on these reports, so the figures do not say how well it judges new ones."
        );
    }
    for (measure, figure) in evaluation.all() {
        println!("{:>28}  {figure}", measure.name());
    }
}
