//! Cleans a sentence for the tokenizer, which reads its visible characters and plain spaces.

/// Whether a character shows nothing and means nothing to the model: controls, zero-width spaces, byte-order marks,
/// soft hyphens and bidirectional marks. Joiners and variation selectors change what is seen, so they count as visible.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
        || (c.is_control() && !c.is_whitespace())
}

/// Removes invisible characters and turns every run of white space, line breaks included, into one space.
pub fn clean(sentence: &str) -> String {
    let mut text = String::with_capacity(sentence.len());
    for c in sentence.chars().filter(|c| !is_invisible(*c)) {
        match c.is_whitespace() {
            true if text.is_empty() || text.ends_with(' ') => {}
            true => text.push(' '),
            false => text.push(c),
        }
    }
    text.truncate(text.trim_end().len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_go_and_white_space_is_plain() {
        assert_eq!(clean("\u{feff}A\u{200b}B\u{ad}C \u{a0}\r\n\u{3000}D\u{7} "), "ABC D");
        assert_eq!(clean("👩\u{200d}🔬 e\u{301} ❤\u{fe0f}"), "👩\u{200d}🔬 e\u{301} ❤\u{fe0f}");
        assert_eq!(clean("\u{200b} \t"), "");
    }
}
