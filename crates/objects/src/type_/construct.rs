//! Calling a class: `__new__`, then `__init__`; and `__new__` of built-in types as Python sees it.

use layout::{METH_KEYWORDS, METH_VARARGS, Py_TPFLAGS_HEAPTYPE, PyMethodDef, PyMethodPointer, PyObject};

use crate::descriptors::BuiltinFunction;
use crate::descriptors::convention::{keyword_dict, vector_arguments};
use crate::dict::Dict;
use crate::errors::{PyResult, Raised};
use crate::names;
use crate::protocol::result_from_c;
use crate::raise;
use crate::refs::{Object, Py, cast};
use crate::slots::enter;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Instance as _, Type, TypeDeclaration, is_own_heap_type};

/// `type.__call__`.
pub fn call_type(
    class: &Type,
    arguments: &Tuple,
    keywords: Option<&Dict>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    if std::ptr::eq(class, Type::class()) {
        let has_keywords = keywords.is_some_and(|it| it.length() > 0);
        match arguments.items() {
            [object] if !has_keywords => return Ok(Py::from_ref(object.class()).into_object()),
            [_] => return Err(raise!(thread, TypeError, "type() takes no keyword arguments")),
            [_, _, _] => {}
            _ => return Err(raise!(thread, TypeError, "type() takes 1 or 3 arguments")),
        }
    }
    let Some(new) = class.slots().tp_new.get() else {
        return Err(raise!(thread, TypeError, "cannot create '{}' instances", class.full_name()));
    };
    let (tuple, dict) = (arguments.as_pointer(), keywords.map_or(std::ptr::null_mut(), |it| it.as_pointer()));
    // SAFETY: the slot's protocol.
    let object = result_from_c(unsafe { new(class.as_pointer(), tuple, dict) }, thread)?;
    if !object.class().is_subtype(class) {
        return Ok(object);
    }
    if let Some(init) = object.class().slots().tp_init.get() {
        // SAFETY: the slot's protocol.
        let status = unsafe { init(object.as_pointer(), tuple, dict) };
        if status < 0 {
            return Err(thread.raised_elsewhere());
        }
    }
    Ok(object)
}

/// The vectorcall function of `type` itself: `type(x)` without a tuple.
///
/// # Safety
/// By the vectorcall protocol.
pub unsafe extern "C-unwind" fn vectorcall(
    callable: *mut PyObject,
    arguments: *const *mut PyObject,
    count_and_flags: usize,
    names: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: this function's contract.
    let (class, (values, names), mut thread) = unsafe {
        let class = cast::<Type>(&*callable.cast::<Object>());
        (class, vector_arguments(arguments, count_and_flags, names), Thread::current())
    };
    let result = match (values, names) {
        ([object], None) => Ok(Py::from_ref(object.class()).into_object()),
        _ => call_by_tuple(class, values, names, &mut thread),
    };
    result.map_or(std::ptr::null_mut(), Py::into_pointer)
}

fn call_by_tuple(class: &Type, values: &[&Object], names: Option<&Tuple>, thread: &mut Thread) -> PyResult<Py<Object>> {
    let (positional, named) = values.split_at(values.len() - names.map_or(0, Tuple::length));
    let tuple = Tuple::new(positional.iter().map(|it| Py::from_ref(*it)).collect(), thread)?;
    let keywords = keyword_dict(names, named, thread)?;
    call_type(class, &tuple, keywords.as_deref(), thread)
}

/// The arguments that `type.__init__` accepts and ignores.
pub fn check_init_arguments(arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
    match arguments.length() {
        1 if keywords.is_some_and(|it| it.length() > 0) => {
            Err(raise!(thread, TypeError, "type.__init__() takes no keyword arguments"))
        }
        1 | 3 => Ok(()),
        _ => Err(raise!(thread, TypeError, "type.__init__() takes 1 or 3 arguments")),
    }
}

/// `__new__` of all built-in types: the type is its `__self__`.
static NEW: PyMethodDef = PyMethodDef {
    ml_name: c"__new__".as_ptr(),
    ml_meth: PyMethodPointer { PyCFunctionWithKeywords: call_new },
    ml_flags: METH_VARARGS | METH_KEYWORDS,
    ml_doc: c"__new__($type, *args, **kwargs)\n--\n\nCreate and return a new object.  See help(type) for accurate signature."
        .as_ptr(),
};

