//! Pairs of passages for next sentence prediction. In half of the pairs, the second passage follows the first in the same
//! document. In the others, it comes from another document in the same language, so that the script alone does not give the
//! answer away. An epoch uses every passage once. Its batches have about the same number of tokens, and the windows of a batch
//! have about the same length.

use std::collections::HashMap;
use std::ops::Range;

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use salesmirror::text::Language;

use super::PretrainingError;
use super::documents::Document;
use crate::autograd::derive_seed;

/// Number of framing tokens: `<s>` at the start, `</s></s>` between the passages, and `</s>` at the end.
const FRAME: usize = 4;

/// The number of batches whose windows are sorted by length together.
const SORTED_TOGETHER: usize = 32;

/// Consecutive sentences that fill a window and are split into two passages.
#[derive(Debug, Clone)]
struct Stretch {
    document: usize,
    sentences: Range<usize>,
    tokens: usize,
}

/// The description of a window: its stretch, whether the second passage follows the first, and the seed of its randomness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    stretch: usize,
    consecutive: bool,
    pub seed: u64,
}

/// A window of two passages, with its framing tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    pub ids: Vec<u32>,
    /// Where the second passage begins.
    pub second: usize,
    /// The units that are masked as a whole. Framing tokens belong to none.
    pub units: Vec<Range<usize>>,
    pub consecutive: bool,
    /// The documents of both passages.
    pub documents: [usize; 2],
}

/// All passages of some documents.
pub struct Pairs {
    documents: Vec<Document>,
    stretches: Vec<Stretch>,
    /// Indices of the documents in each language, in ascending order.
    by_language: HashMap<Language, Vec<usize>>,
    frame: [u32; 2],
    room: usize,
}

/// Returns how many tokens a sentence may have so that it can be paired in windows of `length` tokens.
pub fn longest_sentence(length: usize) -> usize {
    (length.saturating_sub(FRAME) / 2).max(1)
}

impl Pairs {
    /// Prepares pairs in windows of at most `length` tokens. `frame` holds the ids that begin and end a window.
    ///
    /// # Errors
    /// When there are fewer than two documents.
    pub fn new(documents: Vec<Document>, length: usize, frame: [u32; 2]) -> Result<Self, PretrainingError> {
        if documents.len() < 2 {
            return Err(PretrainingError::TooFewTexts { found: documents.len() });
        }
        let room = length.saturating_sub(FRAME).max(2);
        let mut by_language: HashMap<Language, Vec<usize>> = HashMap::new();
        let mut stretches = Vec::new();
        for (d, document) in documents.iter().enumerate() {
            by_language.entry(document.language).or_default().push(d);
            stretches.extend(split(document, room).into_iter().map(|sentences| Stretch {
                document: d,
                tokens: document.tokens(sentences.clone()).len(),
                sentences,
            }));
        }
        Ok(Self { documents, stretches, by_language, frame, room })
    }

    /// Returns the number of windows in an epoch.
    pub fn len(&self) -> usize {
        self.stretches.len()
    }

    /// Returns the batches of an epoch, each with at most `batch_tokens` tokens or a single window. The seed decides the order
    /// and all other randomness.
    pub fn epoch(&self, batch_tokens: usize, seed: u64) -> Vec<Vec<Place>> {
        let mut random = StdRng::seed_from_u64(seed);
        let mut order: Vec<usize> = (0..self.stretches.len()).collect();
        order.shuffle(&mut random);
        let mut places: Vec<Place> = order
            .into_iter()
            .enumerate()
            .map(|(i, stretch)| Place { stretch, consecutive: i % 2 == 0, seed: derive_seed(seed, i as u64) })
            .collect();
        let tokens = |place: &Place| self.stretches[place.stretch].tokens + FRAME;
        let mean = places.iter().map(tokens).sum::<usize>() / places.len().max(1);
        let together = (SORTED_TOGETHER * batch_tokens / mean.max(1)).max(1);
        let mut batches: Vec<Vec<Place>> = Vec::new();
        for group in places.chunks_mut(together) {
            group.sort_by_key(tokens);
            let (mut batch, mut size): (Vec<Place>, usize) = (Vec::new(), 0);
            for place in &*group {
                if !batch.is_empty() && size + tokens(place) > batch_tokens {
                    batches.push(std::mem::take(&mut batch));
                    size = 0;
                }
                size += tokens(place);
                batch.push(*place);
            }
            batches.push(batch);
        }
        batches.shuffle(&mut random);
        batches
    }

