//! Calling what a method table entry points to, by C's conventions (`METH_…`).

use std::ffi::c_int;
use std::ptr;

use layout::*;

use super::builtin::BuiltinFunction;
use crate::dict::Dict;
use crate::errors::{PyResult, Raised};
use crate::method::Method;
use crate::protocol::result_from_c;
use crate::raise;
use crate::refs::{Object, Py, cast};
use crate::thread::Thread;
use crate::tuple::Tuple;

/// The bits of `ml_flags` that say how the function is called.
const CONVENTION: c_int = METH_VARARGS | METH_FASTCALL | METH_NOARGS | METH_O | METH_KEYWORDS | METH_METHOD;

const VARARGS_KEYWORDS: c_int = METH_VARARGS | METH_KEYWORDS;
const FASTCALL_KEYWORDS: c_int = METH_FASTCALL | METH_KEYWORDS;
const METHOD_FASTCALL_KEYWORDS: c_int = METH_METHOD | FASTCALL_KEYWORDS;

/// A call of a C function through its definition.
pub struct DefinedCall<'a> {
    pub definition: &'a PyMethodDef,
    /// The class that defines a `METH_METHOD`.
    pub class: *mut PyTypeObject,
    pub receiver: *mut PyObject,
    /// The positional arguments, and behind them the values of the named ones.
    pub arguments: &'a [&'a Object],
    pub names: Option<&'a Tuple>,
}

impl DefinedCall<'_> {
    /// Calls; `describe` gives the function's name for messages.
    #[inline]
    pub fn run(
        &self,
        describe: impl FnOnce(&mut Thread) -> PyResult<String>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        thread.check_stack(" while calling a Python object")?;
        let meth = self.definition.ml_meth;
        let (receiver, class) = (self.receiver, self.class);
        let named = self.names.map_or(0, Tuple::length);
        let count = self.arguments.len() - named;
        let arguments: *const *mut PyObject = self.arguments.as_ptr().cast();
        let names = self.names.filter(|_| named > 0).map_or(ptr::null_mut(), |it| it.as_pointer());
        let convention = self.definition.ml_flags & CONVENTION;
        // SAFETY (of the calls below): `ml_flags` says by which signature the function is called.
        let result = match convention {
            // SAFETY: as above.
            FASTCALL_KEYWORDS => unsafe {
                (meth.PyCFunctionFastWithKeywords)(receiver, arguments, count as isize, names)
            },
            // SAFETY: as above.
            METHOD_FASTCALL_KEYWORDS => unsafe { (meth.PyCMethod)(receiver, class, arguments, count, names) },
            VARARGS_KEYWORDS => return self.run_with_tuple(true, thread),
            _ if named > 0 => {
                let name = describe(thread)?;
                return Err(raise!(thread, TypeError, "{name} takes no keyword arguments"));
            }
            // SAFETY: as above.
            METH_FASTCALL => unsafe { (meth.PyCFunctionFast)(receiver, arguments, count as isize) },
            METH_NOARGS if count == 0 => {
                // SAFETY: as above.
                unsafe { (meth.PyCFunction)(receiver, ptr::null_mut()) }
            }
            METH_O if count == 1 => {
                // SAFETY: as above.
                unsafe { (meth.PyCFunction)(receiver, self.arguments[0].as_pointer()) }
            }
            METH_VARARGS => return self.run_with_tuple(false, thread),
            METH_NOARGS => {
                let name = describe(thread)?;
                return Err(raise!(thread, TypeError, "{name} takes no arguments ({count} given)"));
            }
            METH_O => {
                let name = describe(thread)?;
                return Err(raise!(thread, TypeError, "{name} takes exactly one argument ({count} given)"));
            }
            _ => {
                let name = describe(thread)?;
                return Err(raise!(thread, SystemError, "{name} method: bad call flags"));
            }
        };
        self.checked(result, thread)
    }

    /// The result of C code, which goes together with an exception or without one, as it should.
    #[inline]
    fn checked(&self, result: *mut PyObject, thread: &mut Thread) -> PyResult<Py<Object>> {
        if result.is_null() != thread.is_raised() {
            return Err(self.raise_inconsistent(result, thread));
        }
        result_from_c(result, thread)
    }

    #[cold]
    #[inline(never)]
    fn raise_inconsistent(&self, result: *mut PyObject, thread: &mut Thread) -> Raised {
        // SAFETY: C's convention: the result is ours; a definition's name is a C string; the receiver is a live object or null.
        let (result, name, receiver) = unsafe {
            let name = super::text_of(self.definition.ml_name);
            (Py::<Object>::steal_pointer(result), name, Object::from_pointer(self.receiver))
        };
        let shown = match receiver.filter(|it| it.downcast::<crate::module::Module>().is_none()) {
            None => format!("<built-in function {name}>"),
            Some(it) => format!("<built-in method {name} of {} object at {:#x}>", it.class().full_name(), it.address()),
        };
        let Some(cause) = thread.take_exception() else {
            return raise!(thread, SystemError, "{shown} returned NULL without setting an exception");
        };
        drop(result);
        let raised = raise!(thread, SystemError, "{shown} returned a result with an exception set");
        let exception = thread.catch(raised);
        exception.set_cause(Some(cause.clone()));
        exception.set_context(Some(cause));
        thread.set_exception(exception)
    }

    fn run_with_tuple(&self, with_keywords: bool, thread: &mut Thread) -> PyResult<Py<Object>> {
        let named = self.names.map_or(0, Tuple::length);
        let (positional, values) = self.arguments.split_at(self.arguments.len() - named);
        let tuple = Tuple::new(positional.iter().map(|it| Py::from_ref(*it)).collect(), thread)?;
        let keywords = keyword_dict(self.names, values, thread)?;
        let meth = self.definition.ml_meth;
        // SAFETY: `ml_flags` says by which signature the function is called.
        let result = unsafe {
            if with_keywords {
                let keywords = keywords.as_ref().map_or(ptr::null_mut(), |it| it.as_pointer());
                (meth.PyCFunctionWithKeywords)(self.receiver, tuple.as_pointer(), keywords)
            } else {
                (meth.PyCFunction)(self.receiver, tuple.as_pointer())
            }
        };
        self.checked(result, thread)
    }
}

