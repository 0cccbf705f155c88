//! The names of a source, each stored once: tokens hold a small number for their name, and nodes share its text.

use text::wtf8::Wtf8Buf;

use super::keyword::Keyword;

/// A name or a keyword of one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NameIndex(u32);

impl NameIndex {
    pub(super) const UNDERSCORE: Self = Self::soft(0);
    pub(super) const MATCH: Self = Self::soft(1);
    pub(super) const CASE: Self = Self::soft(2);
    pub(super) const TYPE: Self = Self::soft(3);
    /// What tokens have that are not names.
    pub(super) const NONE: Self = Self(u32::MAX);

    const fn soft(index: u32) -> Self {
        Self(Keyword::ALL.len() as u32 + index)
    }
}

/// The soft keywords, in the order of the constants above.
const SOFT_KEYWORDS: [&str; 4] = ["_", "match", "case", "type"];

/// A hash table of texts. Keywords are its first entries, so that one look-up tells a name from a keyword.
#[derive(Debug)]
pub(super) struct Names {
    texts: Vec<Wtf8Buf>,
    /// Indices into `texts` plus one, at the place that the hash gives or the next free one; 0 is free. A power of two.
    table: Vec<u32>,
}

impl Names {
    pub(super) fn new() -> Self {
        let mut names = Self { texts: Vec::with_capacity(256), table: vec![0; 1024] };
        for text in Keyword::ALL.iter().map(|(_, text)| *text).chain(SOFT_KEYWORDS) {
            names.intern(text);
        }
        names
    }

    pub(super) fn intern(&mut self, text: &str) -> NameIndex {
        let mask = self.table.len() - 1;
        let mut place = hash(text.as_bytes()) as usize & mask;
        loop {
            let entry = self.table[place];
            if entry == 0 {
                break;
            }
            if self.texts[entry as usize - 1].as_bytes() == text.as_bytes() {
                return NameIndex(entry - 1);
            }
            place = (place + 1) & mask;
        }
        self.texts.push(text.into());
        self.table[place] = self.texts.len() as u32;
        if self.texts.len() * 2 > self.table.len() {
            self.grow();
        }
        NameIndex(self.texts.len() as u32 - 1)
    }

    pub(super) fn keyword(&self, name: NameIndex) -> Option<Keyword> {
        Keyword::ALL.get(name.0 as usize).map(|(keyword, _)| *keyword)
    }

    pub(super) fn text(&self, name: NameIndex) -> Wtf8Buf {
        self.texts.get(name.0 as usize).cloned().unwrap_or_else(|| "".into())
    }

    fn grow(&mut self) {
        let mask = self.table.len() * 2 - 1;
        let mut table = vec![0; mask + 1];
        for (index, text) in self.texts.iter().enumerate() {
            let mut place = hash(text.as_bytes()) as usize & mask;
            while table[place] != 0 {
                place = (place + 1) & mask;
            }
            table[place] = index as u32 + 1;
        }
        self.table = table;
    }
}

/// Multiply and rotate, eight bytes at a time: names are short, and no one gains from making them collide in one parse.
fn hash(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut state = bytes.len() as u64;
    let mut rest = bytes;
    while let Some((word, behind)) = rest.split_first_chunk::<8>() {
        state = (state.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(FACTOR);
        rest = behind;
    }
    let mut word = 0;
    if let Some((half, behind)) = rest.split_first_chunk::<4>() {
        word = u64::from(u32::from_le_bytes(*half));
        rest = behind;
    }
    word = rest.iter().fold(word, |word, byte| word << 8 | u64::from(*byte));
    state = (state.rotate_left(5) ^ word).wrapping_mul(FACTOR);
    state ^ state >> 32
}
