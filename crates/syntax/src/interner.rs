//! `Symbol` and `Interner`: the names of a program, each stored once and known by a number.
//!
//! The parser makes an interner for each source; the nodes of the tree, the symbol table and the code generator have its
//! numbers, so that they copy and compare names as cheaply as integers. Whoever needs the letters asks the interner, which
//! a [`Tree`](crate::ast::Tree) carries along; they are parts of the source, or lie in the arena. The invariants: equal texts have equal symbols,
//! and the fixed names are the first symbols of every interner: the keywords, the soft keywords and the [`well_known`](crate::well_known) names, in the order of their lists.

use std::num::NonZeroU32;

use bytecode::arena::Arena;
use text::wtf8::Wtf8;

use crate::token::{SOFT_KEYWORDS, TokenKind};
use crate::well_known;

/// A name of one interner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Symbol(NonZeroU32);

/// The bit of the names that are private to the class that they stand in.
const PRIVATE: u32 = 1 << 31;

const N_KEYWORDS: usize = TokenKind::KEYWORDS.len();

const N_FIXED: usize = N_KEYWORDS + SOFT_KEYWORDS.len() + well_known::TEXTS.len();

impl Symbol {
    pub const FALSE: Self = Self::of_keyword(TokenKind::False);
    pub const NONE: Self = Self::of_keyword(TokenKind::None);
    pub const TRUE: Self = Self::of_keyword(TokenKind::True);
    pub const UNDERSCORE: Self = Self::of_fixed("_");
    pub const MATCH: Self = Self::of_fixed("match");
    pub const CASE: Self = Self::of_fixed("case");
    pub const TYPE: Self = Self::of_fixed("type");

    const fn from_index(index: usize) -> Self {
        match NonZeroU32::new(index as u32 + 1) {
            Some(number) => Self(number),
            None => panic!("there are fewer names than numbers"),
        }
    }

    const fn of_keyword(keyword: TokenKind) -> Self {
        Self::from_index(keyword as usize - TokenKind::KEYWORDS[0] as usize)
    }

