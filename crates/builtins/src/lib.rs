//! The built-in types that the knot of `objects` does not need, a folder for each.
//!
//! A folder exports its `TYPES`; here they become one list, which the binary registers after those of `objects`.

pub mod bytearray;
pub mod bytes;
pub mod complex;
pub mod context;
pub mod enumerate;
pub mod filter;
pub mod generic_alias;
pub mod map;
pub mod memoryview;
pub mod namespace;
pub mod ordered_dict;
pub mod pickle_buffer;
pub mod range;
pub mod reversed;
pub mod set;
pub mod template;
pub mod typing;
pub mod union;
pub mod zip;

use objects::thread::Thread;
use objects::types::{TypeDeclaration, concatenate_declarations, count_declarations};

/// The lists of the folders.
const FOLDERS: &[&[&TypeDeclaration]] = &[
    bytes::TYPES,
    bytearray::TYPES,
    complex::TYPES,
    context::TYPES,
    enumerate::TYPES,
    filter::TYPES,
    generic_alias::TYPES,
    map::TYPES,
    memoryview::TYPES,
    namespace::TYPES,
    ordered_dict::TYPES,
    pickle_buffer::TYPES,
    range::TYPES,
    reversed::TYPES,
    set::TYPES,
    template::TYPES,
    typing::TYPES,
    union::TYPES,
    zip::TYPES,
];

/// All types of this crate.
pub const TYPES: &[&TypeDeclaration] = &concatenate_declarations::<{ count_declarations(FOLDERS) }>(FOLDERS);

/// Gives a new interpreter what the types of `objects` need of this crate.
pub fn install(thread: &mut Thread) {
    bytes::install(thread);
    complex::install(thread);
    memoryview::install(thread);
    set::install(thread);
    generic_alias::install(thread);
    union::install(thread);
    typing::install(thread);
    template::install(thread);
}
