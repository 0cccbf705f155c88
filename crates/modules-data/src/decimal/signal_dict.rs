//! `SignalDictMixin`: a context's flags or traps as a mapping of signals to truth values.
//!
//! The set is held here, and the context, which owns the mapping, reads and writes it. When the context goes, the mapping becomes invalid,
//! as one that no context ever had.

use std::cell::Cell;

use macros::{Instance, python_type};
use numeric::decimal::Status;
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::list::List;
use objects::object::BaseObject;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::signals::{SIGNAL_COUNT, Signals, raise_key_error};
use super::state::{classes, state};

#[derive(Instance)]
#[repr(C)]
pub struct SignalDict {
    header: Header,
    status: Cell<Status>,
    valid: Cell<bool>,
}

impl SignalDict {
    /// A mapping for a context.
    pub fn new(status: Status, thread: &mut Thread) -> PyResult<Py<SignalDict>> {
        let class = classes(thread)?.known_classes().signal_dict.clone();
        let header = Header::new(SignalDict::class());
        Py::new_in(&class, SignalDict { header, status: Cell::new(status), valid: Cell::new(true) }, thread)
    }

    #[inline(always)]
    pub fn status(&self) -> Status {
        self.status.get()
    }

    #[inline(always)]
    pub fn set_status(&self, status: Status) {
        self.status.set(status);
    }

    /// The context goes.
    pub fn invalidate(&self) {
        self.valid.set(false);
    }

    fn check(&self, thread: &mut Thread) -> PyResult<()> {
        if self.valid.get() { Ok(()) } else { Err(raise!(thread, ValueError, "invalid signal dict")) }
    }
}

/// The set that a list of signals stands for.
pub fn status_of_list(list: &List, thread: &mut Thread) -> PyResult<Status> {
    let state = classes(thread)?;
    let signals = &state.known_classes().signals;
    let mut status = Status::NONE;
    for class in list.snapshot(thread) {
        status |= signals.status_of(&class, thread)?;
    }
    Ok(status)
}

/// The set that a dict of signals stands for; it must have all of them.
pub fn status_of_dict(dict: &Dict, thread: &mut Thread) -> PyResult<Status> {
    let state = classes(thread)?;
    let signals = &state.known_classes().signals;
    if dict.length() != SIGNAL_COUNT {
        return Err(raise_key_error("invalid signal dict", thread));
    }
    let mut status = Status::NONE;
    for signal in &signals.signals {
        let Some(value) = dict.get(&signal.class, thread)? else {
            return Err(raise_key_error("invalid signal dict", thread));
        };
        if protocol::is_true(&value, thread)? {
            status |= signal.status;
        }
    }
    Ok(status)
}

/// The set that a mapping stands for.
pub fn status_of_mapping(value: &Object, thread: &mut Thread) -> PyResult<Status> {
    if let Some(signals) = value.downcast::<SignalDict>() {
        signals.check(thread)?;
        return Ok(signals.status());
    }
    match value.downcast::<Dict>() {
        Some(dict) => status_of_dict(dict, thread),
        None => Err(raise!(thread, TypeError, "argument must be a signal dict")),
    }
}

/// Calls a function with the classes.
fn with_signals<T>(thread: &mut Thread, function: impl FnOnce(&Signals, &mut Thread) -> PyResult<T>) -> PyResult<T> {
    let state = classes(thread)?;
    function(&state.known_classes().signals, thread)
}

#[python_type(name = "decimal.SignalDictMixin", base = BaseObject, flags(BASETYPE), unhashable)]
impl SignalDict {
    #[slot(tp_new)]
    fn new_dict(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<SignalDict>> {
        let _ = (arguments, keywords);
        let header = Header::new(SignalDict::class());
        let value = SignalDict { header, status: Cell::new(Status::NONE), valid: Cell::new(false) };
        Py::new_in(class, value, thread)
    }

    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        let _ = (arguments, keywords, thread);
        Ok(())
    }

    #[slot(mp_length)]
    fn length(&self, thread: &mut Thread) -> PyResult<usize> {
        self.check(thread)?;
        Ok(SIGNAL_COUNT)
    }

    #[slot(tp_iter)]
    fn iter(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.check(thread)?;
        let state = state(thread)?;
        let signals = state.contents()?.signal_tuple.clone();
        protocol::iter(&signals, thread)
    }

    #[slot(mp_subscript)]
    fn get_item(&self, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.check(thread)?;
        let status = with_signals(thread, |signals, thread| signals.status_of(key, thread))?;
        Ok(Bool::new(self.status().has(status)))
    }

    #[slot(mp_ass_subscript)]
    fn set_item(&self, key: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.check(thread)?;
        let Some(value) = value else {
            return Err(raise!(thread, ValueError, "signal keys cannot be deleted"));
        };
        let status = with_signals(thread, |signals, thread| signals.status_of(key, thread))?;
        let wanted = protocol::is_true(value, thread)?;
        self.status.set(if wanted { self.status() | status } else { self.status() & !status });
        Ok(())
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, comparison: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.check(thread)?;
        if !matches!(comparison, Comparison::Equal | Comparison::NotEqual) {
            return Ok(thread.not_implemented());
        }
        let equal = if let Some(other) = other.downcast::<SignalDict>() {
            other.check(thread)?;
            self.status() == other.status()
        } else if let Some(dict) = other.downcast::<Dict>() {
            let status = status_of_dict(dict, thread);
            match thread.suppress(status, objects::errors::KeyError)? {
                Some(status) => self.status() == status,
                None => false,
            }
        } else {
            return Ok(thread.not_implemented());
        };
        Ok(Bool::new(equal == (comparison == Comparison::Equal)))
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<String> {
        self.check(thread)?;
        let items = with_signals(thread, |signals, _| {
            let shown = signals.signals.iter().map(|signal| {
                let value = if self.status().has(signal.status) { "True" } else { "False" };
                format!("<class 'decimal.{}'>:{value}", signal.name)
            });
            Ok(shown.collect::<Vec<_>>())
        })?;
        Ok(format!("{{{}}}", items.join(", ")))
    }

    /// copy($self, /)
    /// --
    ///
    ///
    #[method]
    fn copy(&self, thread: &mut Thread) -> PyResult<Py<Dict>> {
        self.check(thread)?;
        let copy = Dict::new(thread);
        let state = classes(thread)?;
        for signal in &state.known_classes().signals.signals {
            copy.set(&signal.class, &Bool::new(self.status().has(signal.status)), thread)?;
        }
        Ok(copy)
    }
}
