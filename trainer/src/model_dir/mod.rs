//! Directories that hold a model while it is trained: encoder directories and trained models.

mod encoder_directory;
pub mod prune;
mod reference;
pub mod trained_model;

pub use encoder_directory::EncoderDirectory;
pub use reference::ReferenceEncoder;
pub use trained_model::TrainedModel;
