//! The model room: the file survives a round trip and every kind of damage is told, tokens equal Python's, and the
//! encoder equals an independent ONNX Runtime run. Fixtures are made by `pkg-scripts/make-fixtures`.

mod common;

use candle_core::{DType, Device, Tensor};
use common::{fixture, tiny_encoder, tiny_model_file};
use proptest::prelude::*;
use salesmirror::ModelError;
use salesmirror::model::{Encoder, FORMAT_VERSION, Model, Tokenizer};

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

#[test]
fn tiny_encoder_equals_onnx_runtime() {
    let (config, tensors) = tiny_encoder();
    let encoder = Encoder::from_tensors(&config, &tensors).unwrap();
    for (ids, states) in expected("tiny-bert/expected.safetensors") {
        let ours = encoder.forward(&ids).unwrap();
        let worst = cosines(&ours, &states).into_iter().fold(1.0, f32::min);
        assert!(worst >= 0.9999, "{} tokens: cosine {worst}", ids.len());
        let difference = (ours - states).unwrap().abs().unwrap().max_all().unwrap();
        assert!(difference.to_scalar::<f32>().unwrap() < 1e-3);
    }
}

/// The shipped file against ONNX Runtime on the f32 weights it was made of. Four bits may cost up to a mean of 0.97; the
/// base encoder went through Q4_0 once before, so that this file holds its weights exactly and every token must agree.
#[test]
fn shipped_encoder_equals_onnx_runtime() {
    let model = Model::from_gguf(&shipped()).unwrap();
    let mut all = Vec::new();
    for (ids, states) in expected("encoder.safetensors") {
        all.extend(cosines(&model.encoder.forward(&ids).unwrap(), &states));
    }
    let mean = all.iter().sum::<f32>() / all.len() as f32;
    let worst = all.iter().copied().fold(1.0, f32::min);
    println!("{} tokens: mean cosine {mean}, worst {worst}", all.len());
    assert!(mean >= 0.97, "mean cosine {mean} over {} tokens", all.len());
    assert!(worst >= 0.9999, "cosine {worst}");
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
