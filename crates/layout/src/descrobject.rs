//! `descrobject.h` and `cpython/descrobject.h`: tables of attributes that C code declares, and the descriptors made
//! from them.

use std::cell::Cell;
use std::ffi::{c_char, c_int, c_void};

use crate::method_object::PyMethodDef;
use crate::object::*;
use crate::type_object::PyTypeObject;

/// `descrobject.h`: the arguments are the instance and [`PyGetSetDef::closure`].
pub type getter = unsafe extern "C-unwind" fn(*mut PyObject, *mut c_void) -> *mut PyObject;
/// `descrobject.h`: the arguments are the instance, the value (null: delete) and [`PyGetSetDef::closure`].
pub type setter = unsafe extern "C-unwind" fn(*mut PyObject, *mut PyObject, *mut c_void) -> c_int;

/// `descrobject.h`: one computed attribute; a null name ends the table.
#[repr(C)]
pub struct PyGetSetDef {
    pub name: *const c_char,
    pub get: Option<getter>,
    pub set: Option<setter>,
    pub doc: *const c_char,
    pub closure: *mut c_void,
}

/// `descrobject.h`: one attribute that is a field of the C struct; a null name ends the table.
#[repr(C)]
pub struct PyMemberDef {
    pub name: *const c_char,
    /// `Py_T_INT` and the like.
    pub r#type: c_int,
    pub offset: Py_ssize_t,
    /// [`Py_READONLY`] and the like.
    pub flags: c_int,
    pub doc: *const c_char,
}

crate::empty_constants! { PyGetSetDef, PyMemberDef }
crate::shared_between_threads! { PyGetSetDef, PyMemberDef }

pub const Py_T_SHORT: c_int = 0;
pub const Py_T_INT: c_int = 1;
pub const Py_T_LONG: c_int = 2;
pub const Py_T_FLOAT: c_int = 3;
pub const Py_T_DOUBLE: c_int = 4;
pub const Py_T_STRING: c_int = 5;
/// Null reads as None.
pub const _Py_T_OBJECT: c_int = 6;
pub const Py_T_CHAR: c_int = 7;
pub const Py_T_BYTE: c_int = 8;
pub const Py_T_UBYTE: c_int = 9;
pub const Py_T_USHORT: c_int = 10;
pub const Py_T_UINT: c_int = 11;
pub const Py_T_ULONG: c_int = 12;
pub const Py_T_STRING_INPLACE: c_int = 13;
pub const Py_T_BOOL: c_int = 14;
/// Null raises AttributeError.
pub const Py_T_OBJECT_EX: c_int = 16;
pub const Py_T_LONGLONG: c_int = 17;
pub const Py_T_ULONGLONG: c_int = 18;
pub const Py_T_PYSSIZET: c_int = 19;
/// Always reads as None.
pub const _Py_T_NONE: c_int = 20;

pub const Py_READONLY: c_int = 1;
pub const Py_AUDIT_READ: c_int = 2;
pub const _Py_WRITE_RESTRICTED: c_int = 4;
/// The offset counts from where the type's own data begins (`PyType_FromSpec` with a negative basicsize).
pub const Py_RELATIVE_OFFSET: c_int = 8;

/// `cpython/descrobject.h`: the arguments are self, args, and the wrapped slot function.
pub type wrapperfunc = unsafe extern "C-unwind" fn(*mut PyObject, *mut PyObject, *mut c_void) -> *mut PyObject;
/// `cpython/descrobject.h`: as [`wrapperfunc`], and keyword arguments.
pub type wrapperfunc_kwds =
    unsafe extern "C-unwind" fn(*mut PyObject, *mut PyObject, *mut c_void, *mut PyObject) -> *mut PyObject;

/// `cpython/descrobject.h`: how one type slot looks from Python.
#[repr(C)]
pub struct wrapperbase {
    pub name: *const c_char,
    pub offset: c_int,
    pub function: *mut c_void,
    pub wrapper: Option<wrapperfunc>,
    pub doc: *const c_char,
    pub flags: c_int,
    pub name_strobj: Cell<*mut PyObject>,
}

/// In [`wrapperbase::flags`]: the wrapper is a [`wrapperfunc_kwds`].
pub const PyWrapperFlag_KEYWORDS: c_int = 1;

/// `cpython/descrobject.h`: what all descriptors of this file begin with.
#[repr(C)]
pub struct PyDescrObject {
    pub ob_base: PyObject,
    pub d_type: Cell<*mut PyTypeObject>,
    pub d_name: Cell<*mut PyObject>,
    pub d_qualname: Cell<*mut PyObject>,
}

/// `cpython/descrobject.h`: `method_descriptor` and `classmethod_descriptor`.
#[repr(C)]
pub struct PyMethodDescrObject {
    pub d_common: PyDescrObject,
    pub d_method: Cell<*mut PyMethodDef>,
    pub vectorcall: Cell<Option<vectorcallfunc>>,
}

/// `cpython/descrobject.h`: `member_descriptor`.
#[repr(C)]
pub struct PyMemberDescrObject {
    pub d_common: PyDescrObject,
    pub d_member: Cell<*mut PyMemberDef>,
}

/// `cpython/descrobject.h`: `getset_descriptor`.
#[repr(C)]
pub struct PyGetSetDescrObject {
    pub d_common: PyDescrObject,
    pub d_getset: Cell<*mut PyGetSetDef>,
}

/// `cpython/descrobject.h`: `wrapper_descriptor`.
#[repr(C)]
pub struct PyWrapperDescrObject {
    pub d_common: PyDescrObject,
    pub d_base: Cell<*mut wrapperbase>,
    pub d_wrapped: Cell<*mut c_void>,
}

/// `internal/pycore_descrobject.h`: `property`.
#[repr(C)]
pub struct propertyobject {
    pub ob_base: PyObject,
    pub prop_get: Cell<*mut PyObject>,
    pub prop_set: Cell<*mut PyObject>,
    pub prop_del: Cell<*mut PyObject>,
    pub prop_doc: Cell<*mut PyObject>,
    pub prop_name: Cell<*mut PyObject>,
    pub getter_doc: Cell<c_int>,
}
