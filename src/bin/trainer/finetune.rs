//! `trainer finetune`: the heads, trained on every report, for shipping.

use std::path::PathBuf;

use salesmirror::model::HeadsConfig;
use serde::{Deserialize, Serialize};

use crate::Result;
use crate::features::{self, Example, Source};
use crate::fit::{self, Recipe};

#[derive(clap::Args, Serialize)]
pub struct Options {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    recipe: Recipe,
    /// Run directory: heads.safetensors and finetune.json.
    #[arg(long, default_value = "work/finetune")]
    run: PathBuf,
}

/// What `export` needs to know of a run, `finetune.json`.
#[derive(Serialize, Deserialize)]
pub struct Run {
    pub heads: HeadsConfig,
    pub reports: usize,
    pub last_loss: f32,
    /// The resolved options, for the model card.
    pub options: serde_json::Value,
}

/// Name of the trained parameters in a run directory.
pub const HEADS_FILE: &str = "heads.safetensors";

/// Name of [`Run`] in a run directory.
pub const RUN_FILE: &str = "finetune.json";

pub fn run(options: &Options) -> Result<()> {
    let (rubric, examples) = features::load(&options.source)?;
    let all: Vec<&Example> = examples.iter().collect();
    let bar = crate::progress(options.recipe.epochs * all.len().div_ceil(options.recipe.batch), "training");
    let mut last_loss = f32::NAN;
    let mut step = |loss| {
        bar.inc(1);
        last_loss = loss;
    };
    let scale = (rubric.scale.min, rubric.levels());
    let fitted = fit::fit(&all, rubric.competencies.len(), scale, &options.recipe, &mut step)?;
    let source = |source| crate::TrainerError::Io { path: options.run.clone(), source };
    std::fs::create_dir_all(&options.run).map_err(source)?;
    candle_core::safetensors::save(&fitted.parameters, options.run.join(HEADS_FILE))?;
    let resolved = serde_json::to_value(options)
        .map_err(|source| crate::TrainerError::Json { path: options.run.clone(), source })?;
    let run = Run { heads: fitted.config, reports: examples.len(), last_loss, options: resolved };
    crate::write_json(&options.run.join(RUN_FILE), &run)?;
    println!(
        "trained the heads on {} reports, last loss {last_loss:.3}: {}",
        examples.len(),
        options.run.display()
    );
    Ok(())
}
