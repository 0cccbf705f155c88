//! The ways to fill a dict from something else: `update`, `|=`, `dict(…)`, `fromkeys`, `copy`; and equality, which reads two dicts.

use super::object::Dict;
use super::views::is_exactly_set;
use crate::errors::{AttributeError, KeyError, PyResult, TypeError};
use crate::list::List;
use crate::names;
use crate::protocol;
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Instance as _, Type};

/// What becomes of a key that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicates {
    /// It keeps its value.
    Keep,
    /// It gets the new value.
    Replace,
    /// KeyError with the key, as in `f(**a, **b)`.
    Forbid,
}

/// True if iterating over an instance of `dict` or a subtype gives what the dict itself would give.
pub(super) fn iterates_as_dict(dict: &Dict) -> bool {
    let (own, plain) = (dict.class().slots().tp_iter.get(), Dict::class().slots().tp_iter.get());
    match (own, plain) {
        (Some(own), Some(plain)) => std::ptr::fn_addr_eq(own, plain),
        _ => false,
    }
}

impl Dict {
    /// `PyDict_Merge`: adds all items of a mapping: a dict, or an object with `keys()`.
    pub fn merge(&self, other: &Object, duplicates: Duplicates, thread: &mut Thread) -> PyResult<()> {
        match other.downcast::<Dict>().filter(|it| iterates_as_dict(it)) {
            Some(other) => self.merge_dict(other, duplicates, thread),
            None => self.merge_mapping(other, duplicates, thread),
        }
    }

    fn merge_dict(&self, other: &Dict, duplicates: Duplicates, thread: &mut Thread) -> PyResult<()> {
        if self.is(other) || other.is_empty() || self.adopt_copy(other, thread)? {
            return Ok(());
        }
        let duplicates = if self.is_empty() { Duplicates::Replace } else { duplicates };
        self.reserve(other.length(), other.has_only_strings(), thread)?;
        let length = other.length();
        let mut position = 0;
        while let Some((key, hash, value)) = other.next_with_hash(&mut position, thread) {
            if duplicates == Duplicates::Replace || !self.contains_with_hash(&key, hash, thread)? {
                self.set_with_hash(&key, hash, value, thread)?;
            } else if duplicates == Duplicates::Forbid {
                return Err(thread.raise_with_argument(KeyError, key));
            }
            if other.length() != length {
                return Err(raise!(thread, RuntimeError, "dict mutated during update"));
            }
        }
        Ok(())
    }

    fn merge_mapping(&self, other: &Object, duplicates: Duplicates, thread: &mut Thread) -> PyResult<()> {
        let keys = protocol::call_method(other, &names::keys, &[], thread)?;
        let iterator = keys_iterator(&keys, other, thread)?;
        while let Some(key) = protocol::next(&iterator, thread)? {
            if duplicates != Duplicates::Replace && self.contains(&key, thread)? {
                if duplicates == Duplicates::Forbid {
                    return Err(thread.raise_with_argument(KeyError, key));
                }
                continue;
            }
            let value = protocol::get_item(other, &key, thread)?;
            self.set(&key, &value, thread)?;
        }
        Ok(())
    }

    /// `PyDict_MergeFromSeq2`: adds the pairs of an iterable.
    pub fn merge_pairs(&self, pairs: &Object, duplicates: Duplicates, thread: &mut Thread) -> PyResult<()> {
        let iterator = protocol::iter(pairs, thread)?;
        let mut index = 0;
        while let Some(item) = protocol::next(&iterator, thread)? {
            let (key, value) = pair_of(&item, index, thread)?;
            if duplicates == Duplicates::Replace {
                self.set(&key, &value, thread)?;
            } else {
                self.set_default(&key, &value, thread)?;
            }
            index += 1;
        }
        Ok(())
    }

    /// What `update(source)` and `dict(source)` do: a mapping if it has `keys`, otherwise pairs.
    pub fn update(&self, source: &Object, thread: &mut Thread) -> PyResult<()> {
        if source.is_exactly::<Dict>() {
            return self.merge(source, Duplicates::Replace, thread);
        }
        let keys = protocol::get_attribute(source, &names::keys, thread);
        match thread.suppress(keys, AttributeError)? {
            Some(_) => self.merge(source, Duplicates::Replace, thread),
            None => self.merge_pairs(source, Duplicates::Replace, thread),
        }
    }

    /// `update(*arguments, **keywords)` and `__init__`; `name` stands in messages.
    pub fn update_from_call(
        &self,
        arguments: &[&Object],
        keywords: Option<&Dict>,
        name: &str,
        thread: &mut Thread,
    ) -> PyResult<()> {
        match arguments {
            [] => {}
            [source] => self.update(source, thread)?,
            more => {
                let given = more.len();
                return Err(raise!(thread, TypeError, "{name} expected at most 1 argument, got {given}"));
            }
        }
        let Some(keywords) = keywords else { return Ok(()) };
        check_keywords(keywords, thread)?;
        self.merge(keywords, Duplicates::Replace, thread)
    }

    /// A new dict with the same items.
    pub fn copy(&self, thread: &mut Thread) -> PyResult<Py<Dict>> {
        if iterates_as_dict(self)
            && let Some(copy) = self.duplicate(thread)?
        {
            return Ok(copy);
        }
        let copy = Dict::new(thread);
        copy.merge(self, Duplicates::Replace, thread)?;
        Ok(copy)
    }

