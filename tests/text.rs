//! Texts: sentences, offsets and windows, on hand-picked cases, on the labelled reports, and on arbitrary strings.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use salesmirror::text::{
    Authorship, Language, MAX_BYTES, TextError, Utf16Offsets, Whose, Window, read, windows,
};
use unicode_segmentation::UnicodeSegmentation;

/// The sentences of a text, as they stand in it.
fn sentences(text: &str) -> Vec<&str> {
    let document = read(text).unwrap();
    document.sentences.iter().map(|s| &text[s.range.clone()]).collect()
}

#[test]
fn chinese_sentences() {
    assert_eq!(
        sentences("我先问了他。“四千。”他说！好吗？行；签了"),
        ["我先问了他。", "“四千。”", "他说！", "好吗？", "行；", "签了"]
    );
    assert_eq!(
        sentences("报价3.5万，见v2.1。\r\n- 第一条\r\n- 第二条"),
        ["报价3.5万，见v2.1。", "- 第一条", "- 第二条"]
    );
    assert_eq!(
        sentences("价格谈妥.第二天签约．下周发货……再看。"),
        ["价格谈妥.", "第二天签约．", "下周发货……再看。"]
    );
}

/// U+070F belongs to what follows it, which is a space here.
#[test]
fn a_mark_on_the_space_after_a_sentence_keeps_no_space() {
    assert_eq!(sentences("We met. They signed\u{70f} "), ["We met.", "They signed\u{70f}"]);
    assert_eq!(sentences("签了\u{600}\n好"), ["签了\u{600}", "好"]);
}

#[test]
fn english_sentences() {
    assert_eq!(
        sentences(
            "Mr. Li paid $1.2M, e.g. by wire. \"Really?\" he said. No. 5 is approx. 3 p.m. today. Done"
        ),
        [
            "Mr. Li paid $1.2M, e.g. by wire.",
            "\"Really?\" he said.",
            "No. 5 is approx. 3 p.m. today.",
            "Done"
        ]
    );
    assert_eq!(
        sentences("See https://a.example/x?y=1;z=2 or a.b@c.example. Acme Inc. Signed. The U.S. team won!"),
        ["See https://a.example/x?y=1;z=2 or a.b@c.example.", "Acme Inc.", "Signed.", "The U.S. team won!"]
    );
    assert_eq!(
        sentences("1. Call the buyer\n2. Send J. Smith the offer. (Twice.)"),
        ["1. Call the buyer", "2. Send J. Smith the offer.", "(Twice.)"]
    );
}

#[test]
fn a_wrapped_line_is_one_sentence_and_a_list_is_not() {
    let wrapped = "The customer asked for a discount of twelve per cent and\nwe settled on five.";
    assert_eq!(sentences(wrapped), [wrapped]);
    assert_eq!(read(wrapped).unwrap().sentences[0].text, wrapped.replace('\n', " "));
    assert_eq!(sentences("todo\nmail the offer"), ["todo", "mail the offer"]);
}

#[test]
fn rows_of_marks_are_not_sentences() {
    assert_eq!(
        sentences("Title\n=====\n| --- | --- |\n…\nText 👍🏽 e\u{301}."),
        ["Title", "Text 👍🏽 e\u{301}."]
    );
    // A vowel sign on a space.
    assert_eq!(sentences("Fine. \u{7ad} Good. \u{7ad}"), ["Fine.", "Good."]);
}

#[test]
fn ranges_keep_what_a_reader_sees_whole() {
    let text = "\u{feff}好👩\u{200d}🔬。\u{200b} Fine ✔\u{fe0f}";
    assert_eq!(sentences(text), ["好👩\u{200d}🔬。", "Fine ✔\u{fe0f}"]);
}

#[test]
fn anything_but_text_is_refused() {
    assert_eq!(read(""), Err(TextError::Empty));
    assert_eq!(read(" \r\n\u{200b}\u{3000} ... \u{feff}"), Err(TextError::Empty));
    assert!(matches!(read(&"🙂".repeat(2_500_000)), Err(TextError::TooLong { bytes: 10_000_000, .. })));
    assert!(matches!(read("PK\u{3}\u{4}\0\0\u{8}\0x"), Err(TextError::NotText { offset: 2, .. })));
    assert!(read("A lone surrogate \u{fffd} is fine.").is_ok());
}