    /// The symbol of a fixed name, which is found when this is compiled.
    pub(crate) const fn of_fixed(text: &str) -> Self {
        let mut index = 0;
        while !equal(fixed_text(index).as_bytes(), text.as_bytes()) {
            index += 1;
        }
        assert!(!is_private(text.as_bytes()), "the table of fixed names has no private ones");
        Self::from_index(index)
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
    pub(crate) fn keyword(self) -> Option<TokenKind> {
        TokenKind::KEYWORDS.get(self.0.get() as usize - 1).copied()
    }
}

/// Whether a name is private to the class that it stands in.
const fn is_private(name: &[u8]) -> bool {
    let [b'_', b'_', ..] = name else { return false };
    let ends_in_two = matches!(name, [.., b'_', b'_']);
    let mut at = 0;
    while at < name.len() && name[at] != b'.' {
        at += 1;
    }
    !ends_in_two && at == name.len()
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
#[derive(Clone, Copy, Debug)]
pub(crate) struct NameKey {
    low: u64,
    high: u64,
}

const LONG: u64 = 1 << 63;
const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

impl NameKey {
    /// The length of the longest short name.
    const MAX_SHORT: usize = 16;

    /// By length, which bits of two words a short name takes.
    const MASKS: [[u64; 2]; Self::MAX_SHORT + 1] = {
        let mut masks = [[0; 2]; Self::MAX_SHORT + 1];
        let mut length = 1;
        while length <= Self::MAX_SHORT {
            masks[length] = masks[length - 1];
            let last = length - 1;
            masks[length][last / 8] |= 0xFF << (last % 8 * 8);
            length += 1;
        }
        masks
    };

    /// The key of a short name in ASCII, with which these bytes begin.
    #[inline(always)]
    pub(crate) const fn of_short(bytes: &[u8; Self::MAX_SHORT], length: usize) -> Self {
        let words = u128::from_le_bytes(*bytes);
        let mask = Self::MASKS[length];
        Self { low: words as u64 & mask[0], high: (words >> 64) as u64 & mask[1] }
    }

    #[inline]
    pub(crate) const fn of(name: &[u8]) -> Self {
        if name.len() > Self::MAX_SHORT || !name.is_ascii() { Self::of_long(name) } else { Self::of_short_text(name) }
    }

    const fn of_short_text(name: &[u8]) -> Self {
        let mut words = [0; 2];
        let mut at = 0;
        while at < name.len() {
            words[at / 8] |= (name[at] as u64) << (at % 8 * 8);
            at += 1;
        }
        Self { low: words[0], high: words[1] }
    }

    const fn of_long(name: &[u8]) -> Self {
        let mut state = name.len() as u64;
        let mut rest = name;
        while let Some((word, behind)) = rest.split_first_chunk() {
            state = Self::add_word(state, word);
            rest = behind;
        }
        // The last word takes the rest with it: what is hashed twice does no harm.
        state = match name.last_chunk() {
            Some(last) => Self::add_word(state, last),
            None => Self::add_word(state, &rest_as_word(rest)),
        };
        Self { low: state ^ state >> 32 | LONG, high: 0 }
    }

    #[inline(always)]
    const fn add_word(state: u64, word: &[u8; 8]) -> u64 {
        (state.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(FACTOR)
    }

    /// The key of no name: short ones are ASCII, and long ones have nothing but a hash.
    const NONE: Self = Self { low: u64::MAX, high: u64::MAX };

    /// `==`, with one branch for both words.
    #[inline(always)]
    const fn is(self, other: Self) -> bool {
        (self.low ^ other.low) | (self.high ^ other.high) == 0
    }

    #[inline(always)]
    const fn is_long(self) -> bool {
        self.low & LONG != 0
    }

    /// Where it belongs in a table: the highest bits of a product, the others shifted out.
    #[inline(always)]
    const fn place(self, shift: u32) -> usize {
        let word = self.low ^ self.high.rotate_left(29);
        (word.wrapping_mul(FACTOR) >> shift) as usize
    }
}

/// Fewer than eight bytes, followed by zeros.
const fn rest_as_word(rest: &[u8]) -> [u8; 8] {
    let mut word = [0; 8];
    let mut at = 0;
    while at < rest.len() {
        word[at] = rest[at];
        at += 1;
    }
    word
}

const fn fixed_text(index: usize) -> &'static str {
    if index >= N_KEYWORDS + SOFT_KEYWORDS.len() {
        return well_known::TEXTS[index - N_KEYWORDS - SOFT_KEYWORDS.len()];
    }
    if index >= N_KEYWORDS {
        return SOFT_KEYWORDS[index - N_KEYWORDS];
    }
    match TokenKind::KEYWORDS[index].fixed_text() {
        Some(text) => text,
        None => panic!("keywords have texts"),
    }
}

/// How large the table is at first: 2 to the power of it.
const BITS: u32 = 11;

/// How many places the table has for each name. With that many, nearly all names are where their keys say, and the processor
/// need not guess whether one is.
const PLACES_PER_NAME: usize = 8;

/// The table with the fixed names alone.
static FIXED_TABLE: [Option<Symbol>; 1 << BITS] = {
    let mut table = [None; 1 << BITS];
    let mut index = 0;
    while index < N_FIXED {
        let mut place = FIXED_KEYS[index + 1].place(u64::BITS - BITS);
        while table[place].is_some() {
            place = (place + 1) % table.len();
        }
        table[place] = Some(FIXED_SYMBOLS[index]);
        index += 1;
    }
    table
};

/// The texts of the fixed names, by index.
static FIXED_TEXTS: [Wtf8<'static>; N_FIXED] = {
    let mut texts = [Wtf8::of(""); N_FIXED];
    let mut index = 0;
    while index < N_FIXED {
        texts[index] = Wtf8::of(fixed_text(index));
        index += 1;
    }
    texts
};

/// The symbols of the fixed names. A keyword may be well known as well, and has the same symbol twice.
static FIXED_SYMBOLS: [Symbol; N_FIXED] = {
    let mut symbols = [Symbol::from_index(0); N_FIXED];
    let mut index = 0;
    while index < N_FIXED {
        symbols[index] = Symbol::of_fixed(fixed_text(index));
        index += 1;
    }
    symbols
};

/// The keys of the fixed names.
static FIXED_KEYS: [NameKey; N_FIXED + 1] = {
    let mut keys = [NameKey::NONE; N_FIXED + 1];
    let mut index = 0;
    while index < N_FIXED {
        keys[index + 1] = NameKey::of(fixed_text(index).as_bytes());
        index += 1;
    }
    keys
};

/// A hash table of names.
#[derive(Debug)]
pub struct Interner<'t> {
    /// Where names go that are no part of the source.
    arena: &'t Arena,
    /// By index.
    texts: Vec<Wtf8<'t>>,
    /// By index: for who walks over all names, which is quicker than over the table's free places.
    symbols: Vec<Symbol>,
    /// By index, counted from 1: the first is that of no name, which free places of the table lead to.
    keys: Vec<NameKey>,
    /// A name is at the place that its key gives, or at the next free one.
    table: Vec<Option<Symbol>>,
    /// What leaves as many bits of a product as the table's size has.
    shift: u32,
}

impl<'t> Interner<'t> {
    pub fn new(arena: &'t Arena) -> Self {
        let capacity = (1 << BITS) / PLACES_PER_NAME;
        let mut texts = Vec::with_capacity(capacity);
        texts.extend_from_slice(&FIXED_TEXTS);
        let mut keys = Vec::with_capacity(capacity + 1);
        keys.extend_from_slice(&FIXED_KEYS);
        let mut symbols = Vec::with_capacity(capacity);
        symbols.extend_from_slice(&FIXED_SYMBOLS);
        Self { arena, texts, symbols, keys, table: FIXED_TABLE.to_vec(), shift: u64::BITS - BITS }
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
    pub fn intern(&mut self, text: Wtf8<'_>) -> Symbol {
        let key = NameKey::of(text.as_bytes());
        self.find(key, text.as_bytes()).unwrap_or_else(|place| self.add(place, key, self.arena.text(text)))
    }

    /// The symbol of a name.
    pub fn intern_str(&mut self, text: &str) -> Symbol {
        self.intern(Wtf8::of(text))
    }

    /// The symbol of the name with this key and text, which is part of the source.
    #[inline]
    pub(crate) fn intern_key(&mut self, key: NameKey, text: impl FnOnce() -> &'t str) -> Symbol {
        // Most names are short, known, and where their key says.
        if let Some(symbol) = self.table.get(key.place(self.shift))
            && self.key_at(*symbol).is(key)
            && !key.is_long()
            && let Some(symbol) = symbol
        {
            return *symbol;
        }
        self.find_or_add(key, text())
    }

    /// The key of what is at a place of the table.
    #[inline(always)]
    fn key_at(&self, symbol: Option<Symbol>) -> NameKey {
        self.keys[symbol.map_or(0, |symbol| (symbol.number() & !PRIVATE) as usize)]
    }

    #[inline(never)]
    fn find_or_add(&mut self, key: NameKey, text: &'t str) -> Symbol {
        self.find(key, text.as_bytes()).unwrap_or_else(|place| self.add(place, key, Wtf8::of(text)))
    }

    /// The symbol of the name, or the place for a new one.
    fn find(&self, key: NameKey, text: &[u8]) -> Result<Symbol, usize> {
        let mask = self.table.len() - 1;
        let mut place = key.place(self.shift);
        loop {
            let symbol = self.table[place & mask].ok_or(place & mask)?;
            if self.key_at(Some(symbol)).is(key) && (!key.is_long() || self.text(symbol).as_bytes() == text) {
                return Ok(symbol);
            }
            place += 1;
        }
    }

    #[inline(never)]
    fn add(&mut self, place: usize, key: NameKey, text: Wtf8<'t>) -> Symbol {
        let is_private = is_private(text.as_bytes());
        let Symbol(number) = Symbol::from_index(self.texts.len());
        let symbol = Symbol(number | if is_private { PRIVATE } else { 0 });
        self.texts.push(text);
        self.symbols.push(symbol);
        self.keys.push(key);
        self.table[place] = Some(symbol);
        if self.texts.len() * PLACES_PER_NAME > self.table.len() {
            self.grow();
        }
        symbol
    }

    /// The text of a symbol of this interner.
    #[inline]
    pub fn text(&self, symbol: Symbol) -> Wtf8<'t> {
        self.texts[symbol.index()]
    }

