//! `abstract.h`, the object protocol: attributes, items, calls to slots that every object has; and `Python.h`'s `Py_GetConstant`.

use std::ffi::{CStr, c_int};

use builtins::bytes::Bytes;
use layout::PyObject;
use objects::errors::PyResult;
use objects::int::Int;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Type;

use crate::entry::{Array, Flag, Found, export, text};

/// A name that C passes as an object.
fn attribute_name<'a>(name: &'a Object, thread: &mut Thread) -> PyResult<&'a Str> {
    objects::object::attribute_name(name, thread)
}

/// The answer of a function that cannot report an error: what was raised is reported as unraisable.
pub fn flag(result: PyResult<bool>, function: &str, thread: &mut Thread) -> Flag {
    match result {
        Ok(answer) => Flag(answer),
        Err(raised) => {
            let message = format!("Exception ignored in {function}(); consider using a function that reports errors");
            thread.report_unraisable(raised, &message, None);
            Flag(false)
        }
    }
}

export! { thread;
    fn PyObject_Repr(object: Option<&Object>) -> Py<Str> {
        match object {
            Some(object) => protocol::repr(object, thread),
            None => Ok(Str::from_str("<NULL>", thread)),
        }
    }

    fn PyObject_Str(object: Option<&Object>) -> Py<Str> {
        match object {
            Some(object) => protocol::str(object, thread),
            None => Ok(Str::from_str("<NULL>", thread)),
        }
    }

    fn PyObject_ASCII(object: Option<&Object>) -> Py<Str> {
        match object {
            Some(object) => protocol::ascii(object, thread),
            None => Ok(Str::from_str("<NULL>", thread)),
        }
    }

    fn PyObject_Bytes(object: Option<&Object>) -> Py<Object> {
        let Some(object) = object else { return Ok(Bytes::from_slice(b"<NULL>", thread).into_object()) };
        if let Some(bytes) = builtins::bytes::call_bytes(object, thread)? {
            return Ok(bytes.into_object());
        }
        crate::bytesobject::from_object(object, thread)
    }

    fn PyObject_Format(object: &Object, specification: Option<&Object>) -> Py<Str> {
        protocol::format(object, specification, thread)
    }

    fn PyObject_Hash(object: &Object) -> isize {
        protocol::hash(object, thread)
    }

    fn PyObject_HashNotImplemented(object: &Object) -> isize {
        Err(objects::object::raise_unhashable(object, thread))
    }

    fn PyObject_GenericHash(object: &Object) -> isize {
        let _ = &thread;
        Ok(objects::object::hash_of_address(object.address()))
    }

    fn PyObject_IsTrue(object: &Object) -> bool {
        protocol::is_true(object, thread)
    }

    fn PyObject_Not(object: &Object) -> bool {
        Ok(!protocol::is_true(object, thread)?)
    }

    fn PyObject_RichCompare(left: &Object, right: &Object, operation: i32) -> Py<Object> {
        protocol::compare(left, right, Comparison::from_code(operation), thread)
    }

    fn PyObject_RichCompareBool(left: &Object, right: &Object, operation: i32) -> bool {
        let operation = Comparison::from_code(operation);
        if left.is(right) && matches!(operation, Comparison::Equal | Comparison::NotEqual) {
            return Ok(operation == Comparison::Equal);
        }
        let result = protocol::compare(left, right, operation, thread)?;
        protocol::is_true(&result, thread)
    }

    fn PyObject_Type(object: &Object) -> Py<Type> {
        let _ = &thread;
        Ok(Py::from_ref(object.class()))
    }

    fn PyObject_Size(object: &Object) -> isize {
        protocol::length(object, thread).map(|it| it as isize)
    }

    fn PyObject_Length(object: &Object) -> isize {
        protocol::length(object, thread).map(|it| it as isize)
    }

    fn PyObject_LengthHint(object: &Object, default: isize) -> isize {
        protocol::length_hint(object, default.max(0).unsigned_abs(), thread).map(|it| it as isize)
    }

    fn PyObject_GetItem(object: &Object, key: &Object) -> Py<Object> {
        protocol::get_item(object, key, thread)
    }

    fn PyObject_SetItem(object: &Object, key: &Object, value: &Object) -> () {
        protocol::set_item(object, key, value, thread)
    }

    fn PyObject_DelItem(object: &Object, key: &Object) -> () {
        protocol::delete_item(object, key, thread)
    }

    fn PyObject_DelItemString(object: &Object, key: &CStr) -> () {
        let key = Str::from_c(key, thread)?;
        protocol::delete_item(object, &key, thread)
    }

    fn PyObject_GetAttr(object: &Object, attribute: &Object) -> Py<Object> {
        let attribute = attribute_name(attribute, thread)?;
        protocol::get_attribute(object, attribute, thread)
    }

    fn PyObject_GetAttrString(object: &Object, attribute: &CStr) -> Py<Object> {
        let attribute = Str::from_c(attribute, thread)?;
        protocol::get_attribute(object, &attribute, thread)
    }

    fn PyObject_GetOptionalAttr(object: &Object, attribute: &Object, result: Found) -> bool {
        let attribute = attribute_name(attribute, thread)?;
        optional(protocol::lookup_attribute(object, attribute, thread)?, result)
    }

    fn PyObject_GetOptionalAttrString(object: &Object, attribute: &CStr, result: Found) -> bool {
        let attribute = Str::from_c(attribute, thread)?;
        optional(protocol::lookup_attribute(object, &attribute, thread)?, result)
    }

    fn _PyObject_LookupAttr(object: &Object, attribute: &Object, result: Found) -> bool {
        let attribute = attribute_name(attribute, thread)?;
        optional(protocol::lookup_attribute(object, attribute, thread)?, result)
    }

    fn PyObject_HasAttr(object: &Object, attribute: &Object) -> Flag {
        let result = attribute_name(attribute, thread)
            .and_then(|it| protocol::lookup_attribute(object, it, thread)).map(|it| it.is_some());
        Ok(flag(result, "PyObject_HasAttr", thread))
    }

    fn PyObject_HasAttrString(object: &Object, attribute: &CStr) -> Flag {
        let result = Str::from_c(attribute, thread)
            .and_then(|it| protocol::lookup_attribute(object, &it, thread)).map(|it| it.is_some());
        Ok(flag(result, "PyObject_HasAttrString", thread))
    }

    fn PyObject_HasAttrWithError(object: &Object, attribute: &Object) -> bool {
        let attribute = attribute_name(attribute, thread)?;
        Ok(protocol::lookup_attribute(object, attribute, thread)?.is_some())
    }

    fn PyObject_HasAttrStringWithError(object: &Object, attribute: &CStr) -> bool {
        let attribute = Str::from_c(attribute, thread)?;
        Ok(protocol::lookup_attribute(object, &attribute, thread)?.is_some())
    }

    fn PyObject_SetAttr(object: &Object, attribute: &Object, value: Option<&Object>) -> () {
        let attribute = attribute_name(attribute, thread)?;
        let attribute = intern_exact(attribute, thread);
        protocol::set_attribute(object, &attribute, value, thread)
    }

    fn PyObject_SetAttrString(object: &Object, attribute: &CStr, value: Option<&Object>) -> () {
        let attribute = Str::from_c(attribute, thread)?;
        let attribute = thread.intern(&attribute);
        protocol::set_attribute(object, &attribute, value, thread)
    }

    fn PyObject_DelAttr(object: &Object, attribute: &Object) -> () {
        let attribute = attribute_name(attribute, thread)?;
        protocol::set_attribute(object, attribute, None, thread)
    }

    fn PyObject_DelAttrString(object: &Object, attribute: &CStr) -> () {
        let attribute = Str::from_c(attribute, thread)?;
        protocol::set_attribute(object, &attribute, None, thread)
    }

    fn PyObject_GenericGetAttr(object: &Object, attribute: &Object) -> Py<Object> {
        let attribute = attribute_name(attribute, thread)?;
        objects::object::get_attribute_generic(object, attribute, thread)
    }

    fn PyObject_GenericSetAttr(object: &Object, attribute: &Object, value: Option<&Object>) -> () {
        let attribute = attribute_name(attribute, thread)?;
        let attribute = intern_exact(attribute, thread);
        objects::object::set_attribute_generic(object, &attribute, value, thread)
    }

    fn PyObject_Dir(object: Option<&Object>) -> Py<Object> {
        let dir = thread.intern_text("dir");
        let function = protocol::builtin(&dir, thread)?;
        match object {
            Some(object) => protocol::call_one(&function, object, thread),
            None => protocol::call(&function, &[], thread),
        }
    }

    fn PyObject_GetIter(object: &Object) -> Py<Object> {
        protocol::iter(object, thread)
    }

    fn PyObject_SelfIter(object: &Object) -> Py<Object> {
        let _ = &thread;
        Ok(Py::from_ref(object))
    }

    fn PyObject_GetAIter(object: &Object) -> Py<Object> {
        interpreter::generator::async_iterator(object, thread)
    }

    fn PyObject_IsInstance(object: &Object, class: &Object) -> bool {
        protocol::is_instance(object, class, thread)
    }

    fn PyObject_IsSubclass(derived: &Object, class: &Object) -> bool {
        protocol::is_subclass(derived, class, thread)
    }

    fn _PyObject_RealIsInstance(object: &Object, class: &Object) -> bool {
        protocol::is_instance_without_hook(object, class, thread)
    }

    fn _PyObject_RealIsSubclass(derived: &Object, class: &Object) -> bool {
        protocol::is_subclass_without_hook(derived, class, thread)
    }

    fn PyCallable_Check(object: Option<&Object>) -> Flag {
        let _ = &thread;
        Ok(Flag(object.is_some_and(|it| it.class().slots().tp_call.get().is_some())))
    }

    fn PyObject_AsFileDescriptor(object: &Object) -> i32 {
        file_descriptor(object, thread)
    }

    fn Py_GetConstant(number: u32) -> Py<Object> {
        constant(number, thread)
    }

    fn Py_GetConstantBorrowed(number: u32) -> *mut PyObject {
        // All constants are immortal or held by the interpreter.
        constant(number, thread).map(|it| it.as_pointer())
    }

    fn Py_ReprEnter(object: &Object) -> bool {
        Ok(thread.enter_repr(object))
    }

    fn Py_ReprLeave(object: &Object) -> crate::entry::Nothing {
        thread.leave_repr(object);
        Ok(crate::entry::Nothing)
    }

    fn Py_EnterRecursiveCall(doing: Option<&CStr>) -> () {
        let doing = doing.map(text).unwrap_or_default();
        thread.check_stack(&doing)
    }

    fn _Py_CheckFunctionResult(callable: Option<&Object>, result: *mut PyObject, place: Option<&CStr>) -> *mut PyObject {
        let _ = (callable, place);
        protocol::result_from_c(result, thread).map(Py::into_pointer)
    }

    fn _PyObject_Dump(object: Option<&Object>) -> crate::entry::Nothing {
        if let Some(object) = object {
            let shown = protocol::repr(object, thread).map(|it| it.to_string_lossy());
            objects::error_line!("object address  : {:#x}\nobject repr     : {}", object.address(), shown.unwrap_or_default());
        }
        Ok(crate::entry::Nothing)
    }

    fn _PyObject_IsFreed(object: Option<&Object>) -> bool {
        let _ = &thread;
        // Freed memory cannot be told from live memory without reading it; only what is no object at all is found.
        Ok(object.is_none_or(|it| it.reference_count() == 0))
    }

    fn _PyStack_AsDict(values: Array<&'static Object>, names: &Tuple) -> Py<objects::dict::Dict> {
        let values = values.first(names.length());
        match objects::descriptors::convention::keyword_dict(Some(names), values, thread)? {
            Some(dict) => Ok(dict),
            None => Ok(objects::dict::Dict::new(thread)),
        }
    }
}

