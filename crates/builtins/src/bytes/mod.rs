//! `bytes`: an immutable sequence of bytes.
//!
//! `shared` has what `bytes` and `bytearray` have in common.

mod construct;
mod iterator;
mod methods;
mod object;
pub mod shared;

use objects::thread::Thread;
use objects::types::{Instance, TypeDeclaration};

pub use construct::call_bytes;
pub use iterator::BytesIterator;
pub use object::Bytes;

pub const TYPES: &[&TypeDeclaration] = &[Bytes::DECLARATION, BytesIterator::DECLARATION];

/// Lets the types of `objects` make bytes.
pub fn install(thread: &mut Thread) {
    thread.interpreter().hooks.make_bytes.set(Some(Bytes::make_object));
}
