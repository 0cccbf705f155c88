//! Interpreters by number, as arguments of functions.

use crossing::errors::{InterpreterNotFoundError, raise_interpreter_error};
use objects::errors::PyResult;
use objects::int::Int;
use objects::protocol;
use objects::raise;
use objects::refs::Object;
use objects::thread::Thread;
use objects::thread::runtime::{Record, Stage, origin, runtime};
use objects::types::Instance;

/// What an interpreter must be for an operation.
#[derive(Clone, Copy)]
pub struct Demand {
    /// For messages: «cannot … interpreter».
    pub operation: &'static str,
    /// Only interpreters that `_interpreters.create` made.
    pub restrict: bool,
}

/// The interpreter that an argument names.
pub fn find(id: &Object, thread: &mut Thread) -> PyResult<&'static Record> {
    let Some(number) = id.downcast::<Int>() else {
        if !protocol::is_index(id) {
            let class = id.class().short_name();
            return Err(raise!(thread, TypeError, "interpreter ID must be an int, got {class}"));
        }
        let number = protocol::index(id, thread)?;
        return find(&number, thread);
    };
    let number = number.to_i128();
    if number.is_some_and(|it| it < 0) {
        let shown = protocol::repr(id, thread)?.to_string_lossy();
        return Err(raise!(thread, ValueError, "interpreter ID must be a non-negative int, got {shown}"));
    }
    let Some(number) = number.and_then(|it| i64::try_from(it).ok()) else {
        return Err(raise!(thread, OverflowError, "int too big to convert"));
    };
    match runtime().record(number).filter(|it| it.interpreter().is_some()) {
        Some(record) => Ok(record),
        None => {
            let message = format_args!("unrecognized interpreter ID {number}");
            Err(thread.raise_message(InterpreterNotFoundError::DECLARATION, message))
        }
    }
}

/// The interpreter that an argument names, ready and fit for the operation.
pub fn resolve(id: &Object, demand: Demand, thread: &mut Thread) -> PyResult<&'static Record> {
    let record = find(id, thread)?;
    let operation = demand.operation;
    let is_current = std::ptr::eq(record, thread.interpreter().record());
    let problem = if record.stage() < Stage::Ready {
        (" (not ready)", "")
    } else if demand.restrict && record.origin() != origin::LIBRARY {
        ("", "unrecognized ")
    } else {
        return Ok(record);
    };
    let (after, before) = problem;
    if is_current {
        return Err(raise_interpreter_error(
            format_args!("cannot {operation} {before}current interpreter{after}"),
            thread,
        ));
    }
    let shown = protocol::repr(id, thread)?.to_string_lossy();
    Err(raise_interpreter_error(format_args!("cannot {operation} {before}interpreter {shown}{after}"), thread))
}
