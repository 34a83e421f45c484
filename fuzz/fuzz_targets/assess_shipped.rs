//! As `assess`, with the shipped model.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use salesmirror::Assessor;

static SHIPPED: LazyLock<Assessor> = LazyLock::new(|| {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../www/models/default/model.gguf");
    let file = std::fs::read(file).expect("the shipped model is there");
    Assessor::from_gguf(&file).expect("the shipped model can be read")
});

fuzz_target!(init: {
    salesmirror_fuzz::compile_patterns();
    LazyLock::force(&SHIPPED);
}, |input: &str| salesmirror_fuzz::assess(&SHIPPED, input));
