//! Tests of the commands in the order in which they are used, with the tiny encoder and some of the labelled reports. Each
//! command has its own test. The inputs of later commands are made once, by the first test that needs them. (These tests are
//! slow, because they train.)

mod common;

use std::path::PathBuf;
use std::sync::LazyLock;

use common::{RUBRIC, TINY_BERT, directory, fail, read_json, some_reports, succeed};
use salesmirror::Assessor;
use salesmirror::model::StoredModel;

/// A step of the pipeline: the directory that it wrote, and what it printed.
struct Step {
    path: PathBuf,
    printed: String,
}

impl Step {
    fn display(&self) -> std::path::Display<'_> {
        self.path.display()
    }
}

static DATA: LazyLock<PathBuf> = LazyLock::new(|| {
    let path = directory("pipeline-data").join("reports.jsonl");
    std::fs::write(&path, some_reports().join("\n")).unwrap();
    path
});

static ENCODER: LazyLock<Step> = LazyLock::new(|| {
    let work = directory("pipeline-encoder");
    let words = work.join("words.tsv");
    std::fs::write(&words, "the\t0.5\ncustomer\t0.2\noffer\t0.1\n").unwrap();
    let path = work.join("encoder");
    let printed = succeed(&format!(
        "import --base {TINY_BERT} --out {} --frequency {}:4 --layers 1 --positions 48",
        path.display(),
        words.display()
    ));
    Step { path, printed }
});

/// The options that name the encoder and the data for every command that trains.
static SOURCE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "--encoder {} --data {} --rubric {RUBRIC} --cache {} --epochs 3",
        ENCODER.display(),
        DATA.display(),
        directory("pipeline-cache").display()
    )
});

static CROSSVAL: LazyLock<Step> = LazyLock::new(|| {
    let path = directory("pipeline-crossval").join("run");
    let printed = succeed(&crossval(&path));
    Step { path, printed }
});

fn crossval(run: &std::path::Path) -> String {
    format!("crossval --folds 3 --resamples 50 --run {} {}", run.display(), *SOURCE)
}

/// A small version of the shipped recipe, with adapters on the only layer of the encoder and weights on the 4-bit grid.
const TUNING: &str = "--layers 1 --encoder-epochs 2 --adapter-rank 2";

static TRAINED: LazyLock<Step> = LazyLock::new(|| {
    let run = directory("pipeline-finetune").join("run");
    let printed = succeed(&format!("finetune --run {} {} {TUNING}", run.display(), *SOURCE));
    Step { path: run.join("model"), printed }
});

static MODEL: LazyLock<Step> = LazyLock::new(|| {
    let path = directory("pipeline-model");
    let printed = succeed(&quantize(&TRAINED.path, &path));
    Step { path, printed }
});

fn quantize(model: &std::path::Path, out: &std::path::Path) -> String {
    format!(
        "quantize --model {} --crossval {} --rubric {RUBRIC} --data {} --id test --out {}",
        model.display(),
        CROSSVAL.display(),
        DATA.display(),
        out.display()
    )
}

#[test]
fn import_makes_a_smaller_encoder() {
    let printed = &ENCODER.printed;
    assert!(printed.contains("1 layers") && printed.contains("48 positions"), "{printed}");
    let out = directory("pipeline-import");
    let said = fail(&format!("import --base {TINY_BERT} --out {} --layers 2", out.display()));
    assert!(said.contains("layers 0 to 1"), "{said}");
}

#[test]
fn crossval_compares_methods() {
    let table = &CROSSVAL.printed;
    for part in [
        "| majority |",
        "| tfidf |",
        "| frozen |",
        "| expertise |",
        "|   en |",
        "|   zh |",
        "| all |",
        "evidence AP",
    ] {
        assert!(table.contains(part), "{part} is missing:\n{table}");
    }
    let page = std::fs::read_to_string(CROSSVAL.path.join("report.html")).unwrap();
    assert!(page.contains("Methods side by side") && page.contains("<svg") && !page.contains("http-equiv"));
}

#[test]
fn crossval_resumes_with_the_folds_that_are_there() {
    let run = directory("pipeline-crossval-resumed").join("run");
    let table = succeed(&crossval(&run));
    // A lost fold is computed again, the other folds are reused, and the result is the same.
    std::fs::remove_file(run.join("predictions/frozen/fold-1.json")).unwrap();
    assert_eq!(succeed(&format!("{} --resume", crossval(&run))), table);
    let other_settings = crossval(&run).replace("--epochs 3", "--epochs 2");
    let said = fail(&format!("{other_settings} --resume"));
    assert!(said.contains("leave out --resume"), "{said}");
}

