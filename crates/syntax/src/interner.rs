//! `Symbol` and `Interner`: the names of a program, each stored once and known by a number.
//!
//! The parser makes an interner for each source; the nodes of the tree, the symbol table and the code generator have its
//! numbers, so that they copy and compare names as cheaply as integers. Whoever needs the letters asks the interner, which
//! a [`Tree`](crate::ast::Tree) carries along. The invariants: equal texts have equal symbols, and the keywords and soft
//! keywords are the first symbols of every interner, in the order of `Keyword::ALL` and [`SOFT_KEYWORDS`].

use std::cell::OnceCell;
use std::num::NonZeroU32;

use text::wtf8::Wtf8Buf;

use crate::parser::keyword::{Keyword, SOFT_KEYWORDS};

/// A name of one interner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Symbol(NonZeroU32);

/// The bit of the names that are private to the class that they stand in.
const PRIVATE: u32 = 1 << 31;

const N_KEYWORDS: usize = Keyword::ALL.len();

const N_FIXED: usize = N_KEYWORDS + SOFT_KEYWORDS.len();

impl Symbol {
    pub const FALSE: Self = Self::of_keyword(Keyword::False);
    pub const NONE: Self = Self::of_keyword(Keyword::None);
    pub const TRUE: Self = Self::of_keyword(Keyword::True);
    pub const UNDERSCORE: Self = Self::of_soft_keyword(b"_");
    pub const MATCH: Self = Self::of_soft_keyword(b"match");
    pub const CASE: Self = Self::of_soft_keyword(b"case");
    pub const TYPE: Self = Self::of_soft_keyword(b"type");

    const fn from_index(index: usize) -> Self {
        match NonZeroU32::new(index as u32 + 1) {
            Some(number) => Self(number),
            None => panic!("there are fewer names than numbers"),
        }
    }

    const fn of_keyword(keyword: Keyword) -> Self {
        Self::from_index(keyword as usize)
    }

    /// Found when this is compiled.
    const fn of_soft_keyword(word: &[u8]) -> Self {
        let mut place = 0;
        while !equal(SOFT_KEYWORDS[place].as_bytes(), word) {
            place += 1;
        }
        Self::from_index(N_KEYWORDS + place)
    }

    /// Its place among the interner's names, in the order in which they came.
    #[inline]
    pub fn index(self) -> usize {
        (self.0.get() & !PRIVATE) as usize - 1
    }

    /// A number that no other symbol has.
    #[inline]
    pub fn number(self) -> u32 {
        self.0.get()
    }

    /// Whether it is private to the class that it stands in: it begins with two underscores, does not end in two, and
    /// has no dot.
    #[inline]
    pub fn is_private(self) -> bool {
        self.0.get() & PRIVATE != 0
    }

    /// The keyword that it is.
    #[inline(always)]
    pub(crate) fn keyword(self) -> Option<Keyword> {
        Keyword::ALL.get(self.0.get() as usize - 1).map(|(keyword, _)| *keyword)
    }
}

