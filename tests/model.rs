//! The model room: the file survives a round trip and every kind of damage is told, tokens equal Python's, the weights
//! give what an independent ONNX Runtime run gives, and the integer encoder stays close to that. Fixtures are made by `pkg-scripts/make-fixtures`.

mod common;

use std::collections::HashMap;

use candle_core::quantized::gguf_file::Content;
use candle_core::{DType, Device, Tensor};
use candle_transformers::models::bert::{self, BertModel};
use common::{fixture, tiny_encoder, tiny_model_file};
use proptest::prelude::*;
use salesmirror::ModelError;
use salesmirror::model::{Encoder, EncoderConfig, FORMAT_VERSION, Model, Tokenizer};
use serde_json::json;

const SHIPPED: &str = "www/models/default/model.gguf";

fn shipped() -> Vec<u8> {
    std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/www/models/default/model.gguf"))
        .unwrap_or_else(|e| panic!("{SHIPPED}: {e}"))
}

/// The error of a file that must be refused.
fn refused(file: &[u8]) -> ModelError {
    match Model::from_gguf(file) {
        Ok(_) => panic!("the file must be refused"),
        Err(error) => error,
    }
}

/// Cosine of each row of two [tokens, hidden] tensors.
fn cosines(a: &Tensor, b: &Tensor) -> Vec<f32> {
    let dot = |x: &Tensor, y: &Tensor| (x * y).unwrap().sum(1).unwrap();
    let norm = (dot(a, a) * dot(b, b)).unwrap().sqrt().unwrap();
    (dot(a, b) / norm).unwrap().to_vec1().unwrap()
}

/// Token ids and ONNX Runtime's last hidden states of each input in a fixture.
fn expected(name: &str) -> Vec<(Vec<u32>, Tensor)> {
    let tensors = candle_core::safetensors::load(fixture(name), &Device::Cpu).unwrap();
    let mut inputs = Vec::new();
    while let Some(ids) = tensors.get(&format!("ids.{}", inputs.len())) {
        let ids = ids.to_dtype(DType::U32).unwrap().to_vec1().unwrap();
        let states = tensors[&format!("states.{}", inputs.len())].to_dtype(DType::F32);
        inputs.push((ids, states.unwrap()));
    }
    assert!(inputs.len() >= 4, "{name} must hold at least four inputs");
    inputs
}

/// candle's own BertModel in f32 over the same tensors: the reference that the integer encoder is held against.
fn reference(config: &EncoderConfig, tensors: HashMap<String, Tensor>) -> BertModel {
    let config: bert::Config = serde_json::from_value(json!({
        "vocab_size": config.vocab_size,
        "hidden_size": config.hidden_size,
        "num_hidden_layers": config.num_hidden_layers,
        "num_attention_heads": config.num_attention_heads,
        "intermediate_size": config.intermediate_size,
        "hidden_act": config.hidden_act,
        "hidden_dropout_prob": 0.0,
        "max_position_embeddings": config.max_position_embeddings,
        "type_vocab_size": config.type_vocab_size,
        "initializer_range": 0.02,
        "layer_norm_eps": config.layer_norm_eps,
        "pad_token_id": 0,
    }))
    .unwrap();
    let weights = candle_nn::VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu);
    BertModel::load(weights, &config).unwrap()
}

fn run_reference(model: &BertModel, ids: &[u32]) -> Tensor {
    let ids = Tensor::new(ids, &Device::Cpu).unwrap().unsqueeze(0).unwrap();
    model.forward(&ids, &ids.zeros_like().unwrap(), None).unwrap().squeeze(0).unwrap()
}

