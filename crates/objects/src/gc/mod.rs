//! The cycle collector: which objects it knows, how they are traversed, how cycles are found and freed.
//!
//! Objects of types that may refer to others carry a head before their header, which links them into a generation's list. The heads have
//! CPython's layout, so that instances of C code's types take part.
//!
//! `track` puts objects into the youngest generation and counts allocations; `list` has the lists; `state` what an interpreter keeps and the
//! program sets; `reach` finds what only cycles keep alive; `garbage` deals with that, and `collect` runs a collection from start to end.
//! `inspect` answers questions about the objects that are known.

mod collect;
mod garbage;
mod inspect;
mod list;
mod reach;
mod state;
mod track;
mod traverse;

pub use collect::{Reason, collect, collect_when_due};
pub use inspect::{freeze, frozen_count, referents_of, referrers_of, tracked_objects, unfreeze};
pub use state::{DebugFlags, GENERATIONS, GcState, Statistics};
pub(crate) use track::forget;
pub use track::{is_collectable, is_finalized, is_tracked, prepare, prepare_and_track, set_finalized, track, untrack};
pub use traverse::{Traverse, Visitor, clear_slot, traverse_slot};
