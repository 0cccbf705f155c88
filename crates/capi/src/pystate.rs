//! `pystate.h`, `ceval.h`, `pylifecycle.h`: states of threads, giving up the lock and taking it back, the interpreter, pending calls.
//!
//! A thread of C code's own gets a state with `PyGILState_Ensure`, which `PyGILState_Release` ends when it was the outermost; until then the
//! state stays known in a thread-local, so that the lock can be given up and taken back in between.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ffi::{CStr, c_char, c_int, c_ulong, c_void};
use std::sync::atomic::Ordering;

use layout::{PyInterpreterState, PyObject, PyThreadState};
use objects::dict::Dict;
use objects::refs::{Object, Py};
use objects::thread::runtime::{Record, runtime};
use objects::thread::{Call, Caller, Interpreter, Thread, ThreadState};

use crate::entry::{Nothing, export};

/// What `PyGILState_Ensure` gives: whether the thread held the lock.
const LOCKED: c_int = 0;
const UNLOCKED: c_int = 1;

/// Gives an interpreter what C code sees of it: an address, and fields that are zero. Called before C code runs in it.
pub fn remember_interpreter(thread: &Thread) {
    interpreter_pointer(thread.interpreter());
}

pub(crate) fn main_interpreter() -> Option<&'static Interpreter> {
    runtime().first()?.interpreter()
}

pub(crate) fn state_pointer(state: *const ThreadState) -> *mut PyThreadState {
    // SAFETY: null, or a state that lives as long as its thread has it.
    if let Some(state) = unsafe { state.as_ref() } {
        state.base().interp.set(interpreter_pointer(state.interpreter()));
    }
    // A state begins with the part that C code knows.
    state.cast_mut().cast()
}

/// What C code sees of an interpreter, made when it is first asked for; it lives as long as the process, as the interpreter does.
pub(crate) fn interpreter_pointer(interpreter: &Interpreter) -> *mut PyInterpreterState {
    let known = interpreter.as_pointer();
    if !known.is_null() {
        return known;
    }
    let words = vec![0u64; size_of::<PyInterpreterState>().div_ceil(8)].into_boxed_slice();
    let new = Box::leak(words).as_mut_ptr().cast::<PyInterpreterState>();
    match interpreter.c_state.compare_exchange(std::ptr::null_mut(), new, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => new,
        Err(known) => known,
    }
}

/// The interpreter that C code names by such a pointer; None for null and for one that has ended.
pub(crate) fn record_of(pointer: *mut PyInterpreterState) -> Option<&'static Record> {
    if pointer.is_null() {
        return None;
    }
    runtime().records().into_iter().find(|it| it.interpreter().is_some_and(|it| it.as_pointer() == pointer))
}

/// # Safety
/// The pointer came from [`state_pointer`].
unsafe fn state_of<'a>(pointer: *mut PyThreadState) -> Option<&'a ThreadState> {
    // SAFETY: passed on to the caller.
    unsafe { pointer.cast_const().cast::<ThreadState>().as_ref() }
}

/// `PyThreadState_GetUnchecked`.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyThreadState_GetUnchecked() -> *mut PyThreadState {
    state_pointer(ThreadState::current())
}

/// `PyThreadState_Get`: ends the process where the thread is not attached.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyThreadState_Get() -> *mut PyThreadState {
    let state = ThreadState::current();
    if state.is_null() {
        fatal(
            "PyThreadState_Get",
            "the function must be called with the GIL held, after Python initialization and before Python finalization, but the GIL is released (the current Python thread state is NULL)",
        );
    }
    state_pointer(state)
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn _PyThreadState_GetCurrent() -> *mut PyThreadState {
    state_pointer(ThreadState::current())
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn _PyThreadState_UncheckedGet() -> *mut PyThreadState {
    state_pointer(ThreadState::current())
}

/// `PyEval_SaveThread`: gives the lock up; what it gives takes it back.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyEval_SaveThread() -> *mut PyThreadState {
    let state = ThreadState::current();
    if state.is_null() {
        fatal("PyEval_SaveThread", "the function must be called with the GIL held");
    }
    ThreadState::set_left_by_c(state);
    // SAFETY: the thread is attached, and its caller touches no object until it is again.
    unsafe { Thread::current() }.leave();
    state_pointer(state)
}