    /// `class.fromkeys(keys, value)`.
    pub(super) fn from_keys(class: &Type, keys: &Object, value: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let object = protocol::call(class, &[], thread)?;
        let plain = object.downcast_exact::<Dict>();
        if let (Some(dict), Some(source)) = (plain, keys.downcast_exact::<Dict>()) {
            dict.reserve(source.length(), source.has_only_strings(), thread)?;
            let mut position = 0;
            while let Some((key, hash, _)) = source.next_with_hash(&mut position, thread) {
                dict.set_with_hash(&key, hash, Py::from_ref(value), thread)?;
            }
            return Ok(object);
        }
        if let Some(dict) = plain
            && is_exactly_set(keys, thread)
        {
            dict.reserve(protocol::length(keys, thread)?, false, thread)?;
            let mut position = 0;
            while let Some((key, hash)) = next_of_set(keys, &mut position, thread) {
                dict.set_with_hash(&key, hash, Py::from_ref(value), thread)?;
            }
            return Ok(object);
        }
        let iterator = protocol::iter(keys, thread)?;
        while let Some(key) = protocol::next(&iterator, thread)? {
            match plain {
                Some(dict) => dict.set(&key, value, thread)?,
                None => protocol::set_item(&object, &key, value, thread)?,
            }
        }
        Ok(object)
    }

    /// `self == other`: the same keys with equal values.
    pub fn equals(&self, other: &Dict, thread: &mut Thread) -> PyResult<bool> {
        if self.length() != other.length() {
            return Ok(false);
        }
        let mut position = 0;
        while let Some((key, hash, value)) = self.next_with_hash(&mut position, thread) {
            match other.get_with_hash(&key, hash, thread)? {
                Some(found) if protocol::equals(&value, &found, thread)? => {}
                _ => return Ok(false),
            }
        }
        Ok(true)
    }
}

/// The first key of a set at or after a position, with the hash that the set knows; the position moves behind it.
fn next_of_set(set: &Object, position: &mut usize, thread: &Thread) -> Option<(Py<Object>, isize)> {
    debug_assert!(is_exactly_set(set, thread));
    // SAFETY: the callers pass sets, which have this layout; a set's table has one entry more than its mask says, each with a live object
    // or null as its key. No view of the table is kept.
    unsafe {
        let set = &*set.as_pointer().cast::<layout::PySetObject>();
        while *position <= set.mask.get() as usize {
            let entry = &*set.table.get().add(*position);
            *position += 1;
            if let Some(key) = Object::from_pointer(entry.key.get()) {
                return Some((Py::from_ref(key), entry.hash.get()));
            }
        }
    }
    None
}

/// TypeError unless all keys are strings.
fn check_keywords(keywords: &Dict, thread: &mut Thread) -> PyResult<()> {
    let mut position = 0;
    if !keywords.has_only_strings() {
        while let Some((key, _)) = keywords.next(&mut position, thread) {
            if key.downcast::<Str>().is_none() {
                return Err(raise!(thread, TypeError, "keywords must be strings"));
            }
        }
    }
    Ok(())
}

/// An iterator over what `mapping.keys()` gave.
fn keys_iterator(keys: &Object, mapping: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let iterator = protocol::iter(keys, thread);
    match thread.suppress(iterator, TypeError)? {
        Some(iterator) => Ok(iterator),
        None => {
            let (class, found) = (mapping.class().full_name(), keys.class().full_name());
            Err(raise!(thread, TypeError, "{class}.keys() returned a non-iterable (type {found})"))
        }
    }
}

/// The two items of element number `index` of a sequence of pairs.
fn pair_of(item: &Object, index: usize, thread: &mut Thread) -> PyResult<(Py<Object>, Py<Object>)> {
    let items = if let Some(tuple) = item.downcast::<Tuple>() {
        tuple.items().to_vec()
    } else if let Some(list) = item.downcast::<List>() {
        list.snapshot(thread)
    } else {
        match collect_pair(item, thread) {
            Ok(items) => items,
            Err(raised) if thread.raised_is(TypeError) => {
                let exception = thread.catch(raised);
                let note = format!("Cannot convert dictionary update sequence element #{index} to a sequence");
                let note = Str::from_str(&note, thread);
                let add_note = Str::from_str("add_note", thread);
                protocol::call_method(&exception, &add_note, &[&note], thread)?;
                return Err(thread.set_exception(exception));
            }
            Err(raised) => return Err(raised),
        }
    };
    match <[Py<Object>; 2]>::try_from(items) {
        Ok([key, value]) => Ok((key, value)),
        Err(items) => {
            let length = items.len();
            Err(raise!(
                thread,
                ValueError,
                "dictionary update sequence element #{index} has length {length}; 2 is required"
            ))
        }
    }
}

fn collect_pair(item: &Object, thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
    let iterator = protocol::iter(item, thread);
    let Some(iterator) = thread.suppress(iterator, TypeError)? else {
        return Err(raise!(thread, TypeError, "object is not iterable"));
    };
    protocol::collect(&iterator, thread)
}
