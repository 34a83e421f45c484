//! How the heads read a report: with every sentence that counts, without those that the reader objects to, and without single
//! pieces of evidence.
//!
//! The encoder has read the whole report in any case, so that the vectors of the other sentences stay the same. What counts
//! as evidence, and what follows from a reading, is left to [`super::Assessor`].

use std::collections::{BTreeMap, BTreeSet};

use candle_core::{Device, Result, Tensor};

use crate::model::{Heads, HeadsOutput, Prediction, Variant};

/// The largest number of sentences that all variants without a piece of evidence have together, so that the time for them does
/// not grow with the square of a text. It allows for any evidence in a text of 256 sentences.
pub const VARIANT_SENTENCES: usize = 65_536;

/// A reading of a report for some competencies.
pub struct View {
    /// Indices of the competencies.
    pub competencies: Vec<usize>,
    /// 1 for each sentence that the heads see and 0 for the others.
    mask: Vec<f32>,
    /// The number of sentences that the heads see.
    pub sentences: usize,
    /// What the heads predict for all competencies.
    pub prediction: Prediction,
    /// Attention weights, `[competencies][sentences]`.
    pub attention: Vec<Vec<f32>>,
}

impl View {
    fn read(heads: &Heads, projected: &Tensor, mask: Vec<f32>, competencies: Vec<usize>) -> Result<Self> {
        let output = read(heads, projected, &mask)?;
        let attention = output.attention.get(0)?.to_vec2()?;
        let sentences = mask.iter().filter(|seen| **seen > 0.0).count();
        Ok(Self { competencies, mask, sentences, prediction: output.prediction()?, attention })
    }

    /// Returns the probabilities that a sentence is positive and negative evidence for a competency, both given by their index.
    pub fn probabilities(&self, sentence: usize, competency: usize) -> [f32; 2] {
        let row = &self.prediction.evidence[sentence];
        [row[2 * competency], row[2 * competency + 1]]
    }

    /// Returns the probability of evidence of either polarity; 0 for a sentence that the heads do not see.
    pub fn strength(&self, sentence: usize, competency: usize) -> f32 {
        let [positive, negative] = self.probabilities(sentence, competency);
        self.mask[sentence] * positive.max(negative)
    }

    /// Returns the mask with one sentence less.
    fn mask_without(&self, sentence: usize) -> Vec<f32> {
        let mut mask = self.mask.clone();
        mask[sentence] = 0.0;
        mask
    }
}

/// The evidence for a competency.
pub struct Found {
    /// The index of the competency's view.
    pub view: usize,
    /// Indices of sentences in text order.
    pub sentences: Vec<usize>,
}

/// Reads a report, of which only the sentences of a mask, `[sentences]`, are seen.
pub fn read(heads: &Heads, projected: &Tensor, mask: &[f32]) -> Result<HeadsOutput> {
    let mask = Tensor::from_slice(mask, (1, mask.len()), &Device::Cpu)?;
    heads.read(projected, &mask, &mut Ok)
}

/// Reads a report once for all competencies, and once more for those with objections. `counted` is 1 for each sentence that
/// counts and 0 for the others; objections are indices of a competency and of a sentence. The first view sees all that counts,
/// even if every competency has objections.
pub fn views(
    heads: &Heads,
    projected: &Tensor,
    counted: &[f32],
    competencies: usize,
    objections: &BTreeSet<(usize, usize)>,
) -> Result<Vec<View>> {
    // The empty set is the first in order.
    let mut unseen: BTreeMap<BTreeSet<usize>, Vec<usize>> = BTreeMap::from([(BTreeSet::new(), Vec::new())]);
    for c in 0..competencies {
        let sentences = objections.range((c, 0)..(c + 1, 0)).map(|&(_, sentence)| sentence).collect();
        unseen.entry(sentences).or_default().push(c);
    }
    let view = |(unseen, competencies): (BTreeSet<usize>, Vec<usize>)| {
        let mut mask = counted.to_vec();
        unseen.into_iter().for_each(|sentence| mask[sentence] = 0.0);
        View::read(heads, projected, mask, competencies)
    };
    unseen.into_iter().map(view).collect()
}

/// Reads a report without each piece of evidence, and returns what it then shows, by the index of the view and of the sentence.
/// Without its only sentence a report shows nothing, which is `None`.
///
/// `found` has the evidence for each competency, in order. The strongest of each comes first, then the second strongest of each, and
/// so on, as long as the variants have no more than [`VARIANT_SENTENCES`] sentences.
pub fn without(
    heads: &Heads,
    projected: &Tensor,
    views: &[View],
    found: &[Found],
) -> Result<BTreeMap<(usize, usize), Option<Variant>>> {
    let (_, count, _) = projected.dims3()?;
    let mut shown = BTreeMap::new();
    let mut wanted = BTreeSet::new();
    for (view, sentence) in by_rank(views, found) {
        if views[view].sentences <= 1 {
            shown.insert((view, sentence), None);
        } else if (wanted.len() + 1) * count <= VARIANT_SENTENCES {
            wanted.insert((view, sentence));
        }
    }
    let masks: Vec<Vec<f32>> =
        wanted.iter().map(|&(view, sentence)| views[view].mask_without(sentence)).collect();
    let variants = heads.variants(projected, &masks)?.into_iter().map(Some);
    shown.extend(wanted.into_iter().zip(variants));
    Ok(shown)
}

/// The evidence for all competencies, the strongest of each first, then the second strongest of each, and so on, as indices of a view and
/// of a sentence.
fn by_rank(views: &[View], found: &[Found]) -> Vec<(usize, usize)> {
    let mut ranked = Vec::new();
    for (competency, Found { view, sentences }) in found.iter().enumerate() {
        let strength = |&sentence: &usize| views[*view].strength(sentence, competency);
        let mut sentences = sentences.clone();
        sentences.sort_by(|a, b| strength(b).total_cmp(&strength(a)));
        ranked.extend(sentences.into_iter().enumerate().map(|(rank, sentence)| (rank, (*view, sentence))));
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, key)| key).collect()
}
