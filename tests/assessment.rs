//! Assessments: what holds for any text, and what the shipped model says of real reports.

mod common;

use common::{shipped_file, tiny_model_file};
use proptest::prelude::*;
use salesmirror::assessment::{
    CompetencyAssessment, Evidence, Objection, Offsets, Polarity, Reason, VARIANT_SENTENCES, WarningCode,
    WindowMemory,
};
use salesmirror::text::{TextError, Whose};
use salesmirror::{AssessError, Assessment, Assessor};
use std::collections::BTreeSet;
use std::ops::Range;
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

/// It would be written as null, which cannot be read.
#[test]
fn a_number_that_is_too_large_is_refused() {
    let json = serde_json::to_value(SHIPPED.assess(REPORT_EN).unwrap()).unwrap();
    serde_json::from_value::<Assessment>(json.clone()).unwrap();
    let competency =
        json["competencies"].as_array().unwrap().iter().position(|c| c["id"] == "negotiation").unwrap();
    let competency = |field: &str| format!("/competencies/{competency}/{field}");
    let fields =
        ["presence", "level", "interval/1", "distribution/0", "evidence/0/weight", "evidence/0/without"];
    let fields = fields.map(competency).into_iter().chain(
        ["/coverage", "/account/probability", "/overall/level", "/overall/interval/0"].map(str::to_owned),
    );
    for field in fields {
        let mut changed = json.clone();
        *changed.pointer_mut(&field).unwrap() = 1e39.into();
        let error = serde_json::from_value::<Assessment>(changed).unwrap_err();
        assert!(error.to_string().contains("too large"), "{field}: {error}");
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
        SHIPPED.encode(&mut reading).unwrap();
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
        TINY.encode(&mut reading).unwrap();
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

/// Every range of an assessment, in the order of its JSON.
fn ranges(assessment: &Assessment) -> Vec<Range<usize>> {
    let evidence = assessment.competencies.iter().flat_map(|c| &c.evidence).map(|e| e.start..e.end);
    let parts = assessment.left_out.iter().map(|part| part.start..part.end);
    let objections = assessment.objections.iter().map(|objection| objection.start..objection.end);
    evidence.chain(parts).chain(objections).collect()
}

/// Checks that each range, in whatever unit, cuts out of the report what is shown: whole sentences of it, from the first
/// visible character to the last. Returns how many there are.
fn check_ranges(assessment: &Assessment, report: &str, sentences: &[Range<usize>]) -> usize {
    let utf16 = assessment.clone().with_utf16_offsets(report);
    let code_points = assessment.clone().with_code_point_offsets(report);
    let units = [assessment.offsets, utf16.offsets, code_points.offsets];
    assert_eq!(units, [Offsets::Byte, Offsets::Utf16, Offsets::CodePoint]);
    // As the page and Python hold a text.
    let as_units: Vec<u16> = report.encode_utf16().collect();
    let as_characters: Vec<char> = report.chars().collect();
    let bytes = ranges(assessment);
    for ((bytes, utf16), code_points) in bytes.iter().zip(ranges(&utf16)).zip(ranges(&code_points)) {
        let shown = &report[bytes.clone()];
        assert!(sentences.iter().any(|sentence| sentence.start == bytes.start), "{shown:?}");
        assert!(sentences.iter().any(|sentence| sentence.end == bytes.end), "{shown:?}");
        assert_eq!(shown, shown.trim());
        assert_eq!(shown, String::from_utf16(&as_units[utf16]).unwrap());
        assert_eq!(shown, as_characters[code_points].iter().collect::<String>());
    }
    bytes.len()
}

#[test]
fn offsets_follow_the_text_into_other_units() {
    let report = format!("👍🏽 好。\r\n{REPORT_EN}");
    let assessment = TINY.assess(&report).unwrap();
    let reading = TINY.begin(&report, &Whose::default(), &[]).unwrap();
    let sentences: Vec<_> = reading.sentences().iter().map(|sentence| sentence.range.clone()).collect();
    assert!(check_ranges(&assessment, &report, &sentences) > 7);
}

/// Assesses a report with some objections, given by the ids of competencies and the ranges of sentences.
fn with_objections(
    assessor: &Assessor,
    report: &str,
    objections: &[(&str, Range<usize>)],
    memory: &mut WindowMemory,
) -> Assessment {
    let objection = |(competency, range): &(&str, Range<usize>)| Objection {
        competency: (*competency).to_owned(),
        start: range.start,
        end: range.end,
    };
    let objections: Vec<Objection> = objections.iter().map(objection).collect();
    let mut reading = assessor.begin(report, &Whose::default(), &objections).unwrap();
    memory.recall(&mut reading);
    assessor.encode(&mut reading).unwrap();
    memory.keep(&reading);
    assessor.finish(&reading).unwrap()
}

/// The ids of competencies and ranges of all evidence whose level without it is known, with that level.
fn known_without(assessment: &Assessment) -> Vec<(&str, Range<usize>, Option<f32>)> {
    let evidence = assessment.competencies.iter().flat_map(|c| c.evidence.iter().map(|e| (c.id.as_str(), e)));
    evidence.filter_map(|(id, e)| Some((id, e.start..e.end, e.without?))).collect()
}

fn of<'a>(assessment: &'a Assessment, id: &str) -> &'a CompetencyAssessment {
    assessment.competencies.iter().find(|c| c.id == id).unwrap()
}

