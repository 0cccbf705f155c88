//! Writing tuples, lists, dicts and sets, in batches between marks.
//!
//! A container may change while its items are written, since that may run Python code: items are taken one at a time.

use builtins::set::SetObject;
use objects::dict::Dict;
use objects::errors::{PyResult, Raised};
use objects::list::List;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Type;

use super::notes;
use super::opcodes::*;
use super::pickler::Pickler;

/// So deep may containers be nested in fast mode before cycles are looked for.
const FAST_NESTING_LIMIT: i32 = 50;

/// Notes the index of the item that was being written.
#[cold]
fn note_item(raised: Raised, owner: &Object, index: usize, thread: &mut Thread) -> Raised {
    notes::add_part(raised, owner, &format!("item {index}"), thread)
}

// Fast mode: there is no memo, so cycles have to be found in another way.
impl Pickler {
    #[cold]
    pub(super) fn save_compound_fast(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        let nesting = self.fast_nesting.get() + 1;
        self.fast_nesting.set(nesting);
        if nesting < FAST_NESTING_LIMIT {
            let saved = self.save_compound(object, thread);
            self.fast_nesting.set(nesting - 1);
            return saved;
        }
        let memo = match self.fast_memo.get() {
            Some(memo) => memo,
            None => {
                let memo = Dict::new(thread);
                self.fast_memo.set(Some(memo.clone()));
                memo
            }
        };
        let key = protocol::make_int(object.address() as i128, thread);
        if memo.contains(&key, thread)? {
            self.fast_nesting.set(nesting - 1);
            let (class, address) = (object.class().full_name(), object.address());
            return Err(raise!(
                thread,
                ValueError,
                "fast mode: can't pickle cyclic objects including object type {class} at {address:#x}"
            ));
        }
        let none = thread.none();
        memo.set(&key, &none, thread)?;
        let saved = self.save_compound(object, thread);
        self.fast_nesting.set(nesting - 1);
        match saved {
            Ok(()) => memo.delete(&key, thread).map(drop),
            Err(raised) => {
                let exception = thread.catch(raised);
                memo.delete(&key, thread)?;
                Err(thread.reraise(exception))
            }
        }
    }
}

// Tuples.
impl Pickler {
    pub(super) fn save_tuple(&self, tuple: &Tuple, thread: &mut Thread) -> PyResult<()> {
        let length = tuple.length();
        let protocol = self.protocol.get();
        if length == 0 {
            match self.is_binary() {
                true => self.push(EMPTY_TUPLE, thread),
                false => self.write(&[MARK, TUPLE], thread),
            }
            return Ok(());
        }
        let short = if protocol >= 2 { [TUPLE1, TUPLE2, TUPLE3].get(length - 1) } else { None };
        if short.is_none() {
            self.push(MARK, thread);
        }
        for (index, item) in tuple.items().iter().enumerate() {
            if let Err(raised) = self.save(item, thread) {
                return Err(note_item(raised, tuple, index, thread));
            }
        }
        // Writing the items has written the tuple itself if it is part of a cycle: the items are thrown away then.
        if let Some(number) = self.memo_number(tuple, thread) {
            match (short, self.is_binary()) {
                (Some(_), _) => self.write(&vec![POP; length], thread),
                (None, true) => self.push(POP_MARK, thread),
                (None, false) => self.write(&vec![POP; length + 1], thread),
            }
            return self.write_get(number, thread);
        }
        self.push(short.copied().unwrap_or(TUPLE), thread);
        self.memoize(tuple, thread)
    }
}

// Lists.
impl Pickler {
    pub(super) fn save_list(&self, list: &List, thread: &mut Thread) -> PyResult<()> {
        match self.is_binary() {
            true => self.push(EMPTY_LIST, thread),
            false => self.write(&[MARK, LIST], thread),
        }
        self.memoize(list, thread)?;
        if list.length() == 0 {
            return Ok(());
        }
        if self.protocol.get() > 0 {
            return self.save_list_items(list, thread);
        }
        let iterator = protocol::iter(list, thread)?;
        self.save_appended(&iterator, list, thread)
    }

