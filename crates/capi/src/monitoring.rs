//! `cpython/monitoring.h`, and `ceval.h`'s functions that trace: events of what C code runs, and C functions that are told of Python code's.

use std::cell::Cell;
use std::ffi::c_int;

use interpreter::monitoring::{Event, foreign, legacy};
use layout::{Py_tracefunc, PyObject};
use objects::errors::{PyResult, StopIteration};
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::{Thread, ThreadState};

use crate::entry::{Argument, Array, Nothing, Out, export};

/// C's `PyMonitoringState`: the tools that want a kind of event.
#[repr(C)]
pub struct MonitoringState {
    active: Cell<u8>,
    opaque: u8,
}

impl Argument for &MonitoringState {
    type C = *mut MonitoringState;

    unsafe fn from_c(value: Self::C, thread: &mut Thread) -> PyResult<Self> {
        // SAFETY: passed on to the caller.
        unsafe { value.cast_const().as_ref() }.map_or_else(|| crate::entry::bad_internal_call(thread), Ok)
    }
}

/// Tells of an event at an offset.
fn fire(
    event: Event,
    state: &MonitoringState,
    code: &Object,
    offset: i32,
    detail: &[&Object],
    thread: &mut Thread,
) -> PyResult<()> {
    if offset < 0 {
        return Err(raise!(thread, ValueError, "offset must be non-negative"));
    }
    let offset = protocol::make_int(i128::from(offset), thread);
    let arguments: Vec<&Object> = [code, &*offset].into_iter().chain(detail.iter().copied()).collect();
    foreign::tell(event, &arguments, &state.active, thread)
}

/// Tells of an event that goes with the exception that is set, which stays set unless a tool raises another one.
fn fire_raised(event: Event, state: &MonitoringState, code: &Object, offset: i32, thread: &mut Thread) -> PyResult<()> {
    let Some(exception) = thread.take_exception() else {
        return Err(raise!(thread, ValueError, "Firing event {} with no exception set", event as u8));
    };
    fire(event, state, code, offset, &[&exception], thread)?;
    thread.restore_exception(Some(exception));
    Ok(())
}

