//! Structural pattern matching (PEP 634).

use builtins::set::Set;
use objects::bool::Bool;
use objects::errors::PyResult;
use objects::names;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py, cast};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use crate::evaluate::State;
use crate::stack_ref::StackRef;

#[inline(always)]
fn push_bool(state: &mut State, value: bool) -> PyResult<()> {
    state.push(StackRef::from_borrowed(Bool::get(value)));
    Ok(())
}

#[inline(always)]
pub(crate) fn match_mapping(state: &mut State, _: &mut Thread, _: u32) -> PyResult<()> {
    let matches = state.peek(1).object().class().has_flag(layout::Py_TPFLAGS_MAPPING);
    push_bool(state, matches)
}

#[inline(always)]
pub(crate) fn match_sequence(state: &mut State, _: &mut Thread, _: u32) -> PyResult<()> {
    let matches = state.peek(1).object().class().has_flag(layout::Py_TPFLAGS_SEQUENCE);
    push_bool(state, matches)
}

#[inline(always)]
pub(crate) fn get_len(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let length = protocol::length(state.peek(1).object(), thread)?;
    let length = objects::int::Int::from_i128(length as i128, thread);
    state.push_owned(length);
    Ok(())
}

/// The values of a mapping's keys, or None if one is missing.
#[inline(always)]
pub(crate) fn match_keys(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    // SAFETY: the compiler builds a tuple of keys.
    let (subject, keys) = (state.peek(2).object(), unsafe { cast::<Tuple>(state.peek(1).object()) });
    let values = values_of(subject, keys, thread)?;
    state.push_owned(values);
    Ok(())
}

#[inline(never)]
fn values_of(subject: &Object, keys: &Tuple, thread: &mut Thread) -> PyResult<Py<Object>> {
    if keys.length() == 0 {
        return Ok(Tuple::empty(thread).into_object());
    }
    let get = protocol::get_attribute(subject, &names::get, thread)?;
    let seen = Set::new(thread)?;
    let missing = protocol::call(BaseObject::class(), &[], thread)?;
    let mut values = Vec::with_capacity(keys.length());
    for key in keys.items() {
        if seen.view().contains(key, thread)? {
            let key = protocol::repr(key, thread)?.to_string_lossy();
            return Err(raise!(thread, ValueError, "mapping pattern checks duplicate key ({key})"));
        }
        seen.view().add(key, thread)?;
        let value = protocol::call(&get, &[key, &missing], thread)?;
        if value.is(&missing) {
            return Ok(thread.none());
        }
        values.push(value);
    }
    Tuple::new(values, thread).map(Py::into_object)
}

/// `case Class(a, b, name=c)`: the attributes that the patterns are matched with, or None.
#[inline(always)]
pub(crate) fn match_class(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    // SAFETY: the compiler builds a tuple of names.
    let (subject, class, names) =
        (state.peek(3).object(), state.peek(2).object(), unsafe { cast::<Tuple>(state.peek(1).object()) });
    let attributes = class_attributes(subject, class, oparg as usize, names, thread)?;
    state.drop_many(3, thread);
    match attributes {
        Some(attributes) => state.push_owned(attributes),
        None => state.push(StackRef::from_borrowed(objects::none::NoneType::get())),
    }
    Ok(())
}

#[inline(never)]
fn class_attributes(
    subject: &Object,
    class: &Object,
    positional: usize,
    names: &Tuple,
    thread: &mut Thread,
) -> PyResult<Option<Py<Tuple>>> {
    let Some(typ) = class.downcast::<Type>() else {
        return Err(raise!(thread, TypeError, "called match pattern must be a class"));
    };
    if !protocol::is_instance(subject, class, thread)? {
        return Ok(None);
    }
    let mut seen: Vec<Py<Str>> = Vec::new();
    let mut values = Vec::new();
    if positional > 0 {
        let found = positional_attributes(subject, typ, positional, &mut seen, &mut values, thread)?;
        if !found {
            return Ok(None);
        }
    }
    for name in names.items() {
        // SAFETY: the compiler's names are strings.
        match attribute_once(subject, typ, unsafe { cast(name) }, &mut seen, thread)? {
            Some(value) => values.push(value),
            None => return Ok(None),
        }
    }
    Tuple::new(values, thread).map(Some)
}

/// The attributes that positional patterns stand for: by `__match_args__`, or the subject itself.
fn positional_attributes(
    subject: &Object,
    class: &Type,
    count: usize,
    seen: &mut Vec<Py<Str>>,
    values: &mut Vec<Py<Object>>,
    thread: &mut Thread,
) -> PyResult<bool> {
    let declared = protocol::lookup_attribute(class, &names::__match_args__, thread)?;
    let matches_self = declared.is_none() && class.has_flag(layout::_Py_TPFLAGS_MATCH_SELF);
    let arguments = match &declared {
        Some(arguments) => match arguments.downcast_exact::<Tuple>() {
            Some(tuple) => Py::from_ref(tuple),
            None => {
                let (name, found) = (class.full_name(), arguments.class().full_name());
                return Err(raise!(thread, TypeError, "{name}.__match_args__ must be a tuple (got {found})"));
            }
        },
        None => Tuple::empty(thread),
    };
    let allowed = if matches_self { 1 } else { arguments.length() };
    if count > allowed {
        let (name, plural) = (class.full_name(), if allowed == 1 { "" } else { "s" });
        return Err(raise!(
            thread,
            TypeError,
            "{name}() accepts {allowed} positional sub-pattern{plural} ({count} given)"
        ));
    }
    if matches_self {
        values.push(Py::from_ref(subject));
        return Ok(true);
    }
    for name in &arguments.items()[..count] {
        let Some(name) = name.downcast_exact::<Str>() else {
            let found = name.class().full_name();
            return Err(raise!(thread, TypeError, "__match_args__ elements must be strings (got {found})"));
        };
        match attribute_once(subject, class, name, seen, thread)? {
            Some(value) => values.push(value),
            None => return Ok(false),
        }
    }
    Ok(true)
}

/// An attribute of the subject; it is an error to ask for one twice.
fn attribute_once(
    subject: &Object,
    class: &Type,
    name: &Str,
    seen: &mut Vec<Py<Str>>,
    thread: &mut Thread,
) -> PyResult<Option<Py<Object>>> {
    if seen.iter().any(|it| it.equals(name)) {
        let (class, name) = (class.full_name(), protocol::repr(name, thread)?.to_string_lossy());
        return Err(raise!(thread, TypeError, "{class}() got multiple sub-patterns for attribute {name}"));
    }
    seen.push(Py::from_ref(name));
    protocol::lookup_attribute(subject, name, thread)
}
