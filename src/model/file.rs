//! The model file and its manifest. The model file is one GGUF file that holds tensors, tokenizer, rubric, calibration and
//! facts about training; the manifest beside it states the file's size and SHA-256.
//!
//! GGUF is specified in <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>. Tensors are named as in
//! [`tensor_names`](super::tensor_names); structured metadata are JSON strings.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
#[cfg(not(target_arch = "wasm32"))]
use std::path::Path;

use candle_core::quantized::gguf_file::{self, Content, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{DType, Device, Tensor};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::quantize::quantize_q4_0;
use super::tensor_names::{self as names, HEADS_PREFIX};
use super::weights::Weights;
use super::{Encoder, EncoderConfig, Heads, HeadsConfig, ModelError, Tokenizer};
use crate::rubric::Rubric;

/// The version of the model file and of the manifest that this build writes and reads.
pub const FORMAT_VERSION: u32 = 3;

const ARCHITECTURE: &str = "salesmirror";

/// The files of a model directory.
#[cfg(not(target_arch = "wasm32"))]
const MANIFEST: &str = "manifest.json";
#[cfg(not(target_arch = "wasm32"))]
const MODEL_FILE: &str = "model.gguf";

/// Metadata keys.
mod key {
    pub const ALIGNMENT: &str = "general.alignment";
    pub const ARCHITECTURE: &str = "general.architecture";
    pub const NAME: &str = "general.name";
    pub const FORMAT: &str = "salesmirror.format";
    pub const ENCODER: &str = "salesmirror.encoder";
    pub const HEADS: &str = "salesmirror.heads";
    pub const RUBRIC: &str = "salesmirror.rubric";
    pub const CALIBRATION: &str = "salesmirror.calibration";
    pub const TRAINING: &str = "salesmirror.training";
}

/// The share of levels that should lie inside their intervals.
pub const INTERVAL_SHARE: f32 = 0.8;

/// The thresholds and the temperature that turn a [`Prediction`](super::Prediction) into statements. They are fitted on
/// out-of-fold predictions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// A report shows a competency if P(present) is at least this, `[competencies]`.
    pub presence_threshold: Vec<f32>,
    /// A sentence is evidence if its probability is at least this.
    pub evidence_threshold: f32,
    /// The temperature by which cumulative logits are divided (Guo et al. 2017).
    pub level_temperature: f32,
    /// The share of a level's distribution that its interval holds, so that [`INTERVAL_SHARE`]
    /// of all levels lie inside their intervals (split conformal prediction, Romano et al. 2020).
    pub interval_mass: f32,
    /// A text is an account of the writer's own sales work if P(sales) is at least this.
    pub sales_threshold: f32,
    /// An account with a lower P(sales) than this is unlike most of those that the model has learnt from.
    pub familiar_threshold: f32,
    /// A part of an account does not count if P(sales) of the part alone is below this.
    pub part_threshold: f32,
}

impl Calibration {
    /// Takes the probabilities as they are, and every text for an account of sales work.
    pub fn uncalibrated(competencies: usize) -> Self {
        Self {
            presence_threshold: vec![0.5; competencies],
            evidence_threshold: 0.5,
            level_temperature: 1.0,
            interval_mass: INTERVAL_SHARE,
            sales_threshold: 0.0,
            familiar_threshold: 0.0,
            part_threshold: 0.0,
        }
    }
}

/// Everything that goes into a model file.
pub struct Contents<'a> {
    /// The model's name.
    pub id: &'a str,
    /// The encoder's shapes.
    pub encoder_config: &'a EncoderConfig,
    /// The encoder's tensors in f32.
    pub encoder: &'a HashMap<String, Tensor>,
    /// The heads' shapes.
    pub heads_config: &'a HeadsConfig,
    /// The heads' tensors in f32, named without [`HEADS_PREFIX`].
    pub heads: &'a HashMap<String, Tensor>,
    /// The contents of a Hugging Face `tokenizer.json`.
    pub tokenizer_json: &'a [u8],
    /// The rubric that the heads were trained for.
    pub rubric: &'a Rubric,
    /// The calibration of the heads' outputs.
    pub calibration: &'a Calibration,
    /// Facts for the model card, such as data, seed and metrics.
    pub training: &'a serde_json::Value,
}

