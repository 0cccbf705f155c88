//! `NameMap` and `NameSet`: tables of names that remember the order in which names came.
//!
//! The symbol table, the code generator and the passes that number names all need the order of CPython's dicts, since
//! it decides the numbers of variables.

use syntax::interner::Symbol;

/// Up to how many names a scan is faster than hashing.
const LINEAR: usize = 16;

/// A map from names to values in order of insertion.
#[derive(Clone, Debug)]
pub struct NameMap<V> {
    entries: Vec<(Symbol, V)>,
    /// Positions plus one, each at the place that the name's number gives or the next free one; 0 is a free place. A power of
    /// two, at most half full; empty as long as there are few names.
    table: Vec<u32>,
}

impl<V> Default for NameMap<V> {
    fn default() -> Self {
        Self { entries: Vec::new(), table: Vec::new() }
    }
}

impl<V> NameMap<V> {
    pub fn with_capacity(capacity: usize) -> Self {
        Self { entries: Vec::with_capacity(capacity), table: Vec::new() }
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Where in the order `name` is.
    #[inline]
    pub fn position(&self, name: Symbol) -> Option<usize> {
        if self.table.is_empty() {
            return self.entries.iter().position(|(known, _)| *known == name);
        }
        let mask = self.table.len() - 1;
        let mut place = name.number() as usize & mask;
        loop {
            let position = (self.table[place] as usize).checked_sub(1)?;
            if self.entries[position].0 == name {
                return Some(position);
            }
            place = (place + 1) & mask;
        }
    }

    /// Puts a name that is not there yet at the end of the order, and returns its position.
    pub fn push(&mut self, name: Symbol, value: V) -> usize {
        debug_assert!(!self.contains(name), "the name is there already");
        let position = self.entries.len();
        self.entries.push((name, value));
        if position >= LINEAR {
            self.enter(position);
        }
        position
    }

    fn enter(&mut self, position: usize) {
        if self.table.len() < self.entries.len() * 2 {
            return self.rebuild();
        }
        let mask = self.table.len() - 1;
        let mut place = self.entries[position].0.number() as usize & mask;
        while self.table[place] != 0 {
            place = (place + 1) & mask;
        }
        self.table[place] = position as u32 + 1;
    }

    #[inline(never)]
    fn rebuild(&mut self) {
        self.table.clear();
        if self.entries.len() <= LINEAR {
            return;
        }
        self.table.resize((self.entries.len() * 4).next_power_of_two(), 0);
        for position in 0..self.entries.len() {
            self.enter(position);
        }
    }

    pub fn get(&self, name: Symbol) -> Option<&V> {
        self.position(name).map(|position| &self.entries[position].1)
    }

    pub fn get_mut(&mut self, name: Symbol) -> Option<&mut V> {
        self.position(name).map(|position| &mut self.entries[position].1)
    }

    pub fn contains(&self, name: Symbol) -> bool {
        self.position(name).is_some()
    }

    /// The name and the value at a position.
    pub fn at(&self, position: usize) -> Option<(Symbol, &V)> {
        self.entries.get(position).map(|(name, value)| (*name, value))
    }

    /// The value at a position.
    pub fn value_at_mut(&mut self, position: usize) -> Option<&mut V> {
        self.entries.get_mut(position).map(|(_, value)| value)
    }

    /// Sets the value of `name`, at the end of the order if it is new, and returns its position.
    pub fn insert(&mut self, name: Symbol, value: V) -> usize {
        if let Some(position) = self.position(name) {
            self.entries[position].1 = value;
            return position;
        }
        self.push(name, value)
    }

    /// Takes `name` out; the order of the others stays.
    pub fn remove(&mut self, name: Symbol) -> Option<V> {
        let position = self.position(name)?;
        let (_, value) = self.entries.remove(position);
        self.rebuild();
        Some(value)
    }

    pub fn iter(&self) -> impl Iterator<Item = (Symbol, &V)> {
        self.entries.iter().map(|(name, value)| (*name, value))
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = (Symbol, &mut V)> {
        self.entries.iter_mut().map(|(name, value)| (*name, value))
    }

    pub fn names(&self) -> impl Iterator<Item = Symbol> {
        self.entries.iter().map(|(name, _)| *name)
    }

    /// Makes it empty, but keeps its memory.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.table.clear();
    }
}

impl<V: Copy + Default> NameMap<V> {
    /// Where in the order `name` is, and its value, which is the default one if it is new.
    pub fn entry(&mut self, name: Symbol) -> (usize, &mut V) {
        let position = self.position(name).unwrap_or_else(|| self.push(name, V::default()));
        (position, &mut self.entries[position].1)
    }
}

/// A set of names in order of insertion.
#[derive(Clone, Debug, Default)]
pub struct NameSet(NameMap<()>);

impl NameSet {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn contains(&self, name: Symbol) -> bool {
        self.0.contains(name)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Where in the order `name` is.
    pub fn position(&self, name: Symbol) -> Option<usize> {
        self.0.position(name)
    }

    /// Puts `name` in, and returns where in the order it is.
    pub fn place(&mut self, name: Symbol) -> usize {
        self.0.insert(name, ())
    }

    /// Puts a name in that is not there yet, and returns where in the order it is.
    pub fn push(&mut self, name: Symbol) -> usize {
        self.0.push(name, ())
    }

    /// Puts `name` in; true if it is new.
    pub fn insert(&mut self, name: Symbol) -> bool {
        let before = self.0.len();
        self.0.insert(name, ()) == before
    }

    /// Takes `name` out; true if it was there.
    pub fn remove(&mut self, name: Symbol) -> bool {
        self.0.remove(name).is_some()
    }

    pub fn extend(&mut self, other: &NameSet) {
        for name in other.iter() {
            self.insert(name);
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = Symbol> {
        self.0.names()
    }

    /// Makes it empty, but keeps its memory.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}
