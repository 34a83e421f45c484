//! Runs the trainer's binary in fresh directories.
#![allow(dead_code, reason = "no test uses all of these")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub const REPORTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/reports/train.jsonl");
pub const RUBRIC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/rubric.json");
/// The model that is shipped with the widget.
pub const SHIPPED_MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../www/models/default/model.gguf");
pub const TINY_BERT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/tiny-bert");

/// A fresh directory of this test run.
pub fn directory(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

pub fn trainer(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_trainer")).args(arguments).output().unwrap()
}

/// The standard output of a command that must succeed.
pub fn succeed(arguments: &[&str]) -> String {
    let output = trainer(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The standard error of a command that must fail.
pub fn fail(arguments: &[&str]) -> String {
    let output = trainer(arguments);
    assert!(!output.status.success(), "{arguments:?} must fail");
    String::from_utf8(output.stderr).unwrap()
}
