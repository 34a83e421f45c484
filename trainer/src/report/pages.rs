//! The HTML reports: report.html of `trainer crossval` and of `trainer evaluate`.

use std::path::Path;

use super::html::Page;
use super::plots::PlotError;
use super::{ModelFacts, PageError, sections};
use crate::crossval::Crossval;

/// The report of a cross-validation: the methods side by side, then the chosen one in detail.
pub fn crossval_page(crossval: &Crossval) -> Result<String, PlotError> {
    let mut page = Page::new("Cross-validation");
    let evaluation = &crossval.chosen().evaluation;
    sections::explain(&mut page, evaluation);
    sections::comparison(&mut page, crossval)?;
    page.paragraph(&format!("The rest of this page is about {}.", crossval.chosen));
    sections::evaluation(&mut page, evaluation)?;
    Ok(page.finish())
}

/// The report on a model file. It shows the methods of a cross-validation and the curves of a training run where these are
/// given.
pub fn model_page(
    facts: &ModelFacts,
    crossval: Option<&Crossval>,
    run: Option<&Path>,
) -> Result<String, PageError> {
    let mut page = Page::new(&format!("Evaluation of {}", facts.model.id));
    page.paragraph(&format!(
        "The model file has {:.1} MB and the SHA-256 {}. It was judged by {}, with the code that runs in the browser and the \
         thresholds that ship.",
        facts.model.bytes as f64 / 1e6,
        facts.model.sha256,
        facts.data
    ));
    if facts.seen {
        page.paragraph(
            "The model was trained on these reports, so the figures do not say how well it judges new ones. Cross-validation \
             does.",
        );
    }
    if let Some(note) = facts.note {
        page.paragraph(note);
    }
    sections::explain(&mut page, facts.evaluation);
    if let Some(crossval) = crossval {
        sections::comparison(&mut page, crossval)?;
    }
    sections::evaluation(&mut page, facts.evaluation)?;
    sections::bias(&mut page, facts.bias)?;
    if let Some(run) = run {
        sections::training(&mut page, run)?;
    }
    Ok(page.finish())
}
