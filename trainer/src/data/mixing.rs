//! Writes passages of texts that show nothing into copies of reports. What people paste is seldom a report alone, and an encoder
//! reads what stands beside a sentence: copies teach it that only evidence counts, in whatever company.

use std::ops::Range;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use salesmirror::text::{self, TextError};

use super::LabelledReport;
use super::labelled_report::{Span, label_sentences};

/// How many passages are written into a copy.
const PASSAGES: Range<usize> = 1..4;

/// How many sentences a passage has.
const SENTENCES: Range<usize> = 2..11;

/// How often a passage goes on in the paragraph that it stands beside.
const SAME_PARAGRAPH: f64 = 0.25;

/// Adds copies of a share of the rated reports. Each copy has the labels of its report, stands in a set with it, and has passages
/// of other texts in its language written before it, behind it, or between its paragraphs. A text that is no account gets only
/// passages of its like, because an account among them would make it one in part.
///
/// # Errors
/// When a copy is longer than a text may be.
pub fn add_mixed_copies(reports: &mut Vec<LabelledReport>, share: f64, seed: u64) -> Result<(), TextError> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut copies = Vec::new();
    let drawn: Vec<usize> = (0..reports.len())
        .filter(|&number| random.random_bool(share.clamp(0.0, 1.0)) && reports[number].rated)
        .collect();
    let nothing: Vec<&LabelledReport> = reports.iter().filter(|report| shows_nothing(report)).collect();
    for &number in &drawn {
        let report = &reports[number];
        let fits = |other: &&LabelledReport| {
            other.id != report.id && other.language == report.language && (report.sales || !other.sales)
        };
        let neutral: Vec<&LabelledReport> = nothing.iter().copied().filter(fits).collect();
        if !neutral.is_empty() {
            copies.push((number, mix(report, &neutral, &mut random)?));
        }
    }
    for (number, mut copy) in copies {
        let report = &mut reports[number];
        let set = report.fields.entry("set".to_owned()).or_insert_with(|| format!("mixed {}", report.id));
        copy.fields.insert("set".to_owned(), set.clone());
        reports.push(copy);
    }
    Ok(())
}

/// Whether a text shows no competency, as far as raters have looked.
fn shows_nothing(report: &LabelledReport) -> bool {
    report.rated && report.levels.iter().all(Option::is_none) && !report.sentences.is_empty()
}

fn mix(
    report: &LabelledReport,
    neutral: &[&LabelledReport],
    random: &mut StdRng,
) -> Result<LabelledReport, TextError> {
    let borders = paragraph_starts(report);
    let count = random.random_range(PASSAGES);
    let mut places: Vec<usize> = (0..count).filter_map(|_| borders.choose(random).copied()).collect();
    places.sort_unstable();
    let mut mixed = String::new();
    // For each piece of the report: where it starts there and in the copy.
    let mut pieces = Vec::new();
    let mut copied = 0;
    for place in places {
        pieces.push((copied, mixed.len()));
        mixed += &report.text[copied..place];
        copied = place;
        let passage = neutral.choose(random).map_or("", |other| passage(other, random));
        let separator = match (random.random_bool(SAME_PARAGRAPH), report.language.as_str()) {
            (false, _) => "\n\n",
            (true, "zh") => "",
            (true, _) => " ",
        };
        if !mixed.is_empty() && !mixed.ends_with('\n') {
            mixed += separator;
        }
        mixed += passage;
        if place < report.text.len() {
            mixed += separator;
        }
    }
    pieces.push((copied, mixed.len()));
    mixed += &report.text[copied..];

    let moved = |at: usize| {
        let piece = pieces.iter().rev().find(|(start, _)| *start <= at);
        piece.map_or(at, |(start, new)| at - start + new)
    };
    let document = text::read(&mixed)?;
    let sentences: Vec<Range<usize>> =
        document.sentences.iter().map(|sentence| sentence.range.clone()).collect();
    let evidence = report.evidence.as_ref().map(|all| {
        let outputs = all.first().map_or(0, Vec::len);
        let spans = report.sentences.iter().zip(all).map(|(range, tags)| Span {
            range: moved(range.start)..moved(range.start) + range.len(),
            tags: (0..outputs).filter(|&tag| tags[tag]).collect(),
        });
        label_sentences(&sentences, &spans.collect::<Vec<_>>(), outputs)
    });
    let id = format!("{}+mixed", report.id);
    let characters = document.characters;
    Ok(LabelledReport { id, text: mixed, sentences, characters, evidence, ..report.clone() })
}

