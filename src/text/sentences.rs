//! Finds sentence boundaries in Chinese and English business prose: notes, lists, chats and mails.
//!
//! These are rules of our own, because Unicode's UAX 29 knows neither abbreviations nor lists. They work on the
//! grapheme clusters of the original text, so that a boundary never falls inside what a reader sees as one character.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::clean::{clean, is_invisible};

/// A sentence, heading or list item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// The byte range in the original text, with the list marker and without surrounding white space.
    pub range: Range<usize>,
    /// The cleaned sentence, which the tokenizer reads.
    pub text: String,
    /// The number of blank lines (or runs of them) before the sentence, which counts paragraphs from 0.
    pub paragraph: usize,
}

/// Abbreviations after which a sentence never ends.
const NEVER_LAST: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "vs", "e.g", "i.e", "approx", "fig", "est", "eq", "cf", "attn", "tel",
    "ext",
];

/// Abbreviations after which a sentence ends only if a capital letter follows.
const SELDOM_LAST: &[&str] =
    &["inc", "co", "ltd", "corp", "etc", "a.m", "p.m", "u.s", "u.k", "dept", "st", "jr", "sr"];

/// Lines with fewer characters are not wrapped prose: their line break is intended.
const WRAPPED_LINE: usize = 40;

/// A space between Chinese characters ends a sentence of at least this many characters.
const SPACED_CLAUSE: usize = 12;

/// Splits a text into sentences, and counts the visible characters in them.
pub fn split(text: &str) -> (Vec<Sentence>, usize) {
    let graphemes: Vec<(usize, &str)> = text.grapheme_indices(true).collect();
    let mut sentences = Vec::new();
    let mut characters = 0;
    let mut start = 0;
    let mut line = 0;
    let mut paragraph = 0;
    for i in 0..graphemes.len() {
        let newline = is_newline(graphemes[i].1);
        if (newline && !is_wrapped(&graphemes, start, line, i))
            || ends_sentence(&graphemes, line, i)
            || is_space_for_stop(&graphemes, start, i)
        {
            characters += push(&mut sentences, text, &graphemes[start..=i], paragraph);
            start = i + 1;
        }
        if newline {
            let is_blank_line = graphemes[line..i].iter().all(|(_, g)| is_blank(g));
            let has_text = sentences.last().is_some_and(|last: &Sentence| last.paragraph == paragraph);
            paragraph += usize::from(is_blank_line && has_text);
            line = i + 1;
        }
    }
    characters += push(&mut sentences, text, &graphemes[start..], paragraph);
    (sentences, characters)
}

/// Adds a sentence without the white space around it and returns its number of visible characters. A sentence without a
/// letter or digit is not added.
fn push(sentences: &mut Vec<Sentence>, text: &str, graphemes: &[(usize, &str)], paragraph: usize) -> usize {
    let visible = |(_, g): &&(usize, &str)| !is_blank(g);
    let (Some(first), Some(last)) = (graphemes.iter().find(visible), graphemes.iter().rev().find(visible))
    else {
        return 0;
    };
    // A mark can come before the space that it belongs to.
    let range = first.0..last.0 + last.1.trim_end().len();
    if !text[range.clone()].contains(char::is_alphanumeric) {
        return 0;
    }
    let cleaned = clean(&text[range.clone()]);
    sentences.push(Sentence { range, text: cleaned, paragraph });
    graphemes.iter().filter(visible).count()
}

fn is_blank(grapheme: &str) -> bool {
    grapheme.chars().next().is_none_or(|c| c.is_whitespace() || is_invisible(c))
}

fn is_newline(grapheme: &str) -> bool {
    matches!(grapheme, "\n" | "\r" | "\r\n" | "\u{b}" | "\u{c}" | "\u{85}" | "\u{2028}" | "\u{2029}")
}

fn is_closing(grapheme: &str) -> bool {
    matches!(grapheme, "”" | "’" | "」" | "』" | "\"" | "'" | ")" | "）" | "]" | "】" | "》")
}

fn is_terminator(grapheme: &str) -> bool {
    matches!(grapheme, "。" | "！" | "？" | "；" | "!" | "?" | ";" | "." | "．" | "｡")
}

