//! `object.h` and `cpython/object.h`: type objects, their method suites and flags, and the specs that C code makes
//! heap types from.

use std::cell::Cell;
use std::ffi::{c_char, c_int, c_uint, c_ulong, c_void};

use crate::descrobject::{PyGetSetDef, PyMemberDef};
use crate::dictobject::PyDictKeysObject;
use crate::method_object::PyMethodDef;
use crate::object::*;
use crate::pybuffer::{getbufferproc, releasebufferproc};

/// `cpython/object.h`: `struct _typeobject`.
#[repr(C)]
pub struct PyTypeObject {
    pub ob_base: PyVarObject,
    pub tp_name: Cell<*const c_char>,
    pub tp_basicsize: Cell<Py_ssize_t>,
    pub tp_itemsize: Cell<Py_ssize_t>,
    pub tp_dealloc: Cell<Option<destructor>>,
    pub tp_vectorcall_offset: Cell<Py_ssize_t>,
    pub tp_getattr: Cell<Option<getattrfunc>>,
    pub tp_setattr: Cell<Option<setattrfunc>>,
    pub tp_as_async: Cell<*mut PyAsyncMethods>,
    pub tp_repr: Cell<Option<reprfunc>>,
    pub tp_as_number: Cell<*mut PyNumberMethods>,
    pub tp_as_sequence: Cell<*mut PySequenceMethods>,
    pub tp_as_mapping: Cell<*mut PyMappingMethods>,
    pub tp_hash: Cell<Option<hashfunc>>,
    pub tp_call: Cell<Option<ternaryfunc>>,
    pub tp_str: Cell<Option<reprfunc>>,
    pub tp_getattro: Cell<Option<getattrofunc>>,
    pub tp_setattro: Cell<Option<setattrofunc>>,
    pub tp_as_buffer: Cell<*mut PyBufferProcs>,
    pub tp_flags: Cell<c_ulong>,
    pub tp_doc: Cell<*const c_char>,
    pub tp_traverse: Cell<Option<traverseproc>>,
    pub tp_clear: Cell<Option<inquiry>>,
    pub tp_richcompare: Cell<Option<richcmpfunc>>,
    pub tp_weaklistoffset: Cell<Py_ssize_t>,
    pub tp_iter: Cell<Option<getiterfunc>>,
    pub tp_iternext: Cell<Option<iternextfunc>>,
    pub tp_methods: Cell<*mut PyMethodDef>,
    pub tp_members: Cell<*mut PyMemberDef>,
    pub tp_getset: Cell<*mut PyGetSetDef>,
    /// A strong reference on a heap type, a borrowed one on a static type.
    pub tp_base: Cell<*mut PyTypeObject>,
    pub tp_dict: Cell<*mut PyObject>,
    pub tp_descr_get: Cell<Option<descrgetfunc>>,
    pub tp_descr_set: Cell<Option<descrsetfunc>>,
    pub tp_dictoffset: Cell<Py_ssize_t>,
    pub tp_init: Cell<Option<initproc>>,
    pub tp_alloc: Cell<Option<allocfunc>>,
    pub tp_new: Cell<Option<newfunc>>,
    pub tp_free: Cell<Option<freefunc>>,
    pub tp_is_gc: Cell<Option<inquiry>>,
    pub tp_bases: Cell<*mut PyObject>,
    pub tp_mro: Cell<*mut PyObject>,
    pub tp_cache: Cell<*mut PyObject>,
    /// For static built-in types an index, not a pointer.
    pub tp_subclasses: Cell<*mut c_void>,
    pub tp_weaklist: Cell<*mut PyObject>,
    pub tp_del: Cell<Option<destructor>>,
    /// Zero: no version, nothing about this type may be cached.
    pub tp_version_tag: Cell<c_uint>,
    pub tp_finalize: Cell<Option<destructor>>,
    pub tp_vectorcall: Cell<Option<vectorcallfunc>>,
    pub tp_watched: Cell<u8>,
    pub tp_versions_used: Cell<u16>,
}

/// `cpython/object.h`: in `tp_versions_used`: the attribute cache is off for this type.
pub const _Py_ATTR_CACHE_UNUSED: u16 = 30000;

/// `cpython/object.h`: what the specializer remembers about a heap type.
#[repr(C)]
pub struct _specialization_cache {
    pub getitem: Cell<*mut PyObject>,
    pub getitem_version: Cell<u32>,
    pub init: Cell<*mut PyObject>,
}

/// `cpython/object.h`: a type object on the heap; its slots' suites lie inside it.
#[repr(C)]
pub struct PyHeapTypeObject {
    pub ht_type: PyTypeObject,
    pub as_async: PyAsyncMethods,
    pub as_number: PyNumberMethods,
    pub as_mapping: PyMappingMethods,
    pub as_sequence: PySequenceMethods,
    pub as_buffer: PyBufferProcs,
    pub ht_name: Cell<*mut PyObject>,
    pub ht_slots: Cell<*mut PyObject>,
    pub ht_qualname: Cell<*mut PyObject>,
    pub ht_cached_keys: Cell<*mut PyDictKeysObject>,
    pub ht_module: Cell<*mut PyObject>,
    pub _ht_tpname: Cell<*mut c_char>,
    pub ht_token: Cell<*mut c_void>,
    pub _spec_cache: _specialization_cache,
}

