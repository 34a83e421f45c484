//! Statistics of a corpus: how much text of which languages, how long its documents and sentences are, its most frequent
//! words, and what was left out.

use std::collections::{BTreeMap, HashMap};

use salesmirror::model::Tokenizer;
use salesmirror::text::Sentence;
use serde::Serialize;

use super::personal::{Kind, Replaced};
use crate::data::language;
use crate::data::segmenter::{PartOfSpeech, Segmenter, is_stop_word};

/// How many different words are counted. Beyond that, rare words are forgotten: those seen once, then twice, and so on.
/// Frequent words are seen often everywhere and keep their counts.
const VOCABULARY: usize = 400_000;

/// How many words are shown of each kind.
const SHOWN: usize = 20;

/// What was read, kept and left out.
#[derive(Debug, Default, Serialize)]
pub struct Outcome {
    pub files: u64,
    pub bytes: u64,
    /// Files, rows and lines that could not be read; skipped.jsonl lists them.
    pub skipped: u64,
    /// Documents that were read; a long text file has several.
    pub read: u64,
    /// Documents without a sentence after cleaning.
    pub empty: u64,
    pub other_language: u64,
    pub exact_duplicates: u64,
    pub near_duplicates: u64,
    pub kept: u64,
    pub boilerplate_lines: u64,
    pub placeholders: Replaced,
}

/// Counts over documents, which can be added up.
#[derive(Debug, Default)]
pub struct Counts {
    languages: BTreeMap<&'static str, Amount>,
    /// From a number of words to the number of documents (or sentences) that have it.
    document_lengths: BTreeMap<u32, u64>,
    sentence_lengths: BTreeMap<u32, u64>,
    words: HashMap<(WordKind, String), u64>,
}

/// The list that a word belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum WordKind {
    Chinese(PartOfSpeech),
    Other,
}

#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Amount {
    pub documents: u64,
    pub sentences: u64,
    pub words: u64,
    pub characters: u64,
    /// `None` if no tokenizer was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<u64>,
}

impl Amount {
    fn add(&mut self, other: Amount) {
        self.documents += other.documents;
        self.sentences += other.sentences;
        self.words += other.words;
        self.characters += other.characters;
        if let Some(tokens) = other.tokens {
            *self.tokens.get_or_insert_default() += tokens;
        }
    }
}

impl Counts {
    /// The counts of one document.
    ///
    /// # Errors
    /// If the tokenizer fails.
    pub fn of(
        text: &str,
        document: &salesmirror::text::Document,
        segmenter: &Segmenter,
        tokenizer: Option<&Tokenizer>,
    ) -> Result<Self, salesmirror::ModelError> {
        let mut counts = Self::default();
        let words = segmenter.tagged(text);
        let mut at = 0;
        for Sentence { range, .. } in &document.sentences {
            let before = at;
            at += words[at..].iter().take_while(|(word, _)| word.range.start < range.end).count();
            *counts.sentence_lengths.entry((at - before) as u32).or_default() += 1;
        }
        *counts.document_lengths.entry(words.len() as u32).or_default() += 1;
        for (word, part) in &words {
            let kind = match part {
                Some(PartOfSpeech::Other) => continue,
                Some(part) => WordKind::Chinese(*part),
                None => WordKind::Other,
            };
            let content = word.text.chars().nth(1).is_some()
                && word.text.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-'))
                && !is_stop_word(word.text)
                && !is_placeholder(text, word.range.start, word.text);
            if content {
                *counts.words.entry((kind, word.text.to_lowercase())).or_default() += 1;
            }
        }
        let tokens = tokenizer.map(|tokenizer| {
            let tokens = document
                .sentences
                .iter()
                .map(|sentence| Ok(tokenizer.encode(&sentence.text)?.ids.len() as u64));
            tokens.sum::<Result<u64, salesmirror::ModelError>>()
        });
        let amount = Amount {
            documents: 1,
            sentences: document.sentences.len() as u64,
            words: words.len() as u64,
            characters: document.characters as u64,
            tokens: tokens.transpose()?,
        };
        counts.languages.insert(language::code(document.language), amount);
        Ok(counts)
    }

