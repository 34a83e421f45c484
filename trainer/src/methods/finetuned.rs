//! Fine-tuning as a method of cross-validation: as it is in f32, and as it will be in the browser.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use salesmirror::{Rubric, model};
use serde_json::json;

use super::{Document, Method, Prediction};
use crate::finetuning::lower_states::LowerStates;
use crate::finetuning::features::{self, Example, Source};
use crate::model_dir::EncoderDirectory;
use crate::run::directory::RunDirectory;
use crate::finetuning::encoder::{self, Base};
use crate::{Result, fit};

/// The upper layers and the heads, trained together. Each fold has a run directory, so that training goes on where it was
/// stopped, and is not repeated for the second of the two names.
pub struct Finetuned {
    rubric: Rubric,
    heads: fit::Recipe,
    tuning: tune::Recipe,
    source: Source,
    directory: EncoderDirectory,
    states: LowerStates,
    /// By the report's id.
    examples: HashMap<String, Example>,
    runs: PathBuf,
    /// Predicts through the 4 bits and the integers of the model file.
    shipped: bool,
}

impl Finetuned {
    /// Runs lie in folders of `runs`.
    pub fn new(
        source: &Source,
        heads: &fit::Recipe,
        tuning: &tune::Recipe,
        runs: &Path,
        shipped: bool,
    ) -> Result<Self> {
        let (rubric, examples) = features::load(source)?;
        let directory = EncoderDirectory::read(&source.encoder)?;
        Ok(Self {
            states: tune::lower_states(source, &directory, tuning, &examples)?,
            rubric,
            heads: heads.clone(),
            tuning: tuning.clone(),
            source: source.clone(),
            directory,
            examples: examples.into_iter().map(|example| (example.facts.id.clone(), example)).collect(),
            runs: runs.to_owned(),
            shipped,
        })
    }

    fn of(&self, document: &Document) -> &Example {
        &self.examples[&document.report.id]
    }
}

impl Method for Finetuned {
    fn name(&self) -> &'static str {
        if self.shipped { "shipped" } else { "finetuned" }
    }

    fn settings(&self) -> serde_json::Value {
        json!({ "heads": self.heads, "tuning": self.tuning, "encoder": self.source.encoder })
    }

    fn uses_all_cores(&self) -> bool {
        true
    }

    fn fit_predict(&self, train: &[&Document], test: &[&Document]) -> Result<Vec<Prediction>> {
        let ids: Vec<&str> = train.iter().map(|document| document.report.id.as_str()).collect();
        let run = self.runs.join(&model::sha256(ids.join("\n").as_bytes())[..12]);
        let run = RunDirectory::open(&run, &self.tuning, run.join("config.toml").exists())?;
        let train: Vec<&Example> = train.iter().map(|document| self.of(document)).collect();
        let scale = (self.rubric.scale.min, self.rubric.levels());
        let competencies = self.rubric.competencies.len();
        let fitted = tune::begin(&train, competencies, scale, &self.heads, &self.tuning)?;
        let base = Base { directory: &self.directory, states: &self.states };
        let tuned = tune::tune(&base, &train, &fitted, self.rubric.scale.min, &self.tuning, &run)?;
        let shipped = self.shipped.then(|| tuned.shipped_encoder(&self.directory)).transpose()?;
        let predict = |document: &&Document| {
            let example = self.of(document);
            let prediction = match &shipped {
                Some(encoder) => tuned.predict_shipped(encoder, example)?,
                None => tuned.predict(&base, example)?,
            };
            Ok(prediction.aligned(&example.facts.sentences, document))
        };
        test.iter().map(predict).collect()
    }
}
