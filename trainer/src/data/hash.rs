//! Hashes that are the same on every machine and in every version, unlike those of the standard library: the written corpus and
//! the names of cached files depend on them. Random seeds are derived by [`crate::autograd::derive_seed`].

use std::path::{Path, PathBuf};

use salesmirror::model::sha256;

use crate::run::files::{self, FileError};

/// Digits of a short key: 96 bits, so that no two inputs of a project share a key by chance.
const KEY_DIGITS: usize = 24;

/// FNV-1a, one word at a time.
pub struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    pub fn add(&mut self, word: u64) {
        self.0 = (self.0 ^ word).wrapping_mul(0x100_0000_01b3);
    }

    pub fn value(&self) -> u64 {
        mix(self.0)
    }
}

/// SplitMix64's finalizer (Steele, Lea and Flood 2014): every bit of the input changes half of the output.
pub fn mix(word: u64) -> u64 {
    let word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// The SHA-256 of a file's content, hex.
pub fn sha256_of_file(path: &Path) -> Result<String, FileError> {
    Ok(sha256(&files::read_bytes(path)?))
}

/// The beginning of a SHA-256 as a file name for what is computed from some bytes, hex.
pub fn short_key(bytes: &[u8]) -> String {
    sha256(bytes)[..KEY_DIGITS].to_owned()
}

/// A short key for what is computed from the content of some files; `version` changes with the computation.
pub fn files_key(version: &str, paths: &[PathBuf]) -> Result<String, FileError> {
    let mut key = version.to_owned();
    for path in paths {
        key += &sha256_of_file(path)?;
    }
    Ok(short_key(key.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Corpora and caches depend on these values.
    #[test]
    fn hashes_do_not_change() {
        let mut fnv = Fnv::default();
        fnv.add(u64::from(b'a'));
        // FNV-1a of "a", mixed.
        assert_eq!(fnv.value(), mix(0xaf63_dc4c_8601_ec8c));
        // The first output of SplitMix64 with the seed 0.
        assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf);
        assert_eq!(short_key(b"abc"), "ba7816bf8f01cfea414140de");
    }
}
