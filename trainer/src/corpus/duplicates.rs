//! Finds exact and near duplicates.
//!
//! A text is represented by its set of shingles: sequences of four words, or of four Chinese characters. MinHash (Broder
//! 1997) estimates the Jaccard similarity of two sets, and banding finds candidates without comparing all pairs. A kept
//! document takes about 300 bytes of memory: one byte per permutation (Li and König 2010) and one slot per band.

use std::collections::HashSet;

use crate::data::hash::{Fnv, mix};

/// MinHash permutations.
const PERMUTATIONS: usize = 128;

/// The words of a shingle.
const SHINGLE: usize = 4;

/// Texts with fewer shingles are only compared as a whole, because one changed word changes most of their shingles.
const FEWEST_SHINGLES: usize = 16;

/// The proportion of pairs, just similar enough to be near duplicates, that must share a band.
const RECALL: f64 = 0.9;

/// What is remembered of a text to find its duplicates.
pub struct Signature {
    /// A hash of all letters and digits, since white space, punctuation and case do not matter.
    exact: u64,
    /// The smallest hash under each permutation; `None` for a short text.
    smallest: Option<Box<[u32; PERMUTATIONS]>>,
}

impl Signature {
    pub fn of(text: &str) -> Self {
        let mut exact = Fnv::default();
        // The hashes of the last words, which make up the next shingle.
        let mut last = [0u64; SHINGLE];
        let mut words = 0usize;
        let mut shingles: Vec<u64> = Vec::with_capacity(text.len() / 4);
        let mut word: Option<Fnv> = None;
        let mut push = |word: &mut Option<Fnv>| {
            if let Some(word) = word.take() {
                last.rotate_left(1);
                last[SHINGLE - 1] = word.value();
                words += 1;
                if words >= SHINGLE {
                    shingles.push(last.iter().fold(0, |hash, word| mix(hash ^ word)));
                }
            }
        };
        for c in text.chars() {
            if !c.is_alphanumeric() {
                push(&mut word);
                continue;
            }
            // Han, kana and others: scripts without spaces, in which each character counts as a word.
            let single =
                matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}');
            if single {
                push(&mut word);
            }
            for c in c.to_lowercase() {
                exact.add(c as u64);
                word.get_or_insert_default().add(c as u64);
            }
            if single {
                push(&mut word);
            }
        }
        push(&mut word);
        shingles.sort_unstable();
        shingles.dedup();
        let smallest = (shingles.len() >= FEWEST_SHINGLES).then(|| smallest(&shingles));
        Self { exact: exact.value(), smallest }
    }
}

/// The smallest hash of a set under each permutation: x ↦ (x ⊕ b) · a, a odd, over 32 bits.
fn smallest(shingles: &[u64]) -> Box<[u32; PERMUTATIONS]> {
    let factors: [u32; PERMUTATIONS] = std::array::from_fn(|i| mix(2 * i as u64) as u32 | 1);
    let masks: [u32; PERMUTATIONS] = std::array::from_fn(|i| mix(2 * i as u64 + 1) as u32);
    let mut smallest = Box::new([u32::MAX; PERMUTATIONS]);
    for &shingle in shingles {
        let x = (shingle >> 32) as u32;
        for ((smallest, a), b) in smallest.iter_mut().zip(&factors).zip(&masks) {
            *smallest = (*smallest).min((x ^ b).wrapping_mul(*a));
        }
    }
    smallest
}

/// Whether a text is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    New,
    Exact,
    Near,
}

/// The documents that were kept so far.
pub struct Index {
    similarity: f64,
    /// Permutations per band.
    rows: usize,
    exact: HashSet<u64>,
    /// The lowest byte of each smallest hash, one document after the other, in blocks so that growing moves nothing.
    signatures: Vec<Vec<[u8; PERMUTATIONS]>>,
    bands: Vec<Band>,
}

/// Documents per block of signatures.
const BLOCK: usize = 8192;

