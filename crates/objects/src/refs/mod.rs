//! References: the object header, owned references, fields that hold them, storage that only a thread can open.
//!
//! Everything above speaks of objects through these types. The invariants: a [`Py`] owns exactly one count of a live object; a
//! `&T` to an object borrows from some `Py` (or from an immortal object); neither ever leaves its thread.

mod allocate;
mod field;
mod guarded;
mod object;
mod py;
mod release;

pub use allocate::{allocate_variable, allocate_with_extra, deallocate_instance, finalize_and_deallocate, free_memory};
pub use field::Field;
pub use guarded::Guarded;
pub use object::{HasHeader, Header, Object, VarHeader, cast};
pub use py::Py;
pub(crate) use release::deallocate;
pub use release::{deallocate_now, release_now, release_pointer};
