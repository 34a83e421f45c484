//! The model: a file survives the round trip, every kind of damage is reported, tokens equal those of Python's
//! tokenizers, and the encoder gives the same bits everywhere. `trainer/tests/reference.rs` compares the encoder with
//! ONNX Runtime and with an encoder in f32. `pkg-scripts/make-fixtures` makes the fixtures.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use candle_core::quantized::gguf_file::{self, Content, Value};
use candle_core::{DType, Device};
use common::{fixture, shipped_file, tiny_encoder, tiny_model_file};
use proptest::prelude::*;
use salesmirror::ModelError;
use salesmirror::model::{Encoder, FORMAT_VERSION, Manifest, ManifestFile, Model, RubricRef, Tokenizer};

/// The error of a file that must be refused.
fn refused(file: &[u8]) -> ModelError {
    match Model::from_gguf(file) {
        Ok(_) => panic!("the file must be refused"),
        Err(error) => error,
    }
}

/// An empty directory for the files of a model.
fn empty_directory(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}

#[test]
fn a_model_is_loaded_from_its_directory_or_from_a_file() {
    let directory = empty_directory("load");
    let bytes = tiny_model_file();
    let manifest = |name: &str| {
        let rubric = RubricRef { id: "r".to_owned(), version: 1 };
        let files = vec![ManifestFile::new(name, &bytes)];
        let manifest = Manifest { format: FORMAT_VERSION, id: "tiny".to_owned(), rubric, files };
        fs::write(directory.join("manifest.json"), serde_json::to_vec(&manifest).unwrap()).unwrap();
    };
    let failure = |path: &Path| Model::load(path).err().map(|error| (error.code(), error.to_string()));
    let file = directory.join("model.gguf");

    let (code, said) = failure(&directory).unwrap();
    assert!(code == "not_found" && said.contains("manifest.json"), "{said}");
    let (code, said) = failure(&file).unwrap();
    assert!(code == "not_found" && said.contains("model.gguf"), "{said}");
    fs::write(&file, &bytes).unwrap();
    assert_eq!(failure(&file), None, "a file needs no manifest");
    fs::write(directory.join("manifest.json"), "{").unwrap();
    assert_eq!(failure(&directory).unwrap().0, "manifest_invalid");
    manifest("another.gguf");
    let (code, said) = failure(&directory).unwrap();
    assert!(code == "manifest_invalid" && said.contains("model.gguf"), "{said}");
    assert_eq!(failure(&file), None, "the manifest says nothing of the file");
    manifest("model.gguf");
    assert_eq!(Model::load(&directory).unwrap().id, "tiny");

    fs::write(&file, shipped_file()).unwrap();
    for path in [&directory, &file] {
        let (code, said) = failure(path).unwrap();
        assert!(code == "hash_mismatch" && said.contains("manifest.json"), "{said}");
    }
}

/// The token ids of each input in a fixture.
fn inputs(name: &str) -> Vec<Vec<u32>> {
    let tensors = candle_core::safetensors::load(fixture(name), &Device::Cpu).unwrap();
    let ids = (0..).map_while(|i| tensors.get(&format!("ids.{i}")));
    let inputs: Vec<Vec<u32>> = ids.map(|ids| ids.to_dtype(DType::U32).unwrap().to_vec1().unwrap()).collect();
    assert!(inputs.len() >= 4, "{name} must hold at least four inputs");
    inputs
}

/// `tests/wasm.rs` checks the same number in both wasm builds: every operation gives the same bits on every target.
#[test]
fn token_vectors_have_the_same_bits_everywhere() {
    let model = Model::from_gguf(&shipped_file()).unwrap();
    let ids = model.tokenizer.encode("He asked for 12% off; 我用三年维保换5%，当场签字。").unwrap().ids;
    let states = model.encoder.forward(&[&ids]).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
    let bits = states.iter().fold(0u64, |sum, x| sum.rotate_left(5) ^ u64::from(x.to_bits()));
    assert_eq!(
        bits,
        include!("fixtures/token_vector_bits.rs"),
        "the bits are now {bits:#x}; change the fixture if that is intended"
    );
}

#[test]
fn windows_encoded_together_equal_windows_encoded_alone() {
    let (config, tensors) = tiny_encoder();
    let encoder = Encoder::from_tensors(&config, &tensors).unwrap();
    let inputs = inputs("tiny-bert/expected.safetensors");
    let windows: Vec<&[u32]> = inputs.iter().map(Vec::as_slice).collect();
    let together: Vec<Vec<f32>> = encoder.forward(&windows).unwrap().to_vec2().unwrap();
    let alone: Vec<Vec<f32>> =
        windows.iter().flat_map(|ids| encoder.forward(&[ids]).unwrap().to_vec2::<f32>().unwrap()).collect();
    assert_eq!(together, alone);
}