/// Both methods share the training of each fold, and the shipped model is close to the trained one.
#[test]
fn crossval_judges_what_ships() {
    let run = directory("pipeline-crossval-shipped").join("run");
    succeed(&format!(
        "crossval --folds 3 --resamples 20 --methods finetuned,shipped --run {} {} {TUNING}",
        run.display(),
        *SOURCE
    ));
    let folds = std::fs::read_dir(run.join("finetuned")).unwrap().count();
    assert_eq!(folds, 3, "each fold is trained once for both methods");
    let evaluation = read_json(&run.join("evaluation.json"));
    let mae = |method: usize| {
        let slice = &evaluation["methods"][method]["evaluation"]["slices"][0];
        slice["figures"]["mae"]["value"].as_f64().unwrap()
    };
    assert_eq!(evaluation["chosen"], "shipped");
    assert!((mae(0) - mae(1)).abs() < 0.1, "{} {}", mae(0), mae(1));
    assert!(mae(0) != mae(1), "4 bits and integers must make some difference");
}

#[test]
fn finetune_trains_adapters() {
    let reports = some_reports().len();
    assert!(TRAINED.printed.contains(&format!("trained on {reports} reports")), "{}", TRAINED.printed);
    let adapters =
        candle_core::safetensors::load(TRAINED.path.join("adapters.safetensors"), &candle_core::Device::Cpu)
            .unwrap();
    assert!(!adapters.is_empty());
    for (name, tensor) in &adapters {
        assert!(name.contains(".adapter.") && tensor.dims().contains(&2), "{name}: {:?}", tensor.dims());
    }
}

#[test]
fn quantize_writes_the_model_file() {
    let printed = &MODEL.printed;
    assert!(printed.contains("mean cosine") && printed.contains("levels differ by"), "{printed}");
    let file = std::fs::read(MODEL.path.join("model.gguf")).unwrap();
    let manifest = read_json(&MODEL.path.join("manifest.json"));
    assert_eq!(manifest["files"][0]["size"], file.len());
    let assessor = Assessor::from_gguf(&file).unwrap();
    assert_eq!(manifest["files"][0]["sha256"], assessor.model().sha256);
    assert_eq!(assessor.model().training["reports"], some_reports().len());
    let adapters = assessor.model().encoder.config().adapters.clone();
    assert_eq!(adapters.map(|adapters| (adapters.rank, adapters.first_layer)), Some((2, 0)));
}

/// New heads on the encoder of a model file: the new file has the same encoder, with its adapters.
#[test]
fn the_encoder_of_a_model_file_can_be_trained_on() {
    let work = directory("pipeline-unpacked");
    let (encoder, run, out) = (work.join("encoder"), work.join("run"), work.join("model"));
    let file = MODEL.path.join("model.gguf");
    let import = format!("import --base {} --out {}", file.display(), encoder.display());
    let printed = succeed(&import);
    assert!(printed.contains("1 layers") && printed.contains("6 adapters"), "{printed}");
    let said = fail(&format!("{import} --layers 0"));
    assert!(said.contains("is taken as it is"), "{said}");
    let source = SOURCE.replace(&ENCODER.display().to_string(), &encoder.display().to_string());
    succeed(&format!("finetune --run {} {source} --layers 0", run.display()));
    succeed(&quantize(&run.join("model"), &out));
    let stored = |path: PathBuf| StoredModel::read(std::fs::File::open(path).unwrap()).unwrap();
    let (before, after) = (stored(file), stored(out.join("model.gguf")));
    assert_eq!(
        (&after.encoder_config, after.tokenizer_json),
        (&before.encoder_config, before.tokenizer_json)
    );
    assert_eq!(after.encoder.len(), before.encoder.len());
    for (name, tensor) in &before.encoder {
        let values = |tensor: &candle_core::Tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        // Quantizing anew may turn -0 into 0, which is the same number.
        assert_eq!(values(tensor), values(&after.encoder[name]), "{name}");
    }

    // What is trained on top of it gets a place beside the adapters that are there.
    let tuned = work.join("tuned");
    succeed(&format!("finetune --run {} {source} {TUNING}", tuned.display()));
    succeed(&quantize(&tuned.join("model"), &out));
    let adapters = stored(out.join("model.gguf")).encoder_config.adapters;
    assert_eq!(adapters.map(|adapters| (adapters.rank, adapters.first_layer)), Some((4, 0)));
}

