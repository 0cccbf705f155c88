//! The common entries: where calls by C's conventions arrive, jumped to by each method's two-instruction thunk with the method's
//! description in the next argument register.
//!
//! Each entry fetches the thread, spreads the arguments, calls, turns a panic into SystemError, and empties the queue of deferred
//! deallocations: one copy of all that, instead of one in each method.

use std::ffi::c_int;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use layout::{PY_VECTORCALL_ARGUMENTS_OFFSET, PyObject};

use super::arguments::Arguments;
use super::parse::{Parsed, parse, raise_positional_count};
use super::{MAXIMUM_SLOTS, Method};
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::raise;
use crate::refs::{Object, Py, cast};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::Type;

/// `METH_NOARGS`.
///
/// # Safety
/// Called by a thunk: `receiver` is an instance of the method's owner (or its module), and the thread is attached.
pub unsafe extern "C-unwind" fn no_arguments(
    receiver: *mut PyObject,
    _unused: *mut PyObject,
    method: &'static Method,
) -> *mut PyObject {
    // SAFETY: passed on to the caller.
    unsafe { run(method, receiver, &[], &[], None) }
}

/// `METH_O`.
///
/// # Safety
/// As [`no_arguments`].
pub unsafe extern "C-unwind" fn one_argument(
    receiver: *mut PyObject,
    argument: *mut PyObject,
    method: &'static Method,
) -> *mut PyObject {
    // SAFETY: passed on to the caller; C passes a live argument.
    unsafe { run(method, receiver, &[Object::from_pointer(argument)], &[], None) }
}

/// `METH_FASTCALL`.
///
/// # Safety
/// As [`no_arguments`]; `arguments` points to `count` live objects.
pub unsafe extern "C-unwind" fn positional(
    receiver: *mut PyObject,
    arguments: *const *mut PyObject,
    count: isize,
    method: &'static Method,
) -> *mut PyObject {
    // SAFETY: passed on to the caller.
    unsafe { without_names(receiver, arguments, count as usize, method) }
}

/// `METH_FASTCALL | METH_KEYWORDS`.
///
/// # Safety
/// As [`positional`]; the values of `names` follow the positional arguments.
pub unsafe extern "C-unwind" fn keywords(
    receiver: *mut PyObject,
    arguments: *const *mut PyObject,
    count: isize,
    names: *mut PyObject,
    method: &'static Method,
) -> *mut PyObject {
    if names.is_null() {
        // SAFETY: passed on to the caller.
        return unsafe { without_names(receiver, arguments, count as usize, method) };
    }
    // SAFETY: passed on to the caller.
    unsafe { with_names(receiver, arguments, count, names, method) }
}

/// `METH_METHOD | METH_FASTCALL | METH_KEYWORDS`: CPython's function needs the class that defines the method to find its module; ours does not.
///
/// # Safety
/// As [`keywords`].
pub unsafe extern "C-unwind" fn keywords_and_class(
    receiver: *mut PyObject,
    _class: *mut PyObject,
    arguments: *const *mut PyObject,
    count: isize,
    names: *mut PyObject,
    method: &'static Method,
) -> *mut PyObject {
    // SAFETY: passed on to the caller.
    unsafe { keywords(receiver, arguments, count, names, method) }
}

/// A call without keywords, which mostly needs no parsing: arguments that fill all slots are the slots' words as they lie, and few slots
/// are cheaply filled up.
///
/// # Safety
/// As [`positional`].
#[inline(always)]
unsafe fn without_names(
    receiver: *mut PyObject,
    arguments: *const *mut PyObject,
    count: usize,
    method: &'static Method,
) -> *mut PyObject {
    const FEW: usize = 4;
    let summary = &method.summary;
    let slots = summary.slots;
    let given: &[Option<&Object>] = if count == 0 {
        &[]
    } else {
        // SAFETY: the caller passes `count` live objects; an optional reference and an object pointer are the same.
        unsafe { std::slice::from_raw_parts(arguments.cast(), count) }
    };
    if slots == summary.positional && (count == slots || count > slots && summary.has_rest) {
        let rest: &[&Object] = match count - slots {
            0 => &[],
            // SAFETY: as above.
            rest => unsafe { std::slice::from_raw_parts(arguments.add(slots).cast(), rest) },
        };
        // SAFETY: passed on to the caller.
        return unsafe { run(method, receiver, &given[..slots], rest, None) };
    }
    if slots <= FEW
        && count <= summary.positional
        && count >= summary.required_positional
        && summary.required_keywords == 0
    {
        let mut values = [None; FEW];
        for (value, argument) in values.iter_mut().zip(given) {
            *value = *argument;
        }
        // SAFETY: passed on to the caller.
        return unsafe { run(method, receiver, &values[..slots], &[], None) };
    }
    // SAFETY: passed on to the caller.
    unsafe { with_names(receiver, arguments, count as isize, ptr::null_mut(), method) }
}

