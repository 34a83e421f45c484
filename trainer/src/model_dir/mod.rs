//! Directories that hold a model during training.
//!
//! | module | what it owns |
//! |---|---|
//! | `encoder_directory` | an encoder and its tokenizer |
//! | `trained_model` | an encoder with its heads, adapters and calibration |
//! | `prune` | making a small encoder from a large one |
//! | `unpack` | taking a model file apart, to train on from it |
//! | `reference` | the f32 encoder, computed by candle, with which exports and quantized models are compared |
//!
//! The model file that the widget fetches is left to [`crate::export`].

mod encoder_directory;
pub mod prune;
mod reference;
mod trained_model;
pub mod unpack;

pub use encoder_directory::{EncoderDirectory, EncoderDirectoryError};
pub use reference::ReferenceEncoder;
pub use trained_model::{
    NewTrainedModel, TrainedModel, TrainedModelError, TrainingFacts, heads_from_tensors,
};

/// The configuration of an encoder.
pub const CONFIG_FILE: &str = "config.json";

/// The weights of an encoder.
pub const MODEL_FILE: &str = "model.safetensors";

/// The tokenizer of an encoder.
pub const TOKENIZER_FILE: &str = "tokenizer.json";

/// The pretraining heads, stored beside an encoder.
pub const PRETRAINING_HEADS_FILE: &str = "pretraining.safetensors";

/// The heads of a trained model.
pub const HEADS_FILE: &str = "heads.safetensors";

/// The low-rank adapters of an encoder. They are also merged into model.safetensors.
pub const ADAPTERS_FILE: &str = "adapters.safetensors";

/// Facts about how a model was trained, see [`TrainingFacts`].
pub const FINETUNE_FILE: &str = "finetune.json";

/// The calibration, in a trained model directory or the run directory of `crossval`.
pub const CALIBRATION_FILE: &str = "calibration.json";

/// The evaluation figures that lie beside the calibration.
pub const METRICS_FILE: &str = "metrics.json";
