//! `trainer plot` draws the measurements of several runs in one chart.

use std::path::PathBuf;

use salesmirror_trainer::report::curves;
use salesmirror_trainer::run::files;

use super::Outcome;

#[derive(clap::Args)]
pub struct Options {
    /// Run directories. Each gives a curve with the name of the directory.
    #[arg(required = true)]
    runs: Vec<PathBuf>,
    /// SVG file to write.
    #[arg(long, default_value = "curves.svg")]
    out: PathBuf,
    /// Measurement to draw: a field of metrics.jsonl such as loss, mlm_loss, held_out_mlm_loss or held_out_nsp_accuracy.
    #[arg(long, default_value = "held_out_mlm_loss")]
    value: String,
    /// Measurement on the horizontal axis: step, tokens, seconds or petaflop.
    #[arg(long, default_value = "step")]
    over: String,
}

pub fn run(options: &Options) -> Outcome {
    let svg = curves::draw_runs(&options.runs, &options.value, &options.over)?;
    files::write_bytes(&options.out, svg.as_bytes())?;
    println!("{}: {} curves", options.out.display(), options.runs.len());
    Ok(())
}
