//! Tests of `trainer score` with the shipped model, on every kind of file. (They are slow in debug builds.)

mod common;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, LazyLock};

use common::{REPORTS, SHIPPED_MODEL, directory, fail, succeed, trainer};
use encoding_rs::GB18030;
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::record::RowAccessor;
use salesmirror::{Assessment, Assessor};
use serde_json::{Value, json};

/// The ids and texts of some short labelled reports in both languages.
static ROWS: LazyLock<Vec<[String; 2]>> = LazyLock::new(|| {
    let reports = std::fs::read_to_string(REPORTS).unwrap();
    let short = |lang: &'static str| {
        let reports = reports.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let reports = reports.filter(move |report| report["lang"] == lang);
        reports.filter(|report| report["text"].as_str().unwrap().len() < 900).take(2).collect::<Vec<_>>()
    };
    let reports = [short("en"), short("zh")].concat();
    let field = |report: &Value, name: &str| report[name].as_str().unwrap().to_owned();
    reports.iter().map(|report| [field(report, "id"), field(report, "text")]).collect()
});

/// The assessments that the library gives for [`ROWS`].
static ASSESSMENTS: LazyLock<Vec<(String, Assessment)>> = LazyLock::new(|| {
    let assessor = Assessor::from_gguf(&std::fs::read(SHIPPED_MODEL).unwrap()).unwrap();
    ROWS.iter().map(|[id, text]| (id.clone(), assessor.assess(text).unwrap())).collect()
});

fn json_lines() -> String {
    ROWS.iter().map(|[id, text]| format!("{}\n", json!({ "id": id, "text": text }))).collect()
}

fn csv_table() -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in [["id".to_owned(), "text".to_owned()]].iter().chain(ROWS.iter()) {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}

