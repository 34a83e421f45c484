//! Word segmentation of Chinese and English text, parts of speech, and stop words.
//!
//! Chinese has no spaces between words. Stretches of Han characters are segmented with jieba's dictionary, and with its
//! hidden Markov model where the dictionary has no entry; all other text is segmented by Unicode's rules (UAX 29).
//! Whole-word masking, the TF-IDF baseline and the statistics of a corpus use these words.

use std::ops::Range;

use jieba_rs::Jieba;
use salesmirror::text::is_han;
use unicode_segmentation::UnicodeSegmentation;

/// A word of a text. It contains a letter or a digit, no space, and no surrounding punctuation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word<'t> {
    /// The bytes of the word in the text.
    pub range: Range<usize>,
    pub text: &'t str,
}

/// The part of speech of a Chinese word; jieba tags no English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PartOfSpeech {
    Noun,
    Verb,
    Adjective,
    /// Everything else, including names and numbers.
    Other,
}

/// Splits texts into words. It holds jieba's dictionary (about 60 MB) and is slow to create: share one.
pub struct Segmenter {
    jieba: Jieba,
}

impl Default for Segmenter {
    fn default() -> Self {
        Self::new()
    }
}

impl Segmenter {
    pub fn new() -> Self {
        Self { jieba: Jieba::new() }
    }

    /// The words of a text, in order and not overlapping.
    pub fn words<'t>(&self, text: &'t str) -> Vec<Word<'t>> {
        let cut = |han: &str| {
            self.jieba.cut(han, true).iter().map(|token| (token.byte_start..token.byte_end, ())).collect()
        };
        collect(text, cut, ()).map(|(word, ())| word).collect()
    }

    /// The same words, Chinese ones with their part of speech.
    pub fn tagged<'t>(&self, text: &'t str) -> Vec<(Word<'t>, Option<PartOfSpeech>)> {
        let tag = |han: &str| {
            let tags = self.jieba.tag(han, true);
            tags.iter().map(|tag| (tag.byte_start..tag.byte_end, Some(part_of_speech(tag.tag)))).collect()
        };
        collect(text, tag, None).collect()
    }
}

/// The words of a text, each with a label. `chinese` segments and labels a stretch of Han characters, with byte ranges in
/// that stretch; words of other stretches are labelled `unknown`.
fn collect<T: Copy>(
    text: &str,
    chinese: impl Fn(&str) -> Vec<(Range<usize>, T)>,
    unknown: T,
) -> impl Iterator<Item = (Word<'_>, T)> {
    let words = stretches(text).flat_map(move |(stretch, han)| {
        let other = |(at, word): (usize, &str)| (at..at + word.len(), unknown);
        let words = match han {
            true => chinese(&text[stretch.clone()]),
            false => text[stretch.clone()].unicode_word_indices().map(other).collect(),
        };
        words.into_iter().map(move |(word, known)| {
            let range = stretch.start + word.start..stretch.start + word.end;
            (Word { text: &text[range.clone()], range }, known)
        })
    });
    words.filter(|(word, _)| word.text.contains(char::is_alphanumeric))
}

/// The part of speech of a tag of the ICTCLAS tag set: the first letter is the part of speech, and the rest is a subtype.
/// Names (`nr`, `ns`, `nt`) do not count as nouns because they say nothing about the topic.
fn part_of_speech(tag: &str) -> PartOfSpeech {
    match tag.as_bytes() {
        [b'n', b'r' | b's' | b't', ..] => PartOfSpeech::Other,
        [b'n', ..] | b"vn" | b"an" => PartOfSpeech::Noun,
        [b'v', ..] => PartOfSpeech::Verb,
        [b'a', ..] | b"z" | b"b" => PartOfSpeech::Adjective,
        _ => PartOfSpeech::Other,
    }
}

