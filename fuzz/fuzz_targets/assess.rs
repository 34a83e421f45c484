//! Any text is assessed or refused, whatever its reader says and objects to, and the promises of an assessment hold. The
//! model is a small one, so that many texts are tried.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use salesmirror::Assessor;
use salesmirror_fuzz::{assess, small_model_file};

static SMALL: LazyLock<Assessor> =
    LazyLock::new(|| Assessor::from_gguf(&small_model_file()).expect("the small model can be read"));

fuzz_target!(init: salesmirror_fuzz::compile_patterns(&SMALL), |input: &str| assess(&SMALL, input));
