//! Generators, coroutines and asynchronous generators: objects that hold a frame which can stop and go on.
//!
//! All three have one layout (`object`) and are run alike (`run`, `throw`, `finalize`); `plain`, `coroutine` and `async_generator` are the types
//! that Python code sees, with the awaitables that the last gives in `async_calls`. `awaiting` has what the loop asks of awaitables.

mod anext;
mod async_calls;
mod async_generator;
mod awaiting;
mod coroutine;
mod finalize;
mod object;
mod plain;
mod run;
mod throw;

pub use anext::AnextAwaitable;
pub use async_generator::{AsyncGenerator, async_hooks, set_async_hooks, wrap_async_value};
pub(crate) use awaiting::send_from_frame;
pub use awaiting::{async_iterator, async_next, awaitable_iterator, send, stop_iteration_error};
pub use coroutine::{Coroutine, origin_tracking_depth, set_origin_tracking_depth};
pub use finalize::finalize;
pub use object::{Generator, GeneratorState, as_generator};
pub use run::{finish_frame, make, make_from_generator, resume, suspend};

use objects::types::{Instance, TypeDeclaration};

/// The types of this module.
pub const TYPES: &[&TypeDeclaration] = &[
    Generator::DECLARATION,
    Coroutine::DECLARATION,
    coroutine::CoroutineWrapper::DECLARATION,
    AsyncGenerator::DECLARATION,
    async_generator::WrappedValue::DECLARATION,
    async_calls::AsyncSend::DECLARATION,
    async_calls::AsyncThrow::DECLARATION,
    AnextAwaitable::DECLARATION,
];