impl Contents<'_> {
    /// Returns the bytes of the model file. Linear weights and word embeddings are stored as Q4_0, position embeddings,
    /// token type embeddings and gates as Q8_0, and everything else as f16.
    ///
    /// # Errors
    /// When the tokenizer is of an unsupported kind or a tensor cannot be quantized.
    pub fn to_gguf(&self) -> Result<Vec<u8>, ModelError> {
        let string = |text: &str| Value::String(text.to_owned());
        let json = |name, value: serde_json::Result<String>| match value {
            Ok(text) => Ok((name, Value::String(text))),
            Err(e) => Err(ModelError::metadata(name, e)),
        };
        let mut metadata = vec![
            (key::ARCHITECTURE, string(ARCHITECTURE)),
            (key::NAME, string(self.id)),
            (key::FORMAT, Value::U32(FORMAT_VERSION)),
            json(key::ENCODER, serde_json::to_string(self.encoder_config))?,
            json(key::HEADS, serde_json::to_string(self.heads_config))?,
            json(key::RUBRIC, serde_json::to_string(self.rubric))?,
            json(key::CALIBRATION, serde_json::to_string(self.calibration))?,
            json(key::TRAINING, serde_json::to_string(self.training))?,
        ];
        metadata.extend(Tokenizer::to_gguf(self.tokenizer_json)?);

        let mut tensors = Vec::new();
        for (name, tensor) in self.encoder {
            tensors.push((name.clone(), quantized(name, tensor)?));
        }
        for (name, tensor) in self.heads {
            tensors.push((format!("{HEADS_PREFIX}{name}"), QTensor::quantize(tensor, GgmlDType::F16)?));
        }
        write_gguf(&metadata, tensors)
    }
}

/// Returns a tensor of the encoder as it would be read back from a model file, quantized to the type that belongs to its
/// name.
///
/// # Errors
/// When the tensor cannot be quantized.
pub fn as_shipped(name: &str, tensor: &Tensor) -> Result<Tensor, ModelError> {
    Ok(quantized(name, tensor)?.dequantize(&Device::Cpu)?)
}

fn quantized(name: &str, tensor: &Tensor) -> Result<QTensor, ModelError> {
    Ok(match precision(name, tensor) {
        GgmlDType::Q4_0 => quantize_q4_0(tensor)?,
        other => QTensor::quantize(tensor, other)?,
    })
}

/// Returns the type that a tensor of the encoder has in the model file.
fn precision(name: &str, tensor: &Tensor) -> GgmlDType {
    if tensor.rank() != 2 || names::is_adapter(name) {
        GgmlDType::F16
    } else if name == names::POSITION_EMBEDDINGS
        || name == names::TOKEN_TYPE_EMBEDDINGS
        || names::is_gate(name)
    {
        GgmlDType::Q8_0
    } else {
        GgmlDType::Q4_0
    }
}

/// Writes tensors sorted by name, so that the same model gives the same bytes.
fn write_gguf(
    metadata: &[(&str, Value)],
    mut tensors: Vec<(String, QTensor)>,
) -> Result<Vec<u8>, ModelError> {
    tensors.sort_by(|a, b| a.0.cmp(&b.0));
    let metadata: Vec<_> = metadata.iter().map(|(k, v)| (*k, v)).collect();
    let tensors: Vec<_> = tensors.iter().map(|(n, t)| (n.as_str(), t)).collect();
    let mut file = Cursor::new(Vec::new());
    gguf_file::write(&mut file, &metadata, &tensors)?;
    Ok(file.into_inner())
}

/// A loaded model, ready to score.
pub struct Model {
    /// The model's name.
    pub id: String,
    /// Hex SHA-256 of the model file.
    pub sha256: String,
    /// Size of the model file in bytes.
    pub bytes: u64,
    /// Turns a sentence into token ids.
    pub tokenizer: Tokenizer,
    /// Turns token ids into token vectors.
    pub encoder: Encoder,
    /// Turns sentence vectors into predictions.
    pub heads: Heads,
    /// The rubric that the heads were trained for.
    pub rubric: Rubric,
    /// Turns predictions into statements.
    pub calibration: Calibration,
    /// Facts for the model card, as the trainer wrote them.
    pub training: serde_json::Value,
}

/// The facts about a model that its users are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModelInfo<'a> {
    /// The model's name.
    pub id: &'a str,
    /// Hex SHA-256 of the model file.
    pub sha256: &'a str,
    /// Size of the model file in bytes.
    pub bytes: u64,
    /// The encoder's number of layers.
    pub layers: usize,
    /// Width of a token vector.
    pub hidden: usize,
    /// The number of token ids.
    pub vocabulary: usize,
}

