//! Whole-word masking (Devlin et al. 2019): chooses the tokens of a window that are masked and have to be predicted.

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use salesmirror::model::Tokenizer;

use super::PretrainingError;
use super::pairs::Pair;
use crate::autograd::derive_seed;

/// The shares of the chosen tokens that are replaced by the mask token and by a random token; the others stay unchanged.
const MASKED: f64 = 0.8;
const RANDOM: f64 = 0.1;

pub struct Masking {
    share: f64,
    mask: u32,
    /// Ids of tokens that stand for no text, in ascending order.
    special: Vec<u32>,
    /// Ids of tokens that stand for text.
    ordinary: Vec<u32>,
}

/// A window in which some tokens are masked.
#[derive(Debug, Clone, PartialEq)]
pub struct Masked {
    pub ids: Vec<u32>,
    pub second: usize,
    pub consecutive: bool,
    /// The positions of the masked tokens, in ascending order, and their original ids.
    pub masked: Vec<(usize, u32)>,
}

impl Masking {
    /// Makes a masking that masks a share of the tokens.
    ///
    /// # Errors
    /// When the tokenizer has no mask token.
    pub fn new(tokenizer: &Tokenizer, share: f64) -> Result<Self, PretrainingError> {
        let mask = tokenizer.mask().ok_or(PretrainingError::NoMaskToken)?;
        let special = tokenizer.special();
        let ordinary =
            (0..tokenizer.vocabulary() as u32).filter(|id| special.binary_search(id).is_err()).collect();
        Ok(Self { share, mask, special, ordinary })
    }

    /// Masks randomly chosen units until the share of the tokens is reached, but at least one unit if there are any. Units with
    /// a special token are never masked.
    pub fn apply(&self, pair: Pair, seed: u64) -> Masked {
        let mut random = StdRng::seed_from_u64(derive_seed(seed, 1));
        let Pair { mut ids, second, units, consecutive, .. } = pair;
        let tokens: usize = units.iter().map(|unit| unit.len()).sum();
        let wanted = ((self.share * tokens as f64).round() as usize).max(1);
        let mut candidates: Vec<_> = units
            .into_iter()
            .filter(|unit| ids[unit.clone()].iter().all(|id| self.special.binary_search(id).is_err()))
            .collect();
        candidates.shuffle(&mut random);
        let mut masked: Vec<(usize, u32)> = Vec::with_capacity(wanted);
        for unit in candidates {
            // A unit that would exceed the share is skipped; shorter ones may still fit.
            if masked.is_empty() || masked.len() + unit.len() <= wanted {
                masked.extend(unit.map(|at| (at, ids[at])));
            }
        }
        masked.sort_unstable();
        for &(at, _) in &masked {
            let draw: f64 = random.random();
            if draw < MASKED {
                ids[at] = self.mask;
            } else if draw < MASKED + RANDOM {
                ids[at] = self.ordinary[random.random_range(0..self.ordinary.len())];
            }
        }
        Masked { ids, second, consecutive, masked }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masking() -> Masking {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/tiny-bert/tokenizer.json");
        Masking::new(&Tokenizer::from_json(&std::fs::read(path).unwrap()).unwrap(), 0.15).unwrap()
    }

    /// Makes a window whose units have one to three tokens.
    fn pair(tokens: usize) -> Pair {
        let mut ids = vec![0];
        let mut units = Vec::new();
        while ids.len() <= tokens {
            let start = ids.len();
            ids.extend((0..1 + start % 3).map(|i| 10 + ((start + i) % 200) as u32));
            units.push(start..ids.len());
        }
        ids.push(2);
        let second = ids.len() / 2;
        Pair { ids, second, units, consecutive: true, documents: [0, 0] }
    }

    #[test]
    fn a_share_of_the_tokens_is_hidden_in_whole_words() {
        let (masking, pair) = (masking(), pair(30_000));
        let masked = masking.apply(pair.clone(), 7);
        let tokens = pair.ids.len() - 2;
        let share = masked.masked.len() as f64 / tokens as f64;
        assert!((share - 0.15).abs() < 0.001, "{share}");
        let places: std::collections::BTreeSet<usize> = masked.masked.iter().map(|(at, _)| *at).collect();
        for unit in &pair.units {
            let hidden = unit.clone().filter(|at| places.contains(at)).count();
            assert!(hidden == 0 || hidden == unit.len(), "{unit:?} is hidden in part");
        }
        let (mut masks, mut kept) = (0.0, 0.0);
        for &(at, id) in &masked.masked {
            assert_eq!(id, pair.ids[at]);
            masks += f64::from(u8::from(masked.ids[at] == 299));
            kept += f64::from(u8::from(masked.ids[at] == id));
            assert!(masked.ids[at] > 3, "no special token but the mask");
        }
        let count = masked.masked.len() as f64;
        assert!((masks / count - 0.8).abs() < 0.03 && (kept / count - 0.1).abs() < 0.03, "{masks} {kept}");
        for at in (0..pair.ids.len()).filter(|at| !places.contains(at)) {
            assert_eq!(masked.ids[at], pair.ids[at]);
        }
    }

    #[test]
    fn masks_are_a_matter_of_the_seed_alone() {
        let (masking, pair) = (masking(), pair(200));
        assert_eq!(masking.apply(pair.clone(), 1), masking.apply(pair.clone(), 1));
        assert_ne!(masking.apply(pair.clone(), 1).masked, masking.apply(pair, 2).masked);
    }

    #[test]
    fn what_stands_for_no_text_is_not_asked_for() {
        let mut unknown = pair(200);
        unknown.ids[1..].iter_mut().for_each(|id| *id = 3);
        assert_eq!(masking().apply(unknown, 1).masked, []);
    }
}
