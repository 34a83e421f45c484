//! Judges predictions: figures with their bootstrap intervals, overall, per competency and per slice of the data.
//!
//! | module | what it owns |
//! |---|---|
//! | `metrics` | the definition of every metric |
//! | `figures` | predictions against labels: every figure for every slice |
//! | `folds` | which reports are held out together |
//! | `calibration` | thresholds and temperature |
//! | `bias` | whether reports are treated alike that differ in what must not matter |
//! | `counterfactual` | texts with exchanged names and genders |
//!
//! Nothing here counts to seven or five, or takes evidence or unshown competencies for granted: where the data say nothing
//! about a figure, the figure is absent. What predicts is [`crate::methods`]; how figures are shown is [`crate::report`].

pub mod bias;
pub mod calibration;
pub mod counterfactual;
pub mod figures;
pub mod folds;
pub mod metrics;
