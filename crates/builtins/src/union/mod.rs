//! `typing.Union`, which is `types.UnionType`: `int | str`.
//!
//! `builder` flattens and leaves out duplicates, `object` is the type.

mod builder;
mod object;

use objects::thread::Thread;
use objects::types::{Instance, TypeDeclaration};

pub use builder::{union_of, union_of_tuple, union_of_types};
pub use object::Union;

pub const TYPES: &[&TypeDeclaration] = &[Union::DECLARATION];

/// Lets classes be joined by `|`.
pub fn install(thread: &mut Thread) {
    thread.interpreter().hooks.union.set(Some(union_of_types));
}
