//! `_signal`: signal handlers written in Python, timers, masks, and waiting for signals.
//!
//! `delivery` brings a signal from the handler that the system calls to the main thread; `set` reads and makes sets of signals;
//! `functions` is the module.

mod delivery;
mod functions;
mod set;

pub use delivery::{after_fork_in_child, install};
pub use functions::{SignalModule, TYPES};
pub use set::signal_set;

/// One more than the greatest signal.
pub const SIGNAL_COUNT: usize = 65;
