//! The hash of a sequence of hashes: xxHash (Collet) reduced to what tuples need, as CPython's, so that the numbers are the same.

const PRIME_1: u64 = 11_400_714_785_074_694_791;
const PRIME_2: u64 = 14_029_467_366_897_019_727;
const PRIME_5: u64 = 2_870_177_450_012_600_261;

/// A hash that is being computed.
pub struct TupleHash(u64);

impl TupleHash {
    #[expect(clippy::new_without_default, reason = "a computation begins, nothing is created")]
    pub fn new() -> Self {
        Self(PRIME_5)
    }

    /// Adds an item's hash.
    #[inline(always)]
    pub fn add(&mut self, hash: isize) {
        self.0 = self.0.wrapping_add((hash as u64).wrapping_mul(PRIME_2)).rotate_left(31).wrapping_mul(PRIME_1);
    }

    /// The hash of a tuple of so many items.
    pub fn finish(self, length: usize) -> isize {
        let mixed = self.0.wrapping_add(length as u64 ^ (PRIME_5 ^ 3_527_539));
        Self(mixed).finish_without_length()
    }

    /// The hash of a fixed number of items, as slices have it.
    pub fn finish_without_length(self) -> isize {
        if self.0 == u64::MAX { 1_546_275_796 } else { self.0 as isize }
    }
}
