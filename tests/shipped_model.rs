//! The shipped model gives the same assessments as it always has.
//!
//! `tests/fixtures/assessments.jsonl` holds every number of the assessments of some texts in `data/reports`, and a digest of the rest
//! of each. A change that is not meant to change assessments must leave it as it is. When another model ships, write it anew with
//!
//! ```sh
//! UPDATE_FIXTURES=1 cargo test -p salesmirror -p salesmirror-trainer --test shipped_model
//! ```
//!
//! The bits of the numbers are not compared: which instructions a processor has decides in which order matrices are summed up.

mod common;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use salesmirror::Assessor;
use salesmirror::model::sha256;
use serde::{Deserialize, Serialize};
use serde_json::Value;

const FIXTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/assessments.jsonl");
const REPORTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/reports");

/// One text in so many is assessed.
const SAMPLE_EVERY: usize = 200;

/// By how much a number may differ; processors differ by less than 1e-5.
const TOLERANCE: f64 = 1e-4;

/// Hexadecimal digits of a digest, 64 bits.
const DIGEST_DIGITS: usize = 16;

static SHIPPED: LazyLock<Assessor> = LazyLock::new(|| Assessor::from_gguf(&common::shipped_file()).unwrap());

/// What is kept of the assessment of a text, but for its timings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Kept {
    id: String,
    /// Of everything but the numbers with a fraction.
    digest: String,
    /// The numbers with a fraction, in the order of [`split`].
    numbers: Vec<f64>,
}

impl Kept {
    fn agrees(&self, other: &Self) -> bool {
        let close = |(a, b): (&f64, &f64)| (a - b).abs() <= TOLERANCE;
        self.id == other.id
            && self.digest == other.digest
            && self.numbers.len() == other.numbers.len()
            && self.numbers.iter().zip(&other.numbers).all(close)
    }
}

/// Takes the numbers with a fraction out of a JSON value, and appends the rest to `rest`, with keys sorted.
fn split(value: &Value, rest: &mut String, numbers: &mut Vec<f64>) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(key, _)| *key);
            rest.push('{');
            for (key, value) in fields {
                rest.push_str(&format!("{key:?}:"));
                split(value, rest, numbers);
                rest.push(',');
            }
            rest.push('}');
        }
        Value::Array(items) => {
            rest.push('[');
            for item in items {
                split(item, rest, numbers);
                rest.push(',');
            }
            rest.push(']');
        }
        Value::Number(number) if number.is_f64() => {
            numbers.extend(number.as_f64().map(|number| (number * 1e6).round() / 1e6));
        }
        other => rest.push_str(&other.to_string()),
    }
}

/// Assesses one line of a file in `data/reports`.
fn assess(report: &str) -> Kept {
    let report: Value = serde_json::from_str(report).unwrap();
    let assessment = SHIPPED.assess(report["text"].as_str().unwrap()).unwrap();
    let mut assessment = serde_json::to_value(assessment).unwrap();
    assessment.as_object_mut().unwrap().remove("timings").unwrap();
    let (mut rest, mut numbers) = (String::new(), Vec::new());
    split(&assessment, &mut rest, &mut numbers);
    let digest = sha256(rest.as_bytes())[..DIGEST_DIGITS].to_owned();
    Kept { id: report["id"].as_str().unwrap().to_owned(), digest, numbers }
}

/// [`assess`] of each report, by id, on all cores.
fn assess_all(reports: &[String]) -> Vec<Kept> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut kept = Vec::new();
        while let Some(report) = reports.get(next.fetch_add(1, Ordering::Relaxed)) {
            kept.push(assess(report));
        }
        kept
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut all: Vec<Kept> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
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
    assert!(sample.len() > 30, "only {} texts", sample.len());
    let all = assess_all(&sample);
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        let lines: Vec<String> = all.iter().map(|kept| serde_json::to_string(kept).unwrap()).collect();
        std::fs::write(FIXTURE, lines.join("\n") + "\n").unwrap();
        return;
    }
    let fixture = std::fs::read_to_string(FIXTURE).unwrap();
    let expected: Vec<Kept> = fixture.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(all.len(), expected.len(), "the fixture must have one line per text");
    let changed: Vec<_> =
        all.iter().zip(&expected).filter(|(kept, expected)| !kept.agrees(expected)).collect();
    assert!(
        changed.is_empty(),
        "{} of {} assessments have changed, the first is now {:?}, was {:?}; if another model ships, write {FIXTURE} anew",
        changed.len(),
        all.len(),
        changed[0].0,
        changed[0].1,
    );
}

#[test]
fn a_change_is_noticed() {
    let kept = Kept { id: "a".to_owned(), digest: "0".to_owned(), numbers: vec![0.5, 3.0] };
    let with = |numbers: &[f64]| Kept { numbers: numbers.to_vec(), ..kept.clone() };
    assert!(kept.agrees(&with(&[0.50001, 3.0])));
    assert!(!kept.agrees(&with(&[0.5, 3.001])) && !kept.agrees(&with(&[0.5])));
    assert!(!kept.agrees(&Kept { digest: "1".to_owned(), ..kept.clone() }));
}
