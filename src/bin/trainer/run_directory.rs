//! A run directory: what a long command was asked, what it said, what it measured, and where it can go on.
//!
//! config.toml (the resolved options, usable as `--config`), log.txt, metrics.jsonl (one object a step), checkpoints/. Also
//! whether the run has been asked to stop.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use salesmirror::training::checkpoint;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{Result, TrainerError};

/// Set by Ctrl-C and SIGTERM: the run saves its state after the step that it is in, and ends.
static STOP: AtomicBool = AtomicBool::new(false);

/// Has Ctrl-C end a run in order. A second one ends it at once.
pub fn listen_for_interrupts() -> Result<()> {
    ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
        eprintln!("\nstopping after this step; once more to stop at once");
    })
    .map_err(|e| TrainerError::Usage(format!("Ctrl-C cannot be listened for: {e}")))
}

pub fn is_asked_to_stop() -> bool {
    STOP.load(Ordering::SeqCst)
}

pub struct RunDirectory {
    path: PathBuf,
    metrics: Mutex<File>,
    begin: Instant,
}

impl RunDirectory {
    /// A new run, or one that goes on. A directory that holds a run already is refused unless `resume` is set, and one
    /// that is resumed must have been made with the same options.
    pub fn open(path: &Path, options: &impl Serialize, resume: bool) -> Result<Self> {
        let config = toml::to_string_pretty(options)
            .map_err(|e| TrainerError::Usage(format!("the options cannot be written as TOML: {e}")))?;
        let file = path.join("config.toml");
        match std::fs::read_to_string(&file) {
            Ok(before) if resume && before != config => {
                let differing = before.lines().zip(config.lines()).find(|(a, b)| a != b);
                let (a, b) = differing.unwrap_or(("other options", "these"));
                return Err(TrainerError::Usage(format!(
                    "{}: the run was made with `{a}`, now it is `{b}`; go on with the same options, or choose another --run",
                    file.display()
                )));
            }
            Ok(_) if !resume => {
                return Err(TrainerError::Usage(format!(
                    "{} holds a run already; --resume goes on with it, another --run begins a new one",
                    path.display()
                )));
            }
            _ => crate::write(&file, config.as_bytes())?,
        }
        let open = |name: &str| {
            let path = path.join(name);
            let file = OpenOptions::new().create(true).append(true).open(&path);
            file.map_err(|source| TrainerError::Io { path, source })
        };
        // A second run in one process logs to the first one's file.
        let log = open("log.txt")?;
        let _ = tracing_subscriber::fmt().with_ansi(false).with_writer(Mutex::new(log)).try_init();
        tracing::info!(config, "run begins");
        Ok(Self { path: path.to_owned(), metrics: Mutex::new(open("metrics.jsonl")?), begin: Instant::now() })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn checkpoints(&self) -> PathBuf {
        self.path.join("checkpoints")
    }

    /// The newest checkpoint.
    pub fn newest(&self) -> Result<Option<PathBuf>> {
        Ok(checkpoint::list(&self.checkpoints())?.pop())
    }

    /// Adds a line to metrics.jsonl: the step, seconds since the command began, and some numbers.
    pub fn measure(&self, step: usize, numbers: &[(&str, f64)]) -> Result<()> {
        let mut line = Map::new();
        line.insert("step".to_owned(), step.into());
        line.insert("seconds".to_owned(), self.begin.elapsed().as_secs_f64().into());
        for (name, number) in numbers {
            line.insert((*name).to_owned(), (*number).into());
        }
        let mut file = self.metrics.lock().unwrap_or_else(|e| e.into_inner());
        writeln!(file, "{}", Value::Object(line))
            .map_err(|source| TrainerError::Io { path: self.path.join("metrics.jsonl"), source })
    }

    /// Forgets what was measured from a step on, for the run takes these steps again.
    pub fn rewind(&self, step: usize) -> Result<()> {
        let path = self.path.join("metrics.jsonl");
        let io = |source| TrainerError::Io { path: path.clone(), source };
        let lines = BufReader::new(File::open(&path).map_err(io)?).lines();
        let mut kept = String::new();
        for line in lines {
            let line = line.map_err(io)?;
            // A line that a crash cut short is no object.
            let at = serde_json::from_str::<Value>(&line).ok().and_then(|line| line["step"].as_u64());
            if at.is_some_and(|at| (at as usize) < step) {
                kept += &line;
                kept.push('\n');
            }
        }
        crate::write(&path, kept.as_bytes())?;
        let file = OpenOptions::new().append(true).open(&path).map_err(io)?;
        *self.metrics.lock().unwrap_or_else(|e| e.into_inner()) = file;
        Ok(())
    }
}