    fn grow(&mut self) {
        self.shift -= 1;
        let mut table = vec![None; self.table.len() * 2];
        let mask = table.len() - 1;
        for (symbol, key) in self.symbols.iter().zip(&self.keys[1..]) {
            let mut place = key.place(self.shift);
            while table[place & mask].is_some() {
                place += 1;
            }
            table[place & mask] = Some(*symbol);
        }
        self.table = table;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_symbols_when_the_table_grows() {
        let arena = Arena::new();
        let mut interner = Interner::new(&arena);
        // Short and long ones, private ones, and some that are not ASCII.
        let name = |number: usize| match number % 4 {
            0 => format!("n{number}"),
            1 => format!("__private_{number}"),
            2 => format!("a_name_that_is_longer_than_a_key_{number}"),
            _ => format!("größe_{number}"),
        };
        let symbols: Vec<Symbol> = (0..3000).map(|number| interner.intern_str(&name(number))).collect();
        for (number, symbol) in symbols.into_iter().enumerate() {
            assert_eq!(interner.intern_str(&name(number)), symbol);
            assert_eq!(symbol.index(), N_FIXED + number);
            assert_eq!(symbol.is_private(), number % 4 == 1);
            assert_eq!(interner.text(symbol).to_string(), name(number));
        }
        assert_eq!(interner.intern_str("lambda"), Symbol::of_keyword(TokenKind::Lambda));
    }

    #[test]
    fn parts_of_a_source_are_the_names_that_they_spell() {
        let arena = Arena::new();
        let mut interner = Interner::new(&arena);
        let source = "self.value = value_of_a_name_that_is_long";
        let bytes = source.as_bytes().first_chunk().expect("the source is longer");
        let short = NameKey::of_short(bytes, 4);
        assert_eq!(interner.intern_key(short, || &source[..4]), Symbol::of_fixed("self"));
        let long = NameKey::of(&source.as_bytes()[13..]);
        let symbol = interner.intern_key(long, || &source[13..]);
        assert_eq!(symbol, interner.intern_str("value_of_a_name_that_is_long"));
    }
}
