//! A tiny model for tests: the random BERT of `tests/fixtures/tiny-bert` under freshly initialised heads, packed into
//! a model file as the trainer does it. Its scores mean nothing; its file is as real as the shipped one.

use std::collections::HashMap;
use std::path::PathBuf;

use candle_core::quantized::gguf_file::Content;
use candle_core::{DType, Device, Tensor};
use candle_nn::{VarBuilder, VarMap};
use salesmirror::Rubric;
use salesmirror::model::{Calibration, Contents, EncoderConfig, Heads, HeadsConfig, read_safetensors};

pub fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

pub fn tiny_encoder() -> (EncoderConfig, HashMap<String, Tensor>) {
    let config = std::fs::read(fixture("tiny-bert/config.json")).unwrap();
    (
        serde_json::from_slice(&config).unwrap(),
        read_safetensors(&fixture("tiny-bert/model.safetensors")).unwrap(),
    )
}

/// The bytes of a model file over the tiny encoder, for the default rubric.
pub fn tiny_model_file() -> Vec<u8> {
    let (encoder_config, encoder) = tiny_encoder();
    let rubric = Rubric::from_json(include_str!("../../data/rubric.json")).unwrap();
    let heads_config = HeadsConfig {
        hidden: encoder_config.hidden_size,
        width: 16,
        summary: 8,
        competencies: rubric.competencies.len(),
        levels: rubric.levels(),
    };
    let variables = VarMap::new();
    Heads::new(&heads_config, VarBuilder::from_varmap(&variables, DType::F32, &Device::Cpu)).unwrap();
    let heads = variables
        .data()
        .lock()
        .unwrap()
        .iter()
        .map(|(name, variable)| (name.clone(), variable.as_tensor().clone()))
        .collect();
    Contents {
        id: "tiny",
        encoder_config: &encoder_config,
        encoder: &encoder,
        heads_config: &heads_config,
        heads: &heads,
        tokenizer_json: &std::fs::read(fixture("tiny-bert/tokenizer.json")).unwrap(),
        rubric: &rubric,
        calibration: &Calibration {
            presence_threshold: vec![0.0; rubric.competencies.len()],
            evidence_threshold: 0.5,
            level_temperature: 1.0,
        },
        training: &serde_json::json!({ "purpose": "test" }),
    }
    .to_gguf()
    .unwrap()
}

/// The encoder's tensors of a model file, in f32.
pub fn dequantized(file: &[u8]) -> HashMap<String, Tensor> {
    let mut reader = std::io::Cursor::new(file);
    let content = Content::read(&mut reader).unwrap();
    let names = content.tensor_infos.keys().filter(|name| !name.starts_with("heads."));
    names
        .map(|name| {
            let tensor = content.tensor(&mut std::io::Cursor::new(file), name, &Device::Cpu).unwrap();
            (name.clone(), tensor.dequantize(&Device::Cpu).unwrap())
        })
        .collect()
}
