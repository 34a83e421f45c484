//! Makes a small encoder from a large one. It keeps the vocabulary of some languages, some of the layers, and as many positions
//! as a window needs, and writes them as an encoder directory.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};
use salesmirror::ModelError;
use salesmirror::model::{Tokenizer, tensor_names};
use serde_json::{Value, json};
use thiserror::Error;

use super::{CONFIG_FILE, EncoderDirectory, EncoderDirectoryError, MODEL_FILE, TOKENIZER_FILE};
use crate::run::files::{self, FileError};

/// Why an encoder cannot be pruned.
#[derive(Debug, Error)]
pub enum PruneError {
    #[error("tokenizer.json: {0}")]
    Tokenizer(&'static str),
    #[error("{path} line {line}: expected a word, a tab and a frequency", path = path.display())]
    Frequency { path: PathBuf, line: usize },
    #[error("model.safetensors has no tensor `{0}`")]
    MissingTensor(String),
    #[error("--layers names a layer that does not exist; the base encoder has layers 0 to {}", available - 1)]
    Layers { available: usize },
    #[error(transparent)]
    Encoder(#[from] EncoderDirectoryError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error("tensor computation failed: {0}")]
    Compute(#[from] candle_core::Error),
}

/// The parts of an encoder to keep.
pub struct Kept<'a> {
    /// For each language, a file of word frequencies (lines of word TAB frequency, most frequent first) and the number of its
    /// pieces to keep. If empty, the whole vocabulary is kept.
    pub frequencies: &'a [(PathBuf, usize)],
    /// Indices of the layers, counted from 0; `None` keeps all layers.
    pub layers: Option<&'a [usize]>,
    /// The number of positions, from the first.
    pub positions: usize,
}

/// The dimensions of the encoder that was written.
pub struct Pruned {
    pub layers: usize,
    pub positions: usize,
    /// The number of pieces in the vocabulary, before and after.
    pub pieces: [usize; 2],
    /// The number of parameters in all tensors.
    pub parameters: usize,
}

/// Prunes the encoder in `base` and writes the result to `out`.
///
/// # Errors
/// When a file is missing or damaged, when the tokenizer is not a Unigram model, or when the base encoder lacks a layer.
pub fn prune_encoder(base: &Path, kept: &Kept, out: &Path) -> Result<Pruned, PruneError> {
    let encoder = EncoderDirectory::read(base)?;
    let mut config: Value = files::read_json(&base.join(CONFIG_FILE))?;
    let mut tokenizer: Value = files::read_json(&base.join(TOKENIZER_FILE))?;
    let mut weights = encoder.weights;
    let all_pieces = encoder.config.vocab_size;

    if !kept.frequencies.is_empty() {
        let full = Tokenizer::from_json(&encoder.tokenizer_json)?;
        let vocabulary = vocabulary(&tokenizer)?;
        let mut frequencies = Vec::new();
        for (path, pieces) in kept.frequencies {
            frequencies.push((piece_frequencies(&full, path, vocabulary.len())?, *pieces));
        }
        let pieces = choose_pieces(&vocabulary, &added_ids(&tokenizer), &frequencies);
        prune_tokenizer(&mut tokenizer, &pieces)?;
        let rows = Tensor::new(pieces.as_slice(), &Device::Cpu)?;
        keep_rows(&mut weights, tensor_names::WORD_EMBEDDINGS, &rows)?;
        config["vocab_size"] = json!(pieces.len());
    }
    if let Some(layers) = kept.layers {
        weights = keep_layers(weights, layers, encoder.config.num_hidden_layers)?;
        config["num_hidden_layers"] = json!(layers.len());
    }
    let positions = kept.positions.min(encoder.config.max_position_embeddings);
    let rows = Tensor::arange(0, positions as u32, &Device::Cpu)?;
    keep_rows(&mut weights, tensor_names::POSITION_EMBEDDINGS, &rows)?;
    config["max_position_embeddings"] = json!(positions);

    files::write_json(&out.join(CONFIG_FILE), &config)?;
    let path = out.join(TOKENIZER_FILE);
    files::write_bytes(&path, &serde_json::to_vec(&tokenizer).map_err(FileError::json(&path))?)?;
    files::write_tensors(&out.join(MODEL_FILE), &weights)?;
    // Read the directory back, so that an unusable one is an error now rather than later.
    let written = EncoderDirectory::read(out)?;
    written.config.check()?;
    Ok(Pruned {
        layers: written.config.num_hidden_layers,
        positions,
        pieces: [all_pieces, written.config.vocab_size],
        parameters: written.weights.values().map(Tensor::elem_count).sum(),
    })
}

/// A written form of a word, and its frequency relative to the plain form.
type Form = (fn(&str) -> String, f64);
const FORMS: [Form; 3] = [(str::to_owned, 1.0), (capitalised, 0.15), (|word| word.to_uppercase(), 0.02)];

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Returns the pieces of a Unigram tokenizer.json, indexed by id.
fn vocabulary(tokenizer: &Value) -> Result<Vec<String>, PruneError> {
    let entries = tokenizer["model"]["vocab"].as_array().filter(|_| tokenizer["model"]["type"] == "Unigram");
    let pieces = entries.and_then(|e| e.iter().map(|entry| entry[0].as_str().map(str::to_owned)).collect());
    pieces.ok_or(PruneError::Tokenizer("only a tokenizer of the model type Unigram can be pruned"))
}

fn added_ids(tokenizer: &Value) -> BTreeSet<u32> {
    let added = tokenizer["added_tokens"].as_array().into_iter().flatten();
    added.filter_map(|token| token["id"].as_u64()).map(|id| id as u32).collect()
}

/// Computes the frequency of each piece in a language, by adding up the frequencies of the words that contain it.
fn piece_frequencies(tokenizer: &Tokenizer, path: &Path, pieces: usize) -> Result<Vec<f64>, PruneError> {
    let list = files::read_text(path)?;
    let mut used = vec![0.0; pieces];
    for (i, line) in list.lines().enumerate() {
        let entry = line.split_once('\t').and_then(|(word, f)| Some((word, f.trim().parse::<f64>().ok()?)));
        let Some((word, frequency)) = entry else {
            return Err(PruneError::Frequency { path: path.to_owned(), line: i + 1 });
        };
        for (form, share) in FORMS {
            let form = form(word);
            if share < 1.0 && form == word {
                continue;
            }
            for id in tokenizer.encode(&form)?.ids {
                if let Some(used) = used.get_mut(id as usize) {
                    *used += frequency * share;
                }
            }
        }
    }
    Ok(used)
}

/// Chooses the ids to keep, in ascending order: added tokens, characters and numbers that any text may have, and the most
/// frequent pieces.
fn choose_pieces(vocabulary: &[String], added: &BTreeSet<u32>, used: &[(Vec<f64>, usize)]) -> Vec<u32> {
    let mut kept = added.clone();
    kept.extend((0..vocabulary.len() as u32).filter(|&id| is_basic(&vocabulary[id as usize])));
    for (used, pieces) in used {
        let mut order: Vec<u32> =
            (0..vocabulary.len() as u32).filter(|&id| used[id as usize] > 0.0).collect();
        order.sort_by(|&a, &b| used[b as usize].total_cmp(&used[a as usize]).then(a.cmp(&b)));
        kept.extend(order.into_iter().take(*pieces));
    }
    kept.into_iter().collect()
}

/// Whether a piece is a single character of Chinese or English business text, or a short number.
fn is_basic(piece: &str) -> bool {
    let piece = piece.strip_prefix('▁').unwrap_or(piece);
    let mut chars = piece.chars();
    match (chars.next(), chars.next()) {
        (None, _) => true,
        (Some(c), None) => {
            c.is_ascii()
                || "€£¥°±×÷→←↑↓•·…—%‰√Ωμ™®©²³½".contains(c)
                || matches!(c, '①'..='⑩' | '\u{2010}'..='\u{203b}' | '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}')
                || is_gb2312(c)
        }
        _ => {
            piece.chars().count() <= 4
                && piece.chars().all(|c| c.is_ascii_digit() || ".,%/$€£¥:+-".contains(c))
        }
    }
}

/// Whether a character is one of the 6,763 characters of simplified Chinese in GB 2312-80.
fn is_gb2312(c: char) -> bool {
    let mut buffer = [0; 4];
    let (bytes, _, unmappable) = encoding_rs::GBK.encode(c.encode_utf8(&mut buffer));
    !unmappable && matches!(*bytes, [0xb0..=0xf7, 0xa1..=0xfe])
}

/// Removes all other pieces from a tokenizer.json, and renumbers the added tokens.
fn prune_tokenizer(tokenizer: &mut Value, kept: &[u32]) -> Result<(), PruneError> {
    let number = |old: &Value| {
        let old = old.as_u64().ok_or(PruneError::Tokenizer("an id is not a number"))? as u32;
        kept.binary_search(&old)
            .map(|new| json!(new))
            .map_err(|_| PruneError::Tokenizer("a special token is not in the vocabulary"))
    };
    let vocabulary = tokenizer["model"]["vocab"].take();
    tokenizer["model"]["vocab"] = kept.iter().map(|&id| vocabulary[id as usize].clone()).collect();
    tokenizer["model"]["unk_id"] = number(&tokenizer["model"]["unk_id"])?;
    for token in tokenizer["added_tokens"].as_array_mut().into_iter().flatten() {
        token["id"] = number(&token["id"])?;
    }
    let specials = tokenizer["post_processor"]["special_tokens"].as_object_mut();
    for special in specials.into_iter().flat_map(|map| map.values_mut()) {
        for id in special["ids"].as_array_mut().into_iter().flatten() {
            *id = number(id)?;
        }
    }
    Ok(())
}

fn keep_rows(weights: &mut HashMap<String, Tensor>, name: &str, rows: &Tensor) -> Result<(), PruneError> {
    let table = weights.get(name).ok_or_else(|| PruneError::MissingTensor(name.to_owned()))?;
    let kept = table.index_select(rows, 0)?;
    weights.insert(name.to_owned(), kept);
    Ok(())
}

/// Renumbers the chosen layers from 0 and drops the others.
fn keep_layers(
    weights: HashMap<String, Tensor>,
    layers: &[usize],
    available: usize,
) -> Result<HashMap<String, Tensor>, PruneError> {
    if layers.is_empty() || layers.iter().any(|layer| *layer >= available) {
        return Err(PruneError::Layers { available });
    }
    let mut kept = HashMap::new();
    for (name, tensor) in weights {
        let Some((layer, rest)) = tensor_names::split_layer(&name) else {
            kept.insert(name, tensor);
            continue;
        };
        for (new, old) in layers.iter().enumerate() {
            if layer == *old {
                let name = tensor_names::within(&tensor_names::layer(new), rest);
                kept.insert(name, tensor.clone());
            }
        }
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_pieces_are_single_characters_and_short_numbers() {
        for piece in ["▁", "a", "▁A", "价", "，", "①", "12", "▁3.5%", "€"] {
            assert!(is_basic(piece), "{piece}");
        }
        for piece in ["ab", "價", "ğ", "价格", "12345", "ひ", "한"] {
            assert!(!is_basic(piece), "{piece}");
        }
    }

    #[test]
    fn the_most_used_pieces_are_kept_and_renumbered() {
        let vocabulary: Vec<String> = ["<s>", "uhr", "price", "a", "offer"].map(str::to_owned).into();
        let used = [(vec![0.0, 0.1, 0.5, 0.9, 0.2], 2)];
        let kept = choose_pieces(&vocabulary, &BTreeSet::from([0]), &used);
        assert_eq!(kept, [0, 2, 3]);
        let mut tokenizer = json!({
            "model": { "type": "Unigram", "unk_id": 0, "vocab": vocabulary.iter().map(|p| json!([p, -1.0])).collect::<Vec<_>>() },
            "added_tokens": [{ "id": 3, "content": "a" }],
            "post_processor": { "special_tokens": { "a": { "ids": [3] } } }
        });
        prune_tokenizer(&mut tokenizer, &kept).unwrap();
        assert_eq!(tokenizer["model"]["vocab"], json!([["<s>", -1.0], ["price", -1.0], ["a", -1.0]]));
        assert_eq!(tokenizer["added_tokens"][0]["id"], 2);
        assert_eq!(tokenizer["post_processor"]["special_tokens"]["a"]["ids"], json!([2]));
    }

    #[test]
    fn layers_are_renumbered() {
        let tensor = |x: f32| Tensor::new(x, &Device::Cpu).unwrap();
        let weights = HashMap::from([
            ("encoder.layer.0.x".to_owned(), tensor(0.0)),
            ("encoder.layer.2.x".to_owned(), tensor(2.0)),
            ("embeddings.x".to_owned(), tensor(9.0)),
        ]);
        let kept = keep_layers(weights.clone(), &[2], 3).unwrap();
        assert_eq!(kept.len(), 2);
        assert_eq!(kept["encoder.layer.0.x"].to_scalar::<f32>().unwrap(), 2.0);
        assert!(keep_layers(weights, &[3], 3).is_err());
    }
}