/// Whether a grapheme begins with a character of Chinese text: an ideograph, kana, or full-width punctuation.
fn is_cjk(grapheme: &str) -> bool {
    grapheme.chars().next().is_some_and(|c| matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{ffef}'))
}

fn first_char(grapheme: &str) -> char {
    grapheme.chars().next().unwrap_or(' ')
}

/// Whether the line break at `at` only wraps the sentence that began at `start`: the line is long and unfinished, and
/// the next line continues in lower case. Lists written in lower case look the same, so the sentence must begin with a
/// capital.
fn is_wrapped(graphemes: &[(usize, &str)], start: usize, line: usize, at: usize) -> bool {
    let capital = following(graphemes, start.wrapping_sub(1)).is_some_and(char::is_uppercase);
    let next = graphemes.get(at + 1).map_or(' ', |(_, g)| first_char(g));
    let last = || graphemes[line..at].iter().rev().find(|(_, g)| !is_blank(g));
    at - line >= WRAPPED_LINE
        && capital
        && next.is_ascii_lowercase()
        && last().is_some_and(|(_, g)| !is_terminator(g) && *g != ":")
}

/// Whether a space at `at` stands for a full stop. Chinese has no spaces between words, and in hasty notes they are the
/// only punctuation. A space after only a few characters may follow a name or a heading, so it does not count.
fn is_space_for_stop(graphemes: &[(usize, &str)], start: usize, at: usize) -> bool {
    let cjk = |i: Option<usize>| i.and_then(|i| graphemes.get(i)).is_some_and(|(_, g)| is_cjk(g));
    graphemes[at].1 == " " && at - start >= SPACED_CLAUSE && cjk(at.checked_sub(1)) && cjk(Some(at + 1))
}

/// Whether a sentence ends with the grapheme at `at`, which is a terminator or a closing mark after one, and the last in
/// a run of such marks.
fn ends_sentence(graphemes: &[(usize, &str)], line: usize, at: usize) -> bool {
    let here = graphemes[at].1;
    let next = graphemes.get(at + 1).map(|(_, g)| *g);
    if next.is_some_and(|g| is_terminator(g) || is_closing(g)) || !(is_terminator(here) || is_closing(here)) {
        return false;
    }
    // Steps back over closing marks, but not far, so that a text of nothing but quotes does not take quadratic time.
    let terminator = (line..=at).rev().take(8).find(|&i| !is_closing(graphemes[i].1));
    let Some(terminator) = terminator.filter(|&i| is_terminator(graphemes[i].1)) else {
        return false;
    };
    let previous = terminator.checked_sub(1).filter(|i| *i >= line).map(|i| graphemes[i].1);
    match graphemes[terminator].1 {
        "。" | "！" | "？" | "；" | "｡" => true,
        "." | "．" => ends_with_period(graphemes, line, terminator, previous, next, at),
        // An ASCII mark inside a URL or a name such as "Yahoo!" has a letter right after it.
        _ => {
            let apart = next.is_none_or(|g| is_blank(g) || is_cjk(g));
            (apart || previous.is_some_and(is_cjk)) && !(at > terminator && goes_on(graphemes, at))
        }
    }
}

/// Whether the text continues in lower case after `at`, as it does after a question quoted inside a sentence.
fn goes_on(graphemes: &[(usize, &str)], at: usize) -> bool {
    following(graphemes, at).is_some_and(char::is_lowercase)
}

/// Returns the next visible character on the same line, if it is close.
fn following(graphemes: &[(usize, &str)], at: usize) -> Option<char> {
    let rest = graphemes[at.wrapping_add(1)..].iter().take(8).take_while(|(_, g)| !is_newline(g));
    rest.map(|(_, g)| *g).find(|g| !is_blank(g)).map(first_char)
}

/// Whether a full stop ends a sentence, rather than being part of a number, URL, abbreviation, initial or list number.
fn ends_with_period(
    graphemes: &[(usize, &str)],
    line: usize,
    terminator: usize,
    previous: Option<&str>,
    next: Option<&str>,
    at: usize,
) -> bool {
    let Some(previous) = previous else {
        return false;
    };
    let after_cjk = is_cjk(previous);
    if !next.is_none_or(|g| is_blank(g) || (is_cjk(g) && after_cjk)) {
        return false;
    }
    let next = following(graphemes, at);
    if after_cjk {
        return true;
    }
    let word: Vec<&str> = graphemes[line..terminator]
        .iter()
        .rev()
        .take(12)
        .map(|(_, g)| *g)
        .take_while(|g| *g == "." || g.chars().all(char::is_alphanumeric))
        .collect();
    let before = &graphemes[line..terminator - word.len()];
    let starts_line = before.len() <= 8 && before.iter().all(|(_, g)| is_blank(g));
    let word: String = word.into_iter().rev().collect::<String>().to_lowercase();
    let numbered = starts_line && word.len() <= 3 && word.chars().all(|c| c.is_ascii_digit());
    let initial = word.chars().count() == 1 && word.chars().all(char::is_alphabetic) && word != "i";
    let number = word == "no" && next.is_some_and(|c| c.is_ascii_digit());
    let seldom = SELDOM_LAST.contains(&word.as_str()) && !next.is_none_or(char::is_uppercase);
    !(numbered || initial || number || seldom || NEVER_LAST.contains(&word.as_str()))
}
