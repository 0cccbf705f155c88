//! `sys.settrace` and `sys.setprofile` as tools: they turn the events of PEP 669 into calls of the thread's functions.
//!
//! The functions are C functions in the thread state, as C debuggers and profilers set them; those of Python code are called through the
//! trampolines here. The invariant: the tools' events are asked for as long as some thread has a function.

use std::ffi::c_int;
use std::ptr;

use layout::{
    Py_tracefunc, PyObject, PyTrace_C_CALL, PyTrace_C_EXCEPTION, PyTrace_C_RETURN, PyTrace_CALL, PyTrace_EXCEPTION,
    PyTrace_LINE, PyTrace_OPCODE, PyTrace_RETURN,
};
use objects::descriptors::{BuiltinFunction, MethodDescriptor};
use objects::errors::{BaseException, PyResult};
use objects::protocol;
use objects::refs::{HasHeader, Object, Py};
use objects::thread::{Thread, ThreadState};
use objects::tuple::Tuple;

use super::events::Event;
use super::tell::{Detail, Occasion};
use super::tools::{PROFILE_TOOL, TRACE_TOOL, Tools};
use crate::frame::{Frame, FrameObject, first_complete};

/// The names of the kinds of events, by number.
const NAMES: [&str; 8] = ["call", "exception", "line", "return", "c_call", "c_exception", "c_return", "opcode"];

const PROFILE_EVENTS: u32 = Event::PyStart.bit()
    | Event::PyResume.bit()
    | Event::PyReturn.bit()
    | Event::PyYield.bit()
    | Event::Call.bit()
    | Event::PyUnwind.bit()
    | Event::PyThrow.bit();
const TRACE_EVENTS: u32 = Event::PyStart.bit()
    | Event::PyResume.bit()
    | Event::PyReturn.bit()
    | Event::PyYield.bit()
    | Event::Raise.bit()
    | Event::Line.bit()
    | Event::Jump.bit()
    | Event::PyUnwind.bit()
    | Event::PyThrow.bit()
    | Event::StopIteration.bit();

/// Tells the thread's function of an event; true if the tool needs to hear of it at this instruction no more.
pub(super) fn tell(tool: usize, occasion: Occasion<'_>, thread: &mut Thread) -> PyResult<bool> {
    match tool {
        PROFILE_TOOL => profile(occasion, thread).map(|()| false),
        _ => trace(occasion, thread),
    }
}

fn profile(occasion: Occasion<'_>, thread: &mut Thread) -> PyResult<()> {
    let base = thread.state().base();
    let (Some(function), object) = (base.c_profilefunc.get(), base.c_profileobj.get()) else { return Ok(()) };
    let none = thread.none();
    let frame = FrameObject::of(occasion.frame, thread)?;
    let (what, argument) = match (occasion.event, occasion.detail) {
        (Event::PyStart | Event::PyResume | Event::PyThrow, _) => (PyTrace_CALL, Some(none)),
        (Event::PyReturn | Event::PyYield, Detail::Value(value)) => (PyTrace_RETURN, Some(Py::from_ref(value))),
        (Event::PyUnwind, _) => (PyTrace_RETURN, None),
        (event, Detail::Call(callable, first)) => {
            let what = match event {
                Event::Call => PyTrace_C_CALL,
                Event::CReturn => PyTrace_C_RETURN,
                _ => PyTrace_C_EXCEPTION,
            };
            let Some(callable) = built_in(callable, first, thread)? else { return Ok(()) };
            (what, Some(callable))
        }
        _ => return Ok(()),
    };
    call(function, object, &frame, what, argument.as_deref(), thread)
}

/// What profile functions are told is called: functions and methods of C alone, the methods bound.
fn built_in(callable: &Object, first: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    if callable.downcast::<BuiltinFunction>().is_some() {
        return Ok(Some(Py::from_ref(callable)));
    }
    if !callable.is_exactly::<MethodDescriptor>() || first.is(&*Tools::of(thread).missing(thread)?) {
        return Ok(None);
    }
    let Some(bind) = callable.class().slots().tp_descr_get.get() else { return Ok(None) };
    // SAFETY: the slot's protocol.
    let bound = unsafe { bind(callable.as_pointer(), first.as_pointer(), first.class().as_object().as_pointer()) };
    protocol::result_from_c(bound, thread).map(Some)
}

