//! The library as WebAssembly in a worker of a real Chromium: the same tokens, assessments that keep their promises,
//! and failures that arrive as `{code, message, detail}`. Whole-path tests are in `www/e2e`.
#![cfg(target_arch = "wasm32")]

use js_sys::{Function, Reflect};
use salesmirror::browser;
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
