//! Detects whether a text is Chinese, English, both, or neither, which is enough to warn where the model cannot read.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The language of a text, as far as the model can tell languages apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
    /// A substantial amount of both Chinese and English, not just names.
    Mixed,
    /// Neither Chinese nor English.
    Other,
}

/// A code that does not name a [`Language`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown language `{0}`; expected zh, en, mixed or other")]
pub struct UnknownLanguage(pub String);

/// Words that every English text of some length contains. Few of them are common in other languages with Latin letters.
const ENGLISH: &[&str] = &[
    "a", "about", "after", "all", "and", "are", "as", "asked", "at", "be", "because", "been", "but", "by",
    "for", "from", "had", "has", "have", "he", "her", "him", "his", "i", "if", "in", "is", "it", "its", "my",
    "not", "of", "on", "or", "our", "she", "so", "than", "that", "the", "their", "them", "they", "this",
    "to", "up", "was", "we", "were", "what", "when", "which", "who", "will", "with", "would", "you", "your",
];

/// If a smaller share of a text's words is in [`ENGLISH`], the text is in another language. English texts have a share of
/// 0.3 to 0.5.
const ENGLISH_SHARE: f32 = 0.12;

/// Texts with fewer words are too short for that share to mean anything.
const ENOUGH_WORDS: usize = 20;

impl Language {
    /// All languages.
    pub const ALL: [Self; 4] = [Self::Zh, Self::En, Self::Mixed, Self::Other];

    /// Returns the code of the language in files and options. [`FromStr`] is the inverse.
    pub fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
            Self::Mixed => "mixed",
            Self::Other => "other",
        }
    }

    /// Detects the language of a text by its script, and English by its most common words.
    pub fn of(text: &str) -> Self {
        let (mut han, mut latin, mut other) = (0usize, 0usize, 0usize);
        for c in text.chars().filter(|c| c.is_alphabetic()) {
            match c {
                _ if is_han(c) => han += 1,
                'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => latin += 1,
                _ => other += 1,
            }
        }
        // A Chinese word has about two characters, and an English word about five letters.
        let (zh, en) = (han as f32 / 2.0, latin as f32 / 5.0);
        if other as f32 > 0.2 * (han + latin + other) as f32 || han + latin == 0 {
            return Self::Other;
        }
        match zh / (zh + en) {
            share if share >= 0.6 => Self::Zh,
            share if share > 0.15 => Self::Mixed,
            _ if is_foreign(text) => Self::Other,
            _ => Self::En,
        }
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(code: &str) -> Result<Self, UnknownLanguage> {
        let found = Self::ALL.into_iter().find(|language| language.code() == code);
        found.ok_or_else(|| UnknownLanguage(code.to_owned()))
    }
}

/// Whether a character is a Han character (an ideograph of Chinese writing), including the iteration mark 々 and the
/// zero 〇.
pub fn is_han(c: char) -> bool {
    matches!(c,
        '々' | '〇'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3134f}')
}

/// Whether a text in Latin letters is long enough to judge, and is not English.
fn is_foreign(text: &str) -> bool {
    let words = || text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let all = words().count();
    let english = words().filter(|word| ENGLISH.contains(&word.to_ascii_lowercase().as_str())).count();
    all >= ENOUGH_WORDS && (english as f32) < ENGLISH_SHARE * all as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_words_tell() {
        for (text, language) in [
            ("客户要求降价，我用三年维保换了5%。", Language::Zh),
            ("我下午给 HR 邱经理讲 proposal，当天发了 recap email，她回了句与我理解一致。", Language::Zh),
            ("He asked for 12% off and I gave him 5%.", Language::En),
            ("Shipped.", Language::En),
            ("I sent the customer our quotation on Monday. 客户周三回复说价格可以接受。", Language::Mixed),
            ("お客様に見積もりを送りました。", Language::Other),
            ("고객에게 견적을 보냈습니다.", Language::Other),
            ("Я отправил клиенту предложение.", Language::Other),
            ("123 456", Language::Other),
            (
                "Le client a demandé une remise de douze pour cent et nous avons proposé cinq pour cent contre un \
                 contrat de maintenance de trois ans avec une clause de sortie.",
                Language::Other,
            ),
        ] {
            assert_eq!(Language::of(text), language, "{text}");
        }
    }

    #[test]
    fn codes_are_those_of_the_json_form() {
        for language in Language::ALL {
            assert_eq!(serde_json::json!(language), language.code());
            assert_eq!(language.code().parse(), Ok(language));
        }
        assert_eq!("fr".parse::<Language>(), Err(UnknownLanguage("fr".to_owned())));
    }

    #[test]
    fn han_characters_are_told_from_others() {
        assert!("客々〇㐀豈𠀀".chars().all(is_han));
        assert!(!"aＡ，。か한１".chars().any(is_han));
    }
}
