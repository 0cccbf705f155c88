//! The object: a dict, and the order of its keys beside it.
//!
//! What is done by the methods of ordered dicts keeps the two in step. The methods of plain dicts know nothing of the order: a key that
//! they remove is missed when its turn comes (KeyError), as in CPython.

use std::cell::Cell;

use layout::PyObject;
use macros::Instance;
use objects::dict::Dict;
use objects::errors::{KeyError, PyResult, Raised};
use objects::gc::{Traverse, Visitor};
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Guarded, Object, Py};
use objects::thread::Thread;

use super::order::Order;

/// The order; none before the first key.
#[derive(Default)]
struct OrderPlace(Option<Box<Order>>);

impl Traverse for OrderPlace {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        if let Some(order) = &self.0 {
            order.traverse(visitor);
        }
    }

    fn clear(&self) {}
}

/// Makes the object as large as CPython's, which `__sizeof__` shows.
#[repr(C)]
struct Padding([u64; 5]);

impl Traverse for Padding {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

#[derive(Instance)]
#[repr(C)]
pub struct OrderedDict {
    pub(super) dict: Dict,
    order: Guarded<OrderPlace>,
    padding: Padding,
    /// The instance's `__dict__`.
    pub(super) attributes: Field<Dict>,
    pub(super) weak_references: Cell<*mut PyObject>,
}

const _: () = assert!(size_of::<OrderedDict>() == 112);

/// Bytes of a node of CPython's list, for `__sizeof__`.
const NODE_SIZE: usize = 32;

#[cold]
pub(super) fn raise_mutated(thread: &mut Thread) -> Raised {
    raise!(thread, RuntimeError, "OrderedDict mutated during iteration")
}

#[cold]
pub(super) fn raise_missing(key: &Object, thread: &mut Thread) -> Raised {
    thread.raise_with_argument(KeyError, Py::from_ref(key))
}

// Reading.
impl OrderedDict {
    pub fn length(&self) -> usize {
        self.dict.length()
    }

    /// Something of the order; nothing where there is none yet.
    pub(super) fn look<T>(&self, thread: &Thread, look: impl FnOnce(&Order) -> Option<T>) -> Option<T> {
        self.order.get(thread).0.as_deref().and_then(look)
    }

    /// Counts changes of the order.
    pub(super) fn state(&self, thread: &Thread) -> usize {
        self.look(thread, |order| Some(order.state())).unwrap_or(0)
    }

    /// Where an iteration begins.
    pub(super) fn start(&self, backwards: bool, thread: &Thread) -> Option<usize> {
        self.look(thread, |order| order.start(backwards))
    }

    pub(super) fn key(&self, node: usize, thread: &Thread) -> Option<Py<Object>> {
        self.look(thread, |order| order.key(node).cloned())
    }

    pub(super) fn neighbour(&self, node: usize, backwards: bool, thread: &Thread) -> Option<usize> {
        self.look(thread, |order| order.neighbour(node, backwards))
    }

    /// `dict[key]` of the dict itself, KeyError if there is no such key.
    pub(super) fn value_of(&self, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        match self.dict.get(key, thread)? {
            Some(value) => Ok(value),
            None => Err(raise_missing(key, thread)),
        }
    }

    /// Calls `each` with every key in order; RuntimeError if that changes the order.
    pub(super) fn for_each_key(
        &self,
        thread: &mut Thread,
        mut each: impl FnMut(&Object, isize, &mut Thread) -> PyResult<()>,
    ) -> PyResult<()> {
        let state = self.state(thread);
        let mut node = self.start(false, thread);
        while let Some(index) = node {
            let Some((key, hash)) = self.look(thread, |it| Some((it.key(index)?.clone(), it.hash(index)))) else {
                break;
            };
            each(&key, hash, thread)?;
            if self.state(thread) != state {
                return Err(raise_mutated(thread));
            }
            node = self.neighbour(index, false, thread);
        }
        Ok(())
    }