/// An objection leads to the level that the assessment gave as the level without the sentence, to the last bit, and changes
/// nothing else but the mean. The same holds for a second objection.
#[test]
fn an_objection_leads_to_the_level_without_the_sentence() {
    let (mut shown, mut gone) = (0, 0);
    for line in include_str!("../data/reports/specified.jsonl").lines().step_by(180) {
        let report: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = report["text"].as_str().unwrap();
        let mut memory = WindowMemory::default();
        let before = with_objections(&SHIPPED, text, &[], &mut memory);
        assert_eq!(before.objections, []);
        for (id, range, without) in known_without(&before) {
            let after = with_objections(&SHIPPED, text, &[(id, range.clone())], &mut memory);
            check(&after, text);
            assert_eq!(of(&after, id).level, without);
            assert!(of(&after, id).evidence.iter().all(|e| e.start != range.start));
            let objection = Objection { competency: id.to_owned(), start: range.start, end: range.end };
            assert_eq!(after.objections, [objection]);
            for (one, other) in
                before.competencies.iter().zip(&after.competencies).filter(|(c, _)| c.id != id)
            {
                assert_eq!(one, other);
            }
            assert_eq!((before.account, &before.left_out), (after.account, &after.left_out));
            *if without.is_some() { &mut shown } else { &mut gone } += 1;
            let second = known_without(&after).into_iter().find(|(other, ..)| *other == id);
            if let Some((_, another, without)) = second {
                let both = [(id, another), (id, range)];
                assert_eq!(of(&with_objections(&SHIPPED, text, &both, &mut memory), id).level, without);
            }
        }
    }
    assert!(shown > 20 && gone > 5, "{shown} were shown without a sentence, {gone} were not");
}

#[test]
fn where_everything_is_objected_to_nothing_is_shown() {
    let before = TINY.assess(REPORT_EN).unwrap();
    let reading = TINY.begin(REPORT_EN, &Whose::default(), &[]).unwrap();
    let ranges = reading.sentences().iter().map(|sentence| sentence.range.clone());
    let all: Vec<_> = ranges.map(|range| ("negotiation", range)).collect();
    assert!(of(&before, "negotiation").level.is_some());
    // The order and repetition of objections do not matter.
    let twice: Vec<_> = all.iter().rev().chain(&all).cloned().collect();
    let after = with_objections(&TINY, REPORT_EN, &twice, &mut WindowMemory::default());
    check(&after, REPORT_EN);
    assert_eq!(of(&after, "negotiation").level, None);
    assert_eq!(after.objections.len(), all.len());
    // But for one sentence, without which nothing would be shown.
    let after = with_objections(&TINY, REPORT_EN, &all[1..], &mut WindowMemory::default());
    let negotiation = of(&after, "negotiation");
    assert_eq!(negotiation.evidence.iter().map(|e| e.without).collect::<Vec<_>>(), [Some(None)]);
}

#[test]
fn objections_that_do_not_fit_are_ignored() {
    let before = TINY.assess(REPORT_ZH).unwrap();
    let sentence = TINY.begin(REPORT_ZH, &Whose::default(), &[]).unwrap().sentences()[0].range.clone();
    let Range { start, end } = sentence;
    let odd = [
        ("nonsense", start..end),
        ("growth", start..end + 1),
        ("growth", start + 1..end),
        ("growth", end..usize::MAX),
        ("growth", usize::MAX..usize::MAX),
    ];
    assert_eq!(with_objections(&TINY, REPORT_ZH, &odd, &mut WindowMemory::default()), before);
}

