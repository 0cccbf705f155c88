//! `Arguments`: the parsed arguments of one call, as the emitted callers read them.

use super::{Method, ParameterKind};
use crate::dict::Dict;
use crate::refs::{Object, Py, cast};

/// The arguments of a call, one word for each parameter that has a slot. Objects are borrowed from the caller of the method.
pub struct Arguments<'a> {
    pub(super) method: &'static Method,
    pub(super) receiver: &'a Object,
    pub(super) values: &'a [Option<&'a Object>],
    pub(super) rest: &'a [&'a Object],
    pub(super) keywords: Option<&'a Dict>,
}

impl<'a> Arguments<'a> {
    /// What the method is called on.
    ///
    /// # Safety
    /// The receiver is a struct `T`: the entry has checked it against the method's owner.
    #[inline(always)]
    pub unsafe fn receiver_as<T>(&self) -> &'a T {
        // SAFETY: passed on to the caller.
        unsafe { cast(self.receiver) }
    }

    /// The argument in slot `index`; None if it was left out.
    #[inline(always)]
    pub fn value(&self, index: usize) -> Option<&'a Object> {
        self.values[index]
    }

    /// The argument in slot `index` of a parameter without default.
    #[inline(always)]
    pub fn required(&self, index: usize) -> &'a Object {
        self.values[index].expect("parsing fails when a required argument is left out")
    }

    /// `*args`.
    pub fn rest(&self) -> &'a [&'a Object] {
        self.rest
    }

    /// `**kwargs`: a fresh dict, or None if there are none.
    pub fn keywords(&self) -> Option<Py<Dict>> {
        self.keywords.map(Py::from_ref)
    }

    /// Where slot `index` stands, for messages.
    #[inline(always)]
    pub fn position(&self, index: usize) -> Position {
        Position { method: self.method, index }
    }
}

/// A parameter of a method, for messages about its argument.
#[derive(Clone, Copy)]
pub struct Position {
    method: &'static Method,
    index: usize,
}

impl Position {
    /// The method's name.
    pub fn method(&self) -> &'static str {
        self.method.name
    }

    /// The parameter's name.
    pub fn parameter(&self) -> &'static str {
        let mut slots = self
            .method
            .parameters
            .iter()
            .filter(|it| !matches!(it.kind, ParameterKind::VariablePositional | ParameterKind::VariableKeyword));
        slots.nth(self.index).map_or("", |it| it.name)
    }

    /// How CPython's messages call the argument: `argument 2`, `argument 'name'`; `argument` if it is the only one.
    pub fn describe(&self) -> String {
        let mut slots = self
            .method
            .parameters
            .iter()
            .filter(|it| !matches!(it.kind, ParameterKind::VariablePositional | ParameterKind::VariableKeyword));
        match slots.nth(self.index) {
            Some(it) if it.kind != ParameterKind::PositionalOnly => format!("argument '{}'", it.name),
            _ if self.method.summary.slots == 1 && self.method.summary.positional_only == 1 && self.is_single() => {
                "argument".to_owned()
            }
            _ => format!("argument {}", self.index + 1),
        }
    }

    fn is_single(&self) -> bool {
        self.method.parameters.len() == 1 && self.method.parameters[0].required
    }
}
