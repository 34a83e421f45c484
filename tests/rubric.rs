//! Rubric files: the default one is valid, and each kind of mistake is reported with its place.

use salesmirror::rubric::{Rubric, RubricError};
use serde_json::{Value, json};

const DEFAULT: &str = include_str!("../data/rubric.json");

/// The error of the default rubric after a change.
fn error_after(change: impl FnOnce(&mut Value)) -> RubricError {
    let mut json: Value = serde_json::from_str(DEFAULT).unwrap();
    change(&mut json);
    Rubric::from_json(&json.to_string()).expect_err("the change must be refused")
}

#[test]
fn default_rubric_is_valid() {
    let rubric = Rubric::from_json(DEFAULT).unwrap();
    assert_eq!(rubric.levels(), 5);
    assert_eq!(rubric.position("expertise"), Some(0));
    assert_eq!(rubric.position("juggling"), None);
}

#[test]
fn other_scales_and_sizes_are_allowed() {
    let text = |s: &str| json!({ "de": s });
    let rubric = json!({
        "id": "essay", "version": 1, "languages": ["de"],
        "scale": { "min": 0, "max": 2, "names": (0..3).map(|l| json!({"level": l, "name": text("Stufe")})).collect::<Vec<_>>() },
        "competencies": [{ "id": "stil", "name": text("Stil"), "definition": text("Stil"),
            "levels": (0..3).map(|l| json!({"level": l, "anchor": text("Anker")})).collect::<Vec<_>>() }]
    });
    assert_eq!(Rubric::from_json(&rubric.to_string()).unwrap().levels(), 3);
}

#[test]
fn missing_level_names_the_competency() {
    let error = error_after(|r| {
        r["competencies"][2]["levels"].as_array_mut().unwrap().remove(1);
    });
    assert!(matches!(&error, RubricError::Levels { found, .. } if found == &[1, 3, 4, 5]));
    assert!(error.to_string().contains("collaboration"), "{error}");
}

#[test]
fn missing_translation_names_place_and_language() {
    let error = error_after(|r| r["competencies"][0]["levels"][3]["anchor"]["zh"] = json!("  "));
    assert!(matches!(&error, RubricError::Translation { language, .. } if language == "zh"));
    assert!(error.to_string().contains("level 4 of competency `expertise`"), "{error}");
}

#[test]
fn other_mistakes_are_told_apart() {
    assert!(matches!(
        error_after(|r| r["competencies"] = json!([])),
        RubricError::Empty { field: "competencies" }
    ));
    assert!(matches!(
        error_after(|r| r["competencies"][1]["id"] = json!("expertise")),
        RubricError::DuplicateId(_)
    ));
    assert!(matches!(error_after(|r| r["scale"]["max"] = json!(1)), RubricError::Scale { .. }));
    assert!(matches!(error_after(|r| r["scale"]["max"] = json!(i32::MAX)), RubricError::Scale { .. }));
    assert!(matches!(error_after(|r| r["scale"]["min"] = json!("one")), RubricError::Json(_)));
    assert!(matches!(Rubric::from_json("{"), Err(RubricError::Json(_))));
}
