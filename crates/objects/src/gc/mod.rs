//! The cycle collector: which objects it knows, how they are traversed, how cycles are found and freed.
//!
//! Objects of types that may refer to others carry a head before their header, which links them into a generation's list. The heads have
//! CPython's layout, so that instances of C code's types take part.

mod track;
mod traverse;

pub use track::{GcState, is_finalized, is_tracked, prepare, prepare_and_track, set_finalized, track, untrack};
pub use traverse::{Traverse, Visitor, clear_slot, traverse_slot};