/// `PyEval_RestoreThread`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyEval_RestoreThread(state: *mut PyThreadState) {
    // SAFETY: C's caller passes what `PyEval_SaveThread` gave, in the same thread.
    match unsafe { state_of(state) } {
        // SAFETY: as above.
        Some(state) => unsafe { Thread::come_back(state) },
        None => fatal("PyEval_RestoreThread", "NULL tstate"),
    }
}

/// `PyEval_AcquireThread`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyEval_AcquireThread(state: *mut PyThreadState) {
    // SAFETY: passed on to the caller.
    unsafe { PyEval_RestoreThread(state) }
    // The state may have been made in another thread: recursion is bounded by this one's stack.
    let marker = 0u8;
    let here = std::ptr::from_ref(&marker) as usize;
    // SAFETY: the thread is attached now.
    unsafe { Thread::current() }.set_stack_limit(here.saturating_sub(STACK));
}

/// Bytes of native stack that a thread of C code's may surely use.
const STACK: usize = 1 << 20;

/// `PyEval_ReleaseThread`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyEval_ReleaseThread(_state: *mut PyThreadState) {
    PyEval_SaveThread();
}

/// `PyThreadState_Swap`: leaves the state that is current, and makes another current.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyThreadState_Swap(state: *mut PyThreadState) -> *mut PyThreadState {
    let old = ThreadState::current();
    if std::ptr::eq(old, state.cast()) {
        return state;
    }
    if !old.is_null() {
        PyEval_SaveThread();
    }
    if !state.is_null() {
        // SAFETY: passed on to the caller.
        unsafe { PyEval_RestoreThread(state) };
    }
    state_pointer(old)
}

/// `PyGILState_Ensure`.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyGILState_Ensure() -> c_int {
    let current = ThreadState::current();
    if !current.is_null() {
        // SAFETY: the thread is attached.
        let counter = &unsafe { &*current }.base().gilstate_counter;
        counter.set(counter.get() + 1);
        return LOCKED;
    }
    let own = ThreadState::left_by_c();
    if own.is_null() {
        let Some(interpreter) = main_interpreter() else {
            fatal("PyGILState_Ensure", "Python is not initialized");
        };
        // SAFETY: no state is current in this thread; interpreters live as long as the process.
        let mut thread = unsafe { interpreter.new_thread() };
        // SAFETY: no arguments.
        let identity = unsafe { libc::pthread_self() };
        // SAFETY: as above.
        thread.set_identity(identity, unsafe { libc::gettid() } as u64);
        let state = thread.state();
        state.base().gilstate_counter.set(1);
        ThreadState::set_left_by_c(state);
        MADE_HERE.set(true);
        return UNLOCKED;
    }
    // SAFETY: the state is this thread's own, and lives as long as the thread has it.
    let state = unsafe { &*own };
    // SAFETY: as above; it is not attached.
    unsafe { Thread::come_back(state) };
    let counter = &state.base().gilstate_counter;
    counter.set(counter.get() + 1);
    UNLOCKED
}

thread_local! {
    /// True if [`ThreadState::left_by_c`] was made by `PyGILState_Ensure`, whose last release ends it.
    static MADE_HERE: Cell<bool> = const { Cell::new(false) };
}

