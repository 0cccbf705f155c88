//! `pycore_crossinterp.h` and the interpreter's part of `pycore_interp.h`: data that goes from one interpreter to another, interpreters by
//! number, starting and ending them from a thread that goes on afterwards.
//!
//! C code sees data as an opaque block that it asks for, has filled in, and gives back; what is in it is the crate `crossing`'s.

use std::ffi::{c_int, c_long, c_void};
use std::ptr;

use crossing::data::{Data, Fallback};
use crossing::errors::InterpreterError;
use crossing::{identifier, script, stateless};
use interpreter::code::Code;
use layout::{PyInterpreterState, PyObject, PyThreadState};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::protocol::make_int;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::runtime::{Record, Stage, origin};
use objects::thread::{Interpreter, Thread, ThreadState};
use objects::types::Instance;

use crate::entry::{Nothing, export};
use crate::interpreters::{InterpreterConfig, Py_EndInterpreter, start};
use crate::pystate::{
    PyEval_RestoreThread, PyEval_SaveThread, PyThreadState_Delete, PyThreadState_New, PyThreadState_Swap,
    interpreter_pointer, record_of,
};

/// `_PyXIData_t`, and behind what C knows of it the data itself.
#[repr(C)]
pub struct Block {
    data: *mut c_void,
    object: *mut PyObject,
    interpreter: i64,
    new_object: *mut c_void,
    free: *mut c_void,
    own: Option<Data>,
}

/// Puts data into a block.
fn fill(block: *mut Block, data: PyResult<Data>, thread: &mut Thread) -> PyResult<()> {
    let data = data?;
    // SAFETY: C's caller passes a block that `_PyXIData_New` made.
    let Some(block) = (unsafe { block.as_mut() }) else { return crate::entry::bad_internal_call(thread) };
    block.interpreter = data.owner();
    block.own = Some(data);
    block.data = ptr::from_mut(block).cast();
    Ok(())
}

/// `_PyXIData_New`: an empty block.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn _PyXIData_New() -> *mut Block {
    let (data, object, new_object, free) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    Box::into_raw(Box::new(Block { data, object, interpreter: -1, new_object, free, own: None }))
}

/// `_PyXIData_Free`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _PyXIData_Free(block: *mut Block) {
    if !block.is_null() {
        // SAFETY: C's caller gives back what `_PyXIData_New` made.
        drop(unsafe { Box::from_raw(block) });
    }
}

/// `_PyXIData_Release`: lets the data go, and keeps the block.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _PyXIData_Release(block: *mut Block) -> c_int {
    // SAFETY: C's caller passes a block that `_PyXIData_New` made.
    if let Some(block) = unsafe { block.as_mut() } {
        block.data = ptr::null_mut();
        block.own = None;
    }
    0
}

