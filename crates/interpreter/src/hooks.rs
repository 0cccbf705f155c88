//! What the object core asks of frames: the arguments of `super()`, the globals of the caller, tracebacks. Filled in when an interpreter starts.

use bytecode::arena::Arena;
use bytecode::code_flags::CO_FAST_CELL;
use bytecode::generated::GeneratedUnit;
use objects::cell::Cell;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::names;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::types::Type;

use crate::frame::{self, Frame};
use crate::traceback;

/// Code generation alone, of a tree of objects: the file name, flags, the level of optimization, by number the mode of `compile()`, and where the
/// constants go.
pub type Generate = for<'t> fn(&Object, &Object, u32, u8, i32, &'t Arena, &mut Thread) -> PyResult<GeneratedUnit<'t>>;

/// Where who has the compiler puts that, for the C API.
#[derive(Default)]
pub struct CodeGeneration(pub std::cell::Cell<Option<Generate>>);

/// Fills in the hooks of the thread's interpreter.
pub fn install(thread: &mut Thread) {
    let hooks = &thread.interpreter().hooks;
    hooks.super_arguments.set(Some(super_arguments));
    hooks.current_globals.set(Some(current_globals));
    hooks.current_builtins.set(Some(current_builtins));
    hooks.traceback_here.set(Some(traceback::here));
    hooks.unraisable.set(Some(traceback::report_unraisable));
}

fn current_frame<'a>(thread: &Thread) -> Option<&'a Frame> {
    let frame = frame::first_complete(thread.state().base().current_frame.get().cast())?;
    // SAFETY: the current frame is live while the function that it called runs.
    Some(unsafe { &*frame })
}

fn current_globals(thread: &Thread) -> Option<Py<Dict>> {
    current_frame(thread)?.globals().downcast::<Dict>().map(Py::from_ref)
}

fn current_builtins(thread: &Thread) -> Option<Py<Object>> {
    current_frame(thread).map(|it| Py::from_ref(it.builtins()))
}

/// The class that the running function was defined in, from its cell `__class__`, and the function's first argument.
fn super_arguments(thread: &mut Thread) -> PyResult<(Py<Object>, Py<Object>)> {
    let Some(frame) = current_frame(thread) else {
        return Err(raise!(thread, RuntimeError, "super(): no current frame"));
    };
    let code = frame.code();
    if code.argument_count() == 0 {
        return Err(raise!(thread, RuntimeError, "super(): no arguments"));
    }
    let first = frame.local(0).as_option().map(Py::from_ref);
    // An argument that inner functions use lies in a cell; what else is a cell was given as one.
    let is_cell = code.locals_plus_kinds().as_slice().first().is_some_and(|it| it & CO_FAST_CELL != 0);
    let first = match first.map(Py::downcast_into::<Cell>) {
        Some(Ok(cell)) if is_cell => cell.get(),
        Some(Ok(cell)) => Some(cell.into_object()),
        Some(Err(value)) => Some(value),
        None => None,
    };
    let Some(first) = first else {
        return Err(raise!(thread, RuntimeError, "super(): arg[0] deleted"));
    };
    let free = code.local_count() - code.free_count()..code.local_count();
    for index in free {
        if !code.local_name(index).equals(&names::__class__) {
            continue;
        }
        let Some(cell) = frame.local(index).as_option().and_then(|it| it.downcast::<Cell>()) else {
            return Err(raise!(thread, RuntimeError, "super(): bad __class__ cell"));
        };
        let Some(class) = cell.get() else {
            return Err(raise!(thread, RuntimeError, "super(): empty __class__ cell"));
        };
        if class.downcast::<Type>().is_none() {
            let found = class.class().full_name();
            return Err(raise!(thread, RuntimeError, "super(): __class__ is not a type ({found})"));
        }
        return Ok((class, first));
    }
    Err(raise!(thread, RuntimeError, "super(): __class__ cell not found"))
}
