//! What the functions in classes' slots share: calling with tuples, and making sense of results.

use crate::descriptors::WrapperDescriptor;
use crate::dict::Dict;
use crate::errors::{AttributeError, PyResult, StopIteration};
use crate::int::Int;
use crate::names;
use crate::protocol::{self, call_special, lookup_special};
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::Instance;

/// Calls a callable with `first` before the arguments of a tuple.
pub fn call_prepended(
    callable: &Object,
    first: &Object,
    arguments: &Tuple,
    keywords: Option<&Dict>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    if keywords.is_none_or(|it| it.length() == 0) {
        let mut all: Vec<&Object> = Vec::with_capacity(arguments.length() + 1);
        all.push(first);
        all.extend(arguments.items().iter().map(|it| &**it));
        return protocol::call(callable, &all, thread);
    }
    let mut all = Vec::with_capacity(arguments.length() + 1);
    all.push(Py::from_ref(first));
    all.extend(arguments.items().iter().cloned());
    let all = Tuple::new(all, thread)?;
    protocol::call_tuple(callable, &all, keywords, thread)
}

/// Calls a special method that must be there with a tuple and a dict.
pub fn call_with_tuple(
    receiver: &Object,
    name: &Str,
    arguments: &Tuple,
    keywords: Option<&Dict>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let Some(method) = lookup_special(receiver, name, thread)? else {
        return Err(thread.raise_with_argument(AttributeError, Py::from_ref(name).into_object()));
    };
    match method.into_parts() {
        (function, true) => call_prepended(&function, receiver, arguments, keywords, thread),
        (function, false) => protocol::call_tuple(&function, arguments, keywords, thread),
    }
}

/// `__getattribute__`, and `__getattr__` where that ends in AttributeError.
pub fn get_attribute_hooked(receiver: &Object, name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let class = Py::from_ref(receiver.class());
    let get = class.lookup(&names::__getattribute__, thread);
    let Some(fallback) = class.lookup(&names::__getattr__, thread) else {
        return protocol::call_special_required(receiver, &names::__getattribute__, &[name], thread);
    };
    let is_plain = get
        .as_ref()
        .is_none_or(|it| it.downcast_exact::<WrapperDescriptor>().is_some_and(|it| it.is_generic_getattribute()));
    let found = match name.downcast::<Str>() {
        Some(name) if is_plain => crate::object::lookup_attribute_generic(receiver, name, thread)?,
        _ => {
            let found = protocol::call_special_required(receiver, &names::__getattribute__, &[name], thread);
            thread.suppress(found, AttributeError)?
        }
    };
    match found {
        Some(value) => Ok(value),
        None => protocol::bind_special(fallback, receiver, thread)?.call(receiver, &[name], thread),
    }
}

/// `__del__`, if the class still has it.
pub fn call_finalizer(receiver: &Object, thread: &mut Thread) -> PyResult<()> {
    call_special(receiver, &names::__del__, &[], thread).map(drop)
}

/// The result of `__len__` as a length.
pub fn length_from(result: &Object, thread: &mut Thread) -> PyResult<usize> {
    let length = protocol::index(result, thread)?;
    if length.is_negative() {
        return Err(raise!(thread, ValueError, "__len__() should return >= 0"));
    }
    match length.to_i128().and_then(|it| isize::try_from(it).ok()) {
        Some(length) => Ok(length as usize),
        None => Err(raise!(thread, OverflowError, "cannot fit 'int' into an index-sized integer")),
    }
}

/// The result of `__hash__` as a hash: an int that is too large is hashed itself.
pub fn hash_from_int(result: &Object, thread: &mut Thread) -> PyResult<isize> {
    let Some(int) = result.downcast::<Int>() else {
        return Err(raise!(thread, TypeError, "__hash__ method should return an integer"));
    };
    if let Some(hash) = int.to_i128().and_then(|it| isize::try_from(it).ok()) {
        return Ok(hash);
    }
    let hash = Int::class().slots().tp_hash.get().map(|hash| {
        // SAFETY: the slot's protocol.
        unsafe { hash(int.as_pointer()) }
    });
    match hash {
        Some(hash) if hash != -1 => Ok(hash),
        _ => Err(thread.raised_elsewhere()),
    }
}

/// `in` for classes that can only be iterated.
pub fn contains_by_iteration(receiver: &Object, value: &Object, thread: &mut Thread) -> PyResult<bool> {
    let slots = receiver.class().slots();
    let Some(iter) = slots.tp_iter.get() else {
        let name = receiver.class().full_name();
        return Err(raise!(thread, TypeError, "argument of type '{name}' is not a container or iterable"));
    };
    // SAFETY: the slot's protocol.
    let iterator = protocol::result_from_c(unsafe { iter(receiver.as_pointer()) }, thread)?;
    loop {
        let Some(next) = iterator.class().slots().tp_iternext.get() else {
            let name = iterator.class().full_name();
            return Err(raise!(thread, TypeError, "'{name}' object is not an iterator"));
        };
        // SAFETY: the slot's protocol: null without an exception says that there is no more.
        let item = unsafe { Py::<Object>::steal_pointer(next(iterator.as_pointer())) };
        let Some(item) = item else {
            if thread.is_raised() {
                let raised = thread.raised_elsewhere();
                thread.suppress::<()>(Err(raised), StopIteration)?;
            }
            return Ok(false);
        };
        if item.is(value) || protocol::equals(&item, value, thread)? {
            return Ok(true);
        }
    }
}
