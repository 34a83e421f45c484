//! Converts byte offsets, which Rust uses, to UTF-16 code units, which JavaScript uses, and back.

/// The UTF-16 offset of every byte offset of one text.
pub struct Utf16Offsets {
    /// For each byte offset, the number of code units before it.
    units: Vec<u32>,
}

impl Utf16Offsets {
    /// Counts the code units of a text once, so that each conversion is a look-up.
    pub fn new(text: &str) -> Self {
        let mut units = Vec::with_capacity(text.len() + 1);
        let mut before = 0;
        for c in text.chars() {
            units.extend(std::iter::repeat_n(before, c.len_utf8()));
            before += c.len_utf16() as u32;
        }
        units.push(before);
        Self { units }
    }

    /// Returns the number of code units before a byte offset. An offset past the end gives the text's length.
    pub fn from_byte(&self, offset: usize) -> usize {
        self.units[offset.min(self.units.len() - 1)] as usize
    }
    /// Returns the byte offset before which there are so many code units. `None` if it would lie inside a character or past
    /// the end.
    pub fn to_byte(&self, units: usize) -> Option<usize> {
        // A character's first byte is the first with its number.
        let offset = self.units.partition_point(|&before| (before as usize) < units);
        (self.units.get(offset).copied()? as usize == units).then_some(offset)
    }
}
