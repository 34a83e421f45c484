//! Models for tests: the shipped one, and a tiny one made of the random BERT of `tests/fixtures/tiny-bert` and heads
//! that nobody trained, packed into a model file as the trainer does it. The scores of the tiny model mean nothing, but
//! its file is as real as the shipped one.
#![allow(dead_code, reason = "not every test uses every function")]

use std::collections::HashMap;
use std::path::PathBuf;

use candle_core::{DType, Device, Tensor};
use candle_nn::{VarBuilder, VarMap};
use salesmirror::Rubric;
use salesmirror::model::{Calibration, Contents, EncoderConfig, Heads, HeadsConfig, read_safetensors};

/// The path of a file in `tests/fixtures`.
pub fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// The bytes of the shipped model file.
pub fn shipped_file() -> Vec<u8> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/www/models/default/model.gguf");
    std::fs::read(path).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The tiny encoder's configuration and tensors.
pub fn tiny_encoder() -> (EncoderConfig, HashMap<String, Tensor>) {
    let config = std::fs::read(fixture("tiny-bert/config.json")).unwrap();
    (
        serde_json::from_slice(&config).unwrap(),
        read_safetensors(&fixture("tiny-bert/model.safetensors")).unwrap(),
    )
}

/// A tensor whose numbers look random, are the same each time, and get smaller with the number of inputs, as if it had just been
/// initialized.
fn spread(dims: &[usize]) -> Tensor {
    let scale = 2.0 / (dims[dims.len() - 1] as f32).sqrt();
    // Multiples of the golden ratio, less their whole part, spread evenly between 0 and 1.
    let value = |i: usize| (((i + 1) as f64 * 0.618_033_988_749_895).fract() as f32 - 0.5) * scale;
    Tensor::from_vec((0..dims.iter().product()).map(value).collect(), dims, &Device::Cpu).unwrap()
}

/// The bytes of a model file with the tiny encoder, for the default rubric.
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
        .map(|(name, variable)| (name.clone(), spread(variable.dims())))
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
            ..Calibration::uncalibrated(rubric.competencies.len())
        },
        training: &serde_json::json!({ "purpose": "test" }),
    }
    .to_gguf()
    .unwrap()
}