    /// The items of an exact list, in batches.
    fn save_list_items(&self, list: &List, thread: &mut Thread) -> PyResult<()> {
        let save_item = |index: usize, thread: &mut Thread| -> PyResult<bool> {
            let Some(item) = list.get(index, thread) else { return Ok(false) };
            let saved = self.save(&item, thread);
            item.release(thread);
            match saved {
                Ok(()) => Ok(true),
                Err(raised) => Err(note_item(raised, list, index, thread)),
            }
        };
        if list.length() == 1 {
            save_item(0, thread)?;
            self.push(APPEND, thread);
            return Ok(());
        }
        let mut index = 0;
        loop {
            self.push(MARK, thread);
            let end = index + BATCH_SIZE;
            while index < end && save_item(index, thread)? {
                index += 1;
            }
            self.push(APPENDS, thread);
            if index >= list.length() {
                return Ok(());
            }
        }
    }

    /// What an iterator gives, appended to the object on top of the stack.
    pub(super) fn save_appended(&self, iterator: &Object, owner: &Object, thread: &mut Thread) -> PyResult<()> {
        let mut index = 0;
        let mut save_item = |item: Py<Object>, thread: &mut Thread| -> PyResult<()> {
            if let Err(raised) = self.save(&item, thread) {
                return Err(note_item(raised, owner, index, thread));
            }
            index += 1;
            Ok(())
        };
        if self.protocol.get() == 0 {
            while let Some(item) = protocol::next(iterator, thread)? {
                save_item(item, thread)?;
                self.push(APPEND, thread);
            }
            return Ok(());
        }
        loop {
            let Some(first) = protocol::next(iterator, thread)? else { return Ok(()) };
            let Some(second) = protocol::next(iterator, thread)? else {
                save_item(first, thread)?;
                self.push(APPEND, thread);
                return Ok(());
            };
            self.push(MARK, thread);
            save_item(first, thread)?;
            let (mut next, mut count) = (Some(second), 1);
            while let Some(item) = next.take() {
                save_item(item, thread)?;
                count += 1;
                if count == BATCH_SIZE {
                    break;
                }
                next = protocol::next(iterator, thread)?;
            }
            self.push(APPENDS, thread);
            if count != BATCH_SIZE {
                return Ok(());
            }
        }
    }
}

/// The parts of what an iterator over items gives.
fn key_and_value(pair: &Object, thread: &mut Thread) -> PyResult<(Py<Object>, Py<Object>)> {
    match pair.downcast::<Tuple>().map(Tuple::items) {
        Some([key, value]) => Ok((key.clone(), value.clone())),
        _ => Err(raise!(thread, TypeError, "dict items iterator must return 2-tuples")),
    }
}

// Dicts.
impl Pickler {
    pub(super) fn save_dict(&self, dict: &Dict, thread: &mut Thread) -> PyResult<()> {
        match self.is_binary() {
            true => self.push(EMPTY_DICT, thread),
            false => self.write(&[MARK, DICT], thread),
        }
        self.memoize(dict, thread)?;
        if dict.is_empty() {
            return Ok(());
        }
        if self.protocol.get() > 0 {
            return self.save_dict_items(dict, thread);
        }
        let items = protocol::call_method(dict, &objects::names::items, &[], thread)?;
        let iterator = protocol::iter(&items, thread)?;
        self.save_set_items(&iterator, dict, thread)
    }

    fn save_pair(&self, key: &Object, value: &Object, owner: &Object, thread: &mut Thread) -> PyResult<()> {
        self.save(key, thread)?;
        match self.save(value, thread) {
            Ok(()) => Ok(()),
            Err(raised) => Err(notes::add_key(raised, owner, key, thread)),
        }
    }