/// The heads of a model file come with its encoder, and training can go on from both.
#[test]
fn the_heads_of_a_model_file_can_be_trained_on() {
    let work = directory("pipeline-kept-heads");
    let (unpacked, run, out) = (work.join("unpacked"), work.join("run"), work.join("model"));
    let file = MODEL.path.join("model.gguf");
    succeed(&format!("import --base {} --out {}", file.display(), unpacked.display()));
    // Nothing is lost on the way out of the file and back into one.
    succeed(&quantize(&unpacked, &out));
    let model = |path: PathBuf| Assessor::load(path).unwrap();
    let (before, after) = (model(file), model(out.join("model.gguf")));
    let text = &some_reports()[0];
    let levels = |assessor: &Assessor| {
        let assessment = serde_json::to_value(assessor.assess(text).unwrap()).unwrap();
        assessment["competencies"].clone()
    };
    assert_eq!(levels(&before), levels(&after));
    assert_eq!(before.model().training, after.model().training);

    let source = SOURCE.replace(&ENCODER.display().to_string(), &unpacked.display().to_string());
    // Copies need texts that show nothing, from which passages are taken.
    let neutral = work.join("neutral.jsonl");
    let rows = [("en", "It rained. The hall was cold."), ("zh", "今天下雨。会议推迟了。")];
    let rows = rows.map(|(language, text)| {
        serde_json::json!({ "id": language, "lang": language, "text": text, "scores": {}, "evidence": [] }).to_string()
    });
    std::fs::write(&neutral, rows.join("\n")).unwrap();
    let data = DATA.display().to_string();
    let source = source.replace(&data, &format!("{data} {}", neutral.display()));
    let kept = format!("finetune --run {} {source} --keep-heads --mixed 0.5", run.display());
    let said = fail(&format!("{kept} --layers 0"));
    assert!(said.contains("--keep-heads leaves nothing to train"), "{said}");
    let printed = succeed(&format!("{kept} {TUNING}"));
    let count = |text: &str| text.split("trained on ").nth(1)?.split(' ').next()?.parse::<usize>().ok();
    assert!(count(&printed).unwrap() > some_reports().len() + rows.len(), "no copies were added: {printed}");
    let trained = run.join("model");
    assert_eq!(read_json(&trained.join("calibration.json")), read_json(&unpacked.join("calibration.json")));
    let heads = |directory: &std::path::Path| {
        let tensors =
            candle_core::safetensors::load(directory.join("heads.safetensors"), &candle_core::Device::Cpu);
        tensors.unwrap()["query"].flatten_all().unwrap().to_vec1::<f32>().unwrap()
    };
    let (old, new) = (heads(&unpacked), heads(&trained));
    let moved = old.iter().zip(&new).map(|(old, new)| (old - new).abs()).fold(0.0, f32::max);
    assert!(moved > 0.0 && moved < 0.1, "heads that were kept move a little: {moved}");

    // Unseen texts alone fit the calibration, of a model without one too.
    std::fs::remove_file(trained.join("calibration.json")).unwrap();
    let texts = DATA.display();
    succeed(&format!(
        "calibrate --model {} --texts {texts} --rubric {RUBRIC} --folds 2 --resamples 20",
        trained.display()
    ));
    assert_ne!(read_json(&trained.join("calibration.json")), read_json(&unpacked.join("calibration.json")));
}

#[test]
fn crossval_learns_from_as_few_reports_as_asked() {
    let run = directory("pipeline-crossval-few").join("run");
    let few = |options: &str| succeed(&format!("{} --methods majority {options}", crossval(&run)));
    let (all, one, other) = (few(""), few("--train-at-most 5 --seed 1"), few("--train-at-most 5 --seed 2"));
    assert!(all != one && one != other);
    assert_eq!(few("--train-at-most 9999"), all);
}

#[test]
fn evaluate_judges_the_model_file() {
    let out = directory("pipeline-evaluate");
    let run = TRAINED.path.parent().unwrap();
    let printed = succeed(&format!(
        "evaluate {}/model.gguf {} --swaps 6 --resamples 50 --crossval {} --run {} --note Invented. --out {}",
        MODEL.display(),
        DATA.display(),
        CROSSVAL.display(),
        run.display(),
        out.display()
    ));
    assert!(printed.contains("kappa") && printed.contains("was trained on these reports"), "{printed}");
    let json = read_json(&out.join("evaluation.json"));
    assert_eq!(json["evaluation"]["reports"], some_reports().len());
    assert!(json["bias"]["swaps"][0]["change"]["value"].is_number(), "{}", json["bias"]);
    let card = std::fs::read_to_string(out.join("model-card.md")).unwrap();
    for part in ["What it is not for", "Invented.", "| expertise |", "genders exchanged"] {
        assert!(card.contains(part), "{part} is missing:\n{card}");
    }
    // The page shows the curves of the run that was named.
    let page = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("learning_rate") && page.contains("gradient_norm"));
    let said = fail(&format!(
        "evaluate {}/model.gguf {} --run {} --out {}",
        MODEL.display(),
        DATA.display(),
        out.display(),
        out.display()
    ));
    assert!(said.contains("metrics.jsonl"), "{said}");
}

