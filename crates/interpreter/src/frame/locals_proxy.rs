//! `FrameLocalsProxy`: what `frame.f_locals` gives for functions, a mapping that reads and writes the frame's variables (PEP 667).
//!
//! The methods behave as CPython's (`Objects/frameobject.c`); names that are no variables of the code live in a dict of the frame object.

use bytecode::code_flags::{CO_FAST_CELL, CO_FAST_FREE, CO_FAST_HIDDEN};
use macros::{Instance, python_type};
use objects::cell::Cell;
use objects::dict::Dict;
use objects::errors::{KeyError, PyResult};
use objects::list::List;
use objects::object::BaseObject;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::{Frame, FrameObject};
use crate::stack_ref::StackRef;

/// A view of a frame's variables.
#[derive(Instance)]
#[repr(C)]
pub struct FrameLocalsProxy {
    header: Header,
    frame: Py<FrameObject>,
}

/// The value of a variable: what is in its cell, if it has one.
pub fn variable(frame: &Frame, index: usize) -> Option<Py<Object>> {
    let kind = frame.code().locals_plus_kinds().as_slice()[index];
    let slot = frame.local(index);
    match slot.as_option() {
        // Before the instruction that makes the cell, an argument lies there as it came.
        Some(value) if kind & (CO_FAST_CELL | CO_FAST_FREE) != 0 => match value.downcast_exact::<Cell>() {
            Some(cell) => cell.get(),
            None => Some(Py::from_ref(value)),
        },
        value => value.map(Py::from_ref),
    }
}

const CANNOT_REMOVE: &str = "cannot remove local variables from FrameLocalsProxy";

impl FrameLocalsProxy {
    pub(super) fn new(frame: Py<FrameObject>, thread: &mut Thread) -> Py<FrameLocalsProxy> {
        let header = Header::new(Self::class());
        Py::new(Self { header, frame }, thread)
    }

