//! CPython's C API: the functions and data that extension modules link to, one file for each C header.
//!
//! The executable exports them, so an extension module that the dynamic loader brings in finds them. Types and singletons are exported where they
//! are declared, in `objects` and above; here are the functions, and the data that is no object. The binary names this crate and installs
//! [`EXTENSION_LOADER`].
//!
//! Functions are declared in `export!` blocks (`entry`); those with `...` enter through `variadic`. What CPython exports and no file here
//! defines gets an entry that raises SystemError (`missing`): the sources are the one table of what is provided.
//!
//! Rules for every function: it is called by a thread that is attached; its arguments are what the C API's documentation says; a null or -1
//! result means that an exception is set.
#![allow(non_snake_case, non_upper_case_globals, reason = "the names are C's")]

mod entry;
mod missing;
mod variadic;

mod data;
mod loader;

mod object;
mod pymem;
mod typeobject;

mod abstract_number;
mod abstract_object;
mod abstract_sequence;
mod call;
mod code_counts;
mod crossinterp;

mod bytesobject;
mod dictobject;
mod floatobject;
mod listobject;
mod longobject;
mod structseq;
mod unicode_codecs;
mod unicodectype;
mod unicodeobject;

mod capsule;
mod datetime;
mod memoryobject;
mod watchers;
mod weakrefobject;
mod writer;

mod build_value;
mod format;
mod getargs;
mod moduleobject;
mod monitoring;

mod command_line;
mod compile;
mod exceptions;
mod fileobject;
mod frame;
mod import;
mod initconfig;
mod interpreters;
mod lock;
mod pyerrors;
mod pystate;
mod pythonrun;
mod pythread;
mod std_printer;
mod stdio;
mod sysmodule;
mod tracemalloc;
mod warnings;

use objects::types::{Instance, TypeDeclaration};

pub use loader::EXTENSION_LOADER;

/// The types of this crate.
pub const TYPES: &[&TypeDeclaration] =
    &[capsule::Capsule::DECLARATION, std_printer::StandardPrinter::DECLARATION, compile::Sequence::DECLARATION];
