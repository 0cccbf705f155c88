//! `Trie`: a compact table over all code points.
//!
//! The generated tables are of this type. Equal stretches of 32 values are stored once, and so are equal
//! stretches of 16 references to these; the shifts here are those of tools/generate_unicode.py.

/// A map from code points to small numbers.
pub struct Trie<T: 'static> {
    /// By the bits from 9: which stretch of `middle`.
    pub top: &'static [u8],
    /// By the bits 5 to 8: which stretch of `leaves`.
    pub middle: &'static [u16],
    /// By the lowest five bits: the value.
    pub leaves: &'static [T],
}

impl<T: Copy + Default + Into<u32>> Trie<T> {
    /// The value for `point`; beyond the last code point, that of an unassigned one.
    #[inline]
    pub fn get(&self, point: u32) -> usize {
        let point = point as usize;
        let Some(stretch) = self.top.get(point >> 9) else { return 0 };
        let leaf = self.middle[usize::from(*stretch) << 4 | point >> 5 & 0xF];
        self.leaves[usize::from(leaf) << 5 | point & 0x1F].into() as usize
    }
}
