//! Generators, coroutines and asynchronous generators: objects that hold a frame which can stop and go on.

mod awaiting;
mod object;
mod run;

pub use awaiting::{async_iterator, async_next, awaitable_iterator, send, stop_iteration_error};
pub use object::{Coroutine, Generator, GeneratorState, as_generator};
pub use run::{finish_frame, make, resume, suspend};