/// `PyGILState_Release`.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyGILState_Release(before: c_int) {
    let current = ThreadState::current();
    if current.is_null() {
        fatal("PyGILState_Release", "auto-releasing thread-state, but no thread-state for this thread");
    }
    // SAFETY: the thread is attached.
    let state = unsafe { &*current };
    let left = state.base().gilstate_counter.get() - 1;
    state.base().gilstate_counter.set(left);
    if left <= 0 && MADE_HERE.get() {
        MADE_HERE.set(false);
        ThreadState::set_left_by_c(std::ptr::null());
        // SAFETY: the thread is attached, and nobody else uses its state.
        unsafe { Thread::current() }.end();
    } else if before == UNLOCKED {
        PyEval_SaveThread();
    }
}

/// `PyGILState_Check`.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyGILState_Check() -> c_int {
    c_int::from(!ThreadState::current().is_null())
}

/// `PyGILState_GetThisThreadState`.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyGILState_GetThisThreadState() -> *mut PyThreadState {
    let current = ThreadState::current();
    state_pointer(if current.is_null() { ThreadState::left_by_c() } else { current })
}

/// Functions without a thread, which say what is always so.
macro_rules! constants {
    ($(fn $name:ident = $value:expr;)*) => {$(
        #[unsafe(no_mangle)]
        pub extern "C-unwind" fn $name() -> c_int {
            $value
        }
    )*};
}

constants! {
    fn Py_IsInitialized = 1;
    fn PyEval_ThreadsInitialized = 1;
    fn _Py_GetBuiltWithAssert = 0;
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn Py_IsFinalizing() -> c_int {
    c_int::from(main_interpreter().is_some_and(|it| it.lock().is_closed()))
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn Py_Initialize() {}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyEval_InitThreads() {}

/// Ends the process with a message, as CPython does for errors that nothing can be done about.
pub fn fatal(function: &str, message: &str) -> ! {
    objects::error_line!("Fatal Python error: {function}: {message}");
    std::process::abort()
}

/// `Py_FatalError`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn Py_FatalError(message: *const c_char) -> ! {
    // SAFETY: C's caller passes a C string.
    fatal("<unknown>", &unsafe { CStr::from_ptr(message) }.to_string_lossy())
}

/// `_Py_FatalErrorFunc`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _Py_FatalErrorFunc(function: *const c_char, message: *const c_char) -> ! {
    // SAFETY: C's caller passes C strings.
    unsafe { fatal(&CStr::from_ptr(function).to_string_lossy(), &CStr::from_ptr(message).to_string_lossy()) }
}

/// `_PyOS_STACK_MARGIN_BYTES`.
const STACK_MARGIN: usize = 1 << 14;
/// `_PyOS_MIN_STACK_SIZE`.
const MINIMAL_STACK: usize = 3 * STACK_MARGIN;

/// What C code keeps in an interpreter.
#[derive(Default)]
pub struct OfInterpreter {
    /// Of thread states whose stack C code has exchanged, by address: lower bound and top of the stack before.
    stacks: RefCell<HashMap<usize, (usize, usize)>>,
    dict: objects::refs::Field<Dict>,
    at_exit: RefCell<Vec<(usize, usize)>>,
}

/// The interpreter with the largest number below this one: C code goes through them from the newest to the oldest.
fn newest_before(number: i64) -> *mut PyInterpreterState {
    let older = runtime().records().into_iter().filter(|it| it.number() < number);
    let interpreter = older.max_by_key(|it| it.number()).and_then(Record::interpreter);
    interpreter.map_or(std::ptr::null_mut(), interpreter_pointer)
}

type PendingCall = unsafe extern "C-unwind" fn(*mut c_void) -> c_int;

