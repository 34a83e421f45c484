//! Labelled reports and the rows of other files.

pub mod decode;
pub mod hash;
pub mod label_space;
pub mod labelled_report;
pub mod mixing;
pub mod rows;
pub mod segmenter;

pub use label_space::LabelSpace;
pub use labelled_report::{LabelledReport, LabelledReportError, parse_source_number, read_labelled_reports};
