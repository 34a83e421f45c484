//! Compares the integer encoder of the inference crate with the f32 reference encoder, and the reference encoder with ONNX
//! Runtime.
//!
//! The fixtures are those of the inference crate, made by `pkg-scripts/make-fixtures`.

use std::collections::HashMap;
use std::path::PathBuf;

use candle_core::quantized::gguf_file::Content;
use candle_core::{DType, Device, Tensor};
use salesmirror::Assessor;
use salesmirror::assessment::Reading;
use salesmirror::model::tensor_names as names;
use salesmirror::model::{
    AdaptersConfig, Encoder, EncoderConfig, ExpertsConfig, Model, adapters, read_safetensors,
};
use salesmirror::text::Whose;
use salesmirror_trainer::model_dir::ReferenceEncoder;

const TINY: &str = "tests/fixtures/tiny-bert/expected.safetensors";
const REAL: &str = "tests/fixtures/encoder.safetensors";

/// Returns the path of a file in the repository.
fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

fn shipped_file() -> Vec<u8> {
    std::fs::read(path("www/models/default/model.gguf")).unwrap()
}

fn tiny_encoder() -> (EncoderConfig, HashMap<String, Tensor>) {
    let config = std::fs::read(path("tests/fixtures/tiny-bert/config.json")).unwrap();
    let weights = read_safetensors(&path("tests/fixtures/tiny-bert/model.safetensors")).unwrap();
    (serde_json::from_slice(&config).unwrap(), weights)
}

/// Reads the encoder's tensors from a model file, in f32.
fn dequantized(file: &[u8]) -> HashMap<String, Tensor> {
    let mut reader = std::io::Cursor::new(file);
    let content = Content::read(&mut reader).unwrap();
    let encoder = content.tensor_infos.keys().filter(|name| !name.starts_with(names::HEADS_PREFIX));
    encoder
        .map(|name| {
            let tensor = content.tensor(&mut std::io::Cursor::new(file), name, &Device::Cpu).unwrap();
            (name.clone(), tensor.dequantize(&Device::Cpu).unwrap())
        })
        .collect()
}

/// Reads the token ids of each input in a fixture, and ONNX Runtime's last hidden states for them, `[tokens, hidden]`.
fn expected(fixture: &str) -> Vec<(Vec<u32>, Tensor)> {
    let tensors = candle_core::safetensors::load(path(fixture), &Device::Cpu).unwrap();
    let mut inputs = Vec::new();
    while let Some(ids) = tensors.get(&format!("ids.{}", inputs.len())) {
        let ids = ids.to_dtype(DType::U32).unwrap().to_vec1().unwrap();
        let states = tensors[&format!("states.{}", inputs.len())].to_dtype(DType::F32);
        inputs.push((ids, states.unwrap()));
    }
    assert!(inputs.len() >= 4, "{fixture} must hold at least four inputs");
    inputs
}

/// Returns the cosine between corresponding rows of two `[tokens, hidden]` tensors.
fn cosines(a: &Tensor, b: &Tensor) -> Vec<f32> {
    let dot = |x: &Tensor, y: &Tensor| (x * y).unwrap().sum(1).unwrap();
    let norm = (dot(a, a) * dot(b, b)).unwrap().sqrt().unwrap();
    (dot(a, b) / norm).unwrap().to_vec1().unwrap()
}

/// Returns the mean and the worst cosine between the token vectors of two encoders, over all inputs of a fixture.
fn agreement(fixture: &str, encoder: &Encoder, reference: &ReferenceEncoder) -> (f32, f32) {
    let inputs = expected(fixture).into_iter();
    let all: Vec<f32> = inputs
        .flat_map(|(ids, _)| cosines(&encoder.forward(&[&ids]).unwrap(), &reference.forward(&ids).unwrap()))
        .collect();
    let (mean, worst) = (all.iter().sum::<f32>() / all.len() as f32, all.iter().copied().fold(1.0, f32::min));
    println!("{fixture}, {} tokens: mean cosine {mean}, worst {worst}", all.len());
    (mean, worst)
}

