//! Interpreters by number: what an object means as one.

use objects::errors::PyResult;
use objects::int::Int;
use objects::protocol;
use objects::raise;
use objects::refs::Object;
use objects::thread::Thread;
use objects::thread::runtime::{Record, runtime};
use objects::types::Instance;

use crate::errors::InterpreterNotFoundError;

/// The number that an object means.
pub fn number(id: &Object, thread: &mut Thread) -> PyResult<i64> {
    let number = match id.downcast::<Int>() {
        Some(number) => number.to_i128(),
        None if protocol::is_index(id) => protocol::index(id, thread)?.to_i128(),
        None => {
            let class = id.class().short_name();
            return Err(raise!(thread, TypeError, "interpreter ID must be an int, got {class}"));
        }
    };
    match number {
        Some(number) if number < 0 => {
            let shown = protocol::repr(id, thread)?.to_string_lossy();
            Err(raise!(thread, ValueError, "interpreter ID must be a non-negative int, got {shown}"))
        }
        Some(number) if number <= i128::from(i64::MAX) => Ok(number as i64),
        _ => Err(raise!(thread, OverflowError, "int too big to convert")),
    }
}

/// The interpreter that an object names.
pub fn find(id: &Object, thread: &mut Thread) -> PyResult<&'static Record> {
    let number = number(id, thread)?;
    match runtime().record(number).filter(|it| it.interpreter().is_some()) {
        Some(record) => Ok(record),
        None => {
            let message = format_args!("unrecognized interpreter ID {number}");
            Err(thread.raise_message(InterpreterNotFoundError::DECLARATION, message))
        }
    }
}
