//! The model file: one GGUF file with tensors, tokenizer, rubric, calibration and training facts, and the manifest
//! beside it that says how large it is and what its SHA-256 is.
//!
//! Format: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>. Tensors are named as in Hugging Face's
//! BertModel, those of the heads begin with `heads.`; structured metadata are JSON strings.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{Cursor, Read, Seek, SeekFrom};

use candle_core::quantized::gguf_file::{self, Content, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{DType, Device, Tensor};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::quantize::quantize_q4_0;
use super::weights::Weights;
use super::{Encoder, EncoderConfig, Heads, HeadsConfig, ModelError, Tokenizer};
use crate::rubric::Rubric;

/// Version of the model file and of the manifest that this build writes and reads.
pub const FORMAT_VERSION: u32 = 2;

const ARCHITECTURE: &str = "salesmirror";
const HEADS: &str = "heads.";

mod key {
    pub const ARCHITECTURE: &str = "general.architecture";
    pub const NAME: &str = "general.name";
    pub const FORMAT: &str = "salesmirror.format";
    pub const ENCODER: &str = "salesmirror.encoder";
    pub const HEADS: &str = "salesmirror.heads";
    pub const RUBRIC: &str = "salesmirror.rubric";
    pub const CALIBRATION: &str = "salesmirror.calibration";
    pub const TRAINING: &str = "salesmirror.training";
}

/// What turns logits into statements, fitted on out-of-fold predictions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Per competency: the report shows it when P(present) reaches this.
    pub presence_threshold: Vec<f32>,
    /// A sentence is evidence when its probability reaches this.
    pub evidence_threshold: f32,
    /// Cumulative logits are divided by this (Guo et al. 2017).
    pub level_temperature: f32,
}

/// Everything that goes into a model file.
pub struct Contents<'a> {
    pub id: &'a str,
    pub encoder_config: &'a EncoderConfig,
    /// f32, by name.
    pub encoder: &'a HashMap<String, Tensor>,
    pub heads_config: &'a HeadsConfig,
    /// f32, by name without the prefix `heads.`.
    pub heads: &'a HashMap<String, Tensor>,
    pub tokenizer_json: &'a [u8],
    pub rubric: &'a Rubric,
    pub calibration: &'a Calibration,
    /// Facts for the model card: data, seed, metrics.
    pub training: &'a serde_json::Value,
}

impl Contents<'_> {
    /// The bytes of the model file: Q4_0 linear weights and word embeddings, Q8_0 position and type embeddings
    /// and gates, f16 for the rest.
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
            tensors.push((format!("{HEADS}{name}"), QTensor::quantize(tensor, GgmlDType::F16)?));
        }
        write_gguf(&metadata, tensors)
    }
}

/// A tensor of the encoder, by name, as it comes out of the model file.
pub fn as_shipped(name: &str, tensor: &Tensor) -> Result<Tensor, ModelError> {
    Ok(quantized(name, tensor)?.dequantize(&Device::Cpu)?)
}

fn quantized(name: &str, tensor: &Tensor) -> Result<QTensor, ModelError> {
    Ok(match precision(name, tensor) {
        GgmlDType::Q4_0 => quantize_q4_0(tensor)?,
        other => QTensor::quantize(tensor, other)?,
    })
}

/// The type that a tensor of the encoder has in the model file.
fn precision(name: &str, tensor: &Tensor) -> GgmlDType {
    if tensor.rank() != 2 || name.contains(".adapter.") {
        GgmlDType::F16
    } else if ["position_embeddings", "token_type_embeddings", ".gate."]
        .iter()
        .any(|part| name.contains(part))
    {
        GgmlDType::Q8_0
    } else {
        GgmlDType::Q4_0
    }
}

/// Writes tensors in the order of their names, so that the same model gives the same bytes.
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
    pub id: String,
    /// Hex SHA-256 of the model file.
    pub sha256: String,
    /// Size of the model file in bytes.
    pub bytes: u64,
    pub tokenizer: Tokenizer,
    pub encoder: Encoder,
    pub heads: Heads,
    pub rubric: Rubric,
    pub calibration: Calibration,
    /// Facts for the model card, as the trainer wrote them.
    pub training: serde_json::Value,
}