export! { thread;
    fn PyThreadState_GetDict() -> *mut PyObject { Ok(thread_dict(thread).as_pointer()) }

    fn _PyThreadState_GetDict(state: *mut PyThreadState) -> *mut PyObject {
        let _ = state;
        Ok(thread_dict(thread).as_pointer())
    }

    fn PyThreadState_GetInterpreter(state: *mut PyThreadState) -> *mut PyInterpreterState {
        // SAFETY: C's caller passes a live state, or null.
        let interpreter = unsafe { state_of(state) }.map(|it| interpreter_pointer(it.interpreter()));
        Ok(interpreter.unwrap_or_else(|| interpreter_pointer(thread.interpreter())))
    }

    fn PyThreadState_GetID(state: *mut PyThreadState) -> u64 {
        let _ = &thread;
        // SAFETY: as above.
        Ok(unsafe { (*state).id.get() })
    }

    fn PyThreadState_GetFrame(state: *mut PyThreadState) -> Option<Py<interpreter::frame::FrameObject>> {
        // SAFETY: as above.
        let frame = unsafe { (*state).current_frame.get() };
        match interpreter::frame::first_complete(frame.cast()) {
            Some(frame) => interpreter::frame::FrameObject::of(frame, thread).map(Some),
            None => Ok(None),
        }
    }

    fn PyThreadState_SetAsyncExc(identity: u64, exception: Option<&Object>) -> i32 {
        Ok(thread.set_async_exception(identity, exception) as i32)
    }

    fn PyInterpreterState_Get() -> *mut PyInterpreterState { Ok(interpreter_pointer(thread.interpreter())) }

    fn PyInterpreterState_Main() -> *mut PyInterpreterState {
        let _ = &thread;
        Ok(main_interpreter().map_or(std::ptr::null_mut(), interpreter_pointer))
    }

    fn _PyInterpreterState_Main() -> *mut PyInterpreterState {
        let _ = &thread;
        Ok(main_interpreter().map_or(std::ptr::null_mut(), interpreter_pointer))
    }

    fn PyInterpreterState_Head() -> *mut PyInterpreterState {
        let _ = &thread;
        Ok(newest_before(i64::MAX))
    }

    fn PyInterpreterState_Next(state: *mut PyInterpreterState) -> *mut PyInterpreterState {
        let _ = &thread;
        Ok(record_of(state).map_or(std::ptr::null_mut(), |it| newest_before(it.number())))
    }

    fn PyInterpreterState_GetID(state: *mut PyInterpreterState) -> i64 {
        match record_of(state) {
            Some(record) => Ok(record.number()),
            None => Err(objects::raise!(thread, RuntimeError, "no interpreter provided")),
        }
    }

    fn PyInterpreterState_GetDict(state: *mut PyInterpreterState) -> *mut PyObject {
        let _ = state;
        let own = thread.interpreter().extension::<OfInterpreter>();
        let dict = match own.dict.get() {
            Some(dict) => dict,
            None => {
                let dict = Dict::new(thread);
                own.dict.set(Some(dict.clone()));
                dict
            }
        };
        Ok(dict.as_pointer())
    }

    fn PyUnstable_ThreadState_SetStackProtection(state: *mut PyThreadState, start: *mut c_void, size: usize) -> () {
        if size < MINIMAL_STACK {
            return Err(objects::raise!(thread, ValueError, "stack_size must be at least {MINIMAL_STACK} bytes"));
        }
        // SAFETY: C's caller passes a live state; so too below.
        let Some(own) = (unsafe { state_of(state) }) else { return crate::entry::bad_internal_call(thread) };
        let bounds = (own.c.c_stack_soft_limit.get(), own.c.c_stack_top.get());
        thread.interpreter().extension::<OfInterpreter>().stacks.borrow_mut().entry(state.addr()).or_insert(bounds);
        // What is left below is for handling the error.
        own.c.c_stack_hard_limit.set(start.addr() + STACK_MARGIN);
        own.c.c_stack_soft_limit.set(start.addr() + 2 * STACK_MARGIN);
        own.c.c_stack_top.set(start.addr() + size);
        Ok(())
    }

    fn PyUnstable_ThreadState_ResetStackProtection(state: *mut PyThreadState) -> Nothing {
        let before = thread.interpreter().extension::<OfInterpreter>().stacks.borrow_mut().remove(&state.addr());
        // SAFETY: as above.
        if let Some((own, (lowest, top))) = unsafe { state_of(state) }.zip(before) {
            own.c.c_stack_soft_limit.set(lowest);
            own.c.c_stack_top.set(top);
        }
        Ok(Nothing)
    }

    fn PyThreadState_EnterTracing(state: *mut PyThreadState) -> Nothing {
        let _ = &thread;
        // SAFETY: C's caller passes a live state; so too below.
        let tracing = unsafe { &(*state).tracing };
        tracing.set(tracing.get() + 1);
        Ok(Nothing)
    }

    fn PyThreadState_LeaveTracing(state: *mut PyThreadState) -> Nothing {
        let _ = &thread;
        // SAFETY: as above.
        let tracing = unsafe { &(*state).tracing };
        tracing.set(tracing.get() - 1);
        Ok(Nothing)
    }

    fn PyUnstable_AtExit(state: *mut PyInterpreterState, function: *mut c_void, argument: *mut c_void) -> () {
        let _ = state;
        let own = thread.interpreter().extension::<OfInterpreter>();
        own.at_exit.borrow_mut().push((function as usize, argument as usize));
        Ok(())
    }
}

