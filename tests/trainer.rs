//! The trainer's commands one after the other, on the tiny encoder and some of the labelled reports: what comes out is a
//! model file that scores. (Slow: it trains.)
#![cfg(feature = "trainer")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use salesmirror::{Assessment, Assessor};
use serde_json::Value;

const REPORTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/reports/train.jsonl");
const TINY_BERT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tiny-bert");
const RUBRIC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/rubric.json");

/// A fresh directory of this test run.
fn directory(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn trainer(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_trainer")).args(arguments).output().unwrap()
}

fn succeed(arguments: &[&str]) -> String {
    let output = trainer(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn fail(arguments: &[&str]) -> String {
    let output = trainer(arguments);
    assert!(!output.status.success(), "{arguments:?} must fail");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn from_a_base_to_scores() {
    let work = directory("pipeline");
    let path = |name: &str| work.join(name).to_str().unwrap().to_owned();
    let (encoder, crossval, model) = (path("encoder"), path("crossval"), path("model"));
    let (data, cache) = (path("reports.jsonl"), path("cache"));
    // Two reports of each writer.
    let all = std::fs::read_to_string(REPORTS).unwrap();
    let some: Vec<&str> =
        all.lines().enumerate().filter(|(i, _)| i % 18 == 0).map(|(_, line)| line).collect();
    std::fs::write(&data, some.join("\n")).unwrap();

    std::fs::write(path("words.tsv"), "the\t0.5\ncustomer\t0.2\noffer\t0.1\n").unwrap();
    let words = format!("{}:4", path("words.tsv"));
    let said = succeed(&[
        "import",
        "--base",
        TINY_BERT,
        "--out",
        &encoder,
        "--frequency",
        &words,
        "--layers",
        "1",
        "--positions",
        "48",
    ]);
    assert!(said.contains("1 layers") && said.contains("48 positions"), "{said}");

    let source =
        ["--encoder", &encoder, "--data", &data, "--rubric", RUBRIC, "--cache", &cache, "--epochs", "3"];
    let table = succeed(&[&["crossval", "--folds", "3", "--run", &crossval][..], &source].concat());
    for row in ["| expertise |", "|   en |", "|   zh |", "| all |"] {
        assert!(table.contains(row), "{row} is missing:\n{table}");
    }
    succeed(&[&["finetune", "--run", &encoder][..], &source].concat());
    let said = succeed(&[
        "quantize",
        "--model",
        &encoder,
        "--crossval",
        &crossval,
        "--rubric",
        RUBRIC,
        "--data",
        &data,
        "--id",
        "test",
        "--out",
        &model,
    ]);
    assert!(said.contains("mean cosine"), "{said}");

    let file = std::fs::read(work.join("model/model.gguf")).unwrap();
    let manifest: Value =
        serde_json::from_slice(&std::fs::read(work.join("model/manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["files"][0]["size"], file.len());
    let assessor = Assessor::from_gguf(&file).unwrap();
    assert_eq!(manifest["files"][0]["sha256"], assessor.model().sha256);
    assert_eq!(assessor.model().training["reports"], some.len());

    // A bad row is told and skipped; the others are scored as the library scores them.
    std::fs::write(&data, format!("{}\n{{\"id\": 1}}\n{}\n", some[0], some[1])).unwrap();
    let gguf = path("model/model.gguf");
    let output = trainer(&["score", "--model", &gguf, "--input", &data]);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains("line 2") && errors.contains("2 reports scored, 1 skipped"), "{errors}");
    let lines = String::from_utf8(output.stdout).unwrap();
    let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    let report: Value = serde_json::from_str(some[0]).unwrap();
    let own = assessor.assess(report["text"].as_str().unwrap()).unwrap();
    assert!(serde_json::from_value::<Assessment>(first["assessment"].clone()).unwrap() == own, "{first}");
}

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
    let rows: Vec<String> = lines
        .iter()
        .map(|line| serde_json::json!({ "text": format!("{line}\n{notice}") }).to_string())
        .collect();
    file("more/d.jsonl", format!("{}\n{{\"text\": 5}}\n", rows.join("\n")).as_bytes());
    file("more/e.txt", b"PK\x03\x04\0\0");
    file("more/f.pdf", b"%PDF");

    let (input, out) = (texts.to_str().unwrap(), work.join("out"));
    let make = || {
        let tokenizer = format!("{TINY_BERT}/tokenizer.json");
        let output =
            trainer(&["corpus", "--input", input, "--out", out.to_str().unwrap(), "--tokenizer", &tokenizer]);
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
        "c.csv line 5: the row",
        "d.jsonl line 5: is no JSON object",
        "e.txt: is a binary file",
        "f.pdf: is no .txt",
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
    let said = fail(&["corpus", "--input", nothing.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert!(said.contains("--input"), "{said}");
}

#[test]
fn mistakes_are_told_with_place_and_remedy() {
    let work = directory("mistakes");
    let data = work.join("bad.jsonl");
    std::fs::write(&data, "{\"id\":\"a\",\"lang\":\"en\",\"text\":\"Hi.\",\"scores\":{\"growth\":9}}\n")
        .unwrap();
    let data = data.to_str().unwrap();
    let said = fail(&["crossval", "--encoder", TINY_BERT, "--data", data, "--rubric", RUBRIC]);
    assert!(said.contains("bad.jsonl line 1") && said.contains("level 9"), "{said}");
    let said = fail(&["import", "--base", TINY_BERT, "--out", work.to_str().unwrap(), "--layers", "2"]);
    assert!(said.contains("layers 0 to 1"), "{said}");
    let said = fail(&["score", "--model", data, "--input", data]);
    assert!(said.contains("damaged or not a GGUF file"), "{said}");
    let said = fail(&["crossval", "--encoder", "nowhere", "--data", REPORTS, "--rubric", RUBRIC]);
    assert!(said.contains("nowhere"), "{said}");
}
