//! What predictions are worth: figures with their intervals, overall, per competency and per slice of the data.
//!
//! Owns what is compared ([`Document`], [`Prediction`]), the calibration, the folds, the baselines and the pictures.
//! Nothing here counts to seven or five, or takes evidence or unshown competencies for granted: where the data say
//! nothing about a figure it is absent.

pub mod baselines;
pub mod bias;
pub mod calibration;
pub mod card;
pub mod counterfactual;
pub mod figures;
pub mod finetuned;
pub mod folds;
pub mod html;
mod linear;
mod plots;

use std::ops::Range;

use salesmirror::text;
use serde::{Deserialize, Serialize};

use crate::data::labelled_report::Report;
use crate::{Result, TrainerError};

/// A labelled report, split into sentences.
#[derive(Debug, Clone)]
pub struct Document {
    pub report: Report,
    /// Bytes of the text.
    pub sentences: Vec<Range<usize>>,
    /// [sentences][2 · competencies]; None where raters did not look for evidence.
    pub evidence: Option<Vec<Vec<bool>>>,
    /// Visible characters.
    pub characters: usize,
}

impl Document {
    pub fn new(report: Report) -> Result<Self> {
        let document = text::read(&report.text).map_err(|e| {
            TrainerError::Usage(format!("report `{}`, field `text` cannot be read: {e}", report.id))
        })?;
        let sentences: Vec<Range<usize>> = document.sentences.into_iter().map(|s| s.range).collect();
        let evidence = report.searched.then(|| report.label(&sentences));
        Ok(Self { characters: document.characters, report, sentences, evidence })
    }
}

/// What a model that has not seen a report says of it. All numbers are finite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// [sentences of the document][2 · competencies], probabilities.
    pub evidence: Vec<Vec<f32>>,
    /// Per competency, probability.
    pub presence: Vec<f32>,
    /// [competencies][levels - 1], logits.
    pub cumulative: Vec<Vec<f32>>,
}

impl Prediction {
    /// The same with a row for each sentence of `document`, where there were rows for `sentences`: a tokenizer may know
    /// nothing of a sentence and leave it out, which then is evidence of nothing.
    pub fn aligned(self, sentences: &[Range<usize>], document: &Document) -> Self {
        let outputs = 2 * document.report.levels.len();
        let mut known = sentences.iter().zip(self.evidence).peekable();
        let row = |sentence: &Range<usize>| {
            let row = known.next_if(|(range, _)| *range == sentence);
            row.map_or_else(|| vec![0.0; outputs], |(_, row)| row)
        };
        Self { evidence: document.sentences.iter().map(row).collect(), ..self }
    }
}

/// Something that learns from labelled reports and predicts others: what `crossval` compares.
pub trait Method: Sync {
    /// As on the command line.
    fn name(&self) -> &'static str;

    /// What its predictions depend on besides the reports. Stored predictions of other settings are not reused.
    fn settings(&self) -> serde_json::Value;

    /// Whether a fold keeps all cores busy by itself; folds then come one after the other.
    fn uses_all_cores(&self) -> bool {
        false
    }

    /// Learns from `train` alone and predicts `test`, in its order.
    fn fit_predict(&self, train: &[&Document], test: &[&Document]) -> Result<Vec<Prediction>>;
}
