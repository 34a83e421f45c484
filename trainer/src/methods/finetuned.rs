//! The fine-tuned model as a method of cross-validation, both in f32 and as it will run in the browser.

use std::path::PathBuf;

use salesmirror::model::Prediction;
use serde_json::json;

use super::frozen::EncodedDataset;
use super::{Method, MethodError};
use crate::data::hash;
use crate::finetuning::{BaseEncoder, EncodedReport, HeadArgs, LowerStates, TuningArgs, fit_and_finetune};
use crate::run::directory::RunDirectory;

/// Trains the upper layers and the heads together. Each fold has its own run directory, so that a stopped training resumes, and
/// the methods `finetuned` and `shipped` train each fold only once.
pub struct Finetuned<'a> {
    pub encoded: &'a EncodedDataset<'a>,
    pub states: &'a LowerStates,
    pub heads: &'a HeadArgs,
    pub tuning: &'a TuningArgs,
    /// The folder that holds the run directories of the folds.
    pub runs: PathBuf,
    /// Whether to predict with the 4-bit weights and the integer arithmetic of the model file.
    pub shipped: bool,
}

impl Method for Finetuned<'_> {
    fn name(&self) -> &'static str {
        if self.shipped { "shipped" } else { "finetuned" }
    }

    fn settings(&self) -> serde_json::Value {
        let encoder = &self.encoded.dataset.source.encoder;
        json!({ "heads": self.heads, "tuning": self.tuning, "encoder": encoder })
    }

    fn uses_all_cores(&self) -> bool {
        true
    }

    fn fit_predict(&self, train: &[usize], test: &[usize]) -> Result<Vec<Prediction>, MethodError> {
        let dataset = self.encoded.dataset;
        let ids: Vec<&str> = train.iter().map(|&i| dataset.reports[i].id.as_str()).collect();
        let run = self.runs.join(hash::short_key(ids.join("\n").as_bytes()));
        let run = RunDirectory::open(&run, self.tuning, true)?;
        let base = BaseEncoder { directory: &self.encoded.directory, states: self.states };
        let train = self.encoded.select(train);
        let model = fit_and_finetune(&base, &train, &dataset.labels, self.heads, self.tuning, &run)?;
        let shipped = self.shipped.then(|| model.shipped_encoder(base.directory)).transpose()?;
        let predict = |report: &EncodedReport| {
            let prediction = match &shipped {
                Some(encoder) => model.predict_shipped(encoder, report)?,
                None => model.predict(&base, report)?,
            };
            Ok(report.for_all_sentences(prediction))
        };
        self.encoded.select(test).into_iter().map(predict).collect()
    }
}
