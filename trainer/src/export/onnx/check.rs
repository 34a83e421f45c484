//! Inputs of many shapes with their expected outputs, by which a runtime is checked, and reports with their expected levels, by
//! which a program is checked. The expected outputs are those of candle's
//! f32 encoder and of the heads, computed window by window and document by document without padding. A runtime must give the
//! same outputs for the padded batch.

use std::collections::HashMap;

use candle_core::{DType, Device, Tensor};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use salesmirror::Rubric;
use salesmirror::model::{Calibration, Heads, Tokenizer};
use salesmirror::text::{self, Window};
use serde_json::json;

use super::super::{ExportError, decode_levels};
use crate::data::LabelledReport;
use crate::finetuning::tokenize;
use crate::model_dir::{ReferenceEncoder, TrainedModel};

/// The lengths of the sentences in `[batches][documents][sentences]`, as shares of the tokens that fit into a window. The
/// batches are: a short document, one sentence of one token, documents of different lengths, and a document of several
/// windows with a sentence that is longer than a window.
const BATCHES: [&[&[f32]]; 4] = [
    &[&[0.1, 0.05, 0.2]],
    &[&[0.0]],
    &[&[0.3, 0.1, 0.4], &[0.02], &[0.1, 0.1, 0.1, 0.1, 0.1, 0.3]],
    &[&[0.5, 0.4, 0.3, 1.4, 0.2], &[1.0], &[0.2, 0.0, 0.1]],
];

/// Makes the tensors of `check.safetensors`. `N.name` is an input or output of batch N, named as in the graph.
pub fn check_tensors(trained: &TrainedModel) -> Result<HashMap<String, Tensor>, ExportError> {
    let encoder = ReferenceEncoder::new(&trained.encoder.config, trained.encoder.weights.clone())?;
    let heads = trained.heads()?;
    let frame = Tokenizer::from_json(&trained.encoder.tokenizer_json)?.frame();
    let room = trained.encoder.config.max_position_embeddings - frame.len();
    let vocabulary = trained.encoder.config.vocab_size as u32;
    let mut random = StdRng::seed_from_u64(0);
    let mut tensors = HashMap::new();
    for (n, documents) in BATCHES.iter().enumerate() {
        let documents: Vec<Vec<Vec<u32>>> = documents
            .iter()
            .map(|document| {
                let length = |share: &f32| ((share * room as f32) as usize).max(1);
                let sentence =
                    |share| (0..length(share)).map(|_| random.random_range(0..vocabulary)).collect();
                document.iter().map(sentence).collect()
            })
            .collect();
        let layouts: Vec<Vec<Window>> =
            documents.iter().map(|document| text::windows(document, room)).collect();
        for (name, tensor) in inputs(&documents, &layouts, frame)? {
            tensors.insert(format!("{n}.{name}"), tensor);
        }
        for (name, tensor) in outputs(&encoder, &heads, &documents, &layouts, frame)? {
            tensors.insert(format!("{n}.{name}"), tensor);
        }
    }
    Ok(tensors)
}

/// The most reports of which levels are written.
const REPORTS: usize = 40;

/// Predicts some of the reports that fit into one window, spread over all of them, with candle's f32 encoder. Each line has the `id`, the
/// `sentences` as they are tokenized, `sales`, the probability that the report is an account of the writer's own sales work, and
/// `levels`, by competency, null where it is not shown.
pub fn check_reports(
    trained: &TrainedModel,
    rubric: &Rubric,
    calibration: &Calibration,
    reports: &[LabelledReport],
) -> Result<Vec<serde_json::Value>, ExportError> {
    let encoder = ReferenceEncoder::new(&trained.encoder.config, trained.encoder.weights.clone())?;
    let heads = trained.heads()?;
    let tokenizer = Tokenizer::from_json(&trained.encoder.tokenizer_json)?;
    let positions = trained.encoder.config.max_position_embeddings;
    let mut known = Vec::new();
    for report in reports.iter().step_by(reports.len().div_ceil(REPORTS).max(1)) {
        let mut reading = tokenize(report, &tokenizer, positions)?;
        let [window] = reading.windows() else { continue };
        let window = window.clone();
        reading.fill(0, window.sums(&encoder.forward(window.ids())?)?)?;
        let prediction = heads.predict(&reading.sentence_vectors()?)?;
        let sales = prediction.sales;
        let levels: serde_json::Map<_, _> = rubric
            .competencies
            .iter()
            .zip(decode_levels(prediction, calibration, rubric.scale.min))
            .map(|(competency, (shown, level))| (competency.id.clone(), shown.then_some(level).into()))
            .collect();
        let sentences: Vec<&str> =
            reading.sentences().iter().map(|sentence| sentence.text.as_str()).collect();
        known.push(json!({ "id": report.id, "sentences": sentences, "sales": sales, "levels": levels }));
    }
    Ok(known)
}

