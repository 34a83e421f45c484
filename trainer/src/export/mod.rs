//! `trainer export`: a trained model in f32 for other programs, as an ONNX graph or as a Hugging Face directory.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use candle_core::Tensor;
use salesmirror::Rubric;
use salesmirror::model::{Calibration, Tokenizer};
use serde_json::{Value, json};
use thiserror::Error;

use crate::run::files;
use crate::finetuning::{HEADS_FILE, RUN_FILE};
use crate::model_dir::trained_model::{CALIBRATION_FILE, METRICS_FILE, TrainedModel};
use crate::{Result, TrainerError, onnx};

#[derive(clap::Args)]
pub struct Options {
    /// Trained model directory, as `finetune` writes it.
    #[arg(long)]
    model: PathBuf,
    #[arg(long, value_enum)]
    format: Format,
    /// Run directory of `crossval`, whose calibration goes along; the model's own directory when not given.
    #[arg(long)]
    crossval: Option<PathBuf>,
    #[arg(long, default_value = "data/rubric.json")]
    rubric: PathBuf,
    /// Directory that is written.
    #[arg(long)]
    out: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// model.onnx: encoder and heads in one graph, with inputs and outputs to check a runtime by.
    Onnx,
    /// config.json and model.safetensors for `transformers.BertModel`, the heads beside them.
    Huggingface,
}

/// Why a model cannot be had in a format.
#[derive(Debug, Error)]
pub enum ExportError {
    #[error(
        "the ONNX file would have {bytes} bytes, and protobuf allows {largest}; export with --format huggingface"
    )]
    TooLarge { bytes: u64, largest: u64 },
    #[error("transformers' BertModel has no mixtures of experts; export with --format onnx")]
    Experts,
    #[error("{path} cannot be written: {problem}", path = path.display())]
    Safetensors { path: PathBuf, problem: String },
}

/// Inputs and outputs by which [`onnx`] is checked.
const CHECK_FILE: &str = "check.safetensors";

pub fn run(options: &Options) -> Result<()> {
    let trained = TrainedModel::read(&options.model)?;
    let rubric = files::read_rubric(&options.rubric)?;
    trained.check_rubric(&rubric)?;
    let calibration = trained.calibration(options.crossval.as_deref())?;
    let same = |a: &Path, b: &Path| matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b);
    if same(&options.model, &options.out) {
        let problem = "--out is the trained model's own directory; name another";
        return Err(TrainerError::Usage(problem.to_owned()));
    }
    match options.format {
        Format::Onnx => write_onnx(&trained, &rubric, &calibration, &options.out),
        Format::Huggingface => {
            let figures = trained.figures(options.crossval.as_deref())?;
            write_huggingface(&trained, &rubric, &calibration, &figures, &options.out)
        }
    }
}

fn write_onnx(trained: &TrainedModel, rubric: &Rubric, calibration: &Calibration, out: &Path) -> Result<()> {
    let file = onnx::encode(trained, rubric, calibration)?;
    files::write_bytes(&out.join("model.onnx"), &file)?;
    files::write_bytes(&out.join("tokenizer.json"), &trained.encoder.tokenizer_json)?;
    write_safetensors(&out.join(CHECK_FILE), &onnx::check_tensors(trained)?)?;
    files::write_bytes(&out.join("README.md"), onnx_card(trained, rubric)?.as_bytes())?;
    println!(
        "{}: {:.2} MB, opset {}; check a runtime with pkg-scripts/check-onnx {}",
        out.join("model.onnx").display(),
        file.len() as f64 / 1e6,
        onnx::OPSET,
        out.display()
    );
    Ok(())
}

fn onnx_card(trained: &TrainedModel, rubric: &Rubric) -> Result<String> {
    let [first, last] = Tokenizer::from_json(&trained.encoder.tokenizer_json)?.frame();
    let positions = trained.encoder.config.max_position_embeddings;
    let competencies: Vec<String> = rubric.competencies.iter().map(|c| format!("`{}`", c.id)).collect();
    let competencies = competencies.join(", ");
    Ok(format!(
        r#"# A SalesMirror model as ONNX

`model.onnx` is encoder and heads in one graph, f32, opset {opset}. All dimensions but the number of competencies and of
levels are free.

| input (int64) | shape | |
|---|---|---|
| `input_ids` | windows, tokens | ids of `tokenizer.json`, {first} before and {last} after them; at most {positions} |
| `attention_mask` | windows, tokens | 1 for a token, 0 for padding |
| `sentence` | windows, tokens | document · sentences + number of the sentence; -1 for framing ids and padding |
| `sentence_mask` | documents, sentences | 1 for a sentence, 0 for padding |

A document that does not fit into a window takes several; their tokens name its sentences all the same.

| output (float) | shape | |
|---|---|---|
| `evidence` | documents, sentences, 2 · competencies | logits: at 2c of positive evidence for competency c, at 2c + 1 of negative; -1e9 at padding |
| `attention` | documents, competencies, sentences | how much each sentence counts; 0 at padding |
| `presence` | documents, competencies | logits that the document shows a competency at all |
| `cumulative` | documents, competencies, levels - 1 | logits of P(level > k), to be divided by the calibration's temperature |

Competencies, in order: {competencies}. The metadata of the model (`metadata_props`) have them as `competencies`, with
`rubric_id`, `rubric_version`, `lowest_level` and the `calibration`: thresholds of presence and evidence, temperature of
the levels.

`check.safetensors` holds inputs and outputs of this very model, `N.name` for batch N, by which a runtime can be checked.
"#,
        opset = onnx::OPSET
    ))
}