/// The encoder's tensors of a model file, in f32.
fn dequantized(file: &[u8]) -> HashMap<String, Tensor> {
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

/// Mean and worst cosine of the encoder's token vectors against a reference over all inputs of a fixture.
fn agreement(fixture: &str, encoder: &Encoder, reference: impl Fn(&[u32]) -> Tensor) -> (f32, f32) {
    let inputs = expected(fixture).into_iter();
    let all: Vec<_> =
        inputs.flat_map(|(ids, _)| cosines(&encoder.forward(&ids).unwrap(), &reference(&ids))).collect();
    let (mean, worst) = (all.iter().sum::<f32>() / all.len() as f32, all.iter().copied().fold(1.0, f32::min));
    println!("{fixture}, {} tokens: mean cosine {mean}, worst {worst}", all.len());
    (mean, worst)
}

#[test]
fn reference_equals_onnx_runtime() {
    let (config, tensors) = tiny_encoder();
    let model = reference(&config, tensors);
    for (ids, states) in expected("tiny-bert/expected.safetensors") {
        let difference = (run_reference(&model, &ids) - states).unwrap().abs().unwrap().max_all().unwrap();
        assert!(difference.to_scalar::<f32>().unwrap() < 1e-3);
    }
}

/// The shipped file against ONNX Runtime on the f32 weights it was made of. Four bits may cost up to a mean of 0.97; the
/// base encoder went through Q4_0 once before, so that this file holds its weights exactly and every token must agree.
#[test]
fn shipped_weights_equal_onnx_runtime() {
    let file = shipped();
    let config = Model::from_gguf(&file).unwrap().encoder.config().clone();
    let model = reference(&config, dequantized(&file));
    let states = expected("encoder.safetensors").into_iter();
    let all: Vec<_> =
        states.flat_map(|(ids, states)| cosines(&run_reference(&model, &ids), &states)).collect();
    let worst = all.iter().copied().fold(1.0, f32::min);
    assert!(worst >= 0.9999, "cosine {worst}");
}

#[test]
fn tiny_integer_encoder_is_close_to_f32() {
    let (config, tensors) = tiny_encoder();
    let encoder = Encoder::from_tensors(&config, &tensors).unwrap();
    let model = reference(&config, tensors);
    let (mean, worst) =
        agreement("tiny-bert/expected.safetensors", &encoder, |ids| run_reference(&model, ids));
    assert!(mean >= 0.995 && worst >= 0.99, "mean cosine {mean}, worst {worst}");
}

#[test]
fn shipped_integer_encoder_is_close_to_f32() {
    let file = shipped();
    let encoder = Model::from_gguf(&file).unwrap().encoder;
    let model = reference(encoder.config(), dequantized(&file));
    let (mean, worst) = agreement("encoder.safetensors", &encoder, |ids| run_reference(&model, ids));
    assert!(mean >= 0.995 && worst >= 0.99, "mean cosine {mean}, worst {worst}");
}

#[test]
fn tokens_equal_those_of_python() {
    let model = Model::from_gguf(&shipped()).unwrap();
    let fixture = std::fs::read_to_string(fixture("tokens.jsonl")).unwrap();
    let mut texts = 0;
    for line in fixture.lines() {
        let (text, ids): (String, Vec<u32>) = serde_json::from_str(line).unwrap();
        assert_eq!(model.tokenizer.encode(&text).unwrap().ids, ids, "{text:?}");
        texts += 1;
    }
    assert!(texts >= 1000, "only {texts} texts");
}

#[test]
fn compact_tokenizer_equals_its_json() {
    let json = std::fs::read(fixture("tiny-bert/tokenizer.json")).unwrap();
    let whole = Tokenizer::from_json(&json).unwrap();
    let compact = Model::from_gguf(&tiny_model_file()).unwrap().tokenizer;
    assert_eq!(whole.vocabulary(), compact.vocabulary());
    for text in ["价格 price 3.5%", "ＦＵＬＬ　width", "", "\u{0301}é", "🙂 emoji"] {
        let (a, b) = (whole.encode(text).unwrap(), compact.encode(text).unwrap());
        assert_eq!((a.ids, a.unknown_characters), (b.ids, b.unknown_characters), "{text:?}");
    }
}

#[test]
fn a_file_survives_the_round_trip() {
    let model = Model::from_gguf(&tiny_model_file()).unwrap();
    assert_eq!(model.id, "tiny");
    assert_eq!(model.training["purpose"], "test");
    assert_eq!(model.calibration.presence_threshold.len(), 7);
    assert_eq!(model.rubric.competencies.len(), 7);
}

#[test]
fn another_format_version_is_told() {
    let mut file = tiny_model_file();
    let key = b"salesmirror.format";
    let at = file.windows(key.len()).position(|w| w == key).unwrap() + key.len() + 4;
    assert_eq!(file[at..at + 4], FORMAT_VERSION.to_le_bytes());
    file[at] = 99;
    assert!(matches!(refused(&file), ModelError::Version { found: 99, supported: FORMAT_VERSION }));
}

#[test]
fn other_files_are_refused() {
    assert!(matches!(refused(b""), ModelError::Corrupt(_)));
    assert!(matches!(refused(b"<!doctype html><title>Not found</title>"), ModelError::Corrupt(_)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Cut anywhere, the file is refused and nothing panics.
    #[test]
    fn a_cut_file_is_refused(share in 0.0..1.0f64) {
        let file = tiny_model_file();
        refused(&file[..(file.len() as f64 * share) as usize]);
    }

    /// A flipped byte may go unnoticed here (the manifest's SHA-256 is there for that) but never panics.
    #[test]
    fn a_flipped_byte_never_panics(at in 0usize..1 << 20, bit in 0u8..8) {
        let mut file = tiny_model_file();
        let at = at % file.len();
        file[at] ^= 1 << bit;
        if let Ok(model) = Model::from_gguf(&file) {
            let _ = model.tokenizer.encode("We agreed on 3.5% 折扣。");
        }
    }
}