/// # Safety
/// As [`keywords`].
#[inline(never)]
unsafe fn with_names(
    receiver: *mut PyObject,
    arguments: *const *mut PyObject,
    count: isize,
    names: *mut PyObject,
    method: &'static Method,
) -> *mut PyObject {
    // SAFETY: the caller passes live objects; `&Object` and a non-null object pointer are the same.
    let (positional, names, values) = unsafe { vector(arguments, count as usize, names) };
    let pairs = names.iter().zip(values).map(|(name, value)| (&**name, *value));
    // SAFETY: passed on to the caller.
    unsafe { finish(call_vector(method, receiver, positional, pairs)) }
}

/// A vectorcall's arguments: the positional ones, the names, the values for the names.
///
/// # Safety
/// `arguments` points to `count` objects and one for each name in `names`, a tuple or null.
unsafe fn vector<'a>(
    arguments: *const *mut PyObject,
    count: usize,
    names: *mut PyObject,
) -> (&'a [&'a Object], &'a [Py<Object>], &'a [&'a Object]) {
    // SAFETY: the caller says what the pointers are; a null pointer with no arguments becomes an empty slice.
    unsafe {
        let names: &[Py<Object>] = match Object::from_pointer(names) {
            Some(names) => {
                let items = cast::<Tuple>(names).items();
                std::slice::from_raw_parts(items.as_ptr(), items.len())
            }
            None => &[],
        };
        let total = count + names.len();
        let all: &[&Object] =
            if total == 0 { &[] } else { std::slice::from_raw_parts(arguments.cast::<&Object>(), total) };
        (&all[..count], names, &all[count..])
    }
}

/// Parses a vector of arguments and calls.
///
/// # Safety
/// As [`keywords`].
unsafe fn call_vector<'a>(
    method: &'static Method,
    receiver: *mut PyObject,
    positional: &'a [&'a Object],
    pairs: impl Iterator<Item = (&'a Object, &'a Object)>,
) -> PyResult<Py<Object>> {
    // SAFETY: the caller vouches for the thread.
    let mut thread = unsafe { Thread::current() };
    let mut parsed = Parsed::empty();
    parse(method, positional, pairs, &mut parsed, &mut thread)?;
    let rest = &positional[parsed.positional..];
    // SAFETY: the caller vouches for the receiver.
    unsafe {
        invoke(method, receiver, &parsed.values[..method.summary.slots], rest, parsed.keywords.as_deref(), &mut thread)
    }
}

/// Calls with words that already fit the slots.
///
/// # Safety
/// As [`no_arguments`].
#[inline(always)]
unsafe fn run(
    method: &'static Method,
    receiver: *mut PyObject,
    values: &[Option<&Object>],
    rest: &[&Object],
    keywords: Option<&Dict>,
) -> *mut PyObject {
    // SAFETY: the caller vouches for thread and receiver.
    unsafe { finish(invoke(method, receiver, values, rest, keywords, &mut Thread::current())) }
}

/// The call itself, with panics turned into SystemError.
///
/// # Safety
/// As [`no_arguments`].
unsafe fn invoke<'a>(
    method: &'static Method,
    receiver: *mut PyObject,
    values: &'a [Option<&'a Object>],
    rest: &'a [&'a Object],
    keywords: Option<&'a Dict>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    // SAFETY: the caller vouches for the receiver, which is never null for a method of ours: module functions get their module.
    let receiver = unsafe { &*receiver.cast::<Object>() };
    let arguments = Arguments { method, receiver, values, rest, keywords };
    // SAFETY: the receiver is what the method expects.
    let outcome = catch_unwind(AssertUnwindSafe(|| unsafe { (method.call)(&arguments, thread) }));
    let result = match outcome {
        Ok(result) => result,
        Err(_) => Err(raise!(thread, SystemError, "internal error in {}()", method.name)),
    };
    debug_assert_eq!(result.is_err(), thread.is_raised(), "{}: a result disagrees with the exception set", method.name);
    thread.reap();
    result
}

/// A result as C wants it.
fn finish(result: PyResult<Py<Object>>) -> *mut PyObject {
    result.map_or(ptr::null_mut(), Py::into_pointer)
}