impl Model {
    /// Returns the facts about the model that its users are shown.
    pub fn info(&self) -> ModelInfo<'_> {
        let config = self.encoder.config();
        ModelInfo {
            id: &self.id,
            sha256: &self.sha256,
            bytes: self.bytes,
            layers: config.num_hidden_layers,
            hidden: config.hidden_size,
            vocabulary: config.vocab_size,
        }
    }

    /// Loads a model from its directory or from a model file.
    ///
    /// A directory must hold a `manifest.json` and the `model.gguf` that it describes. A model file is held against the
    /// manifest beside it, where there is one that names it.
    ///
    /// # Errors
    /// [`ModelError::Io`] if a file cannot be read, [`ModelError::Manifest`] if a directory's manifest is no valid one,
    /// [`ModelError::Damaged`] if the model file is not the one that the manifest describes, and those of [`Self::from_gguf`].
    #[cfg(not(target_arch = "wasm32"))]
    pub fn load(path: impl AsRef<Path>) -> Result<Self, ModelError> {
        let path = path.as_ref();
        let (file, described) = if path.is_dir() {
            let manifest = path.join(MANIFEST);
            let invalid = |problem| ModelError::Manifest { manifest: manifest.clone(), problem };
            let read: Manifest =
                serde_json::from_slice(&read_file(&manifest)?).map_err(|error| invalid(error.to_string()))?;
            let described = read
                .file(MODEL_FILE)
                .ok_or_else(|| invalid(format!("it lists no file named {MODEL_FILE}")))?;
            (path.join(MODEL_FILE), Some(described.clone()))
        } else {
            (path.to_owned(), described_beside(path))
        };
        let bytes = read_file(&file)?;
        if described.is_some_and(|described| !described.describes(&bytes)) {
            return Err(ModelError::Damaged { manifest: file.with_file_name(MANIFEST) });
        }
        Self::from_gguf(&bytes)
    }

    /// Reads a model file that is in memory.
    ///
    /// # Errors
    /// [`ModelError::Corrupt`] if the file is damaged or cut, [`ModelError::Version`] if it has another format version,
    /// and [`ModelError::Metadata`] if its parts do not fit together.
    pub fn from_gguf(file: &[u8]) -> Result<Self, ModelError> {
        Self::read(Cursor::new(file), sha256(file))
    }

    /// Reads a model file tensor by tensor. `sha256` is the hex SHA-256 of the file, which the caller has checked or
    /// computed.
    ///
    /// # Errors
    /// As [`Self::from_gguf`].
    pub fn read(file: impl Read + Seek, sha256: String) -> Result<Self, ModelError> {
        let file = GgufFile::open(file)?;
        let content = &file.content;
        let heads_config: HeadsConfig = parse(content, key::HEADS)?;
        let calibration: Calibration = parse(content, key::CALIBRATION)?;
        let rubric = Rubric::from_json(string(content, key::RUBRIC)?)?;
        let encoder_config: EncoderConfig = parse(content, key::ENCODER)?;
        let fits = heads_config.hidden == encoder_config.hidden_size
            && heads_config.competencies == rubric.competencies.len()
            && heads_config.levels == rubric.levels();
        if !fits {
            let problem = "the heads do not fit the encoder or the rubric";
            return Err(ModelError::metadata(key::HEADS, problem));
        }
        if calibration.presence_threshold.len() != rubric.competencies.len() {
            let problem = "expected one presence threshold per competency";
            return Err(ModelError::metadata(key::CALIBRATION, problem));
        }
        // The encoder has the largest tensor, so it is read first: the memory that this takes is reused for the rest.
        let encoder = file.encoder(&encoder_config)?;
        let tokenizer = Tokenizer::from_gguf(content)?;
        if tokenizer.vocabulary() > encoder_config.vocab_size {
            return Err(ModelError::metadata(
                key::ENCODER,
                format!(
                    "the tokenizer has {} tokens, the encoder {} word embeddings",
                    tokenizer.vocabulary(),
                    encoder_config.vocab_size
                ),
            ));
        }
        let heads = candle_nn::VarBuilder::from_tensors(file.heads()?, DType::F32, &Device::Cpu);
        Ok(Self {
            id: string(content, key::NAME)?.to_owned(),
            sha256,
            bytes: file.bytes,
            tokenizer,
            encoder,
            heads: Heads::new(&heads_config, heads).map_err(corrupt)?,
            rubric,
            calibration,
            training: parse(content, key::TRAINING)?,
        })
    }
}

