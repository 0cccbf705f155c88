//! Generators, coroutines and asynchronous generators: objects that hold a frame which can stop and go on.

mod object;
mod run;

pub use object::{Coroutine, Generator, GeneratorState, as_generator};
pub use run::{finish_frame, make, resume, suspend};
