//! Tests of `trainer corpus`, from files and folders to a corpus.

mod common;

use common::{TINY_BERT, directory, fail, trainer};
use serde_json::{Value, json};

#[test]
fn a_folder_of_texts_becomes_a_corpus() {
    let work = directory("corpus");
    let texts = work.join("texts");
    std::fs::create_dir_all(texts.join("more")).unwrap();
    let file = |name: &str, bytes: &[u8]| std::fs::write(texts.join(name), bytes).unwrap();
    let report = "On Monday I called the buyer of the mill back and asked what a day without the press costs them. She said \
                  nine thousand, and we agreed that I bring two offers on Thursday, one with a service contract of three years.";
    let notice = "This mail is confidential and meant for its reader only.";
    file("a.txt", format!("<p>{report}</p>\n{notice}\nMail li@a.example\n").as_bytes());
    file("b.md", format!("# Visit\n\n**{report}** Twice.\n\n{notice}\n").as_bytes());
    file(
        "c.csv",
        format!("id,text\n1,\"客户要求降价，\n我们没有答应。电话：13812345678\n{notice}\"\n2\n").as_bytes(),
    );
    let lines = [
        "The offer went out on Friday.",
        "Nobody has answered so far.",
        "客户周三回复说价格可以接受。",
        "the offer went out on friday",
    ];
    let rows: Vec<String> =
        lines.iter().map(|line| json!({ "text": format!("{line}\n{notice}") }).to_string()).collect();
    file("more/d.jsonl", format!("{}\n{{\"text\": 5}}\n", rows.join("\n")).as_bytes());
    file("more/e.txt", b"PK\x03\x04\0\0");
    file("more/f.pdf", b"%PDF");

    let (input, out) = (texts.to_str().unwrap(), work.join("out"));
    let make = || {
        let tokenizer = format!("{TINY_BERT}/tokenizer.json");
        let output = trainer(&format!(
            "corpus --input {input} --out {} --tokenizer {tokenizer}",
            out.to_str().unwrap()
        ));
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{told}");
        let read = |name: &str| std::fs::read_to_string(out.join(name)).unwrap();
        (read("corpus.jsonl"), read("statistics.json"), read("skipped.jsonl"), told)
    };
    let (corpus, statistics, skipped, told) = make();
    let rows: Vec<Value> = corpus.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let texts: Vec<&str> = rows.iter().map(|row| row["text"].as_str().unwrap()).collect();
    let first = format!("{report}\n\nMail [EMAIL]");
    assert_eq!(
        texts,
        [&first, "客户要求降价，\n我们没有答应。电话：[PHONE]", lines[0], lines[1], lines[2]],
        "a near duplicate, an exact one and the notice are left out"
    );
    assert_eq!(rows[1]["lang"], "zh");
    assert!(rows[1]["id"].as_str().unwrap().ends_with("c.csv:2"), "{}", rows[1]);
    let sentence = &rows[0]["sentences"][0];
    let range = sentence[0].as_u64().unwrap() as usize..sentence[1].as_u64().unwrap() as usize;
    assert_eq!(&texts[0][range], &report[..report.find(" She").unwrap()]);
    for place in [
        "c.csv line 5: the record",
        "d.jsonl line 5: field `text`: expected a string",
        "e.txt: a binary file",
        "f.pdf: not a supported file format",
    ] {
        assert!(told.contains(place), "{place} is missing: {told}");
    }
    assert_eq!(skipped.lines().count(), 4);
    let statistics: Value = serde_json::from_str(&statistics).unwrap();
    for (name, count) in
        [("read", 7), ("kept", 5), ("exact_duplicates", 1), ("near_duplicates", 1), ("skipped", 4)]
    {
        assert_eq!(statistics[name], count, "{name}: {statistics}");
    }
    assert!(statistics["total"]["tokens"].as_u64() > statistics["total"]["documents"].as_u64());

    let again = make();
    assert!((corpus, skipped) == (again.0, again.2), "the same input must give the same bytes");
    let nothing = work.join("nothing");
    std::fs::create_dir_all(&nothing).unwrap();
    let said = fail(&format!("corpus --input {} --out {}", nothing.to_str().unwrap(), out.to_str().unwrap()));
    assert!(said.contains("the inputs contain no text"), "{said}");
}

#[test]
fn more_than_twenty_skipped_rows_are_listed_in_a_file() {
    let work = directory("corpus-skipped");
    let path = |name: &str| work.join(name).to_str().unwrap().to_owned();
    let rows = format!("{{\"text\":\"The offer went out on Friday.\"}}\n{}", "[]\n".repeat(30));
    std::fs::write(path("rows.jsonl"), rows).unwrap();
    let output = trainer(&format!("corpus --input {} --out {}", path("rows.jsonl"), path("out")));
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    assert_eq!(errors.matches("; skipped").count(), 20, "{errors}");
    assert!(errors.contains("more is skipped, see") && errors.contains("skipped.jsonl"), "{errors}");
    let skipped = std::fs::read_to_string(path("out/skipped.jsonl")).unwrap();
    let last: Value = serde_json::from_str(skipped.lines().last().unwrap()).unwrap();
    assert_eq!((skipped.lines().count(), &last["line"]), (30, &31.into()));
}

#[test]
fn every_table_format_is_read_and_its_text_column_can_be_named() {
    let work = directory("corpus-formats");
    let path = |name: &str| work.join(name).to_str().unwrap().to_owned();
    std::fs::create_dir_all(path("in")).unwrap();
    std::fs::write(path("in/a.csv"), "id,body\n1,The offer went out on Friday.\n").unwrap();
    std::fs::write(path("in/b.tsv"), "id\tbody\n1\tNobody has answered so far.\n").unwrap();
    std::fs::write(path("in/c.jsonl"), "{\"body\":\"The customer called back.\"}\n").unwrap();
    let output = trainer(&format!("corpus --input {} --out {} --text-column body", path("in"), path("out")));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let corpus = std::fs::read_to_string(path("out/corpus.jsonl")).unwrap();
    assert_eq!(corpus.lines().count(), 3, "{corpus}");
}

#[test]
fn mistakes_in_options_are_told() {
    let said = fail("corpus --input x --out y --languages fr");
    assert!(said.contains("expected zh, en, mixed or other"), "{said}");
    let said = fail("corpus --input x --out y --similarity 2");
    assert!(said.contains("expected a number from 0 to 1"), "{said}");
}
