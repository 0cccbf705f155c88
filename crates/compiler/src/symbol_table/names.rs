//! `NameMap` and `NameSet`: tables of names that remember the order in which names came.
//!
//! The symbol table, the code generator and the passes that number names all need the order of CPython's dicts, since
//! it decides the numbers of variables. The invariant: `index` is empty until there are more than `LINEAR` entries;
//! from then on it holds the position of every entry.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use text::wtf8::Wtf8Buf;

/// Up to how many names a scan is faster than hashing.
const LINEAR: usize = 8;

/// Hashes names byte-word by byte-word (the multiplicative hash of Firefox and rustc). Names come from the program that
/// is compiled, so an adversary gains nothing but slow compilation of his own program.
#[derive(Default)]
pub struct NameHasher(u64);

impl Hasher for NameHasher {
    fn finish(&self) -> u64 {
        // Multiplication moves information up, but tables look at the low bits.
        self.0.rotate_left(26)
    }

    fn write(&mut self, mut bytes: &[u8]) {
        while let Some((word, rest)) = bytes.split_first_chunk::<8>() {
            self.write_u64(u64::from_le_bytes(*word));
            bytes = rest;
        }
        if let Some((word, rest)) = bytes.split_first_chunk::<4>() {
            self.write_u64(u32::from_le_bytes(*word).into());
            bytes = rest;
        }
        for byte in bytes {
            self.write_u64((*byte).into());
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }
}

/// A hash map that uses [`NameHasher`].
pub type FastMap<K, V> = HashMap<K, V, BuildHasherDefault<NameHasher>>;

/// A map from names to values in order of insertion.
#[derive(Clone, Debug)]
pub struct NameMap<V> {
    entries: Vec<(Wtf8Buf, V)>,
    index: FastMap<Wtf8Buf, usize>,
}

impl<V> Default for NameMap<V> {
    fn default() -> Self {
        Self { entries: Vec::new(), index: FastMap::default() }
    }
}

impl<V> NameMap<V> {
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Where in the order `name` is.
    pub fn position(&self, name: &Wtf8Buf) -> Option<usize> {
        if self.index.is_empty() {
            return self.entries.iter().position(|(key, _)| key == name);
        }
        self.index.get(name).copied()
    }

    pub fn get(&self, name: &Wtf8Buf) -> Option<&V> {
        self.position(name).map(|position| &self.entries[position].1)
    }

    pub fn get_mut(&mut self, name: &Wtf8Buf) -> Option<&mut V> {
        self.position(name).map(|position| &mut self.entries[position].1)
    }

    pub fn contains(&self, name: &Wtf8Buf) -> bool {
        self.position(name).is_some()
    }

    /// Sets the value of `name`, at the end of the order if it is new, and returns its position.
    pub fn insert(&mut self, name: &Wtf8Buf, value: V) -> usize {
        if let Some(position) = self.position(name) {
            self.entries[position].1 = value;
            return position;
        }
        let position = self.entries.len();
        self.entries.push((name.clone(), value));
        if !self.index.is_empty() {
            self.index.insert(name.clone(), position);
        } else if position >= LINEAR {
            self.rebuild_index();
        }
        position
    }

    /// Takes `name` out; the order of the others stays.
    pub fn remove(&mut self, name: &Wtf8Buf) -> Option<V> {
        let position = self.position(name)?;
        let (_, value) = self.entries.remove(position);
        if !self.index.is_empty() {
            self.rebuild_index();
        }
        Some(value)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Wtf8Buf, &V)> {
        self.entries.iter().map(|(name, value)| (name, value))
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&Wtf8Buf, &mut V)> {
        self.entries.iter_mut().map(|(name, value)| (&*name, value))
    }

    pub fn names(&self) -> impl Iterator<Item = &Wtf8Buf> {
        self.entries.iter().map(|(name, _)| name)
    }

    fn rebuild_index(&mut self) {
        self.index.clear();
        if self.entries.len() > LINEAR {
            self.index.extend(self.entries.iter().enumerate().map(|(position, (name, _))| (name.clone(), position)));
        }
    }
}

/// A set of names in order of insertion.
#[derive(Clone, Debug, Default)]
pub struct NameSet(NameMap<()>);

impl NameSet {
    pub fn contains(&self, name: &Wtf8Buf) -> bool {
        self.0.contains(name)
    }

    /// Puts `name` in; true if it is new.
    pub fn insert(&mut self, name: &Wtf8Buf) -> bool {
        let before = self.0.len();
        self.0.insert(name, ()) == before
    }

    /// Takes `name` out; true if it was there.
    pub fn remove(&mut self, name: &Wtf8Buf) -> bool {
        self.0.remove(name).is_some()
    }

    pub fn extend(&mut self, other: &NameSet) {
        for name in other.iter() {
            self.insert(name);
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Wtf8Buf> {
        self.0.names()
    }
}
