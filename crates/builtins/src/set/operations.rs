//! The operations on sets, for both kinds: update, union, intersection, differences, comparisons.
//!
//! New sets are instances of `set` or `frozenset` themselves, whatever subtype the operands are of. What runs Python code may change any set at
//! any time: all loops go by position.

use objects::dict::Dict;
use objects::errors::{PyResult, TypeError};
use objects::protocol;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::types::{Instance as _, Type};

use super::methods::{FrozenSet, Set};
use super::object::{SetObject, hash_element};

/// A key of an operand, with its hash.
type Key = (Py<Object>, isize);

/// The keys of an operand of an operation: of a set or a dict with the hashes that they know, of anything else by iterating.
enum Keys<'o> {
    Set(&'o SetObject, usize),
    Dict(&'o Dict, usize),
    Iterator(Py<Object>),
}

impl<'o> Keys<'o> {
    fn of(operand: &'o Object, thread: &mut Thread) -> PyResult<Self> {
        if let Some(set) = SetObject::of(operand) {
            return Ok(Keys::Set(set, 0));
        }
        match operand.downcast_exact::<Dict>() {
            Some(dict) => Ok(Keys::Dict(dict, 0)),
            None => protocol::iter(operand, thread).map(Keys::Iterator),
        }
    }

    fn next(&mut self, thread: &mut Thread) -> PyResult<Option<Key>> {
        match self {
            Keys::Set(set, position) => Ok(set.next(position, thread)),
            Keys::Dict(dict, position) => Ok(dict.next_with_hash(position, thread).map(|(key, hash, _)| (key, hash))),
            Keys::Iterator(iterator) => match protocol::next(iterator, thread)? {
                Some(key) => {
                    let hash = hash_element(&key, thread)?;
                    Ok(Some((key, hash)))
                }
                None => Ok(None),
            },
        }
    }
}

impl SetObject {
    /// A new instance of `class` with the keys of an iterable.
    pub fn from_iterable(class: &Type, iterable: Option<&Object>, thread: &mut Thread) -> PyResult<Py<SetObject>> {
        let set = Self::new_in(class, thread)?;
        if let Some(iterable) = iterable {
            set.update(iterable, thread)?;
        }
        Ok(set)
    }

    /// A new `set` or `frozenset` with the same keys.
    pub fn duplicate(&self, thread: &mut Thread) -> PyResult<Py<SetObject>> {
        Self::from_iterable(self.base_class(), Some(self), thread)
    }

    /// Adds all keys of an iterable.
    pub fn update(&self, other: &Object, thread: &mut Thread) -> PyResult<()> {
        if let Some(other) = SetObject::of(other) {
            return self.merge(other, thread);
        }
        if let Some(dict) = other.downcast_exact::<Dict>() {
            self.reserve(dict.length(), thread)?;
        }
        let mut keys = Keys::of(other, thread)?;
        while let Some((key, hash)) = keys.next(thread)? {
            self.add_with_hash(key, hash, thread)?;
        }
        Ok(())
    }

    pub fn union(&self, others: &[&Object], thread: &mut Thread) -> PyResult<Py<SetObject>> {
        let result = self.duplicate(thread)?;
        for other in others.iter().filter(|it| !self.is(it)) {
            result.update(other, thread)?;
        }
        Ok(result)
    }

    fn intersection_with(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<SetObject>> {
        if self.is(other) {
            return self.duplicate(thread);
        }
        let result = Self::new_in(self.base_class(), thread)?;
        let other_set = SetObject::of(other);
        // The smaller one is gone through.
        let (container, operand) = match other_set {
            Some(set) if set.length() > self.length() => (set, self as &Object),
            _ => (self, other),
        };
        let mut keys = match SetObject::of(operand) {
            Some(set) => Keys::Set(set, 0),
            None => Keys::Iterator(protocol::iter(operand, thread)?),
        };
        let all_of_set = matches!(keys, Keys::Set(..));
        loop {
            let next = match &mut keys {
                // Here alone the message of what can't be hashed stays as it is.
                Keys::Iterator(iterator) => match protocol::next(iterator, thread)? {
                    Some(key) => {
                        let hash = protocol::hash(&key, thread)?;
                        Some((key, hash))
                    }
                    None => None,
                },
                keys => keys.next(thread)?,
            };
            let Some((key, hash)) = next else { break };
            if container.contains_with_hash(&key, hash, thread)? {
                result.add_with_hash(key, hash, thread)?;
                // An iterator is left alone as soon as nothing more can come of it.
                if !all_of_set && result.length() >= self.length() {
                    break;
                }
            }
        }
        Ok(result)
    }

    pub fn intersection(&self, others: &[&Object], thread: &mut Thread) -> PyResult<Py<SetObject>> {
        let Some((first, rest)) = others.split_first() else { return self.duplicate(thread) };
        let mut result = self.intersection_with(first, thread)?;
        for other in rest {
            result = result.intersection_with(other, thread)?;
        }
        Ok(result)
    }

    pub fn intersection_update(&self, others: &[&Object], thread: &mut Thread) -> PyResult<()> {
        let result = self.intersection(others, thread)?;
        self.take_contents(&result, thread);
        Ok(())
    }

    pub fn is_disjoint(&self, other: &Object, thread: &mut Thread) -> PyResult<bool> {
        if self.is(other) {
            return Ok(self.length() == 0);
        }
        let (container, operand) = match SetObject::of_exact(other) {
            Some(set) if set.length() > self.length() => (set, self as &Object),
            _ => (self, other),
        };
        let mut keys = match SetObject::of(operand) {
            Some(set) => Keys::Set(set, 0),
            None => Keys::Iterator(protocol::iter(operand, thread)?),
        };
        while let Some((key, hash)) = keys.next(thread)? {
            if container.contains_with_hash(&key, hash, thread)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub fn difference_update(&self, other: &Object, thread: &mut Thread) -> PyResult<()> {
        if self.is(other) {
            self.clear(thread);
            return Ok(());
        }
        let small;
        let mut keys = match SetObject::of(other) {
            // A much larger set is first reduced to what both have.
            Some(set) if set.length() >> 3 > self.length() => {
                small = self.intersection_with(set, thread)?;
                Keys::Set(&small, 0)
            }
            Some(set) => Keys::Set(set, 0),
            None => Keys::Iterator(protocol::iter(other, thread)?),
        };
        while let Some((key, hash)) = keys.next(thread)? {
            self.discard_with_hash(&key, hash, thread)?;
        }
        self.tidy(thread)
    }

    fn difference_with(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<SetObject>> {
        let (set, dict) = (SetObject::of(other), other.downcast_exact::<Dict>());
        let size = set.map(SetObject::length).or_else(|| dict.map(Dict::length));
        if size.is_none_or(|size| self.length() >> 2 > size) {
            let result = self.duplicate(thread)?;
            result.difference_update(other, thread)?;
            return Ok(result);
        }
        let result = Self::new_in(self.base_class(), thread)?;
        let mut position = 0;
        while let Some((key, hash)) = self.next(&mut position, thread) {
            let there = match (set, dict) {
                (Some(set), _) => set.contains_with_hash(&key, hash, thread)?,
                (None, Some(dict)) => dict.contains_with_hash(&key, hash, thread)?,
                (None, None) => false,
            };
            if !there {
                result.add_with_hash(key, hash, thread)?;
            }
        }
        Ok(result)
    }

    pub fn difference(&self, others: &[&Object], thread: &mut Thread) -> PyResult<Py<SetObject>> {
        let Some((first, rest)) = others.split_first() else { return self.duplicate(thread) };
        let result = self.difference_with(first, thread)?;
        for other in rest {
            result.difference_update(other, thread)?;
        }
        Ok(result)
    }

    pub fn symmetric_difference_update(&self, other: &Object, thread: &mut Thread) -> PyResult<()> {
        if self.is(other) {
            self.clear(thread);
            return Ok(());
        }
        let own;
        let mut keys = if let Some(set) = SetObject::of(other) {
            Keys::Set(set, 0)
        } else if other.downcast_exact::<Dict>().is_some() {
            Keys::of(other, thread)?
        } else {
            own = Self::from_iterable(self.base_class(), Some(other), thread)?;
            Keys::Set(&own, 0)
        };
        while let Some((key, hash)) = keys.next(thread)? {
            if !self.discard_with_hash(&key, hash, thread)? {
                self.add_with_hash(key, hash, thread)?;
            }
        }
        Ok(())
    }

    pub fn symmetric_difference(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<SetObject>> {
        let result = Self::from_iterable(self.base_class(), Some(other), thread)?;
        result.symmetric_difference_update(self, thread)?;
        Ok(result)
    }

    /// True if all keys are in another set.
    fn is_subset_of(&self, other: &SetObject, thread: &mut Thread) -> PyResult<bool> {
        if self.length() > other.length() {
            return Ok(false);
        }
        let mut position = 0;
        while let Some((key, hash)) = self.next(&mut position, thread) {
            if !other.contains_with_hash(&key, hash, thread)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub fn is_subset(&self, other: &Object, thread: &mut Thread) -> PyResult<bool> {
        match SetObject::of(other) {
            Some(other) => self.is_subset_of(other, thread),
            None => {
                let common = self.intersection_with(other, thread)?;
                Ok(common.length() == self.length())
            }
        }
    }

    pub fn is_superset(&self, other: &Object, thread: &mut Thread) -> PyResult<bool> {
        if let Some(other) = SetObject::of(other) {
            return other.is_subset_of(self, thread);
        }
        let mut keys = Keys::Iterator(protocol::iter(other, thread)?);
        while let Some((key, hash)) = keys.next(thread)? {
            if !self.contains_with_hash(&key, hash, thread)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub fn equals(&self, other: &SetObject, thread: &mut Thread) -> PyResult<bool> {
        if self.length() != other.length() {
            return Ok(false);
        }
        if let (Some(own), Some(others)) = (self.known_hash(), other.known_hash())
            && own != others
        {
            return Ok(false);
        }
        self.is_subset_of(other, thread)
    }

    /// The key to search for and its hash: a set, which has none, stands for the frozenset of its keys.
    fn searchable(key: &Object, thread: &mut Thread) -> PyResult<Key> {
        let result = hash_element(key, thread);
        if result.is_ok() || key.downcast::<Set>().is_none() {
            return result.map(|hash| (Py::from_ref(key), hash));
        }
        match thread.suppress(result, TypeError)? {
            Some(hash) => Ok((Py::from_ref(key), hash)),
            None => {
                let frozen = Self::from_iterable(FrozenSet::class(), Some(key), thread)?;
                let hash = frozen.hash_keys(thread);
                Ok((frozen.into_object(), hash))
            }
        }
    }

    /// `key in set`.
    pub fn contains(&self, key: &Object, thread: &mut Thread) -> PyResult<bool> {
        let (key, hash) = Self::searchable(key, thread)?;
        self.contains_with_hash(&key, hash, thread)
    }

    /// Removes a key; false if it is not there.
    pub fn discard(&self, key: &Object, thread: &mut Thread) -> PyResult<bool> {
        let (key, hash) = Self::searchable(key, thread)?;
        self.discard_with_hash(&key, hash, thread)
    }

    /// The hash of a frozenset: the same numbers as CPython's, whatever the order of the keys.
    pub fn hash_keys(&self, thread: &Thread) -> isize {
        if let Some(hash) = self.known_hash() {
            return hash;
        }
        let mut hash = (self.length() as u64 + 1).wrapping_mul(1_927_868_237);
        let mut position = 0;
        while let Some((_, key)) = self.next(&mut position, thread) {
            let key = key as u64;
            hash ^= ((key ^ 89_869_747) ^ (key << 16)).wrapping_mul(3_644_798_167);
        }
        hash ^= (hash >> 11) ^ (hash >> 25);
        hash = hash.wrapping_mul(69_069).wrapping_add(907_133_923);
        let hash = if hash == u64::MAX { 590_923_713 } else { hash as isize };
        self.remember_hash(hash);
        hash
    }
}