/// A Hugging Face directory is also a trained model directory, with everything that a model file is made from.
#[test]
fn export_writes_a_directory_that_quantizes_to_the_same_file() {
    let work = directory("pipeline-export");
    let exported = work.join("huggingface");
    // Adapters are not exported, so this model is trained without them.
    let run = work.join("run");
    succeed(&format!("finetune --run {} {} --layers 1 --encoder-epochs 1", run.display(), *SOURCE));
    let trained = run.join("model");
    let options =
        format!("--model {} --crossval {} --rubric {RUBRIC}", trained.display(), CROSSVAL.display());
    succeed(&format!("export --format huggingface --out {} {options}", exported.display()));
    let tensors = std::fs::read(exported.join("model.safetensors")).unwrap();
    assert!(tensors.windows(13).any(|w| w == br#""format":"pt""#), "transformers asks for the format");
    let (from_run, from_export) = (work.join("a"), work.join("b"));
    succeed(&quantize(&trained, &from_run));
    succeed(&quantize(&exported, &from_export));
    let file = |folder: &PathBuf| std::fs::read(folder.join("model.gguf")).unwrap();
    assert!(file(&from_run) == file(&from_export));
    let said = fail(&format!("export --format onnx --out {} {options}", trained.display()));
    assert!(said.contains("own directory"), "{said}");
}

#[test]
fn score_assesses_reports() {
    let out = directory("pipeline-score").join("scores.jsonl");
    succeed(&format!(
        "score --model {}/model.gguf --input {} --out {} --limit 5",
        MODEL.display(),
        DATA.display(),
        out.display()
    ));
    let file = std::fs::read(MODEL.path.join("model.gguf")).unwrap();
    let assessor = Assessor::from_gguf(&file).unwrap();
    let scores = common::read_json_lines(&out);
    assert_eq!(scores.len(), 5);
    for (score, report) in scores.iter().zip(some_reports()) {
        let report: serde_json::Value = serde_json::from_str(&report).unwrap();
        assert_eq!(score["id"], report["id"]);
        let own = assessor.assess(report["text"].as_str().unwrap()).unwrap();
        let scored: salesmirror::Assessment = serde_json::from_value(score["assessment"].clone()).unwrap();
        assert!(scored == own, "{}", report["id"]);
    }
}

#[test]
fn calibrate_fits_thresholds_to_texts_that_the_model_has_not_seen() {
    let work = directory("pipeline-calibrate");
    let texts = work.join("texts.jsonl");
    let row = |i: usize| {
        let (sales, text) = match i % 2 {
            0 => (true, "I asked the customer what a stopped line costs, and sent our offer by noon."),
            _ => (false, "The canteen is closed on Friday. Please bring your own lunch."),
        };
        let id = format!("w{}-{i}", i / 4);
        serde_json::json!({ "id": id, "text": format!("{text} {i}"), "scores": null, "sales": sales })
            .to_string()
    };
    std::fs::write(&texts, (0..16).map(row).collect::<Vec<_>>().join("\n")).unwrap();
    let model = work.join("model");
    std::fs::create_dir_all(&model).unwrap();
    for entry in std::fs::read_dir(&TRAINED.path).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), model.join(entry.file_name())).unwrap();
    }
    let calibrate = |texts: &std::path::Path, more: &str| {
        let printed = succeed(&format!(
            "calibrate --model {} --texts {} --crossval {} --data {} --rubric {RUBRIC} --folds 2 {more}",
            model.display(),
            texts.display(),
            CROSSVAL.display(),
            DATA.display(),
        ));
        assert!(printed.contains("accounts refused"), "{printed}");
        read_json(&model.join("calibration.json"))
    };
    // Texts without levels have a say in the gate alone.
    let run = read_json(&CROSSVAL.path.join("calibration.json"));
    let gate = calibrate(&texts, "");
    assert_eq!(gate["presence_threshold"], run["presence_threshold"]);
    assert_ne!(gate["sales_threshold"], run["sales_threshold"]);
    // Texts with levels count as much as they are said to.
    let [none, all] = ["0", "1"].map(|share| calibrate(&DATA, &format!("--share {share}")));
    assert_eq!(none["interval_mass"], run["interval_mass"]);
    assert_ne!(all["presence_threshold"], none["presence_threshold"]);
    let error = fail(&format!(
        "calibrate --model {} --texts {} --crossval {} --share 2",
        model.display(),
        texts.display(),
        CROSSVAL.display()
    ));
    assert!(error.contains("--share is 2"), "{error}");
}
