//! Turns sentences into token ids, and stores the tokenizer compactly inside the model file.
//!
//! The `tokenizers` crate does the work, in its pure-Rust build on every target, so that tokens cannot differ between
//! browser and native builds. Most of a `tokenizer.json` is its vocabulary. The model file therefore holds the vocabulary
//! as two plain arrays, and the rest of the JSON unchanged.

use std::ops::Range;

use candle_core::quantized::gguf_file::{Content, Value};
use serde_json::{Value as Json, json};

use super::ModelError;

const PIPELINE: &str = "tokenizer.salesmirror.pipeline";
const TOKENS: &str = "tokenizer.ggml.tokens";
const SCORES: &str = "tokenizer.ggml.scores";

/// A Unigram tokenizer (Kudo 2018) with its normalizer and pre-tokenizer, and the framing ids of a window.
pub struct Tokenizer {
    inner: tokenizers::Tokenizer,
    cls: u32,
    sep: u32,
    unknown: Option<u32>,
}

/// The tokens of one sentence.
pub struct Encoding {
    /// Token ids, without the framing ids of a window.
    pub ids: Vec<u32>,
    /// Number of the sentence's characters that are not in the vocabulary.
    pub unknown_characters: usize,
}

impl Tokenizer {
    /// Reads a Hugging Face `tokenizer.json`.
    ///
    /// # Errors
    /// [`ModelError::Tokenizer`] if the JSON is damaged or lacks a framing token.
    pub fn from_json(json: &[u8]) -> Result<Self, ModelError> {
        let inner = tokenizers::Tokenizer::from_bytes(json)
            .map_err(|e| ModelError::Tokenizer(format!("tokenizer.json: {e}")))?;
        let id = |names: [&str; 2]| {
            names.iter().find_map(|name| inner.token_to_id(name)).ok_or_else(|| {
                let [one, other] = names;
                ModelError::Tokenizer(format!("its vocabulary has neither {one} nor {other}"))
            })
        };
        let (cls, sep) = (id(["<s>", "[CLS]"])?, id(["</s>", "[SEP]"])?);
        let unknown = id(["<unk>", "[UNK]"]).ok();
        Ok(Self { inner, cls, sep, unknown })
    }

    /// Splits one sentence into tokens.
    ///
    /// # Errors
    /// [`ModelError::Tokenizer`] if the tokenizer's own rules fail, which a damaged one can cause.
    pub fn encode(&self, sentence: &str) -> Result<Encoding, ModelError> {
        let encoding = self
            .inner
            .encode_char_offsets(sentence, false)
            .map_err(|e| ModelError::Tokenizer(e.to_string()))?;
        let mut unknown_characters = 0;
        // Normalization may make several tokens of one character, which counts once.
        let mut counted = 0;
        for (id, &(start, end)) in encoding.get_ids().iter().zip(encoding.get_offsets()) {
            if Some(*id) == self.unknown {
                unknown_characters += end.saturating_sub(start.max(counted));
                counted = counted.max(end);
            }
        }
        Ok(Encoding { ids: encoding.get_ids().to_vec(), unknown_characters })
    }

    /// Returns the tokens of [`Self::encode`], each with the byte range of the sentence that it stands for. The range is
    /// empty for a space that the tokenizer put before the sentence.
    ///
    /// # Errors
    /// As [`Self::encode`].
    pub fn encode_with_ranges(&self, sentence: &str) -> Result<Vec<(u32, Range<usize>)>, ModelError> {
        let encoding =
            self.inner.encode(sentence, false).map_err(|e| ModelError::Tokenizer(e.to_string()))?;
        let ranges = encoding.get_offsets().iter().map(|&(start, end)| start..end);
        Ok(encoding.get_ids().iter().copied().zip(ranges).collect())
    }

    /// Returns the id of the mask token of masked language modelling, if there is one.
    pub fn mask(&self) -> Option<u32> {
        ["<mask>", "[MASK]"].iter().find_map(|name| self.inner.token_to_id(name))
    }

