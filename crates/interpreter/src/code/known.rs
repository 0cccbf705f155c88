//! `Known`: what was made already, by a hash that whoever looks for it gives, for `from_unit`.
//!
//! Most of what is looked for is new, and equal things are found by a comparison that only the caller can make; so the hash may be a cheap one.

use std::hash::Hasher;

use text::fast_hash::FastHasher;

/// A table with open addressing: a value is at the place that its hash gives or at one of the next, without a free one between.
pub(super) struct Known<T> {
    /// Their number is a power of two, or zero; at least half are free.
    slots: Vec<Option<(u32, T)>>,
    used: usize,
}

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self { slots: Vec::new(), used: 0 }
    }
}

fn free<T>(size: usize) -> Vec<Option<(u32, T)>> {
    let mut slots = Vec::new();
    slots.resize_with(size, || None);
    slots
}

impl<T> Known<T> {
    /// A table that need not grow for so many values.
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self { slots: free((2 * capacity).next_power_of_two()), used: 0 }
    }

    /// The value for which `is_it` says so, among those with this hash.
    #[inline]
    pub(super) fn find(&self, hash: u32, is_it: impl Fn(&T) -> bool) -> Option<&T> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut place = hash as usize & mask;
        while let Some(Some((known, value))) = self.slots.get(place) {
            if *known == hash && is_it(value) {
                return Some(value);
            }
            place = (place + 1) & mask;
        }
        None
    }

    /// Puts a value in that is not there yet.
    #[inline]
    pub(super) fn insert(&mut self, hash: u32, value: T) {
        if (self.used + 1) * 2 > self.slots.len() {
            self.grow();
        }
        self.used += 1;
        self.put(hash, value);
    }

    #[inline]
    fn put(&mut self, hash: u32, value: T) {
        let mask = self.slots.len() - 1;
        let mut place = hash as usize & mask;
        while self.slots[place].is_some() {
            place = (place + 1) & mask;
        }
        self.slots[place] = Some((hash, value));
    }

    #[cold]
    fn grow(&mut self) {
        let more = free((self.slots.len() * 2).max(16));
        let old = std::mem::replace(&mut self.slots, more);
        old.into_iter().flatten().for_each(|(hash, value)| self.put(hash, value));
    }
}

/// A hash of some bytes that looks at their number and at both ends: what differs at all differs there as a rule.
#[inline]
pub(super) fn hash_of_bytes(bytes: &[u8]) -> u32 {
    let mut hasher = FastHasher::default();
    hasher.write_usize(bytes.len());
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => {
            hasher.write_u64(u64::from_le_bytes(*first));
            hasher.write_u64(u64::from_le_bytes(*last));
        }
        _ => hasher.write(bytes),
    }
    hasher.finish() as u32
}