#[test]
fn reference_equals_onnx_runtime() {
    let (config, tensors) = tiny_encoder();
    let reference = ReferenceEncoder::new(&config, tensors).unwrap();
    for (ids, states) in expected(TINY) {
        let difference =
            (reference.forward(&ids).unwrap() - states).unwrap().abs().unwrap().max_all().unwrap();
        assert!(difference.to_scalar::<f32>().unwrap() < 1e-3);
    }
}

/// The shipped file agrees with ONNX Runtime on the f32 weights that it was made from. In general, quantization to four bits
/// may lower the mean cosine to 0.97. The base encoder had already been rounded to Q4_0, so this file holds its weights exactly
/// and every token must agree.
#[test]
fn shipped_weights_equal_onnx_runtime() {
    let file = shipped_file();
    let config = Model::from_gguf(&file).unwrap().encoder.config().clone();
    let reference = ReferenceEncoder::new(&config, dequantized(&file)).unwrap();
    let inputs = expected(REAL).into_iter();
    let all: Vec<f32> =
        inputs.flat_map(|(ids, states)| cosines(&reference.forward(&ids).unwrap(), &states)).collect();
    let worst = all.iter().copied().fold(1.0, f32::min);
    assert!(worst >= 0.9999, "cosine {worst}");
}

#[test]
fn tiny_integer_encoder_is_close_to_f32() {
    let (config, tensors) = tiny_encoder();
    let encoder = Encoder::from_tensors(&config, &tensors).unwrap();
    let reference = ReferenceEncoder::new(&config, tensors).unwrap();
    let (mean, worst) = agreement(TINY, &encoder, &reference);
    assert!(mean >= 0.995 && worst >= 0.99, "mean cosine {mean}, worst {worst}");
}

#[test]
fn shipped_integer_encoder_is_close_to_f32() {
    let file = shipped_file();
    let encoder = Model::from_gguf(&file).unwrap().encoder;
    let reference = ReferenceEncoder::new(encoder.config(), dequantized(&file)).unwrap();
    let (mean, worst) = agreement(REAL, &encoder, &reference);
    assert!(mean >= 0.995 && worst >= 0.99, "mean cosine {mean}, worst {worst}");
}

const EXPERTS: usize = 4;
const TOP_K: usize = 2;

/// Makes the tiny encoder with a mixture of experts in every second layer. Each expert has the dense weights, shifted by
/// weights of the first layer. The first dimension of every token is 3 before the mixture, and the gate uses it to keep the
/// last expert closed.
fn tiny_mixture() -> (EncoderConfig, HashMap<String, Tensor>) {
    let (mut config, mut tensors) = tiny_encoder();
    config.experts = Some(ExpertsConfig { count: EXPERTS, top_k: TOP_K, every: 2 });
    let hidden = config.hidden_size;
    for index in (1..config.num_hidden_layers).step_by(2) {
        let layer = names::layer(index);
        for part in
            [names::INTERMEDIATE, names::OUTPUT].iter().flat_map(|m| [names::weight(m), names::bias(m)])
        {
            let dense = tensors.remove(&names::within(&layer, &part)).unwrap();
            for e in 0..EXPERTS {
                let other = &tensors[&names::within(&names::layer(0), &part)];
                let shifted = (&dense + (other * (e as f64 - 1.0)).unwrap()).unwrap();
                let poison = if e + 1 == EXPERTS { f64::NAN } else { 1.0 };
                tensors.insert(names::within(&names::expert(index, e), &part), (shifted * poison).unwrap());
            }
        }
        let norm = names::within(&layer, names::ATTENTION_NORM);
        for (name, value) in [(names::weight(&norm), 0.0f32), (names::bias(&norm), 3.0)] {
            let mut vector = tensors[&name].to_vec1::<f32>().unwrap();
            vector[0] = value;
            tensors.insert(name, Tensor::new(vector, &Device::Cpu).unwrap());
        }
        let mut gate: Vec<f32> =
            (0..EXPERTS * hidden).map(|i| ((i * 37 % 101) as f32 - 50.0) / 100.0).collect();
        gate[(EXPERTS - 1) * hidden] = -1000.0;
        let gate = Tensor::from_vec(gate, (EXPERTS, hidden), &Device::Cpu).unwrap();
        tensors.insert(names::gate(index), gate);
    }
    (config, tensors)
}

