//! Lines of a text file: the one place where lines are read, limited and counted.

use std::io::{self, BufRead, Read};

use super::{LARGEST_ROW, Problem};

/// Reads lines into one buffer, without their ends (`\n` or `\r\n`).
pub struct Lines {
    reader: Box<dyn BufRead>,
    buffer: Vec<u8>,
    number: u64,
    failed: bool,
}

impl Lines {
    /// Lines of a reader of UTF-8, see [`super::TextFile`].
    pub fn new(reader: Box<dyn BufRead>) -> Self {
        Self { reader, buffer: Vec::new(), number: 0, failed: false }
    }

    /// The number of the line that was read last, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Whether reading failed, so that no line follows.
    pub fn has_failed(&self) -> bool {
        self.failed
    }

    /// The line that was read last.
    pub fn line(&self) -> &[u8] {
        let line = self.buffer.strip_suffix(b"\n").unwrap_or(&self.buffer);
        line.strip_suffix(b"\r").unwrap_or(line)
    }

    /// The next line, or [`Problem::TooLong`] in its place, after which reading goes on.
    pub fn next_line(&mut self) -> Option<Result<&[u8], Problem>> {
        if self.failed {
            return None;
        }
        self.buffer.clear();
        self.number += 1;
        match self.fill() {
            Ok(0) => None,
            Ok(count) if count > LARGEST_ROW => Some(Err(Problem::TooLong)),
            Ok(_) => Some(Ok(self.line())),
            Err(error) => {
                self.failed = true;
                Some(Err(error.into()))
            }
        }
    }

    /// Reads a line into the buffer and returns its bytes. A line that is too long is not kept.
    fn fill(&mut self) -> io::Result<usize> {
        let limit = LARGEST_ROW as u64 + 1;
        let count = (&mut self.reader).take(limit).read_until(b'\n', &mut self.buffer)?;
        if count > LARGEST_ROW {
            let ended = self.buffer.ends_with(b"\n");
            self.buffer = Vec::new();
            if !ended {
                self.reader.skip_until(b'\n')?;
            }
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_too_long_is_skipped_and_counted() {
        for end in ["\n", "\r\n"] {
            let text = format!("One.{end}{}{end}Three.", "x".repeat(LARGEST_ROW + 10));
            let mut lines = Lines::new(Box::new(io::Cursor::new(text)));
            assert_eq!(lines.next_line().unwrap().unwrap(), b"One.");
            assert!(matches!(lines.next_line(), Some(Err(Problem::TooLong))));
            assert_eq!(lines.next_line().unwrap().unwrap(), b"Three.");
            assert_eq!(lines.number(), 3);
            assert!(lines.next_line().is_none());
        }
    }

    #[test]
    fn a_line_may_be_as_long_as_the_limit() {
        let text = format!("{}\n", "x".repeat(LARGEST_ROW - 1));
        let mut lines = Lines::new(Box::new(io::Cursor::new(text.clone() + &text)));
        for _ in 0..2 {
            assert_eq!(lines.next_line().unwrap().unwrap().len(), LARGEST_ROW - 1);
        }
    }
}
