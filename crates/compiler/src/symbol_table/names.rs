//! `NameMap` and `NameSet`: tables of names that remember the order in which names came.
//!
//! The symbol table, the code generator and the passes that number names all need the order of CPython's dicts, since
//! it decides the numbers of variables.

use syntax::interner::Symbol;

use crate::numbering::Numbering;

/// A map from names to values in order of insertion.
#[derive(Clone, Debug)]
pub struct NameMap<V> {
    entries: Vec<(Symbol, V)>,
    numbering: Numbering,
}

impl<V> Default for NameMap<V> {
    fn default() -> Self {
        Self { entries: Vec::new(), numbering: Numbering::default() }
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
    pub fn position(&self, name: Symbol) -> Option<usize> {
        if self.entries.is_empty() {
            return None;
        }
        self.numbering.find(name.number(), |_| true)
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
        self.entries.push((name, value));
        self.numbering.push(name.number())
    }

    /// Takes `name` out; the order of the others stays.
    pub fn remove(&mut self, name: Symbol) -> Option<V> {
        let position = self.position(name)?;
        self.numbering.remove(position);
        Some(self.entries.remove(position).1)
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
        self.numbering.clear();
    }
}

impl<V: Copy + Default> NameMap<V> {
    /// The value of `name`, which is the default one if it is new.
    pub fn entry(&mut self, name: Symbol) -> &mut V {
        let position = self.position(name).unwrap_or_else(|| {
            self.entries.push((name, V::default()));
            self.numbering.push(name.number())
        });
        &mut self.entries[position].1
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
