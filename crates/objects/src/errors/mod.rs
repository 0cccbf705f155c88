//! Errors: how an exception is set, passed on, looked at and taken back.
//!
//! An exception that is set lives in the thread state (`current_exception`), where C code reads and writes it. [`Raised`] is an empty token
//! that says «it is set», so a result is one machine word. The invariant: a function returns `Err(Raised)` if and only if an
//! exception is set when it returns.

mod memory;
mod raise;

pub use memory::{Grow, NoMemory, OrMemoryError, TryToVec, with_room};
pub use raise::{ExceptionKind, type_name};

pub use crate::exceptions::*;

/// An exception is set in the thread. Made only by functions of this module that set one, or find one set by C code.
#[derive(Debug)]
#[must_use = "an exception is set: pass it on or clear it"]
pub struct Raised;

/// The result of whatever may raise.
pub type PyResult<T = ()> = Result<T, Raised>;

/// Sets an exception of a kind with a formatted message, and gives the token:
/// `return Err(raise!(thread, TypeError, "an integer is required (got type {})", name))`.
#[macro_export]
macro_rules! raise {
    ($thread:expr, $kind:ident, $($message:tt)+) => {
        $thread.raise_message($crate::errors::$kind, ::std::format_args!($($message)+))
    };
}
