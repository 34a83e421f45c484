//! Any text is split into sentences that cover its letters and digits, or refused; offsets convert both ways.
#![no_main]

use libfuzzer_sys::fuzz_target;
use salesmirror::text::{Utf16Offsets, clean, read};

fuzz_target!(|text: &str| {
    let offsets = Utf16Offsets::new(text);
    for (at, _) in text.char_indices() {
        assert_eq!(offsets.to_byte(offsets.from_byte(at)), Some(at));
    }
    let Ok(document) = read(text) else { return };
    let mut end = 0;
    for sentence in &document.sentences {
        let range = sentence.range.clone();
        assert!(end <= range.start && range.start < range.end);
        assert!(!text[end..range.start].contains(char::is_alphanumeric));
        assert_eq!(&text[range.clone()], text[range.clone()].trim());
        assert_eq!(sentence.text, clean(&text[range.clone()]));
        end = range.end;
    }
    assert!(!text[end..].contains(char::is_alphanumeric));
});
