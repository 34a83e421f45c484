//! What pretraining begins with, from an encoder directory or random, dense or with experts; and the directory that it ends
//! with: an encoder as every other command takes it, the heads beside it in pretraining.safetensors.

use std::collections::HashMap;
use std::path::Path;

use candle_core::{DType, Device, Tensor};
use salesmirror::model::{EncoderConfig, ExpertsConfig, Tokenizer, read_safetensors};
use crate::autograd::{random_weights, upcycled};
use serde_json::{Value, json};

use crate::run::files;
use super::objective::{heads_shapes, is_head, new_heads};
use super::{Options, Purpose};
use crate::{Result, TrainerError};

/// Name of the heads in an encoder directory.
const HEADS_FILE: &str = "pretraining.safetensors";

pub struct Beginning {
    pub config: EncoderConfig,
    /// config.json, with fields that are not ours.
    json: Value,
    pub tokenizer_json: Vec<u8>,
    /// Those of the encoder, and those of the heads that were found.
    pub tensors: HashMap<String, Tensor>,
}

impl Beginning {
    /// Reads the directory that the options name, and changes it as they say.
    pub fn read(options: &Options) -> Result<Self> {
        let directory = &options.encoder;
        let config_file = directory.join("config.json");
        let json: Value = files::read_json(&config_file)?;
        let mut config: EncoderConfig = serde_json::from_value(json.clone())
            .map_err(|source| files::FileError::Json { path: config_file, source }.into())?;
        let tokenizer_json = files::read_bytes(&directory.join("tokenizer.json"))?;
        let seed = options.seed(Purpose::Weights, 0);
        let experts = options.experts.map(|count| ExpertsConfig {
            count,
            top_k: options.top_k,
            every: options.moe_every,
        });
        if options.scratch {
            config.hidden_size = options.hidden.unwrap_or(config.hidden_size);
            config.num_hidden_layers = options.layers.unwrap_or(config.num_hidden_layers);
            config.num_attention_heads = options.heads.unwrap_or(config.num_attention_heads);
            config.intermediate_size = options.intermediate.unwrap_or(config.intermediate_size);
            config.experts = experts.or(config.experts);
            config.check()?;
            let tensors = random_weights(&config, seed)?;
            return Ok(Self { config, json, tokenizer_json, tensors });
        }
        config.check()?;
        let mut tensors = read_safetensors(&directory.join("model.safetensors"))?;
        match experts {
            Some(experts) if config.experts.as_ref() != Some(&experts) => {
                if let Some(had) = &config.experts {
                    return Err(TrainerError::Usage(format!(
                        "{}: has {} experts already, top-{} every {} layers; leave --experts out",
                        directory.display(),
                        had.count,
                        had.top_k,
                        had.every
                    )));
                }
                EncoderConfig { experts: Some(experts.clone()), ..config.clone() }.check()?;
                (config, tensors) = upcycled(&config, tensors, experts, seed)?;
            }
            _ => {}
        }
        let heads = directory.join(HEADS_FILE);
        if heads.is_file() {
            for (name, tensor) in candle_core::safetensors::load_buffer(&files::read_bytes(&heads)?, &Device::Cpu)?
            {
                tensors.insert(name, tensor.to_dtype(DType::F32)?);
            }
        }
        Ok(Self { config, json, tokenizer_json, tensors })
    }

    /// Makes heads where none were found; `counts` says how often each piece occurs.
    pub fn add_missing_heads(&mut self, counts: &[u64], seed: u64) -> Result<()> {
        let shapes = heads_shapes(&self.config);
        let fits = |(name, shape): &(String, Vec<usize>)| {
            self.tensors.get(name).is_some_and(|tensor| tensor.dims() == shape)
        };
        if !shapes.iter().all(fits) {
            if self.tensors.keys().any(|name| is_head(name)) {
                tracing::warn!("{HEADS_FILE} does not fit the encoder; the heads begin anew");
                self.tensors.retain(|name, _| !is_head(name));
            }
            self.tensors.extend(new_heads(&self.config, counts, seed)?);
        }
        let pieces = Tokenizer::from_json(&self.tokenizer_json)?.vocabulary();
        if pieces > self.config.vocab_size {
            return Err(TrainerError::Usage(format!(
                "the tokenizer has {pieces} pieces, the encoder {} word embeddings; they do not belong together",
                self.config.vocab_size
            )));
        }
        Ok(())
    }

    /// Writes an encoder directory of trained tensors, and reads it back.
    pub fn write(&self, directory: &Path, tensors: HashMap<String, Tensor>) -> Result<()> {
        let (heads, encoder): (HashMap<_, _>, HashMap<_, _>) =
            tensors.into_iter().partition(|(name, _)| is_head(name));
        let mut json = self.json.clone();
        let own = serde_json::to_value(&self.config)
            .map_err(|source| files::FileError::Json { path: directory.join("config.json"), source }.into())?;
        for (key, value) in own.as_object().into_iter().flatten() {
            json[key] = value.clone();
        }
        if self.config.experts.is_some() {
            // The architecture is no longer one that others would compute.
            json["architectures"] = json!(["SalesMirrorMixture"]);
        }
        for (name, tensors) in [("model.safetensors", &encoder), (HEADS_FILE, &heads)] {
            files::write_tensors(&directory.join(name), tensors)?;
        }
        files::write_bytes(&directory.join("tokenizer.json"), &self.tokenizer_json)?;
        files::write_json(&directory.join("config.json"), &json)?;
        crate::finetuning::features::EncoderDirectory::read(directory)?.config.check()?;
        Ok(())
    }
}