/// `cpython/object.h`.
#[repr(C)]
pub struct PyNumberMethods {
    pub nb_add: Cell<Option<binaryfunc>>,
    pub nb_subtract: Cell<Option<binaryfunc>>,
    pub nb_multiply: Cell<Option<binaryfunc>>,
    pub nb_remainder: Cell<Option<binaryfunc>>,
    pub nb_divmod: Cell<Option<binaryfunc>>,
    pub nb_power: Cell<Option<ternaryfunc>>,
    pub nb_negative: Cell<Option<unaryfunc>>,
    pub nb_positive: Cell<Option<unaryfunc>>,
    pub nb_absolute: Cell<Option<unaryfunc>>,
    pub nb_bool: Cell<Option<inquiry>>,
    pub nb_invert: Cell<Option<unaryfunc>>,
    pub nb_lshift: Cell<Option<binaryfunc>>,
    pub nb_rshift: Cell<Option<binaryfunc>>,
    pub nb_and: Cell<Option<binaryfunc>>,
    pub nb_xor: Cell<Option<binaryfunc>>,
    pub nb_or: Cell<Option<binaryfunc>>,
    pub nb_int: Cell<Option<unaryfunc>>,
    pub nb_reserved: Cell<*mut c_void>,
    pub nb_float: Cell<Option<unaryfunc>>,
    pub nb_inplace_add: Cell<Option<binaryfunc>>,
    pub nb_inplace_subtract: Cell<Option<binaryfunc>>,
    pub nb_inplace_multiply: Cell<Option<binaryfunc>>,
    pub nb_inplace_remainder: Cell<Option<binaryfunc>>,
    pub nb_inplace_power: Cell<Option<ternaryfunc>>,
    pub nb_inplace_lshift: Cell<Option<binaryfunc>>,
    pub nb_inplace_rshift: Cell<Option<binaryfunc>>,
    pub nb_inplace_and: Cell<Option<binaryfunc>>,
    pub nb_inplace_xor: Cell<Option<binaryfunc>>,
    pub nb_inplace_or: Cell<Option<binaryfunc>>,
    pub nb_floor_divide: Cell<Option<binaryfunc>>,
    pub nb_true_divide: Cell<Option<binaryfunc>>,
    pub nb_inplace_floor_divide: Cell<Option<binaryfunc>>,
    pub nb_inplace_true_divide: Cell<Option<binaryfunc>>,
    pub nb_index: Cell<Option<unaryfunc>>,
    pub nb_matrix_multiply: Cell<Option<binaryfunc>>,
    pub nb_inplace_matrix_multiply: Cell<Option<binaryfunc>>,
}

/// `cpython/object.h`.
#[repr(C)]
pub struct PySequenceMethods {
    pub sq_length: Cell<Option<lenfunc>>,
    pub sq_concat: Cell<Option<binaryfunc>>,
    pub sq_repeat: Cell<Option<ssizeargfunc>>,
    pub sq_item: Cell<Option<ssizeargfunc>>,
    pub was_sq_slice: Cell<*mut c_void>,
    pub sq_ass_item: Cell<Option<ssizeobjargproc>>,
    pub was_sq_ass_slice: Cell<*mut c_void>,
    pub sq_contains: Cell<Option<objobjproc>>,
    pub sq_inplace_concat: Cell<Option<binaryfunc>>,
    pub sq_inplace_repeat: Cell<Option<ssizeargfunc>>,
}

/// `cpython/object.h`.
#[repr(C)]
pub struct PyMappingMethods {
    pub mp_length: Cell<Option<lenfunc>>,
    pub mp_subscript: Cell<Option<binaryfunc>>,
    pub mp_ass_subscript: Cell<Option<objobjargproc>>,
}

/// `cpython/object.h`.
#[repr(C)]
pub struct PyAsyncMethods {
    pub am_await: Cell<Option<unaryfunc>>,
    pub am_aiter: Cell<Option<unaryfunc>>,
    pub am_anext: Cell<Option<unaryfunc>>,
    pub am_send: Cell<Option<sendfunc>>,
}

/// `cpython/object.h`.
#[repr(C)]
pub struct PyBufferProcs {
    pub bf_getbuffer: Cell<Option<getbufferproc>>,
    pub bf_releasebuffer: Cell<Option<releasebufferproc>>,
}

crate::empty_constants! {
    PyTypeObject, PyHeapTypeObject, PyNumberMethods, PySequenceMethods, PyMappingMethods, PyAsyncMethods, PyBufferProcs,
}

