//! Threads: the token that lets code touch storage, the state behind it, the interpreter it belongs to.
//!
//! A [`Thread`] is a small handle around the state of the operating system's thread that runs now. Holding it means: this thread is
//! attached to an interpreter and has its lock. Functions that may run Python code or raise take `&mut Thread` as their
//! last parameter.

mod blocking;
mod calls;
mod handle;
mod hooks;
mod intern;
mod interpreter;
mod lifetime;
mod lock;
pub mod pending;
mod recursion;
pub mod runtime;
mod state;

pub use calls::{Call, Caller};
pub use handle::Thread;
pub use hooks::{
    Audit, BytesMaker, CurrentGlobals, Hooks, MemoryViews, NativeAudit, SimulateSignal, SuperArguments, TracebackHere,
    UnionMaker, Unraisable, Warn,
};
pub use interpreter::{
    DEFAULT_MAXIMUM_INTEGER_DIGITS, Interpreter, Resident, ResidentPlace, hash_secret, set_hash_secret,
};
pub use lifetime::NewThread;
pub use lock::InterpreterLock;
pub use pending::{memory_ran_out, request};
pub use recursion::DEFAULT_RECURSION_LIMIT;
pub use state::ThreadState;
