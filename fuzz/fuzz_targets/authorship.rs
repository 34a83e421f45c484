//! Mails and transcripts: whatever the text and the reader's choice, each sentence has an author, and the parts of a mail
//! are its lines. The first line of the input holds the reader's choice.
#![no_main]

use libfuzzer_sys::fuzz_target;
use salesmirror::text::{Authorship, mail, read};
use salesmirror_fuzz::{compile_patterns, options};

fuzz_target!(init: compile_patterns(), |input: &str| {
    let (line, text) = input.split_once('\n').unwrap_or(("", input));
    let parts = mail::parts(text);
    assert_eq!(parts.len(), text.split('\n').count());
    let mut at = 0;
    for (range, _) in parts {
        assert_eq!(range.start, at);
        assert!(text.get(range.clone()).is_some());
        at = range.end + 1;
    }
    let Ok(document) = read(text) else { return };
    let (whose, _) = options(line);
    let authorship = Authorship::of(text, &document.sentences, &whose);
    assert_eq!(authorship.origins.len(), document.sentences.len());
    assert!(authorship.origins.iter().any(Option::is_none), "some of every text is the writer's own");
    assert!(authorship.speakers.is_empty() || authorship.speakers.len() > 1);
});