#[test]
fn the_level_without_a_sentence_is_a_number_null_or_absent() {
    for (without, json) in [
        (Some(Some(2.5)), Some(serde_json::json!(2.5))),
        (Some(None), Some(serde_json::Value::Null)),
        (None, None),
    ] {
        let polarity = Polarity::Positive;
        let evidence = Evidence { start: 0, end: 2, polarity, probability: 0.5, weight: 1.0, without };
        let written = serde_json::to_value(&evidence).unwrap();
        assert_eq!(written.get("without"), json.as_ref());
        assert_eq!(serde_json::from_value::<Evidence>(written).unwrap(), evidence);
    }
}

/// What was pasted below a report is read alone, so that it does not look like one because it stands beside one.
#[test]
fn a_brochure_below_a_report_does_not_count() {
    let brochures = [
        (
            REPORT_EN,
            "The PumpMaster 900 is the quietest industrial pump in its class. Its stainless steel housing withstands temperatures \
             of up to 180 degrees. Choose from three sizes and eleven colours. Every PumpMaster comes with a five-year warranty \
             and free delivery in the whole country. Order before 30 June and save 15%. PumpMaster: power that you do not hear.",
        ),
        (
            REPORT_ZH,
            "静音王900是同级别中噪声最低的工业泵。不锈钢泵体，耐温可达180度。三种规格、十一种颜色任你选择。\
             每台静音王均享五年质保，全国包邮。6月30日前下单立减15%。静音王，听不见的力量。",
        ),
    ];
    for (report, brochure) in brochures {
        let text = format!("{report}\n\n{brochure}");
        let assessment = SHIPPED.assess(&text).unwrap();
        check(&assessment, &text);
        let [part] = assessment.left_out.as_slice() else { panic!("{:?}", assessment.left_out) };
        assert_eq!((&text[part.start..part.end], part.reason), (brochure, Reason::NotAnAccount));
        // The levels are those of the report without it, to the last bit.
        let without = SHIPPED.assess(report).unwrap();
        assert_eq!((assessment.competencies, assessment.account), (without.competencies, without.account));
    }
}

#[test]
fn an_assessment_needs_to_know_which_parts_count() {
    let text = format!("{REPORT_EN}\n\nBake it for an hour. Let it cool. Cut it.\n\n{REPORT_EN}");
    let mut reading = TINY.begin(&text, &Whose::default(), &[]).unwrap();
    reading.encode_missing(&TINY.model().encoder).unwrap();
    let error = |reading| TINY.finish(reading).unwrap_err().to_string();
    assert!(error(&reading).contains("not known yet"), "{}", error(&reading));
    assert!(!TINY.reread(&mut reading).unwrap(), "the tiny model is sure of every part");
    assert!(!reading.missing().is_empty());
    assert!(TINY.reread(&mut reading).is_err(), "a part was judged before it was encoded");
    TINY.encode(&mut reading).unwrap();
    assert!(TINY.reread(&mut reading).unwrap(), "there is something to do after the end");
    assert_eq!(TINY.finish(&reading).unwrap(), TINY.assess(&text).unwrap());
}

/// In a long text, the level without a sentence is known for the strongest evidence of each competency, so that the time does
/// not grow with the square of the text.
#[test]
fn the_level_without_a_sentence_is_computed_for_the_strongest_evidence() {
    let report: String = (0..4_000).map(|i| format!("{i} sold.\n")).collect();
    let mut reading = TINY.begin(&report, &Whose::default(), &[]).unwrap();
    TINY.encode(&mut reading).unwrap();
    let assessment = TINY.finish(&reading).unwrap();
    check(&assessment, &report);
    let evidence = assessment.competencies.iter().flat_map(|c| &c.evidence);
    let (known, unknown): (Vec<_>, Vec<_>) = evidence.partition(|evidence| evidence.without.is_some());
    let variants = known.iter().map(|evidence| evidence.start).collect::<BTreeSet<_>>().len();
    assert!(unknown.len() > 1_000, "{} pieces of evidence", known.len() + unknown.len());
    assert!(
        variants > 0 && variants * assessment.length.sentences <= VARIANT_SENTENCES,
        "{variants} variants"
    );
    for competency in &assessment.competencies {
        let strongest = |known| {
            let of_kind = competency.evidence.iter().filter(|e| e.without.is_some() == known);
            of_kind.map(|e| e.probability).fold(0.0, f32::max)
        };
        assert!(strongest(true) >= strongest(false), "{}", competency.id);
    }
}