/// `Py_LeaveRecursiveCall`: nothing is counted, since the stack itself is measured.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn Py_LeaveRecursiveCall() {}

/// A name that is about to become a key of a dict: interned, unless it is an instance of a subtype.
fn intern_exact(name: &Str, thread: &mut Thread) -> Py<Str> {
    if name.is_exactly::<Str>() { thread.intern(name) } else { Py::from_ref(name) }
}

/// Writes what was found, and says whether something was.
pub fn optional(found: Option<Py<Object>>, result: Found) -> PyResult<bool> {
    let is_there = found.is_some();
    result.set(found.map_or(std::ptr::null_mut(), Py::into_pointer));
    Ok(is_there)
}

/// An int, or what `fileno()` gives: not negative.
fn file_descriptor(object: &Object, thread: &mut Thread) -> PyResult<c_int> {
    let descriptor = if object.downcast::<Int>().is_some() {
        if object.is_exactly::<objects::bool::Bool>() {
            thread.warn(objects::errors::RuntimeWarning, 1, format_args!("bool is used as a file descriptor"))?;
        }
        crate::longobject::as_int(object, thread)?
    } else {
        let Some(method) = protocol::lookup_attribute(object, &objects::names::fileno, thread)? else {
            return Err(raise!(thread, TypeError, "argument must be an int, or have a fileno() method."));
        };
        let number = protocol::call(&method, &[], thread)?;
        if number.downcast::<Int>().is_none() {
            return Err(raise!(thread, TypeError, "fileno() returned a non-integer"));
        }
        crate::longobject::as_int(&number, thread)?
    };
    if descriptor < 0 {
        return Err(raise!(thread, ValueError, "file descriptor cannot be a negative integer ({descriptor})"));
    }
    Ok(descriptor)
}

/// The objects of `Py_GetConstant`, by number.
fn constant(number: u32, thread: &mut Thread) -> PyResult<Py<Object>> {
    Ok(match number {
        0 => thread.none(),
        1 => objects::bool::Bool::new(false),
        2 => objects::bool::Bool::new(true),
        3 => Py::from_ref(objects::none::EllipsisType::get()),
        4 => thread.not_implemented(),
        5 => Int::from_i64(0, thread).into_object(),
        6 => Int::from_i64(1, thread).into_object(),
        7 => Str::empty().into_object(),
        8 => Bytes::from_slice(b"", thread).into_object(),
        9 => Tuple::empty(thread).into_object(),
        _ => return crate::entry::bad_internal_call(thread),
    })
}

/// Strings from C.
pub trait FromC {
    fn from_c(text: &CStr, thread: &mut Thread) -> PyResult<Py<Str>>;
}

impl FromC for Str {
    fn from_c(text: &CStr, thread: &mut Thread) -> PyResult<Py<Str>> {
        objects::str::codecs::decode(text.to_bytes(), None, None, thread)
    }
}