impl Encoder {
    /// Reads only the encoder from a model file.
    ///
    /// # Errors
    /// As [`Model::from_gguf`].
    pub fn read(file: impl Read + Seek) -> Result<Self, ModelError> {
        let file = GgufFile::open(file)?;
        file.encoder(&parse(&file.content, key::ENCODER)?)
    }
}

/// What training can go on from: the encoder and the heads of a model file, in f32.
pub struct StoredModel {
    /// The encoder's shapes.
    pub encoder_config: EncoderConfig,
    /// The encoder's tensors, as the file has them: adapters lie beside the weights that they belong to.
    pub encoder: HashMap<String, Tensor>,
    /// The heads' shapes.
    pub heads_config: HeadsConfig,
    /// The heads' tensors, named without [`HEADS_PREFIX`].
    pub heads: HashMap<String, Tensor>,
    /// The contents of a Hugging Face `tokenizer.json`.
    pub tokenizer_json: Vec<u8>,
    /// The calibration of the heads' outputs.
    pub calibration: Calibration,
    /// Facts about how the model was trained.
    pub training: serde_json::Value,
}

impl StoredModel {
    /// Reads a model file without making it ready to score.
    ///
    /// # Errors
    /// As [`Model::from_gguf`].
    pub fn read(file: impl Read + Seek) -> Result<Self, ModelError> {
        let file = GgufFile::open(file)?;
        let names = file.content.tensor_infos.keys().filter(|name| !name.starts_with(HEADS_PREFIX));
        let tensor = |name: &String| Ok((name.clone(), file.tensor(name)?.dequantize(&Device::Cpu)?));
        Ok(Self {
            encoder_config: parse(&file.content, key::ENCODER)?,
            encoder: names.map(tensor).collect::<candle_core::Result<_>>().map_err(corrupt)?,
            heads_config: parse(&file.content, key::HEADS)?,
            heads: file.heads()?,
            tokenizer_json: Tokenizer::json_from_gguf(&file.content)?,
            calibration: parse(&file.content, key::CALIBRATION)?,
            training: parse(&file.content, key::TRAINING)?,
        })
    }
}

/// An open model file whose format and version have been checked.
struct GgufFile<R> {
    content: Content,
    reader: RefCell<R>,
    bytes: u64,
}

impl<R: Read + Seek> GgufFile<R> {
    fn open(mut reader: R) -> Result<Self, ModelError> {
        let content = Content::read(&mut WithoutAlignment(&mut reader)).map_err(corrupt)?;
        let bytes = reader.seek(SeekFrom::End(0)).map_err(|e| ModelError::Corrupt(e.to_string()))?;
        check_sizes(&content, bytes)?;
        if string(&content, key::ARCHITECTURE)? != ARCHITECTURE {
            let problem = format!("expected `{ARCHITECTURE}`");
            return Err(ModelError::metadata(key::ARCHITECTURE, problem));
        }
        let version = metadata(&content, key::FORMAT)?.to_u32();
        let found = version.map_err(|e| ModelError::metadata(key::FORMAT, e))?;
        if found != FORMAT_VERSION {
            return Err(ModelError::Version { found, supported: FORMAT_VERSION });
        }
        Ok(Self { content, reader: RefCell::new(reader), bytes })
    }

    /// Reads the tensors of the heads in f32, named without [`HEADS_PREFIX`].
    fn heads(&self) -> Result<HashMap<String, Tensor>, ModelError> {
        let names = self.content.tensor_infos.keys();
        let named = names.filter_map(|name| Some((name, name.strip_prefix(HEADS_PREFIX)?)));
        let tensor = |(name, bare): (&String, &str)| {
            Ok((bare.to_owned(), self.tensor(name)?.dequantize(&Device::Cpu)?))
        };
        named.map(tensor).collect::<candle_core::Result<_>>().map_err(corrupt)
    }

    fn tensor(&self, name: &str) -> candle_core::Result<QTensor> {
        self.content.tensor(&mut *self.reader.borrow_mut(), name, &Device::Cpu)
    }

    fn encoder(&self, config: &EncoderConfig) -> Result<Encoder, ModelError> {
        let tensor = |name: &str| self.tensor(name);
        match Encoder::new(config, &Weights::new(&tensor)) {
            Err(ModelError::Compute(error)) => Err(corrupt(error)),
            result => result,
        }
    }
}

/// A reader of the part before the tensors that refuses a file with an alignment of its own. None of ours has one, and candle
/// divides by it even if it is 0.
struct WithoutAlignment<R>(R);

