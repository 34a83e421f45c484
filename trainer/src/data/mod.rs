//! Labelled reports and the rows of other files.

pub mod decode;
pub mod hash;
pub mod labelled_report;
pub mod language;
pub mod rows;
pub mod segmenter;
