//! The trainer's commands one after the other, on the tiny encoder and some of the labelled reports: what comes out is a
//! model file that scores. (Slow: it trains.)
#![cfg(feature = "trainer")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::record::RowAccessor;
use salesmirror::{Assessment, Assessor};
use serde_json::{Value, json};

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

    let reports: Vec<Value> = some[..6].iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    every_kind_of_file_gives_the_same_assessments(&work, &assessor, &reports);
    rows_that_are_no_reports_are_told_and_kept(&work, &reports[0]);
}

/// Ids and assessments that `score` writes.
fn scores(work: &Path, input: &Path) -> Vec<(String, Assessment)> {
    let out = work.join("scores.jsonl");
    let of = |path: &Path| path.to_str().unwrap().to_owned();
    let model = of(&work.join("model/model.gguf"));
    succeed(&["score", "--model", &model, "--input", &of(input), "--out", &of(&out)]);
    assert!(!work.join("scores.jsonl.partial").exists());
    let lines = std::fs::read_to_string(out).unwrap();
    let parse = |line: &str| {
        let mut row: Value = serde_json::from_str(line).unwrap();
        let assessment = serde_json::from_value(row["assessment"].take()).unwrap();
        (row["id"].as_str().unwrap().to_owned(), assessment)
    };
    lines.lines().map(parse).collect()
}

fn every_kind_of_file_gives_the_same_assessments(work: &Path, assessor: &Assessor, reports: &[Value]) {
    let of = |report: &Value, field: &str| report[field].as_str().unwrap().to_owned();
    let rows: Vec<[String; 2]> = reports.iter().map(|r| [of(r, "id"), of(r, "text")]).collect();
    let lines: String =
        rows.iter().map(|[id, text]| format!("{}\n", json!({ "id": id, "text": text }))).collect();
    let own: Vec<(String, Assessment)> =
        rows.iter().map(|[id, text]| (id.clone(), assessor.assess(text).unwrap())).collect();
    let file = |name: &str| work.join(name);
    std::fs::write(file("rows.jsonl"), lines).unwrap();
    let mut writer = csv::Writer::from_path(file("rows.csv")).unwrap();
    for row in [["id".to_owned(), "text".to_owned()]].iter().chain(&rows) {
        writer.write_record(row).unwrap();
    }
    writer.flush().unwrap();
    std::fs::write(file("rows.parquet"), parquet_of(&rows)).unwrap();
    for name in ["rows.jsonl", "rows.csv", "rows.parquet"] {
        assert!(scores(work, &file(name)) == own, "{name}");
    }
    std::fs::create_dir_all(file("rows/deeper")).unwrap();
    for (i, [_, text]) in rows.iter().enumerate() {
        let name = if i % 2 == 0 { format!("rows/{i}.txt") } else { format!("rows/deeper/{i}.md") };
        std::fs::write(file(&name), text).unwrap();
    }
    let folder: BTreeMap<String, Assessment> = scores(work, &file("rows")).into_iter().collect();
    assert_eq!(folder.len(), rows.len());
    assert!(folder["0.txt"] == own[0].1 && folder["deeper/1.md"] == own[1].1);

    // Tables have the same levels, in the same order.
    let path = |name: &str| file(name).to_str().unwrap().to_owned();
    let (model, input) = (path("model/model.gguf"), path("rows.csv"));
    for table in ["table.csv", "table.parquet"] {
        succeed(&["score", "--model", &model, "--input", &input, "--out", &path(table)]);
    }
    let mut table = csv::Reader::from_path(file("table.csv")).unwrap();
    let names = table.headers().unwrap().clone();
    let records: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    let reader = SerializedFileReader::new(std::fs::File::open(file("table.parquet")).unwrap()).unwrap();
    let rows: Vec<parquet::record::Row> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    assert_eq!((records.len(), rows.len()), (own.len(), own.len()));
    for ((record, row), (id, assessment)) in records.iter().zip(&rows).zip(&own) {
        assert_eq!((&record[0], row.get_string(0).unwrap()), (id.as_str(), id));
        for competency in &assessment.competencies {
            let at =
                |part: &str| names.iter().position(|n| n == format!("{}.{part}", competency.id)).unwrap();
            let shown = |text: &str| text.parse::<f32>().ok();
            assert_eq!(shown(&record[at("level")]), competency.level);
            assert_eq!(row.get_float(at("level")).ok(), competency.level);
            assert_eq!(shown(&record[at("high")]), competency.interval.map(|[_, high]| high));
            assert_eq!(shown(&record[at("presence")]), Some(competency.presence));
        }
        assert_eq!(row.get_float(1).ok(), assessment.overall.as_ref().map(|overall| overall.level));
    }
}

