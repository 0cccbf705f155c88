//! `Numbering`: finds the number of an item in a list by its fingerprint, so that most comparisons of items are spared.
//!
//! Tables of constants have one beside the list of their items. The invariant: it has as many fingerprints as
//! the list has items, and `table` is empty up to `LINEAR` items; from then on each number is in it, at the place that the
//! fingerprint gives or the next free one.

/// Up to how many items a scan is faster than hashing.
const LINEAR: usize = 16;

/// A number that differs for most items that differ.
pub(crate) type Fingerprint = u32;

#[derive(Clone, Debug, Default)]
pub(crate) struct Numbering {
    fingerprints: Vec<Fingerprint>,
    /// Numbers plus one; 0 is a free place. A power of two, at most half full.
    table: Vec<u32>,
}

impl Numbering {
    /// The first number with this fingerprint for which `is_it` says so.
    #[inline]
    pub(crate) fn find(&self, fingerprint: Fingerprint, mut is_it: impl FnMut(usize) -> bool) -> Option<usize> {
        if !self.table.is_empty() {
            return self.look_up(fingerprint, is_it);
        }
        let mut candidates = self.fingerprints.iter().enumerate().filter(|(_, print)| **print == fingerprint);
        candidates.find(|(number, _)| is_it(*number)).map(|(number, _)| number)
    }

    fn look_up(&self, fingerprint: Fingerprint, mut is_it: impl FnMut(usize) -> bool) -> Option<usize> {
        let mask = self.table.len() - 1;
        let mut place = fingerprint as usize & mask;
        loop {
            let number = (self.table[place] as usize).checked_sub(1)?;
            if self.fingerprints[number] == fingerprint && is_it(number) {
                return Some(number);
            }
            place = (place + 1) & mask;
        }
    }

    /// Gives the next number to an item with this fingerprint.
    #[inline]
    pub(crate) fn push(&mut self, fingerprint: Fingerprint) -> usize {
        let number = self.fingerprints.len();
        self.fingerprints.push(fingerprint);
        if number >= LINEAR {
            self.enter(number);
        }
        number
    }

    /// Puts a number into the table.
    fn enter(&mut self, number: usize) {
        if self.table.len() < self.fingerprints.len() * 2 {
            return self.rebuild();
        }
        let mask = self.table.len() - 1;
        let mut place = self.fingerprints[number] as usize & mask;
        while self.table[place] != 0 {
            place = (place + 1) & mask;
        }
        self.table[place] = number as u32 + 1;
    }

    fn rebuild(&mut self) {
        self.table.clear();
        if self.fingerprints.len() <= LINEAR {
            return;
        }
        self.table.resize((self.fingerprints.len() * 4).next_power_of_two(), 0);
        for number in 0..self.fingerprints.len() {
            self.enter(number);
        }
    }

    /// Takes the items out for whose numbers `keep` does not say so.
    pub(crate) fn retain(&mut self, keep: impl Fn(usize) -> bool) {
        let mut numbers = 0..;
        self.fingerprints.retain(|_| numbers.next().is_some_and(&keep));
        self.rebuild();
    }

    /// Makes it empty, but keeps its memory.
    pub(crate) fn clear(&mut self) {
        self.fingerprints.clear();
        self.table.clear();
    }
}

/// The fingerprint of a text: of its length and its ends.
#[inline]
pub(crate) fn of_bytes(bytes: &[u8]) -> Fingerprint {
    let (first, last) = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
            (Some(first), Some(last)) => (u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into()),
            _ => (bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0),
        },
    };
    of_number(first ^ last.rotate_left(23) ^ (bytes.len() as u64) << 56)
}

/// The fingerprint of a number.
#[inline]
pub(crate) fn of_number(number: u64) -> Fingerprint {
    // Multiplication moves information up.
    (number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
}
