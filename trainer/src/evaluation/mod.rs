//! Judges predictions: figures with their bootstrap intervals, overall, per competency and per slice of the data.
//!
//! | module | what it owns |
//! |---|---|
//! | [`metrics`] | the definition of every metric |
//! | [`measures`] | the measures that are reported, and figures: their values with intervals |
//! | [`bootstrap`] | resamples of the reports |
//! | [`slices`] | reports by language, length and other fields |
//! | `samples` | predictions beside labels: the measures under any weights |
//! | [`evaluate`](mod@evaluate) | every figure of every slice, confusion and reliability |
//! | [`folds`] | which reports are held out together |
//! | [`calibration`] | thresholds and temperature |
//! | [`bias`] | whether reports are treated alike that differ in what must not matter |
//! | [`counterfactual`] | texts with exchanged names and genders |
//! | [`robustness`] | texts with additions that are no evidence |
//! | [`judge`] | a finished model file against labelled reports |
//!
//! Nothing here counts to seven or five, and nothing assumes that reports have evidence or leave a competency out: where the
//! data do not define a figure, there is none. [`crate::methods`] owns what predicts, [`crate::crossval`] compares methods, and
//! [`crate::report`] shows figures.

pub mod bias;
pub mod bootstrap;
pub mod calibration;
pub mod counterfactual;
pub mod evaluate;
pub mod folds;
pub mod judge;
pub mod measures;
pub mod metrics;
pub mod robustness;
mod samples;
pub mod slices;

pub use bias::Bias;
pub use bootstrap::{Bootstrap, ResamplingUnit};
pub use evaluate::{Evaluation, Slice};
pub use measures::{Figure, Figures, Measure};
