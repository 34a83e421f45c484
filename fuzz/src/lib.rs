//! What the fuzz targets share: a model of a few kilobytes, and what must hold of every text and every assessment.
//!
//! Each target is a file in `fuzz_targets`, and its seeds are in `corpus`. Where an input breaks a promise, the target
//! panics, and libFuzzer keeps the input.

use std::collections::HashMap;
use std::sync::LazyLock;

use candle_core::{DType, Device, Tensor};
use candle_nn::{VarBuilder, VarMap};
use salesmirror::assessment::Objection;
use salesmirror::model::{Calibration, Contents, EncoderConfig, Heads, HeadsConfig, tensor_names as names};
use salesmirror::text::Whose;
use salesmirror::{Assessment, Assessor, Rubric};
use serde_json::json;

/// Asks libFuzzer to mutate an input, or puts a seed in the place of one that is nearly empty. Targets whose seeds are made
/// by the code under test use it as their mutator, so that no seed is ever of an older format.
pub fn mutate_from(seed: &[u8], data: &mut [u8], size: usize, max_size: usize) -> usize {
    if size > 1 || seed.len() > max_size {
        return libfuzzer_sys::fuzzer_mutate(data, size, max_size);
    }
    data[..seed.len()].copy_from_slice(seed);
    seed.len()
}

/// The characters that the tokenizer of [`small_model_file`] knows.
const CHARACTERS: &str = "abcdefghijklmnopqrstuvwxyz0123456789.,:>客户我们销售。";

