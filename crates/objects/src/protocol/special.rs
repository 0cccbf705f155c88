//! Special methods: looked up on the type, past the instance, and called without making a bound method where that can be avoided.

use crate::errors::{AttributeError, PyResult};
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;

use super::call::{call, result_from_c};

/// Arguments that a call of a special method may have, without the receiver.
const MOST_ARGUMENTS: usize = 6;

/// A special method of some object, found on its type.
pub struct SpecialMethod {
    function: Py<Object>,
    /// The receiver must be passed: the function was taken off the type as it is.
    takes_receiver: bool,
}

/// The special method of an object's type, bound if its descriptor cannot be called with the receiver as first argument.
pub fn lookup_special(receiver: &Object, name: &Str, thread: &mut Thread) -> PyResult<Option<SpecialMethod>> {
    match receiver.class().lookup(name, thread) {
        Some(function) => bind_special(function, receiver, thread).map(Some),
        None => Ok(None),
    }
}

/// What was found on a type, as a method of an instance.
pub fn bind_special(function: Py<Object>, receiver: &Object, thread: &mut Thread) -> PyResult<SpecialMethod> {
    if function.class().has_flag(layout::Py_TPFLAGS_METHOD_DESCRIPTOR) {
        return Ok(SpecialMethod { function, takes_receiver: true });
    }
    let Some(get) = function.class().slots().tp_descr_get.get() else {
        return Ok(SpecialMethod { function, takes_receiver: false });
    };
    // SAFETY: the slot's protocol.
    let bound = unsafe { get(function.as_pointer(), receiver.as_pointer(), receiver.class().as_pointer().cast()) };
    let function = result_from_c(bound, thread)?;
    Ok(SpecialMethod { function, takes_receiver: false })
}

impl SpecialMethod {
    /// Calls the method on the object that it was looked up for.
    pub fn call(&self, receiver: &Object, arguments: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
        if !self.takes_receiver {
            return call(&self.function, arguments, thread);
        }
        let mut all = [receiver; MOST_ARGUMENTS + 1];
        all[1..=arguments.len()].copy_from_slice(arguments);
        call(&self.function, &all[..=arguments.len()], thread)
    }

    /// The function and whether it takes the receiver.
    pub fn into_parts(self) -> (Py<Object>, bool) {
        (self.function, self.takes_receiver)
    }

    /// True if the class has `None` in the place of the method, which says that it has none.
    pub fn is_none(&self) -> bool {
        self.function.is_none()
    }
}

/// Calls a special method; None if the type has none.
pub fn call_special(
    receiver: &Object,
    name: &Str,
    arguments: &[&Object],
    thread: &mut Thread,
) -> PyResult<Option<Py<Object>>> {
    match lookup_special(receiver, name, thread)? {
        Some(method) => method.call(receiver, arguments, thread).map(Some),
        None => Ok(None),
    }
}

/// Calls a special method; AttributeError if the type has none.
pub fn call_special_required(
    receiver: &Object,
    name: &Str,
    arguments: &[&Object],
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    match call_special(receiver, name, arguments, thread)? {
        Some(result) => Ok(result),
        None => Err(thread.raise_with_argument(AttributeError, Py::from_ref(name).into_object())),
    }
}
