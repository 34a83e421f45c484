//! Labelled reports as the frozen encoder sees them: tokens, windows, and a vector for every sentence. The vectors are
//! computed once and cached on disk.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};
use rayon::prelude::*;
use salesmirror::Rubric;
use salesmirror::assessment::{Reading, TokenWindow};
use salesmirror::model::{Encoder, Prediction, Tokenizer};
use salesmirror::text;

use super::FinetuningError;
use crate::data::mixing::add_mixed_copies;
use crate::data::{LabelSpace, LabelledReport, hash, parse_source_number, read_labelled_reports};
use crate::model_dir::{EncoderDirectory, MODEL_FILE, TOKENIZER_FILE};
use crate::run::{files, progress};

/// Change this whenever the same files would give different vectors.
const CACHE_VERSION: &str = "3";

/// The name of the tensor in a cache file.
const VECTORS: &str = "vectors";

/// The labelled reports that the default model is trained on.
pub const DEFAULT_DATA: [&str; 6] = [
    "data/reports/specified.jsonl",
    "data/reports/contrast.jsonl",
    "data/reports/lifelike.jsonl",
    "data/reports/passages.jsonl",
    "data/reports/other.jsonl",
    "data/reports/gate.jsonl",
];

/// Options shared by all commands that train on labelled reports: the paths of the encoder, the reports and the rubric.
#[derive(clap::Args, Clone, Debug, serde::Serialize)]
pub struct SourceArgs {
    /// Encoder directory with config.json, model.safetensors and tokenizer.json.
    #[arg(long)]
    pub encoder: PathBuf,
    /// JSONL files with labelled reports.
    #[arg(long, num_args = 1.., default_values = DEFAULT_DATA)]
    pub data: Vec<PathBuf>,
    #[arg(long, default_value = "data/rubric.json")]
    pub rubric: PathBuf,
    /// How much a report of each source counts in the loss, such as `public=4,lifelike=2`; 1 where a source is not named.
    #[arg(long, value_delimiter = ',', value_name = "SOURCE=WEIGHT", value_parser = parse_source_number)]
    pub source_weights: Vec<(String, f64)>,
    /// Folder in which computed sentence vectors and token states are cached.
    #[arg(long, default_value = "work/features")]
    pub cache: PathBuf,
}

/// The rubric and the reports that [`SourceArgs`] name, read once for all methods of a command.
pub struct Dataset {
    pub source: SourceArgs,
    pub rubric: Rubric,
    pub labels: LabelSpace,
    pub reports: Vec<LabelledReport>,
}

impl Dataset {
    /// Adds copies of a share of the reports that have passages of other texts written into them.
    ///
    /// # Errors
    /// When a copy is longer than a text may be.
    pub fn add_mixed_copies(&mut self, share: f64, seed: u64) -> Result<(), FinetuningError> {
        add_mixed_copies(&mut self.reports, share, seed).map_err(FinetuningError::Mixing)
    }

    /// Reads the rubric and the reports.
    pub fn read(source: &SourceArgs) -> Result<Self, FinetuningError> {
        let rubric = files::read_rubric(&source.rubric)?;
        let labels = LabelSpace::from(&rubric);
        let reports = read_labelled_reports(&source.data, &labels)?;
        Ok(Self { source: source.clone(), rubric, labels, reports })
    }
}

/// A labelled report, laid out for an encoder.
#[derive(Clone)]
pub struct EncodedReport {
    pub writer: String,
    /// The mean token vector of each sentence, `[sentences, hidden]`.
    pub vectors: Tensor,
    /// Evidence labels, `[sentences][2 · competencies]`; `None` if raters did not look for evidence.
    pub evidence: Option<Vec<Vec<bool>>>,
    /// The level of each competency, `[competencies]`; `None` if the report does not show it.
    pub levels: Vec<Option<f32>>,
    /// Whether the text is an account of the writer's own sales work.
    pub sales: bool,
    /// Whether the levels are known.
    pub rated: bool,
    /// How much the report counts in the loss; 1 on average.
    pub weight: f32,
    /// The number of the set of texts that differ in one thing only, if the report belongs to one.
    pub set: Option<usize>,
    /// The windows that the encoder reads.
    pub windows: Vec<TokenWindow>,
    /// For each sentence, the rows of its tokens in the concatenated states of all windows.
    pub token_rows: Vec<Vec<Range<usize>>>,
    /// For each sentence here, its index in the report. Sentences without tokens are left out.
    pub(super) sentence_numbers: Vec<usize>,
    /// The number of sentences in the report.
    pub(super) report_sentences: usize,
}

