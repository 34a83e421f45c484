//! What the frozen encoder makes of labelled reports: a vector and its labels for every sentence. Computed once and
//! kept on disk.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};
use rayon::prelude::*;
use salesmirror::Rubric;
use salesmirror::assessment::{Reading, TokenWindow};
use salesmirror::model::{self, Encoder, EncoderConfig, Tokenizer};
use salesmirror::text;

use crate::run::{files, progress};
use crate::data::labelled_report::{self, Report};
use crate::{Result, TrainerError};

/// Raised whenever the same files would give other vectors.
const CACHE_VERSION: &str = "2";

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
#[derive(Clone)]
pub struct Example {
    pub facts: Facts,
    /// [sentences, hidden]
    pub vectors: Tensor,
    /// [sentences][2 · competencies]
    pub evidence: Vec<Vec<bool>>,
    /// Whether raters looked for evidence.
    pub searched: bool,
    pub levels: Vec<Option<f32>>,
    /// What the encoder reads.
    pub windows: Vec<TokenWindow>,
    /// Of each sentence the rows of its tokens in the states of all windows.
    pub rows: Vec<Vec<Range<usize>>>,
}

/// What a report's predictions are matched by.
#[derive(Clone, Default)]
pub struct Facts {
    pub id: String,
    pub writer: String,
    /// Bytes of the text, for each row of the vectors.
    pub sentences: Vec<Range<usize>>,
}

/// Reads and encodes all reports.
pub fn load(source: &Source) -> Result<(Rubric, Vec<Example>)> {
    let rubric = files::read_rubric(&source.rubric)?;
    let reports = reports::read(&source.data, &rubric)?;
    let directory = EncoderDirectory::read(&source.encoder)?;
    let tokenizer = Tokenizer::from_json(&directory.tokenizer_json)?;
    let positions = directory.config.max_position_embeddings;
    let readings: Vec<Reading> =
        reports.iter().map(|report| read(report, &tokenizer, positions)).collect::<Result<_>>()?;
    let inputs: Vec<_> = readings
        .iter()
        .map(|reading| {
            let sentences: Vec<Range<usize>> = reading.sentences().iter().map(|s| s.range.clone()).collect();
            (reading.windows().to_vec(), reading.sentence_rows(), sentences)
        })
        .collect();
    let vectors = encode_or_remember(source, &directory, readings)?;
    let read = reports.into_iter().zip(inputs).enumerate();
    let examples = read.map(|(i, (report, (windows, rows, sentences)))| {
        let evidence = report.label(&sentences);
        let damaged =
            || TrainerError::Usage(format!("the cache in {} is damaged; delete it", source.cache.display()));
        let vectors = vectors.get(&i.to_string()).ok_or_else(damaged)?.clone();
        if vectors.dim(0)? != evidence.len() {
            return Err(damaged());
        }
        Ok(Example {
            facts: Facts { writer: report.writer().to_owned(), id: report.id, sentences },
            vectors,
            evidence,
            searched: report.searched,
            levels: report.levels,
            windows,
            rows,
        })
    });
    let examples = examples.collect::<Result<_>>()?;
    Ok((rubric, examples))
}

/// A report laid out in the windows of an encoder of `positions` positions, none encoded yet.
pub fn read(report: &Report, tokenizer: &Tokenizer, positions: usize) -> Result<Reading> {
    let document = text::read(&report.text)
        .map_err(|e| TrainerError::Usage(format!("report `{}` cannot be read: {e}", report.id)))?;
    Ok(Reading::begin(document, tokenizer, positions)?)
}

/// Sentence vectors of every report, by its number: from the cache, where the same files were encoded before.
fn encode_or_remember(
    source: &Source,
    directory: &EncoderDirectory,
    readings: Vec<Reading>,
) -> Result<HashMap<String, Tensor>> {
    let mut key = CACHE_VERSION.to_owned();
    for path in
        [&source.encoder.join("model.safetensors"), &source.encoder.join("tokenizer.json"), &source.data]
    {
        key += &model::sha256(&files::read_bytes(path)?);
    }
    let cache = source.cache.join(format!("{}.safetensors", &model::sha256(key.as_bytes())[..16]));
    if let Ok(vectors) = candle_core::safetensors::load(&cache, &Device::Cpu) {
        return Ok(vectors);
    }
    let encoder = Encoder::from_tensors(&directory.config, &directory.weights)?;
    let bar = progress::bar(readings.len(), "encoding reports");
    let vectors = readings
        .into_par_iter()
        .enumerate()
        .map(|(i, mut reading)| {
            reading.encode_missing(&encoder)?;
            bar.inc(1);
            Ok((i.to_string(), reading.sentence_vectors()?))
        })
        .collect::<Result<_>>()?;
    std::fs::create_dir_all(&source.cache)
        .map_err(|e| files::FileError::Io { path: source.cache.clone(), source: e }.into())?;
    candle_core::safetensors::save(&vectors, &cache)?;
    Ok(vectors)
}
