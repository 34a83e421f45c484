//! Exports the whole model as one ONNX graph, from token ids to the logits of [`salesmirror::model::HeadsOutput`].
//!
//! `graph` owns the graph, `proto` owns the protobuf messages that it consists of, and `check` owns the inputs with known
//! outputs that are written beside it. The graph has these inputs and outputs:
//!
//! | name | shape | |
//! |---|---|---|
//! | `input_ids` | `[windows, tokens]` | token ids, including framing ids; any id at padding |
//! | `attention_mask` | `[windows, tokens]` | 1 for a token, 0 for padding |
//! | `sentence` | `[windows, tokens]` | document · sentences + number of the sentence in it; -1 for framing ids and padding |
//! | `sentence_mask` | `[documents, sentences]` | 1 for a sentence, 0 for padding |
//! | `evidence` | `[documents, sentences, 2 · competencies]` | logits; -1e9 at padding |
//! | `attention` | `[documents, competencies, sentences]` | sums to 1 over the sentences; 0 at padding |
//! | `presence` | `[documents, competencies]` | logits |
//! | `cumulative` | `[documents, competencies, levels - 1]` | logits of P(level > k) |
//! | `sales` | `[documents]` | logits that the text is an account of the writer's own sales work |
//!
//! A document that is longer than a window takes several windows. `sentence` still counts the sentences of the whole document.

mod check;
mod graph;
mod proto;

pub use proto::OPSET;

use std::path::{Path, PathBuf};

use prost::Message;
use salesmirror::Rubric;
use salesmirror::model::{Calibration, Tokenizer};

use super::{ExportError, write_safetensors};
use crate::data::LabelledReport;
use crate::model_dir::{TOKENIZER_FILE, TrainedModel};
use crate::run::files;

/// The name of the file of inputs and outputs by which a runtime is checked.
const CHECK_FILE: &str = "check.safetensors";

/// The name of the file of reports with known levels.
const REPORTS_FILE: &str = "reports.jsonl";

/// Writes a directory with model.onnx, the tokenizer, inputs with known outputs, levels of some of the reports, and a README. Returns
/// the path of the graph and its size in bytes.
///
/// # Errors
/// [`ExportError::TooLarge`] if the graph is larger than 2 GB.
pub fn write(
    trained: &TrainedModel,
    rubric: &Rubric,
    calibration: &Calibration,
    reports: &[LabelledReport],
    out: &Path,
) -> Result<(PathBuf, usize), ExportError> {
    let file = encode(trained, rubric, calibration)?;
    let path = out.join("model.onnx");
    files::write_bytes(&path, &file)?;
    files::write_bytes(&out.join(TOKENIZER_FILE), &trained.encoder.tokenizer_json)?;
    write_safetensors(&out.join(CHECK_FILE), &check::check_tensors(trained)?)?;
    let known = check::check_reports(trained, rubric, calibration, reports)?;
    if !known.is_empty() {
        let lines: String = known.iter().map(|report| format!("{report}\n")).collect();
        files::write_bytes(&out.join(REPORTS_FILE), lines.as_bytes())?;
    }
    files::write_bytes(&out.join("README.md"), card(trained, rubric)?.as_bytes())?;
    Ok((path, file.len()))
}

/// The largest size of a protobuf message, in bytes.
const LARGEST: u64 = i32::MAX as u64;

/// Encodes the graph as bytes.
fn encode(
    trained: &TrainedModel,
    rubric: &Rubric,
    calibration: &Calibration,
) -> Result<Vec<u8>, ExportError> {
    // Refuse a model that is too large before allocating memory for it.
    let tensors = trained.encoder.weights.values().chain(trained.heads.values());
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

fn check_size(bytes: u64) -> Result<(), ExportError> {
    if bytes > LARGEST { Err(ExportError::TooLarge { bytes, largest: LARGEST }) } else { Ok(()) }
}

/// Writes the text of README.md in the directory.
fn card(trained: &TrainedModel, rubric: &Rubric) -> Result<String, ExportError> {
    let [first, last] = Tokenizer::from_json(&trained.encoder.tokenizer_json)?.frame();
    let positions = trained.encoder.config.max_position_embeddings;
    let competencies: Vec<String> = rubric.competencies.iter().map(|c| format!("`{}`", c.id)).collect();
    let competencies = competencies.join(", ");
    Ok(format!(
        r#"# A SalesMirror model as ONNX

`model.onnx` holds the encoder and the heads in one graph (f32, opset {opset}). All dimensions are free, except the number of
competencies and of levels.

| input (int64) | shape | |
|---|---|---|
| `input_ids` | windows, tokens | ids of `tokenizer.json`, {first} before and {last} after them; at most {positions} |
| `attention_mask` | windows, tokens | 1 for a token, 0 for padding |
| `sentence` | windows, tokens | document · sentences + number of the sentence; -1 for framing ids and padding |
| `sentence_mask` | documents, sentences | 1 for a sentence, 0 for padding |

A document that does not fit into one window takes several, whose tokens name the sentences of the document all the same.

| output (float) | shape | |
|---|---|---|
| `evidence` | documents, sentences, 2 · competencies | logits: at 2c of positive evidence for competency c, at 2c + 1 of negative; -1e9 at padding |
| `attention` | documents, competencies, sentences | how much each sentence counts; 0 at padding |
| `presence` | documents, competencies | logits that the document shows a competency at all |
| `cumulative` | documents, competencies, levels - 1 | logits of P(level > k), to be divided by the calibration's temperature |
| `sales` | documents | logits that the document is an account of the writer's own sales work |

The competencies are, in order: {competencies}. The metadata of the model (`metadata_props`) list them as `competencies`, with
`rubric_id`, `rubric_version`, `lowest_level` and the `calibration`: the thresholds of presence, evidence and the gate, and the
temperature of the levels.

`check.safetensors` holds inputs and outputs of this model, named `N.name` for batch N, to check a runtime with. `reports.jsonl`, if the
export was given reports, has sentences of some of them with the probability that they are an account (`sales`) and the level of
each competency that is shown, to check a program with. `examples/onnx/score.py` of SalesMirror is such a program.
"#,
        opset = OPSET
    ))
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