    /// Makes the window that a place describes.
    pub fn pair(&self, place: Place) -> Pair {
        let mut random = StdRng::seed_from_u64(place.seed);
        let stretch = &self.stretches[place.stretch];
        let document = &self.documents[stretch.document];
        let whole = document.tokens(stretch.sentences.clone());
        let middle = match stretch.sentences.len() {
            1 => {
                // There is only one sentence, so it is split at the unit boundary nearest to the middle.
                let middle = (whole.start + whole.end) / 2;
                let inside = document.units_in(whole.clone()).iter().map(|end| *end as usize);
                let inside = inside.filter(|end| *end < whole.end);
                inside.min_by_key(|end| end.abs_diff(middle)).unwrap_or(middle)
            }
            count => {
                let first = stretch.sentences.start;
                document.tokens(first..first + random.random_range(1..count)).end
            }
        };
        let mut other = (stretch.document, middle..whole.end);
        if !place.consecutive {
            let room = self.room - (middle - whole.start);
            other = self.elsewhere(stretch.document, whole.end - middle, room, &mut random);
        }
        let [begin, end] = self.frame;
        let mut pair = Pair {
            ids: vec![begin],
            second: 0,
            units: Vec::new(),
            consecutive: place.consecutive,
            documents: [stretch.document, other.0],
        };
        self.add(&mut pair, stretch.document, whole.start..middle);
        pair.ids.extend([end, end]);
        pair.second = pair.ids.len();
        self.add(&mut pair, other.0, other.1);
        pair.ids.push(end);
        pair
    }

    /// Adds tokens of a document, and their units, to a pair.
    fn add(&self, pair: &mut Pair, document: usize, tokens: Range<usize>) {
        let document = &self.documents[document];
        let shift = |at: usize| at - tokens.start + pair.ids.len();
        let mut begin = tokens.start;
        let ends = document.units_in(tokens.clone()).iter().map(|end| *end as usize);
        for end in ends.chain([tokens.end]) {
            if end > begin {
                pair.units.push(shift(begin)..shift(end));
                begin = end;
            }
        }
        pair.ids.extend(&document.ids[tokens]);
    }

    /// Chooses a passage from another document, in the same language if there is one. The passage consists of whole sentences
    /// if possible and has about `wanted` tokens, but at most `room`.
    fn elsewhere(
        &self,
        document: usize,
        wanted: usize,
        room: usize,
        random: &mut StdRng,
    ) -> (usize, Range<usize>) {
        let alike = &self.by_language[&self.documents[document].language];
        let chosen = match alike.binary_search(&document) {
            Ok(own) if alike.len() > 1 => {
                let at = random.random_range(0..alike.len() - 1);
                alike[at + usize::from(at >= own)]
            }
            _ => {
                let at = random.random_range(0..self.documents.len() - 1);
                at + usize::from(at >= document)
            }
        };
        let other = &self.documents[chosen];
        let first = random.random_range(0..other.sentences.len());
        let mut tokens = other.tokens(first..first + 1);
        for last in first + 1..other.sentences.len() {
            let more = other.tokens(first..last + 1);
            if tokens.len() >= wanted || more.len() > room {
                break;
            }
            tokens = more;
        }
        if tokens.len() > room {
            let limit = tokens.start + room;
            let ends = other.units_in(tokens.start..limit);
            tokens.end = ends.last().map_or(limit, |end| *end as usize);
        }
        (chosen, tokens)
    }
}