/// Named arguments as a dict; None if there are none.
pub fn keyword_dict(names: Option<&Tuple>, values: &[&Object], thread: &mut Thread) -> PyResult<Option<Py<Dict>>> {
    let Some(names) = names.filter(|it| it.length() > 0) else { return Ok(None) };
    let dict = Dict::new(thread);
    for (name, value) in names.items().iter().zip(values) {
        dict.set(name, value, thread)?;
    }
    Ok(Some(dict))
}

/// The arguments of a vectorcall: all values, and the names of the last of them.
///
/// # Safety
/// By the vectorcall protocol.
pub unsafe fn vector_arguments<'a>(
    arguments: *const *mut PyObject,
    count_and_flags: usize,
    names: *mut PyObject,
) -> (&'a [&'a Object], Option<&'a Tuple>) {
    // SAFETY: the names are a tuple or null.
    let names = unsafe { Object::from_pointer(names).map(|it| cast::<Tuple>(it)) };
    let total = (count_and_flags & !PY_VECTORCALL_ARGUMENTS_OFFSET) + names.map_or(0, Tuple::length);
    if total == 0 {
        return (&[], names);
    }
    // SAFETY: the protocol: so many live objects; `&Object` is a non-null object pointer.
    (unsafe { std::slice::from_raw_parts(arguments.cast::<&Object>(), total) }, names)
}

/// Whether a callable takes named arguments as a dict, in which there may be names that are no strings.
pub fn takes_any_names(callable: &Object) -> bool {
    // Not descriptors: these have a vectorcall function for each convention.
    let Some(function) = callable.downcast::<BuiltinFunction>() else { return false };
    let definition = function.definition();
    // SAFETY: definitions live as long as what is made of them.
    match unsafe { Method::of(ptr::from_ref(definition).cast_mut()) } {
        Some(method) => method.takes_any_names(),
        None => definition.ml_flags & CONVENTION == VARARGS_KEYWORDS,
    }
}

/// Whether a function of ours refuses arguments by name as such.
pub fn refuses_names(function: &BuiltinFunction) -> bool {
    // SAFETY: definitions live as long as what is made of them.
    unsafe { Method::of(ptr::from_ref(function.definition()).cast_mut()) }
        .is_some_and(|it| it.refuses_names() && !it.summary.has_keywords)
}

/// A call by tuple and dict as a vectorcall: what `tp_call` is for callables that have a vectorcall function.
pub fn call_by_vector(
    callable: &Object,
    arguments: &Tuple,
    keywords: Option<&Dict>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let pairs = keywords.map_or_else(Vec::new, |it| it.items_snapshot(thread));
    if pairs.is_empty() {
        let all: Vec<&Object> = arguments.items().iter().map(|it| &**it).collect();
        return crate::protocol::call(callable, &all, thread);
    }
    let (names, values): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
    if names.iter().any(|it| it.downcast::<crate::str::Str>().is_none()) && !takes_any_names(callable) {
        return Err(raise!(thread, TypeError, "keywords must be strings"));
    }
    let names = Tuple::new(names, thread)?;
    let all: Vec<&Object> = arguments.items().iter().chain(&values).map(|it| &**it).collect();
    crate::protocol::call_vector(callable, &all, Some(&names), thread)
}