/// Reading takes linear time, whatever the text. Ten times the limit would still not be a denial of service.
#[test]
fn the_longest_texts_are_read_quickly() {
    const INTRODUCTION: &str = "On Mon, 3 Mar 2025 at 10:00, Li Wei wrote:\n";
    let units =
        [".", "(", "\"", "a.", "\u{301}", " 1.", "\n", "No. ", "好。", "?\"", "a\n", "-- \n", INTRODUCTION];
    for unit in units {
        let end = "x\n> x";
        let text = format!("{}{end}", unit.repeat((MAX_BYTES - end.len()) / unit.len()));
        let begin = Instant::now();
        if let Ok(document) = read(&text) {
            Authorship::of(&text, &document.sentences, &Whose::default());
        }
        assert!(begin.elapsed() < Duration::from_secs(5), "{unit:?} took {:?}", begin.elapsed());
    }
}

/// Labelled spans are sentences or several sentences in a row, so nearly all of their boundaries are boundaries of
/// ours.
#[test]
fn boundaries_agree_with_labelled_reports() {
    let (mut spans, mut starts, mut ends, mut reports, mut languages) = (0, 0, 0, 0, 0);
    for line in include_str!("../data/reports/specified.jsonl").lines() {
        let report: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = report["text"].as_str().unwrap();
        let bytes: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
        let document = read(text).unwrap();
        reports += 1;
        languages += usize::from(serde_json::json!(document.language) == report["lang"]);
        for evidence in report["evidence"].as_array().unwrap() {
            let at = |key: &str| bytes[evidence[key].as_u64().unwrap() as usize];
            spans += 1;
            starts += usize::from(document.sentences.iter().any(|s| s.range.start == at("start")));
            ends += usize::from(document.sentences.iter().any(|s| s.range.end == at("end")));
        }
    }
    let share = |n: usize, of: usize| n as f32 / of as f32;
    println!(
        "starts {} ends {} languages {}",
        share(starts, spans),
        share(ends, spans),
        share(languages, reports)
    );
    assert!(share(starts, spans) >= 0.98, "{starts} of {spans} span starts");
    assert!(share(ends, spans) >= 0.98, "{ends} of {spans} span ends");
    assert!(share(languages, reports) >= 0.99, "{languages} of {reports} languages");
}

#[test]
fn long_sentences_are_cut_over_windows() {
    let pieces: Vec<Vec<(usize, _)>> = windows(&[3, 12, 0, 4].map(|count| vec![7; count]), 5)
        .into_iter()
        .map(|w| w.pieces.into_iter().map(|p| (p.sentence, p.tokens)).collect())
        .collect();
    assert_eq!(
        pieces,
        [vec![(0, 0..3)], vec![(1, 0..5)], vec![(1, 5..10)], vec![(1, 10..12)], vec![(3, 0..4)]]
    );
}

/// After an edit, the windows soon are those from before.
#[test]
fn an_edit_changes_few_windows() {
    let mut sentences: Vec<Vec<u32>> =
        (0..500).map(|s| (0..10 + s % 7).map(|t| s * 97 + t).collect()).collect();
    let ids = |sentences: &[Vec<u32>]| -> Vec<Vec<u32>> {
        let of = |window: &Window| -> Vec<u32> {
            window.pieces.iter().flat_map(|p| &sentences[p.sentence][p.tokens.clone()]).copied().collect()
        };
        windows(sentences, 382).iter().map(of).collect()
    };
    let before = ids(&sentences);
    assert!(before.len() >= 17, "{} windows", before.len());
    sentences[100].push(1);
    sentences.remove(250);
    let after = ids(&sentences);
    let new = after.iter().filter(|window| !before.contains(window)).count();
    assert!(new <= 6, "{new} of {} windows changed", after.len());
}

