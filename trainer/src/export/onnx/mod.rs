//! The whole model as one ONNX graph: token ids in, the logits of [`salesmirror::model::HeadsOutput`] out.
//!
//! Owns the graph (`graph`), the messages that it is written in (`proto`) and the inputs with known outputs that lie
//! beside it (`check`). Dimensions of the graph's inputs and outputs:
//!
//! | name | shape | |
//! |---|---|---|
//! | `input_ids` | windows, tokens | ids with those that frame a window; anything at padding |
//! | `attention_mask` | windows, tokens | 1 for a token, 0 for padding |
//! | `sentence` | windows, tokens | document · sentences + number of the sentence in it; -1 for framing ids and padding |
//! | `sentence_mask` | documents, sentences | 1 for a sentence, 0 for padding |
//! | `evidence` | documents, sentences, 2 · competencies | logits; -1e9 at padding |
//! | `attention` | documents, competencies, sentences | sums to 1 over the sentences; 0 at padding |
//! | `presence` | documents, competencies | logits |
//! | `cumulative` | documents, competencies, levels - 1 | logits of P(level > k) |
//!
//! A document that is longer than a window takes several, whose tokens name its sentences all the same.

mod check;
mod graph;
mod proto;

pub use check::check_tensors;
pub use proto::OPSET;

use prost::Message;
use salesmirror::Rubric;
use salesmirror::model::Calibration;

use crate::Result;
use crate::export::ExportError;
use crate::model_dir::trained_model::TrainedModel;

/// The most bytes that a protobuf message may have.
const LARGEST: u64 = i32::MAX as u64;

/// Bytes of the ONNX file of a model.
///
/// # Errors
/// [`ExportError::TooLarge`] for a model of more than 2 GB.
pub fn encode(trained: &TrainedModel, rubric: &Rubric, calibration: &Calibration) -> Result<Vec<u8>> {
    // Told before the memory is taken.
    let tensors = trained.encoder.weights.values().chain(trained.parameters.values());
    check_size(tensors.map(|tensor| 4 * tensor.elem_count() as u64).sum())?;
    let competencies: Vec<&str> = rubric.competencies.iter().map(|c| c.id.as_str()).collect();
    let model = proto::Model {
        ir_version: Some(proto::IR_VERSION),
        producer_name: Some("salesmirror".to_owned()),
        producer_version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        doc_string: Some(
            "Evidence, presence and ordinal level of competencies in reports; see the README beside this file"
                .to_owned(),
        ),
        graph: Some(graph::graph(trained)?),
        opset_import: vec![proto::OperatorSet { domain: Some(String::new()), version: Some(OPSET) }],
        metadata_props: vec![
            proto::Entry::new("rubric_id", rubric.id.clone()),
            proto::Entry::new("rubric_version", rubric.version.to_string()),
            proto::Entry::new("competencies", serde_json::json!(competencies).to_string()),
            proto::Entry::new("lowest_level", rubric.scale.min.to_string()),
            proto::Entry::new("calibration", serde_json::json!(calibration).to_string()),
        ],
    };
    check_size(model.encoded_len() as u64)?;
    Ok(model.encode_to_vec())
}

fn check_size(bytes: u64) -> std::result::Result<(), ExportError> {
    if bytes > LARGEST { Err(ExportError::TooLarge { bytes, largest: LARGEST }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_two_gigabytes_are_refused() {
        assert!(check_size(LARGEST).is_ok());
        assert!(matches!(check_size(LARGEST + 1), Err(ExportError::TooLarge { .. })));
    }
}
