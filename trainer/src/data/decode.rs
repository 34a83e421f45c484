//! Bytes of a file to UTF-8: byte-order marks, UTF-8, GB 18030 (and with it GBK and GB 2312). The whole file is looked
//! at before it is taken for one or the other, a short line of Chinese can be valid in both.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use encoding_rs::{CoderResult, Decoder, DecoderResult, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// What the bytes of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    Gb18030,
    /// Neither UTF-8 nor GB 18030 throughout: each line is told for itself.
    Mixed,
    /// No text: a zero byte near the beginning, and no mark of UTF-16.
    Binary,
}

/// Bytes from the beginning in which a zero byte tells a binary file.
const HEAD: usize = 8 * 1024;

/// Bytes that are read at once.
const BLOCK: usize = 64 * 1024;

/// Share of double bytes that must lie in GB 2312, where nearly all Chinese text does and Western letters do not.
const COMMON_SHARE: f64 = 0.8;

/// Finds out by reading the file to its end.
pub fn detect(path: &Path) -> std::io::Result<Encoding> {
    let mut head = Vec::with_capacity(HEAD);
    File::open(path)?.take(HEAD as u64).read_to_end(&mut head)?;
    match head.as_slice() {
        [0xff, 0xfe, ..] => return Ok(Encoding::Utf16Le),
        [0xfe, 0xff, ..] => return Ok(Encoding::Utf16Be),
        head if head.contains(&0) => return Ok(Encoding::Binary),
        _ => {}
    }
    if is_valid(UTF_8.new_decoder_without_bom_handling(), File::open(path)?, |_| {})? {
        return Ok(Encoding::Utf8);
    }
    let mut double = DoubleBytes::default();
    let valid =
        is_valid(GB18030.new_decoder_without_bom_handling(), File::open(path)?, |block| double.read(block))?;
    Ok(if valid && double.are_chinese() { Encoding::Gb18030 } else { Encoding::Mixed })
}

fn is_valid(mut decoder: Decoder, mut file: File, mut see: impl FnMut(&[u8])) -> std::io::Result<bool> {
    let mut block = vec![0; BLOCK];
    let mut text = vec![0; 4 * block.len()];
    loop {
        let read = file.read(&mut block)?;
        see(&block[..read]);
        let (result, ..) = decoder.decode_to_utf8_without_replacement(&block[..read], &mut text, read == 0);
        match result {
            DecoderResult::InputEmpty if read == 0 => return Ok(true),
            DecoderResult::InputEmpty => {}
            _ => return Ok(false),
        }
    }
}

/// Counts bytes above ASCII and what follows them.
#[derive(Default)]
struct DoubleBytes {
    lead: Option<u8>,
    common: u64,
    all: u64,
}

impl DoubleBytes {
    fn read(&mut self, bytes: &[u8]) {
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

/// The file as UTF-8; where it is mixed, as it is. `seen` is told of the bytes that are read, for the progress bar.
pub fn open(
    path: &Path,
    encoding: Encoding,
    seen: &indicatif::ProgressBar,
) -> std::io::Result<Box<dyn BufRead>> {
    let file = seen.wrap_read(File::open(path)?);
    let decoder = match encoding {
        Encoding::Utf16Le => UTF_16LE.new_decoder_with_bom_removal(),
        Encoding::Utf16Be => UTF_16BE.new_decoder_with_bom_removal(),
        Encoding::Gb18030 => GB18030.new_decoder_with_bom_removal(),
        Encoding::Utf8 | Encoding::Mixed | Encoding::Binary => {
            let mut reader = BufReader::with_capacity(BLOCK, file);
            if reader.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
                reader.consume(3);
            }
            return Ok(Box::new(reader));
        }
    };
    let file = BufReader::with_capacity(BLOCK, file);
    Ok(Box::new(Recoded { file, decoder, text: vec![0; BLOCK], at: 0, end: 0, finished: false }))
}

/// A reader of UTF-8 over a file in another encoding.
struct Recoded<R> {
    file: BufReader<R>,
    decoder: Decoder,
    text: Vec<u8>,
    /// What was decoded and not read yet.
    at: usize,
    end: usize,
    finished: bool,
}

impl<R: Read> BufRead for Recoded<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        while self.at == self.end && !self.finished {
            let block = self.file.fill_buf()?;
            let last = block.is_empty();
            let (result, read, written, _) = self.decoder.decode_to_utf8(block, &mut self.text, last);
            self.file.consume(read);
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
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let read = self.fill_buf()?.read(out)?;
        self.consume(read);
        Ok(read)
    }
}

/// A line or a field of a file that may be mixed; None when it is in neither encoding.
pub fn decode(bytes: &[u8]) -> Option<String> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(text.to_owned());
    }
    let mut double = DoubleBytes::default();
    double.read(bytes);
    let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes)?;
    double.are_chinese().then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, bytes: &[u8]) -> (Encoding, String) {
        let path = std::env::temp_dir().join(format!("trainer-decode-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        let encoding = detect(&path).unwrap();
        let mut text = Vec::new();
        open(&path, encoding, &indicatif::ProgressBar::hidden()).unwrap().read_to_end(&mut text).unwrap();
        std::fs::remove_file(&path).unwrap();
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
            assert_eq!(read(name, &bytes), (encoding, text.to_owned()), "{name}");
        }
        assert_eq!(read("mixed", &[gb.as_slice(), b"\n", text.as_bytes()].concat()).0, Encoding::Mixed);
        assert_eq!(read("binary", b"\x7fELF\0\0").0, Encoding::Binary);
        // Western letters of one byte could be read as rare Chinese characters, and are not.
        assert_eq!(read("latin", b"M\xfcller kauft f\xfcr uns ein").0, Encoding::Mixed);
    }

    #[test]
    fn what_is_in_a_long_file_is_recoded_over_blocks() {
        let text = "a客户".repeat(100_000);
        let (encoding, back) = read("long", &GB18030.encode(&text).0);
        assert!(encoding == Encoding::Gb18030 && back == text);
    }

    #[test]
    fn a_line_is_decoded_for_itself() {
        assert_eq!(decode("价格".as_bytes()).as_deref(), Some("价格"));
        assert_eq!(decode(&GB18030.encode("价格").0).as_deref(), Some("价格"));
        assert_eq!(decode(b"M\xfcller"), None);
        assert_eq!(decode(b"caf\xe9"), None);
    }
}
