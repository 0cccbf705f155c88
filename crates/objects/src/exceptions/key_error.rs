//! `KeyError`: prints the repr of a single argument.

use macros::{Instance, python_type};

use super::hierarchy::LookupError;
use crate::errors::PyResult;
use crate::protocol;
use crate::refs::Py;
use crate::str::Str;
use crate::thread::Thread;

/// Mapping key not found.
#[derive(Instance)]
#[repr(C)]
pub struct KeyError {
    base: LookupError,
}

/// Mapping key not found.
#[python_type(base = LookupError, flags(BASETYPE, BASE_EXC_SUBCLASS))]
impl KeyError {
    // A key alone says more as a literal: an empty string would otherwise print nothing at all.
    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let args = self.as_base().args_or_empty(thread);
        match args.items() {
            [key] => protocol::repr(key, thread),
            _ => self.as_base().message(thread),
        }
    }
}
