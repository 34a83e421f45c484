//! `trainer import`: a small encoder out of a large one. Keeps the vocabulary that some languages use, some of the
//! layers, and as many positions as a window has; writes a directory of the same form.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};
use salesmirror::model::Tokenizer;
use serde_json::{Value, json};

use crate::run::files;
use crate::model_dir::EncoderDirectory;
use crate::{Result, TrainerError};

#[derive(clap::Args)]
pub struct Options {
    /// Hugging Face BERT directory with a Unigram tokenizer: config.json, model.safetensors, tokenizer.json.
    #[arg(long)]
    base: PathBuf,
    #[arg(long)]
    out: PathBuf,
    /// Word frequencies of a language and how many of its pieces to keep: FILE.tsv:PIECES, lines of word TAB
    /// frequency, most frequent first. Without any, the vocabulary stays whole.
    #[arg(long, value_parser = frequency_list)]
    frequency: Vec<(PathBuf, usize)>,
    /// Layers to keep, by number from 0; all when not given.
    #[arg(long, value_delimiter = ',')]
    layers: Option<Vec<usize>>,
    /// Positions to keep.
    #[arg(long, default_value_t = 384)]
    positions: usize,
}

/// A written form of a word and how often it occurs beside the plain one.
type Form = (fn(&str) -> String, f64);
const FORMS: [Form; 3] = [(str::to_owned, 1.0), (capitalised, 0.15), (|word| word.to_uppercase(), 0.02)];

fn frequency_list(argument: &str) -> std::result::Result<(PathBuf, usize), String> {
    let split = argument.rsplit_once(':').and_then(|(path, n)| Some((PathBuf::from(path), n.parse().ok()?)));
    split.ok_or_else(|| format!("`{argument}` is not FILE.tsv:PIECES"))
}