/// A Parquet file of two columns of strings, in row groups of four rows.
fn parquet_of(rows: &[[String; 2]]) -> Vec<u8> {
    let schema = "message reports { REQUIRED BYTE_ARRAY id (UTF8); OPTIONAL BYTE_ARRAY text (UTF8); }";
    let schema = Arc::new(parquet::schema::parser::parse_message_type(schema).unwrap());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Default::default()).unwrap();
    for rows in rows.chunks(4) {
        let mut group = writer.next_row_group().unwrap();
        for (c, levels) in [(0, None), (1, Some(vec![1i16; rows.len()]))] {
            let values: Vec<ByteArray> = rows.iter().map(|row| ByteArray::from(row[c].as_str())).collect();
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(&values, levels.as_deref(), None).unwrap();
            column.close().unwrap();
        }
        group.close().unwrap();
    }
    writer.into_inner().unwrap()
}

fn rows_that_are_no_reports_are_told_and_kept(work: &Path, report: &Value) {
    let path = |name: &str| work.join(name).to_str().unwrap().to_owned();
    let (model, input, rejected) = (path("model/model.gguf"), path("bad.jsonl"), path("rejected.jsonl"));
    let megabyte = "We agreed on the price. ".repeat(1 << 16);
    let mut bytes =
        format!("{report}\n{{\"id\": 1}}\n{}\n", json!({ "id": "long", "text": megabyte })).into_bytes();
    bytes.extend(b"{\"id\":\"empty\",\"text\":\" \"}\n{\"text\":\"\xff\"}\n");
    bytes.extend(format!("{report}").as_bytes());
    std::fs::write(&input, bytes).unwrap();
    let output = trainer(&["score", "--model", &model, "--input", &input, "--rejected", &rejected]);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    assert_eq!(output.stdout.iter().filter(|&&byte| byte == b'\n').count(), 2);
    assert!(errors.contains("2 reports scored, 4 skipped"), "{errors}");
    let kept = std::fs::read_to_string(&rejected).unwrap();
    let kept: Vec<Value> = kept.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (row, (line, problem)) in kept.iter().zip([
        (2, "no field `text`"),
        (3, "split it"),
        (4, "empty"),
        (5, "no UTF-8 from byte 9 on"),
    ]) {
        assert_eq!(row["line"], line);
        assert!(row["problem"].as_str().unwrap().contains(problem), "{row}");
        assert!(errors.contains(&format!("bad.jsonl line {line}: ")), "{errors}");
    }
    assert_eq!(kept[1]["content"], json!(megabyte));

    std::fs::write(path("body.csv"), "id,body\na,Hello.\n").unwrap();
    let said = fail(&["score", "--model", &model, "--input", &path("body.csv")]);
    assert!(
        said.contains("no column `text`; name it with --text-column") && said.contains("`body`"),
        "{said}"
    );
    succeed(&["score", "--model", &model, "--input", &path("body.csv"), "--text-column", "body"]);
    let whole = std::fs::read(path("rows.parquet")).unwrap();
    std::fs::write(path("cut.parquet"), &whole[..whole.len() / 2]).unwrap();
    let said = fail(&["score", "--model", &model, "--input", &path("cut.parquet")]);
    assert!(said.contains("cut.parquet is damaged or no Parquet file"), "{said}");
    let said = fail(&["score", "--model", &model, "--input", &input, "--out", &input]);
    assert!(said.contains("is input and output"), "{said}");
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
    let said = fail(&["score", "--model", data, "--input", data]);
    assert!(said.contains("damaged or not a GGUF file"), "{said}");
    let said = fail(&["crossval", "--encoder", "nowhere", "--data", REPORTS, "--rubric", RUBRIC]);
    assert!(said.contains("nowhere"), "{said}");
}
