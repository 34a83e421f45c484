//! The library as WebAssembly in a worker of a real Chromium: the same tokens and bits as natively, assessments with
//! evidence, and failures that arrive as `{code, message, detail}`. The tests run once for each build, simd128 and
//! relaxed-simd. End-to-end tests are in `www/e2e`.
#![cfg(target_arch = "wasm32")]

use js_sys::{Function, Reflect};
use salesmirror::browser;
use salesmirror::kernels::tile::{self, COLUMNS, GROUP, InstructionSet, PAIR, ROWS};
use salesmirror::model::Model;
use salesmirror::{AssessError, Assessor};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::AbortController;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

const SHIPPED: &[u8] = include_bytes!("../www/models/default/model.gguf");
/// The folded bits of the token vectors of a sentence; `tests/model.rs` checks the same number in the native build.
const TOKEN_VECTOR_BITS: u64 = include!("fixtures/token_vector_bits.rs");

const TOKENS: &str = include_str!("fixtures/tokens.jsonl");

#[wasm_bindgen_test]
fn tokens_equal_those_of_python() {
    let tokenizer = Model::from_gguf(SHIPPED).unwrap().tokenizer;
    for line in TOKENS.lines() {
        let (text, ids): (String, Vec<u32>) = serde_json::from_str(line).unwrap();
        assert_eq!(tokenizer.encode(&text).unwrap().ids, ids, "{text:?}");
    }
}

#[wasm_bindgen_test]
fn reports_are_assessed() {
    let assessor = Assessor::from_gguf(SHIPPED).unwrap();
    for report in [
        "He asked for 12% off; I offered 5% against a three-year service contract, and he signed.",
        "他要降价12%，我用三年维保换5%，当场签字。",
    ] {
        let assessment = assessor.assess(report).unwrap();
        let shown = assessment.competencies.iter().filter(|c| c.level.is_some());
        assert!(shown.clone().count() > 0, "{report}");
        assert!(shown.into_iter().all(|c| !c.evidence.is_empty()));
    }
    let empty = assessor.assess(" ").unwrap_err();
    assert!(matches!(empty, AssessError::Text(_)));
}

/// Pseudorandom numbers that are the same in every run (Numerical Recipes' linear congruential generator), among which
/// the extremes are frequent.
struct Numbers(u32);

impl Numbers {
    fn next(&mut self, low: i32, high: i32) -> i32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        match self.0 >> 29 {
            0 => low,
            1 => high,
            _ => low + ((self.0 >> 8) as i32).rem_euclid(high - low + 1),
        }
    }
}

/// As `tests/kernels.rs` does natively: every instruction set of this build gives the bits of the reference.
#[wasm_bindgen_test]
fn products_equal_the_reference() {
    let mut numbers = Numbers(1);
    let sets = InstructionSet::available();
    assert_eq!(sets.len(), if cfg!(feature = "relaxed-simd") { 3 } else { 2 });
    for round in 0..2_000 {
        let (count, groups, gap) = (1 + round % 14, 1 + round % 37, round % 5);
        let mut expected = vec![[0; COLUMNS]; count];
        let mut sums = vec![[-1; COLUMNS]; count];
        let stride = groups * PAIR + gap;
        let rows: Vec<i16> = (0..count * stride).map(|_| numbers.next(-5_000, 5_000) as i16).collect();
        let panel: Vec<i16> =
            (0..groups * PAIR * COLUMNS).map(|_| numbers.next(-5_000, 5_000) as i16).collect();
        tile::portable::int16(&rows, stride, &panel, &mut expected);
        for &set in &sets {
            tile::int16(set, &rows, stride, &panel, &mut sums);
            assert_eq!(sums, expected, "{}, round {round}", set.name());
        }
        let rows: Vec<u8> =
            (0..count.next_multiple_of(ROWS) * groups * GROUP).map(|_| numbers.next(0, 127) as u8).collect();
        let panel: Vec<i8> = (0..groups * GROUP * COLUMNS).map(|_| numbers.next(-128, 127) as i8).collect();
        tile::portable::int8(&rows, &panel, &mut expected);
        for &set in &sets {
            tile::int8(set, &rows, &panel, &mut sums);
            assert_eq!(sums, expected, "{}, round {round}", set.name());
        }
    }
}

/// Float operations agree too: the encoder of this build gives the bits that it gives natively.
#[wasm_bindgen_test]
fn token_vectors_equal_the_native_ones() {
    let model = Model::from_gguf(SHIPPED).unwrap();
    let ids = model.tokenizer.encode("He asked for 12% off; 我用三年维保换5%，当场签字。").unwrap().ids;
    let states = model.encoder.forward(&[&ids]).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
    let bits = states.iter().fold(0u64, |sum, x| sum.rotate_left(5) ^ u64::from(x.to_bits()));
    assert_eq!(bits, TOKEN_VECTOR_BITS);
}

async fn code_of_failed_load(url: &str, cancelled: bool) -> String {
    let controller = AbortController::new().unwrap();
    if cancelled {
        controller.abort();
    }
    let progress = Function::new_no_args("");
    let open = Function::new_with_args("url", "return fetch(url)");
    let claim = Function::new_no_args("return Promise.resolve()");
    let failure = browser::Assessor::load(url.to_owned(), open, claim, progress, controller.signal())
        .await
        .err()
        .expect("loading must fail");
    let code = Reflect::get(&failure, &JsValue::from_str("code")).unwrap();
    code.as_string().unwrap()
}

#[wasm_bindgen_test]
async fn failures_have_codes() {
    assert_eq!(code_of_failed_load("nowhere/manifest.json", false).await, "not_found");
    assert_eq!(code_of_failed_load("nowhere/manifest.json", true).await, "cancelled");
    assert_eq!(code_of_failed_load("https://example.invalid/manifest.json", false).await, "network");
}
