//! Figures for people: HTML reports, pictures, Markdown tables and the model card.
//!
//! | module | what it owns |
//! |---|---|
//! | [`html`] | building blocks of HTML pages: escaping, tables, pictures, the style sheet |
//! | `sections` | sections of those pages |
//! | [`pages`] | report.html of `crossval` and `evaluate` |
//! | [`markdown`] | escaping, tables of figures |
//! | [`card`] | the model card |
//! | `plots` | pictures that fit into a page |
//! | [`curves`] | curves of several runs in one picture, for `plot` |

pub mod card;
pub mod curves;
pub mod html;
pub mod markdown;
pub mod pages;
mod plots;
mod sections;

use std::path::PathBuf;

use salesmirror::model::Model;
use thiserror::Error;

use crate::evaluation::{Bias, Evaluation};
use crate::run::files::FileError;

pub use plots::PlotError;

/// Why a report cannot be made.
#[derive(Debug, Error)]
pub enum PageError {
    #[error(
        "{run}: there are no measurements in metrics.jsonl; name the directory of a training run by --run",
        run = run.display()
    )]
    NoMeasurements { run: PathBuf },
    #[error(transparent)]
    Plot(#[from] PlotError),
    #[error(transparent)]
    File(#[from] FileError),
}

/// What the report and the card of a model file say.
pub struct ModelFacts<'a> {
    pub model: &'a Model,
    /// Name of the data file that the model was judged by.
    pub data: &'a str,
    /// What the user says about the data.
    pub note: Option<&'a str>,
    /// Whether the model was trained on these data.
    pub seen: bool,
    pub evaluation: &'a Evaluation,
    pub bias: &'a Bias,
}
