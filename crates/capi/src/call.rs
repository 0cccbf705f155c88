//! `abstract.h`: calling objects, with tuples and dicts or with vectors (PEP 590).

use layout::PyObject;
use objects::descriptors::convention::{keyword_dict, vector_arguments};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;

use crate::entry::{Argument, bad_internal_call, export};

/// The arguments of a vectorcall as C passes them.
pub struct Vector(*const *mut PyObject);

impl Argument for Vector {
    type C = *const *mut PyObject;

    unsafe fn from_c(value: Self::C, _: &mut Thread) -> PyResult<Self> {
        Ok(Self(value))
    }
}

impl Vector {
    /// The values, and the names of the last of them.
    fn split<'a>(&self, count: usize, names: Option<&'a Object>) -> (&'a [&'a Object], Option<&'a Tuple>) {
        // SAFETY: made from C's argument only, which follows the vectorcall protocol.
        unsafe { vector_arguments(self.0, count, names.map_or(std::ptr::null_mut(), Object::as_pointer)) }
    }
}

fn tuple<'a>(arguments: Option<&'a Object>, thread: &mut Thread) -> PyResult<&'a Tuple> {
    match arguments.and_then(|it| it.downcast::<Tuple>()) {
        Some(tuple) => Ok(tuple),
        None => Err(raise!(thread, TypeError, "argument list must be a tuple")),
    }
}

fn dict<'a>(keywords: Option<&'a Object>, thread: &mut Thread) -> PyResult<Option<&'a Dict>> {
    match keywords {
        None => Ok(None),
        Some(keywords) => match keywords.downcast::<Dict>() {
            Some(dict) => Ok(Some(dict)),
            None => Err(raise!(thread, TypeError, "keyword list must be a dictionary")),
        },
    }
}

/// Positional arguments as a vector, named ones as a dict.
fn call_with_dict(
    callable: &Object,
    positional: &[&Object],
    keywords: Option<&Dict>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    match keywords.filter(|it| it.length() > 0) {
        None => protocol::call(callable, positional, thread),
        Some(keywords) => {
            let tuple = Tuple::from_slice(positional, thread)?;
            protocol::call_tuple_or_vector(callable, &tuple, Some(keywords), thread)
        }
    }
}

export! { thread;
    fn PyObject_Call(callable: &Object, arguments: Option<&Object>, keywords: Option<&Object>) -> Py<Object> {
        let arguments = tuple(arguments, thread)?;
        let keywords = dict(keywords, thread)?;
        protocol::call_tuple_or_vector(callable, arguments, keywords, thread)
    }

    fn PyCFunction_Call(callable: &Object, arguments: Option<&Object>, keywords: Option<&Object>) -> Py<Object> {
        let arguments = tuple(arguments, thread)?;
        let keywords = dict(keywords, thread)?;
        protocol::call_tuple_or_vector(callable, arguments, keywords, thread)
    }

    fn PyObject_CallObject(callable: &Object, arguments: Option<&Object>) -> Py<Object> {
        match arguments {
            None => protocol::call(callable, &[], thread),
            Some(_) => {
                let arguments = tuple(arguments, thread)?;
                protocol::call_tuple_or_vector(callable, arguments, None, thread)
            }
        }
    }

    fn PyEval_CallObjectWithKeywords(callable: &Object, arguments: Option<&Object>, keywords: Option<&Object>) -> Py<Object> {
        let keywords = dict(keywords, thread)?;
        match arguments {
            None => call_with_dict(callable, &[], keywords, thread),
            Some(_) => {
                let arguments = tuple(arguments, thread)?;
                protocol::call_tuple_or_vector(callable, arguments, keywords, thread)
            }
        }
    }

    fn PyObject_CallNoArgs(callable: &Object) -> Py<Object> { protocol::call(callable, &[], thread) }

    fn PyObject_CallOneArg(callable: &Object, argument: &Object) -> Py<Object> {
        protocol::call_one(callable, argument, thread)
    }

    fn PyObject_Vectorcall(callable: &Object, values: Vector, count: usize, names: Option<&Object>) -> Py<Object> {
        let (values, names) = values.split(count, names);
        protocol::call_vector(callable, values, names, thread)
    }

    fn PyObject_VectorcallDict(callable: &Object, values: Vector, count: usize, keywords: Option<&Object>) -> Py<Object> {
        let (values, _) = values.split(count, None);
        let keywords = dict(keywords, thread)?;
        call_with_dict(callable, values, keywords, thread)
    }

    fn _PyObject_FastCallDict(callable: &Object, values: Vector, count: usize, keywords: Option<&Object>) -> Py<Object> {
        let (values, _) = values.split(count, None);
        let keywords = dict(keywords, thread)?;
        call_with_dict(callable, values, keywords, thread)
    }

    fn PyObject_VectorcallMethod(name: &Object, values: Vector, count: usize, names: Option<&Object>) -> Py<Object> {
        let (values, names) = values.split(count, names);
        let Some((receiver, values)) = values.split_first() else { return bad_internal_call(thread) };
        let name = objects::object::attribute_name(name, thread)?;
        let method = protocol::get_attribute(receiver, name, thread)?;
        protocol::call_vector(&method, values, names, thread)
    }

    fn PyVectorcall_Call(callable: &Object, arguments: Option<&Object>, keywords: Option<&Object>) -> Py<Object> {
        let arguments = tuple(arguments, thread)?;
        let keywords = dict(keywords, thread)?;
        if protocol::vectorcall_of(callable).is_none() {
            let class = callable.class().full_name();
            return Err(raise!(thread, TypeError, "'{class}' object does not support vectorcall"));
        }
        objects::descriptors::convention::call_by_vector(callable, arguments, keywords, thread)
    }

    fn _PyObject_MakeTpCall(state: *mut layout::PyThreadState, callable: &Object, values: Vector, count: usize, names: Option<&Object>) -> Py<Object> {
        let _ = state;
        let (values, names) = values.split(count, names);
        let (positional, named) = values.split_at(values.len() - names.map_or(0, Tuple::length));
        let keywords = keyword_dict(names, named, thread)?;
        let tuple = Tuple::from_slice(positional, thread)?;
        protocol::call_tuple(callable, &tuple, keywords.as_deref(), thread)
    }
}

/// `PyVectorcall_Function`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyVectorcall_Function(callable: *mut PyObject) -> Option<layout::vectorcallfunc> {
    // SAFETY: C's caller passes an object.
    unsafe { Object::from_pointer(callable) }.and_then(protocol::vectorcall_of)
}

/// `PyVectorcall_NARGS`.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyVectorcall_NARGS(count: usize) -> isize {
    (count & !layout::PY_VECTORCALL_ARGUMENTS_OFFSET) as isize
}
