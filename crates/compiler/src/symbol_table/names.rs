//! `NameMap` and `NameSet`: tables of names that remember the order in which names came.
//!
//! The symbol table, the code generator and the passes that number names all need the order of CPython's dicts, since
//! it decides the numbers of variables. The invariant: `index` is empty until there are more than `LINEAR` entries;
//! from then on it holds the position of every entry.

use text::fast_hash::FastMap;
use text::wtf8::Wtf8Buf;

/// Up to how many names a scan is faster than hashing.
const LINEAR: usize = 16;

/// A number that differs for most names that differ: comparing it spares most comparisons of texts.
#[inline]
pub(crate) fn fingerprint(name: &Wtf8Buf) -> u64 {
    let bytes = name.as_bytes();
    let length = (bytes.len() as u64) << 56;
    match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(first), Some(last)) => u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(9) ^ length,
        _ => bytes.iter().fold(length, |word, byte| word << 8 ^ u64::from(*byte) ^ length),
    }
}

#[derive(Clone, Debug)]
struct Entry<V> {
    fingerprint: u64,
    name: Wtf8Buf,
    value: V,
}

/// A map from names to values in order of insertion.
#[derive(Clone, Debug)]
pub struct NameMap<V> {
    entries: Vec<Entry<V>>,
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
            return self.scan(fingerprint(name), name);
        }
        self.index.get(name).copied()
    }

    #[inline]
    fn scan(&self, fingerprint: u64, name: &Wtf8Buf) -> Option<usize> {
        self.entries.iter().position(|entry| entry.fingerprint == fingerprint && entry.name == *name)
    }

    pub fn get(&self, name: &Wtf8Buf) -> Option<&V> {
        self.position(name).map(|position| &self.entries[position].value)
    }

    pub fn get_mut(&mut self, name: &Wtf8Buf) -> Option<&mut V> {
        self.position(name).map(|position| &mut self.entries[position].value)
    }

    pub fn contains(&self, name: &Wtf8Buf) -> bool {
        self.position(name).is_some()
    }

    /// The name and the value at a position.
    pub fn at(&self, position: usize) -> Option<(&Wtf8Buf, &V)> {
        self.entries.get(position).map(|entry| (&entry.name, &entry.value))
    }

    /// Sets the value of `name`, at the end of the order if it is new, and returns its position.
    pub fn insert(&mut self, name: &Wtf8Buf, value: V) -> usize {
        let fingerprint = fingerprint(name);
        let known = if self.index.is_empty() { self.scan(fingerprint, name) } else { self.index.get(name).copied() };
        if let Some(position) = known {
            self.entries[position].value = value;
            return position;
        }
        self.push(fingerprint, name, value)
    }

    fn push(&mut self, fingerprint: u64, name: &Wtf8Buf, value: V) -> usize {
        let position = self.entries.len();
        self.entries.push(Entry { fingerprint, name: name.clone(), value });
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
        let entry = self.entries.remove(position);
        if !self.index.is_empty() {
            self.rebuild_index();
        }
        Some(entry.value)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Wtf8Buf, &V)> {
        self.entries.iter().map(|entry| (&entry.name, &entry.value))
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&Wtf8Buf, &mut V)> {
        self.entries.iter_mut().map(|entry| (&entry.name, &mut entry.value))
    }

    pub fn names(&self) -> impl Iterator<Item = &Wtf8Buf> {
        self.entries.iter().map(|entry| &entry.name)
    }

    fn rebuild_index(&mut self) {
        self.index.clear();
        if self.entries.len() > LINEAR {
            let numbered = self.entries.iter().enumerate();
            self.index.extend(numbered.map(|(position, entry)| (entry.name.clone(), position)));
        }
    }
}

impl<V: Copy + Default> NameMap<V> {
    /// The value of `name`, which is the default one if it is new.
    pub fn entry(&mut self, name: &Wtf8Buf) -> &mut V {
        let fingerprint = fingerprint(name);
        let known = if self.index.is_empty() { self.scan(fingerprint, name) } else { self.index.get(name).copied() };
        let position = known.unwrap_or_else(|| self.push(fingerprint, name, V::default()));
        &mut self.entries[position].value
    }
}

/// A set of names in order of insertion.
#[derive(Clone, Debug, Default)]
pub struct NameSet(NameMap<()>);

impl NameSet {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

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
