//! Runs the binary `trainer` on the fixtures of the repository.
#![allow(dead_code)] // Each test file uses a part of it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub const REPORTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/reports/specified.jsonl");
pub const RUBRIC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/rubric.json");
/// The model that is shipped with the widget.
pub const SHIPPED_MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../www/models/default/model.gguf");
/// A random encoder of two layers and 300 pieces.
pub const TINY_BERT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/tiny-bert");

/// A fresh directory of this test run.
pub fn directory(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// The command `trainer` with arguments that are separated by white space. It runs where its default folders do not end up
/// among the sources.
pub fn command(arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trainer"));
    command.args(arguments.split_whitespace()).current_dir(env!("CARGO_TARGET_TMPDIR"));
    command
}

pub fn trainer(arguments: &str) -> Output {
    command(arguments).output().unwrap()
}

/// Runs a command that must succeed, and returns what it prints.
pub fn succeed(arguments: &str) -> String {
    let output = trainer(arguments);
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a command that must fail, and returns its error.
pub fn fail(arguments: &str) -> String {
    let output = trainer(arguments);
    assert!(matches!(output.status.code(), Some(1 | 2)), "{arguments} must fail: {:?}", output.status);
    String::from_utf8(output.stderr).unwrap()
}

/// Lines of the labelled reports: two reports of each writer.
pub fn some_reports() -> Vec<String> {
    let all = std::fs::read_to_string(REPORTS).unwrap();
    all.lines().step_by(18).map(str::to_owned).collect()
}

pub fn read_json(path: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The lines of a JSONL file.
pub fn read_json_lines(path: &Path) -> Vec<serde_json::Value> {
    std::fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
