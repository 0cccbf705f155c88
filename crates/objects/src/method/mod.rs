//! Methods written in Rust: their static descriptions, how arguments are parsed by them, and how C's calling conventions enter them.
//!
//! `#[python_type]` and `#[python_module]` emit one [`Method`] for each method; `entry` has the few functions that all of them share.

mod arguments;
mod convert;
pub mod entry;
mod parse;

use std::ffi::{CStr, c_int};

pub use arguments::{Arguments, Position};
pub use convert::{FromArgument, IntoObject, IntoResult, OrNone, raise_bad_argument};
pub use layout::{METH_CLASS, METH_FASTCALL, METH_KEYWORDS, METH_METHOD, METH_NOARGS, METH_O, METH_STATIC};
use layout::{PyCFunction, PyMethodDef, PyMethodPointer};

use crate::errors::PyResult;
use crate::refs::{Object, Py};
use crate::thread::Thread;

/// In `ml_flags`: the definition is the head of a [`Method`] (C code does not use this bit).
const METH_IS_OURS: c_int = 1 << 24;
/// In `ml_flags` of ours: names of arguments need not be strings, since CPython's function is called with a dict.
pub const TAKES_ANY_NAMES: c_int = 1 << 25;

/// The typed call behind a method: receives converted argument words.
pub type Caller = for<'a> unsafe fn(&Arguments<'a>, &mut Thread) -> PyResult<Py<Object>>;

/// The static description of a method or function: CPython's `PyMethodDef` first, then the parameters and the call.
#[repr(C)]
pub struct Method {
    definition: PyMethodDef,
    pub name: &'static str,
    pub parameters: &'static [Parameter],
    pub(crate) call: Caller,
    pub(crate) summary: Summary,
}

/// What parsing needs to know of a parameter list, counted once at compile time.
#[derive(Clone, Copy)]
pub struct Summary {
    /// Parameters that get a slot: all but `*args` and `**kwargs`.
    pub slots: usize,
    pub positional_only: usize,
    /// Positional-only and positional-or-keyword.
    pub positional: usize,
    pub required_positional: usize,
    /// Keyword-only parameters without default.
    pub required_keywords: usize,
    pub has_rest: bool,
    pub has_keywords: bool,
}

/// One parameter of a method.
pub struct Parameter {
    pub name: &'static str,
    pub kind: ParameterKind,
    pub required: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    PositionalOnly,
    PositionalOrKeyword,
    VariablePositional,
    KeywordOnly,
    VariableKeyword,
}

impl Parameter {
    pub const fn new(name: &'static str, kind: ParameterKind, required: bool) -> Self {
        Self { name, kind, required }
    }
}

impl Method {
    /// A method that C code can call through `thunk`, by the convention in `flags`.
    pub const fn new(
        name: &'static CStr,
        thunk: unsafe extern "C" fn(),
        flags: c_int,
        doc: Option<&'static CStr>,
        parameters: &'static [Parameter],
        call: Caller,
    ) -> Self {
        Self {
            definition: PyMethodDef {
                ml_name: name.as_ptr(),
                ml_meth: PyMethodPointer {
                    // SAFETY: one function pointer for another; `flags` says by which signature it is called.
                    PyCFunction: unsafe { std::mem::transmute::<unsafe extern "C" fn(), PyCFunction>(thunk) },
                },
                ml_flags: flags | METH_IS_OURS,
                ml_doc: crate::types::doc_pointer(doc),
            },
            name: text_of(name),
            parameters,
            call,
            summary: Summary::of(parameters),
        }
    }

    /// The description of `__new__` or `__init__`, named after its type in messages.
    pub const fn constructor(name: &'static CStr, parameters: &'static [Parameter], call: Caller) -> Self {
        Self {
            definition: PyMethodDef {
                ml_name: name.as_ptr(),
                ml_meth: PyMethodPointer { null: 0 },
                ml_flags: METH_IS_OURS,
                ml_doc: std::ptr::null(),
            },
            name: text_of(name),
            parameters,
            call,
            summary: Summary::of(parameters),
        }
    }

    pub const fn definition(&'static self) -> *mut PyMethodDef {
        std::ptr::from_ref(&self.definition).cast_mut()
    }

    /// `METH_*` bits as C knows them.
    pub fn flags(&self) -> c_int {
        self.definition.ml_flags & !(METH_IS_OURS | TAKES_ANY_NAMES)
    }

    /// Whether arguments by name are refused as such. CPython parses those of a method that is told its class as if it had named parameters.
    pub fn refuses_names(&self) -> bool {
        self.definition.ml_flags & METH_METHOD == 0 && self.summary.slots == self.summary.positional_only
    }

    /// Whether there is a `**kwargs` whose names need not be strings.
    pub(crate) fn takes_any_names(&self) -> bool {
        self.definition.ml_flags & TAKES_ANY_NAMES != 0 && self.summary.has_keywords
    }

    /// The description behind a definition, if it is one of ours.
    ///
    /// # Safety
    /// The pointer is to a definition that lives for ever.
    pub unsafe fn of(definition: *mut PyMethodDef) -> Option<&'static Method> {
        // SAFETY: the caller vouches for the pointer; the flag is set only in definitions that head a `Method`.
        unsafe { ((*definition).ml_flags & METH_IS_OURS != 0).then(|| &*definition.cast::<Method>()) }
    }
}

impl Summary {
    const fn of(parameters: &[Parameter]) -> Self {
        let mut summary = Self {
            slots: 0,
            positional_only: 0,
            positional: 0,
            required_positional: 0,
            required_keywords: 0,
            has_rest: false,
            has_keywords: false,
        };
        let mut index = 0;
        while index < parameters.len() {
            let parameter = &parameters[index];
            match parameter.kind {
                ParameterKind::VariablePositional => summary.has_rest = true,
                ParameterKind::VariableKeyword => summary.has_keywords = true,
                ParameterKind::KeywordOnly => {
                    summary.slots += 1;
                    if parameter.required {
                        summary.required_keywords += 1;
                    }
                }
                ParameterKind::PositionalOnly | ParameterKind::PositionalOrKeyword => {
                    summary.slots += 1;
                    summary.positional += 1;
                    if matches!(parameter.kind, ParameterKind::PositionalOnly) {
                        summary.positional_only += 1;
                    }
                    if parameter.required {
                        summary.required_positional += 1;
                    }
                }
            }
            index += 1;
        }
        assert!(summary.slots <= MAXIMUM_SLOTS, "raise MAXIMUM_SLOTS");
        summary
    }
}

/// Parameters that a method may have, besides `*args` and `**kwargs`.
pub const MAXIMUM_SLOTS: usize = 24;

/// The text of a C string of the source, which is UTF-8.
const fn text_of(name: &'static CStr) -> &'static str {
    match std::str::from_utf8(name.to_bytes()) {
        Ok(text) => text,
        Err(_) => panic!("names in the source are UTF-8"),
    }
}
