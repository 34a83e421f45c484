//! Progress bars on standard error. They show nothing if standard error is not a terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// Makes a bar for `length` items of work, which shows the time left.
pub fn bar(length: usize, what: &'static str) -> ProgressBar {
    with_template(length, "{msg} {bar:30} {pos}/{len}, {eta} left").with_message(what)
}

/// Makes a bar for the steps of a training run. Its message shows the measurements of the last step.
pub fn training_bar(steps: usize) -> ProgressBar {
    with_template(steps, "{bar:30} {pos}/{len}, {msg}, {eta} left")
}

fn with_template(length: usize, template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length as u64).with_style(style)
}

/// Makes a bar that is never shown.
pub fn hidden() -> ProgressBar {
    ProgressBar::hidden()
}
