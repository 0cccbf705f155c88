//! Small things that the operations share: ints, `None`, built-in functions by name, what higher layers provide.

use crate::errors::PyResult;
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

/// A name of the `builtins` module.
pub fn builtin(name: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let builtins = thread.interpreter().builtins.get();
    match builtins.and_then(|it| it.get_str(name, thread)) {
        Some(value) => Ok(value),
        None => Err(raise!(thread, AttributeError, "module 'builtins' has no attribute '{}'", name.to_string_lossy())),
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
