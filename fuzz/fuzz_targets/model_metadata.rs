//! Any text in the place of one entry of a model's metadata is refused with an error, or gives a model that assesses a text
//! or says why it cannot. The first byte of the input names the entry.
#![no_main]

use std::io::Cursor;
use std::sync::LazyLock;

use candle_core::Device;
use candle_core::quantized::QTensor;
use candle_core::quantized::gguf_file::{self, Content, Value};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use salesmirror::Assessor;
use salesmirror_fuzz::{compile_patterns, mutate_from, small_model_file};

/// A model in its parts.
struct Parts {
    /// In order of their keys.
    metadata: Vec<(String, Value)>,
    tensors: Vec<(String, QTensor)>,
}

static PARTS: LazyLock<Parts> = LazyLock::new(|| {
    let mut file = Cursor::new(small_model_file());
    let content = Content::read(&mut file).expect("the small model can be read");
    let mut metadata: Vec<_> = content.metadata.clone().into_iter().collect();
    metadata.sort_by(|a, b| a.0.cmp(&b.0));
    let tensors = content.tensor_infos.keys().map(|name| {
        let tensor = content.tensor(&mut file, name, &Device::Cpu).expect("the tensor is whole");
        (name.clone(), tensor)
    });
    Parts { tensors: tensors.collect(), metadata }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let entry = seed as usize % PARTS.metadata.len();
    let mut input = vec![entry as u8];
    if let Value::String(text) = &PARTS.metadata[entry].1 {
        input.extend_from_slice(text.as_bytes());
    }
    mutate_from(&input, data, size, max_size)
});

fuzz_target!(init: compile_patterns(), |input: &[u8]| {
    let Some((entry, text)) = input.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let Parts { metadata, tensors } = &*PARTS;
    let changed = Value::String(text.to_owned());
    let entry = *entry as usize % metadata.len();
    let value = |(i, (key, value))| (key, if i == entry { &changed } else { value });
    let metadata: Vec<(&str, &Value)> =
        metadata.iter().map(|(key, value)| (key.as_str(), value)).enumerate().map(value).collect();
    let tensors: Vec<(&str, &QTensor)> =
        tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    let mut file = Cursor::new(Vec::new());
    gguf_file::write(&mut file, &metadata, &tensors).expect("the file can be written");
    if let Ok(assessor) = Assessor::from_gguf(file.get_ref()) {
        let _ = assessor.assess("客户 wanted 3.5% off. We agreed.\n\nI called again.");
    }
});
