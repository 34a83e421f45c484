//! Character encodings: which one a file has, and its bytes as UTF-8.
//!
//! Knows UTF-8, UTF-16 with a byte-order mark, and GB 18030 (which includes GBK and GB 2312). A file is looked at as a
//! whole before it is taken for one of them, because a short line of Chinese can be valid in both UTF-8 and GB 18030.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use encoding_rs::{CoderResult, Decoder, DecoderResult, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use thiserror::Error;

/// The encoding of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    Gb18030,
    /// Neither UTF-8 nor GB 18030 throughout, or unknown: each line has to be decoded by itself, see [`decode`].
    Mixed,
    /// Not text: there is a zero byte near the beginning and no byte-order mark of UTF-16.
    Binary,
}

/// How many bytes from the beginning are searched for a zero byte.
const HEAD: usize = 8 * 1024;

/// How many bytes are read at once.
const BLOCK: usize = 64 * 1024;

/// The share of double bytes that must lie in GB 2312 for a text to be Chinese. Nearly all Chinese text does; letters of
/// Western single-byte encodings do not.
const COMMON_SHARE: f64 = 0.8;

/// Detects the encoding of a file by reading it to its end. A pipe, which can only be read once, is [`Encoding::Mixed`].
pub fn detect(path: &Path) -> io::Result<Encoding> {
    let file = File::open(path)?;
    if !file.metadata()?.is_file() {
        return Ok(Encoding::Mixed);
    }
    let mut head = Vec::with_capacity(HEAD);
    file.take(HEAD as u64).read_to_end(&mut head)?;
    match head.as_slice() {
        [0xff, 0xfe, ..] => return Ok(Encoding::Utf16Le),
        [0xfe, 0xff, ..] => return Ok(Encoding::Utf16Be),
        head if head.contains(&0) => return Ok(Encoding::Binary),
        _ => {}
    }
    if is_valid(UTF_8.new_decoder_without_bom_handling(), File::open(path)?, |_| {})? {
        return Ok(Encoding::Utf8);
    }
    let mut double_bytes = DoubleBytes::default();
    let see = |block: &[u8]| double_bytes.add(block);
    let valid = is_valid(GB18030.new_decoder_without_bom_handling(), File::open(path)?, see)?;
    Ok(if valid && double_bytes.are_chinese() { Encoding::Gb18030 } else { Encoding::Mixed })
}

/// Whether a decoder accepts all of a file. `see` is given every block that is read.
fn is_valid(mut decoder: Decoder, mut file: File, mut see: impl FnMut(&[u8])) -> io::Result<bool> {
    let mut block = vec![0; BLOCK];
    let mut text = vec![0; 4 * block.len()];
    loop {
        let count = file.read(&mut block)?;
        see(&block[..count]);
        let (result, ..) = decoder.decode_to_utf8_without_replacement(&block[..count], &mut text, count == 0);
        match result {
            DecoderResult::InputEmpty if count == 0 => return Ok(true),
            DecoderResult::InputEmpty => {}
            _ => return Ok(false),
        }
    }
}

/// Counts bytes above ASCII together with the byte after them.
#[derive(Default)]
struct DoubleBytes {
    lead: Option<u8>,
    common: u64,
    all: u64,
}

impl DoubleBytes {
    fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            match self.lead.take() {
                Some(lead) => {
                    self.all += 1;
                    self.common += u64::from((0xa1..=0xf7).contains(&lead) && byte >= 0xa1);
                }
                None => self.lead = (byte >= 0x80).then_some(byte),
            }
        }
    }

    fn are_chinese(&self) -> bool {
        self.common as f64 >= COMMON_SHARE * self.all as f64
    }
}

/// A reader of the same text in UTF-8, without a byte-order mark. Bytes of a [`Encoding::Mixed`] or
/// [`Encoding::Binary`] input are passed on as they are; broken surrogates of UTF-16 become U+FFFD.
pub fn reader(input: impl Read + 'static, encoding: Encoding) -> io::Result<Box<dyn BufRead>> {
    let mut input = BufReader::with_capacity(BLOCK, input);
    let decoder = match encoding {
        Encoding::Utf16Le => UTF_16LE.new_decoder_with_bom_removal(),
        Encoding::Utf16Be => UTF_16BE.new_decoder_with_bom_removal(),
        Encoding::Gb18030 => GB18030.new_decoder_with_bom_removal(),
        Encoding::Utf8 | Encoding::Mixed | Encoding::Binary => {
            if input.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
                input.consume(3);
            }
            return Ok(Box::new(input));
        }
    };
    Ok(Box::new(Recoded { input, decoder, text: vec![0; BLOCK], at: 0, end: 0, finished: false }))
}

