//! Iteration: `iter`, `next`, `send`.

use crate::refs::{Object, Py};

/// What resuming a generator-like object gives.
pub enum SendOutcome {
    /// It yielded; it can be resumed again.
    Yielded(Py<Object>),
    /// It returned; it is finished.
    Returned(Py<Object>),
}