fn trace(occasion: Occasion<'_>, thread: &mut Thread) -> PyResult<bool> {
    let base = thread.state().base();
    let (function, object) = (base.c_tracefunc.get(), base.c_traceobj.get());
    // SAFETY: the frame's event is being told: it is live.
    let code = unsafe { &*occasion.frame }.code();
    let line = match (occasion.event, occasion.detail) {
        (Event::Line, Detail::Line(line)) => Some(line),
        (Event::Jump, Detail::Target(target)) => {
            // A loop on one line begins the line anew. Other jumps are told of where they go.
            let (from, to) = (code.line_at(occasion.source), code.line_at(target));
            if function.is_some() && (target > occasion.source || from != to) {
                return Ok(true);
            }
            to
        }
        _ => None,
    };
    let Some(function) = function else {
        if occasion.event == Event::Instruction {
            let frame = FrameObject::of(occasion.frame, thread)?;
            set_opcode_trace(&frame, false, thread)?;
        }
        return Ok(false);
    };
    let frame = FrameObject::of(occasion.frame, thread)?;
    let argument = match (occasion.event, occasion.detail) {
        (Event::Line | Event::Jump, _) => {
            if let Some(line) = line.filter(|_| frame.traces_lines()) {
                frame.set_shown_line(line);
                let none = thread.none();
                let result = call(function, object, &frame, PyTrace_LINE, Some(&none), thread);
                frame.set_shown_line(0);
                result?;
            }
            return Ok(false);
        }
        (Event::Instruction, _) => {
            if !frame.traces_opcodes() {
                set_opcode_trace(&frame, false, thread)?;
                return Ok(false);
            }
            (PyTrace_OPCODE, Some(thread.none()))
        }
        (Event::PyStart | Event::PyResume | Event::PyThrow, _) => (PyTrace_CALL, Some(thread.none())),
        (Event::PyReturn | Event::PyYield, Detail::Value(value)) => (PyTrace_RETURN, Some(Py::from_ref(value))),
        (Event::PyUnwind, _) => (PyTrace_RETURN, None),
        (_, Detail::Value(exception)) => (PyTrace_EXCEPTION, Some(exception_argument(exception, thread)?)),
        _ => return Ok(false),
    };
    if frame.traces_opcodes() && occasion.event != Event::Instruction {
        set_opcode_trace(&frame, true, thread)?;
    }
    let result = call(function, object, &frame, argument.0, argument.1.as_deref(), thread);
    frame.set_shown_line(0);
    result.map(|()| false)
}

/// The class, the exception and its traceback.
fn exception_argument(exception: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let class = Py::from_ref(exception.class()).into_object();
    let traceback = exception.downcast::<BaseException>().and_then(BaseException::traceback);
    let traceback = traceback.unwrap_or_else(|| thread.none());
    Ok(Tuple::new(vec![class, Py::from_ref(exception), traceback], thread)?.into_object())
}