impl EncodedReport {
    /// Makes a report that has sentence vectors and labels, but no windows.
    #[cfg(test)]
    pub(super) fn of_vectors(vectors: Tensor, evidence: Vec<Vec<bool>>, levels: Vec<Option<f32>>) -> Self {
        let sentences = evidence.len();
        Self {
            writer: String::new(),
            vectors,
            evidence: Some(evidence),
            levels,
            sales: true,
            rated: true,
            weight: 1.0,
            set: None,
            windows: Vec::new(),
            token_rows: vec![Vec::new(); sentences],
            sentence_numbers: (0..sentences).collect(),
            report_sentences: sentences,
        }
    }

    /// The number of sentences that have tokens.
    pub fn sentences(&self) -> usize {
        self.token_rows.len()
    }

    /// The number of tokens in each window.
    pub fn window_lengths(&self) -> Vec<usize> {
        self.windows.iter().map(|window| window.ids().len()).collect()
    }

    /// Extends a prediction for the sentences here to all sentences of the report.
    pub fn for_all_sentences(&self, prediction: Prediction) -> Prediction {
        spread_over_sentences(prediction, &self.sentence_numbers, self.report_sentences)
    }
}

/// Extends a prediction for some sentences of a report, given by their indices, to all of its sentences. A sentence without
/// tokens was left out, and its evidence is 0.
pub fn spread_over_sentences(prediction: Prediction, numbers: &[usize], sentences: usize) -> Prediction {
    let outputs = 2 * prediction.presence.len();
    let mut evidence = vec![vec![0.0; outputs]; sentences];
    for (&number, row) in numbers.iter().zip(prediction.evidence) {
        evidence[number] = row;
    }
    Prediction { evidence, ..prediction }
}

/// Encodes all reports of a dataset, in order.
pub fn encode_reports(
    dataset: &Dataset,
    directory: &EncoderDirectory,
) -> Result<Vec<EncodedReport>, FinetuningError> {
    let Dataset { source, reports, .. } = dataset;
    let tokenizer = Tokenizer::from_json(&directory.tokenizer_json)?;
    let positions = directory.config.max_position_embeddings;
    let readings: Vec<Reading> =
        reports.iter().map(|report| tokenize(report, &tokenizer, positions)).collect::<Result<_, _>>()?;
    let layouts: Vec<_> = readings
        .iter()
        .map(|reading| (reading.windows().to_vec(), reading.sentence_rows(), sentence_ranges(reading)))
        .collect();
    let vectors = encode_or_recall(source, directory, readings)?;
    let sets: BTreeSet<&str> = reports.iter().filter_map(LabelledReport::set).collect();
    let sets: HashMap<&str, usize> =
        sets.into_iter().enumerate().map(|(number, set)| (set, number)).collect();
    let weights = source_weights(reports, &source.source_weights);
    let encoded = reports.iter().zip(layouts).zip(vectors).zip(weights);
    let encoded = encoded.map(|(((report, (windows, token_rows, ranges)), vectors), weight)| {
        let sentence_numbers = sentence_numbers(&report.sentences, &ranges);
        let evidence = report.evidence.as_ref();
        EncodedReport {
            writer: report.writer().to_owned(),
            vectors,
            evidence: evidence.map(|all| sentence_numbers.iter().map(|&s| all[s].clone()).collect()),
            levels: report.levels.clone(),
            sales: report.sales,
            rated: report.rated,
            weight,
            set: report.set().map(|set| sets[set]),
            windows,
            token_rows,
            sentence_numbers,
            report_sentences: report.sentences.len(),
        }
    });
    Ok(encoded.collect())
}

/// Returns the weight of each report in the loss, which is 1 on average.
fn source_weights(reports: &[LabelledReport], weights: &[(String, f64)]) -> Vec<f32> {
    let weight_of = |report: &LabelledReport| {
        let named = weights.iter().find(|(source, _)| report.field("source") == Some(source));
        named.map_or(1.0, |(_, weight)| *weight)
    };
    let weights: Vec<f64> = reports.iter().map(weight_of).collect();
    let mean = weights.iter().sum::<f64>() / weights.len() as f64;
    weights.iter().map(|weight| (weight / mean) as f32).collect()
}