fn write_huggingface(
    trained: &TrainedModel,
    rubric: &Rubric,
    calibration: &Calibration,
    figures: &Value,
    out: &Path,
) -> Result<()> {
    if trained.encoder.config.experts.is_some() {
        return Err(ExportError::Experts.into());
    }
    let source = trained.directory.join("config.json");
    let mut config: Value = files::read_json(&source)?;
    let tags: Vec<String> =
        rubric.competencies.iter().flat_map(|c| [format!("{}+", c.id), format!("{}-", c.id)]).collect();
    let numbered = || tags.iter().enumerate();
    config["architectures"] = json!(["BertModel"]);
    config["torch_dtype"] = json!("float32");
    // Outputs of the evidence head, a pair a competency.
    config["id2label"] = numbered().map(|(i, tag)| (i.to_string(), json!(tag))).collect();
    config["label2id"] = numbered().map(|(i, tag)| (tag.clone(), json!(i))).collect();
    config["salesmirror"] = json!({
        "rubric": { "id": rubric.id, "version": rubric.version },
        "competencies": rubric.competencies.iter().map(|c| &c.id).collect::<Vec<_>>(),
        "scale": { "min": rubric.scale.min, "max": rubric.scale.max },
        "heads": trained.run.heads,
    });
    files::write_json(&out.join("config.json"), &config)?;
    write_safetensors(&out.join("model.safetensors"), &trained.encoder.weights)?;
    write_safetensors(&out.join(HEADS_FILE), &trained.parameters)?;
    files::write_bytes(&out.join("tokenizer.json"), &trained.encoder.tokenizer_json)?;
    files::write_json(&out.join("tokenizer_config.json"), &tokenizer_config(trained)?)?;
    files::write_json(&out.join(RUN_FILE), &trained.run)?;
    files::write_json(&out.join(CALIBRATION_FILE), calibration)?;
    if !figures.is_null() {
        files::write_json(&out.join(METRICS_FILE), figures)?;
    }
    files::write_json(&out.join("rubric.json"), rubric)?;
    files::write_bytes(&out.join("README.md"), huggingface_card(trained, rubric).as_bytes())?;
    println!("{}: {} tensors for transformers.BertModel", out.display(), trained.encoder.weights.len());
    Ok(())
}

/// Which tokens play the parts that `transformers` asks for.
fn tokenizer_config(trained: &TrainedModel) -> Result<Value> {
    let path = trained.directory.join("tokenizer.json");
    let tokenizer: Value = serde_json::from_slice(&trained.encoder.tokenizer_json)
        .map_err(|source| TrainerError::Json { path, source })?;
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

fn huggingface_card(trained: &TrainedModel, rubric: &Rubric) -> String {
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
give each competency a level from {min} to {max}. Trained on {reports} reports by the rubric `{rubric}` (version {version}).

| competency | |
|---|---|
{rows}
`BertModel.from_pretrained(".", add_pooling_layer=False)` loads the encoder. The heads are in `heads.safetensors`, their
shape in `finetune.json`; they read the mean of the token vectors of each sentence. `calibration.json` has the thresholds.
The directory is a trained model directory too: `trainer quantize --model` and `trainer export --format onnx --model`
take it.

It reads one text; it does not measure a person, and it must not be the sole basis of a decision on anyone.
"#,
        layers = config.num_hidden_layers,
        hidden = config.hidden_size,
        min = rubric.scale.min,
        max = rubric.scale.max,
        reports = trained.run.reports,
        rubric = rubric.id,
        version = rubric.version,
    )
}

/// Writes beside the file and renames. The format is named as `transformers` asks for it.
fn write_safetensors(path: &Path, tensors: &HashMap<String, Tensor>) -> Result<()> {
    let metadata = HashMap::from([("format".to_owned(), "pt".to_owned())]);
    let bytes = safetensors::serialize(tensors, Some(metadata))
        .map_err(|e| ExportError::Safetensors { path: path.to_owned(), problem: e.to_string() })?;
    files::write_bytes(path, &bytes)
}