/// `Py_AddPendingCall`: the first interpreter's main thread makes the call. The thread that asks for it need have no state.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn Py_AddPendingCall(function: Option<PendingCall>, argument: *mut c_void) -> c_int {
    let added = runtime()
        .first()
        .zip(function)
        .is_some_and(|(record, function)| record.add_call(pending_call(function, argument, false), Caller::MainThread));
    if added { 0 } else { -1 }
}

/// `_Py_PENDING_MAINTHREADONLY`.
const MAIN_THREAD_ONLY: c_int = 1;
/// `_Py_PENDING_RAWFREE`.
const FREES_ARGUMENT: c_int = 2;

/// `_PyEval_AddPendingCall`: a thread of this interpreter makes the call, the first interpreter's main thread if `flags` say so. -1 if too many
/// calls wait.
///
/// # Safety
/// As CPython's `pycore_ceval.h` says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _PyEval_AddPendingCall(
    interpreter: *mut PyInterpreterState,
    function: Option<PendingCall>,
    argument: *mut c_void,
    flags: c_int,
) -> c_int {
    let (record, caller) = match flags & MAIN_THREAD_ONLY {
        0 => (record_of(interpreter), Caller::AnyThread),
        _ => (runtime().first(), Caller::MainThread),
    };
    let added = record.zip(function).is_some_and(|(record, function)| {
        record.add_call(pending_call(function, argument, flags & FREES_ARGUMENT != 0), caller)
    });
    if added { 0 } else { -1 }
}

/// A call of a function of C. If it fails, it has set an exception.
fn pending_call(function: PendingCall, argument: *mut c_void, frees_argument: bool) -> Call {
    let argument = argument.expose_provenance();
    Box::new(move |thread| {
        let argument = std::ptr::with_exposed_provenance_mut(argument);
        // SAFETY: who asked for the call says that it may be made with this argument.
        let status = unsafe { function(argument) };
        if frees_argument {
            // SAFETY: the argument was allocated for this call with `PyMem_RawMalloc`.
            unsafe { crate::pymem::PyMem_RawFree(argument) };
        }
        if status == 0 { Ok(()) } else { Err(thread.raised_elsewhere()) }
    })
}

fn thread_dict(thread: &mut Thread) -> Py<Dict> {
    // SAFETY: the state owns a dict, or has none yet.
    let known = unsafe { Object::from_pointer(thread.state().base().dict.get()) };
    if let Some(dict) = known.and_then(|it| it.downcast::<Dict>()) {
        return Py::from_ref(dict);
    }
    let dict = Dict::new(thread);
    thread.state().base().dict.set(dict.clone().into_pointer());
    dict
}

