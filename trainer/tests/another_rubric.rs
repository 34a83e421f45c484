//! All commands work with another rubric and other texts, which only a rubric file and a data file define. (One test is slow,
//! because it trains.)

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use common::{TINY_BERT, directory, fail, read_json, succeed};
use salesmirror::Assessor;
use salesmirror_trainer::data::{LabelSpace, read_labelled_reports};
use salesmirror_trainer::run::files;
use serde_json::{Value, json};

/// `examples/service-desk`, with which docs/adapting.md works.
#[test]
fn the_example_of_a_service_desk_is_read() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/service-desk");
    let rubric = files::read_rubric(&example.join("rubric.json")).unwrap();
    let labels = LabelSpace::from(&rubric);
    let read = |files: &[&str]| {
        let paths: Vec<_> = files.iter().map(|file| example.join(file)).collect();
        read_labelled_reports(&paths, &labels).unwrap()
    };
    let (few, all) = (read(&["reports.jsonl"]), read(&["reports.jsonl", "more-reports.jsonl"]));
    assert_eq!((few.len(), all.len()), (60, 200));
    for reports in [few, all] {
        let chinese = reports.iter().filter(|report| report.language == "zh").count();
        assert_eq!(2 * chinese, reports.len());
        let writers: BTreeSet<&str> = reports.iter().map(|report| report.writer()).collect();
        assert_eq!(writers.len(), 10);
        for report in &reports {
            // Whoever gave a level marked a sentence that shows it.
            let marks = report.evidence.as_ref().unwrap();
            for (c, level) in report.levels.iter().enumerate() {
                let is_marked = marks.iter().any(|tags| tags[2 * c] || tags[2 * c + 1]);
                assert_eq!(level.is_some(), is_marked, "{}: {}", report.id, labels.competencies[c]);
            }
        }
    }
}

/// The rubric has six traits with levels from 1 to 5 in halves. Every text has a level for each trait, but no evidence.
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
    let text = |text: &str| json!({ "en": text });
    let levels =
        |key: &'static str| (1..=5).map(move |l| json!({"level": l, (key): text(&format!("level {l}"))}));
    let traits = TRAITS.map(|id| {
        let anchors: Vec<Value> = levels("anchor").collect();
        json!({"id": id, "name": text(id), "definition": text(id), "levels": anchors})
    });
    let rubric = json!({
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
        let row = json!({
            "id": i, "text": sentences.join(" "), "scores": scores, "pupil": i % 10, "prompt": prompt,
        });
        row.to_string()
    };
    std::fs::write(path("essays.jsonl"), (0..40).map(essay).collect::<Vec<_>>().join("\n")).unwrap();

    let (rubric, data, cache) = (path("rubric.json"), path("essays.jsonl"), path("cache"));
    let (crossval, run, model) = (path("crossval"), path("run"), path("model"));
    let source = format!("--encoder {TINY_BERT} --data {data} --rubric {rubric} --cache {cache} --epochs 2");
    let compare = format!("crossval --folds 4 --resamples 50 --run {crossval} {source}");
    let table = succeed(&format!("{compare} --group-by pupil"));
    // Evidence and presence have no figures, and not figures of 0.
    let row = table.lines().find(|line| line.starts_with("| frozen |")).unwrap();
    assert_eq!(row.matches(" – |").count(), 4, "{table}");
    let json = read_json(&work.join("crossval/evaluation.json"));
    let evaluation = &json["methods"][2]["evaluation"];
    assert_eq!((&evaluation["grid"], evaluation["confusion"].as_array().unwrap().len()), (&0.5.into(), 6));
    let said = fail(&format!("{compare} --group-by school"));
    assert!(said.contains("no field `school`") && said.contains("pupil"), "{said}");

    succeed(&format!("finetune --run {run} {source} --layers 1 --encoder-epochs 1"));
    succeed(&format!(
        "quantize --model {run}/model --crossval {crossval} --rubric {rubric} --data {data} --id essays --out {model}"
    ));
    let assessor = Assessor::from_gguf(&std::fs::read(work.join("model/model.gguf")).unwrap()).unwrap();
    let assessment = assessor.assess("The harbour was full of boats. I liked it.").unwrap();
    assert_eq!(assessment.competencies.len(), 6);
    assert!(assessment.competencies.iter().all(|trait_| trait_.level.is_some()), "{assessment:?}");
}
