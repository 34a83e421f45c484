//! How long the longest texts take. These tests only print times; what bounds the work is checked in `assessment.rs`,
//! `allocations.rs` and `text.rs`.
//!
//! ```sh
//! cargo test -p salesmirror -p salesmirror-trainer --test long_texts -- --ignored --nocapture --test-threads 1
//! ```

mod common;

use std::sync::LazyLock;
use std::time::Instant;

use salesmirror::Assessor;
use salesmirror::assessment::{Objection, WindowMemory};
use salesmirror::text::{MAX_BYTES, Whose};

static SHIPPED: LazyLock<Assessor> = LazyLock::new(|| Assessor::from_gguf(&common::shipped_file()).unwrap());

/// English reports, a blank line between them, of at most so many bytes.
fn english(bytes: usize) -> String {
    let mut text = String::new();
    for line in include_str!("../data/reports/specified.jsonl").lines() {
        let report: serde_json::Value = serde_json::from_str(line).unwrap();
        let report_text = report["text"].as_str().unwrap();
        if report["lang"] == "en" && text.len() + report_text.len() + 2 <= bytes {
            text += report_text;
            text += "\n\n";
        }
    }
    text
}

/// Prints how long each step of an assessment takes, and the most memory that the process has had.
fn measure(name: &str, text: &str) {
    let assessor = &*SHIPPED;
    let begin = Instant::now();
    let mut reading = match assessor.begin(text, &Whose::default(), &[]) {
        Ok(reading) => reading,
        Err(error) => {
            println!("{name}: {error} ({:?})", begin.elapsed());
            return;
        }
    };
    let read = begin.elapsed();
    assessor.encode(&mut reading).unwrap();
    let encoded = begin.elapsed();
    let assessment = assessor.finish(&reading).unwrap();
    let all = begin.elapsed();
    let evidence = assessment.competencies.iter().flat_map(|c| &c.evidence);
    let (known, unknown): (Vec<_>, Vec<_>) = evidence.partition(|evidence| evidence.without.is_some());
    println!(
        "{name}: {all:.2?} (text {read:.2?}, encoder {:.2?}, levels {:.2?}), {:?}, {} pieces of evidence, {} with `without`",
        encoded - read,
        all - encoded,
        assessment.length,
        known.len() + unknown.len(),
        known.len(),
    );
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default());
    }
}

#[test]
#[ignore = "prints times"]
fn english_of_200_kb() {
    measure("200 kB of English", &english(MAX_BYTES));
}

#[test]
#[ignore = "prints times"]
fn short_sentences() {
    measure("50,000 short sentences", &"Ok. ".repeat(50_000));
}

#[test]
#[ignore = "prints times"]
fn short_paragraphs() {
    let text: String = (0..).map(|i| format!("Sold {i}.\n\n")).take(15_000).collect();
    measure("15,000 paragraphs of one short sentence", &text);
}

#[test]
#[ignore = "prints times"]
fn line_breaks() {
    measure("200,000 line breaks", &format!("I called.{}", "\n".repeat(200_000)));
}

#[test]
#[ignore = "prints times"]
fn one_word() {
    measure("a word of 100,000 letters", &"a".repeat(100_000));
}

#[test]
#[ignore = "prints times"]
fn words() {
    measure("200,000 words", &"call ".repeat(200_000));
    measure("40,000 words", &"call ".repeat(40_000));
}

/// The encoder need not run again after an objection.
#[test]
#[ignore = "prints times"]
fn an_objection() {
    let assessor = &*SHIPPED;
    let text = english(6_000);
    let mut memory = WindowMemory::default();
    let mut assess = |objections: &[Objection]| {
        let begin = Instant::now();
        let mut reading = assessor.begin(&text, &Whose::default(), objections).unwrap();
        memory.recall(&mut reading);
        let missing = reading.missing().len();
        assessor.encode(&mut reading).unwrap();
        memory.keep(&reading);
        (assessor.finish(&reading).unwrap(), missing, begin.elapsed())
    };
    let (assessment, windows, time) = assess(&[]);
    println!("{} words, {windows} windows: {time:.2?}", text.split_whitespace().count());
    let evidence = assessment.competencies.iter().flat_map(|c| c.evidence.iter().map(|e| (c.id.clone(), e)));
    let objections: Vec<Objection> =
        evidence.map(|(competency, e)| Objection { competency, start: e.start, end: e.end }).collect();
    for count in [0, 1, 1, 1, 5] {
        let (_, missing, time) = assess(&objections[..count.min(objections.len())]);
        println!("{count} objections, {missing} windows: {time:.2?}");
    }
}