/// Makes a Parquet file with two columns of strings, in row groups of three rows.
fn parquet_table() -> Vec<u8> {
    let schema = "message reports { REQUIRED BYTE_ARRAY id (UTF8); OPTIONAL BYTE_ARRAY text (UTF8); }";
    let schema = Arc::new(parquet::schema::parser::parse_message_type(schema).unwrap());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Default::default()).unwrap();
    for rows in ROWS.chunks(3) {
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

fn file(work: &Path, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = work.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Runs `score`, and returns the ids and assessments that it writes.
fn scores(work: &Path, input: &str) -> Vec<(String, Assessment)> {
    let out = work.join("scores.jsonl");
    succeed(&format!("score --model {SHIPPED_MODEL} --input {input} --out {}", out.to_str().unwrap()));
    assert!(!work.join("scores.jsonl.partial").exists());
    parsed(&std::fs::read_to_string(out).unwrap())
}

fn parsed(lines: &str) -> Vec<(String, Assessment)> {
    let parse = |line: &str| {
        let mut row: Value = serde_json::from_str(line).unwrap();
        let assessment = serde_json::from_value(row["assessment"].take()).unwrap();
        (row["id"].as_str().unwrap().to_owned(), assessment)
    };
    lines.lines().map(parse).collect()
}

#[test]
fn every_table_format_gives_the_same_assessments() {
    let work = directory("score-tables");
    let gb = GB18030.encode(std::str::from_utf8(&csv_table()).unwrap()).0.into_owned();
    for input in [
        file(&work, "rows.jsonl", json_lines()),
        file(&work, "rows.csv", csv_table()),
        file(&work, "rows.parquet", parquet_table()),
        file(&work, "gb18030.csv", gb),
    ] {
        assert!(scores(&work, &input) == *ASSESSMENTS, "{input}");
    }
}

#[test]
fn json_lines_are_read_from_standard_input() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trainer"));
    command.args(["score", "--model", SHIPPED_MODEL, "--input", "-", "--out", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(json_lines().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(parsed(std::str::from_utf8(&output.stdout).unwrap()) == *ASSESSMENTS);
}

#[test]
fn a_folder_of_text_files_is_assessed_file_by_file() {
    let work = directory("score-folder");
    file(&work, "rows/0.txt", &ROWS[0][1]);
    file(&work, "rows/deeper/1.md", &ROWS[1][1]);
    file(&work, "rows/ignored.csv", "id,text\n");
    let found: BTreeMap<_, _> = scores(&work, work.join("rows").to_str().unwrap()).into_iter().collect();
    assert_eq!(found.len(), 2);
    assert!(found["0.txt"] == ASSESSMENTS[0].1 && found["deeper/1.md"] == ASSESSMENTS[1].1);
}

#[test]
fn tables_have_the_same_levels_in_the_same_order() {
    let work = directory("score-output");
    let input = file(&work, "rows.jsonl", json_lines());
    let table = |name: &str| -> PathBuf {
        let path = work.join(name);
        let out = path.to_str().unwrap();
        succeed(&format!("score --model {SHIPPED_MODEL} --input {input} --out {out}"));
        path
    };
    let mut csv_table = csv::Reader::from_path(table("table.csv")).unwrap();
    let names = csv_table.headers().unwrap().clone();
    let records: Vec<csv::StringRecord> = csv_table.records().map(Result::unwrap).collect();
    let reader = SerializedFileReader::new(std::fs::File::open(table("table.parquet")).unwrap()).unwrap();
    let rows: Vec<parquet::record::Row> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    assert_eq!((records.len(), rows.len()), (ASSESSMENTS.len(), ASSESSMENTS.len()));
    for ((record, row), (id, assessment)) in records.iter().zip(&rows).zip(ASSESSMENTS.iter()) {
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

#[test]
fn rows_that_cannot_be_assessed_are_told_and_kept() {
    let work = directory("score-rejected");
    let report = json!({ "id": ROWS[0][0], "text": ROWS[0][1] });
    let long = "We agreed on the price. ".repeat(1 << 16);
    let mut bytes =
        format!("{report}\n{{\"id\": 1}}\n{}\n", json!({ "id": "long", "text": long })).into_bytes();
    bytes.extend(b"{\"id\":\"empty\",\"text\":\" \"}\n{\"text\":\"\xff\"}\n");
    bytes.extend(format!("{report}").as_bytes());
    let input = file(&work, "bad.jsonl", bytes);
    let rejected = work.join("rejected.jsonl");
    let kept = rejected.to_str().unwrap();
    let output = trainer(&format!("score --model {SHIPPED_MODEL} --input {input} --rejected {kept}"));
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    assert_eq!(output.stdout.iter().filter(|&&byte| byte == b'\n').count(), 2);
    assert!(errors.contains("2 reports scored, 4 skipped"), "{errors}");
    let kept = std::fs::read_to_string(rejected).unwrap();
    let kept: Vec<Value> = kept.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(kept.len(), 4);
    for (row, (line, problem)) in kept.iter().zip([
        (2, "no field `text`"),
        (3, "split it"),
        (4, "empty"),
        (5, "not valid UTF-8 from byte 9"),
    ]) {
        assert_eq!((&row["line"], &row["rows"]), (&line.into(), &1.into()));
        assert!(row["problem"].as_str().unwrap().contains(problem), "{row}");
        assert!(errors.contains(&format!("bad.jsonl line {line}: ")), "{errors}");
    }
    assert_eq!((&kept[1]["id"], &kept[1]["content"]), (&json!("long"), &json!(long)));
    assert_eq!(kept[0]["content"], "{\"id\": 1}");
}

#[test]
fn a_limit_ends_after_so_many_rows() {
    let work = directory("score-limit");
    let input = file(&work, "rows.jsonl", json_lines());
    let lines = succeed(&format!("score --model {SHIPPED_MODEL} --input {input} --limit 1"));
    assert!(parsed(&lines) == ASSESSMENTS[..1]);
}

#[test]
fn inputs_that_cannot_be_read_are_told_with_a_remedy() {
    let work = directory("score-mistakes");
    let score = |input: &str| fail(&format!("score --model {SHIPPED_MODEL} --input {input}"));
    let body = file(&work, "body.csv", "id,body\na,Hello.\n");
    let said = score(&body);
    assert!(
        said.contains("no column `text`; name the right one with --text-column") && said.contains("`body`"),
        "{said}"
    );
    succeed(&format!("score --model {SHIPPED_MODEL} --input {body} --text-column body"));
    let parquet = parquet_table();
    let said = score(&file(&work, "cut.parquet", &parquet[..parquet.len() / 2]));
    assert!(said.contains("cut.parquet: damaged or not a Parquet file"), "{said}");
    let said = score(&file(&work, "report.pdf", b"%PDF"));
    assert!(said.contains("report.pdf: not a supported file format; expected .jsonl"), "{said}");
    let said = score(&file(&work, "nothing.jsonl", "[]\n"));
    assert!(said.contains("nothing.jsonl: none of 1 rows is a report"), "{said}");

    let said = fail(&format!("score --model {SHIPPED_MODEL} --input {body} --out {body}"));
    assert!(said.contains("is both input and output"), "{said}");
    let said = fail(&format!("score --model {SHIPPED_MODEL} --input {body} --text-column body --out x.xls"));
    assert!(said.contains("x.xls: not a supported output format"), "{said}");
    let said = fail(&format!("score --model {body} --input {body}"));
    assert!(said.contains("body.csv") && said.contains("damaged or not a GGUF file"), "{said}");
}

#[test]
fn a_model_file_that_its_manifest_does_not_describe_is_called_damaged() {
    let work = directory("score-damaged");
    let body = file(&work, "rows.jsonl", json_lines());
    let mut bytes = std::fs::read(SHIPPED_MODEL).unwrap();
    // The first byte of what makes it a GGUF file.
    bytes[0] ^= 1;
    let model = file(&work, "model.gguf", &bytes);
    let said = fail(&format!("score --model {model} --input {body}"));
    assert!(said.contains("not a GGUF file"), "{said}");
    std::fs::copy(Path::new(SHIPPED_MODEL).with_file_name("manifest.json"), work.join("manifest.json"))
        .unwrap();
    let said = fail(&format!("score --model {model} --input {body}"));
    assert!(
        said.contains("is damaged") && said.contains("SHA-256") && said.contains("copy both again"),
        "{said}"
    );
}
