//! What the modules that talk to the operating system share: calls that may block or be interrupted, paths and file descriptors as
//! arguments, times and local time, tables of constants; and long computations without the interpreter's lock.
//!
//! `modules-os`, `modules-io`, `modules-compression`, `modules-crypto` and `modules-tls` build on this crate. Its invariant: a call that may
//! block runs without the interpreter's lock, and one that a signal interrupts is repeated after the signal's handler has run (PEP 475).

pub mod call;
pub mod civil;
pub mod clock;
pub mod constants;
pub mod descriptor;
pub mod exception;
pub mod exclusive;
pub mod futex;
pub mod inner_files;
pub mod locale;
pub mod module;
pub mod path;
pub mod zeroed;

pub use call::{interruptible, last_error, plain};
