//! The trainer's commands one after the other, on the tiny encoder and some of the labelled reports: what comes out is a
//! model file that scores. (Slow: it trains.)
#![cfg(feature = "trainer")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use salesmirror::{Assessment, Assessor};
use serde_json::Value;

const REPORTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/reports/train.jsonl");
const TINY_BERT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tiny-bert");
/// A short fine-tuning of the one layer that the tiny encoder has to spare.
const TUNING: &[&str] = &["--layers", "1", "--encoder-epochs", "1"];
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
    let compare =
        [&["crossval", "--folds", "3", "--resamples", "50", "--run", &crossval][..], &source].concat();
    let table = succeed(&compare);
    for row in [
        "| majority |",
        "| tfidf |",
        "| frozen |",
        "| expertise |",
        "|   en |",
        "|   zh |",
        "| all |",
        "evidence AP",
    ] {
        assert!(table.contains(row), "{row} is missing:\n{table}");
    }
    // A fold that was lost is made again, the others are taken as they are; the outcome is the same.
    std::fs::remove_file(work.join("crossval/predictions/frozen/fold-1.json")).unwrap();
    assert_eq!(succeed(&[&compare[..], &["--resume"]].concat()), table);
    let said = fail(&[&compare[..], &["--resume", "--epochs", "2"]].concat());
    assert!(said.contains("the argument '--epochs") || said.contains("leave out --resume"), "{said}");
    let page = std::fs::read_to_string(work.join("crossval/report.html")).unwrap();
    assert!(page.contains("Methods side by side") && page.contains("<svg") && !page.contains("http-equiv"));
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

    // The file is judged by the same code, and what it was trained on is recognised.
    let (gguf, judged) = (path("model/model.gguf"), path("judged"));
    let said = succeed(&[
        "evaluate",
        &gguf,
        &data,
        "--swaps",
        "6",
        "--resamples",
        "50",
        "--crossval",
        &crossval,
        "--note",
        "Invented.",
        "--out",
        &judged,
    ]);
    assert!(said.contains("kappa") && said.contains("was trained on these reports"), "{said}");
    let json: Value =
        serde_json::from_slice(&std::fs::read(work.join("judged/evaluation.json")).unwrap()).unwrap();
    assert_eq!(json["evaluation"]["reports"], some.len());
    assert!(json["bias"]["swaps"][0]["change"]["value"].is_number(), "{}", json["bias"]);
    let card = std::fs::read_to_string(work.join("judged/model-card.md")).unwrap();
    for part in ["What it is not for", "Invented.", "| expertise |", "genders exchanged"] {
        assert!(card.contains(part), "{part} is missing:\n{card}");
    }

    // A bad row is told and skipped; the others are scored as the library scores them.
    std::fs::write(&data, format!("{}\n{{\"id\": 1}}\n{}\n", some[0], some[1])).unwrap();
    let output = trainer(&["score", "--model", &gguf, "--input", &data]);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains("line 2") && errors.contains("2 reports scored, 1 skipped"), "{errors}");
    let lines = String::from_utf8(output.stdout).unwrap();
    let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    let report: Value = serde_json::from_str(some[0]).unwrap();
    let own = assessor.assess(report["text"].as_str().unwrap()).unwrap();
    assert!(serde_json::from_value::<Assessment>(first["assessment"].clone()).unwrap() == own, "{first}");
}

/// Six traits, 1 to 5 in halves, each in every text, and no evidence: only a rubric and a data file say so.
#[test]
fn essays_of_another_rubric_go_the_same_way() {
    const TRAITS: [&str; 6] = ["ideas", "order", "voice", "words", "fluency", "spelling"];
    const SENTENCES: [&str; 5] = [
        "I liked it.",
        "The harbour was full of boats.",
        "Because the wind had turned, nobody could leave.",
        "My uncle, who never spoke much, laughed out loud.",
        "What we remember is seldom what we saw.",
    ];
    let work = directory("essays");
    let path = |name: &str| work.join(name).to_str().unwrap().to_owned();
    let text = |text: &str| serde_json::json!({ "en": text });
    let levels =
        |key: &'static str| (1..=5).map(move |l| serde_json::json!({"level": l, (key): text(&format!("level {l}"))}));
    let traits = TRAITS.map(|id| {
        let anchors: Vec<Value> = levels("anchor").collect();
        serde_json::json!({"id": id, "name": text(id), "definition": text(id), "levels": anchors})
    });
    let rubric = serde_json::json!({
        "id": "six-traits", "version": 1, "languages": ["en"], "competencies": traits,
        "scale": {"min": 1, "max": 5, "names": levels("name").collect::<Vec<_>>()},
    });
    std::fs::write(path("rubric.json"), rubric.to_string()).unwrap();
    let essay = |i: usize| {
        let level = |t: usize| 1.0 + ((i * 3 + t * 5) % 9) as f32 / 2.0;
        let scores: serde_json::Map<String, Value> =
            TRAITS.iter().enumerate().map(|(t, id)| ((*id).to_owned(), level(t).into())).collect();
        let sentences: Vec<&str> = (0..6).map(|t| SENTENCES[(level(t) - 1.0) as usize]).collect();
        let prompt = if i % 2 == 0 { "sea" } else { "town" };
        let row = serde_json::json!({
            "id": i, "text": sentences.join(" "), "scores": scores, "pupil": i % 10, "prompt": prompt,
        });
        row.to_string()
    };
    std::fs::write(path("essays.jsonl"), (0..40).map(essay).collect::<Vec<_>>().join("\n")).unwrap();

    let (rubric, data, cache) = (path("rubric.json"), path("essays.jsonl"), path("cache"));
    let (crossval, run, model) = (path("crossval"), path("run"), path("model"));
    let source =
        ["--encoder", TINY_BERT, "--data", &data, "--rubric", &rubric, "--cache", &cache, "--epochs", "2"];
    let compare =
        ["crossval", "--folds", "4", "--resamples", "50", "--group-by", "pupil", "--run", &crossval];
    let table = succeed(&[&compare[..], &source].concat());
    // Neither evidence nor presence has figures, rather than 0.
    let row = table.lines().find(|line| line.starts_with("| frozen |")).unwrap();
    assert_eq!(row.matches(" – |").count(), 4, "{table}");
    let json: Value =
        serde_json::from_slice(&std::fs::read(work.join("crossval/evaluation.json")).unwrap()).unwrap();
    let evaluation = &json["methods"][2]["evaluation"];
    assert_eq!((&evaluation["grid"], evaluation["confusion"].as_array().unwrap().len()), (&0.5.into(), 6));
    let said = fail(&[&compare[..], &source, &["--group-by", "school"]].concat());
    assert!(said.contains("cannot be used multiple times") || said.contains("no field `school`"), "{said}");

    succeed(&[&["finetune", "--run", &run][..], &source, TUNING].concat());
    let trained = path("run/model");
    succeed(&[
        "quantize",
        "--model",
        &trained,
        "--crossval",
        &crossval,
        "--rubric",
        &rubric,
        "--data",
        &data,
        "--id",
        "essays",
        "--out",
        &model,
    ]);
    let assessor = Assessor::from_gguf(&std::fs::read(work.join("model/model.gguf")).unwrap()).unwrap();
    let assessment = assessor.assess("The harbour was full of boats. I liked it.").unwrap();
    assert_eq!(assessment.competencies.len(), 6);
    assert!(assessment.competencies.iter().all(|trait_| trait_.level.is_some()), "{assessment:?}");
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