/// `==`, which cannot be used in constants.
const fn equal(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// What names are looked up by: the bytes of a short name, in the order of the source and followed by zeros, or a hash of a long
/// one, whose highest bit is set. So a short key is the name itself (the highest bit of ASCII is clear), and equal keys of
/// long names call for a look at the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NameKey(u64);

const LONG: u64 = 1 << 63;
const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

impl NameKey {
    /// The key of a name of up to eight ASCII characters, from a word that begins with them.
    #[inline(always)]
    pub(crate) fn of_short(word: u64, length: usize) -> Self {
        Self(word & u64::MAX >> (64 - 8 * length as u32))
    }

    #[inline]
    pub(crate) fn of(name: &[u8]) -> Self {
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

    const fn of_fixed(text: &str) -> Self {
        let bytes = text.as_bytes();
        assert!(bytes.len() <= 8, "the fixed names are short");
        let mut key = 0;
        let mut at = bytes.len();
        while at > 0 {
            at -= 1;
            key = key << 8 | bytes[at] as u64;
        }
        Self(key)
    }

    /// Where it belongs in a table of so many bits.
    #[inline(always)]
    const fn place(self, bits: u32) -> usize {
        (self.0.wrapping_mul(FACTOR) >> (64 - bits)) as usize
    }
}

const fn fixed_text(index: usize) -> &'static str {
    if index < N_KEYWORDS { Keyword::ALL[index].1 } else { SOFT_KEYWORDS[index - N_KEYWORDS] }
}

/// A place of the hash table.
#[derive(Clone, Copy, Debug)]
struct Slot {
    key: NameKey,
    symbol: Option<Symbol>,
}

impl Slot {
    const FREE: Self = Self { key: NameKey(0), symbol: None };
}

/// How large the table is at first: 2 to the power of it.
const BITS: u32 = 8;

/// The table with the fixed names alone.
static FIXED_TABLE: [Slot; 1 << BITS] = {
    let mut table = [Slot::FREE; 1 << BITS];
    let mut index = 0;
    while index < N_FIXED {
        let key = NameKey::of_fixed(fixed_text(index));
        let mut place = key.place(BITS);
        while table[place].symbol.is_some() {
            place = (place + 1) % table.len();
        }
        table[place] = Slot { key, symbol: Some(Symbol::from_index(index)) };
        index += 1;
    }
    table
};

/// A hash table of names.
#[derive(Debug)]
pub struct Interner {
    /// By index. The fixed names have a text when one is asked for.
    texts: Vec<OnceCell<Wtf8Buf>>,
    /// A name is at the place that its key gives, or at the next free one.
    table: Vec<Slot>,
    /// The binary logarithm of the table's size.
    bits: u32,
}

impl Default for Interner {
    fn default() -> Self {
        Self::new()
    }
}

impl Interner {
    pub fn new() -> Self {
        let mut texts = Vec::with_capacity(1 << (BITS - 1));
        texts.resize_with(N_FIXED, OnceCell::new);
        Self { texts, table: FIXED_TABLE.to_vec(), bits: BITS }
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Never: keywords are names.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The symbol of a name.
    pub fn intern(&mut self, text: &Wtf8Buf) -> Symbol {
        self.intern_with(NameKey::of(text.as_bytes()), || text.as_bytes(), || text.clone())
    }

    /// The symbol of a name.
    pub fn intern_str(&mut self, text: &str) -> Symbol {
        self.intern_key(NameKey::of(text.as_bytes()), || text)
    }

    /// The symbol of the name with this key and text.
    #[inline]
    pub(crate) fn intern_key<'t>(&mut self, key: NameKey, text: impl Fn() -> &'t str) -> Symbol {
        self.intern_with(key, || text().as_bytes(), || text().into())
    }

    #[inline]
    fn intern_with<'t>(
        &mut self,
        key: NameKey,
        bytes: impl Fn() -> &'t [u8],
        owned: impl FnOnce() -> Wtf8Buf,
    ) -> Symbol {
        let mask = self.table.len() - 1;
        let mut place = key.place(self.bits);
        loop {
            let slot = self.table[place & mask];
            let Some(symbol) = slot.symbol else { return self.add(place & mask, key, owned()) };
            if slot.key == key && (key.0 & LONG == 0 || self.text(symbol).as_bytes() == bytes()) {
                return symbol;
            }
            place += 1;
        }
    }

    #[inline(never)]
    fn add(&mut self, place: usize, key: NameKey, text: Wtf8Buf) -> Symbol {
        let bytes = text.as_bytes();
        let is_private = bytes.starts_with(b"__") && !bytes.ends_with(b"__") && !bytes.contains(&b'.');
        let Symbol(number) = Symbol::from_index(self.texts.len());
        let symbol = Symbol(number | if is_private { PRIVATE } else { 0 });
        self.texts.push(OnceCell::from(text));
        self.table[place] = Slot { key, symbol: Some(symbol) };
        if self.texts.len() * 2 > self.table.len() {
            self.grow();
        }
        symbol
    }

    /// The text of a symbol of this interner.
    #[inline]
    pub fn text(&self, symbol: Symbol) -> &Wtf8Buf {
        let index = symbol.index();
        self.texts[index].get_or_init(|| fixed_text(index).into())
    }

    fn grow(&mut self) {
        self.bits += 1;
        let mask = (1 << self.bits) - 1;
        let mut table = vec![Slot::FREE; 1 << self.bits];
        for slot in self.table.iter().filter(|slot| slot.symbol.is_some()) {
            let mut place = slot.key.place(self.bits);
            while table[place & mask].symbol.is_some() {
                place += 1;
            }
            table[place & mask] = *slot;
        }
        self.table = table;
    }
}
