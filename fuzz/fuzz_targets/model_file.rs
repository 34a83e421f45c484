//! Any file is a model or refused with an error. A file that can be read assesses a text, or says why it cannot.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use salesmirror::Assessor;
use salesmirror::model::Encoder;
use salesmirror_fuzz::{compile_patterns, mutate_from, small_model_file};

static SEED: LazyLock<Vec<u8>> = LazyLock::new(small_model_file);

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, _seed: u32| {
    mutate_from(&SEED, data, size, max_size)
});

fuzz_target!(init: compile_patterns(), |file: &[u8]| {
    let encoder = Encoder::read(std::io::Cursor::new(file));
    if let Ok(assessor) = Assessor::from_gguf(file) {
        assert!(encoder.is_ok(), "the encoder of a whole model can be read alone");
        let _ = assessor.assess("客户 wanted 3.5% off. We agreed.\n\nI called again.");
    }
});