impl Index {
    /// An index in which texts of at least this Jaccard similarity are near duplicates; 1 finds exact duplicates only.
    pub fn new(similarity: f64) -> Self {
        let recall =
            |rows: usize| 1.0 - (1.0 - similarity.powi(rows as i32)).powf((PERMUTATIONS / rows) as f64);
        let rows = [16, 8, 4, 2].into_iter().find(|rows| recall(*rows) >= RECALL).unwrap_or(1);
        let bands = (0..PERMUTATIONS / rows).map(|_| Band::default()).collect();
        Self { similarity, rows, exact: HashSet::new(), signatures: Vec::new(), bands }
    }

    /// Looks for a duplicate among the earlier texts, and remembers the text if there is none.
    pub fn insert(&mut self, signature: &Signature) -> Verdict {
        if !self.exact.insert(signature.exact) {
            return Verdict::Exact;
        }
        let Some(smallest) = signature.smallest.as_ref().filter(|_| self.similarity < 1.0) else {
            return Verdict::New;
        };
        let bytes: [u8; PERMUTATIONS] = std::array::from_fn(|i| smallest[i] as u8);
        let keys: Vec<u32> = smallest
            .chunks_exact(self.rows)
            .map(|band| (band.iter().fold(0, |hash, x| mix(hash ^ u64::from(*x))) >> 32) as u32)
            .collect();
        let found = |(key, band): (&u32, &Band)| band.find(*key).map(|document| self.signature(document));
        let near = keys
            .iter()
            .zip(&self.bands)
            .filter_map(found)
            .any(|other| similarity(&bytes, other) >= self.similarity);
        if near {
            return Verdict::Near;
        }
        let document = self.push(bytes);
        for (key, band) in keys.iter().zip(&mut self.bands) {
            band.insert(*key, document);
        }
        Verdict::New
    }

    fn signature(&self, document: u32) -> &[u8; PERMUTATIONS] {
        &self.signatures[document as usize / BLOCK][document as usize % BLOCK]
    }

    fn push(&mut self, bytes: [u8; PERMUTATIONS]) -> u32 {
        if self.signatures.last().is_none_or(|block| block.len() == BLOCK) {
            self.signatures.push(Vec::with_capacity(BLOCK));
        }
        let before = (self.signatures.len() - 1) * BLOCK;
        let block = self.signatures.last_mut().expect("a block was just added");
        block.push(bytes);
        (before + block.len() - 1) as u32
    }
}

/// Estimates the Jaccard similarity of two texts: that proportion of the permutations agrees, and one in 256 of the others
/// agrees by chance.
fn similarity(a: &[u8; PERMUTATIONS], b: &[u8; PERMUTATIONS]) -> f64 {
    let equal = a.iter().zip(b).filter(|(a, b)| a == b).count() as f64 / PERMUTATIONS as f64;
    ((equal - 1.0 / 256.0) / (1.0 - 1.0 / 256.0)).max(0.0)
}

/// Maps the hash of a band to the first document that had it. A compact table with open addressing, because it holds an
/// entry for every document.
#[derive(Default)]
struct Band {
    /// The hash in the upper half and document + 1 in the lower; 0 is free.
    slots: Vec<u64>,
    used: usize,
}

impl Band {
    /// The slot that holds a key, or the free slot where it belongs.
    fn slot(&self, key: u32) -> usize {
        let mut at = ((u64::from(key) * self.slots.len() as u64) >> 32) as usize;
        while self.slots[at] != 0 && (self.slots[at] >> 32) as u32 != key {
            at = (at + 1) % self.slots.len();
        }
        at
    }