    /// The slot of a variable that can be read (one with a value) or written (one that the code's text names) under this key.
    fn slot(&self, key: &Object, read: bool, thread: &mut Thread) -> PyResult<Option<usize>> {
        // A key that cannot be hashed is an error, as in a dict.
        let hash = protocol::hash(key, thread)?;
        let count = self.frame.contents(thread)?.code().local_count();
        for index in 0..count {
            // Fetched again each time: comparing may run Python code, after which the frame may be elsewhere.
            let frame = self.frame.contents(thread)?;
            let name = frame.code().local_name(index);
            let found = match key.downcast_exact::<Str>() {
                Some(key) => name.equals(key),
                // Anything that is equal to the name stands for it.
                None if protocol::hash(name, thread)? == hash => {
                    let name = Py::from_ref(name);
                    protocol::equals(&name, key, thread)?
                }
                None => false,
            };
            if found && self.is_usable(index, read, thread)? {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }

    fn is_usable(&self, index: usize, read: bool, thread: &mut Thread) -> PyResult<bool> {
        let frame = self.frame.contents(thread)?;
        Ok(match read {
            true => variable(frame, index).is_some(),
            false => frame.code().locals_plus_kinds().as_slice()[index] & CO_FAST_HIDDEN == 0,
        })
    }

    fn find(&self, key: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        if let Some(index) = self.slot(key, true, thread)? {
            return Ok(variable(self.frame.contents(thread)?, index));
        }
        match self.frame.extra_locals.get() {
            Some(extra) => extra.get(key, thread),
            None => Ok(None),
        }
    }

    fn set(&self, key: &Object, value: &Object, thread: &mut Thread) -> PyResult<()> {
        let Some(index) = self.slot(key, false, thread)? else {
            let extra = match self.frame.extra_locals.get() {
                Some(extra) => extra,
                None => {
                    let extra = Dict::new(thread);
                    self.frame.extra_locals.set(Some(extra.clone()));
                    extra
                }
            };
            return extra.set(key, value, thread);
        };
        let frame = self.frame.contents(thread)?;
        let kind = frame.code().locals_plus_kinds().as_slice()[index];
        let old = frame.local(index);
        if kind & (CO_FAST_CELL | CO_FAST_FREE) != 0
            && let Some(cell) = old.as_option().and_then(|it| it.downcast_exact::<Cell>())
        {
            if let Some(old) = cell.replace(Some(Py::from_ref(value))) {
                old.release(thread);
            }
            return Ok(());
        }
        frame.set_local(index, StackRef::from_new(value));
        match old.into_option() {
            Some(old) => self.frame.keep_overwritten(old, thread),
            None => Ok(()),
        }
    }

    fn delete(&self, key: &Object, thread: &mut Thread) -> PyResult<()> {
        if self.slot(key, false, thread)?.is_some() {
            return Err(raise!(thread, ValueError, "{CANNOT_REMOVE}"));
        }
        let deleted = match self.frame.extra_locals.get() {
            Some(extra) => extra.delete(key, thread)?,
            None => false,
        };
        if deleted { Ok(()) } else { Err(thread.raise_with_argument(KeyError, Py::from_ref(key))) }
    }

    /// All names and values, in order.
    fn pairs(&self, thread: &mut Thread) -> PyResult<Vec<(Py<Object>, Py<Object>)>> {
        let frame = self.frame.contents(thread)?;
        let code = frame.code();
        let mut pairs: Vec<(Py<Object>, Py<Object>)> = (0..code.local_count())
            .filter_map(|index| {
                let name = Py::from_ref(code.local_name(index)).into_object();
                variable(frame, index).map(|value| (name, value))
            })
            .collect();
        if let Some(extra) = self.frame.extra_locals.get() {
            pairs.extend(extra.items_snapshot(thread));
        }
        Ok(pairs)
    }

    fn key_list(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        let keys = self.pairs(thread)?.into_iter().map(|(name, _)| name).collect();
        List::new(keys, thread)
    }

    fn to_dict(&self, thread: &mut Thread) -> PyResult<Py<Dict>> {
        let dict = Dict::new(thread);
        for (name, value) in self.pairs(thread)? {
            dict.set(&name, &value, thread)?;
        }
        Ok(dict)
    }

    /// Takes everything from a dict or another proxy; false if it is neither.
    fn merge(&self, other: &Object, thread: &mut Thread) -> PyResult<bool> {
        let pairs = match (other.downcast::<Dict>(), other.downcast::<FrameLocalsProxy>()) {
            (Some(dict), _) => dict.items_snapshot(thread),
            (None, Some(proxy)) => proxy.pairs(thread)?,
            (None, None) => return Ok(false),
        };
        for (name, value) in pairs {
            self.set(&name, &value, thread)?;
        }
        Ok(true)
    }
}

fn is_mergeable(object: &Object) -> bool {
    object.downcast::<Dict>().is_some() || object.downcast::<FrameLocalsProxy>().is_some()
}

#[python_type(name = "FrameLocalsProxy", base = BaseObject, flags(MAPPING), unhashable)]
impl FrameLocalsProxy {
    #[slot(tp_new)]
    fn construct(
        _class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<FrameLocalsProxy>> {
        let [frame] = arguments.items() else {
            let given = arguments.length();
            return Err(raise!(thread, TypeError, "FrameLocalsProxy expected 1 argument, got {given}"));
        };
        let Some(frame) = frame.downcast::<FrameObject>() else {
            let found = protocol::qualified_name(frame.class(), thread);
            return Err(raise!(thread, TypeError, "expect frame, not {found}"));
        };
        if keywords.is_some_and(|it| !it.is_empty()) {
            return Err(raise!(thread, TypeError, "FrameLocalsProxy takes no keyword arguments"));
        }
        Ok(Self::new(Py::from_ref(frame), thread))
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        protocol::repr_guarded(self, "{...}", thread, |thread| {
            let dict = self.to_dict(thread)?;
            protocol::repr(&dict, thread)
        })
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, comparison: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        if let Some(other) = other.downcast::<FrameLocalsProxy>() {
            let same = self.frame.is(&other.frame);
            return Ok(match comparison {
                Comparison::Equal => objects::bool::Bool::new(same),
                Comparison::NotEqual => objects::bool::Bool::new(!same),
                _ => thread.not_implemented(),
            });
        }
        if other.downcast::<Dict>().is_none() {
            return Ok(thread.not_implemented());
        }
        let dict = self.to_dict(thread)?;
        protocol::compare(&dict, other, comparison, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let keys = self.key_list(thread)?;
        protocol::iter(&keys, thread)
    }

    #[slot(nb_or)]
    fn or(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        if !is_mergeable(right) {
            return Ok(thread.not_implemented());
        }
        let result = Dict::new(thread);
        for source in [left, right] {
            result.update(source, thread)?;
        }
        Ok(result.into_object())
    }

    #[slot(nb_inplace_or)]
    fn inplace_or(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        match self.merge(other, thread)? {
            true => Ok(Py::from_ref(self).into_object()),
            false => Ok(thread.not_implemented()),
        }
    }

    #[slot(mp_length)]
    fn length(&self, thread: &mut Thread) -> PyResult<usize> {
        Ok(self.pairs(thread)?.len())
    }

    #[slot(mp_subscript)]
    fn get_item(&self, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        match self.find(key, thread)? {
            Some(value) => Ok(value),
            None => {
                let shown = protocol::repr(key, thread)?.to_string_lossy();
                Err(raise!(thread, KeyError, "local variable '{shown}' is not defined"))
            }
        }
    }

    #[slot(mp_ass_subscript)]
    fn set_item(&self, key: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        match value {
            Some(value) => self.set(key, value, thread),
            None => self.delete(key, thread),
        }
    }

    #[slot(sq_contains)]
    fn contains(&self, key: &Object, thread: &mut Thread) -> PyResult<bool> {
        Ok(self.find(key, thread)?.is_some())
    }

    /// update($self, object, /)
    /// --
    ///
    ///
    #[method]
    fn update(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        match self.merge(object, thread)? {
            true => Ok(()),
            false => Err(raise!(thread, TypeError, "update() argument must be dict or another FrameLocalsProxy")),
        }
    }

    /// __reversed__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __reversed__(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        // A list and no iterator: so it is in CPython.
        let keys = self.key_list(thread)?;
        keys.reverse();
        Ok(keys)
    }

    /// copy($self, /)
    /// --
    ///
    ///
    #[method]
    fn copy(&self, thread: &mut Thread) -> PyResult<Py<Dict>> {
        self.to_dict(thread)
    }

    /// keys($self, /)
    /// --
    ///
    ///
    #[method]
    fn keys(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        self.key_list(thread)
    }

    /// values($self, /)
    /// --
    ///
    ///
    #[method]
    fn values(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        let values = self.pairs(thread)?.into_iter().map(|(_, value)| value).collect();
        List::new(values, thread)
    }

    /// items($self, /)
    /// --
    ///
    ///
    #[method]
    fn items(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        let mut items = Vec::new();
        for (name, value) in self.pairs(thread)? {
            items.push(Tuple::new(vec![name, value], thread)?.into_object());
        }
        List::new(items, thread)
    }

    #[method]
    #[signature("(*arguments)")]
    fn get(&self, arguments: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
        let (key, default) = one_or_two(arguments, "get", thread)?;
        let found = self.find(key, thread)?;
        Ok(found.unwrap_or_else(|| default.map_or_else(|| thread.none(), Py::from_ref)))
    }

    #[method]
    #[signature("(key, default=None, /)")]
    fn pop(&self, key: &Object, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        if self.slot(key, false, thread)?.is_some() {
            return Err(raise!(thread, ValueError, "{CANNOT_REMOVE}"));
        }
        let popped = match self.frame.extra_locals.get() {
            Some(extra) => extra.pop(key, thread)?,
            None => None,
        };
        match popped.or_else(|| default.map(Py::from_ref)) {
            Some(value) => Ok(value),
            None => Err(thread.raise_with_argument(KeyError, Py::from_ref(key))),
        }
    }

    #[method]
    #[signature("(*arguments)")]
    fn setdefault(&self, arguments: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
        let (key, default) = one_or_two(arguments, "setdefault", thread)?;
        if let Some(value) = self.find(key, thread)? {
            return Ok(value);
        }
        let default = default.map_or_else(|| thread.none(), Py::from_ref);
        self.set(key, &default, thread)?;
        Ok(default)
    }
}

/// The arguments of `get` and `setdefault`.
fn one_or_two<'a>(
    arguments: &[&'a Object],
    name: &str,
    thread: &mut Thread,
) -> PyResult<(&'a Object, Option<&'a Object>)> {
    match arguments {
        [key] => Ok((key, None)),
        [key, default] => Ok((key, Some(default))),
        _ => Err(raise!(thread, TypeError, "{name} expected 1 or 2 arguments")),
    }
}