/// Splits a text into stretches with only Han characters (`true`) and without any (`false`).
fn stretches(text: &str) -> impl Iterator<Item = (Range<usize>, bool)> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = &text[start..];
        let han = is_han(rest.chars().next()?);
        let length = rest.find(|c| is_han(c) != han).unwrap_or(rest.len());
        let range = start..start + length;
        start = range.end;
        Some((range, han))
    })
}

/// Whether a word is a stop word, in any case: one that occurs in all texts, whatever their topic.
pub fn is_stop_word(word: &str) -> bool {
    ENGLISH.binary_search(&word.to_lowercase().replace('’', "'").as_str()).is_ok()
        || CHINESE.binary_search(&word).is_ok()
}

/// English articles, pronouns, prepositions, conjunctions, auxiliaries and common adverbs. Sorted.
#[rustfmt::skip]
const ENGLISH: &[&str] = &[
    "a", "about", "after", "again", "all", "also", "am", "an", "and", "any", "are", "aren't", "as", "at", "be", "because", "been",
    "before", "being", "both", "but", "by", "can", "can't", "cannot", "could", "couldn't", "did", "didn't", "do", "does",
    "doesn't", "doing", "don't", "down", "during", "each", "even", "every", "few", "for", "from", "further", "had", "hadn't", "has",
    "hasn't", "have", "haven't", "having", "he", "he'd", "he's", "her", "here", "hers", "him", "his", "how", "i", "i'd", "i'll",
    "i'm", "i've", "if", "in", "into", "is", "isn't", "it", "it's", "its", "just", "me", "more", "most", "my", "myself", "no",
    "nor", "not", "now", "of", "off", "on", "once", "only", "or", "other", "our", "ours", "out", "over", "own", "s", "same", "she",
    "she'd", "she's", "should", "so", "some", "still", "such", "t", "than", "that", "that's", "the", "their", "theirs", "them",
    "then", "there", "there's", "these", "they", "they'd", "they're", "they've", "this", "those", "through", "to", "too", "under",
    "until", "up", "us", "very", "was", "wasn't", "we", "we'd", "we'll", "we're", "we've", "were", "weren't", "what", "when",
    "where", "which", "while", "who", "whom", "whose", "why", "will", "with", "won't", "would", "wouldn't", "you", "you'd",
    "you'll", "you're", "you've", "your", "yours",
];