export! { thread;
    fn _PyObject_GetXIDataNoFallback(state: *mut PyThreadState, object: &Object, block: *mut Block) -> () {
        let _ = state;
        let data = Data::of(object, Fallback::Refuse, thread);
        fill(block, data, thread)
    }

    fn _PyObject_GetXIData(state: *mut PyThreadState, object: &Object, fallback: c_int, block: *mut Block) -> () {
        let _ = state;
        let Some(fallback) = Fallback::from_number(fallback) else {
            return Err(raise!(thread, ValueError, "unsupported xidata fallback option"));
        };
        let data = Data::of(object, fallback, thread);
        fill(block, data, thread)
    }

    fn _PyObject_CheckXIData(state: *mut PyThreadState, object: &Object) -> () {
        let _ = state;
        if crossing::data::is_supported(object, thread) {
            return Ok(());
        }
        Err(crossing::errors::raise_unsupported(object, None, thread))
    }

    fn _PyPickle_GetXIData(state: *mut PyThreadState, object: &Object, block: *mut Block) -> () {
        let _ = state;
        let data = Data::pickled(object, thread);
        fill(block, data, thread)
    }

    fn _PyMarshal_GetXIData(state: *mut PyThreadState, object: &Object, block: *mut Block) -> () {
        let _ = state;
        let data = Data::marshalled(object, thread);
        fill(block, data, thread)
    }

    fn _PyCode_GetXIData(state: *mut PyThreadState, object: &Object, block: *mut Block) -> () {
        let _ = state;
        let data = Data::of_code(object, thread);
        fill(block, data, thread)
    }

    fn _PyFunction_GetXIData(state: *mut PyThreadState, object: &Object, block: *mut Block) -> () {
        let _ = state;
        let data = Data::of_function(object, thread);
        fill(block, data, thread)
    }

    fn _PyCode_GetScriptXIData(state: *mut PyThreadState, object: &Object, block: *mut Block) -> () {
        let _ = state;
        let data = script::data_or_not_shareable(object, false, thread);
        fill(block, data, thread)
    }

    fn _PyCode_GetPureScriptXIData(state: *mut PyThreadState, object: &Object, block: *mut Block) -> () {
        let _ = state;
        let data = script::data_or_not_shareable(object, true, thread);
        fill(block, data, thread)
    }

    fn _PyXIData_NewObject(block: *mut Block) -> Py<Object> {
        // SAFETY: C's caller passes a block that `_PyXIData_New` made.
        match unsafe { block.as_ref() }.and_then(|it| it.own.as_ref()) {
            Some(data) => data.object(thread),
            None => crate::entry::bad_internal_call(thread),
        }
    }

    fn _PyCode_VerifyStateless(
        state: *mut PyThreadState,
        code: &Code,
        names: Option<&Object>,
        globals: Option<&Object>,
        builtins: Option<&Object>,
    ) -> () {
        let _ = (state, names);
        let dict = |it: Option<&Object>| it.and_then(|it| it.downcast::<Dict>().map(Py::from_ref));
        let (globals, builtins) = (dict(globals), dict(builtins));
        stateless::check_code(code, globals.as_deref(), builtins.as_deref(), thread)
    }

    fn _PyCode_ReturnsOnlyNone(code: &Code) -> bool { Ok(stateless::returns_only_none(code)) }

    fn _PyInterpreterState_GetIDObject(interpreter: *mut PyInterpreterState) -> Py<Object> {
        match record_of(interpreter) {
            Some(record) => Ok(make_int(i128::from(record.number()), thread)),
            None => Err(raise!(thread, RuntimeError, "no interpreter provided")),
        }
    }

    fn _PyInterpreterState_ObjectToID(id: &Object) -> i64 { identifier::number(id, thread) }

    fn _PyInterpreterState_LookUpIDObject(id: &Object) -> *mut PyInterpreterState {
        let record = identifier::find(id, thread)?;
        Ok(record.interpreter().map_or(ptr::null_mut(), interpreter_pointer))
    }

    fn _PyInterpreterState_LookUpID(number: i64) -> *mut PyInterpreterState {
        let number = make_int(i128::from(number), thread);
        let record = identifier::find(&number, thread)?;
        Ok(record.interpreter().map_or(ptr::null_mut(), interpreter_pointer))
    }

    fn _PyInterpreterState_GetWhence(interpreter: *mut PyInterpreterState) -> c_long {
        let _ = &thread;
        Ok(record_of(interpreter).map_or(origin::UNKNOWN, Record::origin))
    }

    fn _PyInterpreterState_RequiresIDRef(interpreter: *mut PyInterpreterState) -> bool {
        let _ = &thread;
        Ok(record_of(interpreter).is_some_and(Record::ends_without_references))
    }

    fn _PyInterpreterState_RequireIDRef(interpreter: *mut PyInterpreterState, required: c_int) -> Nothing {
        let _ = &thread;
        if let Some(record) = record_of(interpreter) {
            record.set_ends_without_references(required != 0);
        }
        Ok(Nothing)
    }

    fn _PyInterpreterState_IDIncref(interpreter: *mut PyInterpreterState) -> Nothing {
        let _ = &thread;
        if let Some(record) = record_of(interpreter) {
            record.add_reference();
        }
        Ok(Nothing)
    }

    fn _PyInterpreterState_IDDecref(interpreter: *mut PyInterpreterState) -> Nothing {
        if let Some(record) = record_of(interpreter) {
            crossing::lifetime::remove_reference(record, thread);
        }
        Ok(Nothing)
    }

    fn _PyInterpreterState_IsRunningMain(interpreter: *mut PyInterpreterState) -> bool {
        let _ = &thread;
        Ok(record_of(interpreter).is_some_and(Record::is_running))
    }

    fn _PyInterpreterState_SetRunningMain(interpreter: *mut PyInterpreterState) -> () {
        let state = ptr::from_ref(thread.state()).addr();
        if record_of(interpreter).is_some_and(|it| it.start_running(state)) {
            return Ok(());
        }
        Err(thread.raise_message(InterpreterError::DECLARATION, format_args!("interpreter already running")))
    }

    fn _PyInterpreterState_SetNotRunningMain(interpreter: *mut PyInterpreterState) -> Nothing {
        let state = ptr::from_ref(thread.state()).addr();
        if let Some(record) = record_of(interpreter) {
            record.stop_running(state);
        }
        Ok(Nothing)
    }
}