/// A piece of a text as people paste it.
fn piece() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "\r\n",
        "\n",
        "\n\n",
        "\u{a0}",
        "\u{200b}",
        "\u{feff}",
        "\u{2028}",
        "👩\u{200d}🔬",
        "👍🏽",
        "🇨🇳",
        "e\u{301}",
        "Ａ１",
        "Rep: I asked why.\r\n",
        "Customer: The price.\r\n",
        "客户：太贵了。\n",
        "销售：我再算一下。\n",
        "[10:02] Anna: Hello.\n",
        "On Mon, 3 Mar 2025 at 10:00, Li wrote:\r\n> We waited.\r\n> Where are you?\r\n",
        "From: Li\r\nTo: Wu\r\nSubject: Re: 报价\r\n\r\n",
        "Best regards,\r\nJane\r\n",
        "> 好的。\n",
        "I asked what the delay cost them. ",
    ]);
    prop_oneof![
        2 => fixed.prop_map(str::to_owned),
        1 => "[a-zA-Z0-9]{1,8}[ ,.!?]",
        1 => "[一-龥]{1,6}[。！，]?",
        1 => "[а-яא-תअ-हぁ-ん가-힣]{1,5} ?",
        1 => any::<char>().prop_map(String::from),
    ]
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

    /// Whatever is objected to, every range of the assessment is a part of the text, in order.
    #[test]
    fn all_ranges_are_parts_of_the_text(
        text in "([a-z一-龥]{1,8}[ .。\\n]{1,2}|> |\u{1F600}|\u{300}|Rep: |客户：|Thanks\\n){0,60}",
        odd in prop::collection::vec((0usize..8, any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..6),
        picked in prop::collection::vec((0usize..7, any::<prop::sample::Index>()), 0..6),
    ) {
        let Ok(reading) = TINY.begin(&text, &Whose::default(), &[]) else { return Ok(()) };
        let ids: Vec<&str> = TINY.model().rubric.competencies.iter().map(|c| c.id.as_str()).collect();
        let odd = odd.iter().map(|(c, start, end)| {
            (ids.get(*c).copied().unwrap_or("nonsense"), start.index(text.len() + 2)..end.index(text.len() + 2))
        });
        let picked = picked.iter().map(|(c, sentence)| (ids[*c], sentence.get(reading.sentences()).range.clone()));
        let objections: Vec<_> = odd.chain(picked).collect();
        let assessment = with_objections(&TINY, &text, &objections, &mut WindowMemory::default());
        check(&assessment, &text);
        let mut end = 0;
        for part in &assessment.left_out {
            prop_assert!(end <= part.start && part.start < part.end && text.get(part.start..part.end).is_some());
            end = part.end;
        }
        let mut last = None;
        for Objection { competency, start, end } in &assessment.objections {
            let here = Some((ids.iter().position(|id| id == competency), *start));
            prop_assert!(last < here && start < end && text.get(*start..*end).is_some());
            last = here;
        }
    }

    /// Cutting the text at every offset gives what is shown, in mixtures of scripts, emoji, line breaks, quoted mails and speakers.
    #[test]
    fn every_offset_cuts_out_what_is_shown(
        pieces in prop::collection::vec(piece(), 1..40),
        objected in prop::collection::vec((0usize..7, any::<prop::sample::Index>()), 0..4),
    ) {
        let text = pieces.concat();
        let Ok(reading) = TINY.begin(&text, &Whose::default(), &[]) else { return Ok(()) };
        let sentences: Vec<_> = reading.sentences().iter().map(|sentence| sentence.range.clone()).collect();
        let ids: Vec<&str> = TINY.model().rubric.competencies.iter().map(|c| c.id.as_str()).collect();
        let objections: Vec<_> =
            objected.iter().map(|(c, sentence)| (ids[*c], sentence.get(&sentences).clone())).collect();
        let assessment = with_objections(&TINY, &text, &objections, &mut WindowMemory::default());
        check_ranges(&assessment, &text, &sentences);
    }

    /// Whatever was typed before, an assessment with remembered windows equals that of a full run.
    #[test]
    fn remembered_windows_change_nothing(texts in prop::collection::vec("([a-d]{1,3}[ .\n]){0,200}", 1..4)) {
        let mut memory = WindowMemory::default();
        for text in texts {
            let Ok(mut reading) = TINY.begin(&text, &Whose::default(), &[]) else { continue };
            memory.recall(&mut reading);
            TINY.encode(&mut reading).unwrap();
            memory.keep(&reading);
            prop_assert_eq!(TINY.finish(&reading).unwrap(), TINY.assess(&text).unwrap());
        }
    }
}
