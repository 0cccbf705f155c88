//! `internal/pycore_interpframe_structs.h`, `internal/pycore_frame.h`: frames, and the generators that own them.

use std::cell::Cell;
use std::ffi::c_int;

use crate::object::PyObject;
use crate::pystate::_PyErr_StackItem;

/// `internal/pycore_structs.h`: a reference in a frame; bit 0 says that the count doesn't include it.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct _PyStackRef {
    pub bits: usize,
}

impl _PyStackRef {
    /// No object; tagged, so that nothing is counted when it is dropped.
    pub const NULL: _PyStackRef = _PyStackRef { bits: Py_TAG_REFCNT };
}

/// `internal/pycore_stackref.h`: in [`_PyStackRef::bits`]: a borrowed (or immortal) object.
pub const Py_TAG_REFCNT: usize = 1;
/// `internal/pycore_stackref.h`: the bits that are no part of the pointer.
pub const Py_TAG_BITS: usize = 3;

/// `cpython/code.h`: one instruction or inline cache entry: opcode and argument.
pub type _Py_CODEUNIT = u16;

/// `internal/pycore_interpframe_structs.h`: a frame on a thread's data stack, or inside a generator or frame object.
#[repr(C)]
pub struct _PyInterpreterFrame {
    pub f_executable: Cell<_PyStackRef>,
    pub previous: Cell<*mut _PyInterpreterFrame>,
    pub f_funcobj: Cell<_PyStackRef>,
    /// Borrowed.
    pub f_globals: Cell<*mut PyObject>,
    /// Borrowed.
    pub f_builtins: Cell<*mut PyObject>,
    pub f_locals: Cell<*mut PyObject>,
    pub frame_obj: Cell<*mut PyFrameObject>,
    pub instr_ptr: Cell<*mut _Py_CODEUNIT>,
    pub stackpointer: Cell<*mut _PyStackRef>,
    /// Where the caller goes on, in code units from its `instr_ptr`.
    pub return_offset: Cell<u16>,
    /// `FRAME_OWNED_BY_THREAD` and the like.
    pub owner: Cell<u8>,
    /// For the garbage collector.
    pub visited: Cell<u8>,
    /// Local variables, cells, free variables; then the evaluation stack.
    pub localsplus: [Cell<_PyStackRef>; 1],
}

/// `internal/pycore_interpframe.h`: words of a frame before its local variables.
pub const FRAME_SPECIALS_SIZE: usize = (size_of::<_PyInterpreterFrame>() - 1) / size_of::<*mut PyObject>();

/// Values of [`_PyInterpreterFrame::owner`].
pub const FRAME_OWNED_BY_THREAD: u8 = 0;
pub const FRAME_OWNED_BY_GENERATOR: u8 = 1;
pub const FRAME_OWNED_BY_FRAME_OBJECT: u8 = 2;
pub const FRAME_OWNED_BY_INTERPRETER: u8 = 3;
pub const FRAME_OWNED_BY_CSTACK: u8 = 4;

/// `internal/pycore_frame.h`: `frame`.
#[repr(C)]
pub struct PyFrameObject {
    pub ob_base: PyObject,
    pub f_back: Cell<*mut PyFrameObject>,
    pub f_frame: Cell<*mut _PyInterpreterFrame>,
    pub f_trace: Cell<*mut PyObject>,
    /// Zero: ask the frame.
    pub f_lineno: Cell<c_int>,
    pub f_trace_lines: Cell<u8>,
    pub f_trace_opcodes: Cell<u8>,
    pub f_extra_locals: Cell<*mut PyObject>,
    pub f_locals_cache: Cell<*mut PyObject>,
    pub f_overwritten_fast_locals: Cell<*mut PyObject>,
    /// The frame itself, once the thread's data stack no longer holds it.
    pub _f_frame_data: [Cell<*mut PyObject>; 1],
}

/// `internal/pycore_interpframe_structs.h`: `generator`; coroutines and asynchronous generators have the same layout.
#[repr(C)]
pub struct PyGenObject {
    pub ob_base: PyObject,
    pub gi_weakreflist: Cell<*mut PyObject>,
    pub gi_name: Cell<*mut PyObject>,
    pub gi_qualname: Cell<*mut PyObject>,
    pub gi_exc_state: _PyErr_StackItem,
    pub gi_origin_or_finalizer: Cell<*mut PyObject>,
    pub gi_hooks_inited: Cell<u8>,
    pub gi_closed: Cell<u8>,
    pub gi_running_async: Cell<u8>,
    /// `FRAME_CREATED` and the like.
    pub gi_frame_state: Cell<i8>,
    pub gi_iframe: _PyInterpreterFrame,
}

/// `coroutine`.
pub type PyCoroObject = PyGenObject;
/// `async_generator`.
pub type PyAsyncGenObject = PyGenObject;

/// Values of [`PyGenObject::gi_frame_state`].
pub const FRAME_CREATED: i8 = -3;
pub const FRAME_SUSPENDED: i8 = -2;
pub const FRAME_SUSPENDED_YIELD_FROM: i8 = -1;
pub const FRAME_EXECUTING: i8 = 0;
pub const FRAME_COMPLETED: i8 = 1;
pub const FRAME_CLEARED: i8 = 4;

/// `cpython/traceback.h`: `traceback`.
#[repr(C)]
pub struct PyTracebackObject {
    pub ob_base: PyObject,
    pub tb_next: Cell<*mut PyTracebackObject>,
    pub tb_frame: Cell<*mut PyFrameObject>,
    pub tb_lasti: Cell<c_int>,
    /// -1: to be computed from `tb_lasti`.
    pub tb_lineno: Cell<c_int>,
}