/// Strings in which everything that matters for splitting is frequent.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-zA-Z0-9 ]{1,8}",
        "[一-龥]{1,6}",
        "[.!?;。！？；．…,，:：'\"“”‘’()（）-]{1,3}",
        Just("\r\n".to_owned()),
        "[\n\r\t \u{a0}\u{3000}\u{200b}\u{feff}\u{2028}]",
        "[\u{300}-\u{30f}\u{200d}\u{fe0f}\u{0}-\u{8}]",
        "[👍🏽👩🔬🇨🇳ＡＢ１２]{1,3}",
        any::<char>().prop_map(String::from),
        prop_oneof![
            Just("Mr. "),
            Just("e.g. "),
            Just("3.5"),
            Just("https://a.b/c?d;e "),
            Just("- "),
            Just("1. ")
        ]
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn sentences_cover_all_letters_and_digits(text in texts()) {
        let Ok(document) = read(&text) else { return Ok(()) };
        let mut end = 0;
        let mut outside = String::new();
        for sentence in &document.sentences {
            prop_assert!(end <= sentence.range.start && sentence.range.start < sentence.range.end);
            let slice = &text[sentence.range.clone()];
            prop_assert_eq!(slice, slice.trim());
            prop_assert!(sentence.text.contains(char::is_alphanumeric));
            outside.push_str(&text[end..sentence.range.start]);
            outside.push('\n');
            end = sentence.range.end;
        }
        outside.push_str(&text[end..]);
        // A vowel sign alone on a space is a letter to Unicode, but nothing to read.
        let mut outside = outside.graphemes(true);
        prop_assert_eq!(outside.find(|grapheme| grapheme.starts_with(char::is_alphanumeric)), None);
    }

    #[test]
    fn windows_hold_every_token_once(counts in prop::collection::vec(0usize..40, 0..40), budget in 1usize..50) {
        let sentences: Vec<Vec<u32>> =
            counts.iter().enumerate().map(|(s, &n)| (0..n).map(|t| (s * 31 + t) as u32).collect()).collect();
        let windows = windows(&sentences, budget);
        let mut seen: Vec<(usize, usize)> = Vec::new();
        for window in &windows {
            prop_assert!(window.pieces.iter().map(|p| p.tokens.len()).sum::<usize>() <= budget);
            for piece in &window.pieces {
                seen.extend(piece.tokens.clone().map(|t| (piece.sentence, t)));
            }
        }
        let all: Vec<_> = counts.iter().enumerate().flat_map(|(s, &n)| (0..n).map(move |t| (s, t))).collect();
        prop_assert_eq!(seen, all);
    }

    #[test]
    fn utf16_offsets_agree_with_encode_utf16(text in texts()) {
        let offsets = Utf16Offsets::new(&text);
        for at in text.char_indices().map(|(at, _)| at).chain([text.len()]) {
            prop_assert_eq!(offsets.from_byte(at), text[..at].encode_utf16().count());
            prop_assert_eq!(offsets.to_byte(offsets.from_byte(at)), Some(at));
        }
        // Only the middle of a character of two units has no byte offset.
        let units = text.encode_utf16().count();
        let odd = (0..units).filter(|&unit| offsets.to_byte(unit).is_none()).count();
        prop_assert_eq!(odd, units - text.chars().count());
        prop_assert_eq!(offsets.to_byte(units + 1), None);
    }
}

#[test]
fn language_is_part_of_a_document() {
    assert_eq!(read("客户要求降价。").unwrap().language, Language::Zh);
}

#[test]
fn pasted_texts_are_split_as_a_reader_sees_them() {
    // Bullets as Word and Outlook copy them, with no-break spaces.
    assert_eq!(
        sentences("•\tI asked why.\u{a0}He said price.\r\n\u{f0b7}\tI sent the offer\r\no\tI called back"),
        ["•\tI asked why.", "He said price.", "\u{f0b7}\tI sent the offer", "o\tI called back"]
    );
    // Cells of a table, as Excel and Word copy them: a row is a sentence.
    assert_eq!(
        sentences("Customer\tNotes\nAcme\tI asked why they stopped\nBeta\tSent the offer\t"),
        ["Customer\tNotes", "Acme\tI asked why they stopped", "Beta\tSent the offer"]
    );
    // Soft hyphens and line separators of web pages, full-width Latin of Chinese chats.
    assert_eq!(
        sentences("The pay\u{ad}back is a year. He signed\u{2028}I thanked him"),
        ["The pay\u{ad}back is a year.", "He signed", "I thanked him"]
    );
    assert_eq!(
        sentences("Ｉ\u{3000}ａｓｋｅｄ\u{3000}ｗｈｙ。Ｈｅ ｓａｉｄ ｐｒｉｃｅ！"),
        ["Ｉ\u{3000}ａｓｋｅｄ\u{3000}ｗｈｙ。", "Ｈｅ ｓａｉｄ ｐｒｉｃｅ！"]
    );
    assert_eq!(sentences("—————\n→ Called Jane\n☐ follow up"), ["→ Called Jane", "☐ follow up"]);
}
