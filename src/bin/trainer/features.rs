//! What the frozen encoder makes of labelled reports: a vector and its labels for every sentence. Computed once and
//! kept on disk.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};
use rayon::prelude::*;
use salesmirror::assessment::Reading;
use salesmirror::model::{self, Encoder, EncoderConfig, Tokenizer};
use salesmirror::{Rubric, text};

use crate::reports::{self, Report};
use crate::{Result, TrainerError};

/// Raised whenever the same files would give other vectors.
const CACHE_VERSION: &str = "1";

/// Where encoder, reports and rubric lie; options of every command that trains.
#[derive(clap::Args, Clone, serde::Serialize)]
pub struct Source {
    /// Encoder directory: config.json, model.safetensors, tokenizer.json.
    #[arg(long)]
    pub encoder: PathBuf,
    /// Labelled reports, JSONL.
    #[arg(long, default_value = "data/reports/train.jsonl")]
    pub data: PathBuf,
    #[arg(long, default_value = "data/rubric.json")]
    pub rubric: PathBuf,
    /// Where computed sentence vectors are kept.
    #[arg(long, default_value = "work/features")]
    pub cache: PathBuf,
}

/// One report, ready for the heads.
pub struct Example {
    pub id: String,
    pub writer: String,
    pub language: String,
    /// [sentences, hidden]
    pub vectors: Tensor,
    /// [sentences][2 · competencies]
    pub evidence: Vec<Vec<bool>>,
    pub levels: Vec<Option<f32>>,
}

/// An encoder directory, read.
pub struct EncoderDirectory {
    pub config: EncoderConfig,
    pub weights: HashMap<String, Tensor>,
    pub tokenizer_json: Vec<u8>,
}

impl EncoderDirectory {
    pub fn read(path: &Path) -> Result<Self> {
        Ok(Self {
            config: crate::read_json(&path.join("config.json"))?,
            weights: model::read_safetensors(&path.join("model.safetensors"))?,
            tokenizer_json: crate::read(&path.join("tokenizer.json"))?,
        })
    }
}

/// Reads and encodes all reports.
pub fn load(source: &Source) -> Result<(Rubric, Vec<Example>)> {
    let rubric = crate::read_rubric(&source.rubric)?;
    let reports = reports::read(&source.data, &rubric)?;
    let weights = crate::read(&source.encoder.join("model.safetensors"))?;
    let tokenizer_json = crate::read(&source.encoder.join("tokenizer.json"))?;
    let data = crate::read(&source.data)?;
    let key = model::sha256(
        [
            CACHE_VERSION.to_owned(),
            model::sha256(&weights),
            model::sha256(&tokenizer_json),
            model::sha256(&data),
        ]
        .concat()
        .as_bytes(),
    );
    let cache = source.cache.join(format!("{}.safetensors", &key[..16]));
    let vectors = match candle_core::safetensors::load(&cache, &Device::Cpu) {
        Ok(vectors) => vectors,
        Err(_) => {
            let vectors = encode(&source.encoder, &reports)?;
            std::fs::create_dir_all(&source.cache)
                .map_err(|e| TrainerError::Io { path: source.cache.clone(), source: e })?;
            candle_core::safetensors::save(&vectors, &cache)?;
            vectors
        }
    };
    let outputs = 2 * rubric.competencies.len();
    let examples = reports
        .into_iter()
        .enumerate()
        .map(|(i, report)| {
            let vectors = vectors[&i.to_string()].clone();
            let evidence = label(&report, vectors.dim(0)?, outputs)?;
            Ok(Example {
                writer: report.writer().to_owned(),
                id: report.id,
                language: report.language,
                vectors,
                evidence,
                levels: report.levels,
            })
        })
        .collect::<Result<_>>()?;
    Ok((rubric, examples))
}

/// Sentence vectors of every report, by its number.
fn encode(directory: &Path, reports: &[Report]) -> Result<HashMap<String, Tensor>> {
    let directory = EncoderDirectory::read(directory)?;
    let tokenizer = Tokenizer::from_json(&directory.tokenizer_json)?;
    let encoder = Encoder::from_tensors(&directory.config, &directory.weights)?;
    let bar = crate::progress(reports.len(), "encoding reports");
    reports
        .par_iter()
        .enumerate()
        .map(|(i, report)| {
            let mut reading = read(report, &tokenizer, directory.config.max_position_embeddings)?;
            while reading.encode_next(&encoder)? {}
            bar.inc(1);
            Ok((i.to_string(), reading.sentence_vectors()?))
        })
        .collect()
}

fn read(report: &Report, tokenizer: &Tokenizer, positions: usize) -> Result<Reading> {
    let document = text::read(&report.text)
        .map_err(|e| TrainerError::Usage(format!("report `{}` cannot be read: {e}", report.id)))?;
    Ok(Reading::begin(document, tokenizer, positions)?)
}

/// A sentence has the tags of every labelled span that overlaps it.
fn label(report: &Report, sentences: usize, outputs: usize) -> Result<Vec<Vec<bool>>> {
    let document = text::read(&report.text)
        .map_err(|e| TrainerError::Usage(format!("report `{}` cannot be read: {e}", report.id)))?;
    if document.sentences.len() != sentences {
        let problem = format!(
            "report `{}` has {} sentences, the cache {sentences}",
            report.id,
            document.sentences.len()
        );
        return Err(TrainerError::Usage(format!("{problem}; delete the cache directory")));
    }
    let labels = document.sentences.iter().map(|sentence| {
        let mut labels = vec![false; outputs];
        for span in &report.evidence {
            if span.range.start < sentence.range.end && sentence.range.start < span.range.end {
                for &tag in &span.tags {
                    labels[tag] = true;
                }
            }
        }
        labels
    });
    Ok(labels.collect())
}
