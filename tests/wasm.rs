//! The library as WebAssembly in a worker of a real Chromium: the same tokens, assessments that keep their promises,
//! and failures that arrive as `{code, message, detail}`. Run once for each build, simd128 and relaxed-simd. Whole-path
//! tests are in `www/e2e`.
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

/// Numbers that look random and are the same in every run (Numerical Recipes' linear congruential generator), with the
/// extremes more often than chance has them.
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

/// What `tests/kernels.rs` shows natively: every instruction set of this build gives the reference's bits.
#[wasm_bindgen_test]
fn tiles_equal_the_reference() {
    let mut numbers = Numbers(1);
    let sets = InstructionSet::available();
    assert_eq!(sets.len(), if cfg!(target_feature = "relaxed-simd") { 3 } else { 2 });
    for round in 0..2_000 {
        let (count, groups, gap) = (1 + round % ROWS, 1 + round % 37, round % 5);
        let stride = groups * GROUP + gap;
        let rows: Vec<u8> = (0..count * stride).map(|_| numbers.next(0, 127) as u8).collect();
        let panel: Vec<i8> = (0..groups * GROUP * COLUMNS).map(|_| numbers.next(-128, 127) as i8).collect();
        let expected = tile::portable::int8(&rows, stride, count, &panel);
        for &set in &sets {
            assert_eq!(
                tile::int8(set, &rows, stride, count, &panel),
                expected,
                "{}, round {round}",
                set.name()
            );
        }
        let stride = groups * PAIR + gap;
        let rows: Vec<i16> = (0..count * stride).map(|_| numbers.next(-5_000, 5_000) as i16).collect();
        let panel: Vec<i16> =
            (0..groups * PAIR * COLUMNS).map(|_| numbers.next(-5_000, 5_000) as i16).collect();
        let expected = tile::portable::int16(&rows, stride, count, &panel);
        for &set in &sets {
            assert_eq!(
                tile::int16(set, &rows, stride, count, &panel),
                expected,
                "{}, round {round}",
                set.name()
            );
        }
    }
}

async fn code_of_failed_load(url: &str, cancelled: bool) -> String {
    let controller = AbortController::new().unwrap();
    if cancelled {
        controller.abort();
    }
    let progress = Function::new_no_args("");
    let failure = browser::Assessor::load(url.to_owned(), progress, controller.signal())
        .await
        .err()
        .expect("must be refused");
    let code = Reflect::get(&failure, &JsValue::from_str("code")).unwrap();
    code.as_string().unwrap()
}

#[wasm_bindgen_test]
async fn failures_have_codes() {
    assert_eq!(code_of_failed_load("nowhere/manifest.json", false).await, "not_found");
    assert_eq!(code_of_failed_load("nowhere/manifest.json", true).await, "cancelled");
    assert_eq!(code_of_failed_load("https://example.invalid/manifest.json", false).await, "network");
}