#[test]
fn ids_and_lengths_out_of_range_are_errors() {
    let (config, tensors) = tiny_encoder();
    let encoder = Encoder::from_tensors(&config, &tensors).unwrap();
    assert!(encoder.forward(&[&[config.vocab_size as u32]]).is_err());
    assert!(encoder.forward(&[&vec![0; config.max_position_embeddings + 1]]).is_err());
}

#[test]
fn tokens_equal_those_of_python() {
    let model = Model::from_gguf(&shipped_file()).unwrap();
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

/// A square of four katakana is four characters after normalization, and one to a reader.
#[test]
fn a_character_outside_the_vocabulary_counts_once() {
    let model = Model::from_gguf(&shipped_file()).unwrap();
    for text in ["\u{feff}\u{3354}", "\u{3354}\u{3354}", "A \u{12000}\u{12001} \u{fdfa}\u{fdfa}"] {
        let unknown = model.tokenizer.encode(text).unwrap().unknown_characters;
        assert!((1..=text.chars().count()).contains(&unknown), "{unknown} in {text:?}");
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
fn another_format_version_is_reported() {
    let mut file = tiny_model_file();
    let key = b"salesmirror.format";
    let at = file.windows(key.len()).position(|w| w == key).unwrap() + key.len() + 4;
    assert_eq!(file[at..at + 4], FORMAT_VERSION.to_le_bytes());
    file[at] = 99;
    assert!(matches!(refused(&file), ModelError::Version { found: 99, supported: FORMAT_VERSION }));
}

/// candle divides by the alignment.
#[test]
fn an_alignment_of_its_own_is_refused() {
    let mut file = std::io::Cursor::new(tiny_model_file());
    let content = Content::read(&mut file).unwrap();
    let tensors: Vec<_> = content
        .tensor_infos
        .keys()
        .map(|name| (name, content.tensor(&mut file, name, &Device::Cpu).unwrap()))
        .collect();
    let tensors: Vec<_> = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    for key in ["general.alignment", "general.alignment\0"] {
        let alignment = Value::U32(0);
        let metadata = content.metadata.iter().map(|(key, value)| (key.as_str(), value));
        let metadata: Vec<_> = metadata.chain([(key, &alignment)]).collect();
        let mut changed = std::io::Cursor::new(Vec::new());
        gguf_file::write(&mut changed, &metadata, &tensors).unwrap();
        let error = refused(changed.get_ref());
        assert!(matches!(&error, ModelError::Corrupt(problem) if problem.contains("alignment")), "{error}");
    }
}

/// The number of elements would overflow, wrap to a number that fits, or be none.
#[test]
fn shapes_that_do_not_fit_in_the_file_are_refused() {
    let name = b"embeddings.word_embeddings.weight";
    for (dims, expected) in [
        ([u64::MAX, 2], "does not fit"),
        ([1 << 32, 1 << 32], "does not fit"),
        ([1 << 40, 1], "does not fit"),
        ([0, 32], "has no elements"),
        ([0, u64::MAX], "has no elements"),
    ] {
        let mut file = tiny_model_file();
        // After the name comes the number of dimensions, then each of them.
        let at = file.windows(name.len()).position(|w| w == name).unwrap() + name.len();
        assert_eq!(file[at..at + 4], 2u32.to_le_bytes());
        for (i, dim) in dims.into_iter().enumerate() {
            let at = at + 4 + 8 * i;
            file[at..at + 8].copy_from_slice(&dim.to_le_bytes());
        }
        let error = refused(&file);
        assert!(matches!(&error, ModelError::Corrupt(problem) if problem.contains(expected)), "{error}");
    }
}

#[test]
fn other_files_are_refused() {
    assert!(matches!(refused(b""), ModelError::Corrupt(_)));
    assert!(matches!(refused(b"<!doctype html><title>Not found</title>"), ModelError::Corrupt(_)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A file that is cut anywhere is refused without a panic.
    #[test]
    fn a_cut_file_is_refused(share in 0.0..1.0f64) {
        let file = tiny_model_file();
        refused(&file[..(file.len() as f64 * share) as usize]);
    }

    /// A flipped bit may go unnoticed here, since the manifest's SHA-256 guards against it, but never causes a panic.
    #[test]
    fn a_flipped_bit_never_panics(at in 0usize..1 << 20, bit in 0u8..8) {
        let mut file = tiny_model_file();
        let at = at % file.len();
        file[at] ^= 1 << bit;
        if let Ok(model) = Model::from_gguf(&file) {
            let _ = model.tokenizer.encode("We agreed on 3.5% 折扣。");
        }
    }
}
