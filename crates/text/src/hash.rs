//! Hashes of strings and bytes: SipHash-1-3 under a secret key, as CPython's `Py_HashBuffer`.
//!
//! The runtime makes one [`HashSecret`] at start, from random bytes or from `PYTHONHASHSEED`, and passes it to
//! every hash. A string hashes the bytes of its storage, so equal strings hash alike because their form is
//! always the narrowest.

use crate::view::StrView;

/// The secret that seeds hashes.
#[derive(Clone, Copy, Debug)]
pub struct HashSecret {
    bytes: [u8; 24],
}

impl HashSecret {
    /// The secret for a numeric `PYTHONHASHSEED`; zero turns randomization off.
    pub fn from_seed(seed: u32) -> Self {
        let mut bytes = [0; 24];
        if seed != 0 {
            // The generator of `lcg_urandom` in CPython's bootstrap_hash.c; its constants are Microsoft's rand().
            let mut state = seed;
            for byte in &mut bytes {
                state = state.wrapping_mul(214_013).wrapping_add(2_531_011);
                *byte = (state >> 16) as u8;
            }
        }
        Self { bytes }
    }

    /// A secret of random bytes.
    pub fn from_bytes(bytes: [u8; 24]) -> Self {
        Self { bytes }
    }

    fn key(&self) -> (u64, u64) {
        let word =
            |start: usize| self.bytes[start..start + 8].iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
        (word(0), word(8))
    }
}

/// `hash()` of bytes.
pub fn hash_bytes(secret: &HashSecret, bytes: &[u8]) -> i64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let tail = match bytes.last_chunk::<8>() {
        Some(_) if rest.is_empty() => 0,
        // The last bytes of the last whole word that there is.
        Some(last) => u64::from_le_bytes(*last) >> (64 - 8 * rest.len()),
        None => short_word(rest),
    };
    finish(secret, bytes.len(), words.iter().map(|word| u64::from_le_bytes(*word)), tail)
}

/// `hash()` of a string.
pub fn hash_str(secret: &HashSecret, text: StrView<'_>) -> i64 {
    match text {
        StrView::Ascii(bytes) | StrView::Latin1(bytes) => hash_bytes(secret, bytes),
        StrView::Ucs2(units) => {
            let (words, rest) = units.as_chunks::<4>();
            let word = |units: &[u16]| units.iter().rev().fold(0, |all, unit| all << 16 | u64::from(*unit));
            finish(secret, units.len() * 2, words.iter().map(|it| word(it)), word(rest))
        }
        StrView::Ucs4(units) => {
            let (words, rest) = units.as_chunks::<2>();
            let words = words.iter().map(|[low, high]| u64::from(*high) << 32 | u64::from(*low));
            finish(secret, units.len() * 4, words, rest.first().copied().map_or(0, u64::from))
        }
    }
}

/// Less than eight bytes as a number.
#[inline]
fn short_word(bytes: &[u8]) -> u64 {
    let length = bytes.len();
    // Two parts that may overlap.
    match (bytes.first_chunk(), bytes.last_chunk(), bytes.first_chunk(), bytes.last_chunk()) {
        (Some(low), Some(high), ..) => {
            u64::from(u32::from_le_bytes(*low)) | u64::from(u32::from_le_bytes(*high)) << (8 * (length - 4))
        }
        (.., Some(low), Some(high)) => {
            u64::from(u16::from_le_bytes(*low)) | u64::from(u16::from_le_bytes(*high)) << (8 * (length - 2))
        }
        _ => bytes.first().copied().map_or(0, u64::from),
    }
}

// The hash of nothing is 0, and -1 is reserved for errors in C.
fn finish(secret: &HashSecret, length: usize, words: impl Iterator<Item = u64>, tail: u64) -> i64 {
    if length == 0 {
        return 0;
    }
    match sip13(secret.key(), length, words, tail) as i64 {
        -1 => -2,
        hash => hash,
    }
}

/// SipHash with one compression and three finalization rounds (J.-P. Aumasson, D. J. Bernstein, 2012).
/// `tail` are the bytes behind the words.
fn sip13(key: (u64, u64), length: usize, words: impl Iterator<Item = u64>, tail: u64) -> u64 {
    let mut state = [
        key.0 ^ 0x736f_6d65_7073_6575,
        key.1 ^ 0x646f_7261_6e64_6f6d,
        key.0 ^ 0x6c79_6765_6e65_7261,
        key.1 ^ 0x7465_6462_7974_6573,
    ];
    for word in words {
        take_in(&mut state, word);
    }
    take_in(&mut state, (length as u64) << 56 | tail);
    state[2] ^= 0xff;
    (0..3).for_each(|_| round(&mut state));
    state[0] ^ state[1] ^ state[2] ^ state[3]
}

#[inline(always)]
fn take_in(state: &mut [u64; 4], word: u64) {
    state[3] ^= word;
    round(state);
    state[0] ^= word;
}

#[inline(always)]
fn round(state: &mut [u64; 4]) {
    let [mut a, mut b, mut c, mut d] = *state;
    a = a.wrapping_add(b);
    b = b.rotate_left(13) ^ a;
    a = a.rotate_left(32);
    c = c.wrapping_add(d);
    d = d.rotate_left(16) ^ c;
    a = a.wrapping_add(d);
    d = d.rotate_left(21) ^ a;
    c = c.wrapping_add(b);
    b = b.rotate_left(17) ^ c;
    c = c.rotate_left(32);
    *state = [a, b, c, d];
}
