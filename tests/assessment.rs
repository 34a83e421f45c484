//! Assessments: what holds for any text, and what the shipped model says of real reports.

mod common;

use common::{shipped_file, tiny_model_file};
use proptest::prelude::*;
use salesmirror::assessment::{Offsets, Polarity, WarningCode, WindowMemory};
use salesmirror::text::{TextError, Whose};
use salesmirror::{AssessError, Assessment, Assessor};
use std::sync::LazyLock;

static TINY: LazyLock<Assessor> = LazyLock::new(|| Assessor::from_gguf(&tiny_model_file()).unwrap());

static SHIPPED: LazyLock<Assessor> = LazyLock::new(|| Assessor::from_gguf(&shipped_file()).unwrap());

const REPORT_EN: &str = "I asked the plant manager what a stopped line costs him and he said 4,000 an hour. \
    I worked out the payback with his own figures: eleven months. \
    He asked for 12% off; I offered 5% against a three-year service contract, and he signed. \
    I told nobody in delivery, so they learned of the date from the customer.";

const REPORT_ZH: &str = "我先问了车间主任停线一小时损失多少，他说四千。我按他的数字算了投入产出，十一个月回本。\
    他要降价12%，我用三年维保换5%，当场签字。交付那边我没说，他们是从客户那里才知道日期的。";

/// Checks what holds for every assessment, whatever the text and the model.
fn check(assessment: &Assessment, report: &str) {
    for c in &assessment.competencies {
        assert!((0.0..=1.0).contains(&c.presence));
        let shown = c.level.is_some();
        assert_eq!(shown, c.interval.is_some() && c.likely.is_some() && c.distribution.is_some());
        assert_eq!(shown, !c.evidence.is_empty(), "there is evidence if and only if there is a level");
        if let (Some(level), Some([low, high])) = (c.level, c.interval) {
            assert!(1.0 <= low && low <= level && level <= high && high <= 5.0);
        }
        let mut end = 0;
        for e in &c.evidence {
            assert!(end <= e.start && e.start < e.end, "evidence is in text order");
            assert!(!report[e.start..e.end].trim().is_empty());
            assert!((0.0..=1.0).contains(&e.weight) && (0.0..=1.0).contains(&e.probability));
            assert!(e.without.flatten().is_none_or(|level| (1.0..=5.0).contains(&level)));
            assert!(
                assessment.length.sentences > 1 || e.without == Some(None),
                "the only sentence cannot be left out"
            );
            end = e.end;
        }
    }
    let shown = assessment.competencies.iter().filter(|c| c.level.is_some()).count();
    assert_eq!(assessment.overall.as_ref().map_or(0, |o| o.shown), shown);
}

#[test]
fn real_reports_show_something() {
    for report in [REPORT_EN, REPORT_ZH] {
        let assessment = SHIPPED.assess(report).unwrap();
        check(&assessment, report);
        let negotiation = assessment.competencies.iter().find(|c| c.id == "negotiation").unwrap();
        assert!(negotiation.level.is_some(), "the report is about a negotiation");
        let concession = report.find("5%").unwrap();
        let evidence = negotiation.evidence.iter().find(|e| (e.start..e.end).contains(&concession)).unwrap();
        assert_eq!(evidence.polarity, Polarity::Positive);
    }
}

/// Without positive evidence levels are lower, and without negative evidence they are higher: not each of them, because
/// other sentences may say the same, but on average.
#[test]
fn levels_lean_on_their_evidence() {
    let reports = include_str!("../data/reports/specified.jsonl").lines().step_by(74);
    let mut leans = [Vec::new(), Vec::new()];
    for report in reports {
        let report: serde_json::Value = serde_json::from_str(report).unwrap();
        let assessment = SHIPPED.assess(report["text"].as_str().unwrap()).unwrap();
        for competency in &assessment.competencies {
            for evidence in &competency.evidence {
                if let (Some(level), Some(without)) = (competency.level, evidence.without.flatten()) {
                    leans[usize::from(evidence.polarity == Polarity::Negative)].push(level - without);
                }
            }
        }
    }
    let [good, poor] = leans.map(|leans| (leans.iter().sum::<f32>() / leans.len() as f32, leans.len()));
    println!("mean difference and number, positive evidence: {good:?}, negative evidence: {poor:?}");
    assert!(good.1 > 30 && good.0 > 0.05, "{good:?}");
    assert!(poor.1 > 30 && poor.0 < -0.05, "{poor:?}");
}

#[test]
fn text_about_nothing_shows_nothing() {
    for text in [
        "The meeting room on the third floor has a new coffee machine and the carpet is blue.",
        "今天天气不错，食堂中午有红烧肉。",
    ] {
        let assessment = SHIPPED.assess(text).unwrap();
        check(&assessment, text);
        assert!(assessment.competencies.iter().all(|c| c.level.is_none()), "{assessment:?}");
        assert!(assessment.warnings.iter().any(|w| w.code == WarningCode::NothingShown));
    }
}

#[test]
fn one_word_is_assessed_with_a_warning() {
    let assessment = SHIPPED.assess("Hello").unwrap();
    check(&assessment, "Hello");
    assert!(assessment.warnings.iter().any(|w| w.code == WarningCode::ShortText));
}

