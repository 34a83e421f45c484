//! The encoder that pretraining starts from, and the directory that it writes. The initial weights are random or come from a
//! directory, and the encoder is dense or has mixtures of experts. Every other command can use the resulting encoder directory,
//! which also holds the pretraining heads.

use std::collections::HashMap;
use std::path::Path;

use candle_core::{DType, Device, Tensor};
use salesmirror::model::{EncoderConfig, ExpertsConfig, Tokenizer, read_safetensors};
use serde_json::{Value, json};

use super::heads::{heads_shapes, is_head, new_heads};
use super::{PretrainArgs, PretrainingError, Purpose};
use crate::autograd::{random_weights, upcycled};
use crate::model_dir::{CONFIG_FILE, EncoderDirectory, MODEL_FILE, PRETRAINING_HEADS_FILE, TOKENIZER_FILE};
use crate::run::files::{self, FileError};

/// An encoder before pretraining.
pub struct InitialEncoder {
    pub config: EncoderConfig,
    /// The contents of config.json, including fields that are not used here.
    json: Value,
    pub tokenizer_json: Vec<u8>,
    /// The tensors of the encoder, and of the heads if there were any.
    pub tensors: HashMap<String, Tensor>,
}

impl InitialEncoder {
    /// Reads the encoder that the options name, and changes its shape or adds experts if they say so.
    pub fn read(args: &PretrainArgs) -> Result<Self, PretrainingError> {
        let directory = &args.encoder;
        let config_file = directory.join(CONFIG_FILE);
        let json: Value = files::read_json(&config_file)?;
        let mut config: EncoderConfig =
            serde_json::from_value(json.clone()).map_err(FileError::json(&config_file))?;
        let tokenizer_json = files::read_bytes(&directory.join(TOKENIZER_FILE))?;
        let seed = args.seed(Purpose::Weights, 0);
        let experts =
            args.experts.map(|count| ExpertsConfig { count, top_k: args.top_k, every: args.moe_every });
        if args.scratch {
            config.hidden_size = args.hidden.unwrap_or(config.hidden_size);
            config.num_hidden_layers = args.layers.unwrap_or(config.num_hidden_layers);
            config.num_attention_heads = args.heads.unwrap_or(config.num_attention_heads);
            config.intermediate_size = args.intermediate.unwrap_or(config.intermediate_size);
            config.experts = experts.or(config.experts);
            config.check()?;
            let tensors = random_weights(&config, seed)?;
            return Ok(Self { config, json, tokenizer_json, tensors });
        }
        config.check()?;
        let mut tensors = read_safetensors(&directory.join(MODEL_FILE))?;
        match experts {
            Some(experts) if config.experts.as_ref() != Some(&experts) => {
                if let Some(had) = &config.experts {
                    return Err(PretrainingError::HasExperts {
                        path: directory.clone(),
                        count: had.count,
                        top_k: had.top_k,
                        every: had.every,
                    });
                }
                EncoderConfig { experts: Some(experts.clone()), ..config.clone() }.check()?;
                (config, tensors) = upcycled(&config, tensors, experts, seed)?;
            }
            _ => {}
        }
        let heads = directory.join(PRETRAINING_HEADS_FILE);
        if heads.is_file() {
            for (name, tensor) in
                candle_core::safetensors::load_buffer(&files::read_bytes(&heads)?, &Device::Cpu)?
            {
                tensors.insert(name, tensor.to_dtype(DType::F32)?);
            }
        }
        Ok(Self { config, json, tokenizer_json, tensors })
    }

    /// Adds new heads if there are none that fit. `counts` holds how often each piece of the vocabulary occurs.
    pub fn add_missing_heads(&mut self, counts: &[u64], seed: u64) -> Result<(), PretrainingError> {
        let shapes = heads_shapes(&self.config);
        let fits = |(name, shape): &(String, Vec<usize>)| {
            self.tensors.get(name).is_some_and(|tensor| tensor.dims() == shape)
        };
        if !shapes.iter().all(fits) {
            if self.tensors.keys().any(|name| is_head(name)) {
                tracing::warn!("{PRETRAINING_HEADS_FILE} does not fit the encoder; the heads are reset");
                self.tensors.retain(|name, _| !is_head(name));
            }
            self.tensors.extend(new_heads(&self.config, counts, seed)?);
        }
        let pieces = Tokenizer::from_json(&self.tokenizer_json)?.vocabulary();
        if pieces > self.config.vocab_size {
            return Err(PretrainingError::OtherTokenizer { pieces, embeddings: self.config.vocab_size });
        }
        Ok(())
    }

    /// Writes trained tensors as an encoder directory, and checks it by reading it back.
    pub fn write(&self, directory: &Path, tensors: HashMap<String, Tensor>) -> Result<(), PretrainingError> {
        let (heads, encoder): (HashMap<_, _>, HashMap<_, _>) =
            tensors.into_iter().partition(|(name, _)| is_head(name));
        let mut json = self.json.clone();
        let own =
            serde_json::to_value(&self.config).map_err(FileError::json(&directory.join(CONFIG_FILE)))?;
        for (key, value) in own.as_object().into_iter().flatten() {
            json[key] = value.clone();
        }
        if self.config.experts.is_some() {
            // Other programs cannot compute this architecture.
            json["architectures"] = json!(["SalesMirrorMixture"]);
        }
        for (name, tensors) in [(MODEL_FILE, &encoder), (PRETRAINING_HEADS_FILE, &heads)] {
            files::write_tensors(&directory.join(name), tensors)?;
        }
        files::write_bytes(&directory.join(TOKENIZER_FILE), &self.tokenizer_json)?;
        files::write_json(&directory.join(CONFIG_FILE), &json)?;
        EncoderDirectory::read(directory)?.config.check()?;
        Ok(())
    }
}
