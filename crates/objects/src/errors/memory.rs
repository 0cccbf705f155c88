//! From memory that was refused to MemoryError.

use std::collections::TryReserveError;

use text::builder::SizeError;
pub use text::growth::{Grow, TryToVec, with_room};

use super::PyResult;
use crate::thread::Thread;

/// A reason why there is no memory for what a program asks for.
pub trait NoMemory {}

impl NoMemory for TryReserveError {}
// Who knows how long the result gets before he begins tells too long ones from the others.
impl NoMemory for SizeError {}

/// Results that depend on there being memory.
pub trait OrMemoryError<T> {
    /// The result, or MemoryError.
    ///
    /// # Errors
    ///
    /// There was no memory for it.
    fn or_memory_error(self, thread: &mut Thread) -> PyResult<T>;
}

impl<T, E: NoMemory> OrMemoryError<T> for Result<T, E> {
    #[inline]
    fn or_memory_error(self, thread: &mut Thread) -> PyResult<T> {
        self.map_err(|_| thread.raise_memory_error())
    }
}
