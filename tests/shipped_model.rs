//! The shipped model gives the same assessments as it always has, to the last bit.
//!
//! `tests/fixtures/assessments.txt` holds a digest of the assessment of every hundredth text in `data/reports`. A change that is
//! not meant to change assessments must leave it as it is. When another model ships, write it anew with
//!
//! ```sh
//! UPDATE_FIXTURES=1 cargo test -p salesmirror -p salesmirror-trainer --test shipped_model
//! ```

mod common;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use salesmirror::Assessor;
use salesmirror::model::sha256;
use serde_json::Value;

const FIXTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/assessments.txt");
const REPORTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/reports");

/// One text in so many is assessed.
const SAMPLE_EVERY: usize = 100;

/// Hexadecimal digits of a digest, 64 bits.
const DIGEST_DIGITS: usize = 16;

static SHIPPED: LazyLock<Assessor> = LazyLock::new(|| Assessor::from_gguf(&common::shipped_file()).unwrap());

/// Appends a JSON value so that equal bits give equal text: keys sorted, floating-point numbers as the bits of an f32.
fn write_canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(key, _)| *key);
            out.push('{');
            for (key, value) in fields {
                out.push_str(&format!("{key:?}:"));
                write_canonical(value, out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                write_canonical(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => out.push_str(&integer.to_string()),
            (None, Some(float)) => out.push_str(&format!("f32:{:08x}", (float as f32).to_bits())),
            (None, None) => panic!("{number} is neither an i64 nor an f64"),
        },
        other => out.push_str(&other.to_string()),
    }
}

/// `ID DIGEST` of one line of a file in `data/reports`: the digest covers the whole assessment but its timings.
fn digest_line(report: &str) -> String {
    let report: Value = serde_json::from_str(report).unwrap();
    let assessment = SHIPPED.assess(report["text"].as_str().unwrap()).unwrap();
    let mut assessment = serde_json::to_value(assessment).unwrap();
    assessment.as_object_mut().unwrap().remove("timings").unwrap();
    let mut canonical = String::new();
    write_canonical(&assessment, &mut canonical);
    format!("{} {}", report["id"].as_str().unwrap(), &sha256(canonical.as_bytes())[..DIGEST_DIGITS])
}

/// [`digest_line`] of each report, in order, on all cores.
fn digest_lines(reports: &[String]) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut lines = Vec::new();
        while let Some(report) = reports.get(next.fetch_add(1, Ordering::Relaxed)) {
            lines.push(digest_line(report));
        }
        lines
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut lines: Vec<String> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    lines.sort();
    lines
}

/// The texts that are assessed, as lines of the files in `data/reports`.
fn sample() -> Vec<String> {
    let files = std::fs::read_dir(REPORTS).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|name| name == "jsonl")).collect();
    files.sort();
    let lines = files.iter().flat_map(|path| {
        let text = std::fs::read_to_string(path).unwrap();
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    });
    lines.step_by(SAMPLE_EVERY).collect()
}

#[test]
fn a_sample_of_texts_is_assessed_as_before() {
    let sample = sample();
    assert!(sample.len() > 50, "only {} texts", sample.len());
    let lines = digest_lines(&sample);
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        std::fs::write(FIXTURE, lines.join("\n") + "\n").unwrap();
        return;
    }
    let fixture = std::fs::read_to_string(FIXTURE).unwrap();
    let expected: Vec<&str> = fixture.lines().collect();
    assert_eq!(lines.len(), expected.len(), "the fixture must have one line per text");
    let changed: Vec<_> = lines.iter().zip(&expected).filter(|(line, expected)| line != *expected).collect();
    assert!(
        changed.is_empty(),
        "{} of {} assessments have changed, the first is now {}, was {}; if another model ships, write {FIXTURE} anew",
        changed.len(),
        lines.len(),
        changed[0].0,
        changed[0].1,
    );
}