/// Calls a C function of the thread state.
fn call(
    function: Py_tracefunc,
    object: *mut PyObject,
    frame: &Py<FrameObject>,
    what: c_int,
    argument: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<()> {
    let argument = argument.map_or(ptr::null_mut(), Object::as_pointer);
    // SAFETY: the protocol of trace functions; the frame and the argument live as long as the call.
    match unsafe { function(object, frame.as_pointer().cast(), what, argument) } {
        0 => Ok(()),
        _ => Err(thread.raised_elsewhere()),
    }
}

/// Asks for the instructions of a frame's code, or no more.
pub(crate) fn set_opcode_trace(frame: &FrameObject, enabled: bool, thread: &mut Thread) -> PyResult<()> {
    // SAFETY: the pointer is null or to a live frame.
    let Some(it) = (unsafe { frame.frame().as_ref() }) else { return Ok(()) };
    let tools = Tools::of(thread);
    let before = tools.local_events(it.code(), TRACE_TOOL);
    let bit = Event::Instruction.bit();
    let events = if enabled { before | bit } else { before & !bit };
    tools.set_local_events(it.code(), TRACE_TOOL, events, thread)
}

/// Sets a thread's trace function; with None, it has none.
pub fn set_trace(
    state: &ThreadState,
    function: Option<(Py_tracefunc, Option<Py<Object>>)>,
    thread: &mut Thread,
) -> PyResult<()> {
    audit("sys.settrace", thread)?;
    let base = state.base();
    let (function, object) = function.map_or((None, None), |(function, object)| (Some(function), object));
    base.c_tracefunc.set(function);
    release(base.c_traceobj.replace(object.map_or(ptr::null_mut(), Py::into_pointer)), thread);
    let is_traced = |state: &ThreadState| state.base().c_tracefunc.get().is_some();
    if !any_thread(is_traced, thread) {
        return Tools::of(thread).set_events(TRACE_TOOL, 0, thread);
    }
    let current: *mut Frame = thread.state().base().current_frame.get().cast();
    // SAFETY: the current frame is live.
    let frame = first_complete(current).and_then(|it| unsafe { &*it }.existing_object()).map(Py::from_ref);
    if let Some(frame) = frame.filter(|it| it.traces_opcodes()) {
        set_opcode_trace(&frame, true, thread)?;
    }
    Tools::of(thread).set_events(TRACE_TOOL, TRACE_EVENTS, thread)
}

/// Sets a thread's profile function; with None, it has none.
pub fn set_profile(
    state: &ThreadState,
    function: Option<(Py_tracefunc, Option<Py<Object>>)>,
    thread: &mut Thread,
) -> PyResult<()> {
    audit("sys.setprofile", thread)?;
    let base = state.base();
    let (function, object) = function.map_or((None, None), |(function, object)| (Some(function), object));
    base.c_profilefunc.set(function);
    release(base.c_profileobj.replace(object.map_or(ptr::null_mut(), Py::into_pointer)), thread);
    let is_profiled = |state: &ThreadState| state.base().c_profilefunc.get().is_some();
    let events = if any_thread(is_profiled, thread) { PROFILE_EVENTS } else { 0 };
    Tools::of(thread).set_events(PROFILE_TOOL, events, thread)
}

fn any_thread(condition: fn(&ThreadState) -> bool, thread: &Thread) -> bool {
    // SAFETY: states on the interpreter's list are live.
    thread.interpreter().thread_states().into_iter().any(|it| condition(unsafe { &*it }))
}

fn audit(event: &str, thread: &mut Thread) -> PyResult<()> {
    thread.audit(event, &[])
}

fn release(object: *mut PyObject, thread: &mut Thread) {
    // SAFETY: the thread state owned it, and has given it up.
    if let Some(object) = unsafe { Py::<Object>::steal_pointer(object) } {
        object.release(thread);
    }
}

/// Calls the Python function that traces: the thread's for a call, otherwise the frame's; what it gives is the frame's next.
///
/// # Safety
/// Called as a trace function: the thread is attached, `frame` is a frame object, `argument` null or an object.
pub unsafe extern "C-unwind" fn trace_trampoline(
    function: *mut PyObject,
    frame: *mut layout::PyFrameObject,
    what: c_int,
    argument: *mut PyObject,
) -> c_int {
    // SAFETY: the caller's promise.
    let (thread, frame) = unsafe { (&mut Thread::current(), Py::from_ref(&*frame.cast::<FrameObject>())) };
    let function = if what == PyTrace_CALL {
        // SAFETY: the thread state owns the function.
        unsafe { Object::from_pointer(function) }.map(Py::from_ref)
    } else {
        frame.trace_function()
    };
    let Some(function) = function else { return 0 };
    match call_python(&function, &frame, what, argument, thread) {
        Ok(answer) => {
            if !answer.is_none() {
                frame.set_trace_function(Some(answer));
            }
            0
        }
        Err(raised) => {
            let exception = thread.catch(raised);
            let state = ptr::from_ref(thread.state());
            // SAFETY: the running thread's own state.
            let removed = set_trace(unsafe { &*state }, None, thread);
            frame.set_trace_function(None);
            fail(exception, removed, thread)
        }
    }
}

/// Calls the Python function that profiles.
///
/// # Safety
/// As [`trace_trampoline`].
pub unsafe extern "C-unwind" fn profile_trampoline(
    function: *mut PyObject,
    frame: *mut layout::PyFrameObject,
    what: c_int,
    argument: *mut PyObject,
) -> c_int {
    // SAFETY: the caller's promise.
    let (thread, frame) = unsafe { (&mut Thread::current(), Py::from_ref(&*frame.cast::<FrameObject>())) };
    // SAFETY: the thread state owns the function.
    let Some(function) = (unsafe { Object::from_pointer(function) }).map(Py::from_ref) else { return 0 };
    match call_python(&function, &frame, what, argument, thread) {
        Ok(answer) => {
            answer.release(thread);
            0
        }
        Err(raised) => {
            let exception = thread.catch(raised);
            let state = ptr::from_ref(thread.state());
            // SAFETY: the running thread's own state.
            let removed = set_profile(unsafe { &*state }, None, thread);
            fail(exception, removed, thread)
        }
    }
}

/// Raises what the function raised; what taking it away raised is lost.
fn fail(exception: Py<BaseException>, removed: PyResult<()>, thread: &mut Thread) -> c_int {
    if let Err(raised) = removed {
        drop(thread.catch(raised));
    }
    thread.restore_exception(Some(exception));
    -1
}

fn call_python(
    function: &Object,
    frame: &Object,
    what: c_int,
    argument: *mut PyObject,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let name = NAMES.get(what as usize).copied().unwrap_or_default();
    let name = thread.intern_text(name);
    // SAFETY: null or an object that the caller keeps.
    let argument = match unsafe { Object::from_pointer(argument) } {
        Some(argument) => Py::from_ref(argument),
        None => thread.none(),
    };
    protocol::call(function, &[frame, &name, &argument], thread)
}
