//! The knot: references, type machinery, protocols, exceptions, the cycle collector, threads, and the types these need.
//!
//! A file is here only if attribute lookup, type creation, raising or the collector needs it; every other built-in type is in
//! `builtins`. Suggested reading order: the modules as listed.

extern crate self as objects;

/// Writes a line to the process's standard error, as far as that is possible: `eprintln!` would panic where it is full or closed.
#[macro_export]
macro_rules! error_line {
    ($($text:tt)*) => {{
        let _ = ::std::io::Write::write_fmt(&mut ::std::io::stderr(), format_args!("{}\n", format_args!($($text)*)));
    }};
}

/// [`error_line`] without the end of the line.
#[macro_export]
macro_rules! error_text {
    ($($text:tt)*) => {{
        let _ = ::std::io::Write::write_fmt(&mut ::std::io::stderr(), format_args!($($text)*));
    }};
}

pub mod errors;
pub mod gc;
pub mod method;
pub mod protocol;
pub mod refs;
pub mod slots;
pub mod thread;
pub mod types;
pub mod watchers;
pub mod weakref;

pub mod bool;
pub mod cell;
pub mod descriptors;
pub mod dict;
pub mod exceptions;
pub mod float;
pub mod int;
pub mod list;
pub mod module;
pub mod names;
pub mod none;
pub mod object;
pub mod slice;
mod static_names;
pub mod str;
pub mod tuple;
pub mod type_;

pub use layout;

use types::{Instance, Type, TypeDeclaration};

/// The lists of this crate's types.
const LISTS: &[&[&TypeDeclaration]] = &[
    &[
        object::BaseObject::DECLARATION,
        Type::DECLARATION,
        str::Str::DECLARATION,
        int::Int::DECLARATION,
        bool::Bool::DECLARATION,
        float::Float::DECLARATION,
        none::NoneType::DECLARATION,
        none::NotImplementedType::DECLARATION,
        none::EllipsisType::DECLARATION,
        module::Module::DECLARATION,
        cell::Cell::DECLARATION,
        types::BufferWrapper::DECLARATION,
    ],
    tuple::TYPES,
    dict::TYPES,
    list::TYPES,
    slice::TYPES,
    descriptors::TYPES,
    protocol::TYPES,
    str::ITERATOR_TYPES,
    weakref::TYPES,
    exceptions::TYPES,
];

/// All types of this crate.
pub const TYPES: &[&TypeDeclaration] = &types::concatenate_declarations::<{ types::count_declarations(LISTS) }>(LISTS);
