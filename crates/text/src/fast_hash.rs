//! `FastHasher`: a hash for tables of names and constants, where speed counts more than an adversary.
//!
//! The compiler, marshal and whoever makes code objects use it: what they put into tables comes from one program, so who
//! wrote it gains nothing from collisions but slow compilation of it. It is the multiplicative hash of Firefox and rustc.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Hashes word by word.
#[derive(Clone, Copy, Debug, Default)]
pub struct FastHasher(u64);

impl Hasher for FastHasher {
    #[inline]
    fn finish(&self) -> u64 {
        // Multiplication moves information up, but tables look at the low bits.
        self.0.rotate_left(26)
    }

    #[inline]
    fn write(&mut self, mut bytes: &[u8]) {
        while let Some((word, rest)) = bytes.split_first_chunk::<8>() {
            self.write_u64(u64::from_le_bytes(*word));
            bytes = rest;
        }
        if let Some((word, rest)) = bytes.split_first_chunk::<4>() {
            self.write_u64(u32::from_le_bytes(*word).into());
            bytes = rest;
        }
        if !bytes.is_empty() {
            let word = bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
            self.write_u64(word);
        }
    }

    #[inline]
    fn write_u8(&mut self, word: u8) {
        self.write_u64(word.into());
    }

    #[inline]
    fn write_u32(&mut self, word: u32) {
        self.write_u64(word.into());
    }

    #[inline]
    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    #[inline]
    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }
}

/// A hash map that uses [`FastHasher`].
pub type FastMap<K, V> = HashMap<K, V, BuildHasherDefault<FastHasher>>;
