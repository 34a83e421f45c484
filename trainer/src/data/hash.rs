//! Hashes that are the same on every machine and in every version, which std's are not: the corpus that is written
//! depends on them.

/// FNV-1a, a word at a time.
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
