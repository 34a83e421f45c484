//! The shipped tokenizer turns any text into ids of its vocabulary, with ranges of the text.
#![no_main]

use std::sync::LazyLock;

use candle_core::quantized::gguf_file::Content;
use libfuzzer_sys::fuzz_target;
use salesmirror::model::Tokenizer;
use salesmirror::text::clean;

static TOKENIZER: LazyLock<Tokenizer> = LazyLock::new(|| {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../www/models/default/model.gguf");
    let mut file = std::io::BufReader::new(std::fs::File::open(file).expect("the shipped model is there"));
    let content = Content::read(&mut file).expect("the shipped model can be read");
    Tokenizer::from_gguf(&content).expect("its tokenizer can be read")
});

fuzz_target!(init: LazyLock::force(&TOKENIZER), |text: &str| {
    for text in [text, &clean(text)] {
        let encoding = TOKENIZER.encode(text).expect("any text has tokens");
        assert!(encoding.ids.iter().all(|&id| (id as usize) < TOKENIZER.vocabulary()));
        assert!(encoding.unknown_characters <= text.chars().count());
        let ranges = TOKENIZER.encode_with_ranges(text).expect("any text has tokens");
        assert!(ranges.iter().map(|(id, _)| id).eq(&encoding.ids));
        for (_, range) in ranges {
            assert!(text.get(range.clone()).is_some(), "{range:?} cuts a character");
        }
    }
});
