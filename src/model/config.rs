//! Shapes of the encoder and of the heads, as they stand in `config.json` and in the model file.

use serde::{Deserialize, Serialize};

use super::ModelError;

/// The part of a Hugging Face BERT `config.json` that the encoder needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EncoderConfig {
    pub hidden_size: usize,
    pub num_hidden_layers: usize,
    pub num_attention_heads: usize,
    pub intermediate_size: usize,
    pub vocab_size: usize,
    pub max_position_embeddings: usize,
    pub type_vocab_size: usize,
    pub layer_norm_eps: f64,
    #[serde(default = "gelu")]
    pub hidden_act: String,
    #[serde(default = "bert")]
    pub model_type: String,
}

fn gelu() -> String {
    "gelu".to_owned()
}

fn bert() -> String {
    "bert".to_owned()
}

impl EncoderConfig {
    /// Refuses what the encoder does not compute, so that a wrong model is an error and never a wrong score.
    pub fn check(&self) -> Result<(), ModelError> {
        let unsupported = |field, found: &dyn ToString, needed: &str| {
            Err(ModelError::Unsupported { field, found: found.to_string(), needed: needed.to_owned() })
        };
        if self.model_type != "bert" {
            return unsupported("model_type", &self.model_type, "bert");
        }
        if self.hidden_act != "gelu" {
            return unsupported("hidden_act", &self.hidden_act, "gelu");
        }
        let heads = self.num_attention_heads;
        if heads == 0 || self.hidden_size == 0 || !self.hidden_size.is_multiple_of(heads) {
            return unsupported(
                "hidden_size",
                &self.hidden_size,
                &format!("a positive multiple of the {heads} attention heads"),
            );
        }
        if self.max_position_embeddings < 8 {
            return unsupported("max_position_embeddings", &self.max_position_embeddings, "at least 8");
        }
        Ok(())
    }
}

/// Shapes of the heads on top of the encoder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeadsConfig {
    /// Width of the sentence vectors that come in, the encoder's hidden size.
    pub hidden: usize,
    /// Width of the projection that evidence and attention work on.
    pub width: usize,
    /// Width of the layer before presence and level.
    pub summary: usize,
    pub competencies: usize,
    pub levels: usize,
}