    /// The items of an exact dict, in batches.
    fn save_dict_items(&self, dict: &Dict, thread: &mut Thread) -> PyResult<()> {
        let mut position = 0;
        let length = dict.length();
        let mut save_item = |thread: &mut Thread| -> PyResult<bool> {
            let Some((key, value)) = dict.next(&mut position, thread) else { return Ok(false) };
            let saved = self.save_pair(&key, &value, dict, thread);
            key.release(thread);
            value.release(thread);
            saved.map(|()| true)
        };
        if length == 1 {
            save_item(thread)?;
            self.push(SETITEM, thread);
            return Ok(());
        }
        loop {
            self.push(MARK, thread);
            let mut count = 0;
            while count < BATCH_SIZE && save_item(thread)? {
                count += 1;
            }
            self.push(SETITEMS, thread);
            if dict.length() != length {
                return Err(raise!(thread, RuntimeError, "dictionary changed size during iteration"));
            }
            if count < BATCH_SIZE {
                return Ok(());
            }
        }
    }

    /// The pairs that an iterator gives, as items of the object on top of the stack.
    pub(super) fn save_set_items(&self, iterator: &Object, owner: &Object, thread: &mut Thread) -> PyResult<()> {
        let save_item = |pair: Py<Object>, thread: &mut Thread| -> PyResult<()> {
            let (key, value) = key_and_value(&pair, thread)?;
            self.save_pair(&key, &value, owner, thread)
        };
        if self.protocol.get() == 0 {
            while let Some(pair) = protocol::next(iterator, thread)? {
                save_item(pair, thread)?;
                self.push(SETITEM, thread);
            }
            return Ok(());
        }
        loop {
            let Some(first) = protocol::next(iterator, thread)? else { return Ok(()) };
            key_and_value(&first, thread)?;
            let Some(second) = protocol::next(iterator, thread)? else {
                save_item(first, thread)?;
                self.push(SETITEM, thread);
                return Ok(());
            };
            self.push(MARK, thread);
            save_item(first, thread)?;
            let (mut next, mut count) = (Some(second), 1);
            while let Some(pair) = next.take() {
                save_item(pair, thread)?;
                count += 1;
                if count == BATCH_SIZE {
                    break;
                }
                next = protocol::next(iterator, thread)?;
            }
            self.push(SETITEMS, thread);
            if count != BATCH_SIZE {
                return Ok(());
            }
        }
    }
}

// Sets.
impl Pickler {
    pub(super) fn save_set(&self, set: &SetObject, thread: &mut Thread) -> PyResult<()> {
        if self.protocol.get() < 4 {
            return self.save_set_as_list(set, thread);
        }
        self.push(EMPTY_SET, thread);
        self.memoize(set, thread)?;
        let length = set.length();
        if length == 0 {
            return Ok(());
        }
        let mut position = 0;
        loop {
            self.push(MARK, thread);
            let mut count = 0;
            while count < BATCH_SIZE
                && let Some((item, _)) = set.next(&mut position, thread)
            {
                self.save_element(&item, set, thread)?;
                count += 1;
            }
            self.push(ADDITEMS, thread);
            if set.length() != length {
                return Err(raise!(thread, RuntimeError, "set changed size during iteration"));
            }
            if count < BATCH_SIZE {
                return Ok(());
            }
        }
    }

    fn save_element(&self, item: &Object, set: &SetObject, thread: &mut Thread) -> PyResult<()> {
        self.save(item, thread).map_err(|raised| notes::add_part(raised, set, "element", thread))
    }

    pub(super) fn save_frozenset(&self, set: &SetObject, thread: &mut Thread) -> PyResult<()> {
        if self.protocol.get() < 4 {
            return self.save_set_as_list(set, thread);
        }
        self.push(MARK, thread);
        let mut position = 0;
        while let Some((item, _)) = set.next(&mut position, thread) {
            self.save_element(&item, set, thread)?;
        }
        if let Some(number) = self.memo_number(set, thread) {
            self.push(POP_MARK, thread);
            return self.write_get(number, thread);
        }
        self.push(FROZENSET, thread);
        self.memoize(set, thread)
    }

    /// Before protocol 4, sets are calls of their type with a list.
    fn save_set_as_list(&self, set: &SetObject, thread: &mut Thread) -> PyResult<()> {
        let list = protocol::to_list(set, thread)?.into_object();
        let arguments = Tuple::new(vec![list], thread)?.into_object();
        let class: &Type = set.class();
        let parts = Tuple::new(vec![Py::from_ref(class).into_object(), arguments], thread)?;
        self.save_reduced(&parts, Some(set), thread)
    }
}
