//! The same encoder in f32, by candle-transformers: what the integer encoder is held against in the tests, by
//! `trainer quantize` and in the benchmark. Scoring does not use it.

use std::collections::HashMap;

use candle_core::{DType, Device, Result, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config, HiddenAct, PositionEmbeddingType};

use super::{EncoderConfig, ModelError};

/// candle's BERT over an encoder's tensors.
pub struct ReferenceEncoder(BertModel);

impl ReferenceEncoder {
    /// Takes tensors named as [`super::read_safetensors`] names them.
    ///
    /// # Errors
    /// When the configuration is not one that [`EncoderConfig::check`] accepts or has mixtures of experts, or a tensor
    /// is missing.
    pub fn new(
        config: &EncoderConfig,
        tensors: HashMap<String, Tensor>,
    ) -> std::result::Result<Self, ModelError> {
        config.check()?;
        if let Some(experts) = &config.experts {
            let found = experts.count.to_string();
            return Err(ModelError::Unsupported { field: "experts.count", found, needed: "none".to_owned() });
        }
        let config = Config {
            vocab_size: config.vocab_size,
            hidden_size: config.hidden_size,
            num_hidden_layers: config.num_hidden_layers,
            num_attention_heads: config.num_attention_heads,
            intermediate_size: config.intermediate_size,
            hidden_act: HiddenAct::Gelu,
            hidden_dropout_prob: 0.0,
            max_position_embeddings: config.max_position_embeddings,
            type_vocab_size: config.type_vocab_size,
            initializer_range: 0.0,
            layer_norm_eps: config.layer_norm_eps,
            pad_token_id: 0,
            position_embedding_type: PositionEmbeddingType::Absolute,
            use_cache: false,
            classifier_dropout: None,
            model_type: None,
        };
        let weights = VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu);
        Ok(Self(BertModel::load(weights, &config)?))
    }

    /// Encodes one window, framing ids included, to [tokens, hidden].
    pub fn forward(&self, ids: &[u32]) -> Result<Tensor> {
        let ids = Tensor::new(ids, &Device::Cpu)?.unsqueeze(0)?;
        self.0.forward(&ids, &ids.zeros_like()?, None)?.squeeze(0)
    }
}