/// `__new__` of a type that fills `tp_new`, for its dictionary.
pub fn new_wrapper(class: &Type, thread: &mut Thread) -> Py<Object> {
    let receiver = Some(Py::from_ref(class).into_object());
    // SAFETY: the definition lives for ever; the function expects a type.
    unsafe { BuiltinFunction::new(std::ptr::from_ref(&NEW).cast_mut(), receiver, None, None, thread) }
}

/// The type whose `tp_new` a function stands for, if it is one that [`new_wrapper`] made.
pub fn class_of_new_wrapper(function: &BuiltinFunction) -> Option<Py<Type>> {
    if !std::ptr::eq(function.definition(), &NEW) {
        return None;
    }
    function.receiver()?.downcast_into::<Type>().ok()
}

/// Takes `__new__` out of the dictionaries of types that CPython makes without one: there they inherit it from object, which makes instances of any
/// layout; here each still makes its own.
pub fn hide_new(declarations: &[&'static TypeDeclaration], thread: &mut Thread) -> PyResult<()> {
    for declaration in declarations {
        declaration.as_type().dict(thread).delete(&names::__new__, thread)?;
    }
    Ok(())
}

/// # Safety
/// By the calling convention in [`NEW`], with a type as receiver.
unsafe extern "C-unwind" fn call_new(
    receiver: *mut PyObject,
    arguments: *mut PyObject,
    keywords: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: passed on to the caller.
    unsafe { enter::call(receiver, arguments, keywords, construct_checked) }
}

/// `int.__new__(class, …)`: refuses classes whose instances another `tp_new` must make.
fn construct_checked(
    owner: &Object,
    arguments: &Tuple,
    keywords: Option<&Dict>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let Some(owner) = owner.downcast::<Type>() else {
        return Err(raise!(thread, SystemError, "__new__() called with non-type 'self'"));
    };
    let owner_name = owner.full_name();
    let Some((class, rest)) = arguments.items().split_first() else {
        return Err(raise!(thread, TypeError, "{owner_name}.__new__(): not enough arguments"));
    };
    let Some(class) = class.downcast::<Type>() else {
        let found = class.class().full_name();
        return Err(raise!(thread, TypeError, "{owner_name}.__new__(X): X is not a type object ({found})"));
    };
    let name = class.full_name();
    if !class.is_subtype(owner) {
        return Err(raise!(thread, TypeError, "{owner_name}.__new__({name}): {name} is not a subtype of {owner_name}"));
    }
    if class.slots().tp_new.get().is_none() {
        return Err(raise!(thread, TypeError, "cannot create '{name}' instances"));
    }
    // The nearest base that Python code did not make must be made by this very function.
    let mut base = Some(class);
    while let Some(it) = base.filter(|it| !it.is(owner) && is_own_heap_type(it) && it.has_flag(Py_TPFLAGS_HEAPTYPE)) {
        base = it.base();
    }
    let Some(new) = owner.slots().tp_new.get() else {
        return Err(raise!(thread, TypeError, "cannot create '{owner_name}' instances"));
    };
    let theirs = base.map(|it| (it, it.slots().tp_new.get()));
    if let Some((base, None)) = theirs {
        return Err(raise!(thread, TypeError, "cannot create '{}' instances", base.full_name()));
    }
    let mut new = new;
    if let Some((base, Some(theirs))) = theirs
        && !std::ptr::fn_addr_eq(theirs, new)
    {
        if inherits_new(base, owner, thread) {
            new = theirs;
        } else {
            return Err(raise_not_safe(owner, class, base, thread));
        }
    }
    let rest = Tuple::new(rest.to_vec(), thread)?;
    let keywords = keywords.map_or(std::ptr::null_mut(), |it| it.as_pointer());
    // SAFETY: the slot's protocol.
    result_from_c(unsafe { new(class.as_pointer(), rest.as_pointer(), keywords) }, thread)
}

/// Whether `owner`'s `__new__` is the one that is found in `base`, a type that makes its instances itself without showing a `__new__`.
fn inherits_new(base: &Type, owner: &Type, thread: &mut Thread) -> bool {
    let found = base.lookup(&names::__new__, thread);
    let function = found.as_ref().and_then(|it| it.downcast_exact::<BuiltinFunction>());
    function.and_then(class_of_new_wrapper).is_some_and(|it| it.is(owner))
}

#[cold]
fn raise_not_safe(owner: &Type, class: &Type, base: &Type, thread: &mut Thread) -> Raised {
    let (owner, class, base) = (owner.full_name(), class.full_name(), base.full_name());
    raise!(thread, TypeError, "{owner}.__new__({class}) is not safe, use {base}.__new__()")
}