impl<R: Read> Read for WithoutAlignment<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }

    /// candle reads each key as a whole.
    fn read_exact(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        self.0.read_exact(buffer)?;
        // candle drops zeros at the end of a key.
        let end = buffer.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        if buffer[..end] == *key::ALIGNMENT.as_bytes() {
            let problem = format!("it sets `{}`, which no model file does", key::ALIGNMENT);
            return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
        }
        Ok(())
    }
}

impl<R: Seek> Seek for WithoutAlignment<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

/// Refuses shapes whose number of elements does not fit in a file of some bytes, because candle multiplies without a check, and shapes
/// without elements, for which candle makes a pointer that is not aligned. No type has fewer bits than one for an element.
fn check_sizes(content: &Content, bytes: u64) -> Result<(), ModelError> {
    for (name, info) in &content.tensor_infos {
        let dims = info.shape.dims();
        let elements = dims.iter().try_fold(1u64, |all, &dim| all.checked_mul(dim as u64));
        if elements == Some(0) {
            return Err(ModelError::Corrupt(format!("tensor {name} of shape {dims:?} has no elements")));
        }
        if elements.is_none_or(|elements| elements > bytes.saturating_mul(8)) {
            let problem = format!("tensor {name} of shape {dims:?} does not fit in {bytes} bytes");
            return Err(ModelError::Corrupt(problem));
        }
    }
    Ok(())
}

fn corrupt(error: candle_core::Error) -> ModelError {
    ModelError::Corrupt(error.to_string())
}

fn metadata<'a>(content: &'a Content, key: &str) -> Result<&'a Value, ModelError> {
    let value = content.metadata.get(key);
    value.ok_or_else(|| ModelError::metadata(key, "it is missing"))
}

fn string<'a>(content: &'a Content, key: &str) -> Result<&'a str, ModelError> {
    match metadata(content, key)?.to_string() {
        Ok(text) => Ok(text),
        Err(e) => Err(ModelError::metadata(key, e)),
    }
}

fn parse<T: DeserializeOwned>(content: &Content, key: &str) -> Result<T, ModelError> {
    serde_json::from_str(string(content, key)?).map_err(|e| ModelError::metadata(key, e))
}

/// Returns the SHA-256 of some bytes in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Writes bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The `manifest.json` of a model directory: the files in it and how to verify them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT_VERSION`] of the files.
    pub format: u32,
    /// The model's name.
    pub id: String,
    /// The rubric that the model was trained for.
    pub rubric: RubricRef,
    /// All files of the model.
    pub files: Vec<ManifestFile>,
}

impl Manifest {
    /// Returns what is said of a file; `None` if it is not listed.
    pub fn file(&self, name: &str) -> Option<&ManifestFile> {
        self.files.iter().find(|file| file.name == name)
    }
}

/// Returns what the manifest beside a model file says of it. A file may be without a manifest, or not be named in it.
#[cfg(not(target_arch = "wasm32"))]
fn described_beside(path: &Path) -> Option<ManifestFile> {
    let json = std::fs::read(path.with_file_name(MANIFEST)).ok()?;
    let manifest: Manifest = serde_json::from_slice(&json).ok()?;
    manifest.file(path.file_name()?.to_str()?).cloned()
}

#[cfg(not(target_arch = "wasm32"))]
fn read_file(path: &Path) -> Result<Vec<u8>, ModelError> {
    std::fs::read(path).map_err(|source| ModelError::Io { path: path.to_owned(), source })
}

/// Identifies the rubric of a model or an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RubricRef {
    /// [`Rubric::id`].
    pub id: String,
    /// [`Rubric::version`].
    pub version: u32,
}

impl From<&Rubric> for RubricRef {
    fn from(rubric: &Rubric) -> Self {
        Self { id: rubric.id.clone(), version: rubric.version }
    }
}

/// One file of a model directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFile {
    /// The path relative to the manifest.
    pub name: String,
    /// Size in bytes.
    pub size: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

impl ManifestFile {
    /// Describes a file by its name and contents.
    pub fn new(name: &str, bytes: &[u8]) -> Self {
        Self { name: name.to_owned(), size: bytes.len() as u64, sha256: sha256(bytes) }
    }

    /// Returns whether these are the contents of the file, by their SHA-256.
    pub fn describes(&self, bytes: &[u8]) -> bool {
        self.sha256.eq_ignore_ascii_case(&sha256(bytes))
    }
}
