//! Type objects: how they are declared, made ready, searched, inherited from and created by `class` statements.
//!
//! A type is CPython's `PyTypeObject`, slot for slot, so that C code can make types of its own and look into ours. Static types are
//! declared with `#[python_type]`; what changes about them (their dictionary, subclasses, caches) lives in the interpreter's state, so that
//! several interpreters can share them.
//!
//! Suggested reading order: `declaration` and `handle`; `slot_table`, the table that ties slots to special methods; `ready` and `inherit` for
//! static types; `heap` and the files it names for classes; `instance` and `instance_dict` for what classes are instantiated to.

mod declaration;
mod handle;
mod lookup;
mod subclasses;

mod slot_buffers;
mod slot_calls;
mod slot_functions;
pub mod slot_table;
pub mod slot_update;
pub mod slot_wrappers;

mod foreign;
mod inherit;
mod ready;

mod added_attributes;
mod assign;
mod bases;
mod heap;
mod mro;
mod slots_declaration;
mod spec;
mod traverse;

mod instance;
pub mod instance_dict;

pub use assign::{assign_bases, assign_class};
pub use bases::{best_base, calculate_metaclass, solid_base};
pub(crate) use declaration::bases_first;
pub use declaration::{
    Accessor, Contents, Instance, Member, MemberKind, MethodGroup, Shared, TypeDeclaration, concatenate_declarations,
    count_declarations, doc_pointer, flags, name_pointer,
};
pub use foreign::ready_foreign_type;
pub use handle::Type;
pub(crate) use heap::is_python_function;
pub use heap::{new_instance, new_type};
pub use instance::{allocate, finalize, free_collectable, free_plain};
pub(crate) use instance::{deallocating_base, is_own_heap_type};
pub use lookup::TypeCache;
pub use mro::linearize;
pub(crate) use ready::type_doc;
pub use ready::{prepare_static_types, ready_static_types};
pub(crate) use slot_buffers::BufferWrapper;
pub use spec::{slot_by_number, type_from_spec};
pub use traverse::deallocate_type;
