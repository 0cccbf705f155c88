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
    finish(secret, bytes.len(), words.iter().map(|word| u64::from_le_bytes(*word)), rest.iter().copied())
}

/// `hash()` of a string.
pub fn hash_str(secret: &HashSecret, text: StrView<'_>) -> i64 {
    match text {
        StrView::Ascii(bytes) | StrView::Latin1(bytes) => hash_bytes(secret, bytes),
        StrView::Ucs2(units) => {
            let (words, rest) = units.as_chunks::<4>();
            let words = words.iter().map(|word| word.iter().rev().fold(0, |all, unit| all << 16 | u64::from(*unit)));
            finish(secret, units.len() * 2, words, rest.iter().flat_map(|unit| unit.to_le_bytes()))
        }
        StrView::Ucs4(units) => {
            let (words, rest) = units.as_chunks::<2>();
            let words = words.iter().map(|[low, high]| u64::from(*high) << 32 | u64::from(*low));
            finish(secret, units.len() * 4, words, rest.iter().flat_map(|unit| unit.to_le_bytes()))
        }
    }
}

// The hash of nothing is 0, and -1 is reserved for errors in C.
fn finish(secret: &HashSecret, length: usize, words: impl Iterator<Item = u64>, rest: impl Iterator<Item = u8>) -> i64 {
    if length == 0 {
        return 0;
    }
    match sip13(secret.key(), length, words, rest) as i64 {
        -1 => -2,
        hash => hash,
    }
}

/// SipHash with one compression and three finalization rounds (J.-P. Aumasson, D. J. Bernstein, 2012).
fn sip13(key: (u64, u64), length: usize, words: impl Iterator<Item = u64>, rest: impl Iterator<Item = u8>) -> u64 {
    let mut state = [
        key.0 ^ 0x736f_6d65_7073_6575,
        key.1 ^ 0x646f_7261_6e64_6f6d,
        key.0 ^ 0x6c79_6765_6e65_7261,
        key.1 ^ 0x7465_6462_7974_6573,
    ];
    let tail =
        rest.enumerate().fold((length as u64) << 56, |tail, (at, byte)| tail | u64::from(byte) << (8 * (at & 7)));
    for word in words.chain(std::iter::once(tail)) {
        state[3] ^= word;
        round(&mut state);
        state[0] ^= word;
    }
    state[2] ^= 0xff;
    (0..3).for_each(|_| round(&mut state));
    state[0] ^ state[1] ^ state[2] ^ state[3]
}

#[inline]
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
