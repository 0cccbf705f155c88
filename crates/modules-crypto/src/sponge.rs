//! The sponge of FIPS 202 over the permutation Keccak-f[1600]: SHA-3 and SHAKE.

use keccak::{Keccak, State1600};

#[derive(Clone)]
pub struct Sponge {
    state: State1600,
    /// Bytes of the state that take input.
    rate: usize,
    /// Bytes of the rate that the current block has filled.
    filled: usize,
    suffix: u8,
    keccak: Keccak,
}

impl Sponge {
    pub fn new(rate: usize, suffix: u8) -> Self {
        Self { state: State1600::default(), rate, filled: 0, suffix, keccak: Keccak::new() }
    }

    fn mix(&mut self, position: usize, byte: u8) {
        self.state[position / 8] ^= u64::from(byte) << (position % 8 * 8);
    }

    fn permute(&mut self) {
        let state = &mut self.state;
        self.keccak.with_f1600(|permute| permute(state));
    }

    pub fn absorb(&mut self, mut data: &[u8]) {
        while !data.is_empty() {
            let count = data.len().min(self.rate - self.filled);
            let (now, later) = data.split_at(count);
            data = later;
            if self.filled == 0 && count == self.rate {
                for (lane, bytes) in self.state.iter_mut().zip(now.as_chunks().0) {
                    *lane ^= u64::from_le_bytes(*bytes);
                }
            } else {
                for (index, byte) in now.iter().enumerate() {
                    self.mix(self.filled + index, *byte);
                }
            }
            self.filled += count;
            if self.filled == self.rate {
                self.permute();
                self.filled = 0;
            }
        }
    }

    /// So many bytes of output for what has been absorbed.
    pub fn squeeze(&self, size: usize) -> Vec<u8> {
        let mut sponge = self.clone();
        sponge.mix(sponge.filled, sponge.suffix);
        sponge.mix(sponge.rate - 1, 0x80);
        let mut output = Vec::with_capacity(size);
        while output.len() < size {
            sponge.permute();
            let bytes = sponge.state.iter().flat_map(|it| it.to_le_bytes());
            output.extend(bytes.take(sponge.rate.min(size - output.len())));
        }
        output
    }
}
