//! Heads on the sentence vectors of the frozen encoder. This baseline shows what the encoder achieves without fine-tuning.

use salesmirror::model::Prediction;
use serde_json::json;

use super::{Method, MethodError};
use crate::finetuning::{
    Dataset, EncodedReport, FinetuningError, HeadArgs, encode_reports, fit_initial_heads,
};
use crate::model_dir::EncoderDirectory;
use crate::run::progress;

/// The reports of a dataset as an encoder sees them, shared by all methods that need them.
pub struct EncodedDataset<'a> {
    pub dataset: &'a Dataset,
    pub directory: EncoderDirectory,
    pub reports: Vec<EncodedReport>,
}

impl<'a> EncodedDataset<'a> {
    /// Reads the encoder and encodes all reports.
    pub fn new(dataset: &'a Dataset) -> Result<Self, MethodError> {
        let directory = EncoderDirectory::read(&dataset.source.encoder)?;
        let reports = encode_reports(dataset, &directory)?;
        Ok(Self { dataset, directory, reports })
    }

    /// Selects reports by their indices.
    pub(super) fn select(&self, numbers: &[usize]) -> Vec<&EncodedReport> {
        numbers.iter().map(|&i| &self.reports[i]).collect()
    }
}

/// Heads on the frozen encoder.
pub struct Frozen<'a> {
    pub encoded: &'a EncodedDataset<'a>,
    pub args: &'a HeadArgs,
}

impl Method for Frozen<'_> {
    fn name(&self) -> &'static str {
        "frozen"
    }

    fn settings(&self) -> serde_json::Value {
        json!({ "heads": self.args, "encoder": self.encoded.dataset.source.encoder })
    }

    fn fit_predict(&self, train: &[usize], test: &[usize]) -> Result<Vec<Prediction>, MethodError> {
        let train = self.encoded.select(train);
        let fitted = fit_initial_heads(&train, &self.encoded.dataset.labels, self.args, &progress::hidden())?;
        let heads = fitted.heads()?;
        let predict = |report: &EncodedReport| {
            let prediction = heads.predict(&report.vectors).map_err(FinetuningError::from)?;
            Ok(report.for_all_sentences(prediction))
        };
        self.encoded.select(test).into_iter().map(predict).collect()
    }
}