/// `tp_new` by a tuple and a dict.
///
/// # Safety
/// `class` is a type whose layout starts with the method's owner, `arguments` a tuple, `keywords` a dict or null.
pub unsafe fn construct(
    class: *mut PyObject,
    arguments: *mut PyObject,
    keywords: *mut PyObject,
    method: &'static Method,
) -> *mut PyObject {
    // SAFETY: the caller passes a type.
    let keywords = if keywords_are_for_init(method, unsafe { cast::<Type>(&*class.cast::<Object>()) }) {
        ptr::null_mut()
    } else {
        keywords
    };
    // SAFETY: passed on to the caller.
    unsafe { finish(call_tuple(method, class, arguments, keywords)) }
}

/// True for a subclass with an `__init__` of its own whose `__new__` has no parameter that can be named: keywords are that method's business.
fn keywords_are_for_init(method: &Method, class: &Type) -> bool {
    let summary = method.summary;
    if summary.has_keywords || summary.slots != summary.positional_only {
        return false;
    }
    let mut built_in = class;
    while built_in.has_flag(layout::Py_TPFLAGS_HEAPTYPE) {
        match built_in.base() {
            Some(base) => built_in = base,
            None => return false,
        }
    }
    let init = |it: &Type| it.slots().tp_init.get().map(|it| it as usize);
    init(class) != init(built_in)
}

/// `tp_init` by a tuple and a dict.
///
/// # Safety
/// As [`construct`], with an instance of the method's owner.
pub unsafe fn initialize(
    receiver: *mut PyObject,
    arguments: *mut PyObject,
    keywords: *mut PyObject,
    method: &'static Method,
) -> c_int {
    // SAFETY: passed on to the caller.
    match unsafe { call_tuple(method, receiver, arguments, keywords) } {
        Ok(_) => 0,
        Err(_) => -1,
    }
}

/// # Safety
/// As [`construct`].
unsafe fn call_tuple(
    method: &'static Method,
    receiver: *mut PyObject,
    arguments: *mut PyObject,
    keywords: *mut PyObject,
) -> PyResult<Py<Object>> {
    // SAFETY: the caller vouches for the thread.
    let mut thread = unsafe { Thread::current() };
    // SAFETY: the caller passes a tuple.
    let positional = unsafe {
        let items = cast::<Tuple>(&*arguments.cast::<Object>()).items();
        std::slice::from_raw_parts(items.as_ptr().cast::<&Object>(), items.len())
    };
    // SAFETY: the caller passes a dict or null.
    let keywords = unsafe { Object::from_pointer(keywords).map(|it| cast::<Dict>(it)) };
    let pairs: Vec<(Py<Object>, Py<Object>)> = keywords.map_or_else(Vec::new, |it| it.items_snapshot(&thread));
    for (name, _) in &pairs {
        if name.downcast::<Str>().is_none() {
            if method.refuses_names() && !method.summary.has_keywords {
                return Err(raise!(thread, TypeError, "{}() takes no keyword arguments", method.name));
            }
            return Err(raise!(thread, TypeError, "keywords must be strings"));
        }
    }
    let named = pairs.iter().map(|(name, value)| (&**name, &**value));
    let mut parsed = Parsed::empty();
    parse(method, positional, named, &mut parsed, &mut thread)?;
    let rest = &positional[parsed.positional..];
    // SAFETY: the caller vouches for the receiver.
    unsafe {
        invoke(method, receiver, &parsed.values[..method.summary.slots], rest, parsed.keywords.as_deref(), &mut thread)
    }
}

/// `tp_vectorcall` of a type that is made by `__new__` alone.
///
/// # Safety
/// By the vectorcall protocol, on the type that the method belongs to.
pub unsafe fn construct_vector(
    class: *mut PyObject,
    arguments: *const *mut PyObject,
    count_and_flags: usize,
    names: *mut PyObject,
    method: &'static Method,
) -> *mut PyObject {
    let count = count_and_flags & !PY_VECTORCALL_ARGUMENTS_OFFSET;
    if names.is_null() && count > method.summary.positional && COUNTING_FIRST.contains(&method.name) {
        // SAFETY: the caller vouches for the thread.
        let mut thread = unsafe { Thread::current() };
        return finish(Err(raise_positional_count(method, count, &mut thread)));
    }
    // SAFETY: passed on to the caller.
    unsafe { keywords(class, arguments, count as isize, names, method) }
}

/// The types whose calls without keywords are counted as if all parameters were positional: their messages differ from their `__new__`'s.
const COUNTING_FIRST: [&str; 2] = ["int", "str"];

const _: () = assert!(MAXIMUM_SLOTS < 32 && size_of::<&Type>() == size_of::<*mut PyObject>());
