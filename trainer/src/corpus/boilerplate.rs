//! Removes lines that many documents contain: disclaimers, letterheads, headings of forms.
//!
//! A first pass over the corpus counts the documents that contain each line, in constant memory: a count-min sketch (Cormode
//! and Muthukrishnan 2005) never counts too few, and counts too many only if other lines share all four counters.

use crate::data::hash::{Fnv, mix};

/// Counters per line.
const ROWS: usize = 4;

/// How many documents must contain a line, however small the corpus is.
const FEWEST: u32 = 5;

/// How many letters a line must have to be counted: dates and numbers are not boilerplate.
const LETTERS: usize = 2;

/// How many documents contain each line.
pub struct LineCounts {
    rows: [Vec<u32>; ROWS],
    documents: u64,
}

impl LineCounts {
    /// Counters for a corpus of this many bytes. They take at most 64 MiB.
    pub fn new(bytes: u64) -> Self {
        let width = (bytes / 16).next_power_of_two().clamp(1 << 12, 1 << 22) as usize;
        Self { rows: std::array::from_fn(|_| vec![0; width]), documents: 0 }
    }

    /// Counts a document by the hashes of its lines, see [`line_hashes`].
    pub fn count(&mut self, lines: &[u64]) {
        self.documents += 1;
        for &line in lines {
            for (row, counts) in self.rows.iter_mut().enumerate() {
                let place = place(line, row, counts.len());
                counts[place] = counts[place].saturating_add(1);
            }
        }
    }

    fn documents_with(&self, line: u64) -> u32 {
        let counts = self.rows.iter().enumerate().map(|(row, counts)| counts[place(line, row, counts.len())]);
        counts.min().unwrap_or(0)
    }

    /// The text without lines that at least this proportion of the documents contain, and how many lines were removed. 0
    /// keeps all lines.
    pub fn strip(&self, text: &str, share: f64) -> (String, u64) {
        let threshold = FEWEST.max((share * self.documents as f64).ceil() as u32);
        if share <= 0.0 {
            return (text.to_owned(), 0);
        }
        let mut removed = 0;
        let kept: Vec<&str> = text
            .split('\n')
            .filter(|line| {
                let boilerplate = hash(line).is_some_and(|hash| self.documents_with(hash) >= threshold);
                removed += u64::from(boilerplate);
                !boilerplate
            })
            .collect();
        (kept.join("\n"), removed)
    }
}

fn place(line: u64, row: usize, width: usize) -> usize {
    mix(line.wrapping_add(row as u64)) as usize & (width - 1)
}

/// The hashes of the different lines of a text.
pub fn line_hashes(text: &str) -> Vec<u64> {
    let mut hashes: Vec<u64> = text.split('\n').filter_map(hash).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// A hash of the letters of a line in lower case, so that "Page 3 of 7" and "Page 4 of 7" are one line.
fn hash(line: &str) -> Option<u64> {
    let mut hash = Fnv::default();
    let letters = line.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase);
    let count = letters.inspect(|c| hash.add(*c as u64)).count();
    (count >= LETTERS).then(|| hash.value())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_many_documents_are_removed() {
        let mut counts = LineCounts::new(0);
        let texts: Vec<String> = (0..200)
            .map(|i| match i % 20 {
                0 => format!("Unique {}\nThis mail is confidential, page {i}.\n{i}", "x".repeat(i)),
                _ => format!("Another {}\n{i}", "y".repeat(i)),
            })
            .collect();
        for text in &texts {
            counts.count(&line_hashes(text));
        }
        assert_eq!(counts.strip(&texts[20], 0.01), (format!("Unique {}\n20", "x".repeat(20)), 1));
        // Ten documents contain the line: too few for a tenth of 200, and 0 turns removal off.
        assert_eq!(counts.strip(&texts[20], 0.1), (texts[20].clone(), 0));
        assert_eq!(counts.strip(&texts[20], 0.0), (texts[20].clone(), 0));
    }

    #[test]
    fn a_line_twice_in_one_document_counts_once() {
        let mut counts = LineCounts::new(0);
        for _ in 0..4 {
            counts.count(&line_hashes("same line\nsame line\nSame  line!"));
        }
        assert_eq!(counts.documents_with(hash("same line").unwrap()), 4);
        assert_eq!(hash("2025-03-05 x"), None);
    }
}