    pub fn add(&mut self, other: Self) {
        for (language, amount) in other.languages {
            self.languages.entry(language).or_default().add(amount);
        }
        for (into, from) in [
            (&mut self.document_lengths, other.document_lengths),
            (&mut self.sentence_lengths, other.sentence_lengths),
        ] {
            for (length, count) in from {
                *into.entry(length).or_default() += count;
            }
        }
        for (word, count) in other.words {
            *self.words.entry(word).or_default() += count;
        }
    }

    /// Forgets rare words if there are too many (lossy counting, Manku and Motwani 2002). The result depends on where in
    /// the corpus this is called.
    pub fn forget_rare_words(&mut self) {
        let mut rare = 1;
        while self.words.len() > VOCABULARY {
            self.words.retain(|_, count| *count > rare);
            rare *= 2;
        }
    }

    pub fn summary(&self, outcome: Outcome) -> Statistics {
        let mut total = Amount::default();
        self.languages.values().for_each(|amount| total.add(*amount));
        let mut frequent: BTreeMap<&'static str, Vec<(String, u64)>> = BTreeMap::new();
        for (name, listed) in [
            ("zh nouns", WordKind::Chinese(PartOfSpeech::Noun)),
            ("zh verbs", WordKind::Chinese(PartOfSpeech::Verb)),
            ("zh adjectives", WordKind::Chinese(PartOfSpeech::Adjective)),
            ("en", WordKind::Other),
        ] {
            let mut words: Vec<(&str, u64)> = self
                .words
                .iter()
                .filter(|((kind, _), _)| *kind == listed)
                .map(|((_, word), n)| (word.as_str(), *n))
                .collect();
            words.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
            words.truncate(SHOWN);
            if !words.is_empty() {
                frequent.insert(name, words.into_iter().map(|(word, n)| (word.to_owned(), n)).collect());
            }
        }
        Statistics {
            outcome,
            total,
            languages: self.languages.clone(),
            document_words: Quantiles::of(&self.document_lengths),
            sentence_words: Quantiles::of(&self.sentence_lengths),
            frequent,
        }
    }
}

fn is_placeholder(text: &str, start: usize, word: &str) -> bool {
    text[..start].ends_with('[')
        && Kind::ALL.iter().any(|kind| {
            let placeholder = kind.placeholder();
            placeholder.len() == word.len() + 2 && text[start - 1..].starts_with(placeholder)
        })
}

/// The content of statistics.json.
#[derive(Debug, Serialize)]
pub struct Statistics {
    #[serde(flatten)]
    pub outcome: Outcome,
    pub total: Amount,
    pub languages: BTreeMap<&'static str, Amount>,
    /// Words per document and per sentence.
    pub document_words: Quantiles,
    pub sentence_words: Quantiles,
    /// The most frequent words without stop words, Chinese ones by part of speech and all others under `en`.
    pub frequent: BTreeMap<&'static str, Vec<(String, u64)>>,
}

/// Quantiles of lengths: 10 % are at most `p10`, and so on.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Quantiles {
    pub p10: u32,
    pub p50: u32,
    pub p90: u32,
    pub p99: u32,
    pub max: u32,
}

impl Quantiles {
    fn of(lengths: &BTreeMap<u32, u64>) -> Self {
        let all: u64 = lengths.values().sum();
        let at = |share: f64| {
            let wanted = (share * all as f64).ceil() as u64;
            let mut seen = 0;
            let reached = lengths.iter().find(|(_, count)| {
                seen += **count;
                seen >= wanted.max(1)
            });
            reached.map_or(0, |(length, _)| *length)
        };
        Self { p10: at(0.1), p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1.0) }
    }
}

