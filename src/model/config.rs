//! The shapes of the encoder and of the heads, as written in `config.json` and in the model file.

use serde::{Deserialize, Serialize};

use super::ModelError;
use super::adapters::AdaptersConfig;

/// The part of a Hugging Face BERT `config.json` that the encoder needs.
///
/// Fields without a comment are documented in
/// [`BertConfig`](https://huggingface.co/docs/transformers/model_doc/bert#transformers.BertConfig).
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
    /// Set if some layers have a mixture of experts as their feed-forward part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experts: Option<ExpertsConfig>,
    /// Set if some weights have low-rank adapters beside them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adapters: Option<AdaptersConfig>,
}

/// Mixtures of experts in place of feed-forward parts (GLaM, Du et al. 2022, arXiv:2112.06905).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpertsConfig {
    /// The number of experts per layer.
    pub count: usize,
    /// The number of experts that each token is sent to.
    pub top_k: usize,
    /// Every how many layers there is a mixture of experts: with 2, in the second layer, the fourth and so on.
    pub every: usize,
}

fn gelu() -> String {
    "gelu".to_owned()
}

fn bert() -> String {
    "bert".to_owned()
}

impl EncoderConfig {
    /// Returns the configuration of a layer's experts, if it has any. Layers are counted from 0.
    pub fn experts_of(&self, layer: usize) -> Option<&ExpertsConfig> {
        self.experts.as_ref().filter(|experts| (layer + 1).is_multiple_of(experts.every))
    }

    /// Returns the rank of a layer's adapters, if it has any.
    pub fn adapter_rank_of(&self, layer: usize) -> Option<usize> {
        self.adapters.as_ref().filter(|adapters| layer >= adapters.first_layer).map(|adapters| adapters.rank)
    }

    /// Checks that the encoder supports this configuration, so that an unsuitable model is an error and never a wrong
    /// score.
    ///
    /// # Errors
    /// [`ModelError::Unsupported`] with the first field that does not fit.
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
        if let Some(experts) = &self.experts {
            if experts.every == 0 {
                return unsupported("experts.every", &experts.every, "at least 1");
            }
            if experts.top_k == 0 || experts.top_k > experts.count {
                let needed = format!("between 1 and the {} experts", experts.count);
                return unsupported("experts.top_k", &experts.top_k, &needed);
            }
        }
        Ok(())
    }
}

/// The shapes of [`Heads`](super::Heads).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeadsConfig {
    /// Width of the sentence vectors, which is the encoder's hidden size.
    pub hidden: usize,
    /// Width of the projection that evidence and attention work on.
    pub width: usize,
    /// Width of the layer below presence and level.
    pub summary: usize,
    /// The number of competencies in the rubric.
    pub competencies: usize,
    /// The number of levels on the rubric's scale.
    pub levels: usize,
}
