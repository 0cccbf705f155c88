//! SipHash-1-3 (Aumasson and Bernstein), which `.pyc` files use for the hash of a source.

struct State([u64; 4]);

impl State {
    fn round(&mut self) {
        let [v0, v1, v2, v3] = &mut self.0;
        *v0 = v0.wrapping_add(*v1);
        *v1 = v1.rotate_left(13) ^ *v0;
        *v0 = v0.rotate_left(32);
        *v2 = v2.wrapping_add(*v3);
        *v3 = v3.rotate_left(16) ^ *v2;
        *v0 = v0.wrapping_add(*v3);
        *v3 = v3.rotate_left(21) ^ *v0;
        *v2 = v2.wrapping_add(*v1);
        *v1 = v1.rotate_left(17) ^ *v2;
        *v2 = v2.rotate_left(32);
    }

    fn absorb(&mut self, word: u64) {
        self.0[3] ^= word;
        self.round();
        self.0[0] ^= word;
    }
}

/// The hash of `bytes` under a key of two words.
pub(super) fn siphash13(key0: u64, key1: u64, bytes: &[u8]) -> u64 {
    let mut state = State([
        key0 ^ 0x736f_6d65_7073_6575,
        key1 ^ 0x646f_7261_6e64_6f6d,
        key0 ^ 0x6c79_6765_6e65_7261,
        key1 ^ 0x7465_6462_7974_6573,
    ]);
    let (words, tail) = bytes.as_chunks();
    for word in words {
        state.absorb(u64::from_le_bytes(*word));
    }
    let mut last = [0; 8];
    last[..tail.len()].copy_from_slice(tail);
    state.absorb(u64::from_le_bytes(last) | (bytes.len() as u64) << 56);
    state.0[2] ^= 0xFF;
    for _ in 0..3 {
        state.round();
    }
    state.0.iter().fold(0, |hash, word| hash ^ word)
}
