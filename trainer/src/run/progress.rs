//! Progress bars on standard error. They show nothing where standard error is not a terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar for `length` items of work, with the time left.
pub fn bar(length: usize, what: &'static str) -> ProgressBar {
    with_template(length, "{msg} {bar:30} {pos}/{len}, {eta} left").with_message(what)
}

/// A bar for the steps of a training run; its message is what the last step measured.
pub fn training_bar(steps: usize) -> ProgressBar {
    with_template(steps, "{bar:30} {pos}/{len}, {msg}, {eta} left")
}

fn with_template(length: usize, template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length as u64).with_style(style)
}

/// A bar that is never shown.
pub fn hidden() -> ProgressBar {
    ProgressBar::hidden()
}
