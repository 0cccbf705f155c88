//! The names of a source, each stored once: tokens hold a small number for their name, and nodes share its text.

use text::wtf8::Wtf8Buf;

use super::keyword::Keyword;

/// A name of one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NameIndex(u32);

impl NameIndex {
    pub(super) const UNDERSCORE: Self = Self(0);
    pub(super) const MATCH: Self = Self(1);
    pub(super) const CASE: Self = Self(2);
    pub(super) const TYPE: Self = Self(3);
    /// What tokens have that are not names.
    pub(super) const NONE: Self = Self(u32::MAX);
}

/// The soft keywords, in the order of the constants above.
const SOFT_KEYWORDS: [&str; 4] = ["_", "match", "case", "type"];

/// What names are looked up by: the bytes of a short name, in the order of the source and followed by zeros, or a hash of a long
/// one, whose highest bit is set. So a short key is the name itself (the highest bit of ASCII is clear), and equal keys of
/// long names call for a look at the texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct NameKey(u64);

const LONG: u64 = 1 << 63;
const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

impl NameKey {
    /// The key of a name of up to eight ASCII characters, from a word that begins with them.
    #[inline(always)]
    pub(super) fn of_short(word: u64, length: usize) -> Self {
        Self(word & u64::MAX >> (64 - 8 * length as u32))
    }

    #[inline]
    pub(super) fn of(name: &[u8]) -> Self {
        let mut state = name.len() as u64;
        let mut rest = name;
        while let Some((word, behind)) = rest.split_first_chunk::<8>() {
            state = (state.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(FACTOR);
            rest = behind;
        }
        let word = rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
        match name.len() {
            ..=7 if word & 0x8080_8080_8080_8080 == 0 => Self(word),
            8 if name.is_ascii() => Self(u64::from_le_bytes(name.first_chunk().copied().unwrap_or_default())),
            _ => {
                state = (state.rotate_left(5) ^ word).wrapping_mul(FACTOR);
                Self(state ^ state >> 32 | LONG)
            }
        }
    }

    /// The keyword that it is the key of.
    #[inline(always)]
    pub(super) fn keyword(self) -> Option<Keyword> {
        let (key, keyword) = KEYWORDS[keyword_place(self.0)];
        if key == self.0 { keyword } else { None }
    }
}

/// Keywords by their keys; the factor, found by trial, gives each a place of its own.
static KEYWORDS: [(u64, Option<Keyword>); 64] = {
    let mut table = [(LONG, None); 64];
    let mut index = 0;
    while index < Keyword::ALL.len() {
        let (keyword, text) = Keyword::ALL[index];
        let bytes = text.as_bytes();
        let mut key = 0;
        let mut at = bytes.len();
        while at > 0 {
            at -= 1;
            key = key << 8 | bytes[at] as u64;
        }
        let place = keyword_place(key);
        assert!(bytes.len() <= 8 && table[place].1.is_none());
        table[place] = (key, Some(keyword));
        index += 1;
    }
    table
};

#[inline(always)]
const fn keyword_place(key: u64) -> usize {
    (key.wrapping_mul(0xB57C_8E05_E3C9_B0E1) >> 58) as usize
}

/// A place of the hash table: a name's key and its index plus one, 0 if it is free.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    key: NameKey,
    entry: u32,
}

/// A hash table of texts.
#[derive(Debug)]
pub(super) struct Names {
    texts: Vec<Wtf8Buf>,
    /// A name is at the place that its key gives, or at the next free one.
    table: Vec<Slot>,
    /// How far a hash is shifted to give a place.
    shift: u32,
}

impl Names {
    pub(super) fn new() -> Self {
        const BITS: u32 = 8;
        let mut names =
            Self { texts: Vec::with_capacity(64), table: vec![Slot::default(); 1 << BITS], shift: 64 - BITS };
        for text in SOFT_KEYWORDS {
            names.intern(NameKey::of(text.as_bytes()), || text);
        }
        names
    }

    /// The index of the name with this key and text.
    #[inline]
    pub(super) fn intern<'t>(&mut self, key: NameKey, text: impl Fn() -> &'t str) -> NameIndex {
        let mask = self.table.len() - 1;
        let mut place = (key.0.wrapping_mul(FACTOR) >> self.shift) as usize;
        loop {
            let slot = self.table[place & mask];
            if slot.entry == 0 {
                return self.add(place & mask, key, text());
            }
            let index = slot.entry - 1;
            if slot.key == key && (key.0 & LONG == 0 || self.texts[index as usize] == *text()) {
                return NameIndex(index);
            }
            place += 1;
        }
    }

    #[inline(never)]
    fn add(&mut self, place: usize, key: NameKey, text: &str) -> NameIndex {
        let index = self.texts.len() as u32;
        self.texts.push(text.into());
        self.table[place] = Slot { key, entry: index + 1 };
        if self.texts.len() * 2 > self.table.len() {
            self.grow();
        }
        NameIndex(index)
    }

    pub(super) fn text(&self, name: NameIndex) -> Wtf8Buf {
        self.texts.get(name.0 as usize).cloned().unwrap_or_else(|| "".into())
    }

    fn grow(&mut self) {
        let mask = self.table.len() * 2 - 1;
        self.shift -= 1;
        let mut table = vec![Slot::default(); mask + 1];
        for slot in self.table.iter().filter(|slot| slot.entry != 0) {
            let mut place = (slot.key.0.wrapping_mul(FACTOR) >> self.shift) as usize;
            while table[place & mask].entry != 0 {
                place += 1;
            }
            table[place & mask] = *slot;
        }
        self.table = table;
    }
}
