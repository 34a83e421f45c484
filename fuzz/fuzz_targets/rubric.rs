//! Any text is a rubric or refused with a message, and a rubric survives being written and read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use salesmirror::Rubric;

fuzz_target!(|json: &str| {
    match Rubric::from_json(json) {
        Ok(rubric) => {
            assert!((2..=100).contains(&rubric.levels()));
            for (i, competency) in rubric.competencies.iter().enumerate() {
                assert_eq!(rubric.position(&competency.id), Some(i));
            }
            let written = serde_json::to_string(&rubric).expect("a rubric has a JSON form");
            assert_eq!(Rubric::from_json(&written).expect("it can be read"), rubric);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
