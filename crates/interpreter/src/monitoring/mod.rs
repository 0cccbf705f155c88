//! Watching what Python code does (PEP 669): `sys.monitoring`, and upon it `sys.settrace` and `sys.setprofile`.
//!
//! What tools want of code is written into its instructions: those with an event that somebody wants become `INSTRUMENTED_…` (as `dis` shows with
//! `adaptive=True`). So code that nobody watches runs as ever, and an event that a tool disables costs nothing any more.
//!
//! ```text
//! tools          who wants what, and whom to call            ◀── sys.monitoring, legacy (sys.settrace, sys.setprofile)
//!   │ version changes
//! instrument     rewrites the code that runs, and other code at its next RESUME
//!   │ INSTRUMENTED_…
//! instructions   what the loop runs instead ──▶ tell ──▶ callbacks
//! exceptions     events of unwinding        ──▶ tell
//! foreign        events of C code           ──▶ callbacks
//! ```

mod calls;
mod code_data;
mod events;
mod exceptions;
pub mod foreign;
mod instructions;
mod instrument;
pub mod legacy;
mod lines;
mod steps;
mod tell;
mod tools;

use objects::thread::Thread;

pub use code_data::CodeMonitoring;
pub use events::{Event, LOCAL_EVENTS, UNGROUPED_EVENTS};
pub(crate) use exceptions::{tell_of_exception, tell_of_handler, tell_of_stop_iteration};
pub(crate) use instructions::{behind, instrumented};
pub use tools::{PYTHON_TOOLS, Tools};

use crate::code::Code;

/// Brings code that begins or goes on up to date with what tools want; true if its instructions may have changed.
pub(crate) fn refresh(code: &Code, thread: &Thread) -> bool {
    !tell::is_telling(thread) && instrument::refresh(code, &Tools::of(thread))
}
