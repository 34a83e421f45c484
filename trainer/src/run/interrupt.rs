//! Handles Ctrl-C and SIGTERM: a run finishes its current step, saves its state, and ends.

use std::sync::atomic::{AtomicBool, Ordering};

use thiserror::Error;

static STOP: AtomicBool = AtomicBool::new(false);

/// The exit status of a process that was interrupted: 128 + SIGINT.
pub const EXIT_STATUS: u8 = 130;

/// Why interrupts cannot be handled.
#[derive(Debug, Error)]
#[error("cannot listen for Ctrl-C: {0}")]
pub struct InterruptError(#[from] ctrlc::Error);

/// Makes Ctrl-C end a run in an orderly way. A second Ctrl-C ends the process at once.
pub fn listen() -> Result<(), InterruptError> {
    ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::SeqCst) {
            std::process::exit(EXIT_STATUS.into());
        }
        eprintln!("\nstopping after this step; press Ctrl-C again to stop at once");
    })?;
    Ok(())
}

/// Whether the run has been asked to stop.
pub fn is_requested() -> bool {
    STOP.load(Ordering::SeqCst)
}
