//! CPython's C API: the functions and data that extension modules link to, one file for each C header.
//!
//! The executable exports them, so an extension module that the dynamic loader brings in finds them. Types and singletons are exported where they
//! are declared, in `objects` and above; here are the functions. The binary names this crate and installs [`EXTENSION_LOADER`].
//!
//! Rules for every function: it is called by a thread that is attached; its arguments are what the C API's documentation says; a null or -1
//! result means that an exception is set.
#![allow(non_snake_case, reason = "the names are C's")]

mod loader;
mod moduleobject;
mod object;
mod pyerrors;
mod unicodeobject;

pub use loader::EXTENSION_LOADER;