#[test]
fn anything_but_text_is_refused() {
    let refused = |text: &str| match TINY.assess(text) {
        Err(AssessError::Text(error)) => error,
        other => panic!("the text must be refused: {other:?}"),
    };
    assert!(matches!(refused(""), TextError::Empty));
    assert!(matches!(refused(" \u{200b}\r\n\t"), TextError::Empty));
    assert!(matches!(refused(&"🙂".repeat(2_500_000)), TextError::TooLong { .. }));
    assert!(matches!(refused("\0\u{1}\u{2}ab\u{3}\0\0\u{5}\u{6}"), TextError::NotText { .. }));
}

/// A report that fills several windows, of `end` after sentences about nothing.
fn long_report(end: &str) -> String {
    let filler = (0..300).map(|i| format!("Bus {} leaves from platform {}. ", i * 7 % 331, i * 5 % 17));
    filler.collect::<String>() + end
}

#[test]
fn a_long_report_gives_one_assessment() {
    let report = long_report(REPORT_EN);
    let assessment = TINY.assess(&report).unwrap();
    check(&assessment, &report);
    assert!(assessment.length.windows > 4, "{} windows", assessment.length.windows);
}

/// Looks at the prediction and not at the level: among hundreds of sentences about nothing, the model may not show a
/// competency, but it must have read every sentence.
#[test]
fn the_end_of_a_long_report_is_read() {
    let negotiation = SHIPPED.model().rubric.position("negotiation").unwrap();
    let predict = |end: &str| {
        let report = long_report(end);
        let mut reading = SHIPPED.begin(&report, &Whose::default(), &[]).unwrap();
        assert!(reading.windows().len() > 4, "{} windows", reading.windows().len());
        reading.encode_missing(&SHIPPED.model().encoder).unwrap();
        let prediction = SHIPPED.predict(&reading).unwrap();
        let sentences = reading.sentences().iter().zip(&prediction.evidence);
        let of_end = sentences.filter(|(sentence, _)| sentence.range.start >= report.len() - end.len());
        let evidence = of_end.map(|(_, row)| row[2 * negotiation]).fold(0.0, f32::max);
        (evidence, prediction.presence[negotiation])
    };
    let (with, without) = (predict(REPORT_EN), predict("The bus was late."));
    assert!(with.0 > 0.5 && without.0 < 0.1, "evidence at the end: {} and {}", with.0, without.0);
    assert!(with.1 > without.1, "presence: {} and {}", with.1, without.1);
}

/// An edit in the middle of a long report leaves most of its windows as they were, and recalling those gives bit for
/// bit the assessment of a full run.
#[test]
fn an_edit_encodes_few_windows_and_changes_nothing_else() {
    let mut lines: Vec<String> = (0..1200).map(|i| format!("{}: ok.", i * 7 % 331)).collect();
    let mut memory = WindowMemory::default();
    let mut assess = |report: &str| {
        let mut reading = TINY.begin(report, &Whose::default(), &[]).unwrap();
        memory.recall(&mut reading);
        let missing = reading.missing().len();
        reading.encode_missing(&TINY.model().encoder).unwrap();
        memory.keep(&reading);
        (TINY.finish(&reading).unwrap(), missing)
    };
    let (first, missing) = assess(&lines.join(" "));
    let windows = first.length.windows;
    assert!(windows > 15, "{windows} windows");
    assert_eq!(missing, windows);
    let mut encoded = 0;
    for edit in 0..10 {
        lines[120 * edit] = "Signed today.".to_owned();
        let report = lines.join(" ");
        let (assessment, missing) = assess(&report);
        assert_eq!(assessment, TINY.assess(&report).unwrap());
        assert!(missing > 0);
        encoded += missing;
    }
    assert!(encoded <= 40, "{encoded} windows were encoded for 10 edits in {windows} windows");
}

#[test]
fn offsets_follow_the_text_into_utf16() {
    let report = format!("👍🏽 好。\r\n{REPORT_EN}");
    let assessment = TINY.assess(&report).unwrap();
    let utf16 = assessment.clone().with_utf16_offsets(&report);
    assert_eq!((assessment.offsets, utf16.offsets), (Offsets::Byte, Offsets::Utf16));
    let units: Vec<u16> = report.encode_utf16().collect();
    for (a, b) in assessment.competencies.iter().zip(&utf16.competencies) {
        for (bytes, units_of) in a.evidence.iter().zip(&b.evidence) {
            assert_eq!(
                &report[bytes.start..bytes.end],
                String::from_utf16(&units[units_of.start..units_of.end]).unwrap()
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Any text is assessed or refused without a panic, and the promises of an assessment hold.
    #[test]
    fn any_text_keeps_the_promises(text in "[ -~一-龥。！？，0-9\\n\\r\u{1F600}-\u{1F64F}\u{300}-\u{310}\u{0}-\u{8}]{0,300}") {
        if let Ok(assessment) = TINY.assess(&text) {
            check(&assessment, &text);
        }
    }

    /// Whatever was typed before, an assessment with remembered windows equals that of a full run.
    #[test]
    fn remembered_windows_change_nothing(texts in prop::collection::vec("([a-d]{1,3}[ .\n]){0,200}", 1..4)) {
        let mut memory = WindowMemory::default();
        for text in texts {
            let Ok(mut reading) = TINY.begin(&text, &Whose::default(), &[]) else { continue };
            memory.recall(&mut reading);
            reading.encode_missing(&TINY.model().encoder).unwrap();
            memory.keep(&reading);
            prop_assert_eq!(TINY.finish(&reading).unwrap(), TINY.assess(&text).unwrap());
        }
    }
}