fn small_tokenizer() -> Vec<u8> {
    let special = ["<s>", "<pad>", "</s>", "<unk>", "▁"].map(str::to_owned);
    let pieces = special.into_iter().chain(CHARACTERS.chars().map(String::from));
    let vocabulary: Vec<_> = pieces.enumerate().map(|(i, piece)| json!([piece, -(i as f32)])).collect();
    let added = |id: u32, content: &str| {
        json!({
            "id": id, "content": content, "single_word": false, "lstrip": false, "rstrip": false,
            "normalized": false, "special": true,
        })
    };
    json!({
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": [added(0, "<s>"), added(2, "</s>"), added(3, "<unk>")],
        "normalizer": { "type": "Sequence", "normalizers": [{ "type": "NFKC" }, { "type": "Lowercase" }] },
        "pre_tokenizer": { "type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true },
        "post_processor": null,
        "decoder": null,
        "model": { "type": "Unigram", "unk_id": 3, "vocab": vocabulary, "byte_fallback": false },
    })
    .to_string()
    .into_bytes()
}

fn small_rubric() -> Rubric {
    let text = |text: &str| json!({ "en": text });
    let competency = |id: &str| {
        let levels: Vec<_> =
            (1..=3).map(|level| json!({ "level": level, "anchor": text("anchor") })).collect();
        json!({ "id": id, "name": text(id), "definition": text(id), "levels": levels })
    };
    let names: Vec<_> = (1..=3).map(|level| json!({ "level": level, "name": text("name") })).collect();
    let rubric = json!({
        "id": "small", "version": 1, "languages": ["en"],
        "scale": { "min": 1, "max": 3, "names": names },
        "competencies": [competency("growth"), competency("negotiation")],
    });
    Rubric::from_json(&rubric.to_string()).expect("the rubric is valid")
}

/// The tensors of an encoder of one layer, with small weights of both signs.
fn small_encoder(config: &EncoderConfig) -> HashMap<String, Tensor> {
    let (hidden, intermediate) = (config.hidden_size, config.intermediate_size);
    let mut tensors = HashMap::new();
    let mut add = |name: String, shape: &[usize]| {
        let count = shape.iter().product::<usize>();
        let values = (0..count).map(|i| ((i * 37 + name.len()) % 23) as f32 / 23.0 - 0.5).collect();
        let tensor = Tensor::from_vec::<_, f32>(values, shape, &Device::Cpu).expect("the shape fits");
        tensors.insert(name, tensor);
    };
    add(names::WORD_EMBEDDINGS.to_owned(), &[config.vocab_size, hidden]);
    add(names::POSITION_EMBEDDINGS.to_owned(), &[config.max_position_embeddings, hidden]);
    add(names::TOKEN_TYPE_EMBEDDINGS.to_owned(), &[config.type_vocab_size, hidden]);
    add(names::weight(names::EMBEDDINGS_NORM), &[hidden]);
    add(names::bias(names::EMBEDDINGS_NORM), &[hidden]);
    let layer = names::layer(0);
    let [query, key, value] = names::QUERY_KEY_VALUE;
    for (module, outputs, inputs) in [
        (query, hidden, hidden),
        (key, hidden, hidden),
        (value, hidden, hidden),
        (names::ATTENTION_OUTPUT, hidden, hidden),
        (names::INTERMEDIATE, intermediate, hidden),
        (names::OUTPUT, hidden, intermediate),
    ] {
        let module = names::within(&layer, module);
        add(names::weight(&module), &[outputs, inputs]);
        add(names::bias(&module), &[outputs]);
    }
    for module in [names::ATTENTION_NORM, names::OUTPUT_NORM] {
        let module = names::within(&layer, module);
        add(names::weight(&module), &[hidden]);
        add(names::bias(&module), &[hidden]);
    }
    tensors
}

/// The bytes of a model file of a few kilobytes, whose scores mean nothing. Every text is an account, and every competency
/// is shown, so that all that follows is computed.
pub fn small_model_file() -> Vec<u8> {
    let rubric = small_rubric();
    let encoder_config = EncoderConfig {
        hidden_size: 32,
        num_hidden_layers: 1,
        num_attention_heads: 2,
        intermediate_size: 32,
        vocab_size: CHARACTERS.chars().count() + 5,
        max_position_embeddings: 32,
        type_vocab_size: 1,
        layer_norm_eps: 1e-12,
        hidden_act: "gelu".to_owned(),
        model_type: "bert".to_owned(),
        experts: None,
        adapters: None,
    };
    let heads_config = HeadsConfig {
        hidden: encoder_config.hidden_size,
        width: 8,
        summary: 4,
        competencies: rubric.competencies.len(),
        levels: rubric.levels(),
    };
    let variables = VarMap::new();
    Heads::new(&heads_config, VarBuilder::from_varmap(&variables, DType::F32, &Device::Cpu))
        .expect("the heads can be initialized");
    let heads = variables.data().lock().expect("nothing else holds the lock");
    let heads = heads.iter().map(|(name, variable)| (name.clone(), variable.as_tensor().clone())).collect();
    let calibration = Calibration {
        presence_threshold: vec![0.0; rubric.competencies.len()],
        ..Calibration::uncalibrated(rubric.competencies.len())
    };
    let contents = Contents {
        id: "small",
        encoder: &small_encoder(&encoder_config),
        encoder_config: &encoder_config,
        heads_config: &heads_config,
        heads: &heads,
        tokenizer_json: &small_tokenizer(),
        rubric: &rubric,
        calibration: &calibration,
        training: &json!({}),
    };
    contents.to_gguf().expect("the model can be written")
}

/// Reads what the reader of a text says from a line such as `whole quoted account speaker=Rep growth=0-12`. Words that mean
/// nothing are left out.
pub fn options(line: &str) -> (Whose, Vec<Objection>) {
    let mut whose = Whose::default();
    let mut objections = Vec::new();
    for word in line.split(' ') {
        match (word, word.split_once('=')) {
            ("whole", _) => whose.whole = true,
            ("quoted", _) => whose.quoted = true,
            ("account", _) => whose.account = true,
            (_, Some(("speaker", name))) => whose.speaker = Some(name.to_owned()),
            (_, Some((competency, range))) => {
                let range = range.split_once('-').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
                let objection = |(start, end)| Objection { competency: competency.to_owned(), start, end };
                objections.extend(range.map(objection));
            }
            _ => {}
        }
    }
    (whose, objections)
}

/// The model of [`small_model_file`].
pub static SMALL: LazyLock<Assessor> =
    LazyLock::new(|| Assessor::from_gguf(&small_model_file()).expect("the small model can be read"));

/// Has the patterns compiled before the first input, so that its time is not counted as that of the input.
pub fn compile_patterns() {
    assess(
        &SMALL,
        "\nFrom: Li\nTo: Wu\nRep: Why?\n\nOn Mon, 3 Mar 2025 at 10:00, Li wrote:\n> So.\n1. Yes\n-- \nLi",
    );
}

/// Assesses a text whose first line are [`options`], and checks the assessment if there is one.
pub fn assess(assessor: &Assessor, input: &str) {
    let (line, report) = input.split_once('\n').unwrap_or(("", input));
    let (whose, objections) = options(line);
    let Ok(mut reading) = assessor.begin(report, &whose, &objections) else { return };
    assessor.encode(&mut reading).expect("a text that was read can be encoded");
    let assessment = assessor.finish(&reading).expect("a text that was encoded can be assessed");
    check(&assessment, report, &assessor.model().rubric);
}

/// Checks what holds of every assessment of a report, whatever the model.
fn check(assessment: &Assessment, report: &str, rubric: &Rubric) {
    let part = |start: usize, end: usize| {
        assert!(start < end, "a range is not empty");
        assert!(
            report.get(start..end).is_some_and(|part| part == part.trim()),
            "{start}..{end} is no sentence"
        );
    };
    let (min, max) = (rubric.scale.min as f32, rubric.scale.max as f32);
    for competency in &assessment.competencies {
        assert!((0.0..=1.0).contains(&competency.presence));
        assert_eq!(competency.level.is_some(), !competency.evidence.is_empty());
        if let (Some(level), Some([low, high])) = (competency.level, competency.interval) {
            assert!(min <= low && low <= level && level <= high && high <= max, "{low} {level} {high}");
        }
        for evidence in &competency.evidence {
            part(evidence.start, evidence.end);
            assert!((0.0..=1.0).contains(&evidence.probability) && (0.0..=1.0).contains(&evidence.weight));
        }
    }
    let mut end = 0;
    for left_out in &assessment.left_out {
        assert!(end <= left_out.start, "parts that are left out are in text order");
        part(left_out.start, left_out.end);
        end = left_out.end;
    }
    for objection in &assessment.objections {
        part(objection.start, objection.end);
    }
    let json = serde_json::to_string(assessment).expect("an assessment has a JSON form");
    let read: Assessment = serde_json::from_str(&json).expect("the JSON form can be read");
    assert_eq!(read.competencies.len(), assessment.competencies.len());
    // Converts every offset; each must be that of a character.
    let units: Vec<u16> = report.encode_utf16().collect();
    let utf16 = assessment.clone().with_utf16_offsets(report);
    for (bytes, units_of) in assessment.left_out.iter().zip(&utf16.left_out) {
        let shown = String::from_utf16(&units[units_of.start..units_of.end]).expect("no character is cut");
        assert_eq!(shown, report[bytes.start..bytes.end]);
    }
}
