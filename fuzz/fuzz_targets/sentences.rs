//! Any text is split into sentences that cover its letters and digits, or refused; offsets convert both ways.
#![no_main]

use libfuzzer_sys::fuzz_target;
use salesmirror::text::{Utf16Offsets, clean, read};
use unicode_segmentation::UnicodeSegmentation;

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
        assert!(!has_letter(&text[end..range.start]));
        assert_eq!(&text[range.clone()], text[range.clone()].trim());
        assert_eq!(sentence.text, clean(&text[range.clone()]));
        end = range.end;
    }
    assert!(!has_letter(&text[end..]));
});

/// Whether a letter or a digit stands in a text as a character of its own, and not as a mark on a space.
fn has_letter(text: &str) -> bool {
    text.graphemes(true).any(|grapheme| grapheme.starts_with(char::is_alphanumeric))
}
