//! Exports a trained model as a Hugging Face directory.

use std::path::Path;

use salesmirror::Rubric;
use salesmirror::model::Calibration;
use serde_json::{Value, json};

use super::{ExportError, write_safetensors};
use crate::model_dir::{
    CALIBRATION_FILE, CONFIG_FILE, FINETUNE_FILE, HEADS_FILE, METRICS_FILE, MODEL_FILE, TOKENIZER_FILE,
    TrainedModel,
};
use crate::run::files::{self, FileError};

/// Writes a directory with config.json and model.safetensors for `transformers.BertModel`, and with the heads beside them. It
/// is also a trained model directory.
///
/// # Errors
/// [`ExportError::Experts`] if the model has mixtures of experts, because `transformers.BertModel` does not support them.
pub fn write(
    trained: &TrainedModel,
    rubric: &Rubric,
    calibration: &Calibration,
    figures: &Value,
    out: &Path,
) -> Result<(), ExportError> {
    if trained.encoder.config.experts.is_some() {
        return Err(ExportError::Experts);
    }
    let source = trained.directory.join(CONFIG_FILE);
    let mut config: Value = files::read_json(&source)?;
    let tags: Vec<String> =
        rubric.competencies.iter().flat_map(|c| [format!("{}+", c.id), format!("{}-", c.id)]).collect();
    let numbered = || tags.iter().enumerate();
    config["architectures"] = json!(["BertModel"]);
    config["torch_dtype"] = json!("float32");
    // The evidence head has a pair of outputs for each competency.
    config["id2label"] = numbered().map(|(i, tag)| (i.to_string(), json!(tag))).collect();
    config["label2id"] = numbered().map(|(i, tag)| (tag.clone(), json!(i))).collect();
    config["salesmirror"] = json!({
        "rubric": { "id": rubric.id, "version": rubric.version },
        "competencies": rubric.competencies.iter().map(|c| &c.id).collect::<Vec<_>>(),
        "scale": { "min": rubric.scale.min, "max": rubric.scale.max },
        "heads": trained.facts.heads,
    });
    files::write_json(&out.join(CONFIG_FILE), &config)?;
    write_safetensors(&out.join(MODEL_FILE), &trained.encoder.weights)?;
    write_safetensors(&out.join(HEADS_FILE), &trained.heads)?;
    files::write_bytes(&out.join(TOKENIZER_FILE), &trained.encoder.tokenizer_json)?;
    files::write_json(&out.join("tokenizer_config.json"), &tokenizer_config(trained)?)?;
    files::write_json(&out.join(FINETUNE_FILE), &trained.facts)?;
    files::write_json(&out.join(CALIBRATION_FILE), calibration)?;
    if !figures.is_null() {
        files::write_json(&out.join(METRICS_FILE), figures)?;
    }
    files::write_json(&out.join("rubric.json"), rubric)?;
    files::write_bytes(&out.join("README.md"), card(trained, rubric).as_bytes())?;
    Ok(())
}

/// Makes tokenizer_config.json, which names the special tokens that `transformers` asks for.
fn tokenizer_config(trained: &TrainedModel) -> Result<Value, ExportError> {
    let path = trained.directory.join(TOKENIZER_FILE);
    let tokenizer: Value =
        serde_json::from_slice(&trained.encoder.tokenizer_json).map_err(FileError::json(&path))?;
    let added: Vec<&str> = tokenizer["added_tokens"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|t| t["content"].as_str())
        .collect();
    let mut config = json!({
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": trained.encoder.config.max_position_embeddings,
    });
    for (part, names) in [
        ("cls_token", ["<s>", "[CLS]"]),
        ("sep_token", ["</s>", "[SEP]"]),
        ("unk_token", ["<unk>", "[UNK]"]),
        ("pad_token", ["<pad>", "[PAD]"]),
        ("mask_token", ["<mask>", "[MASK]"]),
    ] {
        if let Some(name) = names.iter().find(|name| added.contains(name)) {
            config[part] = json!(name);
        }
    }
    Ok(config)
}

fn card(trained: &TrainedModel, rubric: &Rubric) -> String {
    let languages: String = rubric.languages.iter().map(|language| format!("\n- {language}")).collect();
    let rows: String = rubric
        .competencies
        .iter()
        .map(|c| {
            let name = c.name.get("en").or_else(|| c.name.values().next()).map_or("", String::as_str);
            format!("| `{}` | {name} |\n", c.id)
        })
        .collect();
    let config = &trained.encoder.config;
    format!(
        r#"---
language:{languages}
library_name: transformers
pipeline_tag: text-classification
tags:
- bert
- ordinal-regression
- salesmirror
---
# A SalesMirror model

A BERT encoder of {layers} layers × {hidden} with heads that find evidence of competencies in the sentences of a report and
give each competency a level from {min} to {max}. It was trained on {reports} reports with the rubric `{rubric}` (version {version}).

| competency | |
|---|---|
{rows}
`BertModel.from_pretrained(".", add_pooling_layer=False)` loads the encoder. The heads are in `heads.safetensors`, their
shape in `finetune.json`; they read the mean of the token vectors of each sentence. `calibration.json` has the thresholds.
The directory is a trained model directory too, which `trainer quantize --model` and `trainer export --format onnx --model`
accept.

It reads one text; it does not measure a person, and it must not be the sole basis of a decision about anyone.
"#,
        layers = config.num_hidden_layers,
        hidden = config.hidden_size,
        min = rubric.scale.min,
        max = rubric.scale.max,
        reports = trained.facts.reports,
        rubric = rubric.id,
        version = rubric.version,
    )
}