/// The offsets at which a passage can be written into a report: its ends, and where a sentence begins a line.
fn paragraph_starts(report: &LabelledReport) -> Vec<usize> {
    let neighbours = report.sentences.iter().zip(report.sentences.iter().skip(1));
    let breaks = neighbours.filter(|(one, next)| report.text[one.end..next.start].contains('\n'));
    breaks.map(|(_, next)| next.start).chain([0, report.text.len()]).collect()
}

/// A run of sentences of a text.
fn passage<'a>(report: &'a LabelledReport, random: &mut StdRng) -> &'a str {
    let sentences = &report.sentences;
    let length = random.random_range(SENTENCES).min(sentences.len());
    let first = random.random_range(0..=sentences.len() - length);
    &report.text[sentences[first].start..sentences[first + length - 1].end]
}

#[cfg(test)]
mod tests {
    use salesmirror::Rubric;

    use super::super::{LabelSpace, read_labelled_reports};
    use super::*;

    const ROWS: &str = r#"{"id":"a-1","lang":"en","text":"We met. I asked what they need.\n\nThey left, so I wrote the plan.","scores":{"planning":4},"evidence":[{"start":8,"end":31,"tags":["customer_focus+"]},{"start":33,"end":64,"tags":["planning+"]}]}
{"id":"b-1","lang":"en","text":"It rained. The hall was cold. Lunch was late.","scores":{},"evidence":[]}
{"id":"c-1","lang":"en","text":"Buy two, get one. Offer ends soon. Call today.","scores":{},"evidence":[],"sales":false}
{"id":"d-1","lang":"en","text":"Our oven bakes bread. It has a timer.","scores":{},"evidence":[],"sales":false,"set":"s"}
{"id":"e-1","lang":"zh","text":"今天下雨。会议推迟。","scores":{},"evidence":[]}
"#;

    fn reports(name: &str) -> Vec<LabelledReport> {
        let rubric = Rubric::from_json(include_str!("../../../data/rubric.json")).unwrap();
        let path = std::env::temp_dir().join(format!("salesmirror-{name}-{}.jsonl", std::process::id()));
        std::fs::write(&path, ROWS).unwrap();
        let reports = read_labelled_reports(&[&path], &LabelSpace::from(&rubric)).unwrap();
        std::fs::remove_file(path).unwrap();
        reports
    }

    /// The evidence of a report, as tags by sentence.
    fn marked(report: &LabelledReport) -> Vec<(&str, Vec<usize>)> {
        let evidence = report.evidence.as_ref().unwrap();
        let rows = report.sentences.iter().zip(evidence);
        rows.filter(|(_, tags)| tags.contains(&true))
            .map(|(range, tags)| {
                (&report.text[range.clone()], (0..tags.len()).filter(|&tag| tags[tag]).collect())
            })
            .collect()
    }

    #[test]
    fn labels_stay_with_their_sentences() {
        let originals = reports("mixing-labels");
        for seed in 0..100 {
            let mut all = originals.clone();
            add_mixed_copies(&mut all, 1.0, seed).unwrap();
            // The Chinese text has no other one to take passages from.
            assert_eq!(all.len(), 2 * originals.len() - 1);
            let copy = &all[originals.len()];
            assert_eq!(
                (copy.id.as_str(), copy.writer(), &copy.levels),
                ("a-1+mixed", "a", &originals[0].levels)
            );
            assert!(copy.text.len() > originals[0].text.len());
            assert_eq!(marked(copy), marked(&originals[0]), "{}", copy.text);
            assert!(copy.set().is_some() && copy.set() == all[0].set());
        }
    }

    #[test]
    fn a_text_that_is_no_account_gets_no_account() {
        let originals = reports("mixing-others");
        for seed in 0..50 {
            let mut all = originals.clone();
            add_mixed_copies(&mut all, 1.0, seed).unwrap();
            for copy in all.iter().skip(originals.len()).filter(|copy| !copy.sales) {
                let foreign = ["rained", "hall", "Lunch", "plan"].map(|word| copy.text.contains(word));
                assert_eq!(foreign, [false; 4], "{}", copy.text);
            }
            assert_eq!(all.iter().filter(|report| report.set() == Some("s")).count(), 2);
        }
    }

    #[test]
    fn the_seed_decides() {
        let texts = |seed: u64, share: f64| {
            let mut all = reports(&format!("mixing-seed-{seed}-{share}"));
            add_mixed_copies(&mut all, share, seed).unwrap();
            all.into_iter().map(|report| report.text).collect::<Vec<_>>()
        };
        assert_eq!(texts(1, 1.0), texts(1, 1.0));
        assert_ne!(texts(1, 1.0), texts(2, 1.0));
        assert_eq!(texts(1, 0.0).len(), 5);
    }
}