export! { thread;
    fn PyMonitoring_EnterScope(states: Array<MonitoringState>, version: Out<u64>, events: Array<u8>, length: isize) -> () {
        let now = foreign::version(thread);
        if version.get() == Some(now) {
            return Ok(());
        }
        for (state, event) in states.counted(length, thread)?.iter().zip(events.counted(length, thread)?) {
            state.active.set(foreign::wanting(*event, thread));
        }
        version.set(now);
        Ok(())
    }

    fn PyMonitoring_ExitScope() -> () { let _ = &thread; Ok(()) }

    fn _PyMonitoring_FirePyStartEvent(state: &MonitoringState, code: &Object, offset: i32) -> () {
        fire(Event::PyStart, state, code, offset, &[], thread)
    }

    fn _PyMonitoring_FirePyResumeEvent(state: &MonitoringState, code: &Object, offset: i32) -> () {
        fire(Event::PyResume, state, code, offset, &[], thread)
    }

    fn _PyMonitoring_FirePyReturnEvent(state: &MonitoringState, code: &Object, offset: i32, value: &Object) -> () {
        fire(Event::PyReturn, state, code, offset, &[value], thread)
    }

    fn _PyMonitoring_FirePyYieldEvent(state: &MonitoringState, code: &Object, offset: i32, value: &Object) -> () {
        fire(Event::PyYield, state, code, offset, &[value], thread)
    }

    fn _PyMonitoring_FireCallEvent(state: &MonitoringState, code: &Object, offset: i32, callable: &Object, first: &Object) -> () {
        fire(Event::Call, state, code, offset, &[callable, first], thread)
    }

    fn _PyMonitoring_FireLineEvent(state: &MonitoringState, code: &Object, offset: i32, line: i32) -> () {
        if offset < 0 {
            return Err(raise!(thread, ValueError, "offset must be non-negative"));
        }
        let line = protocol::make_int(i128::from(line), thread);
        foreign::tell(Event::Line, &[code, &line], &state.active, thread)
    }

    fn _PyMonitoring_FireJumpEvent(state: &MonitoringState, code: &Object, offset: i32, target: &Object) -> () {
        fire(Event::Jump, state, code, offset, &[target], thread)
    }

    fn _PyMonitoring_FireBranchEvent(state: &MonitoringState, code: &Object, offset: i32, target: &Object) -> () {
        fire(Event::BranchRight, state, code, offset, &[target], thread)
    }

    fn _PyMonitoring_FireBranchRightEvent(state: &MonitoringState, code: &Object, offset: i32, target: &Object) -> () {
        fire(Event::BranchRight, state, code, offset, &[target], thread)
    }

    fn _PyMonitoring_FireBranchLeftEvent(state: &MonitoringState, code: &Object, offset: i32, target: &Object) -> () {
        fire(Event::BranchLeft, state, code, offset, &[target], thread)
    }

    fn _PyMonitoring_FireCReturnEvent(state: &MonitoringState, code: &Object, offset: i32, value: &Object) -> () {
        fire(Event::CReturn, state, code, offset, &[value], thread)
    }

    fn _PyMonitoring_FirePyThrowEvent(state: &MonitoringState, code: &Object, offset: i32) -> () {
        fire_raised(Event::PyThrow, state, code, offset, thread)
    }

    fn _PyMonitoring_FireRaiseEvent(state: &MonitoringState, code: &Object, offset: i32) -> () {
        fire_raised(Event::Raise, state, code, offset, thread)
    }

    fn _PyMonitoring_FireReraiseEvent(state: &MonitoringState, code: &Object, offset: i32) -> () {
        fire_raised(Event::Reraise, state, code, offset, thread)
    }

    fn _PyMonitoring_FireExceptionHandledEvent(state: &MonitoringState, code: &Object, offset: i32) -> () {
        fire_raised(Event::ExceptionHandled, state, code, offset, thread)
    }

    fn _PyMonitoring_FireCRaiseEvent(state: &MonitoringState, code: &Object, offset: i32) -> () {
        fire_raised(Event::CRaise, state, code, offset, thread)
    }

    fn _PyMonitoring_FirePyUnwindEvent(state: &MonitoringState, code: &Object, offset: i32) -> () {
        fire_raised(Event::PyUnwind, state, code, offset, thread)
    }

    fn _PyMonitoring_FireStopIterationEvent(state: &MonitoringState, code: &Object, offset: i32, value: &Object) -> () {
        let class: &Object = StopIteration.as_type();
        let raised = crate::pyerrors::set_object(class, Some(value), thread);
        let exception = thread.catch(raised);
        fire(Event::StopIteration, state, code, offset, &[&exception], thread)
    }

    fn PyEval_SetTrace(function: Option<Py_tracefunc>, object: Option<&Object>) -> Nothing {
        let state = std::ptr::from_ref(thread.state());
        set_function(state, legacy::set_trace, function, object, thread);
        Ok(Nothing)
    }

    fn PyEval_SetTraceAllThreads(function: Option<Py_tracefunc>, object: Option<&Object>) -> Nothing {
        for state in thread.interpreter().thread_states() {
            set_function(state, legacy::set_trace, function, object, thread);
        }
        Ok(Nothing)
    }

    fn PyEval_SetProfile(function: Option<Py_tracefunc>, object: Option<&Object>) -> Nothing {
        let state = std::ptr::from_ref(thread.state());
        set_function(state, legacy::set_profile, function, object, thread);
        Ok(Nothing)
    }

    fn PyEval_SetProfileAllThreads(function: Option<Py_tracefunc>, object: Option<&Object>) -> Nothing {
        for state in thread.interpreter().thread_states() {
            set_function(state, legacy::set_profile, function, object, thread);
        }
        Ok(Nothing)
    }
}

impl Argument for Option<Py_tracefunc> {
    type C = Self;

    unsafe fn from_c(value: Self, _: &mut Thread) -> PyResult<Self> {
        Ok(value)
    }
}

/// What sets a thread's function.
type Setter = fn(&ThreadState, Option<(Py_tracefunc, Option<Py<Object>>)>, &mut Thread) -> PyResult<()>;

/// Sets a thread's function; what goes wrong is reported, since the C functions give nothing back.
fn set_function(
    state: *const ThreadState,
    set: Setter,
    function: Option<Py_tracefunc>,
    object: Option<&Object>,
    thread: &mut Thread,
) {
    // SAFETY: states on the interpreter's list are live.
    let state = unsafe { &*state };
    let function = function.map(|it| (it, object.map(Py::from_ref)));
    if let Err(raised) = set(state, function, thread) {
        thread.report_unraisable(raised, "Exception ignored in PyEval_SetTrace() or PyEval_SetProfile()", None);
    }
}

/// C's trace functions have the calling convention of all callbacks here.
const _: fn(
    Py_tracefunc,
) -> unsafe extern "C-unwind" fn(*mut PyObject, *mut layout::PyFrameObject, c_int, *mut PyObject) -> c_int = |it| it;