impl Model {
    /// Reads a model file that is in memory.
    ///
    /// # Errors
    /// [`ModelError::Corrupt`] for a damaged or cut file, [`ModelError::Version`] for one of another format version,
    /// [`ModelError::Metadata`] where its parts do not fit together.
    pub fn from_gguf(file: &[u8]) -> Result<Self, ModelError> {
        Self::read(Cursor::new(file), sha256(file))
    }

    /// Reads a model file tensor by tensor; `sha256` is its hex SHA-256. Errors as [`Self::from_gguf`].
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
            let problem = "the heads fit neither the encoder nor the rubric";
            return Err(ModelError::metadata(key::HEADS, problem));
        }
        if calibration.presence_threshold.len() != rubric.competencies.len() {
            let problem = "one presence threshold a competency is needed";
            return Err(ModelError::metadata(key::CALIBRATION, problem));
        }
        // The word embeddings are the largest tensor: read first, what reading them takes is free for the rest.
        let encoder = file.encoder(&encoder_config)?;
        let tokenizer = Tokenizer::from_gguf(content)?;
        if tokenizer.vocabulary() > encoder_config.vocab_size {
            return Err(ModelError::metadata(
                key::ENCODER,
                format!("{} tokens for {} embeddings", tokenizer.vocabulary(), encoder_config.vocab_size),
            ));
        }
        let mut heads = HashMap::new();
        for name in content.tensor_infos.keys() {
            if let Some(short) = name.strip_prefix(HEADS) {
                let tensor = file.tensor(name).and_then(|tensor| tensor.dequantize(&Device::Cpu));
                heads.insert(short.to_owned(), tensor.map_err(corrupt)?);
            }
        }
        let heads = candle_nn::VarBuilder::from_tensors(heads, DType::F32, &Device::Cpu);
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
    /// Reads the encoder alone from a model file; errors as [`Model::from_gguf`].
    pub fn read(file: impl Read + Seek) -> Result<Self, ModelError> {
        let file = GgufFile::open(file)?;
        file.encoder(&parse(&file.content, key::ENCODER)?)
    }
}

/// A model file of our format and version that is open.
struct GgufFile<R> {
    content: Content,
    reader: RefCell<R>,
    bytes: u64,
}

impl<R: Read + Seek> GgufFile<R> {
    fn open(mut reader: R) -> Result<Self, ModelError> {
        let content = Content::read(&mut reader).map_err(corrupt)?;
        let bytes = reader.seek(SeekFrom::End(0)).map_err(|e| ModelError::Corrupt(e.to_string()))?;
        if string(&content, key::ARCHITECTURE)? != ARCHITECTURE {
            let problem = format!("not `{ARCHITECTURE}`");
            return Err(ModelError::metadata(key::ARCHITECTURE, problem));
        }
        let version = metadata(&content, key::FORMAT)?.to_u32();
        let found = version.map_err(|e| ModelError::metadata(key::FORMAT, e))?;
        if found != FORMAT_VERSION {
            return Err(ModelError::Version { found, supported: FORMAT_VERSION });
        }
        Ok(Self { content, reader: RefCell::new(reader), bytes })
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

fn corrupt(error: candle_core::Error) -> ModelError {
    ModelError::Corrupt(error.to_string())
}

fn metadata<'a>(content: &'a Content, key: &str) -> Result<&'a Value, ModelError> {
    let value = content.metadata.get(key);
    value.ok_or_else(|| ModelError::metadata(key, "missing"))
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

/// Hex SHA-256.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `manifest.json`: which files a model directory holds and how they are recognised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT_VERSION`] of the files.
    pub format: u32,
    pub id: String,
    pub rubric: RubricRef,
    pub files: Vec<ManifestFile>,
}

/// Which rubric a model or an assessment is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RubricRef {
    pub id: String,
    pub version: u32,
}

impl From<&Rubric> for RubricRef {
    fn from(rubric: &Rubric) -> Self {
        Self { id: rubric.id.clone(), version: rubric.version }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFile {
    /// Relative to the manifest.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Hex.
    pub sha256: String,
}

impl ManifestFile {
    pub fn new(name: &str, bytes: &[u8]) -> Self {
        Self { name: name.to_owned(), size: bytes.len() as u64, sha256: sha256(bytes) }
    }
}