impl std::fmt::Display for Statistics {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let Outcome {
            files,
            bytes,
            read,
            kept,
            skipped,
            empty,
            other_language,
            exact_duplicates,
            near_duplicates,
            ..
        } = &self.outcome;
        writeln!(f, "{files} files, {:.1} MB: {read} documents read, {kept} kept", *bytes as f64 / 1e6)?;
        writeln!(
            f,
            "left out: {skipped} files, rows or lines that could not be read, {empty} empty documents, {other_language} in other \
             languages, {exact_duplicates} exact and {near_duplicates} near duplicates"
        )?;
        let placeholders: Vec<String> = self
            .outcome
            .placeholders
            .iter()
            .map(|(kind, count)| format!("{count} {}", kind.placeholder()))
            .collect();
        let placeholders = if placeholders.is_empty() { "none".to_owned() } else { placeholders.join(", ") };
        writeln!(
            f,
            "boilerplate lines: {}; personal data: {placeholders}\n",
            self.outcome.boilerplate_lines
        )?;

        writeln!(
            f,
            "| language | documents | sentences | words | characters | tokens |\n|---|---|---|---|---|---|"
        )?;
        for (name, amount) in
            self.languages.iter().map(|(name, amount)| (*name, amount)).chain([("all", &self.total)])
        {
            let Amount { documents, sentences, words, characters, tokens } = amount;
            let tokens = tokens.map_or("–".to_owned(), |tokens| tokens.to_string());
            writeln!(f, "| {name} | {documents} | {sentences} | {words} | {characters} | {tokens} |")?;
        }
        writeln!(f, "\n| words | 10 % | 50 % | 90 % | 99 % | max |\n|---|---|---|---|---|---|")?;
        for (name, Quantiles { p10, p50, p90, p99, max }) in
            [("per document", &self.document_words), ("per sentence", &self.sentence_words)]
        {
            writeln!(f, "| {name} | {p10} | {p50} | {p90} | {p99} | {max} |")?;
        }
        writeln!(f)?;
        for (name, words) in &self.frequent {
            let words: Vec<String> = words.iter().map(|(word, count)| format!("{word} {count}")).collect();
            writeln!(f, "{name}: {}", words.join(", "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(texts: &[&str]) -> Counts {
        let segmenter = Segmenter::new();
        let mut counts = Counts::default();
        for text in texts {
            counts.add(Counts::of(text, &salesmirror::text::read(text).unwrap(), &segmenter, None).unwrap());
        }
        counts
    }

    #[test]
    fn words_sentences_and_languages_are_counted() {
        let statistics =
            counts(&["The customer called. We sent the customer an offer.", "客户要求降价。客户打折。"])
                .summary(Outcome::default());
        assert_eq!(statistics.languages["en"].sentences, 2);
        assert_eq!(statistics.languages["en"].words, 9);
        assert_eq!(statistics.languages["zh"].documents, 1);
        assert_eq!(statistics.total.sentences, 4);
        assert_eq!(statistics.sentence_words.max, 6);
        assert_eq!(statistics.frequent["en"][0], ("customer".to_owned(), 2));
        assert_eq!(statistics.frequent["zh nouns"][0], ("客户".to_owned(), 2));
    }

    #[test]
    fn placeholders_and_stop_words_are_not_listed() {
        let statistics =
            counts(&["Call [PHONE] and mail [EMAIL] and name the price."]).summary(Outcome::default());
        let words: Vec<&str> = statistics.frequent["en"].iter().map(|(word, _)| word.as_str()).collect();
        assert_eq!(words, ["call", "mail", "name", "price"]);
    }

    #[test]
    fn quantiles_are_lengths_that_occur() {
        let lengths = BTreeMap::from([(1, 5), (2, 4), (100, 1)]);
        assert_eq!(Quantiles::of(&lengths), Quantiles { p10: 1, p50: 1, p90: 2, p99: 100, max: 100 });
        assert_eq!(Quantiles::of(&BTreeMap::new()), Quantiles::default());
    }

    #[test]
    fn rare_words_are_forgotten_if_there_are_too_many() {
        let mut counts = Counts::default();
        for i in 0..=VOCABULARY {
            counts.words.insert((WordKind::Other, format!("w{i}")), 1 + u64::from(i % 100 == 0));
        }
        counts.forget_rare_words();
        assert_eq!(counts.words.len(), VOCABULARY / 100 + 1);
    }
}
