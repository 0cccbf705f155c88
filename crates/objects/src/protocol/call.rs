//! Calling objects: vectorcall where the callee has it, `tp_call` with a tuple otherwise (PEP 590).

use layout::vectorcallfunc;

use crate::descriptors::convention::takes_any_names;
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::object::{Method, get_method};
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::Type;

/// Calls with positional arguments.
pub fn call(callable: &Object, arguments: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
    call_vector(callable, arguments, None, thread)
}

/// Calls with one argument.
pub fn call_one(callable: &Object, argument: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    call_vector(callable, &[argument], None, thread)
}

/// Calls with a vector of arguments of which the last are given by the names in `names`.
pub fn call_vector(
    callable: &Object,
    arguments: &[&Object],
    names: Option<&Tuple>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let keyword_count = names.map_or(0, Tuple::length);
    if let Some(function) = vectorcall_of(callable) {
        thread.check_stack(" while calling a Python object")?;
        let names = names.map_or(std::ptr::null_mut(), |it| it.as_pointer());
        let positional = arguments.len() - keyword_count;
        // SAFETY: the vectorcall protocol; `&Object` is a non-null object pointer.
        let result = unsafe { function(callable.as_pointer(), arguments.as_ptr().cast(), positional, names) };
        return result_from_c(result, thread);
    }
    let (positional, values) = arguments.split_at(arguments.len() - keyword_count);
    let tuple = Tuple::new(positional.iter().map(|it| Py::from_ref(*it)).collect(), thread)?;
    let keywords = match names {
        Some(names) if names.length() > 0 => {
            let dict = Dict::new(thread);
            for (name, value) in names.items().iter().zip(values) {
                dict.set(name, value, thread)?;
            }
            Some(dict)
        }
        _ => None,
    };
    call_tuple(callable, &tuple, keywords.as_deref(), thread)
}

/// Calls with a tuple and a dict: `f(*args, **kwargs)`. Goes through vectorcall where the callee has it, as C's `PyObject_Call` does.
pub fn call_tuple_or_vector(
    callable: &Object,
    arguments: &Tuple,
    keywords: Option<&Dict>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    if vectorcall_of(callable).is_none() {
        return call_tuple(callable, arguments, keywords, thread);
    }
    let pairs = keywords.map_or_else(Vec::new, |it| it.items_snapshot(thread));
    // What is called may rely on names that are strings.
    if pairs.iter().any(|(name, _)| name.downcast::<Str>().is_none()) && !takes_any_names(callable) {
        if callable.downcast::<Type>().is_some() {
            return call_tuple(callable, arguments, keywords, thread);
        }
        return Err(raise!(thread, TypeError, "keywords must be strings"));
    }
    let mut vector: Vec<&Object> = arguments.items().iter().map(|it| &**it).collect();
    vector.extend(pairs.iter().map(|(_, value)| &**value));
    if pairs.is_empty() {
        return call_vector(callable, &vector, None, thread);
    }
    let names = Tuple::new(pairs.iter().map(|(name, _)| name.clone()).collect(), thread)?;
    call_vector(callable, &vector, Some(&names), thread)
}

/// Calls with a tuple and a dict, through `tp_call`.
pub fn call_tuple(
    callable: &Object,
    arguments: &Tuple,
    keywords: Option<&Dict>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let Some(function) = callable.class().slots().tp_call.get() else {
        return Err(raise!(thread, TypeError, "'{}' object is not callable", callable.class().full_name()));
    };
    thread.check_stack(" while calling a Python object")?;
    let keywords = keywords.map_or(std::ptr::null_mut(), |it| it.as_pointer());
    // SAFETY: the slot's protocol: the receiver, a tuple, and a dict or null.
    let result = unsafe { function(callable.as_pointer(), arguments.as_pointer(), keywords) };
    result_from_c(result, thread)
}

/// The vectorcall function of a callable, if it has one.
#[inline(always)]
pub fn vectorcall_of(callable: &Object) -> Option<vectorcallfunc> {
    let class = callable.class();
    if !class.has_flag(layout::Py_TPFLAGS_HAVE_VECTORCALL) {
        return None;
    }
    let offset = class.slots().tp_vectorcall_offset.get() as usize;
    // SAFETY: the flag promises a function pointer, or null, at this offset of each instance.
    unsafe { callable.as_pointer().cast::<u8>().add(offset).cast::<Option<vectorcallfunc>>().read() }
}

/// A C function's result: null says that an exception is set.
#[expect(
    clippy::not_unsafe_ptr_arg_deref,
    reason = "what a slot returned, by C's convention an owned reference or null"
)]
#[inline(always)]
pub fn result_from_c(result: *mut layout::PyObject, thread: &mut Thread) -> PyResult<Py<Object>> {
    // SAFETY: C's convention: the caller of a function owns its result.
    match unsafe { Py::steal_pointer(result) } {
        Some(result) => Ok(result),
        None => Err(thread.raised_elsewhere()),
    }
}

/// Calls a method by name, without making a bound method where the type has a function under the name.
pub fn call_method(receiver: &Object, name: &Str, arguments: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
    call_method_vector(receiver, name, arguments, None, thread)
}

/// [`call_method`] with arguments of which the last are given by the names in `names`.
pub fn call_method_vector(
    receiver: &Object,
    name: &Str,
    arguments: &[&Object],
    names: Option<&Tuple>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    call_found_vector(&get_method(receiver, name, thread)?, receiver, arguments, names, thread)
}

/// Calls what `get_method` found for a receiver.
pub fn call_found(
    method: &Method,
    receiver: &Object,
    arguments: &[&Object],
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    call_found_vector(method, receiver, arguments, None, thread)
}

fn call_found_vector(
    method: &Method,
    receiver: &Object,
    arguments: &[&Object],
    names: Option<&Tuple>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    // Most calls have few arguments: these need no memory.
    const FEW: usize = 6;
    match method {
        Method::Attribute(function) => call_vector(function, arguments, names, thread),
        Method::Unbound(function) if arguments.len() <= FEW => {
            let mut all = [receiver; FEW + 1];
            all[1..=arguments.len()].copy_from_slice(arguments);
            call_vector(function, &all[..=arguments.len()], names, thread)
        }
        Method::Unbound(function) => {
            let all = [&[receiver], arguments].concat();
            call_vector(function, &all, names, thread)
        }
    }
}