/// `PyThread_get_thread_ident` and the number that the system knows the thread by.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyThread_get_thread_ident() -> c_ulong {
    // SAFETY: no arguments.
    unsafe { libc::pthread_self() }
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyThread_get_thread_ident_ex() -> c_ulong {
    PyThread_get_thread_ident()
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyThread_get_thread_native_id() -> c_ulong {
    // SAFETY: no arguments.
    unsafe { libc::gettid() as c_ulong }
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyThread_init_thread() {}

/// Texts that say what this Python is.
macro_rules! texts {
    ($(fn $name:ident = $text:expr;)*) => {$(
        #[unsafe(no_mangle)]
        pub extern "C-unwind" fn $name() -> *const c_char {
            $text.as_ptr()
        }
    )*};
}

texts! {
    fn Py_GetVersion = c"3.14.2 (main) [Naja 0.1.0]";
    fn Py_GetCompiler = c"[Naja 0.1.0]";
    fn Py_GetBuildInfo = c"main";
    fn Py_GetPlatform = c"linux";
    fn Py_GetCopyright = c"Copyright (c) 2001 Python Software Foundation.";
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn Py_PACK_VERSION(major: c_int, minor: c_int) -> u32 {
    Py_PACK_FULL_VERSION(major, minor, 0, 0, 0)
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn Py_PACK_FULL_VERSION(
    major: c_int,
    minor: c_int,
    micro: c_int,
    level: c_int,
    serial: c_int,
) -> u32 {
    let byte = |it: c_int, shift: u32| (it as u32 & 0xFF) << shift;
    byte(major, 24) | byte(minor, 16) | byte(micro, 8) | (level as u32 & 0xF) << 4 | (serial as u32 & 0xF)
}

/// `PyThreadState_New`: a state that is not attached, for a thread of C code's own. The caller need not be attached.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyThreadState_New(interpreter: *mut PyInterpreterState) -> *mut PyThreadState {
    let named = record_of(interpreter).and_then(Record::interpreter);
    let Some(interpreter) = named.or_else(main_interpreter) else { return std::ptr::null_mut() };
    let current = if ThreadState::current().is_null() { std::ptr::null_mut() } else { PyEval_SaveThread() };
    // SAFETY: no state is current in this thread; interpreters live as long as the process.
    let thread = unsafe { interpreter.new_thread() };
    let state = state_pointer(thread.state());
    thread.leave();
    if !current.is_null() {
        // SAFETY: it was this thread's until just now.
        unsafe { PyEval_RestoreThread(current) };
    }
    state
}

/// `PyThreadState_Clear`: what a state refers to goes when it is deleted.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyThreadState_Clear(_state: *mut PyThreadState) {}

/// `PyThreadState_DeleteCurrent`: gives the lock up for good.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyThreadState_DeleteCurrent() {
    let current = ThreadState::current();
    if !current.is_null() {
        // SAFETY: the thread is attached, and nobody else uses its state.
        unsafe { Thread::current() }.end();
    }
}

/// `PyThreadState_Delete`: of a state that is not current.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyThreadState_Delete(state: *mut PyThreadState) {
    let current = if ThreadState::current().is_null() { std::ptr::null_mut() } else { PyEval_SaveThread() };
    // SAFETY: C's caller passes a state that no thread uses.
    unsafe { PyEval_RestoreThread(state) };
    PyThreadState_DeleteCurrent();
    if !current.is_null() {
        // SAFETY: it was this thread's until just now.
        unsafe { PyEval_RestoreThread(current) };
    }
}

/// `Py_AtExit`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn Py_AtExit(function: extern "C" fn()) -> c_int {
    // SAFETY: C's caller passes a function that may be called when the process ends.
    if unsafe { libc::atexit(function) } == 0 { 0 } else { -1 }
}

/// `PyUnstable_Object_IsUniqueReferencedTemporary`: never said of any object, so that none is changed in place.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyUnstable_Object_IsUniqueReferencedTemporary(_object: *mut PyObject) -> c_int {
    0
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyEval_MergeCompilerFlags(_flags: *mut c_void) -> c_int {
    0
}