crate::shared_between_threads! { PyType_Slot, PyType_Spec }
crate::guarded_by_the_runtime! {
    PyTypeObject, PyNumberMethods, PySequenceMethods, PyMappingMethods, PyAsyncMethods, PyBufferProcs,
}

/// `object.h`: one entry of [`PyType_Spec::slots`]; the numbers are in `typeslots.rs`, zero ends the table.
#[repr(C)]
pub struct PyType_Slot {
    pub slot: c_int,
    pub pfunc: *mut c_void,
}

/// `object.h`: what `PyType_FromSpec` makes a heap type from.
#[repr(C)]
pub struct PyType_Spec {
    pub name: *const c_char,
    pub basicsize: c_int,
    pub itemsize: c_int,
    pub flags: c_uint,
    pub slots: *mut PyType_Slot,
}

pub const _Py_TPFLAGS_STATIC_BUILTIN: c_ulong = 1 << 1;
/// Attribute values lie behind the object itself.
pub const Py_TPFLAGS_INLINE_VALUES: c_ulong = 1 << 2;
/// The weak reference list lies before the object.
pub const Py_TPFLAGS_MANAGED_WEAKREF: c_ulong = 1 << 3;
/// The dict pointer lies before the object.
pub const Py_TPFLAGS_MANAGED_DICT: c_ulong = 1 << 4;
pub const Py_TPFLAGS_PREHEADER: c_ulong = Py_TPFLAGS_MANAGED_WEAKREF | Py_TPFLAGS_MANAGED_DICT;
/// `match` treats instances as sequences.
pub const Py_TPFLAGS_SEQUENCE: c_ulong = 1 << 5;
/// `match` treats instances as mappings.
pub const Py_TPFLAGS_MAPPING: c_ulong = 1 << 6;
pub const Py_TPFLAGS_DISALLOW_INSTANTIATION: c_ulong = 1 << 7;
pub const Py_TPFLAGS_IMMUTABLETYPE: c_ulong = 1 << 8;
pub const Py_TPFLAGS_HEAPTYPE: c_ulong = 1 << 9;
pub const Py_TPFLAGS_BASETYPE: c_ulong = 1 << 10;
pub const Py_TPFLAGS_HAVE_VECTORCALL: c_ulong = 1 << 11;
pub const Py_TPFLAGS_READY: c_ulong = 1 << 12;
pub const Py_TPFLAGS_READYING: c_ulong = 1 << 13;
pub const Py_TPFLAGS_HAVE_GC: c_ulong = 1 << 14;
pub const Py_TPFLAGS_HAVE_STACKLESS_EXTENSION: c_ulong = 0;
/// Calling `type.method(instance, …)` and `instance.method(…)` may skip the bound method.
pub const Py_TPFLAGS_METHOD_DESCRIPTOR: c_ulong = 1 << 17;
pub const Py_TPFLAGS_VALID_VERSION_TAG: c_ulong = 1 << 19;
/// Ours (CPython leaves the bit free): CPython makes a type of this one when its module is imported, so `__flags__` and
/// `__module__` look like those of a heap type. Here it is static, as far as C code can tell.
pub const NAJA_TPFLAGS_HEAPTYPE_IN_CPYTHON: c_ulong = 1 << 21;
pub const Py_TPFLAGS_IS_ABSTRACT: c_ulong = 1 << 20;
/// A class pattern with one positional sub-pattern matches the subject itself.
pub const _Py_TPFLAGS_MATCH_SELF: c_ulong = 1 << 22;
/// Items lie at the end of an instance, at an offset that only the type knows.
pub const Py_TPFLAGS_ITEMS_AT_END: c_ulong = 1 << 23;
pub const Py_TPFLAGS_LONG_SUBCLASS: c_ulong = 1 << 24;
pub const Py_TPFLAGS_LIST_SUBCLASS: c_ulong = 1 << 25;
pub const Py_TPFLAGS_TUPLE_SUBCLASS: c_ulong = 1 << 26;
pub const Py_TPFLAGS_BYTES_SUBCLASS: c_ulong = 1 << 27;
pub const Py_TPFLAGS_UNICODE_SUBCLASS: c_ulong = 1 << 28;
pub const Py_TPFLAGS_DICT_SUBCLASS: c_ulong = 1 << 29;
pub const Py_TPFLAGS_BASE_EXC_SUBCLASS: c_ulong = 1 << 30;
pub const Py_TPFLAGS_TYPE_SUBCLASS: c_ulong = 1 << 31;
pub const Py_TPFLAGS_DEFAULT: c_ulong = Py_TPFLAGS_HAVE_STACKLESS_EXTENSION;
/// Without meaning since 3.10; some C code still sets it.
pub const Py_TPFLAGS_HAVE_FINALIZE: c_ulong = 1 << 0;
/// Without meaning since 3.10; some C code still sets it.
pub const Py_TPFLAGS_HAVE_VERSION_TAG: c_ulong = 1 << 18;
