//! Small things that the operations share: ints, `None`, built-in functions by name, what higher layers provide.

use crate::dict::Dict;
use crate::errors::{AttributeError, KeyError, PyResult};
use crate::int::Int;
use crate::none::NoneType;
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;

/// `None`, which lives for ever.
pub(crate) fn none() -> &'static Object {
    NoneType::get()
}

/// An int as an object.
pub fn make_int(value: i128, thread: &mut Thread) -> Py<Object> {
    Int::from_i128(value, thread).into_object()
}

/// A built-in name as the code that runs now sees it. Its builtins may have hostile keys: this may run Python code.
pub fn builtin(name: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let found = match thread.current_builtins() {
        None => None,
        Some(builtins) => match builtins.downcast_exact::<Dict>() {
            Some(dict) => dict.get(name, thread)?,
            None => {
                let found = super::get_item(&builtins, name, thread);
                thread.suppress(found, KeyError)?
            }
        },
    };
    match found {
        Some(value) => Ok(value),
        None => Err(thread.raise_with_argument(AttributeError, Py::from_ref(name).into_object())),
    }
}

/// `origin[arguments]` as `types.GenericAlias`.
pub fn generic_alias(origin: &Object, arguments: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    match thread.interpreter().generic_alias.get() {
        Some(make) => make(origin, arguments, thread),
        None => Err(raise!(thread, NotImplementedError, "types.GenericAlias is not a part of this interpreter")),
    }
}

/// `left | right` of classes: `types.UnionType`.
pub fn union(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    match thread.interpreter().hooks.union.get() {
        Some(make) => make(left, right, thread),
        None => Err(raise!(thread, NotImplementedError, "types.UnionType is not a part of this interpreter")),
    }
}