    /// True if two ordered dicts with equal items have them in the same order.
    pub(super) fn has_same_order(&self, other: &OrderedDict, thread: &mut Thread) -> PyResult<bool> {
        let states = (self.state(thread), other.state(thread));
        let (mut left, mut right) = (self.start(false, thread), other.start(false, thread));
        loop {
            let (Some(own), Some(theirs)) = (left, right) else { return Ok(left.is_none() && right.is_none()) };
            let (Some(key), Some(other_key)) = (self.key(own, thread), other.key(theirs, thread)) else {
                return Ok(false);
            };
            let equal = protocol::equals(&key, &other_key, thread)?;
            if (self.state(thread), other.state(thread)) != states {
                return Err(raise_mutated(thread));
            }
            if !equal {
                return Ok(false);
            }
            left = self.neighbour(own, false, thread);
            right = other.neighbour(theirs, false, thread);
        }
    }

    /// Bytes that the object takes, as `__sizeof__` counts them.
    pub(super) fn size_in_bytes(&self, thread: &Thread) -> usize {
        let nodes = self.look(thread, |order| Some(order.length())).unwrap_or(0);
        let places = self.dict.hash_slots(thread) * size_of::<usize>();
        self.dict.size_in_bytes(thread) + places + nodes * NODE_SIZE
    }
}

// Changing.
impl OrderedDict {
    /// Changes the order.
    fn change<T>(&self, thread: &mut Thread, change: impl FnOnce(&mut Order) -> T) -> T {
        change(self.order.get_mut(thread).0.get_or_insert_default())
    }

    /// `self[key] = value`; a new key is the last.
    pub fn set(&self, key: &Object, value: &Object, thread: &mut Thread) -> PyResult<()> {
        let hash = protocol::hash(key, thread)?;
        self.set_with_hash(key, hash, Py::from_ref(value), thread)
    }

    pub(super) fn set_with_hash(
        &self,
        key: &Object,
        hash: isize,
        value: Py<Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        self.dict.set_with_hash(key, hash, value, thread)?;
        // The dict may have had an equal key before.
        let Some((key, value)) = self.dict.entry_with_hash(key, hash, thread)? else { return Ok(()) };
        drop(value);
        self.change(thread, |order| order.add(key, hash));
        Ok(())
    }

    /// `del self[key]`.
    pub fn delete(&self, key: &Object, thread: &mut Thread) -> PyResult<()> {
        let hash = protocol::hash(key, thread)?;
        self.forget(key, hash, thread)?;
        match self.dict.pop_with_hash(key, hash, thread)? {
            Some(value) => {
                value.release(thread);
                Ok(())
            }
            None => Err(raise_missing(key, thread)),
        }
    }

    /// Takes a key out of the order.
    fn forget(&self, key: &Object, hash: isize, thread: &mut Thread) -> PyResult<()> {
        let Some((known, value)) = self.dict.entry_with_hash(key, hash, thread)? else { return Ok(()) };
        drop(value);
        let node = self.look(thread, |order| order.find(&known, hash));
        if let Some(node) = node {
            let removed = self.change(thread, |order| order.remove(node));
            drop(removed);
        }
        Ok(())
    }

    /// `pop(key)`; None if there is no such key.
    pub(super) fn take(&self, key: &Object, hash: isize, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        self.forget(key, hash, thread)?;
        self.dict.pop_with_hash(key, hash, thread)
    }

    /// The key at an end, with its hash.
    pub(super) fn end_key(&self, last: bool, thread: &Thread) -> Option<(Py<Object>, isize)> {
        self.look(thread, |order| {
            let node = order.start(last)?;
            Some((order.key(node)?.clone(), order.hash(node)))
        })
    }

    /// Moves a key to an end.
    pub(super) fn move_key(&self, key: &Object, last: bool, thread: &mut Thread) -> PyResult<()> {
        let end = self.start(last, thread);
        let Some(end) = end else { return Err(raise_missing(key, thread)) };
        if self.key(end, thread).is_some_and(|it| it.is(key)) {
            return Ok(());
        }
        let hash = protocol::hash(key, thread)?;
        let known = self.dict.entry_with_hash(key, hash, thread)?;
        let node = known.and_then(|(known, _)| self.look(thread, |order| order.find(&known, hash)));
        let Some(node) = node else { return Err(raise_missing(key, thread)) };
        if self.start(last, thread) != Some(node) {
            self.change(thread, |order| order.move_to_end(node, last));
        }
        Ok(())
    }

    /// `clear()`.
    pub fn clear_all(&self, thread: &mut Thread) {
        self.dict.clear(thread);
        let keys = self.change(thread, Order::take_all);
        drop(keys);
        thread.reap();
    }
}
