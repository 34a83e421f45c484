//! The short account of the chosen method: metrics.json, which goes into the model file and the model card.

use serde::{Deserialize, Serialize};

use super::Crossval;
use crate::evaluation::{Figures, Measure, Slice};

/// The chosen method in short.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Summary {
    pub method: String,
    pub folds: usize,
    pub group_by: String,
    pub groups: usize,
    pub reports: usize,
    /// All reports first, then each competency and each language.
    pub rows: Vec<SummaryRow>,
}

/// The main figures of a slice.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SummaryRow {
    /// `None` pools all competencies.
    pub competency: Option<String>,
    /// Field and value that the reports share; `None` stands for all reports.
    pub of: Option<(String, String)>,
    pub reports: usize,
    pub figures: Figures,
}

impl From<&Crossval> for Summary {
    fn from(crossval: &Crossval) -> Self {
        let evaluation = &crossval.chosen().evaluation;
        let row = |slice: &Slice| SummaryRow {
            competency: slice.competency.clone(),
            of: slice.of.clone(),
            reports: slice.reports,
            figures: Measure::MAIN.iter().filter_map(|m| Some((*m, *slice.figures.get(m)?))).collect(),
        };
        Self {
            method: crossval.chosen.clone(),
            folds: crossval.folds,
            group_by: crossval.group_by.clone(),
            groups: evaluation.groups,
            reports: evaluation.reports,
            rows: evaluation.main_slices().map(row).collect(),
        }
    }
}