/// Reads UTF-8 from an input in another encoding.
struct Recoded<R> {
    input: BufReader<R>,
    decoder: Decoder,
    text: Vec<u8>,
    /// The part of `text` that is decoded and not yet read.
    at: usize,
    end: usize,
    finished: bool,
}

impl<R: Read> BufRead for Recoded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at == self.end && !self.finished {
            let block = self.input.fill_buf()?;
            let last = block.is_empty();
            let (result, read, written, _) = self.decoder.decode_to_utf8(block, &mut self.text, last);
            self.input.consume(read);
            (self.at, self.end) = (0, written);
            self.finished = last && result == CoderResult::InputEmpty;
        }
        Ok(&self.text[self.at..self.end])
    }

    fn consume(&mut self, bytes: usize) {
        self.at += bytes;
    }
}

impl<R: Read> Read for Recoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(out)?;
        self.consume(count);
        Ok(count)
    }
}

/// Bytes that are in no known encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "not valid UTF-8 from byte {valid_up_to}, and not GB 18030 either; convert the file to UTF-8, for example with \
     iconv -f WINDOWS-1252 -t UTF-8"
)]
pub struct Undecodable {
    /// How many bytes from the beginning are valid UTF-8.
    pub valid_up_to: usize,
}

/// The text of a line or a field by itself, which is UTF-8 or else GB 18030.
///
/// # Errors
/// If it is neither.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Undecodable> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(Cow::Borrowed(text)),
        Err(error) => Undecodable { valid_up_to: error.valid_up_to() },
    };
    let mut double_bytes = DoubleBytes::default();
    double_bytes.add(bytes);
    let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes);
    text.filter(|_| double_bytes.are_chinese()).ok_or(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The encoding that is detected for these bytes, and their text.
    fn detected(name: &str, bytes: &[u8]) -> (Encoding, String) {
        let path = std::env::temp_dir().join(format!("trainer-decode-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        let encoding = detect(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let mut text = Vec::new();
        reader(io::Cursor::new(bytes.to_vec()), encoding).unwrap().read_to_end(&mut text).unwrap();
        (encoding, String::from_utf8_lossy(&text).into_owned())
    }

    #[test]
    fn encodings_are_told_apart() {
        let text = "客户要求降价，我用三年维保换了5%。";
        let gb = GB18030.encode(text).0.into_owned();
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (name, bytes, encoding) in [
            ("utf8", text.as_bytes().to_vec(), Encoding::Utf8),
            ("bom", [b"\xef\xbb\xbf", text.as_bytes()].concat(), Encoding::Utf8),
            ("gb", gb.clone(), Encoding::Gb18030),
            ("utf16le", [b"\xff\xfe", utf16.as_slice()].concat(), Encoding::Utf16Le),
        ] {
            assert_eq!(detected(name, &bytes), (encoding, text.to_owned()), "{name}");
        }
        assert_eq!(detected("mixed", &[gb.as_slice(), b"\n", text.as_bytes()].concat()).0, Encoding::Mixed);
        assert_eq!(detected("binary", b"\x7fELF\0\0").0, Encoding::Binary);
        // Western letters of one byte could be read as rare Chinese characters, and are not.
        assert_eq!(detected("latin", b"M\xfcller kauft f\xfcr uns ein").0, Encoding::Mixed);
    }

    #[test]
    fn a_long_file_is_recoded_across_blocks() {
        let text = "a客户".repeat(100_000);
        let (encoding, back) = detected("long", &GB18030.encode(&text).0);
        assert!(encoding == Encoding::Gb18030 && back == text);
    }

    #[test]
    fn a_line_is_decoded_by_itself() {
        assert_eq!(decode("价格".as_bytes()).unwrap(), "价格");
        assert_eq!(decode(&GB18030.encode("价格").0).unwrap(), "价格");
        assert_eq!(decode(b"M\xfcller"), Err(Undecodable { valid_up_to: 1 }));
        assert_eq!(decode(b"caf\xe9"), Err(Undecodable { valid_up_to: 3 }));
    }
}
