//! Reads a file in JavaScript's memory piece by piece, so that wasm memory, which never shrinks, holds no copy of it.

use std::io::{BufReader, Error, ErrorKind, Read, Result, Seek, SeekFrom};

use js_sys::Uint8Array;

/// How many bytes are copied from JavaScript at a time, so that the many small reads of a file's metadata cost little.
const BUFFER: usize = 1 << 16;

/// Returns a buffered reader of a JavaScript byte array.
pub fn reader(bytes: &Uint8Array) -> BufReader<ByteReader> {
    BufReader::with_capacity(BUFFER, ByteReader { bytes: bytes.clone(), position: 0 })
}

/// A position in a JavaScript byte array.
pub struct ByteReader {
    bytes: Uint8Array,
    position: u32,
}

impl Read for ByteReader {
    fn read(&mut self, target: &mut [u8]) -> Result<usize> {
        let rest = self.bytes.length().saturating_sub(self.position);
        let count = rest.min(u32::try_from(target.len()).unwrap_or(u32::MAX));
        let piece = self.bytes.subarray(self.position, self.position + count);
        piece.copy_to(&mut target[..count as usize]);
        self.position += count;
        Ok(count as usize)
    }
}

impl Seek for ByteReader {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let (base, offset) = match to {
            SeekFrom::Start(position) => (0, i64::try_from(position).unwrap_or(i64::MAX)),
            SeekFrom::Current(offset) => (i64::from(self.position), offset),
            SeekFrom::End(offset) => (i64::from(self.bytes.length()), offset),
        };
        let position = base.checked_add(offset).and_then(|position| u32::try_from(position).ok());
        self.position = position
            .ok_or_else(|| Error::new(ErrorKind::InvalidInput, "the position is outside the file"))?;
        Ok(u64::from(self.position))
    }
}
