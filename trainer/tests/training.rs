//! Tests of how training commands start, stop, resume and fail. (They are slow, because they train.)

mod common;

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use common::{REPORTS, RUBRIC, TINY_BERT, command, directory, fail, read_json_lines, some_reports, succeed};

/// Writes a file of sixteen short English reports.
fn sixteen_reports(work: &Path) -> PathBuf {
    let reports = std::fs::read_to_string(REPORTS).unwrap();
    let english = reports.lines().filter(|line| line.contains("\"lang\": \"en\"") && line.len() < 1500);
    let path = work.join("reports.jsonl");
    std::fs::write(&path, english.take(16).collect::<Vec<_>>().join("\n")).unwrap();
    path
}

/// Returns a command that overfits sixteen reports, as far as an encoder with 300 pieces can tell them apart.
fn by_heart(work: &Path, run: &str) -> String {
    format!(
        "finetune --encoder {TINY_BERT} --rubric {RUBRIC} --data {} --cache {} --run {} --layers 2 --width 64 \
         --first-epochs 1 --full-precision --encoder-epochs 60 --encoder-learning-rate 5e-3 --heads-learning-rate 2e-2 \
         --clip 10 --encoder-weight-decay 0 --checkpoint-every 20 --encoder-dropout 0.01",
        sixteen_reports(work).display(),
        work.join("cache").display(),
        work.join(run).display()
    )
}

/// Starts a command and waits until a file or folder exists.
fn start_and_wait_for(arguments: &str, path: &Path) -> Child {
    let mut child = command(arguments).stderr(Stdio::piped()).spawn().unwrap();
    while !path.exists() {
        assert!(child.try_wait().unwrap().is_none(), "{arguments} ended before {}", path.display());
        std::thread::sleep(Duration::from_millis(5));
    }
    child
}

/// Sends SIGINT, as Ctrl-C does, and returns the exit status and the error output of the command.
fn interrupt(child: Child) -> (Option<i32>, String) {
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn fine_tuning_survives_a_kill_and_learns() {
    let work = directory("training-kill");
    let (whole, killed) = (by_heart(&work, "whole"), by_heart(&work, "killed"));
    succeed(&whole);
    let mut child = start_and_wait_for(&killed, &work.join("killed/checkpoints/step-00000020"));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!work.join("killed/model").exists(), "it was killed too late to show anything");
    assert!(fail(&killed).contains("--resume"));
    let other = killed.replace("--encoder-dropout 0.01", "--encoder-dropout 0.02");
    assert!(fail(&format!("{other} --resume")).contains("encoder_dropout"));
    succeed(&format!("{killed} --resume"));
    for file in ["model.safetensors", "heads.safetensors"] {
        let bytes = |run: &str| std::fs::read(work.join(run).join("model").join(file)).unwrap();
        assert!(bytes("whole") == bytes("killed"), "{file} differs");
    }

    let lines = read_json_lines(&work.join("killed/metrics.jsonl"));
    let steps: Vec<u64> = lines.iter().map(|line| line["step"].as_u64().unwrap()).collect();
    assert!(steps.iter().copied().eq(1..=120), "every step is there once: {steps:?}");
    let loss = |line: &serde_json::Value| line["loss"].as_f64().unwrap();
    let (first, last) = (loss(&lines[0]), loss(&lines[119]));
    assert!(last < 0.4 * first, "from {first} to {last}");
}

#[test]
fn ctrl_c_saves_the_run_and_exits_with_130() {
    let work = directory("training-interrupt");
    let finetune = by_heart(&work, "run");
    let child = start_and_wait_for(&finetune, &work.join("run/checkpoints/step-00000020"));
    let (status, said) = interrupt(child);
    assert_eq!(status, Some(130), "{said}");
    assert!(said.contains("stopped after step") && said.contains("--resume"), "{said}");
    assert!(!work.join("run/model").exists());
    succeed(&format!("{finetune} --resume"));
    assert!(work.join("run/model/heads.safetensors").is_file());

    let corpus = sixteen_reports(&work);
    let pretrain = format!(
        "pretrain --encoder {TINY_BERT} --corpus {} --run {} --length 48 --batch-tokens 256 --steps 100000 \
         --checkpoint-every 1 --evaluate-every 100000 --held-out 0",
        corpus.display(),
        work.join("pretrain").display()
    );
    let child = start_and_wait_for(&pretrain, &work.join("pretrain/checkpoints/step-00000003"));
    let (status, said) = interrupt(child);
    assert_eq!(status, Some(130), "{said}");
    assert!(said.contains("--resume") && !work.join("pretrain/encoder").exists(), "{said}");

    let crossval = format!(
        "crossval --encoder {TINY_BERT} --rubric {RUBRIC} --data {} --cache {} --run {} --methods finetuned --folds 4 \
         --group-by id --layers 2 --encoder-epochs 1000 --checkpoint-every 1",
        corpus.display(),
        work.join("cache").display(),
        work.join("crossval").display()
    );
    let child = start_and_wait_for(&crossval, &work.join("crossval/finetuned"));
    let (status, said) = interrupt(child);
    assert_eq!(status, Some(130), "{said}");
    assert!(!work.join("crossval/evaluation.json").exists());
}

