//! Directories that hold a model while it is trained.
//!
//! | module | what it owns |
//! |---|---|
//! | `encoder_directory` | an encoder and its tokenizer |
//! | `trained_model` | an encoder with its heads, adapters and calibration |
//! | `prune` | a small encoder out of a large one |
//! | `reference` | the encoder in f32, computed by candle, that exports and quantized models are compared with |
//!
//! The model file that the widget fetches is [`crate::export`]'s.

mod encoder_directory;
pub mod prune;
mod reference;
mod trained_model;

pub use encoder_directory::{EncoderDirectory, EncoderDirectoryError};
pub use reference::ReferenceEncoder;
pub use trained_model::{
    NewTrainedModel, TrainedModel, TrainedModelError, TrainingFacts, heads_from_tensors,
};

/// Configuration of an encoder.
pub const CONFIG_FILE: &str = "config.json";

/// Weights of an encoder.
pub const MODEL_FILE: &str = "model.safetensors";

/// The tokenizer of an encoder.
pub const TOKENIZER_FILE: &str = "tokenizer.json";

/// Heads of pretraining, beside an encoder.
pub const PRETRAINING_HEADS_FILE: &str = "pretraining.safetensors";

/// Heads of a trained model.
pub const HEADS_FILE: &str = "heads.safetensors";

/// Low-rank adapters of a trained model; model.safetensors has them merged.
pub const ADAPTERS_FILE: &str = "adapters.safetensors";

/// How a trained model was trained, see [`TrainingFacts`].
pub const FINETUNE_FILE: &str = "finetune.json";

/// The calibration, in a trained model directory or the run directory of `crossval`.
pub const CALIBRATION_FILE: &str = "calibration.json";

/// Figures beside the calibration.
pub const METRICS_FILE: &str = "metrics.json";