/// Chinese particles, pronouns, prepositions, conjunctions, measure words and common adverbs. Sorted by code point.
#[rustfmt::skip]
const CHINESE: &[&str] = &[
    "一", "一下", "一个", "一些", "一样", "一直", "一种", "一起", "上", "上面", "下", "下面", "不", "不仅", "不但", "不是", "不管", "不过",
    "与", "两", "个", "中", "为", "为了", "为什么", "么", "之", "之前", "之后", "也", "也是", "了", "于", "于是", "人家", "什么", "仅",
    "仍", "仍然", "从", "他", "他们", "令", "以", "以便", "以免", "以前", "以及", "以后", "们", "件", "会", "似乎", "但", "但是", "位",
    "你", "你们", "使", "使得", "例如", "依", "依然", "便", "假如", "像", "关于", "其", "其中", "其他", "其它", "其实", "内", "再",
    "几", "几乎", "则", "刚", "刚刚", "别", "别人", "到", "前", "即使", "却", "去", "又", "又是", "及", "另", "另外", "只", "只是",
    "只有", "只要", "叫", "可", "可以", "可是", "可能", "各", "同", "后", "后来", "向", "吗", "否则", "吧", "呀", "呢", "和", "咱",
    "咱们", "哦", "哪", "哪个", "哪些", "哪里", "啊", "嗯", "嘛", "因", "因为", "因此", "因而", "在", "地", "外", "多", "多少", "大家",
    "太", "她", "她们", "如", "如何", "如果", "如此", "它", "它们", "对", "对于", "将", "尤其", "就", "就是", "尽管", "已", "已经",
    "常", "常常", "并", "并且", "应", "应该", "当", "当时", "往", "往往", "很", "得", "必须", "怎么", "怎么样", "怎样", "总", "总是",
    "您", "您们", "我", "我们", "或", "或者", "所", "所以", "才", "把", "按", "按照", "挺", "接着", "方面", "无", "无论", "既", "既然",
    "时", "时候", "是", "更", "曾", "曾经", "最", "有", "有些", "朝", "未", "本", "条", "来", "某", "根据", "次", "正", "正在",
    "此", "每", "比", "比如", "比较", "没", "没有", "然后", "然而", "特别", "现在", "甚至", "用", "由", "由于", "的", "真", "着", "种",
    "立刻", "第", "等", "等等", "经常", "给", "而", "而且", "而是", "能", "能够", "自", "自从", "自己", "至", "至于", "若", "虽然",
    "被", "要", "要是", "让", "该", "谁", "越", "越来越", "跟", "过", "还", "还是", "还有", "这", "这个", "这么", "这些", "这样",
    "这边", "这里", "通过", "那", "那个", "那么", "那些", "那就", "那样", "那边", "那里", "都", "都是", "里", "里面", "间", "除了", "除非",
    "非", "非常", "须", "马上",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use std::sync::LazyLock;

    use super::*;

    static SEGMENTER: LazyLock<Segmenter> = LazyLock::new(Segmenter::new);

    fn words(text: &str) -> Vec<&str> {
        SEGMENTER.words(text).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn chinese_is_segmented_by_dictionary_and_the_rest_by_unicode_rules() {
        assert_eq!(words("客户要求降价，我们换了5%。"), ["客户", "要求", "降价", "我们", "换", "了", "5"]);
        assert_eq!(
            words("Don't pay $1,200.50 — 报价v2.1好"),
            ["Don't", "pay", "1,200.50", "报价", "v2.1", "好"]
        );
        assert_eq!(words(" …、！ \u{200b}👍"), Vec::<&str>::new());
    }

    #[test]
    fn chinese_words_have_a_part_of_speech() {
        let tagged = SEGMENTER.tagged("张伟给客户打折, fast");
        let parts: Vec<_> = tagged.iter().map(|(word, part)| (word.text, *part)).collect();
        assert!(parts.contains(&("客户", Some(PartOfSpeech::Noun))), "{parts:?}");
        assert!(parts.contains(&("打折", Some(PartOfSpeech::Verb))), "{parts:?}");
        assert!(parts.contains(&("fast", None)), "{parts:?}");
    }

    #[test]
    fn stop_word_lists_are_sorted_and_searched() {
        assert!(ENGLISH.is_sorted() && CHINESE.is_sorted());
        for word in ["The", "don’t", "的", "我们", "因为"] {
            assert!(is_stop_word(word), "{word}");
        }
        for word in ["customer", "客户", "need", ""] {
            assert!(!is_stop_word(word), "{word}");
        }
    }

    proptest! {
        #[test]
        fn words_are_in_order_and_inside_any_text(text in "(\\PC|[客户的价格谈判々〇a-z0-9 .,。\u{fe0f}\u{20000}]){0,60}") {
            let words = SEGMENTER.words(&text);
            let mut end = 0;
            for word in &words {
                prop_assert!(word.range.start >= end && word.range.end > word.range.start);
                prop_assert_eq!(text.get(word.range.clone()), Some(word.text));
                prop_assert!(word.text.contains(char::is_alphanumeric));
                end = word.range.end;
            }
            // Tagging finds the same words.
            let tagged: Vec<Word> = SEGMENTER.tagged(&text).into_iter().map(|(word, _)| word).collect();
            prop_assert_eq!(tagged, words);
        }

        #[test]
        fn no_han_character_is_lost(text in "[\u{4e00}-\u{9fa5}，a ]{0,40}") {
            let kept: String = words(&text).concat().chars().filter(|c| is_han(*c)).collect();
            let all: String = text.chars().filter(|c| is_han(*c)).collect();
            prop_assert_eq!(kept, all);
        }
    }
}