    fn find(&self, key: u32) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        (self.slots[self.slot(key)] as u32).checked_sub(1)
    }

    fn insert(&mut self, key: u32, document: u32) {
        if 10 * self.used >= 9 * self.slots.len() {
            let grown = vec![0; (self.slots.len() * 3 / 2).max(64)];
            for entry in std::mem::replace(&mut self.slots, grown) {
                if entry != 0 {
                    let at = self.slot((entry >> 32) as u32);
                    self.slots[at] = entry;
                }
            }
        }
        let at = self.slot(key);
        if self.slots[at] == 0 {
            self.slots[at] = u64::from(key) << 32 | u64::from(document + 1);
            self.used += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bytes(text: &str) -> [u8; PERMUTATIONS] {
        let smallest = Signature::of(text).smallest.expect("the text has enough shingles");
        std::array::from_fn(|i| smallest[i] as u8)
    }

    /// A text of different words.
    fn text(words: impl Iterator<Item = usize>) -> String {
        words.map(|i| format!("w{i}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn texts_with_the_same_letters_and_digits_are_exact_duplicates() {
        let mut index = Index::new(0.8);
        assert_eq!(index.insert(&Signature::of("The offer stands: 5 %.")), Verdict::New);
        assert_eq!(index.insert(&Signature::of("the offer  stands — 5%")), Verdict::Exact);
        assert_eq!(index.insert(&Signature::of("the offer stands 6%")), Verdict::New);
        assert_eq!(index.insert(&Signature::of("客户要求降价。")), Verdict::New);
        assert_eq!(index.insert(&Signature::of("客户要求降价")), Verdict::Exact);
    }

    #[test]
    fn a_word_changed_in_a_report_makes_a_near_duplicate_and_another_report_does_not() {
        let reports = include_str!("../../../data/reports/specified.jsonl");
        let texts: Vec<String> = reports
            .lines()
            .step_by(5)
            .map(|line| {
                serde_json::from_str::<serde_json::Value>(line).unwrap()["text"].as_str().unwrap().to_owned()
            })
            .filter(|text| text.chars().count() > 250)
            .collect();
        let mut index = Index::new(0.8);
        assert!(texts.iter().all(|text| index.insert(&Signature::of(text)) == Verdict::New));
        for text in &texts {
            let changed = format!("Number 7: {text}");
            assert_eq!(index.insert(&Signature::of(&changed)), Verdict::Near, "{text}");
        }
        // A similarity of 1 finds exact duplicates only.
        let mut index = Index::new(1.0);
        assert_eq!(index.insert(&Signature::of(&texts[0])), Verdict::New);
        assert_eq!(index.insert(&Signature::of(&format!("Number 7: {}", texts[0]))), Verdict::New);
    }

    #[test]
    fn a_band_finds_what_it_was_given() {
        let mut band = Band::default();
        let keys: Vec<u32> = (0..5000u64).map(|i| mix(i) as u32).collect();
        for (document, key) in keys.iter().enumerate() {
            band.insert(*key, document as u32);
            band.insert(*key, 9_999);
        }
        assert!(keys.iter().enumerate().all(|(document, key)| band.find(*key) == Some(document as u32)));
        assert_eq!(band.find(mix(9_999) as u32), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// The first `shared` of 300 words are the same: the estimate is near the true similarity.
        #[test]
        fn the_estimate_is_near_the_truth(shared in 0usize..=300, salt in 0usize..1000) {
            let base = salt * 10_000;
            let a = text(base..base + 300);
            let b = text((base..base + shared).chain(base + 1000..base + 1300 - shared));
            let common = shared.saturating_sub(SHINGLE - 1) as f64;
            let truth = common / (2.0 * 297.0 - common);
            let estimate = similarity(&bytes(&a), &bytes(&b));
            // Five standard deviations of 128 draws.
            prop_assert!((estimate - truth).abs() < 0.22, "{estimate} for {truth}");
            let mut index = Index::new(0.8);
            index.insert(&Signature::of(&a));
            let verdict = index.insert(&Signature::of(&b));
            match shared {
                300 => prop_assert_eq!(verdict, Verdict::Exact),
                _ if truth > 0.95 => prop_assert_eq!(verdict, Verdict::Near),
                _ if truth < 0.5 => prop_assert_eq!(verdict, Verdict::New),
                _ => {}
            }
        }

        #[test]
        fn any_text_has_a_signature(text in "\\PC{0,80}") {
            let mut index = Index::new(0.5);
            prop_assert_eq!(index.insert(&Signature::of(&text)), Verdict::New);
            prop_assert_eq!(index.insert(&Signature::of(&text)), Verdict::Exact);
        }
    }
}
