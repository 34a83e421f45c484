//! Chinese, English, both, or neither: enough to warn where the model has not learned to read.

use serde::{Deserialize, Serialize};

/// Language of a text, as far as the model can tell the difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    Zh,
    En,
    /// Chinese and English, both in substance and not only in names.
    Mixed,
    Other,
}

/// Words that any English text of some length has. Few of them are common in other languages in Latin letters.
const ENGLISH: &[&str] = &[
    "a", "about", "after", "all", "and", "are", "as", "asked", "at", "be", "because", "been", "but", "by",
    "for", "from", "had", "has", "have", "he", "her", "him", "his", "i", "if", "in", "is", "it", "its", "my",
    "not", "of", "on", "or", "our", "she", "so", "than", "that", "the", "their", "them", "they", "this",
    "to", "up", "was", "we", "were", "what", "when", "which", "who", "will", "with", "would", "you", "your",
];

/// Share of [`ENGLISH`] below which a text in Latin letters is another language; English has 0.3 to 0.5.
const ENGLISH_SHARE: f32 = 0.12;

/// Words from which on that share means anything.
const ENOUGH_WORDS: usize = 20;

impl Language {
    /// Detects by script, and English by its most common words.
    pub fn of(text: &str) -> Self {
        let (mut han, mut latin, mut other) = (0usize, 0usize, 0usize);
        for c in text.chars().filter(|c| c.is_alphabetic()) {
            match c {
                '\u{3400}'..='\u{4dbf}'
                | '\u{4e00}'..='\u{9fff}'
                | '\u{f900}'..='\u{faff}'
                | '\u{20000}'..='\u{3134f}' => {
                    han += 1;
                }
                'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => latin += 1,
                _ => other += 1,
            }
        }
        // A Chinese word is some two characters, an English one some five letters.
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

/// Whether a text in Latin letters is long enough to tell, and not English.
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
}