/// A mixture layer agrees with one made of candle's f32 operations. The expert that no token is sent to holds NaN, so that any
/// product with its weights would show.
#[test]
fn mixture_computes_only_the_chosen_experts() {
    let (config, tensors) = tiny_mixture();
    let encoder = Encoder::from_tensors(&config, &tensors).unwrap();
    let reference = ReferenceEncoder::new(&config, tensors).unwrap();
    let (mean, worst) = agreement(TINY, &encoder, &reference);
    // Cosines would fall below 0.9 with the wrong experts, or with the right ones weighted wrongly.
    assert!(mean >= 0.998 && worst >= 0.98, "mean cosine {mean}, worst {worst}");
}

/// An encoder with adapters beside its weights computes the same as one with merged weights.
#[test]
fn adapters_are_added_to_their_weights() {
    let (mut config, mut tensors) = tiny_encoder();
    let rank = 2;
    let number = |i: usize| ((i * 37 % 101) as f32 - 50.0) / 150.0;
    let tensor = |rows: usize, columns: usize| {
        let values: Vec<f32> = (0..rows * columns).map(number).collect();
        Tensor::from_vec(values, (rows, columns), &Device::Cpu).unwrap()
    };
    let plain = Encoder::from_tensors(&config, &tensors).unwrap();
    config.adapters = Some(AdaptersConfig { rank, first_layer: 1 });
    let adapted = |name: &&String| names::is_linear_weight(name) && names::layer_of(name) != Some(0);
    for name in tensors.keys().filter(adapted).cloned().collect::<Vec<_>>() {
        let (outputs, inputs) = tensors[&name].dims2().unwrap();
        tensors.insert(names::adapter_a(&name), tensor(rank, inputs));
        tensors.insert(names::adapter_b(&name), tensor(outputs, rank));
    }
    let encoder = Encoder::from_tensors(&config, &tensors).unwrap();
    let merged = adapters::merge(tensors).unwrap();
    let reference = ReferenceEncoder::new(&EncoderConfig { adapters: None, ..config }, merged).unwrap();
    let (mean, worst) = agreement(TINY, &encoder, &reference);
    assert!(mean >= 0.998 && worst >= 0.98, "mean cosine {mean}, worst {worst}");
    let (without, _) = agreement(TINY, &plain, &reference);
    assert!(without < 0.95, "the adapters change nothing: mean cosine {without}");
}

/// The integer encoder and the f32 encoder give nearly the same levels with the same weights. This test is slow, because the
/// f32 encoder is slow.
#[test]
fn levels_are_close_to_those_of_the_f32_encoder() {
    let file = shipped_file();
    let assessor = Assessor::from_gguf(&file).unwrap();
    let config = assessor.model().encoder.config();
    let reference = ReferenceEncoder::new(config, dequantized(&file)).unwrap();
    let reports = std::fs::read_to_string(path("data/reports/specified.jsonl")).unwrap();
    let mut differences = Vec::new();
    for line in reports.lines().step_by(61) {
        let report: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = report["text"].as_str().unwrap();
        let mut reading = assessor.begin(text, &Whose::default(), &[]).unwrap();
        let encode = |reading: &mut Reading| {
            for i in reading.missing() {
                let window = reading.windows()[i].clone();
                let states = reference.forward(window.ids()).unwrap();
                reading.fill(i, window.sums(&states).unwrap()).unwrap();
            }
        };
        encode(&mut reading);
        while !assessor.reread(&mut reading).unwrap() {
            encode(&mut reading);
        }
        let (exact, ours) = (assessor.finish(&reading).unwrap(), assessor.assess(text).unwrap());
        for (a, b) in exact.competencies.iter().zip(&ours.competencies) {
            if let (Some(a), Some(b)) = (a.level, b.level) {
                differences.push((a - b).abs());
            }
        }
    }
    differences.sort_by(f32::total_cmp);
    let mean = differences.iter().sum::<f32>() / differences.len() as f32;
    let at = |share: f32| differences[(share * (differences.len() - 1) as f32) as usize];
    println!(
        "{} levels: mean difference {mean:.4}, median {:.4}, 95 % below {:.4}, largest {:.4}",
        differences.len(),
        at(0.5),
        at(0.95),
        at(1.0)
    );
    // Rounding adds up over the nine layers.
    assert!(differences.len() > 50 && mean <= 0.03 && at(0.95) <= 0.08, "mean difference of a level {mean}");
}