#[test]
fn held_out_writers_decide_when_to_stop() {
    let work = directory("training-hold-out");
    let finetune = by_heart(&work, "run");
    // Replace the reports by those of several writers.
    let reports: Vec<String> = some_reports().into_iter().filter(|line| line.len() < 1500).take(16).collect();
    std::fs::write(work.join("reports.jsonl"), reports.join("\n")).unwrap();
    // At this learning rate, the held-out loss soon rises.
    succeed(&format!("{finetune} --hold-out 0.3 --patience 2 --average 1"));
    let lines = read_json_lines(&work.join("run/metrics.jsonl"));
    let held_out: Vec<(u64, f64)> = lines
        .iter()
        .filter_map(|line| Some((line["step"].as_u64()?, line["held_out_loss"].as_f64()?)))
        .collect();
    let last = lines.iter().map(|line| line["step"].as_u64().unwrap()).max().unwrap();
    let best = held_out[1..].iter().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
    let epoch = held_out[1].0;
    assert!(last < 60 * epoch, "it must stop early: {held_out:?}");
    assert_eq!(last, best.0 + 2 * epoch, "{held_out:?}");
}

#[test]
fn a_configuration_file_gives_options_and_flags_win() {
    let work = directory("training-config");
    let file = work.join("options.toml");
    let write = |text: &str| std::fs::write(&file, text).unwrap();
    let data = sixteen_reports(&work);
    let command = format!(
        "finetune --config {} --encoder {TINY_BERT} --data {} --cache {} --rubric {RUBRIC}",
        file.display(),
        data.display(),
        work.join("cache").display()
    );
    write("layers = 0\nepochs = 7\n[finetune]\nbatch = 4\n[pretrain]\nsteps = 1\n");
    let run = work.join("run");
    succeed(&format!("{command} --run {} --epochs 2", run.display()));
    let config: toml::Table = std::fs::read_to_string(run.join("config.toml")).unwrap().parse().unwrap();
    let heads = config["heads"].as_table().unwrap();
    assert_eq!((heads["epochs"].as_integer(), heads["batch"].as_integer()), (Some(2), Some(4)));
    assert_eq!(config["tuning"]["layers"].as_integer(), Some(0));

    write("leyers = 2\n");
    let said = fail(&format!("{command} --run {}", work.join("other").display()));
    assert!(said.contains("`leyers` is not an option of `finetune`"), "{said}");
    write("layers = [\n");
    let said = fail(&format!("{command} --run {}", work.join("other").display()));
    assert!(said.contains("options.toml"), "{said}");
}

#[test]
fn damaged_caches_are_told_with_their_file() {
    let work = directory("training-cache");
    let cache = work.join("cache");
    let finetune = |run: &str| {
        format!(
            "finetune --encoder {TINY_BERT} --rubric {RUBRIC} --data {} --cache {} --run {} --layers 1 --encoder-epochs 1",
            sixteen_reports(&work).display(),
            cache.display(),
            work.join(run).display()
        )
    };
    succeed(&finetune("first"));
    let entries = |folder: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    // One folder of sentence vectors and one of token states, with a file for each report.
    let folders = entries(&cache);
    assert_eq!(folders.len(), 2, "{folders:?}");
    for (number, folder) in folders.iter().enumerate() {
        let file = &entries(folder)[0];
        let whole = std::fs::read(file).unwrap();
        std::fs::write(file, &whole[..whole.len() / 2]).unwrap();
        let said = fail(&finetune(&format!("damaged-{number}")));
        assert!(said.contains(&file.display().to_string()) && said.contains("delete it"), "{said}");
        std::fs::write(file, &whole).unwrap();
    }
}

#[test]
fn mistakes_are_told_with_place_and_remedy() {
    let work = directory("training-mistakes");
    let data = work.join("bad.jsonl");
    let report = "{\"id\":\"a\",\"lang\":\"en\",\"text\":\"Hi.\",\"scores\":{\"growth\":9}}\n";
    std::fs::write(&data, report).unwrap();
    let crossval = format!("crossval --rubric {RUBRIC} --run {}", work.join("crossval").display());
    let said = fail(&format!("{crossval} --encoder {TINY_BERT} --data {}", data.display()));
    assert!(said.contains("bad.jsonl line 1") && said.contains("level 9"), "{said}");
    let said = fail(&format!("{crossval} --encoder nowhere --data {REPORTS}"));
    assert!(said.contains("nowhere"), "{said}");
    let said = fail(&format!(
        "finetune --encoder {TINY_BERT} --rubric {RUBRIC} --data {} --run {} --layers 9",
        sixteen_reports(&work).display(),
        work.join("run").display()
    ));
    assert!(said.contains("--layers 9") && said.contains("only 2 layers"), "{said}");
}