/// Splits a document into stretches of at most `room` tokens. A stretch of one sentence has at least two units.
fn split(document: &Document, room: usize) -> Vec<Range<usize>> {
    let mut stretches: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for end in 1..=document.sentences.len() {
        if document.tokens(start..end).len() > room && end > start + 1 {
            stretches.push(start..end - 1);
            start = end - 1;
        }
    }
    // A last sentence that would be alone is joined by the one before it.
    if let Some(before) = stretches.last_mut()
        && document.sentences.len() - start == 1
        && before.len() > 2
        && document.tokens(start - 1..start + 1).len() <= room
    {
        before.end -= 1;
        start -= 1;
    }
    stretches.push(start..document.sentences.len());
    stretches
        .retain(|stretch| stretch.len() > 1 || document.units_in(document.tokens(stretch.clone())).len() > 1);
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use salesmirror::text::Language;

    /// Makes a document whose sentences have the given numbers of units, each of one or two tokens. Ids show the document.
    fn document(number: u32, sentences: &[usize]) -> Document {
        let language = if number.is_multiple_of(3) { Language::Zh } else { Language::En };
        let mut made = Document { language, ids: vec![], units: vec![], sentences: vec![] };
        for (s, &count) in sentences.iter().enumerate() {
            for unit in 0..count {
                made.ids.extend(vec![1000 * number + s as u32; 1 + unit % 2]);
                made.units.push(made.ids.len() as u32);
            }
            made.sentences.push(made.ids.len() as u32);
        }
        made
    }

    proptest! {
        #[test]
        fn half_of_the_pairs_are_consecutive_and_the_others_from_elsewhere(
            lengths in prop::collection::vec(prop::collection::vec(1usize..9, 1..20), 2..12),
            length in 40usize..120,
            seed in any::<u64>(),
        ) {
            let documents: Vec<Document> =
                lengths.iter().enumerate().map(|(d, sentences)| document(d as u32, sentences)).collect();
            let languages: Vec<Language> = documents.iter().map(|document| document.language).collect();
            let pairs = Pairs::new(documents, length, [1, 2]).unwrap();
            let batches = pairs.epoch(300, seed);
            prop_assert_eq!(&batches, &pairs.epoch(300, seed));
            let places: Vec<Place> = batches.concat();
            prop_assert_eq!(places.len(), pairs.len());
            let mut stretches: Vec<usize> = places.iter().map(|place| place.stretch).collect();
            stretches.sort_unstable();
            prop_assert!(stretches.iter().copied().eq(0..pairs.len()), "every passage once");
            let consecutive = places.iter().filter(|place| place.consecutive).count();
            prop_assert_eq!(consecutive, pairs.len().div_ceil(2));
            for place in places {
                let pair = pairs.pair(place);
                prop_assert_eq!(&pair, &pairs.pair(place));
                prop_assert!(pair.ids.len() <= length);
                let [a, b] = pair.documents;
                prop_assert_eq!(pair.consecutive, a == b);
                if languages.iter().filter(|language| **language == languages[a]).count() > 1 {
                    prop_assert_eq!(languages[a], languages[b]);
                }
                prop_assert_eq!((pair.ids[0], pair.ids[pair.second - 1], pair.ids[pair.second - 2]), (1, 2, 2));
                prop_assert_eq!(pair.ids[pair.ids.len() - 1], 2);
                prop_assert!(pair.second > 3 && pair.second < pair.ids.len() - 1, "both passages have something");
                let covered: Vec<usize> = pair.units.iter().cloned().flatten().collect();
                let second = pair.second;
                prop_assert!(covered.into_iter().eq((1..second - 2).chain(second..pair.ids.len() - 1)));
            }
            for batch in &batches {
                let tokens: usize = batch.iter().map(|place| pairs.stretches[place.stretch].tokens + FRAME).sum();
                prop_assert!(tokens <= 300 || batch.len() == 1);
            }
        }
    }

    #[test]
    fn one_text_alone_is_refused() {
        let error = Pairs::new(vec![document(1, &[3, 4])], 40, [1, 2]).err().unwrap().to_string();
        assert!(error.contains("two texts") && error.contains("--corpus"), "{error}");
    }
}