/// Returns the ids of a window, each with the index of its sentence; framing ids have `None`.
fn tokens(document: &[Vec<u32>], window: &Window, [first, last]: [u32; 2]) -> Vec<(u32, Option<usize>)> {
    let pieces = window.pieces.iter().flat_map(|piece| {
        document[piece.sentence][piece.tokens.clone()].iter().map(|&id| (id, Some(piece.sentence)))
    });
    [(first, None)].into_iter().chain(pieces).chain([(last, None)]).collect()
}

fn inputs(
    documents: &[Vec<Vec<u32>>],
    layouts: &[Vec<Window>],
    frame: [u32; 2],
) -> candle_core::Result<Vec<(&'static str, Tensor)>> {
    let sentences = documents.iter().map(Vec::len).max().unwrap_or(0);
    let mut windows: Vec<Vec<(u32, i64)>> = Vec::new();
    for (d, (document, layout)) in documents.iter().zip(layouts).enumerate() {
        for window in layout {
            let number = |sentence: Option<usize>| sentence.map_or(-1, |s| (d * sentences + s) as i64);
            let tokens = tokens(document, window, frame);
            windows.push(tokens.into_iter().map(|(id, sentence)| (id, number(sentence))).collect());
        }
    }
    let longest = windows.iter().map(Vec::len).max().unwrap_or(0);
    let shape = (windows.len(), longest);
    let padded = |value: &dyn Fn(&(u32, i64)) -> i64, padding: i64| {
        let row = |window: &Vec<(u32, i64)>| {
            let values: Vec<i64> = window.iter().map(value).collect();
            values.into_iter().chain(std::iter::repeat(padding)).take(longest).collect::<Vec<_>>()
        };
        Tensor::from_vec(windows.iter().flat_map(row).collect::<Vec<_>>(), shape, &Device::Cpu)
    };
    let mask = documents.iter().flat_map(|d| (0..sentences).map(move |s| i64::from(s < d.len()))).collect();
    Ok(vec![
        ("input_ids", padded(&|&(id, _)| i64::from(id), 0)?),
        ("attention_mask", padded(&|_| 1, 0)?),
        ("sentence", padded(&|&(_, sentence)| sentence, -1)?),
        ("sentence_mask", Tensor::from_vec::<_, i64>(mask, (documents.len(), sentences), &Device::Cpu)?),
    ])
}

/// Computes the heads' outputs for each document alone, and pads them with zeros to the number of sentences of the longest.
fn outputs(
    encoder: &ReferenceEncoder,
    heads: &Heads,
    documents: &[Vec<Vec<u32>>],
    layouts: &[Vec<Window>],
    frame: [u32; 2],
) -> candle_core::Result<Vec<(&'static str, Tensor)>> {
    let sentences = documents.iter().map(Vec::len).max().unwrap_or(0);
    let (mut evidence, mut attention) = (Vec::new(), Vec::new());
    let (mut presence, mut cumulative, mut sales) = (Vec::new(), Vec::new(), Vec::new());
    for (document, layout) in documents.iter().zip(layouts) {
        // The token vectors of each sentence.
        let mut vectors: Vec<Vec<Tensor>> = vec![Vec::new(); document.len()];
        for window in layout {
            let tokens = tokens(document, window, frame);
            let ids: Vec<u32> = tokens.iter().map(|(id, _)| *id).collect();
            let states = encoder.forward(&ids)?;
            for (t, (_, sentence)) in tokens.iter().enumerate() {
                if let Some(sentence) = sentence {
                    vectors[*sentence].push(states.get(t)?);
                }
            }
        }
        let means = vectors.iter().map(|vectors| Tensor::stack(vectors, 0)?.mean(0));
        let means = Tensor::stack(&means.collect::<candle_core::Result<Vec<_>>>()?, 0)?.unsqueeze(0)?;
        let mask = Tensor::ones((1, document.len()), DType::F32, &Device::Cpu)?;
        let output = heads.forward(&means, &mask, &mut Ok)?;
        let padding = sentences - document.len();
        evidence.push(output.evidence.pad_with_zeros(1, 0, padding)?);
        attention.push(output.attention.pad_with_zeros(2, 0, padding)?);
        presence.push(output.presence);
        cumulative.push(output.cumulative);
        sales.push(output.sales);
    }
    Ok(vec![
        ("evidence", Tensor::cat(&evidence, 0)?),
        ("attention", Tensor::cat(&attention, 0)?),
        ("presence", Tensor::cat(&presence, 0)?),
        ("cumulative", Tensor::cat(&cumulative, 0)?),
        ("sales", Tensor::cat(&sales, 0)?),
    ])
}