    /// Returns the ids that stand for no text (framing, mask, padding and unknown) in ascending order.
    pub fn special(&self) -> Vec<u32> {
        let added = self.inner.get_added_tokens_decoder();
        let mut special: Vec<u32> =
            added.into_iter().filter(|(_, token)| token.special).map(|(id, _)| id).collect();
        special.extend(self.unknown);
        special.sort_unstable();
        special.dedup();
        special
    }

    /// Returns the framing ids, which come before and after the tokens of a window.
    pub fn frame(&self) -> [u32; 2] {
        [self.cls, self.sep]
    }

    /// Returns the number of ids, including added tokens.
    pub fn vocabulary(&self) -> usize {
        self.inner.get_vocab_size(true)
    }

    /// Turns a `tokenizer.json` into the metadata entries that [`Self::from_gguf`] reads.
    ///
    /// # Errors
    /// [`ModelError::Tokenizer`] if the JSON is damaged or its model is not Unigram.
    pub fn to_gguf(json: &[u8]) -> Result<Vec<(&'static str, Value)>, ModelError> {
        let broken = |problem: &str| ModelError::Tokenizer(format!("tokenizer.json: {problem}"));
        let mut pipeline: Json = serde_json::from_slice(json).map_err(|e| broken(&e.to_string()))?;
        let model = &mut pipeline["model"];
        if model["type"] != "Unigram" {
            return Err(broken("only the model type Unigram is supported"));
        }
        let vocabulary = model["vocab"].take();
        let entries = vocabulary.as_array().ok_or_else(|| broken("model.vocab is not a list"))?;
        let mut tokens = Vec::with_capacity(entries.len());
        let mut scores = Vec::with_capacity(entries.len());
        for (i, entry) in entries.iter().enumerate() {
            match (entry[0].as_str(), entry[1].as_f64()) {
                (Some(token), Some(score)) => {
                    tokens.push(Value::String(token.to_owned()));
                    scores.push(Value::F32(score as f32));
                }
                _ => return Err(broken(&format!("model.vocab[{i}] is not [piece, score]"))),
            }
        }
        Ok(vec![
            (TOKENS, Value::Array(tokens)),
            (SCORES, Value::Array(scores)),
            (PIPELINE, Value::String(pipeline.to_string())),
        ])
    }

    /// Reads the tokenizer from a model file's metadata.
    ///
    /// # Errors
    /// [`ModelError::Metadata`] or [`ModelError::Tokenizer`] if an entry is missing or damaged.
    pub fn from_gguf(content: &Content) -> Result<Self, ModelError> {
        Self::from_json(&Self::json_from_gguf(content)?)
    }

    /// Returns the `tokenizer.json` that [`Self::to_gguf`] has put into a model file. Scores have been rounded to f32.
    ///
    /// # Errors
    /// [`ModelError::Metadata`] if an entry is missing or damaged.
    pub fn json_from_gguf(content: &Content) -> Result<Vec<u8>, ModelError> {
        let get =
            |key: &str| content.metadata.get(key).ok_or_else(|| ModelError::metadata(key, "it is missing"));
        let list = |key: &'static str| get(key)?.to_vec().map_err(|e| ModelError::metadata(key, e));
        let (tokens, scores) = (list(TOKENS)?, list(SCORES)?);
        if tokens.len() != scores.len() {
            let problem = format!("it has {} scores for {} tokens", scores.len(), tokens.len());
            return Err(ModelError::metadata(SCORES, problem));
        }
        let vocabulary = tokens
            .iter()
            .zip(scores)
            .map(|(token, score)| Ok(json!([token.to_string()?, score.to_f32()?])))
            .collect::<candle_core::Result<Vec<Json>>>()
            .map_err(|e| ModelError::metadata(TOKENS, e))?;
        let text = get(PIPELINE)?.to_string().map_err(|e| ModelError::metadata(PIPELINE, e))?;
        let mut pipeline: Json = serde_json::from_str(text).map_err(|e| ModelError::metadata(PIPELINE, e))?;
        match pipeline.get_mut("model").and_then(Json::as_object_mut) {
            Some(model) => model.insert("vocab".to_owned(), Json::Array(vocabulary)),
            None => return Err(ModelError::metadata(PIPELINE, "it has no object `model`")),
        };
        Ok(pipeline.to_string().into_bytes())
    }
}