/// Tokenizes a report and lays it out in windows for an encoder with `positions` positions, without encoding it.
pub fn tokenize(
    report: &LabelledReport,
    tokenizer: &Tokenizer,
    positions: usize,
) -> Result<Reading, FinetuningError> {
    let unreadable = |source| FinetuningError::Report { id: report.id.clone(), source };
    let document = text::read(&report.text).map_err(|error| unreadable(error.into()))?;
    Reading::begin(document, tokenizer, positions).map_err(unreadable)
}

/// Returns the byte ranges of a reading's sentences.
pub fn sentence_ranges(reading: &Reading) -> Vec<Range<usize>> {
    reading.sentences().iter().map(|sentence| sentence.range.clone()).collect()
}

/// Returns the indices of some sentences among all sentences of a report. Both lists are in text order.
pub fn sentence_numbers(all: &[Range<usize>], some: &[Range<usize>]) -> Vec<usize> {
    let mut some = some.iter().peekable();
    let numbers = all.iter().enumerate();
    numbers.filter_map(|(number, range)| some.next_if(|next| *next == range).map(|_| number)).collect()
}

/// Returns the sentence vectors of every report. Reports that the same encoder has read before come from the cache, which has one
/// file per report.
fn encode_or_recall(
    source: &SourceArgs,
    directory: &EncoderDirectory,
    readings: Vec<Reading>,
) -> Result<Vec<Tensor>, FinetuningError> {
    let inputs = [source.encoder.join(MODEL_FILE), source.encoder.join(TOKENIZER_FILE)];
    let folder = source.cache.join(hash::files_key(CACHE_VERSION, &inputs)?);
    let path = |reading: &Reading| folder.join(format!("{}.safetensors", windows_key(reading.windows())));
    let paths: Vec<PathBuf> = readings.iter().map(path).collect();
    // Two reports can have the same text.
    let mut missing: BTreeMap<&PathBuf, Reading> = BTreeMap::new();
    let mut sentences = Vec::with_capacity(readings.len());
    for (path, reading) in paths.iter().zip(readings) {
        sentences.push(reading.sentences().len());
        if !path.is_file() {
            missing.insert(path, reading);
        }
    }
    let encoder = Encoder::from_tensors(&directory.config, &directory.weights)?;
    let bar = progress::bar(missing.len(), "encoding reports");
    missing.into_par_iter().try_for_each(|(path, mut reading)| {
        reading.encode_missing(&encoder)?;
        files::write_tensors(path, &[(VECTORS.to_owned(), reading.sentence_vectors()?)].into())?;
        bar.inc(1);
        Ok::<_, FinetuningError>(())
    })?;
    bar.finish_and_clear();
    paths.iter().zip(sentences).map(|(path, sentences)| recall(path, sentences)).collect()
}

/// A short key for what an encoder computes from some windows.
pub(super) fn windows_key(windows: &[TokenWindow]) -> String {
    let mut bytes = Vec::new();
    for window in windows {
        bytes.extend((window.ids().len() as u32).to_le_bytes());
        bytes.extend(window.ids().iter().flat_map(|id| id.to_le_bytes()));
        bytes.extend(window.lengths().iter().flat_map(|length| length.to_le_bytes()));
    }
    hash::short_key(&bytes)
}

/// Reads the vectors of a report from its cache file, and checks that they fit.
fn recall(path: &Path, sentences: usize) -> Result<Tensor, FinetuningError> {
    let damaged = || FinetuningError::DamagedCache { path: path.to_owned() };
    let mut tensors = candle_core::safetensors::load(path, &Device::Cpu).map_err(|_| damaged())?;
    let fits = |vectors: &Tensor| vectors.dims().first() == Some(&sentences);
    tensors.remove(VECTORS).filter(fits).ok_or_else(damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_without_tokens_is_evidence_of_nothing() {
        let ranges = [0..3, 4..6, 7..9];
        let numbers = sentence_numbers(&ranges, &[0..3, 7..9]);
        assert_eq!(numbers, [0, 2]);
        let vectors = Tensor::zeros((2, 1), candle_core::DType::F32, &Device::Cpu).unwrap();
        let report = EncodedReport {
            sentence_numbers: numbers,
            report_sentences: 3,
            ..EncodedReport::of_vectors(vectors, vec![vec![false; 2]; 2], vec![None])
        };
        let evidence = vec![vec![0.25, 0.5], vec![0.75, 1.0]];
        let prediction =
            Prediction { evidence, presence: vec![0.5], cumulative: vec![vec![0.0]], sales: 1.0 };
        let spread = report.for_all_sentences(prediction);
        assert_eq!(spread.evidence, [vec![0.25, 0.5], vec![0.0, 0.0], vec![0.75, 1.0]]);
    }
}
