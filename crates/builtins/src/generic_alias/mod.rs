//! `types.GenericAlias`: `list[int]`.
//!
//! `parameters` has the algorithm of type variables and their substitution, which unions use too.

mod call;
mod methods;
mod object;
pub mod parameters;

use objects::errors::PyResult;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::types::{Instance, TypeDeclaration};

pub use methods::GenericAliasIterator;
pub use object::GenericAlias;

pub const TYPES: &[&TypeDeclaration] = &[GenericAlias::DECLARATION, GenericAliasIterator::DECLARATION];

fn make(origin: &Object, arguments: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    GenericAlias::new(origin, arguments, thread).map(Py::into_object)
}

/// Lets the types of `objects` be subscribed.
pub fn install(thread: &mut Thread) {
    thread.interpreter().generic_alias.set(Some(make));
}
