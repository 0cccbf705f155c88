//! `cpython/pystate.h`, `internal/pycore_tstate.h`, `internal/pycore_interp_structs.h`, `pythread.h`, `lock.h`: the
//! state of a thread and of an interpreter.

use std::cell::Cell;
use std::ffi::{c_int, c_uint, c_ulong};
use std::sync::atomic::{AtomicI32, AtomicU8, AtomicUsize};

use crate::frame::{_PyInterpreterFrame, PyFrameObject};
use crate::object::*;

/// `cpython/pystate.h`: a trace or profile function: its object, the frame, the event, the event's argument.
pub type Py_tracefunc = unsafe extern "C-unwind" fn(*mut PyObject, *mut PyFrameObject, c_int, *mut PyObject) -> c_int;

pub const PyTrace_CALL: c_int = 0;
pub const PyTrace_EXCEPTION: c_int = 1;
pub const PyTrace_LINE: c_int = 2;
pub const PyTrace_RETURN: c_int = 3;
pub const PyTrace_C_CALL: c_int = 4;
pub const PyTrace_C_EXCEPTION: c_int = 5;
pub const PyTrace_C_RETURN: c_int = 6;
pub const PyTrace_OPCODE: c_int = 7;

/// `cpython/pystate.h`: one level of handled exceptions, of the thread or of a generator.
#[repr(C)]
pub struct _PyErr_StackItem {
    pub exc_value: Cell<*mut PyObject>,
    pub previous_item: Cell<*mut _PyErr_StackItem>,
}

/// `cpython/pystate.h`: a piece of a thread's data stack, where frames live.
#[repr(C)]
pub struct _PyStackChunk {
    pub previous: Cell<*mut _PyStackChunk>,
    pub size: Cell<usize>,
    pub top: Cell<usize>,
    pub data: [Cell<*mut PyObject>; 1],
}

/// `cpython/pystate.h`: the least size of a data stack chunk.
pub const _PY_DATA_STACK_CHUNK_SIZE: usize = 16 * 1024;

/// `cpython/pystate.h`: `sys.remote_exec`'s mailbox.
#[repr(C)]
pub struct _PyRemoteDebuggerSupport {
    pub debugger_pending_call: Cell<i32>,
    pub debugger_script_path: [Cell<u8>; 512],
}

/// `cpython/pystate.h`: a thread's state, as far as C code can see it.
#[repr(C)]
pub struct PyThreadState {
    pub prev: Cell<*mut PyThreadState>,
    pub next: Cell<*mut PyThreadState>,
    pub interp: Cell<*mut PyInterpreterState>,
    /// Other threads set bits in it, too.
    pub eval_breaker: AtomicUsize,
    /// `PyThreadState_STATUS_…`.
    pub _status: Cell<c_uint>,
    pub holds_gil: Cell<c_int>,
    pub _whence: Cell<c_int>,
    pub state: AtomicI32,
    pub py_recursion_remaining: Cell<c_int>,
    pub py_recursion_limit: Cell<c_int>,
    pub recursion_headroom: Cell<c_int>,
    pub tracing: Cell<c_int>,
    pub what_event: Cell<c_int>,
    pub current_frame: Cell<*mut _PyInterpreterFrame>,
    pub c_profilefunc: Cell<Option<Py_tracefunc>>,
    pub c_tracefunc: Cell<Option<Py_tracefunc>>,
    pub c_profileobj: Cell<*mut PyObject>,
    pub c_traceobj: Cell<*mut PyObject>,
    /// The exception that is being raised.
    pub current_exception: Cell<*mut PyObject>,
    /// The exceptions that are being handled; never null.
    pub exc_info: Cell<*mut _PyErr_StackItem>,
    pub dict: Cell<*mut PyObject>,
    pub gilstate_counter: Cell<c_int>,
    pub async_exc: Cell<*mut PyObject>,
    pub thread_id: Cell<c_ulong>,
    pub native_thread_id: Cell<c_ulong>,
    pub delete_later: Cell<*mut PyObject>,
    pub critical_section: Cell<usize>,
    pub coroutine_origin_tracking_depth: Cell<c_int>,
    pub async_gen_firstiter: Cell<*mut PyObject>,
    pub async_gen_finalizer: Cell<*mut PyObject>,
    pub context: Cell<*mut PyObject>,
    pub context_ver: Cell<u64>,
    pub id: Cell<u64>,
    pub datastack_chunk: Cell<*mut _PyStackChunk>,
    pub datastack_top: Cell<*mut *mut PyObject>,
    pub datastack_limit: Cell<*mut *mut PyObject>,
    /// The outermost level of handled exceptions.
    pub exc_state: _PyErr_StackItem,
    pub current_executor: Cell<*mut PyObject>,
    pub dict_global_version: Cell<u64>,
    pub threading_local_key: Cell<*mut PyObject>,
    pub threading_local_sentinel: Cell<*mut PyObject>,
    pub remote_debugger_support: _PyRemoteDebuggerSupport,
    pub datastack_cached_chunk: Cell<*mut _PyStackChunk>,
}

