//! Any JSON is an assessment or refused. Its offsets convert for any report, even for one that it is not of. The first line
//! of the input is the report.
#![no_main]

use libfuzzer_sys::fuzz_target;
use salesmirror::Assessment;
use salesmirror::text::Utf16Offsets;

fuzz_target!(|input: &str| {
    let (report, json) = input.split_once('\n').unwrap_or(("", input));
    let Ok(assessment) = serde_json::from_str::<Assessment>(json) else { return };
    let offsets = Utf16Offsets::new(report);
    for objection in &assessment.objections {
        if let Some(bytes) = objection.clone().with_byte_offsets(&offsets) {
            assert!(report.is_char_boundary(bytes.start) && report.is_char_boundary(bytes.end));
        }
    }
    let utf16 = assessment.with_utf16_offsets(report);
    let written = serde_json::to_string(&utf16).expect("an assessment has a JSON form");
    serde_json::from_str::<Assessment>(&written).expect("it can be read");
});
