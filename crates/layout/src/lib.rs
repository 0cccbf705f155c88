//! The structs of CPython's C ABI: layouts, offsets, constants; no behaviour.
//!
//! The GIL build of CPython 3.14 for x86-64 Linux. Types, fields and constants have their C names and are all visible
//! at the crate's root, as `Python.h` makes them visible in C; a doc comment names the header. `layouts.tsv` has the
//! sizes and offsets that a C compiler gives these structs; the build fails if ours differ (`build.rs`).
//!
//! - A field that C code or the runtime changes after creation is a [`Cell`](std::cell::Cell), so that shared
//!   references to these structs are legitimate while others write them.
//! - A function type is not nullable; a field that may be null is an `Option` of it.
//! - A table made by C code (or in a static) that nobody changes has plain fields.
#![allow(non_camel_case_types, non_upper_case_globals, non_snake_case, reason = "the names are C's")]

mod object;
mod type_object;
mod typeslots;

mod descrobject;
mod method_object;
mod moduleobject;

mod containers;
mod dictobject;
mod longintrepr;
mod numbers;
mod pybuffer;
mod unicodeobject;

mod code;
mod frame;
mod function;
mod pyerrors;
mod weakrefobject;

mod datetime;
mod gc;
mod interfaces;
mod pystate;

pub use code::*;
pub use containers::*;
pub use datetime::*;
pub use descrobject::*;
pub use dictobject::*;
pub use frame::*;
pub use function::*;
pub use gc::*;
pub use interfaces::*;
pub use longintrepr::*;
pub use method_object::*;
pub use moduleobject::*;
pub use numbers::*;
pub use object::*;
pub use pybuffer::*;
pub use pyerrors::*;
pub use pystate::*;
pub use type_object::*;
pub use typeslots::*;
pub use unicodeobject::*;
pub use weakrefobject::*;

/// One compile-time assertion per line of `layouts.tsv`.
mod checked {
    use std::mem::offset_of;

    include!(concat!(env!("OUT_DIR"), "/layouts.rs"));
}

/// Gives each struct a constant `EMPTY`: no functions, null pointers, zeros.
macro_rules! empty_constants {
    ($($name:ident),+ $(,)?) => {$(
        impl $name {
            /// All functions absent, all pointers null, all numbers zero.
            #[allow(clippy::declare_interior_mutable_const, reason = "a template, to be copied")]
            // SAFETY: every field is a number, a raw pointer, an optional function pointer, or made of these; all
            // of them may be zero.
            pub const EMPTY: $name = unsafe { std::mem::zeroed() };
        }
    )+};
}
pub(crate) use empty_constants;

/// Lets tables that nobody changes be statics.
macro_rules! shared_between_threads {
    ($($name:ident),+ $(,)?) => {$(
        // SAFETY: the fields are plain: without `unsafe` they can't be written through a shared reference, and what
        // they point to can't be reached.
        unsafe impl Sync for $name {}
    )+};
}
pub(crate) use shared_between_threads;

/// Lets types, which have `Cell`s, be statics.
macro_rules! guarded_by_the_runtime {
    ($($name:ident),+ $(,)?) => {$(
        // SAFETY: the object model keeps this promise, since no type can: one thread fills in a static before others
        // see it, and what changes later (counts aside, which are immortal here) is written by a thread that holds
        // the only GIL which governs it.
        unsafe impl Sync for $name {}
    )+};
}
pub(crate) use guarded_by_the_runtime;
