//! Interpreters by number, as arguments of functions.

use crossing::errors::raise_interpreter_error;
use crossing::identifier::find;
use objects::errors::PyResult;
use objects::protocol;
use objects::refs::Object;
use objects::thread::Thread;
use objects::thread::runtime::{Record, Stage, origin};

/// What an interpreter must be for an operation.
#[derive(Clone, Copy)]
pub struct Demand {
    /// For messages: «cannot … interpreter».
    pub operation: &'static str,
    /// Only interpreters that `_interpreters.create` made.
    pub restrict: bool,
}

/// The interpreter that an argument names, ready and fit for the operation.
pub fn resolve(id: &Object, demand: Demand, thread: &mut Thread) -> PyResult<&'static Record> {
    let record = find(id, thread)?;
    let operation = demand.operation;
    let (before, after) = if record.stage() < Stage::Ready {
        ("", " (not ready)")
    } else if demand.restrict && record.origin() != origin::LIBRARY {
        ("unrecognized ", "")
    } else {
        return Ok(record);
    };
    let shown = protocol::repr(id, thread)?.to_string_lossy();
    Err(raise_interpreter_error(format_args!("cannot {operation} {before}interpreter {shown}{after}"), thread))
}
