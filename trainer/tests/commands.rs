//! The trainer's commands one after the other, on the tiny encoder and some of the labelled reports: what comes out is a
//! model file that scores. (Slow: it trains.)
#![cfg(feature = "trainer")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use salesmirror::Assessor;
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
    let said = fail(&[&compare[..compare.len() - 1], &["2", "--resume"]].concat());
    assert!(said.contains("leave out --resume"), "{said}");
    let page = std::fs::read_to_string(work.join("crossval/report.html")).unwrap();
    assert!(page.contains("Methods side by side") && page.contains("<svg") && !page.contains("http-equiv"));
    let (run, trained) = (path("run"), path("run/model"));
    succeed(&[&["finetune", "--run", &run][..], &source, TUNING].concat());
    let said = succeed(&[
        "quantize",
        "--model",
        &trained,
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
    assert!(said.contains("mean cosine") && said.contains("levels differ by"), "{said}");

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

    // A Hugging Face directory is a trained model directory too, with everything that the model file is made of.
    let (exported, again) = (path("huggingface"), path("again"));
    let options = ["--model", &trained, "--crossval", &crossval, "--rubric", RUBRIC];
    succeed(&[&["export", "--format", "huggingface", "--out", &exported][..], &options].concat());
    let tensors = std::fs::read(work.join("huggingface/model.safetensors")).unwrap();
    assert!(tensors.windows(13).any(|w| w == br#""format":"pt""#), "transformers asks for the format");
    let of_exported =
        ["--model", &exported, "--rubric", RUBRIC, "--data", &data, "--id", "test", "--out", &again];
    succeed(&[&["quantize"][..], &of_exported].concat());
    assert!(std::fs::read(work.join("again/model.gguf")).unwrap() == file);
    let said = fail(&[&["export", "--format", "onnx", "--out", &trained][..], &options].concat());
    assert!(said.contains("own directory"), "{said}");

    let scores = succeed(&["score", "--model", &gguf, "--input", &data]);
    assert_eq!(scores.lines().count(), some.len());
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
    let levels = |key: &'static str| {
        (1..=5).map(move |l| serde_json::json!({"level": l, (key): text(&format!("level {l}"))}))
    };
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
        let prompt = if i.is_multiple_of(2) { "sea" } else { "town" };
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
    let said = fail(&[&["crossval", "--group-by", "school", "--run", &crossval][..], &source].concat());
    assert!(said.contains("no field `school`") && said.contains("pupil"), "{said}");

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

/// A run that is killed goes on from its last checkpoint and ends with the bytes of one that was not; and sixteen reports
/// are learned by heart, as far as an encoder of 300 pieces can tell them apart.
#[test]
fn fine_tuning_survives_a_kill_and_learns() {
    let work = directory("tuning");
    let path = |name: &str| work.join(name).to_str().unwrap().to_owned();
    let (data, cache) = (path("reports.jsonl"), path("cache"));
    let reports = std::fs::read_to_string(REPORTS).unwrap();
    let english = reports.lines().filter(|line| line.contains("\"lang\": \"en\"") && line.len() < 1500);
    std::fs::write(&data, english.take(16).collect::<Vec<_>>().join("\n")).unwrap();
    let command = |run: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trainer"));
        command.args([
            "finetune",
            "--encoder",
            TINY_BERT,
            "--rubric",
            RUBRIC,
            "--data",
            &data,
            "--cache",
            &cache,
        ]);
        command.args([
            "--run",
            run,
            "--layers",
            "2",
            "--width",
            "64",
            "--first-epochs",
            "1",
            "--full-precision",
        ]);
        command.args([
            "--encoder-epochs",
            "60",
            "--encoder-learning-rate",
            "5e-3",
            "--heads-learning-rate",
            "2e-2",
        ]);
        command.args(["--clip", "10", "--encoder-weight-decay", "0", "--checkpoint-every", "20"]);
        command.stderr(std::process::Stdio::null());
        command
    };
    let (whole, killed) = (path("whole"), path("killed"));
    assert!(command(&whole).args(["--encoder-dropout", "0.01"]).status().unwrap().success());

    let mut child = command(&killed).args(["--encoder-dropout", "0.01"]).spawn().unwrap();
    let checkpoint = work.join("killed/checkpoints/step-00000020");
    while !checkpoint.exists() {
        assert!(child.try_wait().unwrap().is_none(), "it ended before its first checkpoint");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!work.join("killed/model").exists(), "it was killed too late to show anything");
    assert!(
        !command(&killed).args(["--encoder-dropout", "0.01"]).status().unwrap().success(),
        "needs --resume"
    );
    let other = command(&killed).args(["--encoder-dropout", "0.02", "--resume"]).status().unwrap();
    assert!(!other.success(), "other options are no continuation");
    assert!(command(&killed).args(["--encoder-dropout", "0.01", "--resume"]).status().unwrap().success());
    for file in ["model.safetensors", "heads.safetensors"] {
        let bytes = |run: &str| std::fs::read(Path::new(run).join("model").join(file)).unwrap();
        assert!(bytes(&whole) == bytes(&killed), "{file} differs");
    }

    let metrics = std::fs::read_to_string(work.join("killed/metrics.jsonl")).unwrap();
    let lines: Vec<Value> = metrics.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let steps: Vec<u64> = lines.iter().map(|line| line["step"].as_u64().unwrap()).collect();
    assert!(steps.iter().copied().eq(0..120), "every step is there once: {steps:?}");
    let loss = |line: &Value| line["loss"].as_f64().unwrap();
    let (first, last) = (loss(&lines[0]), loss(&lines[119]));
    assert!(last < 0.4 * first, "from {first} to {last}");
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
    let said = fail(&["crossval", "--encoder", "nowhere", "--data", REPORTS, "--rubric", RUBRIC]);
    assert!(said.contains("nowhere"), "{said}");
}