/// `PyInterpreterState_New`: an interpreter in which nothing can run as yet.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyInterpreterState_New() -> *mut PyInterpreterState {
    interpreter_pointer(Interpreter::unready())
}

/// `PyInterpreterState_Clear`: what the interpreter has goes with the process.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyInterpreterState_Clear(_interpreter: *mut PyInterpreterState) {}

/// `PyInterpreterState_Delete`.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyInterpreterState_Delete(interpreter: *mut PyInterpreterState) {
    if let Some(record) = record_of(interpreter) {
        record.enter(Stage::Ended);
    }
}

/// `_PyThreadState_NewBound`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _PyThreadState_NewBound(
    interpreter: *mut PyInterpreterState,
    _whence: c_int,
) -> *mut PyThreadState {
    // SAFETY: passed on to the caller.
    unsafe { PyThreadState_New(interpreter) }
}

/// `_PyXI_NewInterpreter`: a new interpreter; the thread goes on in it if it asks for its state, and otherwise where it was.
///
/// # Safety
/// As the C API says; the thread is attached.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _PyXI_NewInterpreter(
    config: *const InterpreterConfig,
    whence: *const c_long,
    state: *mut *mut PyThreadState,
    saved: *mut *mut PyThreadState,
) -> *mut PyInterpreterState {
    let own = PyEval_SaveThread();
    // SAFETY: C's caller passes a configuration, and places to write to or nulls.
    let (config, whence, state, saved) = unsafe { (config.as_ref(), whence.as_ref(), state.as_mut(), saved.as_mut()) };
    let made =
        config.filter(|it| it.is_possible()).and_then(|it| start(it, whence.copied().unwrap_or(origin::CROSSING)));
    let Some(new) = made else {
        // SAFETY: it was this thread's until just now.
        unsafe { PyEval_RestoreThread(own) };
        // SAFETY: the thread is attached again.
        let mut thread = unsafe { Thread::current() };
        let message = format_args!("sub-interpreter creation failed");
        let _ = thread.raise_message(InterpreterError::DECLARATION, message);
        return ptr::null_mut();
    };
    // SAFETY: the new state is this thread's, and current.
    let interpreter = unsafe { &*new.cast::<ThreadState>() }.interpreter();
    let interpreter = interpreter_pointer(interpreter);
    let mut left = ptr::null_mut();
    match state {
        Some(state) => {
            *state = new;
            left = own;
        }
        None => {
            // SAFETY: both states are this thread's.
            unsafe {
                PyThreadState_Swap(own);
                PyThreadState_Delete(new);
            }
        }
    }
    if let Some(saved) = saved {
        *saved = left;
    }
    interpreter
}

/// `_PyXI_EndInterpreter`: ends an interpreter, whichever one the thread is in; then none of the ended one is current.
///
/// # Safety
/// As the C API says; the thread is attached.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _PyXI_EndInterpreter(
    interpreter: *mut PyInterpreterState,
    state: *mut PyThreadState,
    saved: *mut *mut PyThreadState,
) {
    let own = ThreadState::current().cast_mut().cast::<PyThreadState>();
    // SAFETY: a state that is current is alive.
    let is_there = unsafe { &*own.cast::<ThreadState>() }.interpreter().as_pointer() == interpreter;
    let mut left = ptr::null_mut();
    // SAFETY: C's caller passes a state of that interpreter, or null; new ones are this thread's own.
    unsafe {
        if state.is_null() {
            if !is_there {
                let new = PyThreadState_New(interpreter);
                left = PyThreadState_Swap(new);
            }
        } else {
            left = PyThreadState_Swap(state);
        }
        Py_EndInterpreter(state);
        if let Some(saved) = saved.as_mut() {
            *saved = left;
        } else if !left.is_null() {
            PyEval_RestoreThread(left);
        }
    }
}