/// Bits of [`PyThreadState::_status`], in the order of C's bit fields.
pub const PyThreadState_STATUS_INITIALIZED: c_uint = 1 << 0;
pub const PyThreadState_STATUS_BOUND: c_uint = 1 << 1;
pub const PyThreadState_STATUS_UNBOUND: c_uint = 1 << 2;
pub const PyThreadState_STATUS_BOUND_GILSTATE: c_uint = 1 << 3;
pub const PyThreadState_STATUS_ACTIVE: c_uint = 1 << 4;
pub const PyThreadState_STATUS_FINALIZING: c_uint = 1 << 5;
pub const PyThreadState_STATUS_CLEARED: c_uint = 1 << 6;
pub const PyThreadState_STATUS_FINALIZED: c_uint = 1 << 7;

/// `internal/pycore_llist.h`: a link of a circular list.
#[repr(C)]
pub struct llist_node {
    pub next: Cell<*mut llist_node>,
    pub prev: Cell<*mut llist_node>,
}

/// `internal/pycore_tstate.h`: what a thread state really is; profilers and `_asyncio` read it.
#[repr(C)]
pub struct _PyThreadStateImpl {
    pub base: PyThreadState,
    pub refcount: Cell<Py_ssize_t>,
    pub c_stack_top: Cell<usize>,
    pub c_stack_soft_limit: Cell<usize>,
    pub c_stack_hard_limit: Cell<usize>,
    pub asyncio_running_loop: Cell<*mut PyObject>,
    pub asyncio_running_task: Cell<*mut PyObject>,
    pub asyncio_tasks_head: llist_node,
    pub qsbr: Cell<*mut u8>,
    pub mem_free_queue: llist_node,
    pub c_stack_init_base: Cell<usize>,
    pub c_stack_init_top: Cell<usize>,
}

/// `internal/pycore_interp_structs.h`: an interpreter's state: the fields that code outside of CPython reads at fixed
/// offsets, and unnamed room between them. Naja's own state of an interpreter lies elsewhere.
#[repr(C)]
pub struct PyInterpreterState {
    /// Its first word is the global instrumentation version.
    pub ceval: [Cell<u64>; 910],
    pub id: Cell<i64>,
    unnamed_before_gc: [Cell<u64>; 15],
    pub gc: [Cell<u64>; 35],
    pub imports: [Cell<u64>; 101],
    pub dict: Cell<*mut PyObject>,
    unnamed_before_monitors: [Cell<u64>; 26842],
    /// Per event, the tools that want it.
    pub monitors: [Cell<u8>; 40],
    /// Per tool and event, its callback.
    pub monitoring_callables: [[Cell<*mut PyObject>; 19]; 8],
    unnamed_at_end: [Cell<u64>; 171],
}

crate::empty_constants! { PyThreadState, _PyThreadStateImpl }

/// `cpython/pythread.h`: a key for thread-specific storage.
#[repr(C)]
pub struct Py_tss_t {
    pub _is_initialized: Cell<c_int>,
    pub _key: Cell<c_uint>,
}

/// `cpython/lock.h`: a lock of one byte.
#[repr(C)]
pub struct PyMutex {
    pub _bits: AtomicU8,
}

/// In [`PyMutex::_bits`]: locked.
pub const _Py_LOCKED: u8 = 1;
/// In [`PyMutex::_bits`]: some thread waits.
pub const _Py_HAS_PARKED: u8 = 2;
