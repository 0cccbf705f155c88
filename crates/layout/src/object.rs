//! `object.h` and `refcount.h`: the header of every object, reference count constants, and the function types that
//! type slots are made of.

use std::cell::Cell;
use std::ffi::{c_char, c_int, c_void};

use crate::type_object::PyTypeObject;

/// C's `Py_ssize_t`.
pub type Py_ssize_t = isize;
/// C's `Py_hash_t` (`pyhash.h`).
pub type Py_hash_t = isize;

/// `object.h`: the first 16 bytes of every object.
///
/// ```text
/// 0        4          6        8          16
/// ob_refcnt ob_overflow ob_flags ob_type
/// ```
#[repr(C)]
pub struct PyObject {
    /// The reference count. Objects with the top bit set are immortal, and nobody writes their count.
    pub ob_refcnt: Cell<u32>,
    /// Catches a carry out of `ob_refcnt`; otherwise zero.
    pub ob_overflow: Cell<u16>,
    /// [`_Py_STATICALLY_ALLOCATED_FLAG`], [`_Py_IMMORTAL_FLAGS`].
    pub ob_flags: Cell<u16>,
    pub ob_type: Cell<*mut PyTypeObject>,
}

/// `object.h`: the header of objects with a number of items.
#[repr(C)]
pub struct PyVarObject {
    pub ob_base: PyObject,
    pub ob_size: Cell<Py_ssize_t>,
}

/// `refcount.h`: the count that an object gets when it is made immortal.
pub const _Py_IMMORTAL_INITIAL_REFCNT: u32 = 3 << 30;
/// `refcount.h`: counts from here on (negative as a signed number) mean immortal.
pub const _Py_IMMORTAL_MINIMUM_REFCNT: u32 = 1 << 31;
/// `refcount.h`, in `ob_flags`: the object is not on the heap.
pub const _Py_STATICALLY_ALLOCATED_FLAG: u16 = 4;
/// `refcount.h`, in `ob_flags`: the object is immortal.
pub const _Py_IMMORTAL_FLAGS: u16 = 1;
/// `refcount.h`: the flags of a static immortal object.
pub const _Py_STATIC_FLAG_BITS: u16 = _Py_STATICALLY_ALLOCATED_FLAG | _Py_IMMORTAL_FLAGS;

impl PyObject {
    /// A header for a static, immortal object (C's `PyObject_HEAD_INIT`); the type may be filled in later.
    pub const fn immortal(ob_type: *mut PyTypeObject) -> PyObject {
        PyObject {
            ob_refcnt: Cell::new(_Py_IMMORTAL_INITIAL_REFCNT),
            ob_overflow: Cell::new(0),
            ob_flags: Cell::new(_Py_STATIC_FLAG_BITS),
            ob_type: Cell::new(ob_type),
        }
    }
}

impl PyVarObject {
    /// A header for a static, immortal object (C's `PyVarObject_HEAD_INIT`).
    pub const fn immortal(ob_type: *mut PyTypeObject, ob_size: Py_ssize_t) -> PyVarObject {
        PyVarObject { ob_base: PyObject::immortal(ob_type), ob_size: Cell::new(ob_size) }
    }
}

/// Operator codes of `tp_richcompare`.
pub const Py_LT: c_int = 0;
pub const Py_LE: c_int = 1;
pub const Py_EQ: c_int = 2;
pub const Py_NE: c_int = 3;
pub const Py_GT: c_int = 4;
pub const Py_GE: c_int = 5;

/// `object.h`: what `am_send` and `PyIter_Send` return.
pub type PySendResult = c_int;
pub const PYGEN_RETURN: PySendResult = 0;
pub const PYGEN_ERROR: PySendResult = -1;
pub const PYGEN_NEXT: PySendResult = 1;

type Object = *mut PyObject;

pub type unaryfunc = unsafe extern "C-unwind" fn(Object) -> Object;
pub type binaryfunc = unsafe extern "C-unwind" fn(Object, Object) -> Object;
pub type ternaryfunc = unsafe extern "C-unwind" fn(Object, Object, Object) -> Object;
pub type inquiry = unsafe extern "C-unwind" fn(Object) -> c_int;
pub type lenfunc = unsafe extern "C-unwind" fn(Object) -> Py_ssize_t;
pub type ssizeargfunc = unsafe extern "C-unwind" fn(Object, Py_ssize_t) -> Object;
pub type ssizessizeargfunc = unsafe extern "C-unwind" fn(Object, Py_ssize_t, Py_ssize_t) -> Object;
pub type ssizeobjargproc = unsafe extern "C-unwind" fn(Object, Py_ssize_t, Object) -> c_int;
pub type ssizessizeobjargproc = unsafe extern "C-unwind" fn(Object, Py_ssize_t, Py_ssize_t, Object) -> c_int;
pub type objobjargproc = unsafe extern "C-unwind" fn(Object, Object, Object) -> c_int;
pub type objobjproc = unsafe extern "C-unwind" fn(Object, Object) -> c_int;
pub type visitproc = unsafe extern "C-unwind" fn(Object, *mut c_void) -> c_int;
pub type traverseproc = unsafe extern "C-unwind" fn(Object, visitproc, *mut c_void) -> c_int;
pub type freefunc = unsafe extern "C-unwind" fn(*mut c_void);
pub type destructor = unsafe extern "C-unwind" fn(Object);
pub type getattrfunc = unsafe extern "C-unwind" fn(Object, *mut c_char) -> Object;
pub type getattrofunc = unsafe extern "C-unwind" fn(Object, Object) -> Object;
pub type setattrfunc = unsafe extern "C-unwind" fn(Object, *mut c_char, Object) -> c_int;
pub type setattrofunc = unsafe extern "C-unwind" fn(Object, Object, Object) -> c_int;
pub type reprfunc = unsafe extern "C-unwind" fn(Object) -> Object;
pub type hashfunc = unsafe extern "C-unwind" fn(Object) -> Py_hash_t;
pub type richcmpfunc = unsafe extern "C-unwind" fn(Object, Object, c_int) -> Object;
pub type getiterfunc = unsafe extern "C-unwind" fn(Object) -> Object;
pub type iternextfunc = unsafe extern "C-unwind" fn(Object) -> Object;
pub type descrgetfunc = unsafe extern "C-unwind" fn(Object, Object, Object) -> Object;
pub type descrsetfunc = unsafe extern "C-unwind" fn(Object, Object, Object) -> c_int;
pub type initproc = unsafe extern "C-unwind" fn(Object, Object, Object) -> c_int;
pub type newfunc = unsafe extern "C-unwind" fn(*mut PyTypeObject, Object, Object) -> Object;
pub type allocfunc = unsafe extern "C-unwind" fn(*mut PyTypeObject, Py_ssize_t) -> Object;
/// The arguments: callable, argument vector, number of arguments and [`PY_VECTORCALL_ARGUMENTS_OFFSET`], tuple of
/// keyword names or null.
pub type vectorcallfunc = unsafe extern "C-unwind" fn(Object, *const Object, usize, Object) -> Object;
/// The arguments: iterator, value sent, where the result goes.
pub type sendfunc = unsafe extern "C-unwind" fn(Object, Object, *mut Object) -> PySendResult;

/// `cpython/abstract.h`: in a vectorcall's count: the caller lets the callee overwrite `args[-1]`.
pub const PY_VECTORCALL_ARGUMENTS_OFFSET: usize = 1 << (usize::BITS - 1);
