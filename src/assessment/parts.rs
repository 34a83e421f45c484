//! Parts of a report that are no account of the writer's own sales work, such as a pasted brochure.
//!
//! Each part is judged beside the others; a doubtful one is read once more, alone; and where some are refused, the rest is read as if
//! they did not stand in the text. A text that is no account as a whole has no such parts: it is refused as a whole.

use std::ops::Range;

use candle_core::{Device, Tensor};
use candle_nn::ops::sigmoid;

use super::{AssessError, Reading, counted};
use crate::model::{Heads, Model};
use crate::text::Sentence;

/// The fewest sentences of a part; shorter paragraphs are joined with the next.
const PART_SENTENCES: usize = 3;

/// A part whose P(sales) is less than this beside the rest of its text is read alone. The encoder lends a part something of what
/// stands around it, so that a brochure in a report looks a little like a report, and a date like a brochure.
const DOUBTFUL: f32 = 0.8;

/// As [`super::Assessor::reread`].
pub(super) fn reread(model: &Model, reading: &mut Reading) -> Result<bool, AssessError> {
    let Model { heads, calibration, .. } = model;
    if reading.refused().is_none() {
        let own = counted(reading);
        if reading.parts().is_none() {
            // What the reader vouches for is not judged by parts.
            let parts = if reading.is_claimed() { Vec::new() } else { split(reading.sentences(), &own) };
            let mut judged = Vec::with_capacity(parts.len());
            if !parts.is_empty() {
                let projected = heads.project(&reading.sentence_vectors()?.unsqueeze(0)?)?;
                // A text that is refused as a whole stays so, however much like an account one of its parts looks alone.
                let is_account = gate(heads, &projected, &own)? >= calibration.sales_threshold;
                for part in parts.into_iter().filter(|_| is_account) {
                    // The gate looks at no other sentence, so that all parts together take the time of one text.
                    let vectors = projected.narrow(1, part.start, part.len())?;
                    let sales = gate(heads, &vectors, &own[part.clone()])?;
                    judged.push((part, sales));
                }
            }
            reading.judge(judged, |sales| sales < DOUBTFUL);
            if !reading.missing().is_empty() {
                return Ok(false);
            }
        }
        reading.judge_alone(|part, vectors| {
            gate(heads, &heads.project(&vectors.unsqueeze(0)?)?, &own[part.clone()])
        })?;
        let parts = reading.parts().unwrap_or_default();
        let is_refused = |sales: f32| sales < calibration.part_threshold;
        let mut refused = vec![false; own.len()];
        if parts.iter().any(|part| !is_refused(part.sales)) {
            for part in parts {
                refused[part.sentences.clone()].fill(is_refused(part.sales));
            }
        }
        reading.refuse(refused);
    }
    Ok(reading.missing().is_empty())
}

/// Predicts the probability that sentences are an account of the writer's own sales work from their projected vectors,
/// `[1, sentences, width]`. `own` is 1 for the writer's own sentences and 0 for the others.
fn gate(heads: &Heads, projected: &Tensor, own: &[f32]) -> Result<f32, AssessError> {
    let mask = Tensor::from_slice(own, (1, own.len()), &Device::Cpu)?;
    Ok(sigmoid(&heads.gate(projected, &mask, &mut Ok)?)?.get(0)?.to_scalar()?)
}

/// Splits the sentences of a text into parts: paragraphs, joined until they have at least [`PART_SENTENCES`] sentences. Parts without
/// a word of the writer's are left out, and there are none if fewer than two are left. `own` is 1 for the writer's own sentences
/// and 0 for the others.
fn split(sentences: &[Sentence], own: &[f32]) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    for (j, sentence) in sentences.iter().enumerate() {
        match parts.last_mut() {
            Some(last)
                if last.len() < PART_SENTENCES || sentences[last.end - 1].paragraph == sentence.paragraph =>
            {
                last.end = j + 1;
            }
            _ => parts.push(j..j + 1),
        }
    }
    if parts.len() > 1 && parts.last().is_some_and(|last| last.len() < PART_SENTENCES) {
        let last = parts.pop().map_or(0, |last| last.end);
        if let Some(joined) = parts.last_mut() {
            joined.end = last;
        }
    }
    parts.retain(|part| own[part.clone()].contains(&1.0));
    if parts.len() < 2 { Vec::new() } else { parts }
}
