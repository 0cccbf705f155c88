//! Type objects: how they are declared, made ready, searched, inherited from and created by `class` statements.
//!
//! A type is CPython's `PyTypeObject`, slot for slot, so that C code can make types of its own and look into ours. Static types are
//! declared with `#[python_type]`; what changes about them (their dictionary, subclasses, caches) lives in the interpreter's state, so that
//! several interpreters can share them.

mod declaration;
mod handle;
mod lookup;
mod ready;
mod subclasses;
mod traverse;

pub use declaration::{
    Accessor, Contents, Instance, Member, MemberKind, Shared, TypeDeclaration, doc_pointer, flags, name_pointer,
};
pub use handle::Type;
pub use lookup::TypeCache;
pub(crate) use ready::is_own_heap_type;
pub use ready::{deallocate_type, ready_static_types};