pub fn run(options: &Options) -> Result<()> {
    let base = EncoderDirectory::read(&options.base)?;
    let mut config: Value = files::read_json(&options.base.join("config.json"))?;
    let mut tokenizer: Value = files::read_json(&options.base.join("tokenizer.json"))?;
    let mut weights = base.weights;

    if !options.frequency.is_empty() {
        let full = Tokenizer::from_json(&base.tokenizer_json)?;
        let vocabulary = vocabulary(&tokenizer)?;
        let mut use_of_pieces = Vec::new();
        for (path, pieces) in &options.frequency {
            use_of_pieces.push((use_of(&full, path, vocabulary.len())?, *pieces));
        }
        let kept = choose(&vocabulary, &added_ids(&tokenizer), &use_of_pieces);
        println!("kept {} of {} pieces", kept.len(), vocabulary.len());
        prune(&mut tokenizer, &kept)?;
        let rows = Tensor::new(kept.as_slice(), &Device::Cpu)?;
        keep_rows(&mut weights, "embeddings.word_embeddings.weight", &rows)?;
        config["vocab_size"] = json!(kept.len());
    }
    if let Some(layers) = &options.layers {
        weights = keep_layers(weights, layers, base.config.num_hidden_layers)?;
        config["num_hidden_layers"] = json!(layers.len());
    }
    let positions = options.positions.min(base.config.max_position_embeddings) as u32;
    let rows = Tensor::arange(0, positions, &Device::Cpu)?;
    keep_rows(&mut weights, "embeddings.position_embeddings.weight", &rows)?;
    config["max_position_embeddings"] = json!(positions);

    files::write_json(&options.out.join("config.json"), &config)?;
    let json = serde_json::to_vec(&tokenizer)
        .map_err(|source| files::FileError::Json { path: options.out.join("tokenizer.json"), source }.into())?;
    files::write_bytes(&options.out.join("tokenizer.json"), &json)?;
    files::write_tensors(&options.out.join("model.safetensors"), &weights)?;
    // What was written is read back: a directory that cannot be used is told now.
    let written = EncoderDirectory::read(&options.out)?;
    written.config.check()?;
    let parameters: usize = written.weights.values().map(Tensor::elem_count).sum();
    println!(
        "{}: {} layers, {} pieces, {positions} positions, {:.1} M parameters",
        options.out.display(),
        written.config.num_hidden_layers,
        written.config.vocab_size,
        parameters as f64 / 1e6
    );
    Ok(())
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The pieces of a Unigram tokenizer.json, by id.
fn vocabulary(tokenizer: &Value) -> Result<Vec<String>> {
    let entries = tokenizer["model"]["vocab"].as_array().filter(|_| tokenizer["model"]["type"] == "Unigram");
    let pieces = entries.and_then(|e| e.iter().map(|entry| entry[0].as_str().map(str::to_owned)).collect());
    pieces.ok_or_else(|| {
        TrainerError::Usage("tokenizer.json: only the model type Unigram can be pruned".to_owned())
    })
}

fn added_ids(tokenizer: &Value) -> BTreeSet<u32> {
    let added = tokenizer["added_tokens"].as_array().into_iter().flatten();
    added.filter_map(|token| token["id"].as_u64()).map(|id| id as u32).collect()
}

/// How often each piece is used in a language: the frequencies of the words that the tokenizer makes of it.
fn use_of(tokenizer: &Tokenizer, path: &Path, pieces: usize) -> Result<Vec<f64>> {
    let list = String::from_utf8_lossy(&files::read_bytes(path)?).into_owned();
    let mut used = vec![0.0; pieces];
    for (i, line) in list.lines().enumerate() {
        let entry = line.split_once('\t').and_then(|(word, f)| Some((word, f.trim().parse::<f64>().ok()?)));
        let Some((word, frequency)) = entry else {
            let path = path.display();
            return Err(TrainerError::Usage(format!("{path} line {}: needed is word TAB frequency", i + 1)));
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

/// Ids to keep, ascending: added tokens, characters and numbers that any text may have, and the most used pieces.
fn choose(vocabulary: &[String], added: &BTreeSet<u32>, used: &[(Vec<f64>, usize)]) -> Vec<u32> {
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

/// Single characters of business text in Chinese and English, and short numbers.
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

/// Whether a character is one of the 6,763 of GB 2312-80, those that simplified Chinese is written with.
fn is_gb2312(c: char) -> bool {
    let mut buffer = [0; 4];
    let (bytes, _, unmappable) = encoding_rs::GBK.encode(c.encode_utf8(&mut buffer));
    !unmappable && matches!(*bytes, [0xb0..=0xf7, 0xa1..=0xfe])
}

/// Leaves only the kept pieces in a tokenizer.json and renumbers the added tokens.
fn prune(tokenizer: &mut Value, kept: &[u32]) -> Result<()> {
    let broken = |what: &str| TrainerError::Usage(format!("tokenizer.json: {what}"));
    let number = |old: &Value| {
        let old = old.as_u64().ok_or_else(|| broken("an id is no number"))? as u32;
        kept.binary_search(&old)
            .map(|new| json!(new))
            .map_err(|_| broken("a special token is not in the vocabulary"))
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

fn keep_rows(weights: &mut HashMap<String, Tensor>, name: &str, rows: &Tensor) -> Result<()> {
    let table = weights
        .get(name)
        .ok_or_else(|| TrainerError::Usage(format!("model.safetensors has no tensor `{name}`")))?;
    let kept = table.index_select(rows, 0)?;
    weights.insert(name.to_owned(), kept);
    Ok(())
}

/// Renumbers the chosen layers from 0 and drops the others.
fn keep_layers(
    weights: HashMap<String, Tensor>,
    layers: &[usize],
    available: usize,
) -> Result<HashMap<String, Tensor>> {
    if layers.is_empty() || layers.iter().any(|layer| *layer >= available) {
        return Err(TrainerError::Usage(format!("--layers: the base has layers 0 to {}", available - 1)));
    }
    let mut kept = HashMap::new();
    for (name, tensor) in weights {
        let Some((number, rest)) = name.strip_prefix("encoder.layer.").and_then(|rest| rest.split_once('.'))
        else {
            kept.insert(name, tensor);
            continue;
        };
        for (new, old) in layers.iter().enumerate() {
            if number.parse() == Ok(*old) {
                kept.insert(format!("encoder.layer.{new}.{rest}"), tensor.clone());
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
        let kept = choose(&vocabulary, &BTreeSet::from([0]), &used);
        assert_eq!(kept, [0, 2, 3]);
        let mut tokenizer = json!({
            "model": { "type": "Unigram", "unk_id": 0, "vocab": vocabulary.iter().map(|p| json!([p, -1.0])).collect::<Vec<_>>() },
            "added_tokens": [{ "id": 3, "content": "a" }],
            "post_processor": { "special_tokens": { "a": { "ids": [3] } } }
        });
        prune(&mut tokenizer, &kept).unwrap();
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
